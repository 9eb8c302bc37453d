// Strings as Go's encoding/json writes them: formats that were made by Go programs have digests over such JSON.

/** A JSON string, safe within HTML, with U+2028, U+2029 and U+FFFD escaped. */
export function encodeGoString(text: string): string {
  return JSON.stringify(text.toWellFormed()).replaceAll(
    /[<>&\u2028\u2029\ufffd]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A map's entries in the order of Go's encoder: by the bytes of the keys, which is not the order of UTF-16 units. */
export function sortedByBytes<Value>(map: ReadonlyMap<string, Value>): [string, Value][] {
  if (map.size < 2) return [...map];
  return [...map].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

/** Bytes of all parts together. */
export function byteLength(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, { length }) => sum + length, 0);
}

// So many pieces become bytes at once: until then, each is an object of its own.
const PIECES = 4096;

/** A long text of short pieces, as UTF-8 in parts of about a megabyte. */
export class JsonText {
  readonly #done: Buffer[] = [];
  #pieces: string[] = [];

  add(...pieces: string[]): void {
    this.#pieces.push(...pieces);
    if (this.#pieces.length >= PIECES) this.#join();
  }

  finish(): Buffer[] {
    if (this.#pieces.length > 0) this.#join();
    return this.#done.splice(0);
  }

  #join(): void {
    this.#done.push(Buffer.from(this.#pieces.join('')));
    this.#pieces = [];
  }
}
