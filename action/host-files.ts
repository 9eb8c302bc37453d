// The files of `Host`: with Node where this process is root, by one sudo each where it is not.
import { access, chmod, chown, mkdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { LazypullError } from '../src/errors.ts';
import type { Host, RunResult } from './host.ts';

type Files = Pick<Host, 'read' | 'write' | 'copy' | 'remove' | 'exists'>;

/** For root. */
export function ownFiles(tryRun: Host['try']): Files {
  return {
    read: readOwn,
    write: writeOwn,
    copy: async (from, to) => requireOk(`copy ${from}`, await tryRun(['cp', '-a', '--', from, to])),
    remove: (path) => rm(path, { recursive: true, force: true }),
    exists: (path) =>
      access(path).then(
        () => true,
        () => false,
      ),
  };
}

async function readOwn(path: string): Promise<string | undefined> {
  return await readFile(path, 'utf8').catch(orMissing);
}

async function writeOwn(path: string, text: string, mode = 0o644): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o755 });
  const target = (await realpath(path).catch(orMissing)) ?? path;
  const before = await stat(target).catch(orMissing);
  const temporary = `${target}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, text, { mode: 0o600 });
    if (before !== undefined) await chown(temporary, before.uid, before.gid);
    await chmod(temporary, before === undefined ? mode : before.mode & 0o7777);
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

// A script with its arguments apart, so that no path is ever parsed. Nobody can read the text before it has its mode.
const WRITE = `set -e
umask 022
mkdir -p -- "$(dirname -- "$1")"
target=$(readlink -f -- "$1")
new=$target.$$.tmp
trap 'rm -f -- "$new"' EXIT
umask 077
cat > "$new"
if [ -e "$target" ]; then chown --reference="$target" -- "$new"; chmod --reference="$target" -- "$new"; else chmod "$2" -- "$new"; fi
mv -f -- "$new" "$target"`;

// 44 says that there is no such file: cat has no status of its own for that.
const READ = `if [ -e "$1" ]; then exec cat -- "$1"; fi; exit 44`;
const MISSING = 44;

/** For a user with sudo. */
export function sudoFiles(tryRun: Host['try']): Files {
  const root = true;
  return {
    read: async (path) => {
      try {
        return await readOwn(path);
      } catch {
        // Not for this user to read.
      }
      const result = await tryRun(['sh', '-c', READ, 'sh', path], { root });
      if (result.status === MISSING) return undefined;
      requireOk(`read ${path}`, result);
      return result.stdout;
    },
    write: async (path, text, mode = 0o644) => {
      const command = ['sh', '-c', WRITE, 'sh', path, mode.toString(8)];
      requireOk(`write ${path}`, await tryRun(command, { root, input: text }));
    },
    copy: async (from, to) => requireOk(`copy ${from}`, await tryRun(['cp', '-a', '--', from, to], { root })),
    remove: async (path) => requireOk(`remove ${path}`, await tryRun(['rm', '-rf', '--', path], { root })),
    exists: async (path) => {
      const code = await access(path).then(
        () => undefined,
        (error: NodeJS.ErrnoException) => error.code,
      );
      if (code !== 'EACCES') return code === undefined;
      return (await tryRun(['test', '-e', path], { root })).status === 0;
    },
  };
}

/** The last lines of what a command said, on one line. */
export function endOf(text: string): string {
  return text.trim().split('\n').slice(-3).join('; ').slice(-600);
}

function requireOk(what: string, { status, stderr }: RunResult): void {
  if (status !== 0) throw new LazypullError('SYSTEM', `${what}: status ${status}: ${endOf(stderr)}`);
}

/** ESRCH: files of a process that ended while they were read. */
function orMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR' || error.code === 'ESRCH') return undefined;
  throw error;
}
