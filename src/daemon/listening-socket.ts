// A unix socket that listens for as long as the supervisor lives. Serving processes inherit it and accept; while there is
// none, the kernel keeps callers waiting instead of refusing them, so that a restart is a pause and no error.
import { closeSync, lstatSync, rmSync } from 'node:fs';
import { bindUnix } from '../fuse/libc.ts';
import { claimSocket, publishSocket } from '../grpc/socket.ts';

export interface ListeningSocket {
  readonly path: string;
  readonly fd: number;
  /** Removes the name, unless somebody else has put theirs there, and refuses who still waits. */
  close(): void;
}

/**
 * Listens at `path` (absolute), with mode 0600, and accepts nothing.
 * @throws UserError when the path can't be used or another process listens there; SystemError when there is no socket.
 */
export async function openListeningSocket(path: string): Promise<ListeningSocket> {
  const temporary = await claimSocket(path);
  const fd = bindUnix(temporary);
  try {
    await publishSocket(temporary, path, 0o600);
  } catch (error) {
    closeSync(fd);
    throw error;
  }
  const inode = inodeOf(path);
  return {
    path,
    fd,
    close() {
      if (inodeOf(path) === inode) rmSync(path, { force: true });
      closeSync(fd);
    },
  };
}

function inodeOf(path: string): bigint | undefined {
  return lstatSync(path, { bigint: true, throwIfNoEntry: false })?.ino;
}
