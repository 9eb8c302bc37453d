// One entry of the TOC: where in the JSON the values of those keys are that mean something. They are decoded when they
// are asked for: a key that comes twice counts once, and a field that a type does not have is not looked at.
import { CLOSE_OBJECT, PLAIN, QUOTE } from './json-scanner.ts';
import type { JsonScanner, StringForm } from './json-scanner.ts';
import { parseDigestField, parseInteger, parseSha256, parseText, quote } from './toc-fields.ts';
import { parseTime, parseUtcTime, UTC_TIME_LENGTH } from './toc-time.ts';
import { WordTable } from './word-table.ts';

/** The keys of an entry that mean something here, by numbers. */
export const KEY = {
  name: 0,
  type: 1,
  size: 2,
  modtime: 3,
  linkName: 4,
  mode: 5,
  uid: 6,
  gid: 7,
  devMajor: 8,
  devMinor: 9,
  xattrs: 10,
  digest: 11,
  offset: 12,
  innerOffset: 13,
  chunkOffset: 14,
  chunkSize: 15,
  chunkDigest: 16,
  chunkType: 17,
} as const;
export type Key = (typeof KEY)[keyof typeof KEY];

const NAMES: readonly string[] = Object.keys(KEY);
const WORDS = new WordTable(NAMES);
/** The key as the TOC has it. */
export function keyName(key: Key): string {
  return NAMES[key]!;
}

// So many digits are a safe integer.
const SAFE_DIGITS = 15;

/** A text as bytes: [start, end). */
export interface TextSpan {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  readonly encoding: 'latin1' | 'utf8';
}

/** The entry that was read last. */
export class TocEntry {
  readonly #scanner: JsonScanner;
  readonly #bytes: Buffer;
  /** Where the entry begins. Values from before it are those of earlier entries. */
  #begin = 0;
  // By key: where its value is, with the quotes of a string, and the form of a string.
  readonly #start: Float64Array = new Float64Array(NAMES.length).fill(-1);
  readonly #end: Float64Array = new Float64Array(NAMES.length);
  readonly #form: StringForm[] = NAMES.map(() => PLAIN);
  /** By key: the one that came after it the last time. At the end the first one. */
  readonly #following: Uint8Array = new Uint8Array(NAMES.length + 1);
  #keptNameStart = 0;
  #keptNameEnd = 0;
  #timeStart = 0;
  #timeEnd = 0;
  #timeSec = 0;

  constructor(scanner: JsonScanner) {
    this.#scanner = scanner;
    this.#bytes = scanner.bytes;
  }

  /** Passes the object at whose bracket the scanner stands. @throws FormatError when that is no JSON. */
  read(): void {
    const scanner = this.#scanner;
    this.#begin = scanner.at;
    let before = NAMES.length;
    for (let more = scanner.enter(CLOSE_OBJECT); more; more = scanner.more(CLOSE_OBJECT)) {
      const key = scanner.key(WORDS, this.#following[before]);
      scanner.peek();
      const start = scanner.at;
      const form = scanner.value();
      if (key === -1) continue;
      this.#following[before] = key;
      before = key;
      this.#start[key] = start;
      this.#end[key] = scanner.at;
      this.#form[key] = form;
    }
  }

  /** Whether the key is there, null or not. */
  has(key: Key): boolean {
    return this.#start[key]! >= this.#begin;
  }

  /** The value as JSON.parse gives it; undefined when there is none. Slow: for what is rare, and for errors. */
  value(key: Key): unknown {
    return this.has(key) ? this.#scanner.valueAt(this.#start[key]!, this.#end[key]!) : undefined;
  }

  /** The value for an error message. */
  quote(key: Key): string {
    return quote(this.value(key));
  }

  /** Remembers the name, which is there, for later entries. */
  keepName(): void {
    this.#keptNameStart = this.#start[KEY.name]!;
    this.#keptNameEnd = this.#end[KEY.name]!;
  }

  /** The name that was kept. */
  keptName(): unknown {
    return this.#scanner.valueAt(this.#keptNameStart, this.#keptNameEnd);
  }

  /** Whether the name is the kept one, or missing. */
  mayHaveKeptName(): boolean {
    if (!this.has(KEY.name)) return true;
    const start = this.#start[KEY.name]!;
    const isSameText = isSame(this.#bytes, start, this.#end[KEY.name]!, this.#keptNameStart, this.#keptNameEnd);
    return isSameText || this.value(KEY.name) === this.keptName();
  }

  /** The index of the value in `words`; -1 when it is none of them. */
  word(key: Key, words: WordTable): number {
    if (this.#isPlainString(key)) return words.find(this.#bytes, this.#start[key]! + 1, this.#end[key]! - 1);
    const value = this.value(key);
    return typeof value === 'string' ? words.findText(value) : -1;
  }

  /** @throws FormatError unless it is missing (0) or an integer of [0, max]. */
  integer(key: Key, max: number): number {
    const start = this.#start[key]!;
    if (start < this.#begin) return 0;
    const end = this.#end[key]!;
    let value = end - start <= SAFE_DIGITS ? 0 : Number.NaN;
    for (let at = start; at < end; at++) {
      const digit = this.#bytes[at]! - 0x30;
      value = digit >= 0 && digit <= 9 ? value * 10 + digit : Number.NaN;
    }
    return value <= max ? value : parseInteger(this.value(key), keyName(key), max);
  }

  /** The text, '' when it is missing. @throws FormatError as parseText does. */
  text(key: Key, maxBytes: number): string {
    const { bytes, start, end, encoding } = this.span(key, maxBytes);
    return bytes.toString(encoding, start, end);
  }

  /** The text as bytes. @throws FormatError as parseText does. */
  span(key: Key, maxBytes: number): TextSpan {
    const start = this.#start[key]! + 1;
    const end = this.#end[key]! - 1;
    // Without escapes there is no NUL in it.
    if (this.#isPlainString(key) && end - start <= maxBytes)
      return { bytes: this.#bytes, start, end, encoding: 'latin1' };
    const bytes = Buffer.from(parseText(this.value(key), keyName(key), maxBytes));
    return { bytes, start: 0, end: bytes.length, encoding: 'utf8' };
  }

  /** The modification time in seconds. @throws FormatError as parseTime does. */
  time(): number {
    const start = this.#start[KEY.modtime]!;
    if (start < this.#begin) return 0;
    const end = this.#end[KEY.modtime]!;
    // Neighbours often have the same.
    if (!isSame(this.#bytes, start, end, this.#timeStart, this.#timeEnd)) {
      const isUsual = this.#isPlainString(KEY.modtime) && end - start === UTC_TIME_LENGTH + 2;
      const seconds = isUsual ? parseUtcTime(this.#bytes, start + 1) : undefined;
      this.#timeSec = seconds ?? parseTime(this.value(KEY.modtime));
      this.#timeStart = start;
      this.#timeEnd = end;
    }
    return this.#timeSec;
  }

  /**
   * Writes the 32 bytes of a digest to `target`. @returns false where there is none.
   * @throws FormatError when it is no digest.
   */
  digest(key: Key, target: Uint8Array, at: number): boolean {
    const start = this.#start[key]!;
    if (start < this.#begin) return false;
    if (this.#isPlainString(key) && parseSha256(this.#bytes, start + 1, this.#end[key]! - 1, target, at)) return true;
    const digest = parseDigestField(this.value(key), keyName(key));
    return digest !== undefined && parseSha256(Buffer.from(digest), 0, digest.length, target, at);
  }

  #isPlainString(key: Key): boolean {
    const start = this.#start[key]!;
    return start >= this.#begin && this.#bytes[start] === QUOTE && this.#form[key] === PLAIN;
  }
}

function isSame(bytes: Uint8Array, start: number, end: number, otherStart: number, otherEnd: number): boolean {
  if (end - start !== otherEnd - otherStart) return false;
  for (let i = end - start - 1; i >= 0; i--) if (bytes[start + i] !== bytes[otherStart + i]) return false;
  return true;
}
