// A small filesystem of its own for a daemon's root, so that a test can fill it: ext4 in a file, on a loop device.
import { mkdir, open, rm, statfs, truncate, writeFile, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './run.ts';

const BALLAST = 'ballast';
const PIECE = 64 * 1024;

/** Makes an ext4 of `bytes` and mounts it at `folder`/root. Unmounting frees the loop device. */
export async function mountSmallDisk(folder: string, bytes: number): Promise<void> {
  const image = join(folder, 'disk.img');
  await writeFile(image, '');
  await truncate(image, bytes);
  await run('mkfs.ext4', ['-q', '-F', '-m', '0', '-O', '^has_journal', image]);
  await mkdir(join(folder, 'root'));
  await run('mount', ['-o', 'loop', image, join(folder, 'root')]);
}

/** Takes space on the disk at `folder` until only `leaveBytes` are free; with 0, until not one more block can be had. */
export async function fillDisk(folder: string, leaveBytes: number): Promise<void> {
  const file = await open(join(folder, BALLAST), 'a');
  try {
    const { bavail, bsize } = await statfs(folder);
    await take(file, PIECE, bavail * bsize - leaveBytes);
    // Blocks are counted when they are written out, which frees some that were only set aside.
    const rounds = leaveBytes === 0 ? 4 : 0;
    for (let round = 0; round < rounds; round++) {
      await file.sync();
      await take(file, bsize, PIECE * 64);
    }
  } finally {
    await file.close();
  }
}

async function take(file: FileHandle, pieceBytes: number, bytes: number): Promise<void> {
  const piece = Buffer.alloc(pieceBytes, 1);
  for (let taken = 0; taken < bytes; taken += pieceBytes) {
    try {
      await file.write(piece);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return;
      throw error;
    }
  }
}

/** Gives back what `fillDisk` took. */
export async function emptyDisk(folder: string): Promise<void> {
  await rm(join(folder, BALLAST), { force: true });
}
