// Pushing into one repository: blobs that are there already are found or mounted, others uploaded, manifests put.
// Nothing is visible in the registry by a name before the manifest with that name is.
// https://github.com/opencontainers/distribution-spec/blob/main/spec.md#push
import { RegistryError, UserError, VerificationError } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import { digestOf, isDigest, type Digest } from '../oci/digest.ts';
import type { ImageReference } from '../oci/reference.ts';
import type { Endpoint } from './endpoint.ts';
import { withPushHint } from './push-errors.ts';
import { abortable, retrying, type RetryPolicy } from './retry.ts';
import { BlobUpload, cancelUpload, sessionOf, type UploadSession } from './upload.ts';

export interface PusherOptions {
  readonly reference: ImageReference;
  /** The hosts that may be pushed to; the first is. */
  readonly endpoints: () => Promise<readonly Endpoint[]>;
  readonly retry: RetryPolicy;
  readonly onRetry: (error: RegistryError) => void;
  readonly log: Logger;
}

/** A blob to be uploaded. */
export interface PushedBlob {
  readonly descriptor: Descriptor;
  /** Its bytes from an offset on; called again after a failure. */
  readonly open: (offset: number) => AsyncIterable<Uint8Array>;
  /** Gets the bytes handed to the registry so far. */
  readonly onProgress?: ((bytes: number) => void) | undefined;
}

/** A manifest is a small document, but a registry checks that everything in it is there. */
const MANIFEST_TIMEOUT_MS = 120_000;

/** Use with `await using`: uploads that are under way are given up when it goes. */
export class RegistryPusher implements AsyncDisposable {
  readonly #options: PusherOptions;
  readonly #scope: string;
  /** Opened by mounts that were refused, and not used yet. */
  readonly #sessions = new Map<Digest, UploadSession>();
  readonly #ended = new AbortController();
  readonly #running = new Set<Promise<void>>();
  #endpoint: Endpoint | undefined;

  constructor(options: PusherOptions) {
    this.#options = options;
    this.#scope = `repository:${options.reference.repository}:pull,push`;
  }

  /** Whether the repository has a blob. @throws RegistryError when nobody with these credentials may push there. */
  async hasBlob({ digest, size }: Descriptor, signal?: AbortSignal): Promise<boolean> {
    const { reference } = this.#options;
    const path = `${reference.repository}/blobs/${digest}`;
    try {
      return await this.#retrying(async () => {
        const endpoint = await this.#host(signal);
        const { response } = await endpoint.request({ method: 'HEAD', path, scope: this.#scope, headers: {} }, signal);
        const length = response.header('content-length');
        await response.discard();
        // A blob of another length is a broken one: upload it again.
        return length === undefined || Number(length) === size;
      }, signal);
    } catch (error) {
      signal?.throwIfAborted();
      const final = !(error instanceof RegistryError) || error.retryable || error.status === 401;
      if (final) throw withPushHint(error, reference.registry);
      return false;
    }
  }

  /**
   * Takes a blob over from another repository of the same registry, without any bytes.
   * @returns false when the registry does not do that, or `from` has no such blob, or may not be read.
   */
  async mountBlob({ digest }: Descriptor, from: string, signal?: AbortSignal): Promise<boolean> {
    const { log, reference } = this.#options;
    const endpoint = await this.#host(signal);
    const request = {
      method: 'POST',
      path: `${reference.repository}/blobs/uploads/`,
      query: { mount: digest, from },
      scope: `${this.#scope} repository:${from}:pull`,
      headers: { 'content-length': '0' },
    } as const;
    try {
      const { response } = await endpoint.request(request, signal);
      await response.discard();
      if (response.status === 201) return true;
      // Not mounted, but an upload has been opened; perhaps after one that another repository's refusal opened.
      const before = this.#sessions.get(digest);
      this.#sessions.set(digest, sessionOf(response));
      if (before !== undefined) await cancelUpload({ endpoint, scope: this.#scope }, before);
    } catch (error) {
      signal?.throwIfAborted();
      log.debug('cross-repository mount failed', { error });
    }
    return false;
  }

  /**
   * Uploads a blob. The registry verifies it.
   * @throws what `blob.open` throws; RegistryError after the retries; the signal's reason.
   */
  async pushBlob(blob: PushedBlob, signal?: AbortSignal): Promise<void> {
    const pushing = this.#upload(blob, signal);
    this.#running.add(pushing);
    try {
      await pushing;
    } catch (error) {
      signal?.throwIfAborted();
      throw withPushHint(error, this.#options.reference.registry);
    } finally {
      this.#running.delete(pushing);
    }
  }

  /**
   * Puts a manifest or index. `name` is a tag or its digest.
   * @throws RegistryError after the retries, e.g. when the repository lacks what the manifest names.
   */
  async pushManifest(
    document: { readonly bytes: Uint8Array; readonly mediaType: string },
    name: string,
    signal?: AbortSignal,
  ): Promise<void> {
    const { reference } = this.#options;
    const { bytes, mediaType } = document;
    const request = {
      method: 'PUT',
      path: `${reference.repository}/manifests/${name}`,
      scope: this.#scope,
      headers: { 'content-type': mediaType },
      body: () => bytes,
      headersTimeoutMs: MANIFEST_TIMEOUT_MS,
    } as const;
    try {
      await this.#retrying(async () => {
        const { response } = await (await this.#host(signal)).request(request, signal);
        await response.discard();
        const stored = response.header('docker-content-digest');
        const digest = digestOf(bytes);
        if (stored !== undefined && isDigest(stored) && stored !== digest) {
          throw new VerificationError('the manifest that the registry stored', digest, stored);
        }
      }, signal);
    } catch (error) {
      signal?.throwIfAborted();
      throw withPushHint(error, reference.registry);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended.abort(new RegistryError('the push was given up', { method: 'PATCH', url: '' }));
    await Promise.allSettled(this.#running);
    const endpoint = this.#endpoint;
    if (endpoint === undefined) return;
    const left = [...this.#sessions.values()];
    this.#sessions.clear();
    await Promise.all(left.map((session) => cancelUpload({ endpoint, scope: this.#scope }, session)));
  }

  async #upload({ descriptor, open, onProgress }: PushedBlob, given: AbortSignal | undefined): Promise<void> {
    const { onRetry, reference, retry } = this.#options;
    const signal = given === undefined ? this.#ended.signal : AbortSignal.any([given, this.#ended.signal]);
    const endpoint = await this.#host(signal);
    const session = this.#sessions.get(descriptor.digest);
    this.#sessions.delete(descriptor.digest);
    const upload = new BlobUpload(
      {
        endpoint,
        repository: reference.repository,
        scope: this.#scope,
        retry,
        onRetry,
        descriptor,
        open,
        onProgress,
        isThere: () => this.hasBlob(descriptor, signal),
        signal,
      },
      session,
    );
    try {
      await upload.run();
    } catch (error) {
      await upload.cancel();
      throw error;
    }
  }

  /** The host that is pushed to: the first that may be. */
  async #host(signal?: AbortSignal): Promise<Endpoint> {
    const [first] = this.#endpoint === undefined ? await abortable(this.#options.endpoints(), signal) : [];
    this.#endpoint ??= first;
    if (this.#endpoint !== undefined) return this.#endpoint;
    const { registry } = this.#options.reference;
    throw new UserError(
      `no host of ${registry} may be pushed to`,
      `Add "push" to the capabilities of a host in certs.d/${registry}/hosts.toml.`,
    );
  }

  #retrying<T>(attempt: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    return retrying(this.#options.retry, this.#options.onRetry, attempt, signal);
  }
}
