// The chunks of a layer: collected in the order of the TOC, then laid out as the chunk table in the order of the
// blob. Here it is checked that the chunks of a file are its whole content, and that no two files claim the same bytes.
import { FormatError } from '../errors.ts';
import type { Digest } from '../oci/digest.ts';
import type { ChunkCompression, ChunkTable, TocNode } from './model.ts';

/** One chunk as the TOC has it. Offsets and sizes are those of the chunk table. */
export interface ChunkFields {
  readonly blobOffset: number;
  readonly innerOffset: number;
  readonly fileOffset: number;
  /** 0 where the TOC has none: up to the end of the file. */
  readonly size: number;
  readonly digest: Digest | undefined;
  readonly entryIndex: number;
}

/** The chunks in the order of the TOC, in columns. `firstChunk` of the nodes counts in them until buildChunkTable. */
export class ChunkList {
  readonly blobOffset: number[] = [];
  readonly innerOffset: number[] = [];
  readonly size: number[] = [];
  readonly fileOffset: number[] = [];
  readonly digest: (Digest | undefined)[] = [];
  readonly entryIndex: number[] = [];
  readonly #maxChunkSize: number;

  constructor(maxChunkSize: number) {
    this.#maxChunkSize = maxChunkSize;
  }

  /** Adds the next chunk of `node`. @throws FormatError when it does not begin where the one before it ended, or goes too far. */
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
    if (size > this.#maxChunkSize || chunk.innerOffset + size > this.#maxChunkSize) {
      throw new FormatError(
        `chunkSize: ${size} at innerOffset ${chunk.innerOffset}, wanted an end of ${this.#maxChunkSize} at most`,
      );
    }
    if (node.chunkCount === 0) node.firstChunk = this.size.length;
    node.chunkCount++;
    this.blobOffset.push(chunk.blobOffset);
    this.innerOffset.push(chunk.innerOffset);
    this.fileOffset.push(chunk.fileOffset);
    this.size.push(size);
    this.digest.push(chunk.digest);
    this.entryIndex.push(chunk.entryIndex);
  }

  /** How many bytes of the file its chunks hold so far. */
  reached(node: TocNode): number {
    if (node.chunkCount === 0) return 0;
    const last = this.size.length - 1;
    return (this.fileOffset[last] ?? 0) + (this.size[last] ?? 0);
  }
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
  const position = (file: TocNode): number => list.blobOffset[file.firstChunk] ?? 0;
  const inner = (file: TocNode): number => list.innerOffset[file.firstChunk] ?? 0;
  files.sort((a, b) => position(a) - position(b) || inner(a) - inner(b));
  const order = tocIndices(files);
  requireAscending(list, order, options.errorAt);
  const table = allocate(order.length, options.compression);
  fillTable(table, list, order);
  fillBlobEnds(table, Float64Array.from(list.blobOffset).sort(), options.payloadEnd);
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

function fillTable(table: ChunkTable, list: ChunkList, order: Uint32Array): void {
  const digests = Buffer.from(table.digest.buffer, table.digest.byteOffset, table.digest.length);
  for (let chunk = 0; chunk < table.count; chunk++) {
    const i = order[chunk] ?? 0;
    table.blobOffset[chunk] = list.blobOffset[i] ?? 0;
    table.innerOffset[chunk] = list.innerOffset[i] ?? 0;
    table.fileOffset[chunk] = list.fileOffset[i] ?? 0;
    table.size[chunk] = list.size[i] ?? 0;
    const digest = list.digest[i];
    if (digest !== undefined) digests.write(digest.slice('sha256:'.length), chunk * 32, 'hex');
  }
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
