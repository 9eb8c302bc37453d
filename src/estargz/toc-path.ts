// Paths of the TOC as names from the root. Entries come by directories, so the names that a path shares with the one
// before it are found by comparing bytes, and are not made again.
import { FormatError } from '../errors.ts';
import { MAX_NAME_LENGTH } from './limits.ts';
import type { TocLimits } from './limits.ts';
import { keyName } from './toc-entry.ts';
import type { Key, TextSpan, TocEntry } from './toc-entry.ts';

const SLASH = 0x2f;
const DOT = 0x2e;
const NOTHING: TextSpan = { bytes: Buffer.alloc(0), start: 0, end: 0, encoding: 'latin1' };

/** Parses the paths of one field, entry after entry. */
export class PathReader {
  readonly #key: Key;
  readonly #field: string;
  readonly #limits: TocLimits;
  readonly #names: string[] = [];
  /** Where each of the names ends in the text; behind those are leftovers. */
  readonly #ends: number[] = [];
  #last: TextSpan = NOTHING;

  constructor(key: Key, limits: TocLimits) {
    this.#key = key;
    this.#field = keyName(key);
    this.#limits = limits;
  }

  /**
   * The names of a path from the root, none of them empty, `.` or `..`; no names for the root itself. The array is
   * valid until the next call.
   * @throws FormatError when it is no such path.
   */
  read(entry: TocEntry): readonly string[] {
    const text = entry.span(this.#key, this.#limits.maxPathLength);
    const { bytes, start, end } = text;
    let count = this.#countShared(text);
    let at = count === 0 ? start : start + this.#ends[count - 1]!;
    while (at < end) {
      const first = at;
      while (at < end && bytes[at] !== SLASH) at++;
      if (at > first && !this.#isDot(entry, text, first, at)) {
        // In its place, because most paths differ from the one before in their last name only.
        this.#names[count] = this.#name(text, first, at);
        this.#ends[count++] = at - start;
      }
      at++;
    }
    if (this.#names.length > count) this.#names.length = count;
    if (count > this.#limits.maxDepth) {
      throw new FormatError(`${this.#field}: a path of ${count} names, wanted ${this.#limits.maxDepth} at most`);
    }
    this.#last = text;
    return this.#names;
  }

  // How many names of the last path this one begins with.
  #countShared({ bytes, start, end }: TextSpan): number {
    const last = this.#last;
    const length = Math.min(end - start, last.end - last.start);
    let shared = 0;
    while (shared < length && bytes[start + shared] === last.bytes[last.start + shared]) shared++;
    let count = this.#names.length;
    for (; count > 0; count--) {
      const nameEnd = this.#ends[count - 1]!;
      if (nameEnd <= shared && nameEnd < end - start && bytes[start + nameEnd] === SLASH) break;
    }
    return count;
  }

  #isDot(entry: TocEntry, { bytes }: TextSpan, first: number, end: number): boolean {
    if (bytes[first] !== DOT || end - first > 2) return false;
    if (end - first === 2 && bytes[first + 1] === DOT) {
      throw new FormatError(`${this.#field}: got ${entry.quote(this.#key)}, wanted a path without ".."`);
    }
    return end - first === 1;
  }

  #name({ bytes, encoding }: TextSpan, first: number, end: number): string {
    const length = end - first;
    if (length > MAX_NAME_LENGTH) {
      throw new FormatError(`${this.#field}: a name has ${length} bytes, wanted ${MAX_NAME_LENGTH} at most`);
    }
    return bytes.toString(encoding, first, end);
  }
}
