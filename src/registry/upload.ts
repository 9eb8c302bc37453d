// The upload of one blob: POST, then PATCH until the registry has all of it, then PUT with the digest. What breaks is
// continued where the registry says that it stands; an upload that the registry lost begins anew.
// A blob that is small goes with the PUT. A large one goes in one PATCH, as every registry takes it; only when that
// comes to nothing, in chunks.
import { RegistryError, VerificationError } from '../errors.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import { isDigest } from '../oci/digest.ts';
import type { Endpoint, EndpointAnswer, UrlRequest } from './endpoint.ts';
import { protocolError } from './errors.ts';
import { asRetryable, isContentRefused, isUploadLost } from './push-errors.ts';
import { Backoff, type RetryPolicy } from './retry.ts';
import type { HttpResponse } from './transport.ts';
import { BlobBody, type UploadBody } from './upload-body.ts';
import { completionUrl, minChunkBytes, uploadedBytes, uploadLocation } from './upload-headers.ts';

/** Sent with the PUT. */
const SMALL_BYTES = 4 << 20;
/** Sizes of chunks, when all at once does not get through. */
const CHUNK_STEPS: readonly number[] = [64 << 20, 16 << 20, 4 << 20, 1 << 20];
/** As much must be taken between two failures for the tries to be counted afresh. */
const PROGRESS_BYTES = 64 << 10;
/** Registries check, copy and move a blob before they answer. */
const ANSWER_TIMEOUT_MS = 300_000;
const CANCEL_TIMEOUT_MS = 5000;

/** An upload that a registry has opened. */
export interface UploadSession {
  readonly url: URL;
  readonly minChunkBytes: number;
}

export interface UploadOptions {
  readonly endpoint: Endpoint;
  readonly repository: string;
  readonly scope: string;
  readonly retry: RetryPolicy;
  readonly onRetry: (error: RegistryError) => void;
  readonly descriptor: Descriptor;
  /** The blob's bytes from an offset on; called again after a failure. */
  readonly open: (offset: number) => AsyncIterable<Uint8Array>;
  /** Gets the bytes that were handed to the registry so far; fewer than before when an upload begins anew. */
  readonly onProgress?: ((bytes: number) => void) | undefined;
  /** Whether the registry has the blob: asked when the answer to the PUT got lost. */
  readonly isThere: () => Promise<boolean>;
  readonly signal?: AbortSignal | undefined;
}

/** The session that an answer to a POST opens. @throws RegistryError when it says not where. */
export function sessionOf(response: HttpResponse): UploadSession {
  const url = uploadLocation('POST', response);
  if (url === undefined) throw protocolError('POST', response.url, 'the answer has no Location for the upload');
  return { url, minChunkBytes: minChunkBytes(response.header('oci-chunk-min-length')) };
}

export class BlobUpload {
  readonly #options: UploadOptions;
  readonly #body: BlobBody;
  #session: UploadSession | undefined;
  /** What the registry has, as far as we know. */
  #offset = 0;
  /** The most that it ever had. */
  #best = 0;
  #chunkBytes = Infinity;
  /** A request failed: ask the registry before anything else is sent. */
  #unsure = false;
  #completing = false;
  #failuresInPlace = 0;
  #refusals = 0;

  /** `session` is one that is open already, as a refused mount leaves it. */
  constructor(options: UploadOptions, session?: UploadSession) {
    this.#options = options;
    this.#body = new BlobBody(options);
    this.#session = session;
  }

  /** @throws what `open` throws; RegistryError after the retries; the signal's reason. */
  async run(): Promise<void> {
    const backoff = new Backoff(this.#options.retry, this.#options.onRetry);
    for (;;) {
      try {
        return await this.#attempt();
      } catch (error) {
        await this.#afterFailure(error, backoff);
      }
    }
  }

  /** Lets the registry drop what it has of the blob. Never throws. */
  async cancel(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    if (session !== undefined) await cancelUpload(this.#options, session);
  }

  async #attempt(): Promise<void> {
    if (this.#unsure && (await this.#synchronize())) return;
    const { size } = this.#options.descriptor;
    const session = (this.#session ??= await this.#start());
    if (this.#offset === 0 && size <= Math.min(SMALL_BYTES, this.#chunkBytes)) return this.#complete(session, size);
    while (this.#offset < size) await this.#sendChunk();
    await this.#complete(this.#session, 0);
  }

  async #start(): Promise<UploadSession> {
    const { endpoint, repository, scope, signal } = this.#options;
    this.#offset = 0;
    this.#completing = false;
    const headers = { 'content-length': '0' };
    const request = { method: 'POST', path: `${repository}/blobs/uploads/`, scope, headers } as const;
    const { response } = await endpoint.request(request, signal);
    await response.discard();
    return sessionOf(response);
  }

  async #sendChunk(): Promise<void> {
    const { size } = this.#options.descriptor;
    const session = this.#session ?? (await this.#start());
    const start = this.#offset;
    const end = Math.min(size, start + Math.max(this.#chunkBytes, session.minChunkBytes));
    // All of it at once is a stream, which all registries know; Content-Range makes it a chunk, which some do not.
    const range: Record<string, string> = start === 0 && end === size ? {} : { 'content-range': `${start}-${end - 1}` };
    const { response } = await this.#ask('PATCH', session.url, this.#body.part(start, end), range);
    await response.discard();
    const taken = uploadedBytes(response.header('range'), end) ?? end;
    if (taken <= start || taken > end) {
      throw protocolError('PATCH', response.url, `${end} bytes were sent, and the registry says it has ${taken}`);
    }
    this.#offset = taken;
    this.#session = { ...session, url: uploadLocation('PATCH', response) ?? session.url };
  }

  /** @param size bytes to send with it: all or nothing. */
  async #complete(session: UploadSession, size: number): Promise<void> {
    const { digest } = this.#options.descriptor;
    this.#completing = true;
    const { response } = await this.#ask('PUT', completionUrl(session.url, digest), this.#body.part(0, size), {});
    await response.discard();
    const stored = response.header('docker-content-digest');
    if (stored !== undefined && isDigest(stored) && stored !== digest) {
      throw new VerificationError('the blob that the registry stored', digest, stored);
    }
    this.#session = undefined;
    this.#options.onProgress?.(this.#options.descriptor.size);
  }

  /** Asks the registry what it has, after a failure. @returns whether that is the whole blob, completed. */
  async #synchronize(): Promise<boolean> {
    if (this.#completing && (await this.#options.isThere())) return true;
    this.#completing = false;
    if (this.#session !== undefined) {
      try {
        await this.#askOffset(this.#session);
      } catch (error) {
        this.#options.signal?.throwIfAborted();
        if (!(error instanceof RegistryError) || error.retryable) throw error;
        // Whatever it does not like about the question, a new upload has no such past.
        this.#session = undefined;
      }
    }
    if (this.#session === undefined) this.#offset = 0;
    this.#unsure = false;
    return false;
  }

  async #askOffset(session: UploadSession): Promise<void> {
    const { response } = await this.#ask('GET', session.url, undefined, {});
    await response.discard();
    const { size } = this.#options.descriptor;
    const offset = uploadedBytes(response.header('range'), size);
    if (offset === undefined || offset > size) {
      this.#session = undefined;
      return;
    }
    this.#offset = offset;
    this.#session = { ...session, url: uploadLocation('GET', response) ?? session.url };
  }

  /** Decides whether and how to go on. @throws the error when not. */
  async #afterFailure(error: unknown, backoff: Backoff): Promise<void> {
    const { signal } = this.#options;
    signal?.throwIfAborted();
    if (this.#body.sourceError !== undefined) throw this.#body.sourceError.error;
    if (!(error instanceof RegistryError)) throw error;
    if (this.#offset >= this.#best + PROGRESS_BYTES) {
      backoff.progress();
      this.#best = this.#offset;
      this.#failuresInPlace = 0;
    }
    this.#failuresInPlace += 1;
    const open = this.#session !== undefined;
    this.#unsure = true;
    if (error.status === 413 && open) {
      if (!this.#shrink()) throw error;
      return;
    }
    const lost = open && isUploadLost(error);
    // Damaged on the way, perhaps. The same again is damaged where it comes from.
    if (isContentRefused(error) && ++this.#refusals > 1) throw error;
    await backoff.pause(lost ? asRetryable(error) : error, signal);
    // 416 may only mean that we are at another place than we think, once.
    if (lost && (error.status !== 416 || this.#failuresInPlace > 1)) this.#session = undefined;
    // Nothing of what was sent has stayed, again: perhaps something on the way takes no more than so much.
    if (!lost && this.#failuresInPlace > 1) this.#shrink();
  }

  /** Smaller chunks from now on. @returns false when they can't be smaller. */
  #shrink(): boolean {
    const rest = this.#options.descriptor.size - this.#offset;
    const now = Math.min(this.#chunkBytes, rest);
    const next = CHUNK_STEPS.find((step) => step < now && step >= (this.#session?.minChunkBytes ?? 0));
    if (next === undefined) return false;
    this.#chunkBytes = next;
    return true;
  }

  #ask(
    method: UrlRequest['method'],
    url: URL,
    body: UploadBody | undefined,
    headers: Readonly<Record<string, string>>,
  ): Promise<EndpointAnswer> {
    const { endpoint, scope, signal } = this.#options;
    const request: UrlRequest = {
      method,
      scope,
      headers: { ...headers, ...body?.headers },
      headersTimeoutMs: ANSWER_TIMEOUT_MS,
      ...(body?.open === undefined ? {} : { body: body.open }),
    };
    return endpoint.requestUrl(url, request, signal);
  }
}

/** Lets the registry drop an upload. Never throws. */
export async function cancelUpload(
  { endpoint, scope }: Pick<UploadOptions, 'endpoint' | 'scope'>,
  session: UploadSession,
): Promise<void> {
  try {
    const signal = AbortSignal.timeout(CANCEL_TIMEOUT_MS);
    const { response } = await endpoint.requestUrl(session.url, { method: 'DELETE', scope, headers: {} }, signal);
    await response.discard();
  } catch {
    // It expires by itself.
  }
}
