// Whether the bytes of a read are all there. Every FUSE worker asks this before every read, so it must cost next to
// nothing: a binary search over the chunks' offsets and a few bits, all in shared memory.
import { noteUse } from '../layer/used-chunks.ts';
import type { ChunkPresence } from './image-file.ts';

/** Index of the first chunk that ends behind `imageOffset`; `count` when there is none. */
export function firstChunkEndingAfter(presence: ChunkPresence, imageOffset: number): number {
  let low = 0;
  let high = presence.count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const end = (presence.imageOffset[middle] as number) + (presence.size[middle] as number);
    if (end > imageOffset) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Whether chunk `index` is stored and verified. */
export function isChunkPresent(presence: ChunkPresence, index: number): boolean {
  return ((Atomics.load(presence.bitmap, index >>> 5) >>> (index & 31)) & 1) === 1;
}

/** Notes that [start, end) of the layer image is read. @returns what `isPresent` does, for one search. */
export function noteRead(presence: ChunkPresence, start: number, end: number): boolean {
  const { use } = presence;
  if (use === undefined) return isPresent(presence, start, end);
  let there = true;
  for (let index = firstChunkEndingAfter(presence, start); index < presence.count; index++) {
    if ((presence.imageOffset[index] as number) >= end) break;
    noteUse(use, index);
    there &&= isChunkPresent(presence, index);
  }
  return there;
}

/** Whether every chunk that overlaps [start, end) of the layer image is stored and verified. */
export function isPresent(presence: ChunkPresence, start: number, end: number): boolean {
  for (let index = firstChunkEndingAfter(presence, start); index < presence.count; index++) {
    if ((presence.imageOffset[index] as number) >= end) return true;
    if (!isChunkPresent(presence, index)) return false;
  }
  return true;
}
