// What the action does to the machine, in one place: commands and files, as the runner's user or as root. Root is this
// process itself or passwordless sudo; nothing else is ever tried, and nothing asks for a password.
import { spawn } from 'node:child_process';
import { access, chmod, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { LazypullError } from '../src/errors.ts';

/** How this process gets root: it is root, `sudo -n` works, or not at all. */
export type RootWay = 'root' | 'sudo' | 'none';

export interface RunOptions {
  readonly root?: boolean;
  /** Standard input; nothing unless told. */
  readonly input?: string;
  /** On top of this process's environment. Never for secrets under sudo: it is handed over by name. */
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
  /** Text of a file that perhaps only root may read; undefined when there is none. */
  read(path: string): Promise<string | undefined>;
  /** Writes a file as root, by rename; keeps owner and mode of one that is there, else `mode`. Makes its folder. */
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
  const asRoot = (command: readonly string[], options: RunOptions): readonly string[] => {
    if (options.root !== true || rootWay === 'root') return command;
    if (rootWay === 'none') throw new LazypullError('FAILED_PRECONDITION', `${command[0]}: needs root`);
    const names = Object.keys(options.env ?? {});
    return ['sudo', '-n', ...(names.length > 0 ? [`--preserve-env=${names.join(',')}`] : []), '--', ...command];
  };
  const tryRun: Host['try'] = (command, options = {}) => execute(asRoot(command, options), options);
  const run: Host['run'] = async (command, options = {}) => {
    const { status, stdout, stderr } = await tryRun(command, options);
    if (status === 0) return stdout;
    throw new LazypullError('SYSTEM', `${command.join(' ')}: status ${status}: ${lastLines(stderr || stdout)}`);
  };
  const files = rootWay === 'root' ? ownFiles() : sudoFiles(tryRun, run);
  return { rootWay, try: tryRun, run, ...files };
}

/** How this process gets root. */
export async function findRootWay(): Promise<RootWay> {
  if (process.getuid?.() === 0) return 'root';
  const { status } = await execute(['sudo', '-n', 'true'], { timeoutMs: 10_000 });
  return status === 0 ? 'sudo' : 'none';
}

type Files = Pick<Host, 'read' | 'write' | 'copy' | 'remove' | 'exists'>;

function ownFiles(): Files {
  return {
    read: (path) => readFile(path, 'utf8').catch(orMissing),
    write: async (path, text, mode = 0o644) => {
      await mkdir(folderOf(path), { recursive: true });
      const before = await stat(path).catch(orMissing);
      const temporary = `${path}.${process.pid}.tmp`;
      await writeFile(temporary, text, { mode });
      await chmod(temporary, before === undefined ? mode : before.mode & 0o7777);
      await rename(temporary, path);
    },
    copy: async (from, to) => void (await execute(['cp', '-a', '--', from, to], {}).then(requireOk(`copy ${from}`))),
    remove: (path) => rm(path, { recursive: true, force: true }),
    exists: (path) =>
      access(path).then(
        () => true,
        () => false,
      ),
  };
}

// One sudo for each: a shell script with its arguments apart, so that no path is ever parsed.
const WRITE = `set -e
mkdir -p -- "$(dirname -- "$1")"
cat > "$1.$$.tmp"
if [ -e "$1" ]; then chmod --reference="$1" -- "$1.$$.tmp"; chown --reference="$1" -- "$1.$$.tmp"; else chmod "$2" -- "$1.$$.tmp"; fi
mv -f -- "$1.$$.tmp" "$1"`;

function sudoFiles(tryRun: Host['try'], run: Host['run']): Files {
  const root = true;
  const exists: Host['exists'] = async (path) => (await tryRun(['test', '-e', path], { root })).status === 0;
  return {
    exists,
    read: async (path) => ((await exists(path)) ? run(['cat', '--', path], { root }) : undefined),
    write: async (path, text, mode = 0o644) =>
      void (await run(['sh', '-c', WRITE, 'sh', path, mode.toString(8)], { root, input: text })),
    copy: async (from, to) => void (await run(['cp', '-a', '--', from, to], { root })),
    remove: async (path) => void (await run(['rm', '-rf', '--', path], { root })),
  };
}

function execute(command: readonly string[], options: RunOptions): Promise<RunResult> {
  const { input, env, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const [program = '', ...args] = command;
  return new Promise((resolve) => {
    const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
    const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
    const out = collect(child.stdout);
    const err = collect(child.stderr);
    const end = (status: number, extra = ''): void => {
      clearTimeout(timer);
      resolve({ status, stdout: out(), stderr: err() + extra });
    };
    child.on('error', (error) => end(127, error.message));
    child.on('close', (code) => end(code ?? -1));
    child.stdin.on('error', () => {});
    child.stdin.end(input ?? '');
  });
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

function requireOk(what: string): (result: RunResult) => RunResult {
  return (result) => {
    if (result.status !== 0) throw new LazypullError('SYSTEM', `${what}: ${lastLines(result.stderr)}`);
    return result;
  };
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-3).join('; ').slice(-600);
}

function orMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT') return undefined;
  throw error;
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}
