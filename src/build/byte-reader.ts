// Bytes that come in pieces of any size, read in the portions that a format has.

/** Reads pieces one after the other. Whoever makes it calls `close`. */
export class ByteReader {
  readonly #pieces: AsyncIterator<Uint8Array>;
  #rest: Buffer = Buffer.alloc(0);
  #offset = 0;
  readonly #signal: AbortSignal | undefined;
  #isWaiting = false;

  /** With a signal, reading ends at once when it is aborted, also when the source does not care. */
  constructor(pieces: AsyncIterable<Uint8Array>, signal?: AbortSignal) {
    this.#pieces = pieces[Symbol.asyncIterator]();
    this.#signal = signal;
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

  /** Tells the source that nothing more is wanted. Waits for its end, unless a piece of it is still waited for. */
  async close(): Promise<void> {
    const closing = Promise.resolve(this.#pieces.return?.());
    if (this.#isWaiting) closing.catch(() => undefined);
    else await closing;
  }

  async #next(): Promise<IteratorResult<Uint8Array>> {
    this.#signal?.throwIfAborted();
    const aborted = Promise.withResolvers<never>();
    const onAbort = (): void => aborted.reject(this.#signal?.reason);
    this.#signal?.addEventListener('abort', onAbort);
    this.#isWaiting = true;
    const piece = this.#pieces.next().finally(() => {
      this.#isWaiting = false;
      this.#signal?.removeEventListener('abort', onAbort);
    });
    return Promise.race([piece, aborted.promise]);
  }

  async #fill(length: number): Promise<void> {
    const parts = [this.#rest];
    for (let total = this.#rest.length; total < length;) {
      const next = await this.#next();
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
