// A few words that are known ahead, found by their bytes: the keys of a TOC, a million times over, become no strings.

/** ASCII words, each with its index. */
export class WordTable {
  readonly #words: readonly string[];
  /** Words that have the same slot. */
  readonly #slots: { readonly index: number; readonly bytes: Uint8Array }[][];

  constructor(words: readonly string[]) {
    this.#words = words;
    this.#slots = Array.from({ length: SLOTS }, () => []);
    for (const [index, word] of words.entries()) {
      const bytes = Buffer.from(word, 'latin1');
      this.#slots[slotOf(bytes, 0, bytes.length)]!.push({ index, bytes });
    }
  }

  /** The index of the word at [start, end) of `bytes`, or -1. */
  find(bytes: Uint8Array, start: number, end: number): number {
    const words = this.#slots[slotOf(bytes, start, end)]!;
    for (let i = 0; i < words.length; i++) {
      const word = words[i]!;
      if (isAt(word.bytes, bytes, start, end)) return word.index;
    }
    return -1;
  }

  /** The index of `word`, or -1. */
  findText(word: string): number {
    return this.#words.indexOf(word);
  }
}

const SLOTS = 512;

function slotOf(bytes: Uint8Array, start: number, end: number): number {
  return end === start ? 0 : ((end - start) * 32 + (bytes[start]! & 31)) % SLOTS;
}

function isAt(word: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start !== word.length) return false;
  // The last bytes of words differ sooner than the first.
  for (let i = word.length - 1; i >= 0; i--) if (bytes[start + i] !== word[i]) return false;
  return true;
}
