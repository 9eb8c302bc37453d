// A blob in a registry, read in ranges: the first step of the way of the byte. Single ranges only. What breaks is
// taken up again where it stood; where the blob really lies (a redirect target) is asked once and remembered.
import { LazypullError, RegistryError } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { Digest } from '../oci/digest.ts';
import type { BlobTail, RemoteBlob } from './blob.ts';
import { BlobLocator, SuffixRefusedError, type OpenedBody } from './blob-locator.ts';
import type { WantedRange } from './byte-range.ts';
import type { Endpoint } from './endpoint.ts';
import { Backoff, retrying, type RetryPolicy } from './retry.ts';

export interface RegistryBlobOptions {
  readonly repository: string;
  readonly digest: Digest;
  readonly size: number | undefined;
  /** The hosts to ask, in order; called when none is known to have the blob. */
  readonly endpoints: () => Promise<readonly Endpoint[]>;
  readonly retry: RetryPolicy;
  readonly onRetry: (error: RegistryError) => void;
  readonly log: Logger;
}

/** As much must arrive between two failures for the tries to be counted afresh. */
const PROGRESS_BYTES = 64 << 10;
/** When a suffix range brings the whole blob: read on if no more than this has to be skipped, else ask for the range. */
const MAX_TAIL_SKIP_BYTES = 256 << 10;

export class RegistryBlob implements RemoteBlob {
  readonly digest: Digest;
  readonly #options: RegistryBlobOptions;
  readonly #locator: BlobLocator;
  #size: number | undefined;

  constructor(options: RegistryBlobOptions) {
    this.#options = options;
    this.digest = options.digest;
    this.#size = options.size;
    this.#locator = new BlobLocator(options);
  }

  get size(): number | undefined {
    return this.#size;
  }

  get isAnonymous(): boolean | undefined {
    return this.#locator.isAnonymous;
  }

  async readTail(length: number, signal?: AbortSignal): Promise<BlobTail> {
    requireRange(0, length, undefined);
    if (this.#size === undefined && length > 0) {
      const bytes = await this.#retrying(() => this.#trySuffix(length, signal), signal);
      if (bytes !== undefined) return { bytes, blobSize: this.#size ?? bytes.length };
    }
    const blobSize = this.#size ?? (await this.#retrying(() => this.#probeSize(signal), signal));
    this.#size = blobSize;
    return { bytes: await this.readRange(Math.max(0, blobSize - length), blobSize, signal), blobSize };
  }

  async readRange(start: number, end: number, signal?: AbortSignal): Promise<Uint8Array> {
    requireRange(start, end, this.#size);
    // Not from the pool: the caller may send it to another thread.
    const bytes = new Uint8Array(Buffer.allocUnsafeSlow(end - start).buffer);
    await this.#fill(bytes, 0, start, signal);
    return bytes;
  }

  async *streamRange(start: number, end: number, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
    requireRange(start, end, this.#size);
    const backoff = new Backoff(this.#options.retry, this.#options.onRetry);
    let at = start;
    let sinceFailure = 0;
    while (at < end) {
      try {
        const all = at === 0 && end === this.#size;
        const opened = await this.#open(all ? 'all' : { start: at, end }, signal);
        for await (const piece of clip(opened, at, end)) {
          at += piece.length;
          sinceFailure += piece.length;
          yield piece;
        }
        if (at < end) throw this.#cutShort(at, end);
      } catch (error) {
        if (sinceFailure >= PROGRESS_BYTES) backoff.progress();
        sinceFailure = 0;
        await backoff.pause(error, signal);
      }
    }
  }

  async #fill(bytes: Uint8Array, filled: number, start: number, signal?: AbortSignal): Promise<void> {
    let at = filled;
    for await (const piece of this.streamRange(start + at, start + bytes.length, signal)) {
      bytes.set(piece, at);
      at += piece.length;
    }
  }

  /** Opens a body, and takes the size of the blob from it or checks it. */
  async #open(wanted: WantedRange, signal?: AbortSignal): Promise<OpenedBody> {
    const opened = await this.#locator.open(wanted, signal);
    const known = this.#size;
    if (opened.total === undefined || known === opened.total) return opened;
    if (known === undefined) {
      this.#size = opened.total;
      return opened;
    }
    opened.close();
    const { digest } = this;
    throw new RegistryError(`${opened.url}: ${digest} has ${opened.total} bytes there, it must have ${known}`, {
      method: 'GET',
      url: opened.url,
    });
  }

  /** The tail by a suffix range; undefined when the host does not do that. */
  async #trySuffix(length: number, signal?: AbortSignal): Promise<Uint8Array | undefined> {
    if (!(await this.#locator.suffixRanges(signal))) return undefined;
    let opened: OpenedBody;
    try {
      opened = await this.#open({ suffix: length }, signal);
    } catch (error) {
      if (!(error instanceof SuffixRefusedError)) throw error;
      return undefined;
    }
    const { total } = opened;
    const start = total === undefined ? undefined : Math.max(0, total - length);
    if (start === undefined || total === undefined || start - opened.start > MAX_TAIL_SKIP_BYTES) {
      this.#locator.noSuffixRanges();
      opened.close();
      return undefined;
    }
    return this.#readOpened(opened, start, total, signal);
  }

  /** [start, end) from an open body, and from a new one what is missing when that breaks. */
  async #readOpened(opened: OpenedBody, start: number, end: number, signal?: AbortSignal): Promise<Uint8Array> {
    const bytes = new Uint8Array(Buffer.allocUnsafeSlow(end - start).buffer);
    let at = 0;
    try {
      for await (const piece of clip(opened, start, end)) {
        bytes.set(piece, at);
        at += piece.length;
      }
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof RegistryError) || !error.retryable) throw error;
      this.#options.onRetry(error);
    }
    if (at < bytes.length) await this.#fill(bytes, at, start, signal);
    return bytes;
  }

  /** The size of the blob, from the answer to the smallest range. A host that says nothing at all has it counted. */
  async #probeSize(signal?: AbortSignal): Promise<number> {
    let opened: OpenedBody;
    try {
      opened = await this.#open({ start: 0, end: 1 }, signal);
    } catch (error) {
      // An empty blob has no first byte.
      if (error instanceof RegistryError && error.status === 416) return 0;
      throw error;
    }
    let size = opened.total;
    if (size === undefined && opened.start === 0 && opened.end === undefined) {
      size = 0;
      for await (const piece of opened.pieces) size += piece.length;
    }
    opened.close();
    if (size !== undefined) return size;
    throw new RegistryError(`${opened.url}: no answer says how long the blob is`, { method: 'GET', url: opened.url });
  }

  #retrying<T>(attempt: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    return retrying(this.#options.retry, this.#options.onRetry, attempt, signal);
  }

  #cutShort(at: number, end: number): RegistryError {
    const url = this.#locator.lastUrl;
    return new RegistryError(`GET ${url}: the body ended ${end - at} bytes early`, {
      method: 'GET',
      url,
      retryable: true,
    });
  }
}

/** The pieces of [start, end) from a body that may begin before and go on after. Closes it when it has them. */
async function* clip(opened: OpenedBody, start: number, end: number): AsyncGenerator<Uint8Array> {
  let offset = opened.start;
  try {
    for await (const piece of opened.pieces) {
      const from = Math.max(0, start - offset);
      const to = Math.min(piece.length, end - offset);
      offset += piece.length;
      if (from < to) yield piece.subarray(from, to);
      // The last byte that the body should have is no reason to leave: reading on to its end frees the connection.
      if (offset >= end && offset !== opened.end) break;
    }
  } finally {
    opened.close();
  }
}

function requireRange(start: number, end: number, size: number | undefined): void {
  const valid = Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0 && start <= end;
  if (valid && (size === undefined || end <= size)) return;
  throw new LazypullError('INVALID_ARGUMENT', `not a range of a blob of ${size ?? '?'} bytes: [${start}, ${end})`);
}
