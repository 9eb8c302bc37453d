// Bytes that come in pieces of any size, read in the portions that a format has.

/** Reads pieces one after the other. Whoever makes it calls `close`. */
export class ByteReader {
  readonly #pieces: AsyncIterator<Uint8Array>;
  #rest: Buffer = Buffer.alloc(0);
  #offset = 0;

  constructor(pieces: AsyncIterable<Uint8Array>) {
    this.#pieces = pieces[Symbol.asyncIterator]();
  }

  /** Bytes that were read. */
  get offset(): number {
    return this.#offset;
  }

  /** What is at hand of the next bytes. */
  get buffered(): Buffer {
    return this.#rest;
  }

  /** The next bytes without reading them: `length`, or fewer at the end. */
  async peek(length: number): Promise<Buffer> {
    if (this.#rest.length < length) await this.#fill(length);
    return this.#rest.subarray(0, length);
  }

  /** The next bytes: `length`, or fewer at the end. A view of a piece when one has them all. */
  async read(length: number): Promise<Buffer> {
    const bytes = await this.peek(length);
    this.#rest = this.#rest.subarray(bytes.length);
    this.#offset += bytes.length;
    return bytes;
  }

  /** All that is left, in the pieces as they come. */
  async *rest(): AsyncGenerator<Buffer> {
    for (;;) {
      const bytes = this.#rest.length > 0 ? this.#rest : await this.peek(1);
      if (bytes.length === 0) return;
      const all = this.#rest;
      this.#rest = all.subarray(all.length);
      this.#offset += all.length;
      yield all;
    }
  }

  /** Tells the source that nothing more is wanted. */
  async close(): Promise<void> {
    await this.#pieces.return?.();
  }

  async #fill(length: number): Promise<void> {
    const parts = [this.#rest];
    for (let total = this.#rest.length; total < length;) {
      const next = await this.#pieces.next();
      if (next.done === true) break;
      parts.push(asBuffer(next.value));
      total += next.value.length;
    }
    const filled = parts.filter((part) => part.length > 0);
    this.#rest = filled.length === 1 ? filled[0]! : Buffer.concat(filled);
  }
}

function asBuffer(piece: Uint8Array): Buffer {
  return Buffer.from(piece.buffer, piece.byteOffset, piece.length);
}
