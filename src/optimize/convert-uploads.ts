// The way of blobs into the target: each digest once, what is there already not at all.
import { createReadStream } from 'node:fs';
import type { ImageSource, ImageTarget } from '../image/model.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import type { Digest } from '../oci/digest.ts';
import { Slots } from './slots.ts';

/** Uploads side by side: a few, since each has a whole connection for itself. */
const UPLOADS_AT_ONCE = 4;

export interface UploadsOptions {
  readonly source: ImageSource;
  readonly target: ImageTarget;
  readonly signal: AbortSignal;
}

/** Uploads of one conversion. */
export class Uploads {
  readonly #options: UploadsOptions;
  readonly #slots = new Slots(UPLOADS_AT_ONCE);
  readonly #done = new Map<Digest, Promise<void>>();
  uploadedBytes = 0;
  skippedBytes = 0;

  constructor(options: UploadsOptions) {
    this.#options = options;
  }

  /**
   * A blob as it is.
   * @param how.bytes whose blob it is; the source's unless told.
   * @param how.holders images whose repositories may hand it over; that one unless told.
   */
  copy(
    descriptor: Descriptor,
    how: {
      readonly bytes?: ImageSource;
      readonly holders?: readonly ImageSource[];
      readonly onProgress?: (bytes: number) => void;
    } = {},
  ): Promise<void> {
    const { signal } = this.#options;
    const { bytes = this.#options.source, holders = [bytes], onProgress } = how;
    const open = (offset: number): AsyncIterable<Uint8Array> =>
      // After a failure only the rest is read again; the target verifies the whole.
      offset === 0 ? bytes.stream(descriptor, signal) : restOf(bytes, descriptor, offset, signal);
    return this.#once(descriptor, open, { holders, onProgress });
  }

  /** A blob in a file, which must stay until the promise is settled. `start` is called when it is its turn. */
  file(
    path: string,
    descriptor: Descriptor,
    options: { readonly onStart?: () => void; readonly onProgress?: (bytes: number) => void },
  ): Promise<void> {
    const open = (start: number): AsyncIterable<Uint8Array> =>
      createReadStream(path, { start, highWaterMark: 1 << 20 });
    return this.#once(descriptor, open, { holders: [], ...options });
  }

  /** A blob in memory. */
  bytes(bytes: Uint8Array, descriptor: Descriptor): Promise<void> {
    const open = async function* (offset: number): AsyncGenerator<Uint8Array> {
      yield bytes.subarray(offset);
    };
    return this.#once(descriptor, open, { holders: [] });
  }

  #once(descriptor: Descriptor, open: (offset: number) => AsyncIterable<Uint8Array>, how: HowToPut): Promise<void> {
    const known = this.#done.get(descriptor.digest);
    if (known !== undefined) {
      how.onStart?.();
      return known;
    }
    const put = this.#put(descriptor, open, how);
    this.#done.set(descriptor.digest, put);
    return put;
  }

  async #put(
    descriptor: Descriptor,
    open: (offset: number) => AsyncIterable<Uint8Array>,
    { holders, onStart, onProgress }: HowToPut,
  ): Promise<void> {
    const { target, signal } = this.#options;
    const release = await this.#slots.take();
    try {
      onStart?.();
      signal.throwIfAborted();
      if (await this.#isThere(descriptor, holders)) {
        this.skippedBytes += descriptor.size;
        return;
      }
      await target.putBlob(descriptor, open, onProgress === undefined ? {} : { onProgress }, signal);
      this.uploadedBytes += descriptor.size;
    } finally {
      release();
    }
  }

  async #isThere(descriptor: Descriptor, holders: readonly ImageSource[]): Promise<boolean> {
    const { target, signal } = this.#options;
    for (const holder of holders.length === 0 ? [undefined] : holders) {
      if (await target.has(descriptor, holder, signal)) return true;
    }
    return false;
  }
}

interface HowToPut {
  /** Images that may have the blob in the target's registry. */
  readonly holders: readonly ImageSource[];
  readonly onStart?: (() => void) | undefined;
  readonly onProgress?: ((bytes: number) => void) | undefined;
}

function restOf(
  source: ImageSource,
  descriptor: Descriptor,
  offset: number,
  signal: AbortSignal,
): AsyncIterable<Uint8Array> {
  return source.open(descriptor).streamRange(offset, descriptor.size, signal);
}
