// Members and spans: what can be asked of a registry at all. A member (gzip member, zstd frame) is the least that
// can be decoded; it holds one chunk or, in min-chunk layers, several. A span is one range request for some members.
// Offsets are in the blob (compressed) space. Pure functions over the chunk table.
import type { ChunkTable } from '../estargz/model.ts';
import { hasChunk } from './presence.ts';

/** One member: chunks [first, end) of the table and the bytes [blobStart, blobEnd) that decode to them. */
export interface Member {
  readonly first: number;
  readonly end: number;
  readonly blobStart: number;
  readonly blobEnd: number;
  /** Decompressed bytes from the beginning of the member to the end of its last chunk. */
  readonly needed: number;
}

/** One range request: members in blob order. */
export interface Span {
  readonly members: readonly Member[];
  readonly blobStart: number;
  readonly blobEnd: number;
}

/** The member that holds `chunk`. */
export function memberOf(table: ChunkTable, chunk: number): Member {
  const blobStart = table.blobOffset[chunk]!;
  let first = chunk;
  while (first > 0 && table.blobOffset[first - 1] === blobStart) first--;
  let end = chunk + 1;
  while (end < table.count && table.blobOffset[end] === blobStart) end++;
  // Sorted by innerOffset and never overlapping, so the last chunk reaches furthest.
  const needed = table.innerOffset[end - 1]! + table.size[end - 1]!;
  return {
    first,
    end,
    blobStart,
    blobEnd: Math.min(table.blobEnd[chunk]!, blobStart + compressedBound(needed)),
    needed,
  };
}

/** The members of ascending `chunks`, each once. */
export function membersOf(table: ChunkTable, chunks: readonly number[]): Member[] {
  const members: Member[] = [];
  for (const chunk of chunks) {
    if (chunk >= (members.at(-1)?.end ?? 0)) members.push(memberOf(table, chunk));
  }
  return members;
}

/**
 * The most compressed bytes that `needed` decompressed bytes can sensibly take. A member may go on with the tar
 * headers of thousands of links, or, in a hostile table, with the rest of the blob: nobody has to fetch those.
 */
export function compressedBound(needed: number): number {
  return 2 * needed + 128 * 1024;
}

/** The first chunk at or after `from` whose bit is not set; `count` when there is none. */
export function nextMissing(bitmap: Int32Array, from: number, count: number): number {
  let chunk = from;
  while (chunk < count) {
    if (chunk % 32 === 0 && Atomics.load(bitmap, chunk >>> 5) === -1) chunk += 32;
    else if (hasChunk(bitmap, chunk)) chunk++;
    else return chunk;
  }
  return count;
}

/** The first chunk whose member begins at or after `blobOffset`; `count` when there is none. */
export function firstChunkFrom(table: ChunkTable, blobOffset: number): number {
  let low = 0;
  let high = table.count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (table.blobOffset[middle]! >= blobOffset) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The span of one or more members in blob order. */
export function spanOf(members: readonly Member[]): Span {
  return { members, blobStart: members[0]!.blobStart, blobEnd: members.at(-1)!.blobEnd };
}
