// What is mounted, as the kernel tells it in /proc/self/mountinfo (proc_pid_mountinfo(5)).
import { readFileSync } from 'node:fs';
import { FormatError } from '../errors.ts';

/** One line of mountinfo. Paths are as this process sees them, escapes resolved. */
export interface MountEntry {
  readonly mountId: number;
  readonly parentId: number;
  /** `major:minor` of the mounted filesystem, as below /sys/class/bdi. */
  readonly device: string;
  /** What of the filesystem is mounted; `/` unless it is a bind mount. */
  readonly root: string;
  readonly mountpoint: string;
  readonly mountOptions: readonly string[];
  readonly type: string;
  readonly source: string;
  readonly superOptions: readonly string[];
}

/** @throws FormatError when a line does not have the fields that proc(5) promises. */
export function parseMountinfo(text: string): MountEntry[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map(parseLine);
}

/** Everything that is mounted in this mount namespace, in the kernel's order: later mounts cover earlier ones. */
export function readMountinfo(): MountEntry[] {
  return parseMountinfo(readFileSync('/proc/self/mountinfo', 'utf8'));
}

/** Whether process `pid` has a mount at exactly `mountpoint`; false when that can't be known. */
export function processSees(pid: number, mountpoint: string): boolean {
  try {
    return findMount(mountpoint, parseMountinfo(readFileSync(`/proc/${pid}/mountinfo`, 'utf8'))) !== undefined;
  } catch {
    return false; // it has ended, or is in a pid namespace that is not ours
  }
}

/** The topmost mount at exactly `mountpoint`, an absolute path without symlinks. */
export function findMount(
  mountpoint: string,
  entries: readonly MountEntry[] = readMountinfo(),
): MountEntry | undefined {
  return entries.findLast((entry) => entry.mountpoint === mountpoint);
}

/** Mounts at `folder` or below it, deepest and latest first: the order in which they can be unmounted. */
export function mountsBelow(folder: string, entries: readonly MountEntry[] = readMountinfo()): MountEntry[] {
  return entries
    .filter((entry) => entry.mountpoint === folder || entry.mountpoint.startsWith(`${folder}/`))
    .toReversed();
}

function parseLine(line: string): MountEntry {
  const fields = line.split(' ');
  // Optional fields of any number stand between the sixth field and a single dash.
  const dash = fields.indexOf('-', 6);
  if (dash < 0 || fields.length < dash + 4) throw new FormatError(`not a mountinfo line: ${JSON.stringify(line)}`);
  const field = (index: number): string => unescapeOctal(fields[index] ?? '');
  return {
    mountId: Number(field(0)),
    parentId: Number(field(1)),
    device: field(2),
    root: field(3),
    mountpoint: field(4),
    mountOptions: field(5).split(','),
    type: field(dash + 1),
    source: field(dash + 2),
    superOptions: field(dash + 3).split(','),
  };
}

/** Space, tab, newline and backslash come as \040, \011, \012 and \134. Other bytes, UTF-8 among them, come as they are. */
function unescapeOctal(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}
