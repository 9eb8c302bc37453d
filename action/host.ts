// What the action does to the machine, in one place: commands and files, as the runner's user or as root. Root is this
// process itself or passwordless sudo; nothing else is ever tried, and nothing asks for a password.
import { spawn } from 'node:child_process';
import { LazypullError } from '../src/errors.ts';
import { endOf, ownFiles, sudoFiles } from './host-files.ts';

/** How this process gets root: it is root, `sudo -n` works, or not at all. */
export type RootWay = 'root' | 'sudo' | 'none';

export interface RunOptions {
  readonly root?: boolean;
  /** Standard input; nothing unless told. */
  readonly input?: string;
  /** On top of this process's environment. Under sudo it is handed over by name, so values are in no argument. */
  readonly env?: Readonly<Record<string, string>>;
  /** Ends the command; 60 s unless told. */
  readonly timeoutMs?: number;
}

export interface RunResult {
  /** -1 when a signal or the time limit ended it, 127 when there is no such program. */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Host {
  readonly rootWay: RootWay;
  /** Runs a command and never rejects for its status. */
  try(command: readonly string[], options?: RunOptions): Promise<RunResult>;
  /** Its standard output. @throws LazypullError with the command and the last lines of its standard error. */
  run(command: readonly string[], options?: RunOptions): Promise<string>;
  /** Text of a file that perhaps only root may read; undefined when there is none, also of a process that has gone. */
  read(path: string): Promise<string | undefined>;
  /** Writes a file as root, by rename; keeps owner and mode of one that is there, else `mode`. Follows links, makes its folder. */
  write(path: string, text: string, mode?: number): Promise<void>;
  /** Copies a file as root with all its attributes. */
  copy(from: string, to: string): Promise<void>;
  /** Removes a file, or a folder with all that is in it, as root. Not being there is no error. */
  remove(path: string): Promise<void>;
  exists(path: string): Promise<boolean>;
}

const MAX_OUTPUT = 4 * 1024 * 1024;
const DEFAULT_TIMEOUT_MS = 60_000;

/** The real machine. */
export function createHost(rootWay: RootWay): Host {
  const tryRun: Host['try'] = async (command, options = {}) => {
    if (options.root !== true || rootWay === 'root') return await execute(command, options);
    if (rootWay === 'none') throw new LazypullError('FAILED_PRECONDITION', `${command[0]}: needs root`);
    return await executeBySudo(command, options);
  };
  const run: Host['run'] = async (command, options = {}) => {
    const { status, stdout, stderr } = await tryRun(command, options);
    if (status === 0) return stdout;
    throw new LazypullError('SYSTEM', `${nameOf(command)}: status ${status}: ${endOf(stderr || stdout)}`);
  };
  const files = rootWay === 'root' ? ownFiles(tryRun) : sudoFiles(tryRun);
  return { rootWay, try: tryRun, run, ...files };
}

/** How this process gets root. */
export async function findRootWay(): Promise<RootWay> {
  if (process.getuid?.() === 0) return 'root';
  const { status } = await execute(['sudo', '-n', 'true'], { timeoutMs: 10_000 });
  return status === 0 ? 'sudo' : 'none';
}

/**
 * A user can't end what runs as root, so a program that is root itself keeps the time. PATH is root's: sudo takes no
 * other one, whatever it is told to keep.
 */
async function executeBySudo(command: readonly string[], options: RunOptions): Promise<RunResult> {
  const { timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const names = Object.keys(options.env ?? {});
  const keep = names.length > 0 ? [`--preserve-env=${names.join(',')}`] : [];
  const limit = ['timeout', '--kill-after=2', (timeoutMs / 1000).toFixed(3)];
  const started = performance.now();
  const sudo = ['sudo', '-n', ...keep, '--', ...limit, ...command];
  const result = await execute(sudo, { ...options, timeoutMs: timeoutMs + 5000 });
  const late = performance.now() - started >= timeoutMs && (result.status === 124 || result.status === 137);
  return late ? { ...result, status: -1, stderr: result.stderr + tooLate(timeoutMs) } : result;
}

function execute(command: readonly string[], options: RunOptions): Promise<RunResult> {
  const { input, env, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const [program = '', ...args] = command;
  const { promise, resolve } = Promise.withResolvers<RunResult>();
  // A group of its own: plugins of docker hold the pipes open when only docker is ended.
  const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: 'pipe', detached: true });
  const out = collect(child.stdout);
  const err = collect(child.stderr);
  const end = (status: number, extra = ''): void => {
    clearTimeout(timer);
    resolve({ status, stdout: out(), stderr: err() + extra });
  };
  const timer = setTimeout(() => {
    killGroup(child.pid);
    end(-1, tooLate(timeoutMs));
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
  }, timeoutMs);
  child.on('error', (error) => end(127, error.message));
  child.on('close', (code) => end(code ?? -1));
  // A program that ends before it read its input is judged by its status.
  child.stdin.on('error', () => {});
  child.stdin.end(input ?? '');
  return promise;
}

function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It is gone, or it is root's, and then `timeout` ends it.
  }
}

function collect(stream: NodeJS.ReadableStream): () => string {
  const parts: Buffer[] = [];
  let length = 0;
  stream.on('data', (part: Buffer) => {
    length += part.length;
    if (length <= MAX_OUTPUT) parts.push(part);
  });
  return () => Buffer.concat(parts).toString('utf8');
}

/** A command on one line: of a script its first one, which says what it does. */
export function nameOf(command: readonly string[]): string {
  return command.map((word) => word.split('\n', 1)[0]).join(' ');
}

function tooLate(timeoutMs: number): string {
  return `no end after ${timeoutMs / 1000} s`;
}
