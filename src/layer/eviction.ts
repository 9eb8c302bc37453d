// Keeps the cache below its size limit: least recently used layers that nobody has open are deleted, whole.
import { randomUUID } from 'node:crypto';
import { readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { Digest } from '../oci/digest.ts';
import { folderDigest, recordPathOf } from './layer-files.ts';

/** Folders with this prefix are being made or deleted; after a crash they are rubbish. */
export const TEMPORARY_PREFIX = 'tmp-';

/** A layer folder on disk. `bytes` are allocated ones, which for a sparse image are fewer than its size. */
export interface CachedLayer {
  readonly digest: Digest;
  readonly dir: string;
  readonly bytes: number;
  readonly lastUseMs: number;
}

/** All layer folders below `layersDir`, least recently used first. */
export async function listCachedLayers(layersDir: string): Promise<CachedLayer[]> {
  const layers: CachedLayer[] = [];
  for (const name of await readdir(layersDir)) {
    const digest = folderDigest(name);
    const dir = join(layersDir, name);
    const layer = digest === undefined ? undefined : await measure(digest, dir);
    if (layer !== undefined) layers.push(layer);
  }
  return layers.sort((a, b) => a.lastUseMs - b.lastUseMs);
}

/**
 * Removes layers, in the given order, until at most `limitBytes` are left. `remove` says whether it could.
 * Returns what is gone.
 */
export async function evictLayers(
  layers: readonly CachedLayer[],
  limitBytes: number,
  remove: (layer: CachedLayer) => Promise<boolean>,
): Promise<CachedLayer[]> {
  let bytes = layers.reduce((sum, layer) => sum + layer.bytes, 0);
  const evicted: CachedLayer[] = [];
  for (const layer of layers) {
    if (bytes <= limitBytes) break;
    if (!(await remove(layer))) continue;
    bytes -= layer.bytes;
    evicted.push(layer);
  }
  return evicted;
}

/** Deletes a layer folder, if it is there: gone by its name at once, so that a crash in between leaves no half layer. */
export async function removeLayerDir(layersDir: string, dir: string): Promise<void> {
  const doomed = join(layersDir, `${TEMPORARY_PREFIX}doomed-${randomUUID()}`);
  try {
    await rename(dir, doomed);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  await rm(doomed, { recursive: true, force: true });
}

/** Remembers that a layer is in use now. */
export async function touchLayer(dir: string): Promise<void> {
  const now = new Date();
  await utimes(recordPathOf(dir), now, now);
}

async function measure(digest: Digest, dir: string): Promise<CachedLayer | undefined> {
  try {
    const names = await readdir(dir);
    const stats = await Promise.all(names.map((name) => stat(join(dir, name))));
    const bytes = stats.reduce((sum, { blocks }) => sum + blocks * 512, 0);
    // Without a record it is of no use to anybody, and the first to go.
    const lastUseMs = names.includes('layer.json') ? (await stat(recordPathOf(dir))).mtimeMs : 0;
    return { digest, dir, bytes, lastUseMs };
  } catch (error) {
    // Deleted meanwhile.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
