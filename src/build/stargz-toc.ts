// The TOC of the stargz formats, collected while the payload is written.
import { TocEncoder } from '../estargz/encode-toc.ts';
import type { PlacedChunk } from './dialects.ts';
import type { ChunkPlace } from './layer-stream.ts';
import type { LayerEntry } from './model.ts';
import { entryFields, OwnerNames } from './toc-fields.ts';

/** Grows by entries and chunks in the order of the blob. */
export class StargzToc {
  readonly #encoder = new TocEncoder();
  readonly #names = new OwnerNames();
  readonly #chunkSize: number;

  /** `chunkSize` is that of WriteOptions. */
  constructor(chunkSize: number) {
    this.#chunkSize = chunkSize;
  }

  /** An entry without chunks. */
  addEntry(entry: LayerEntry): void {
    this.#encoder.add({ ...entryFields(entry), ...this.#names.next(entry) });
  }

  /** A chunk; the first one of a file is its entry, too. */
  addChunk({ entry, fileOffset }: ChunkPlace, { offset, innerOffset, length, digest }: PlacedChunk): void {
    const fields = entryFields(entry);
    const isFirst = fileOffset === 0;
    this.#encoder.add({
      ...(isFirst ? { ...fields, ...this.#names.next(entry) } : { name: fields.name, type: 'chunk' }),
      offset,
      innerOffset,
      chunkOffset: fileOffset,
      // Left out, it means "up to the end of the file". The reference writes it only for chunks of full size.
      chunkSize: length === this.#chunkSize ? length : 0,
      chunkDigest: digest,
    });
  }

  /** The JSON, in parts. */
  finish(): Buffer[] {
    return this.#encoder.finish();
  }
}
