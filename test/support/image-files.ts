// Layer images for tests of the FUSE side: sparse files whose chunks are all missing or all there.
import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import type { ChunkPresence, FaultHandler, ImageFile } from '../../src/fuse/image-file.ts';
import { patternBytes } from './pattern.ts';

/** Chunks of `chunkSize` that fill [0, size), none of them there unless `present`. */
export function evenChunks(size: number, chunkSize: number, present = false): ChunkPresence {
  const count = Math.ceil(size / chunkSize);
  const imageOffset = new Float64Array(new SharedArrayBuffer(count * 8));
  const sizes = new Uint32Array(new SharedArrayBuffer(count * 4));
  const bitmap = new Int32Array(new SharedArrayBuffer(Math.ceil(count / 32) * 4));
  if (present) bitmap.fill(-1);
  for (let index = 0; index < count; index++) {
    imageOffset[index] = index * chunkSize;
    sizes[index] = Math.min(chunkSize, size - index * chunkSize);
  }
  return { count, imageOffset, size: sizes, bitmap };
}

/** No chunks: every byte is there. */
export const noChunks = (): ChunkPresence => evenChunks(0, 1);

/** A sparse file of `size` bytes at `path`. The caller closes `fd`. */
export function sparseImage(options: {
  path: string;
  nodeId: number;
  name: string;
  size: number;
  presence: ChunkPresence;
}): ImageFile {
  const fd = openSync(options.path, 'w+');
  ftruncateSync(fd, options.size);
  return { nodeId: options.nodeId, name: options.name, size: options.size, fd, presence: options.presence };
}

/** Makes chunk `index` present with bytes of the pattern. */
export function storePatternChunk(file: ImageFile, index: number, seed: number): void {
  const offset = file.presence.imageOffset[index] as number;
  const bytes = patternBytes(seed, offset, file.presence.size[index] as number);
  writeSync(file.fd, bytes, 0, bytes.length, offset);
  Atomics.or(file.presence.bitmap, index >>> 5, 1 << (index & 31));
}

/** A fault handler that fills what is missing with the pattern. Expects chunks of `evenChunks`. */
export function patternFaults(file: ImageFile, seed: number): FaultHandler {
  const chunkSize = file.presence.size[0] as number;
  return async ({ imageOffset, length }) => {
    const last = Math.ceil((imageOffset + length) / chunkSize);
    for (let index = Math.floor(imageOffset / chunkSize); index < last; index++) storePatternChunk(file, index, seed);
  };
}

export function closeImage(file: ImageFile): void {
  closeSync(file.fd);
}
