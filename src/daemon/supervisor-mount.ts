// The FUSE connection that outlives serving processes: the supervisor opens, mounts and settles it, and keeps the
// descriptor open, so that the kernel never sees it closed while serving processes come and go.
import { closeSync, mkdirSync, realpathSync, rmdirSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { SystemError, UserError } from '../errors.ts';
import { FUSE_TYPE, mountFuse, openFuse, unmount } from '../fuse/mount.ts';
import { findMount } from '../fuse/mountinfo.ts';
import { settle } from '../fuse/session.ts';

const EBUSY = 16;

/** One mounted FUSE filesystem. */
export interface FuseConnection {
  readonly fd: number;
  readonly mountpoint: string;
  /** Whether the next serving process can take over (Linux 6.9); else the connection has to be made anew. */
  readonly resend: boolean;
  /** Unmounts, also when it is in use, and fails every request that waits for an answer. */
  close(): Promise<void>;
}

/**
 * Mounts a FUSE filesystem on `folder`, which is made when it is not there.
 * @param options.resend false behaves as kernels before 6.9 do.
 * @param options.writable as for `mountFuse`.
 * @throws UserError without /dev/fuse, without root, or when another daemon is mounted there.
 */
export async function openConnection(
  folder: string,
  options: { resend: boolean; writable?: boolean },
): Promise<FuseConnection> {
  await removeStale(folder);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const mountpoint = realpathSync(folder);
  const fd = openFuse();
  try {
    mountFuse(fd, mountpoint, options);
    const session = settle(fd, options);
    return { fd, mountpoint, resend: session.resend, close: () => closeConnection(fd, mountpoint) };
  } catch (error) {
    closeSync(fd);
    if (error instanceof SystemError && error.syscall === 'mount') {
      throw new UserError(
        `can't mount a FUSE filesystem on ${folder}: ${error.message}`,
        'Run as root (CAP_SYS_ADMIN).',
        { cause: error },
      );
    }
    throw error;
  }
}

/** Removes the mountpoint too, when it is empty. */
export function removeMountpoint(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Somebody else uses it, or it is gone: both are fine.
  }
}

async function closeConnection(fd: number, mountpoint: string): Promise<void> {
  try {
    await unmount(mountpoint);
  } catch (error) {
    if (!(error instanceof SystemError) || error.errno !== EBUSY) throw error;
    await unmount(mountpoint, { detach: true, force: true });
  } finally {
    closeSync(fd); // the last descriptor: this aborts the connection wherever it is still in use
  }
}

/** What a killed supervisor left behind is unmounted. What lives, or is not ours, is not touched. */
async function removeStale(folder: string): Promise<void> {
  for (let entry = findMount(folder); entry !== undefined; entry = findMount(folder)) {
    if (entry.type !== FUSE_TYPE) {
      throw new UserError(
        `${folder} is a mount of type ${entry.type}`,
        'Choose another root directory, or unmount it.',
      );
    }
    if (await isAlive(folder)) {
      throw new UserError(
        `another lazypull daemon serves ${folder}`,
        'Stop it first, or choose another root directory.',
      );
    }
    await unmount(folder, { detach: true, force: true });
  }
}

/** STATFS is never cached: a dead connection fails it, one whose server is busy or restarting may take its time. */
async function isAlive(folder: string): Promise<boolean> {
  const answered = statfs(folder).then(
    () => true,
    () => false,
  );
  return Promise.race([answered, sleep(2000, true, { ref: false })]);
}
