// The chunks of a table of contents in columns, as it has them, in the order in which they lie in the blob: also those of
// files that a later entry replaces, which the checked chunk table leaves out.
import { DEFAULT_LIMITS } from '../estargz/limits.ts';
import { KEY } from '../estargz/toc-entry.ts';
import type { TocEntry } from '../estargz/toc-entry.ts';
import { cleanPath } from '../build/paths.ts';
import { TocEntries, typeOf } from './inspect-entries.ts';

/** One row for each chunk. Offsets named blob are in the blob, those named inner in the decompressed member. */
export interface ChunkRows {
  readonly count: number;
  readonly blobOffset: Float64Array;
  readonly innerOffset: Float64Array;
  readonly fileOffset: Float64Array;
  readonly size: Float64Array;
  /** 32 bytes each; zeros where there is none. */
  readonly digest: Uint8Array;
  /** The TOC entry of the file. */
  readonly fileEntry: Uint32Array;
  /** 1 for a chunk of zeros, of which only the TOC speaks. */
  readonly isHole: Uint8Array;
  /** The first chunk, and the number of chunks, of the file that a TOC entry (by index) is. */
  readonly filesFirst: Uint32Array;
  readonly filesCount: Uint32Array;
  /** Rows by place in the blob. */
  readonly order: Uint32Array;
}

/** Reads the rows of a TOC that `parseToc` has taken. Blocks. */
export function readRows(entries: TocEntries, knowsHoles: boolean): ChunkRows {
  const builder = new RowBuilder(entries.count, knowsHoles);
  for (let index = 0; index < entries.count; index++) {
    const entry = entries.read(index);
    const type = typeOf(entry);
    if (type === 'chunk') builder.addChunk(entry);
    else if (type === 'reg') builder.beginFile(entry, index);
  }
  return builder.finish();
}

/** The path of an entry of a TOC that `parseToc` has taken: cleaned, '' for the root. */
export function pathOfEntry(entry: TocEntry): string {
  return cleanPath(entry.text(KEY.name, DEFAULT_LIMITS.maxPathLength));
}

const MAX = Number.MAX_SAFE_INTEGER;

class RowBuilder {
  readonly #rows: Omit<ChunkRows, 'count' | 'order'>;
  readonly #knowsHoles: boolean;
  #count = 0;
  #file = 0;
  #fileSize = 0;

  constructor(entryCount: number, knowsHoles: boolean) {
    this.#knowsHoles = knowsHoles;
    this.#rows = {
      blobOffset: new Float64Array(entryCount),
      innerOffset: new Float64Array(entryCount),
      fileOffset: new Float64Array(entryCount),
      size: new Float64Array(entryCount),
      digest: new Uint8Array(32 * entryCount),
      fileEntry: new Uint32Array(entryCount),
      isHole: new Uint8Array(entryCount),
      filesFirst: new Uint32Array(entryCount),
      filesCount: new Uint32Array(entryCount),
    };
  }

  beginFile(entry: TocEntry, index: number): void {
    this.#file = index;
    this.#fileSize = entry.integer(KEY.size, MAX);
    this.#rows.filesFirst[index] = this.#count;
    if (this.#fileSize > 0) this.#add(entry, true);
  }

  addChunk(entry: TocEntry): void {
    this.#add(entry, false);
  }

  finish(): ChunkRows {
    const { blobOffset, innerOffset } = this.#rows;
    const order = Uint32Array.from({ length: this.#count }, (_, row) => row);
    order.sort((a, b) => blobOffset[a]! - blobOffset[b]! || innerOffset[a]! - innerOffset[b]! || a - b);
    return { ...this.#rows, count: this.#count, order };
  }

  #add(entry: TocEntry, isFirst: boolean): void {
    const rows = this.#rows;
    const row = this.#count++;
    const fileOffset = entry.integer(KEY.chunkOffset, MAX);
    const size = entry.integer(KEY.chunkSize, MAX) || this.#fileSize - fileOffset;
    rows.blobOffset[row] = entry.integer(KEY.offset, MAX);
    rows.innerOffset[row] = entry.integer(KEY.innerOffset, MAX);
    rows.fileOffset[row] = fileOffset;
    rows.size[row] = size;
    rows.fileEntry[row] = this.#file;
    rows.isHole[row] = this.#knowsHoles && entry.has(KEY.chunkType) && entry.value(KEY.chunkType) === 'zeros' ? 1 : 0;
    const isWhole = isFirst && size === this.#fileSize;
    // The digest of a whole file is that of its chunk when it has only one.
    const hasOwn = entry.digest(KEY.chunkDigest, rows.digest, 32 * row);
    if (!hasOwn && isWhole) entry.digest(KEY.digest, rows.digest, 32 * row);
    rows.filesCount[this.#file] = row + 1 - rows.filesFirst[this.#file]!;
  }
}
