// A cursor over the bytes of a JSON text (RFC 8259) that builds no objects: a TOC of ten megabytes would become
// hundreds of thousands of them. It accepts exactly what JSON.parse accepts, knows nothing of TOCs, and never goes
// back, so it takes time and memory by the size of the text, however that nests.
import { FormatError } from '../errors.ts';
import type { WordTable } from './word-table.ts';

/** How the bytes of a string stand for its characters. */
export type StringForm = typeof PLAIN | typeof WIDE | typeof ESCAPED;
/** ASCII without escapes: the bytes are the characters. Also said of what is no string. */
export const PLAIN = 0;
/** UTF-8 beyond ASCII, or what should be UTF-8. */
export const WIDE = 1;
/** With backslashes. */
export const ESCAPED = 2;

export const QUOTE = 0x22;
export const OPEN_ARRAY = 0x5b;
export const CLOSE_ARRAY = 0x5d;
export const OPEN_OBJECT = 0x7b;
export const CLOSE_OBJECT = 0x7d;
const COLON = 0x3a;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const DIGIT_0 = 0x30;
const END = -1;

const LITERALS: ReadonlyMap<number, Buffer> = new Map(
  ['true', 'false', 'null'].map((word) => [word.charCodeAt(0), Buffer.from(word)]),
);
const SIMPLE_ESCAPES: ReadonlySet<number> = new Set(Buffer.from('"\\/bfnrt'));
const LETTER_U = 0x75;

// What a byte is within a string. Control characters are not allowed there.
const KIND_PLAIN = 0;
const KIND_WIDE = 1;
const KIND_ESCAPE = 2;
const KIND_QUOTE = 3;
const KIND_CONTROL = 4;
const KIND: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) => (byte < 0x80 ? KIND_PLAIN : KIND_WIDE));
KIND.fill(KIND_CONTROL, 0, 0x20);
KIND[BACKSLASH] = KIND_ESCAPE;
KIND[QUOTE] = KIND_QUOTE;

// A bracket for each level is remembered. Go's reader stops at ten thousand levels.
const MAX_DEPTH = 2 ** 21;

/** Stands before a value, a key or a bracket; every method passes what its name says, or throws a FormatError with the offset. */
export class JsonScanner {
  readonly bytes: Buffer;
  /** Offset of the next byte. */
  at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.at = at;
  }

  /** Passes white space. @returns the byte after it, which is not passed; -1 at the end. */
  peek(): number {
    const { bytes } = this;
    let { at } = this;
    let byte = bytes[at];
    while (byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d) byte = bytes[++at];
    this.at = at;
    return byte ?? END;
  }

  /** Passes the bracket that opens an array or object, and if it is empty the one that closes it. @returns whether there is an item. */
  enter(close: number): boolean {
    this.at++;
    if (this.peek() !== close) return true;
    this.at++;
    return false;
  }

  /** Passes what follows an item: the comma, or the bracket that closes the array or object. @returns whether there is another item. */
  more(close: number): boolean {
    const byte = this.peek();
    if (byte !== COMMA && byte !== close) this.#fail();
    this.at++;
    return byte === COMMA;
  }

  /**
   * Passes the key of an object and its colon. It is found soonest when it is the word with the index `guess`.
   * @returns its index in `words`, -1 when it is none of them.
   */
  key(words: WordTable, guess = 0): number {
    if (this.peek() !== QUOTE) this.#fail();
    const start = this.at;
    const isGuess = words.isAt(guess, this.bytes, start + 1, QUOTE);
    if (isGuess) this.at += words.lengthOf(guess) + 2;
    const form = isGuess ? PLAIN : this.string();
    const end = this.at;
    if (this.peek() !== COLON) this.#fail();
    this.at++;
    if (isGuess) return guess;
    if (form === PLAIN) return words.find(this.bytes, start + 1, end - 1);
    return words.findText(String(this.valueAt(start, end)));
  }

  /** Passes any value. @returns its form when it is a string. */
  value(): StringForm {
    const byte = this.peek();
    if (byte === QUOTE) return this.string();
    if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) this.#container();
    else this.#scalar(byte);
    return PLAIN;
  }

  /** Passes a string, at whose quote it stands. */
  string(): StringForm {
    const { bytes } = this;
    let at = this.at + 1;
    let form: StringForm = PLAIN;
    for (;;) {
      // Behind the end there is no byte, which is of no kind either.
      while (KIND[bytes[at]!] === KIND_PLAIN) at++;
      const kind = KIND[bytes[at]!];
      if (kind === KIND_WIDE) {
        if (form === PLAIN) form = WIDE;
        at++;
      } else if (kind === KIND_ESCAPE) {
        form = ESCAPED;
        at = this.#escape(at);
      } else {
        this.at = at;
        if (kind !== KIND_QUOTE) this.#fail();
        this.at++;
        return form;
      }
    }
  }

  /** Passes the white space at the end of the text. */
  end(): void {
    if (this.peek() !== END) this.#fail();
  }

  /** The value that was passed from `start` to `end`. Slow. */
  valueAt(start: number, end: number): unknown {
    return JSON.parse(this.bytes.toString('utf8', start, end));
  }

  // Without recursion, because the text says how deep it nests.
  #container(): void {
    const closes: number[] = [];
    do {
      const byte = this.peek();
      if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
        // Both closing brackets come two places after the opening ones.
        closes.push(byte + 2);
        if (closes.length > MAX_DEPTH) this.#fail();
        if (this.enter(byte + 2)) {
          if (byte === OPEN_OBJECT) this.#anyKey();
          continue;
        }
        closes.pop();
      } else if (byte === QUOTE) this.string();
      else this.#scalar(byte);
      while (closes.length > 0 && !this.more(closes.at(-1)!)) closes.pop();
      if (closes.at(-1) === CLOSE_OBJECT) this.#anyKey();
    } while (closes.length > 0);
  }

  #anyKey(): void {
    if (this.peek() !== QUOTE) this.#fail();
    this.string();
    if (this.peek() !== COLON) this.#fail();
    this.at++;
  }

  // Returns the offset after the escape at `at`.
  #escape(at: number): number {
    const letter = this.bytes[at + 1] ?? END;
    if (SIMPLE_ESCAPES.has(letter)) return at + 2;
    this.at = at;
    if (letter !== LETTER_U) this.#fail();
    for (let i = at + 2; i < at + 6; i++) if (!isHexDigit(this.bytes[i] ?? END)) this.#fail();
    return at + 6;
  }

  #scalar(byte: number): void {
    const literal = LITERALS.get(byte);
    if (literal === undefined) {
      this.#number();
      return;
    }
    for (const wanted of literal) {
      if (this.bytes[this.at] !== wanted) this.#fail();
      this.at++;
    }
  }

  #number(): void {
    const { bytes } = this;
    if (bytes[this.at] === 0x2d) this.at++; // -
    if (bytes[this.at] === DIGIT_0) this.at++;
    else this.#digits();
    if (bytes[this.at] === 0x2e) {
      this.at++; // .
      this.#digits();
    }
    if (bytes[this.at] === 0x65 || bytes[this.at] === 0x45) {
      this.at++; // e or E
      if (bytes[this.at] === 0x2b || bytes[this.at] === 0x2d) this.at++; // + or -
      this.#digits();
    }
  }

  #digits(): void {
    const { bytes } = this;
    const start = this.at;
    let at = start;
    while (bytes[at]! >= DIGIT_0 && bytes[at]! <= 0x39) at++;
    this.at = at;
    if (at === start) this.#fail();
  }

  #fail(): never {
    const byte = this.bytes[this.at];
    const got = byte === undefined ? 'its end' : JSON.stringify(String.fromCharCode(byte));
    throw new FormatError(`TOC is not JSON: got ${got} at byte ${this.at}`, { offset: this.at });
  }
}

function isHexDigit(byte: number): boolean {
  return (byte >= DIGIT_0 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66);
}
