// The entries of a TOC as they are written, one by one and in any order, without an object for each: for what the checked
// tree of `parseToc` does not keep, which is their order, digests of whole files, and what was replaced by a later entry.
import { CLOSE_ARRAY, CLOSE_OBJECT, JsonScanner, OPEN_ARRAY, OPEN_OBJECT } from '../estargz/json-scanner.ts';
import { KEY, TocEntry } from '../estargz/toc-entry.ts';
import { WordTable } from '../estargz/word-table.ts';

const ENTRIES = new WordTable(['entries']);
const FOUND = 0;

/** What an entry is, in the TOC's words. */
export const TOC_TYPES = ['dir', 'reg', 'symlink', 'hardlink', 'char', 'block', 'fifo', 'chunk'] as const;
export type TocType = (typeof TOC_TYPES)[number];
const TYPES = new WordTable(TOC_TYPES);

/** The list of entries of a TOC that `parseToc` has taken. */
export class TocEntries {
  readonly #scanner: JsonScanner;
  #entry: TocEntry;
  #last = 0;
  /** Where each entry begins in the JSON. */
  readonly #starts: Uint32Array;

  /** @throws FormatError when it is no JSON. */
  constructor(tocJson: Uint8Array) {
    this.#scanner = new JsonScanner(tocJson);
    this.#entry = new TocEntry(this.#scanner);
    this.#starts = readStarts(this.#scanner);
  }

  get count(): number {
    return this.#starts.length;
  }

  /** Reads the entry of this index. The returned object stands for it until the next call. */
  read(index: number): TocEntry {
    // It takes values behind an entry's beginning for those of the entry, so it can only go on.
    if (index < this.#last) this.#entry = new TocEntry(this.#scanner);
    this.#last = index;
    this.#scanner.at = this.#starts[index]!;
    this.#entry.read();
    return this.#entry;
  }
}

/** The type of an entry of a TOC that `parseToc` has taken. */
export function typeOf(entry: TocEntry): TocType {
  return TOC_TYPES[entry.word(KEY.type, TYPES)] ?? 'chunk';
}

function readStarts(scanner: JsonScanner): Uint32Array {
  let starts: number[] = [];
  if (scanner.peek() !== OPEN_OBJECT) return new Uint32Array();
  for (let more = scanner.enter(CLOSE_OBJECT); more; more = scanner.more(CLOSE_OBJECT)) {
    if (scanner.key(ENTRIES) !== FOUND) scanner.value();
    else {
      // JSON allows a key twice, and the later one counts.
      starts = [];
      if (scanner.peek() !== OPEN_ARRAY) scanner.value();
      else readItems(scanner, starts);
    }
  }
  return Uint32Array.from(starts);
}

function readItems(scanner: JsonScanner, starts: number[]): void {
  for (let more = scanner.enter(CLOSE_ARRAY); more; more = scanner.more(CLOSE_ARRAY)) {
    scanner.peek();
    starts.push(scanner.at);
    scanner.value();
  }
}
