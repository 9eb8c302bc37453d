// How much disk a directory tree takes: allocated blocks, and every inode once however many names it has, as
// containerd counts it. Asynchronous, a few calls at a time: the thread that counts also answers requests.
import type { Stats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Usage } from './model.ts';

/** st_blocks counts 512 bytes whatever the filesystem's block size is; see stat(2). */
const BLOCK = 512;
const AT_ONCE = 32;

/** The usage of `root` itself and all below it. Entries that vanish meanwhile are not counted; mounts are not entered. */
export async function diskUsage(root: string, signal?: AbortSignal): Promise<Usage> {
  const first = await lstat(root);
  const seen = new Set<number>();
  const total = { size: 0, inodes: 0 };
  const count = (stat: Stats): void => {
    if (stat.nlink > 1 && !stat.isDirectory()) {
      if (seen.has(stat.ino)) return;
      seen.add(stat.ino);
    }
    total.size += stat.blocks * BLOCK;
    total.inodes++;
  };

  count(first);
  const folders = [root];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const names = await readdir(folder).catch(ignoreMissing<string[]>([]));
    for (let at = 0; at < names.length; at += AT_ONCE) {
      signal?.throwIfAborted();
      const paths = names.slice(at, at + AT_ONCE).map((name) => join(folder, name));
      const stats = await Promise.all(paths.map((path) => lstat(path).catch(ignoreMissing<undefined>(undefined))));
      stats.forEach((stat, index) => {
        if (stat === undefined || stat.dev !== first.dev) return;
        count(stat);
        if (stat.isDirectory()) folders.push(paths[index] ?? '');
      });
    }
  }
  return total;
}

function ignoreMissing<T>(instead: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === 'ENOENT') return instead;
    throw error;
  };
}
