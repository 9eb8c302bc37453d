// An image whose blobs lie in files: an OCI layout, an archive. What is asked of it is looked up by digest and checked.
import { LazypullError } from '../errors.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import type { Digest } from '../oci/digest.ts';
import { MAX_MANIFEST_BYTES } from '../oci/manifest.ts';
import type { RemoteBlob } from '../registry/blob.ts';
import { FormatError } from '../errors.ts';
import { FileBlob, streamFileRange, wrongSize, type FileRange } from './file-range.ts';
import type { ImageDocument, ImageSource } from './model.ts';
import { documentOf, readVerified, verified } from './verified.ts';

/** Finds blobs. Disposing it closes and removes what was made for it. */
export interface BlobFiles extends AsyncDisposable {
  /** @returns undefined when there is no such blob. */
  lookup(digest: Digest): Promise<FileRange | undefined>;
}

export interface FileSourceOptions {
  readonly name: string;
  readonly files: BlobFiles;
  /** What the image's name means. */
  readonly root: Descriptor;
  /** Documents that are in no file, because they were made up for this image. */
  readonly madeUp?: ReadonlyMap<Digest, Uint8Array>;
}

export class FileSource implements ImageSource {
  readonly name: string;
  readonly reference: undefined;
  readonly #options: FileSourceOptions;

  /** Owns `options.files`. */
  constructor(options: FileSourceOptions) {
    this.name = options.name;
    this.#options = options;
  }

  root(signal?: AbortSignal): Promise<ImageDocument> {
    return this.document(this.#options.root, signal);
  }

  async document(descriptor: Descriptor, signal?: AbortSignal): Promise<ImageDocument> {
    if (descriptor.size > MAX_MANIFEST_BYTES) {
      throw new FormatError(`${this.name}: manifest ${descriptor.digest} of ${descriptor.size} bytes is too large`);
    }
    return documentOf(descriptor, await this.fetch(descriptor, signal));
  }

  async fetch(descriptor: Descriptor, signal?: AbortSignal): Promise<Uint8Array> {
    return readVerified(() => this.#pieces(descriptor, signal), descriptor, this.name);
  }

  stream(descriptor: Descriptor, signal?: AbortSignal): AsyncIterable<Uint8Array> {
    return verified(this.#pieces(descriptor, signal), descriptor, this.name);
  }

  open({ digest, size }: Descriptor): RemoteBlob {
    return new FileBlob(digest, size, () => this.#locate(digest));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#options.files[Symbol.asyncDispose]();
  }

  async *#pieces({ digest, size }: Descriptor, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
    const madeUp = this.#options.madeUp?.get(digest);
    if (madeUp !== undefined) {
      yield madeUp;
      return;
    }
    await using range = await this.#locate(digest);
    // Before gigabytes are read for nothing.
    if (range.size !== size) throw wrongSize(digest, range.size, size);
    yield* streamFileRange(range, 0, size, signal);
  }

  async #locate(digest: Digest): Promise<FileRange> {
    const range = await this.#options.files.lookup(digest);
    if (range !== undefined) return range;
    throw new LazypullError('NOT_FOUND', `${this.name}: ${digest} is named by the image but is not there`);
  }
}
