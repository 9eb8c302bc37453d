// Docker credential helpers: programs `docker-credential-NAME` that get a registry on stdin and answer with JSON.
// Their output is a secret: it goes into no error and no log.
// https://github.com/docker/docker-credential-helpers
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { UserError } from '../errors.ts';
import type { Credential } from './credentials.ts';

/** Helpers of clouds call home before they answer. */
const TIMEOUT_MS = 30_000;
const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/;
/** The user name that says "the secret is an identity token". */
const TOKEN_USER = '<token>';
/** How helpers say that they have nothing for a registry; it is part of their protocol. */
const NOT_FOUND = 'credentials not found in native keychain';

/**
 * Runs `docker-credential-NAME get`. Undefined when the helper has nothing for the registry.
 * @throws UserError when there is no such helper, or it fails.
 */
export async function runCredentialHelper(
  name: string,
  registry: string,
  signal?: AbortSignal,
): Promise<Credential | undefined> {
  if (!NAME.test(name)) throw new UserError('the name of a credential helper is not valid');
  const program = `docker-credential-${name}`;
  const { status, output } = await run(program, registry, signal);
  if (status !== 0) {
    if (output.trim() === NOT_FOUND) return undefined;
    throw new UserError(`${program} failed for ${registry} (${status})`, `Try: echo ${registry} | ${program} get`);
  }
  try {
    const { Username, Secret } = JSON.parse(output) as { Username?: unknown; Secret?: unknown };
    if (typeof Username !== 'string' || typeof Secret !== 'string') throw new TypeError();
    if (Secret === '') return undefined;
    if (Username === TOKEN_USER) return { kind: 'identity-token', identityToken: Secret };
    return { kind: 'password', username: Username, password: Secret };
  } catch {
    throw new UserError(`${program} gave no credential for ${registry}`);
  }
}

async function run(
  program: string,
  input: string,
  signal?: AbortSignal,
): Promise<{ status: number | string; output: string }> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const child = spawn(program, ['get'], {
    stdio: ['pipe', 'pipe', 'ignore'],
    signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
  });
  const ended = new Promise<number | string>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status, killedBy) => resolve(status ?? killedBy ?? 'killed'));
  });
  // A helper may exit without reading its input.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  try {
    const [output, status] = await Promise.all([text(child.stdout), ended]);
    return { status, output };
  } catch (error) {
    signal?.throwIfAborted();
    const { code } = error as NodeJS.ErrnoException;
    if (timeout.aborted) throw new UserError(`${program} did not answer within ${TIMEOUT_MS / 1000} s`);
    throw new UserError(`can't run ${program}: ${code ?? 'failed'}`, `Put ${program} into the PATH of the daemon.`);
  }
}
