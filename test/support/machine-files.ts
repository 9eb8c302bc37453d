// Files of a test machine, written and taken away from outside through /proc/PID/root before it boots. A symbolic link
// with an absolute target would lead out of the machine there, so links are followed by hand.
import { chmodSync, chownSync, lstatSync, mkdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A file that is there before the machine boots. Root's, with mode 0644, unless told. */
export type MachineFile =
  | string
  | { readonly content: string | Uint8Array; readonly mode?: number; readonly uid?: number; readonly gid?: number };

const MAX_LINKS = 40;

/** The path below `root` that a path of the machine leads to, with all links followed as the machine does. Need not exist. */
export function insideRoot(root: string, path: string): string {
  const left = path.split('/').filter(Boolean);
  let found = '/';
  for (let links = 0; left.length > 0;) {
    const name = left.shift() ?? '';
    if (name === '.') continue;
    // `join` takes .. away, and none goes above the root.
    const next = join(found, name);
    const target = linkTarget(join(root, next));
    if (target === undefined) {
      found = next;
      continue;
    }
    if (++links > MAX_LINKS) throw new Error(`${path}: too many levels of symbolic links`);
    if (target.startsWith('/')) found = '/';
    left.unshift(...target.split('/').filter(Boolean));
  }
  return join(root, found);
}

function linkTarget(path: string): string | undefined {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true ? readlinkSync(path) : undefined;
}

/** Writes files by their path in the machine, with the folders that they need. */
export function writeFiles(root: string, files: Readonly<Record<string, MachineFile>>): void {
  for (const [path, file] of Object.entries(files)) {
    const { content, mode = 0o644, uid = 0, gid = 0 } = typeof file === 'string' ? { content: file } : file;
    const target = insideRoot(root, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, content);
    chownSync(target, uid, gid);
    chmodSync(target, mode);
  }
}

/** Takes a package's files away, as dpkg lists them, so that its programs and units are not there. */
export function removePackage(root: string, name: string): void {
  const list = readFileSync(insideRoot(root, `/var/lib/dpkg/info/${name}.list`), 'utf8');
  for (const path of list.split('\n').filter((line) => line.length > 2)) {
    const target = join(insideRoot(root, dirname(path)), path.slice(path.lastIndexOf('/') + 1));
    if (lstatSync(target, { throwIfNoEntry: false })?.isDirectory() === false) rmSync(target);
  }
}

/** What `systemctl disable` does, while systemd is not there yet. */
export function disableUnits(root: string, units: readonly string[]): void {
  for (const unit of units) {
    const folder = unit.endsWith('.socket') ? 'sockets.target.wants' : 'multi-user.target.wants';
    rmSync(join(insideRoot(root, join('/etc/systemd/system', folder)), unit));
  }
}
