// The chunks of a layer: collected in the order of the TOC, then laid out as the chunk table in the order of the
// blob. Here it is checked that the chunks of a file are its whole content, and that no two files claim the same bytes.
import { FormatError } from '../errors.ts';
import type { ChunkCompression, ChunkTable, TocNode } from './model.ts';

/** One chunk as the TOC has it. Offsets and sizes are those of the chunk table. */
export interface ChunkFields {
  readonly blobOffset: number;
  readonly innerOffset: number;
  readonly fileOffset: number;
  /** 0 where the TOC has none: up to the end of the file. */
  readonly size: number;
  /** Whether its digest was written to the place that `reserve` gave. */
  readonly hasDigest: boolean;
  /** Whether the TOC itself says that it is all zeros. */
  readonly isHole: boolean;
  readonly entryIndex: number;
}

const MAX_HOLE_SIZE = 2 ** 32 - 1;

/** The chunks in the order of the TOC, in columns. `firstChunk` of the nodes counts in them until buildChunkTable. */
export class ChunkList {
  count = 0;
  /** The files that have chunks, in the order of the TOC; also those that are replaced later. */
  readonly files: TocNode[] = [];
  // With room behind `count`.
  blobOffset: Float64Array;
  innerOffset: Float64Array;
  fileOffset: Float64Array;
  size: Uint32Array;
  entryIndex: Uint32Array;
  /** 32 bytes each. */
  digest: Uint8Array;
  /** 1 where there is a digest, or need not be one. */
  hasDigest: Uint8Array;
  /** 1 where there is a hole. */
  isHole: Uint8Array;
  readonly #maxChunkSize: number;

  /** With room for `capacity` chunks to begin with. */
  constructor(maxChunkSize: number, capacity: number) {
    this.#maxChunkSize = maxChunkSize;
    this.blobOffset = new Float64Array(capacity);
    this.innerOffset = new Float64Array(capacity);
    this.fileOffset = new Float64Array(capacity);
    this.size = new Uint32Array(capacity);
    this.entryIndex = new Uint32Array(capacity);
    this.digest = new Uint8Array(32 * capacity);
    this.hasDigest = new Uint8Array(capacity);
    this.isHole = new Uint8Array(capacity);
  }

  /** Makes room for one more chunk. @returns where in `digest` its digest belongs. */
  reserve(): number {
    if (this.count === this.size.length) {
      const capacity = 2 * this.count + 64;
      this.blobOffset = grown(this.blobOffset, new Float64Array(capacity));
      this.innerOffset = grown(this.innerOffset, new Float64Array(capacity));
      this.fileOffset = grown(this.fileOffset, new Float64Array(capacity));
      this.size = grown(this.size, new Uint32Array(capacity));
      this.entryIndex = grown(this.entryIndex, new Uint32Array(capacity));
      this.digest = grown(this.digest, new Uint8Array(32 * capacity));
      this.hasDigest = grown(this.hasDigest, new Uint8Array(capacity));
      this.isHole = grown(this.isHole, new Uint8Array(capacity));
    }
    return 32 * this.count;
  }

  /** Adds the next chunk of `node`, for which there must be room. @throws FormatError when it does not begin where the one before it ended, or goes too far. */
  add(node: TocNode, chunk: ChunkFields): void {
    const reached = this.reached(node);
    if (chunk.fileOffset !== reached) {
      throw new FormatError(`chunkOffset: got ${chunk.fileOffset}, wanted ${reached}, where the chunk before it ends`);
    }
    const rest = node.size - reached;
    const size = chunk.size === 0 ? rest : chunk.size;
    if (size > rest || size === 0) {
      throw new FormatError(`chunkSize: got ${size}, wanted 1 to ${rest}, which the file has left`);
    }
    // A hole takes no memory, but its size must fit into its column.
    const maxSize = chunk.isHole ? MAX_HOLE_SIZE : this.#maxChunkSize;
    if (chunk.innerOffset + size > maxSize) {
      throw new FormatError(
        `chunkSize: ${size} at innerOffset ${chunk.innerOffset}, wanted an end of ${maxSize} at most`,
      );
    }
    if (node.chunkCount === 0) {
      node.firstChunk = this.count;
      this.files.push(node);
    }
    node.chunkCount++;
    const index = this.count++;
    this.blobOffset[index] = chunk.blobOffset;
    this.innerOffset[index] = chunk.innerOffset;
    this.fileOffset[index] = chunk.fileOffset;
    this.size[index] = size;
    this.entryIndex[index] = chunk.entryIndex;
    this.hasDigest[index] = chunk.hasDigest || chunk.isHole ? 1 : 0;
    this.isHole[index] = chunk.isHole ? 1 : 0;
  }

  /** How many bytes of the file its chunks hold so far. */
  reached(node: TocNode): number {
    if (node.chunkCount === 0) return 0;
    const last = this.count - 1;
    return (this.fileOffset[last] ?? 0) + (this.size[last] ?? 0);
  }
}

function grown<Column extends Float64Array | Uint32Array | Uint8Array>(from: Column, to: Column): Column {
  to.set(from);
  return to;
}

export interface ChunkTableOptions {
  readonly compression: ChunkCompression;
  /** Where the last member ends in the blob. */
  readonly payloadEnd: number;
  /** Makes the error for the entry of this index. */
  readonly errorAt: (entryIndex: number, error: FormatError) => Error;
}

/**
 * The chunk table for the non-empty regular files `files`; their `firstChunk` is changed to an index in it. Chunks of
 * other files (replaced or hidden ones) are left out, but their members still end the member before them.
 * @throws what `errorAt` returns, when chunks overlap or the chunks of a file are not neighbours in the blob.
 */
export function buildChunkTable(list: ChunkList, files: TocNode[], options: ChunkTableOptions): ChunkTable {
  const { blobOffset, innerOffset } = list;
  files.sort(
    ({ firstChunk: a }, { firstChunk: b }) => blobOffset[a]! - blobOffset[b]! || innerOffset[a]! - innerOffset[b]!,
  );
  const order = tocIndices(files);
  requireAscending(list, order, options.errorAt);
  const table = allocate(order.length, options.compression);
  fillTable(table, list, order);
  fillBlobEnds(table, ascending(blobOffset.subarray(0, list.count)), options.payloadEnd);
  closeHoles(table, list, order);
  return table;
}

// For every chunk of the table its index in the list. The files' firstChunk changes from the one to the other.
function tocIndices(files: readonly TocNode[]): Uint32Array {
  const order = new Uint32Array(files.reduce((sum, file) => sum + file.chunkCount, 0));
  let next = 0;
  for (const file of files) {
    const first = next;
    for (let i = 0; i < file.chunkCount; i++) order[next++] = file.firstChunk + i;
    file.firstChunk = first;
  }
  return order;
}

function requireAscending(list: ChunkList, order: Uint32Array, errorAt: ChunkTableOptions['errorAt']): void {
  let lastOffset = -1;
  let lastEnd = 0;
  for (const i of order) {
    const offset = list.blobOffset[i] ?? 0;
    const inner = list.innerOffset[i] ?? 0;
    if (offset < lastOffset || (offset === lastOffset && inner < lastEnd)) {
      throw errorAt(
        list.entryIndex[i] ?? 0,
        new FormatError(
          `offset: got ${offset} and innerOffset ${inner}, wanted ${lastOffset} and ${lastEnd} or more, where the data before it ends`,
          { offset },
        ),
      );
    }
    lastOffset = offset;
    lastEnd = inner + (list.size[i] ?? 0);
  }
}

// All columns on one buffer: four of 8 bytes, one of 4 and one of 32 for each chunk.
function allocate(count: number, compression: ChunkCompression): ChunkTable {
  const buffer = new SharedArrayBuffer(count * 68);
  const column = (index: number): Float64Array => new Float64Array(buffer, index * 8 * count, count);
  return {
    count,
    compression,
    blobOffset: column(0),
    blobEnd: column(1),
    innerOffset: column(2),
    fileOffset: column(3),
    size: new Uint32Array(buffer, 32 * count, count),
    digest: new Uint8Array(buffer, 36 * count, 32 * count),
  };
}

// Chunks that are neighbours in the list as well, which are nearly all of a layer, are copied at once.
function fillTable(table: ChunkTable, list: ChunkList, order: Uint32Array): void {
  for (let chunk = 0, end = 0; chunk < table.count; chunk = end) {
    const first = order[chunk]!;
    for (end = chunk + 1; end < table.count && order[end] === first + end - chunk;) end++;
    const last = first + end - chunk;
    table.blobOffset.set(list.blobOffset.subarray(first, last), chunk);
    table.innerOffset.set(list.innerOffset.subarray(first, last), chunk);
    table.fileOffset.set(list.fileOffset.subarray(first, last), chunk);
    table.size.set(list.size.subarray(first, last), chunk);
    table.digest.set(list.digest.subarray(32 * first, 32 * last), 32 * chunk);
  }
}

function ascending(column: Float64Array): Float64Array {
  for (let i = 1; i < column.length; i++) if (column[i]! < column[i - 1]!) return column.slice().sort();
  return column;
}

// A member ends where the next one begins: at the next offset that any chunk names, else where the payload ends.
function fillBlobEnds(table: ChunkTable, memberStarts: Float64Array, payloadEnd: number): void {
  let next = 0;
  for (let chunk = 0; chunk < table.count; chunk++) {
    const start = table.blobOffset[chunk] ?? 0;
    while (next < memberStarts.length && (memberStarts[next] ?? 0) <= start) next++;
    table.blobEnd[chunk] = memberStarts[next] ?? payloadEnd;
  }
}

// Nothing of the blob is a hole, though its zeros are in there too.
function closeHoles(table: ChunkTable, list: ChunkList, order: Uint32Array): void {
  for (let chunk = 0; chunk < table.count; chunk++) {
    if (list.isHole[order[chunk]!] === 1) table.blobEnd[chunk] = table.blobOffset[chunk]!;
  }
}
