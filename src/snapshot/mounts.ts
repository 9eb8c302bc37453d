// The mounts that a client makes to use a snapshot, exactly those of containerd's overlay snapshotter: a bind mount
// while there is only one directory, else overlayfs. A pure function, but for the probe of the machine.
// Order matters to readers of the option list only: BuildKit and the diff service look for upperdir= and lowerdir=.
import { existsSync, readFileSync } from 'node:fs';
import { UserError } from '../errors.ts';
import type { Mount } from './model.ts';

/** What overlayfs needs on this machine. */
export interface OverlayNeeds {
  /** overlayfs keeps its marks in user.* instead of trusted.*: it must when it is mounted in a user namespace. */
  readonly userxattr: boolean;
  /** The kernel knows the inode index. It is turned off, since lower directories are shared by many mounts. */
  readonly indexOff: boolean;
}

/** The directories of one snapshot and of its parents. */
export interface SnapshotPaths {
  readonly kind: 'view' | 'active';
  readonly fs: string;
  readonly work: string;
  /** Directories of the parents, nearest first. */
  readonly lower: readonly string[];
}

export function probeOverlay(): OverlayNeeds {
  return {
    userxattr: inUserNamespace(readFileSync('/proc/self/uid_map', 'utf8')),
    indexOff: existsSync('/sys/module/overlay/parameters/index'),
  };
}

/** Whether a uid_map is not the identity over all of 32 bits, which only the first user namespace has. */
export function inUserNamespace(uidMap: string): boolean {
  return !/^\s*0\s+0\s+4294967295\s*$/.test(uidMap);
}

export function mountsOf(paths: SnapshotPaths, needs: OverlayNeeds): Mount[] {
  const [top, ...below] = paths.lower;
  const readonly = paths.kind === 'view';
  if (top === undefined) return [bind(paths.fs, readonly)];
  if (readonly && below.length === 0) return [bind(top, true)];
  const options = [
    ...(needs.indexOff ? ['index=off'] : []),
    ...(needs.userxattr ? ['userxattr'] : []),
    ...(readonly ? [] : [`workdir=${paths.work}`, `upperdir=${paths.fs}`]),
    `lowerdir=${paths.lower.join(':')}`,
  ];
  return [{ type: 'overlay', source: 'overlay', options }];
}

/**
 * overlayfs takes directories as one list with : and , as separators, and clients do not escape them.
 * @throws UserError when `root` can't be part of such a list.
 */
export function requireOverlayPath(root: string): void {
  if (root.startsWith('/') && !/[:,\\]/.test(root)) return;
  throw new UserError(`can't use ${root} for snapshots`, 'use an absolute path without colon, comma and backslash');
}

function bind(source: string, readonly: boolean): Mount {
  return { type: 'bind', source, options: [readonly ? 'ro' : 'rw', 'rbind'] };
}
