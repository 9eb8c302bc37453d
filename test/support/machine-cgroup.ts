// The cgroup that holds all of a test machine: below the one of this process, in the v2 hierarchy, which is there also
// beside v1 controllers. It names every process of the machine, and ends them.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the cgroup v2 filesystem is mounted; undefined when it is not. */
export function cgroupMount(mountinfo: string = readFileSync('/proc/self/mountinfo', 'utf8')): string | undefined {
  const line = mountinfo.split('\n').find((text) => text.includes(' - cgroup2 '));
  return line?.split(' ')[4];
}

/** Makes a group below this process's own. @returns its folder. @throws Error when there is no cgroup v2 filesystem. */
export function makeCgroup(name: string): string {
  const mount = cgroupMount();
  if (mount === undefined) throw new Error('no cgroup2 filesystem is mounted: mount one on /sys/fs/cgroup/unified');
  const own = /^0::(.*)$/m.exec(readFileSync('/proc/self/cgroup', 'utf8'))?.[1] ?? '/';
  const folder = join(mount, own, name);
  mkdirSync(folder);
  return folder;
}

// The shell adds variables of its own. Not sh: dash drops names with a dash, which inputs of actions have. Without --norc a
// bash whose standard input is a socket, as Node's are, takes itself for a login from another machine.
const JOIN = 'echo $$ >"$1/cgroup.procs" && shift && exec env -u PWD -u SHLVL -u _ -- "$@"';

/** The program and arguments that join a group and then execute a command. */
export function inCgroup(folder: string, command: readonly string[]): [string, string[]] {
  return ['/bin/bash', ['--norc', '-c', JOIN, 'join', folder, ...command]];
}

/** Kills every process in a group and below it. Does not wait for their end. */
export function killCgroup(folder: string): void {
  if (existsSync(folder)) writeFileSync(join(folder, 'cgroup.kill'), '1');
}

/** Ids of the processes in a group and below it. */
export function processesOf(folder: string): number[] {
  return groupsBelow(folder).flatMap((group) =>
    readFileSync(join(group, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number),
  );
}

/** The process in a group, or below it, that another process has started: the inner end of unshare or nsenter. */
export function childIn(folder: string, parent: number | undefined): number | undefined {
  return processesOf(folder).find((pid) => parentOf(pid) === parent);
}

function parentOf(pid: number): number | undefined {
  try {
    return Number(/^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    // It has ended while we looked.
    return undefined;
  }
}

/** Removes a group and those below it. @returns false when there are still processes. */
export function removeCgroup(folder: string): boolean {
  try {
    for (const group of groupsBelow(folder).toReversed()) rmdirSync(group);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EBUSY') return false;
    throw error;
  }
}

// Parents come before their children.
function groupsBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const below = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [folder, ...below.flatMap(({ name }) => groupsBelow(join(folder, name)))];
}
