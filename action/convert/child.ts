// The command in a process of its own for each image: memory goes back to the system with it, and optimize gets its root
// by sudo without the rest of the step. What it says comes line by line; its result is one JSON document.
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { LazypullError } from '../../src/errors.ts';
import type { RootWay } from '../host.ts';

const MAX_RESULT_BYTES = 64 << 20;
const LAST_LINES = 8;

/** What root needs of the runner's user: where credentials are, how the network is reached. */
const HANDED_OVER = [
  'HOME',
  'TMPDIR',
  'DOCKER_CONFIG',
  'NODE_EXTRA_CA_CERTS',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
];

/** The command line as root, or as it is where that is not needed. */
export function asRoot(command: readonly string[], way: RootWay, env: NodeJS.ProcessEnv): readonly string[] {
  if (way !== 'sudo') return command;
  const names = HANDED_OVER.filter((name) => env[name] !== undefined);
  return ['sudo', '-n', `--preserve-env=${names.join(',')}`, '--', ...command];
}

/** The environment of the command: with sudo, a home of root's does not say where docker's credentials are. */
export function childEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { DOCKER_CONFIG, HOME } = env;
  return DOCKER_CONFIG === undefined && HOME !== undefined ? { ...env, DOCKER_CONFIG: join(HOME, '.docker') } : env;
}

/**
 * Runs it. `onLine` gets its standard error.
 * @returns its standard output.
 * @throws LazypullError with its last lines when it fails; what `signal` was aborted with, once it has ended.
 */
export async function runChild(
  command: readonly string[],
  onLine: (line: string) => void,
  signal: AbortSignal,
): Promise<string> {
  signal.throwIfAborted();
  const [program = '', ...args] = command;
  const child = spawn(program, args, { env: childEnvironment(process.env), stdio: ['ignore', 'pipe', 'pipe'] });
  const interrupt = (): void => end(child, program);
  signal.addEventListener('abort', interrupt, { once: true });
  const last: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    last.push(line);
    if (last.length > LAST_LINES) last.shift();
    onLine(line);
  });
  try {
    const [output, status] = await Promise.all([read(child.stdout), ended(child)]);
    signal.throwIfAborted();
    if (status === 0) return output;
    throw new LazypullError('FAILED_PRECONDITION', failureText(last, status));
  } finally {
    signal.removeEventListener('abort', interrupt);
  }
}

/** What the command says last is why it failed; it begins with its name, and what to do comes in the lines after it. */
export function failureText(lines: readonly string[], status: number | string): string {
  const at = lines.findLastIndex((line) => line.startsWith('lazypull: '));
  const said = lines
    .slice(at < 0 ? 0 : at)
    .join('\n')
    .replace(/^lazypull: /, '');
  return said === '' ? `it ended with ${status} and said nothing` : said;
}

/** sudo belongs to root and hands the signal on. */
function end(child: ChildProcess, program: string): void {
  if (program !== 'sudo') child.kill('SIGINT');
  else spawn('sudo', ['-n', 'kill', '-INT', String(child.pid)], { stdio: 'ignore' }).on('error', () => {});
}

/** Its exit status, or the name of the signal that ended it. */
function ended(child: ChildProcess): Promise<number | string> {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, name) => resolve(code ?? name ?? -1));
  });
}

async function read(stream: NodeJS.ReadableStream): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of stream as AsyncIterable<Buffer>) {
    length += part.length;
    if (length <= MAX_RESULT_BYTES) parts.push(part);
  }
  if (length > MAX_RESULT_BYTES) throw new LazypullError('FORMAT', `a result of ${length} bytes`);
  return Buffer.concat(parts).toString('utf8');
}
