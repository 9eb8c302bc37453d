// Watches what a download writes: how long it takes, whether it moves at all, and how much it is. An archive of a few bytes
// can unpack to more than a disk has.
import type { Dirent } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { formatBytes } from '../../src/cli/format.ts';
import { MAX_FILES } from './folder.ts';

export interface WatchLimits {
  /** From the beginning to the end. */
  readonly totalMs: number;
  /** Without a byte more. */
  readonly stallMs?: number;
  /** Of all files in the folders. */
  readonly maxBytes?: number;
}

const LOOK_MS = 100;

/** @returns why a limit is passed, in words that follow "it": as soon as one is; undefined when `signal` is aborted before. */
export async function watchFolders(
  folders: readonly string[],
  limits: WatchLimits,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { totalMs, stallMs = Infinity, maxBytes = Infinity } = limits;
  const started = performance.now();
  let [lastBytes, movedAt] = [0, started];
  for (;;) {
    if (signal.aborted) return undefined;
    const { bytes, files } = await measure(folders);
    const now = performance.now();
    if (bytes > maxBytes) return `the entry is larger than ${formatBytes(maxBytes)}`;
    if (files > MAX_FILES) return `the entry has more than ${MAX_FILES} files`;
    if (bytes !== lastBytes) [lastBytes, movedAt] = [bytes, now];
    if (now - movedAt >= stallMs) return `nothing came from the cache service for ${stallMs / 1000} s`;
    if (now - started >= totalMs) return `the cache service took longer than ${totalMs / 1000} s`;
    // An abort is seen above.
    await sleep(LOOK_MS, undefined, { signal }).catch(() => {});
  }
}

/** Counts what lies in folders and below them; what goes meanwhile is nothing. */
async function measure(folders: readonly string[]): Promise<{ bytes: number; files: number }> {
  let [bytes, files] = [0, 0];
  for (const folder of folders) {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((): Dirent[] => []);
    files += entries.length;
    // Counting is enough then.
    if (files > MAX_FILES) break;
    for (const entry of entries) {
      const stat = await lstat(join(entry.parentPath, entry.name)).catch(() => undefined);
      if (stat?.isFile() === true) bytes += stat.size;
    }
  }
  return { bytes, files };
}
