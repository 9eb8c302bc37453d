// Runs a program to its end without blocking the test's thread, and keeps what it wrote.
import { spawn } from 'node:child_process';

/** How a program is run. */
export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string | Uint8Array;
  /** false: a status other than 0 is an answer, not an error. */
  readonly check?: boolean;
  /** Ends the program (SIGKILL) after this time. Default two minutes. */
  readonly timeoutMs?: number;
  /** Gets what the program writes to stdout, as it comes. */
  readonly onOutput?: (data: Buffer) => void;
  /** Ends the program (SIGKILL); the run rejects. */
  readonly signal?: AbortSignal;
}

/** What a program said. */
export interface RunResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** @throws Error with the end of stderr when the status is not 0 (unless `check` is false) or the program can't start. */
export async function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    timeout: options.timeoutMs ?? 120_000,
    killSignal: 'SIGKILL',
    signal: options.signal,
  });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (data: Buffer) => {
    out.push(data);
    options.onOutput?.(data);
  });
  child.stderr.on('data', (data: Buffer) => err.push(data));
  // A program that ends before it read its input is judged by its status.
  child.stdin.on('error', () => {});
  child.stdin.end(options.input);
  const status = await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      resolve(code ?? (signal === 'SIGKILL' ? 137 : 143));
    });
  });
  const result = { status, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() };
  if (status !== 0 && options.check !== false) {
    const said = (result.stderr.trim() || result.stdout.trim()).slice(-2000);
    throw new Error(`${[program, ...args].join(' ')}: status ${status}: ${said}`);
  }
  return result;
}
