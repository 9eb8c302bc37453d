// A blob of which any part can be streamed, as the readers of lazily pullable layers want blobs.
import { FormatError, LazypullError } from '../errors.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import type { Digest } from '../oci/digest.ts';
import type { BlobTail, RemoteBlob } from '../registry/blob.ts';

/** Gives the bytes [start, end), which are within the blob. */
export type StreamRange = (start: number, end: number, signal?: AbortSignal) => AsyncIterable<Uint8Array>;

/** A blob over a function that streams its parts. Not verified. */
export class StreamedBlob implements RemoteBlob {
  readonly digest: Digest;
  readonly size: number;
  readonly #stream: StreamRange;

  constructor({ digest, size }: Pick<Descriptor, 'digest' | 'size'>, stream: StreamRange) {
    this.digest = digest;
    this.size = size;
    this.#stream = stream;
  }

  async readTail(length: number, signal?: AbortSignal): Promise<BlobTail> {
    const bytes = await this.readRange(Math.max(0, this.size - length), this.size, signal);
    return { bytes, blobSize: this.size };
  }

  async readRange(start: number, end: number, signal?: AbortSignal): Promise<Uint8Array> {
    const pieces = this.streamRange(start, end, signal);
    const bytes = new Uint8Array(end - start);
    let at = 0;
    for await (const piece of pieces) {
      if (piece.length > bytes.length - at) throw this.#wrong(start, end, `more than ${bytes.length}`);
      bytes.set(piece, at);
      at += piece.length;
    }
    if (at < bytes.length) throw this.#wrong(start, end, `only ${at}`);
    return bytes;
  }

  streamRange(start: number, end: number, signal?: AbortSignal): AsyncIterable<Uint8Array> {
    if (start >= 0 && start <= end && end <= this.size) return this.#stream(start, end, signal);
    throw new LazypullError('INVALID_ARGUMENT', `not a range of a blob of ${this.size} bytes: [${start}, ${end})`);
  }

  #wrong(start: number, end: number, got: string): FormatError {
    return new FormatError(`${this.digest}: ${got} bytes came for [${start}, ${end})`, { offset: start });
  }
}
