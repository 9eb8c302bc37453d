// Who we are to an API server, right now: tokens are read from their files for every connection, and programs of a kubeconfig
// are run again when what they printed expires or is refused.
// https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
import { readFile } from 'node:fs/promises';
import { UserError } from '../../errors.ts';
import { fieldsOf, stringOf } from '../../registry/auth-entry.ts';
import { runSecretProgram } from '../secret-program.ts';
import type { ExecLogin, Login } from './kubeconfig.ts';

const TIMEOUT_MS = 60_000;
/** A token is renewed this long before its end. */
const EARLY_MS = 10_000;

/** What to send, and a client certificate where the login has one. */
export interface Identity {
  readonly authorization: string | undefined;
  readonly cert?: string;
  readonly key?: string;
}

interface ExecIdentity {
  readonly identity: Identity;
  readonly untilMs: number;
}

/** The answers of programs, by what was run. */
export class Logins {
  readonly #kept = new Map<string, ExecIdentity>();

  /** @throws UserError when a file can't be read or a program fails. */
  async identity(login: Login, signal: AbortSignal): Promise<Identity> {
    if (login.kind === 'exec') return await this.#exec(login, signal);
    if (login.kind === 'token') return { authorization: `Bearer ${login.token}` };
    if (login.kind === 'token-file') return { authorization: `Bearer ${(await readText(login.path)).trim()}` };
    if (login.kind === 'none') return { authorization: undefined };
    const text = `${login.username}:${login.password}`;
    return { authorization: `Basic ${Buffer.from(text).toString('base64')}` };
  }

  /** The API server did not believe us: programs are run again. */
  forget(): void {
    this.#kept.clear();
  }

  async #exec(login: ExecLogin, signal: AbortSignal): Promise<Identity> {
    const name = JSON.stringify(login);
    const kept = this.#kept.get(name);
    if (kept !== undefined && Date.now() < kept.untilMs) return kept.identity;
    const { apiVersion, command, args } = login;
    const info = { apiVersion, kind: 'ExecCredential', spec: { interactive: false } };
    const env = { ...login.env, KUBERNETES_EXEC_INFO: JSON.stringify(info) };
    const output = await runSecretProgram({ command, args, env, input: '', timeoutMs: TIMEOUT_MS }, signal);
    const answer = parseExecCredential(output, command);
    this.#kept.set(name, answer);
    return answer.identity;
  }
}

/** @throws UserError that does not quote the output. */
export function parseExecCredential(output: string, command: string): ExecIdentity {
  let status: ReturnType<typeof fieldsOf>;
  try {
    status = fieldsOf(fieldsOf(JSON.parse(output))['status']);
  } catch {
    throw new UserError(`${command} printed no JSON`);
  }
  const token = stringOf(status['token']);
  const [cert, key] = [stringOf(status['clientCertificateData']), stringOf(status['clientKeyData'])];
  if (token === undefined && (cert === undefined || key === undefined))
    throw new UserError(`${command} printed an ExecCredential without token and without certificate`);
  const end = Date.parse(stringOf(status['expirationTimestamp']) ?? '');
  return {
    identity: {
      authorization: token === undefined ? undefined : `Bearer ${token}`,
      ...(cert === undefined || key === undefined ? {} : { cert, key }),
    },
    untilMs: Number.isNaN(end) ? Infinity : end - EARLY_MS,
  };
}

/** @throws UserError */
export async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new UserError(`can't read ${path}: ${(error as NodeJS.ErrnoException).code ?? 'failed'}`);
  }
}
