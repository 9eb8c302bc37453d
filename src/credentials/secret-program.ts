// Programs that answer with a secret on stdout: credential providers, and the plugins of a kubeconfig. What they print goes
// into no error and no log; what they complain about on stderr is theirs to keep secrets out of, and is cut.
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { UserError } from '../errors.ts';

export interface SecretProgram {
  readonly command: string;
  readonly args: readonly string[];
  /** Added to our own. */
  readonly env: Readonly<Record<string, string>>;
  readonly input: string;
  readonly timeoutMs: number;
}

const MAX_COMPLAINT = 300;

/** @returns what it printed. @throws UserError when it can't be run, fails, or takes too long. */
export async function runSecretProgram(program: SecretProgram, signal?: AbortSignal): Promise<string> {
  const { command, args, env, input, timeoutMs } = program;
  const timeout = AbortSignal.timeout(timeoutMs);
  const child = spawn(command, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
    signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    killSignal: 'SIGKILL',
  });
  const ended = new Promise<number | string>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status, killedBy) => resolve(status ?? killedBy ?? 'killed'));
  });
  // A program may exit without reading its input.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  try {
    const [output, complaint, status] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    if (status === 0) return output;
    throw new UserError(`${command} failed (${status})${complaintOf(complaint)}`);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof UserError) throw error;
    if (timeout.aborted) throw new UserError(`${command} did not answer within ${timeoutMs / 1000} s`);
    throw new UserError(`can't run ${command}: ${(error as NodeJS.ErrnoException).code ?? 'failed'}`);
  }
}

function complaintOf(stderr: string): string {
  const line = stderr.trim().split('\n').at(-1) ?? '';
  return line === '' ? '' : `: ${line.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, MAX_COMPLAINT)}`;
}
