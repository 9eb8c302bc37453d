// Mounts: the one FUSE filesystem whose files are layer images, and an EROFS per layer over such a file.
// mount(2) is called directly, because mount(8) would put a loop device under every regular file.
import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { SystemError, UserError, describeError } from '../errors.ts';
import { Errno } from './abi.ts';
import {
  MNT_DETACH,
  MNT_FORCE,
  MS_NODEV,
  MS_NOEXEC,
  MS_NOSUID,
  MS_RDONLY,
  UMOUNT_NOFOLLOW,
  mount,
  mountNow,
  umount,
} from './libc.ts';
import { findMount, readMountinfo } from './mountinfo.ts';

/** Filesystem type and source as mountinfo shows our FUSE mounts; nothing else is ever taken for one of ours. */
export const FUSE_TYPE = 'fuse.lazypull';
export const FUSE_SOURCE = 'lazypull';

/** How EROFS reads a layer image: A from the file itself (Linux 6.12), B through a loop device. */
export type ErofsTier = 'A' | 'B';

/** Opens /dev/fuse. @returns a descriptor that the caller owns. @throws UserError when there is none or no right to it. */
export function openFuse(): number {
  try {
    return openSync('/dev/fuse', 'r+');
  } catch (error) {
    throw new UserError(
      `can't open /dev/fuse: ${describeError(error)}`,
      'Run as root, with the fuse module loaded; in a container pass --device /dev/fuse and --cap-add SYS_ADMIN.',
      { cause: error },
    );
  }
}

/**
 * Mounts the filesystem that `fuseFd` will answer for on `target`, an existing directory. Only root may look into it;
 * reads that EROFS makes for anybody still work, because EROFS opened the file when it was mounted.
 * @param options.writable lets requests through that would change something, which a server may understand as it likes.
 * @throws SystemError
 */
export function mountFuse(fuseFd: number, target: string, options: { writable?: boolean } = {}): void {
  mountNow({
    source: FUSE_SOURCE,
    target,
    type: FUSE_TYPE,
    flags: (options.writable === true ? 0 : MS_RDONLY) | MS_NOSUID | MS_NODEV | MS_NOEXEC,
    data: `fd=${fuseFd},rootmode=40000,user_id=0,group_id=0`,
  });
}

/** What to mount where. */
export interface ErofsMount {
  /** The layer image: below the FUSE mount, or on disk when it is complete. */
  readonly source: string;
  /** An existing directory. */
  readonly target: string;
  readonly tier: ErofsTier;
  /** SELinux label of every file, as in the option `context=`. */
  readonly context?: string | undefined;
}

/**
 * Mounts a layer image read-only. Set-user-id programs and device nodes work as in any layer that is unpacked to disk:
 * what a container may do with them is decided where the container is made.
 * @throws SystemError with errno ENOTBLK when the kernel has no file-backed EROFS or the source lies on a stacked filesystem.
 */
export async function mountErofs(options: ErofsMount): Promise<void> {
  const context = options.context === undefined ? [] : [`context="${options.context}"`];
  if (options.tier === 'B') {
    const mountOptions = ['loop', 'ro', ...context].join(',');
    await run('mount', ['-t', 'erofs', '-o', mountOptions, '--', options.source, options.target]);
  } else {
    const { source, target } = options;
    await mount({ source, target, type: 'erofs', flags: MS_RDONLY, data: context.join(',') });
  }
}

/**
 * Unmounts what is on top at `target`; nothing happens when nothing is mounted there.
 * @param options.detach takes it out of the tree now and lets it go when its last user is gone.
 * @param options.force also fails the requests of a FUSE connection that wait for an answer.
 * @throws SystemError EBUSY when it is in use and `detach` is not set.
 */
export async function unmount(target: string, options: { detach?: boolean; force?: boolean } = {}): Promise<void> {
  const flags = (options.detach === true ? MNT_DETACH : 0) | (options.force === true ? MNT_FORCE : 0);
  try {
    await umount(target, flags | UMOUNT_NOFOLLOW);
  } catch (error) {
    const errno = error instanceof SystemError ? error.errno : 0;
    if (errno !== Errno.EINVAL && errno !== Errno.ENOENT) throw error;
    if (findMount(target, readMountinfo()) !== undefined) throw error;
  }
}

async function run(program: string, args: readonly string[]): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  child.once('error', reject);
  child.once('close', (code) => {
    if (code === 0) resolve();
    else reject(new SystemError(program, Errno.EIO, `exit status ${code}: ${errors.trim()}`));
  });
  await promise;
}
