// Makes the mounts that a snapshotter answers, as containerd does: with mount(8), which is enough for a test.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { MountMessage } from '../../src/grpc/snapshots.ts';

/** mount(2) takes a page of options; containerd then changes to a common directory and uses relative paths. */
const PAGE = 4000;

export function mountAll(mounts: readonly MountMessage[], target: string): void {
  for (const { type, source, options } of mounts) {
    if (type === 'bind') {
      execFileSync('mount', ['--rbind', source, target]);
      if (options.includes('ro')) execFileSync('mount', ['-o', 'remount,bind,ro', target]);
    } else mountOverlay(options.join(','), target);
  }
}

export function unmount(target: string): void {
  execFileSync('umount', [target]);
}

/** Unmounts everything below a directory, last mounted first. */
export function unmountBelow(directory: string): void {
  const targets = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((target) => target.startsWith(`${directory}/`));
  for (const target of targets.toReversed()) execFileSync('umount', ['-l', target]);
}

function mountOverlay(options: string, target: string): void {
  const lower = /lowerdir=([^,]+)/.exec(options)?.[1]?.split(':') ?? [];
  const common = dirname(lower.reduce(commonPrefix));
  const short = options.length < PAGE ? options : options.replaceAll(`${common}/`, '');
  execFileSync('mount', ['-t', 'overlay', 'overlay', '-o', short, target], { cwd: common });
}

function commonPrefix(one: string, other: string): string {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length++;
  return one.slice(0, length);
}
