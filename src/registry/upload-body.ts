// The bodies of an upload's requests: parts of a blob from a source that is opened for each of them, and checked against
// the blob's size. What the source throws is kept apart from what the connection does.
import { FormatError } from '../errors.ts';
import type { Descriptor } from '../oci/descriptor.ts';

const NOTHING = new Uint8Array(0);

/** What a request sends. */
export interface UploadBody {
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined when nothing is sent. */
  readonly open: (() => AsyncIterable<Uint8Array>) | undefined;
}

export interface BlobBodyOptions {
  readonly descriptor: Descriptor;
  /** The blob's bytes from an offset on. */
  readonly open: (offset: number) => AsyncIterable<Uint8Array>;
  /** Gets the bytes that were handed to the registry so far. */
  readonly onProgress?: ((bytes: number) => void) | undefined;
}

/** A blob as bodies. */
export class BlobBody {
  readonly #options: BlobBodyOptions;
  /** What the source threw, or what is wrong with its length: the registry is not to blame. */
  sourceError: { readonly error: unknown } | undefined;

  constructor(options: BlobBodyOptions) {
    this.#options = options;
  }

  /** The body of the bytes [start, end). */
  part(start: number, end: number): UploadBody {
    const length = { 'content-length': String(end - start) };
    if (start === end) return { headers: length, open: undefined };
    return {
      headers: { ...length, 'content-type': 'application/octet-stream' },
      open: () => this.#pieces(start, end),
    };
  }

  /** Exactly the bytes [start, end). A broken connection comes in at `yield`. */
  async *#pieces(start: number, end: number): AsyncGenerator<Uint8Array> {
    const { onProgress, open } = this.#options;
    const source = open(start)[Symbol.asyncIterator]();
    try {
      for (let at = start; at < end;) {
        const piece = await this.#nextPiece(source, at);
        const part = piece.subarray(0, end - at);
        yield part;
        at += part.length;
        onProgress?.(at);
      }
      if (end === this.#options.descriptor.size) await this.#nextPiece(source, end);
    } finally {
      await source.return?.();
    }
  }

  /** The piece at an offset, an empty one at the end. @throws what the source throws. */
  async #nextPiece(source: AsyncIterator<Uint8Array>, at: number): Promise<Uint8Array> {
    const { digest, size } = this.#options.descriptor;
    const wrong = (got: string): FormatError =>
      new FormatError(`${digest}: ${got} bytes to upload, its descriptor says ${size}`);
    try {
      const next = await source.next();
      const piece = next.done === true ? NOTHING : next.value;
      if (at + piece.length > size) throw wrong(`more than ${size}`);
      if (next.done === true && at < size) throw wrong(String(at));
      return piece;
    } catch (error) {
      this.sourceError = { error };
      throw error;
    }
  }
}
