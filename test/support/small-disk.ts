// A small filesystem of its own for a daemon's root, so that a test can fill it: ext4 in a file, on a loop device.
import { mkdir, rm, statfs, writeFile, appendFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './run.ts';

/** Makes an ext4 of `bytes` and mounts it at `folder`/root. Unmounting frees the loop device. */
export async function mountSmallDisk(folder: string, bytes: number): Promise<void> {
  const image = join(folder, 'disk.img');
  await writeFile(image, '');
  await truncate(image, bytes);
  await run('mkfs.ext4', ['-q', '-F', '-m', '0', '-O', '^has_journal', image]);
  await mkdir(join(folder, 'root'));
  await run('mount', ['-o', 'loop', image, join(folder, 'root')]);
}

/** Takes space on the disk at `folder` until only `leaveBytes` are free. */
export async function fillDisk(folder: string, leaveBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const take = bavail * bsize - leaveBytes;
  const piece = Buffer.alloc(64 * 1024, 1);
  for (let taken = 0; taken < take; taken += piece.length) await appendFile(ballast(folder), piece).catch(ignoreFull);
}

/** Gives back what `fillDisk` took. */
export async function emptyDisk(folder: string): Promise<void> {
  await rm(ballast(folder), { force: true });
}

function ballast(folder: string): string {
  return join(folder, 'ballast');
}

function ignoreFull(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOSPC') throw error;
}
