// Which chunks of a layer image are stored and verified: a bitmap in shared memory. Chunk workers set bits after
// their pwrite, FUSE workers test them before a read; nobody ever clears one while the layer is open.
import { isHole } from '../estargz/model.ts';
import type { ChunkTable } from '../estargz/model.ts';
import type { ChunkUse } from './used-chunks.ts';

/**
 * Where the chunks of a layer lie in the layer image and which of them are there. Bytes outside every chunk
 * (metadata, padding) are always there. Sorted by `imageOffset`; chunks never overlap.
 */
export interface ChunkPresence {
  readonly count: number;
  /** Offset of each chunk in the layer image, on a SharedArrayBuffer. */
  readonly imageOffset: Float64Array;
  /** Bytes of each chunk, on a SharedArrayBuffer. */
  readonly size: Uint32Array;
  /** Bit i%32 of word i/32 says that chunk i is stored and verified. Read and written with Atomics only. On a SharedArrayBuffer. */
  readonly bitmap: Int32Array;
  /** Which chunks were read; written by FUSE workers, where anybody wants to know. */
  readonly use?: ChunkUse;
}

/** An empty bitmap for `count` chunks, on a SharedArrayBuffer. */
export function emptyBitmap(count: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(Math.ceil(count / 32) * 4));
}

/** The bitmap of a layer of which nothing was fetched: holes are there, since the sparse image has them. */
export function initialBitmap(table: ChunkTable): Int32Array {
  const bitmap = emptyBitmap(table.count);
  for (let chunk = 0; chunk < table.count; chunk++) if (isHole(table, chunk)) setChunk(bitmap, chunk);
  return bitmap;
}

/** Whether chunk `index` is stored and verified. */
export function hasChunk(bitmap: Int32Array, index: number): boolean {
  return (Atomics.load(bitmap, index >>> 5) & (1 << (index & 31))) !== 0;
}

/**
 * Says that chunk `index` is stored and verified. Only after its bytes are in the layer image.
 * @returns whether it was not there before: of several threads that store the same chunk, one may count it.
 */
export function setChunk(bitmap: Int32Array, index: number): boolean {
  const bit = 1 << (index & 31);
  return (Atomics.or(bitmap, index >>> 5, bit) & bit) === 0;
}

/** The first chunk that ends after `imageOffset`; `count` when there is none. */
export function firstChunkEndingAfter(presence: ChunkPresence, imageOffset: number): number {
  let low = 0;
  let high = presence.count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (presence.imageOffset[middle]! + presence.size[middle]! > imageOffset) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The chunks that overlap [imageOffset, imageOffset + length) and are not there, ascending. */
export function missingChunks(presence: ChunkPresence, imageOffset: number, length: number): number[] {
  const missing: number[] = [];
  const end = imageOffset + length;
  for (let chunk = firstChunkEndingAfter(presence, imageOffset); chunk < presence.count; chunk++) {
    if (presence.imageOffset[chunk]! >= end) break;
    if (!hasChunk(presence.bitmap, chunk)) missing.push(chunk);
  }
  return missing;
}

/** How many chunks are there, and their bytes. */
export function countPresent(presence: ChunkPresence): { chunks: number; bytes: number } {
  let chunks = 0;
  let bytes = 0;
  for (let chunk = 0; chunk < presence.count; chunk++) {
    if (!hasChunk(presence.bitmap, chunk)) continue;
    chunks++;
    bytes += presence.size[chunk]!;
  }
  return { chunks, bytes };
}
