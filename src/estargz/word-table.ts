// A few words that are known ahead, found by their bytes: the keys of a TOC, a million times over, become no strings.

/** ASCII words, each with its index. */
export class WordTable {
  readonly #words: readonly string[];
  readonly #bytes: readonly Uint8Array[];
  /** Indexes of the words that have the same slot. */
  readonly #slots: readonly number[][];

  constructor(words: readonly string[]) {
    this.#words = words;
    this.#bytes = words.map((word) => new Uint8Array(Buffer.from(word, 'latin1')));
    this.#slots = Array.from({ length: SLOTS }, () => []);
    for (const [index, bytes] of this.#bytes.entries()) this.#slots[slotOf(bytes, 0, bytes.length)]!.push(index);
  }

  /** The index of the word at [start, end) of `bytes`, or -1. */
  find(bytes: Uint8Array, start: number, end: number): number {
    const indexes = this.#slots[slotOf(bytes, start, end)]!;
    for (let i = 0; i < indexes.length; i++) {
      const word = this.#bytes[indexes[i]!]!;
      if (word.length === end - start && hasWord(bytes, start, word)) return indexes[i]!;
    }
    return -1;
  }

  /** The index of `word`, or -1. */
  findText(word: string): number {
    return this.#words.indexOf(word);
  }

  /** Whether the word with this index stands at `start` of `bytes`, and the byte `after` behind it. */
  isAt(index: number, bytes: Uint8Array, start: number, after: number): boolean {
    const word = this.#bytes[index]!;
    return bytes[start + word.length] === after && hasWord(bytes, start, word);
  }

  lengthOf(index: number): number {
    return this.#bytes[index]!.length;
  }
}

const SLOTS = 512;

function slotOf(bytes: Uint8Array, start: number, end: number): number {
  return end === start ? 0 : ((end - start) * 32 + (bytes[start]! & 31)) % SLOTS;
}

function hasWord(bytes: Uint8Array, start: number, word: Uint8Array): boolean {
  for (let i = 0; i < word.length; i++) if (bytes[start + i] !== word[i]) return false;
  return true;
}
