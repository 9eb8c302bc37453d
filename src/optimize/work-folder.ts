// Where a command keeps its temporary files. The folder says whose it is, so that the next command can remove what a
// killed one left: its files, and the cgroup of its container.
import { randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { lstat, mkdir, readdir, readFile, realpath, rm, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeError, UserError } from '../errors.ts';

const PREFIX = 'lazypull-work-';
/** lazypull-work-PID-STARTTIME-RANDOM */
const NAME = /^lazypull-work-(\d{1,10})-(\d{1,20})-[0-9a-f]{12}$/;
const OWNER = 'owner';
const CGROUPS = '/sys/fs/cgroup';

/** A folder of this process. Disposing it removes the folder with everything in it. */
export class WorkFolder implements AsyncDisposable {
  /** Absolute, without symlinks. */
  readonly path: string;
  /** Unique on this machine; also the name for containers and their cgroups. */
  readonly name: string;

  private constructor(path: string, name: string) {
    this.path = path;
    this.name = name;
  }

  /** Makes a folder in `parent`, after removing those of processes that are gone. @throws UserError where that can't be. */
  static async open(parent: string): Promise<WorkFolder> {
    try {
      const real = await realpath(parent);
      await removeStale(real);
      const name = `${PREFIX}${process.pid}-${startTime(process.pid) ?? 0}-${randomBytes(6).toString('hex')}`;
      const path = join(real, name);
      await mkdir(path, { mode: 0o700 });
      await writeFile(join(path, OWNER), owner());
      return new WorkFolder(path, name);
    } catch (cause) {
      const message = `can't make temporary files in ${parent}: ${describeError(cause)}`;
      throw new UserError(message, 'Set TMPDIR to a folder with room for a decompressed image.', { cause });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await removeCgroups(this.name);
    await rm(this.path, { recursive: true, force: true });
  }
}

/** Failures are no matter of the command that runs now. */
async function removeStale(parent: string): Promise<void> {
  for (const name of await readdir(parent).catch(() => [])) {
    const [, pid, started] = NAME.exec(name) ?? [];
    if (pid === undefined || started === undefined) continue;
    const path = join(parent, name);
    try {
      // Everybody may write to the folder for temporary files. What removes a folder by its names can be led astray
      // by who changes it meanwhile, and who opens a file there can be made to wait.
      const found = await lstat(path);
      if (!found.isDirectory() || found.uid !== process.getuid?.()) continue;
      // A process id means nothing in another PID namespace: /tmp may be shared with a container.
      const [boot, namespace] = (await readFile(join(path, OWNER), 'utf8')).split('\n');
      const [ownBoot, ownNamespace] = owner().split('\n');
      if (boot === ownBoot && (namespace !== ownNamespace || startTime(Number(pid)) === started)) continue;
      await removeCgroups(name);
      await rm(path, { recursive: true, force: true });
    } catch {
      continue;
    }
  }
}

function owner(): string {
  return `${readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()}\n${readlinkSync('/proc/self/ns/pid')}\n`;
}

/** When a process started, in clock ticks since the boot; undefined when there is none. Field 22 of proc_pid_stat(5). */
function startTime(pid: number): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name, in parentheses, may have spaces and parentheses itself.
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[22 - 3];
  } catch {
    return undefined;
  }
}

/** The cgroups that a runtime made for a container: one, or with cgroup v1 one for each controller. Only empty ones go. */
async function removeCgroups(name: string): Promise<void> {
  const controllers = await readdir(CGROUPS).catch(() => []);
  for (const folder of [CGROUPS, ...controllers.map((controller) => join(CGROUPS, controller))]) {
    await rmdir(join(folder, name)).catch(() => {});
  }
}
