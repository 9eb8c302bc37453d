// Every chunk where the table of contents has it: its digest, taken of the decompressed bytes as they go by, and its place,
// compared with that of the file in the tar.
import { createHash, hash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import type { ChunkRows } from './verify-rows.ts';
import type { Region } from './verify-regions.ts';

/** What is wrong with a chunk. Offsets are in the decompressed blob. */
export type ChunkProblem =
  | { readonly kind: 'digest'; readonly expected: string; readonly actual: string }
  | { readonly kind: 'no-digest' }
  /** The member ends before the chunk does. */
  | { readonly kind: 'short'; readonly bytes: number }
  /** It shares bytes with many others, and was not checked. */
  | { readonly kind: 'overlap' };

interface OpenChunk {
  readonly row: number;
  hash: Hash | undefined;
}

/** Chunks may share bytes when only one of their entries counts. To hash all bytes more often than this is an attack. */
const MAX_REPEAT = 4;
const SPARE_REPEAT = 1024 * 1024;
const ZEROS = Buffer.alloc(64 * 1024);
const NO_DIGEST = Buffer.alloc(32);

/** Takes the decompressed bytes region by region. */
export class ChunkChecker {
  readonly #rows: ChunkRows;
  /** By row: where the chunk begins in the decompressed blob, by its member; NaN where that is not known. */
  readonly placeByMember: Float64Array;
  readonly #problems = new Map<number, ChunkProblem>();
  /** Chunks of the region that are not taken yet: positions in `rows.order`. */
  #next = 0;
  #end = 0;
  #offset = 0;
  /** Chunks that have begun: mostly one at most. */
  #open: OpenChunk[] = [];
  /** Bytes that came, and bytes of chunks that were hashed. */
  #seen = 0;
  #hashed = 0;

  constructor(rows: ChunkRows) {
    this.#rows = rows;
    this.placeByMember = new Float64Array(rows.count).fill(Number.NaN);
    for (let row = 0; row < rows.count; row++) if (rows.isHole[row] === 1) this.#checkHole(row);
  }

  /** By row. */
  get problems(): ReadonlyMap<number, ChunkProblem> {
    return this.#problems;
  }

  /** A region's bytes come, which begin at `offset` of the decompressed blob: NaN when that is not known. */
  beginRegion(region: Region, offset: number): void {
    const rows = this.#rows;
    this.#next = region.firstChunk;
    this.#end = region.endChunk;
    this.#offset = 0;
    for (let at = region.firstChunk; at < region.endChunk; at++) {
      const row = rows.order[at]!;
      if (rows.isHole[row] === 1) continue;
      this.placeByMember[row] = offset + rows.innerOffset[row]!;
    }
  }

  /** The next bytes of the region. */
  push(piece: Buffer): void {
    const rows = this.#rows;
    const end = this.#offset + piece.length;
    this.#seen += piece.length;
    this.#open = this.#open.filter((chunk) => !this.#take(chunk, piece));
    for (; this.#next < this.#end; this.#next++) {
      const row = rows.order[this.#next]!;
      if (rows.isHole[row] === 1) continue;
      if (rows.innerOffset[row]! >= end) break;
      const chunk = { row, hash: undefined };
      if (this.#hashed > MAX_REPEAT * this.#seen + SPARE_REPEAT) this.#problems.set(row, { kind: 'overlap' });
      else if (!this.#take(chunk, piece)) this.#open.push(chunk);
    }
    this.#offset = end;
  }

  /** All of the region was there. */
  endRegion(): void {
    const rows = this.#rows;
    for (const { row } of this.#open) this.#problems.set(row, { kind: 'short', bytes: this.#offset });
    for (; this.#next < this.#end; this.#next++) {
      const row = rows.order[this.#next]!;
      if (rows.isHole[row] === 0) this.#problems.set(row, { kind: 'short', bytes: this.#offset });
    }
    this.#open = [];
  }

  /** The region can't be decompressed: nothing is said of its chunks. */
  skipRegion(): void {
    this.#next = this.#end;
    this.#open = [];
  }

  // Takes the part of the piece that is the chunk's. @returns whether the chunk ends in it.
  #take(chunk: OpenChunk, piece: Buffer): boolean {
    const from = this.#rows.innerOffset[chunk.row]!;
    const to = from + this.#rows.size[chunk.row]!;
    const part = piece.subarray(Math.max(0, from - this.#offset), Math.min(piece.length, to - this.#offset));
    this.#hashed += part.length;
    if (part.length === to - from) this.#compare(chunk.row, hash('sha256', part, 'buffer'));
    else {
      (chunk.hash ??= createHash('sha256')).update(part);
      if (to > this.#offset + piece.length) return false;
      this.#compare(chunk.row, chunk.hash.digest());
    }
    return true;
  }

  #compare(row: number, actual: Buffer): void {
    const expected = this.#rows.digest.subarray(32 * row, 32 * row + 32);
    if (actual.equals(expected)) return;
    if (NO_DIGEST.equals(expected)) this.#problems.set(row, { kind: 'no-digest' });
    else this.#problems.set(row, { kind: 'digest', expected: digestText(expected), actual: digestText(actual) });
  }

  #checkHole(row: number): void {
    const expected = this.#rows.digest.subarray(32 * row, 32 * row + 32);
    if (NO_DIGEST.equals(expected)) return;
    const zeros = createHash('sha256');
    for (let left = this.#rows.size[row]!; left > 0; left -= ZEROS.length) {
      zeros.update(left < ZEROS.length ? ZEROS.subarray(0, left) : ZEROS);
    }
    this.#compare(row, zeros.digest());
  }
}

function digestText(bytes: Uint8Array): string {
  return `sha256:${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')}`;
}
