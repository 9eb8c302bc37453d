// Files of equal content within a layer and between layers, by the digests that tables of contents have of whole files.
import { FormatError } from '../errors.ts';
import { DEFAULT_LIMITS } from '../estargz/limits.ts';
import { KEY } from '../estargz/toc-entry.ts';
import type { TocEntry } from '../estargz/toc-entry.ts';
import { TocEntries, typeOf } from './inspect-entries.ts';
import type { Duplicates } from './inspect-model.ts';

/** Landmarks are all the same, and files as small as they are nobody's loss. */
const LANDMARK_SIZE = 1;

/** Counts the files of layers, which come one after the other, that an earlier file has the content of. */
export class DuplicateFinder {
  /** Digests (32 bytes as latin1) to the index of the first layer that has a file of it. */
  readonly #first = new Map<string, number>();
  readonly #found = { files: 0, bytes: 0, withinLayers: { files: 0, bytes: 0 } };
  readonly #digest = Buffer.alloc(32);
  #layer = -1;

  get found(): Duplicates {
    return this.#found;
  }

  /** Adds the next layer: the JSON of a TOC that `parseToc` has taken. Blocks. */
  add(tocJson: Uint8Array): void {
    this.#layer++;
    const entries = new TocEntries(tocJson);
    for (let index = 0; index < entries.count; index++) {
      const entry = entries.read(index);
      if (typeOf(entry) !== 'reg') continue;
      const size = entry.integer(KEY.size, DEFAULT_LIMITS.maxFileSize);
      if (size > LANDMARK_SIZE && this.#hasDigest(entry)) this.#file(this.#digest.toString('latin1'), size);
    }
  }

  // Of a file of several chunks, nobody has looked at it before.
  #hasDigest(entry: TocEntry): boolean {
    try {
      return entry.digest(KEY.digest, this.#digest, 0);
    } catch (error) {
      if (error instanceof FormatError) return false;
      throw error;
    }
  }

  #file(digest: string, size: number): void {
    const first = this.#first.get(digest);
    if (first === undefined) return void this.#first.set(digest, this.#layer);
    this.#found.files++;
    this.#found.bytes += size;
    if (first !== this.#layer) return;
    this.#found.withinLayers.files++;
    this.#found.withinLayers.bytes += size;
  }
}
