// Cuts the stream of a layer into batches, which workers compress independently of each other. Where the cuts are
// depends on the stream and the options alone, never on the number of workers or on what was compressed before: that
// is why the blob is the same on any machine. Every batch begins a member.
import type { ChunkPlace, Piece } from './layer-stream.ts';
import type { LayerEntry } from './model.ts';

const MIB = 1024 * 1024;

/** How a stream is cut. */
export interface BatchRules {
  /** A batch that has so many decompressed bytes is not given another chunk. */
  readonly enough: number;
  /** A batch grows over this only by a single chunk. */
  readonly most: number;
  /** Whether a member ends with its chunk (containers/storage), or goes on with what follows up to the next one (stargz). */
  readonly closesChunks: boolean;
}

/** Bytes of the stream, and what they are. Offsets are in the batch's decompressed bytes. */
export interface Batch {
  readonly size: number;
  /** [offset, offset in the tar, length] of the parts that come from the tar, in order. What no part covers is zeros. */
  readonly copies: readonly number[];
  readonly literals: readonly { readonly at: number; readonly bytes: Uint8Array }[];
  /** Where members begin when every chunk has its own; the first is 0. */
  readonly members: readonly number[];
  /** [offset, length] of each chunk. */
  readonly chunks: readonly number[];
  /** Indexes of the chunks that begin a member in any case. */
  readonly ownMembers: readonly number[];
  /** What the TOC says of this batch, in order. */
  readonly marks: readonly (ChunkPlace | EntryPlace)[];
}

/** An entry without chunks. A `ChunkPlace` is the next one of `chunks`. */
export interface EntryPlace {
  readonly entry: LayerEntry;
  /** Where its head ends. */
  readonly headEnd: number;
}

/** The rules for a format: `minChunkSize` is that of WriteOptions. */
export function batchRules(minChunkSize: number, closesChunks: boolean): BatchRules {
  // Some members for each cut, so that the last and shorter one of a batch matters little.
  const enough = Math.max(2 * MIB, Math.min(16 * minChunkSize, 64 * MIB));
  return { enough, most: 2 * enough, closesChunks };
}

/** The batches of a stream in order. Empty for an empty stream. */
export function* cutBatches(stream: Iterable<Piece>, rules: BatchRules): Generator<Batch> {
  let batch = new BatchBuilder(rules);
  for (const piece of withOwnFirst(stream)) {
    const isChunk = piece.chunk !== undefined;
    // A head or a tail of many entries, or what lies behind the end mark, may be as long as the whole layer.
    const parts = isChunk ? [piece] : slices(piece, rules.most);
    for (const part of parts) {
      const isFull = isChunk && batch.size >= rules.enough;
      if (batch.size > 0 && (isFull || batch.size + part.length > rules.most)) {
        yield batch.build();
        batch = new BatchBuilder(rules);
      }
      batch.add(part);
    }
  }
  if (batch.size > 0) yield batch.build();
}

/**
 * The first chunk begins a member. In the blob's first member it would have offset 0, which a TOC leaves out: empty files have
 * no offset either, and the reference takes those in front of it for chunks of that member.
 */
function* withOwnFirst(stream: Iterable<Piece>): Generator<Piece> {
  let isFirst = true;
  for (const piece of stream) {
    if (piece.chunk === undefined || !isFirst) yield piece;
    else {
      isFirst = false;
      yield { ...piece, chunk: { ...piece.chunk, ownMember: true } };
    }
  }
}

class BatchBuilder {
  size = 0;
  readonly #rules: BatchRules;
  readonly #copies: number[] = [];
  readonly #literals: { at: number; bytes: Uint8Array }[] = [];
  readonly #members: number[] = [0];
  readonly #chunks: number[] = [];
  readonly #ownMembers: number[] = [];
  readonly #marks: (ChunkPlace | EntryPlace)[] = [];

  constructor(rules: BatchRules) {
    this.#rules = rules;
  }

  add({ from, length, chunk, entry }: Piece): void {
    if (chunk !== undefined) this.#addChunk(chunk, length);
    if (typeof from === 'number') this.#addCopy(from, length);
    else if (from !== 'zeros') this.#literals.push({ at: this.size, bytes: from });
    this.size += length;
    if (entry !== undefined) this.#marks.push({ entry, headEnd: this.size });
    if (chunk !== undefined && this.#rules.closesChunks) this.#beginMember();
  }

  build(): Batch {
    // Nothing came after the last chunk's end.
    if (this.#members.length > 1 && this.#members.at(-1) === this.size) this.#members.pop();
    return {
      size: this.size,
      copies: this.#copies,
      literals: this.#literals,
      members: this.#members,
      chunks: this.#chunks,
      ownMembers: this.#ownMembers,
      marks: this.#marks,
    };
  }

  #addChunk(chunk: ChunkPlace, length: number): void {
    this.#beginMember();
    if (chunk.ownMember) this.#ownMembers.push(this.#chunks.length / 2);
    this.#chunks.push(this.size, length);
    this.#marks.push(chunk);
  }

  #beginMember(): void {
    if (this.#members.at(-1) !== this.size) this.#members.push(this.size);
  }

  // Neighbours in the tar that are neighbours in the stream are read together.
  #addCopy(from: number, length: number): void {
    const last = this.#copies.length - 3;
    const [at = 0, lastFrom = 0, lastLength = 0] = last < 0 ? [] : this.#copies.slice(last);
    const isNext = last >= 0 && at + lastLength === this.size && lastFrom + lastLength === from;
    if (isNext) this.#copies[last + 2] = lastLength + length;
    else this.#copies.push(this.size, from, length);
  }
}

function* slices(piece: Piece, most: number): Generator<Piece> {
  if (piece.length <= most) {
    yield piece;
    return;
  }
  for (let at = 0; at < piece.length; at += most) {
    const length = Math.min(most, piece.length - at);
    const { from } = piece;
    const part = typeof from === 'number' ? from + at : from === 'zeros' ? from : from.subarray(at, at + length);
    // The entry stands where its head ends.
    const isLast = at + length === piece.length;
    yield { from: part, length, ...(isLast && piece.entry !== undefined ? { entry: piece.entry } : {}) };
  }
}
