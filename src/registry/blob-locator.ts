// Where a blob lies: on which host, and behind which redirect. Found once and used for all ranges of the blob, until
// it is refused (signed URLs expire after minutes) or fails.
import { LazypullError, RegistryError } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { Digest } from '../oci/digest.ts';
import { carriedRange, rangeHeader, type CarriedRange, type WantedRange } from './byte-range.ts';
import type { Endpoint, EndpointAnswer, EndpointRequest } from './endpoint.ts';
import { protocolError, redactUrl } from './errors.ts';
import { abortable } from './retry.ts';
import { tryHosts } from './try-hosts.ts';

export interface LocatorOptions {
  readonly repository: string;
  readonly digest: Digest;
  readonly endpoints: () => Promise<readonly Endpoint[]>;
  readonly log: Logger;
}

/** A body on its way, and which bytes of the blob it carries. Must be read to its end or closed. */
export interface OpenedBody extends CarriedRange {
  readonly pieces: AsyncIterable<Uint8Array>;
  /** Without query, for messages. */
  readonly url: string;
  close(): void;
}

/** A host does no suffix ranges; ask it for an explicit one. */
export class SuffixRefusedError extends LazypullError {
  constructor(cause: RegistryError) {
    super('UNSUPPORTED', 'the registry refuses suffix ranges', { cause });
  }
}

const SUFFIX_REFUSED: ReadonlySet<number> = new Set([400, 405, 416, 501]);

/** Answers that say something about the range and nothing about where the blob is. */
const ABOUT_THE_RANGE: ReadonlySet<number> = new Set([416, 429, 501]);

export class BlobLocator {
  readonly #options: LocatorOptions;
  #endpoint: Endpoint | undefined;
  #target: URL | undefined;
  /** While one request finds out where the blob is, the others wait for it. */
  #search: Promise<void> | undefined;
  #servesItself = false;
  /** For messages. */
  lastUrl = '';
  /** Whether a registry has given it to somebody without credentials; undefined before any answer. */
  isAnonymous: boolean | undefined;

  constructor(options: LocatorOptions) {
    this.#options = options;
  }

  /**
   * Opens a range with one request where the location is known. No retries but one: a remembered redirect target
   * that refuses is forgotten and the registry asked again.
   * @throws RegistryError
   */
  async open(wanted: WantedRange, signal?: AbortSignal): Promise<OpenedBody> {
    const { repository, digest } = this.#options;
    const range = rangeHeader(wanted);
    const request: EndpointRequest = {
      method: 'GET',
      path: `${repository}/blobs/${digest}`,
      scope: `repository:${repository}:pull`,
      headers: range === undefined ? {} : { range },
    };
    const remembered = await this.#askTarget(request, signal);
    const { response } = remembered ?? (await this.#askRegistry(request, signal));
    this.lastUrl = redactUrl(response.url);
    const carried = carriedRange(wanted, response.status, (name) => response.header(name));
    if (typeof carried === 'string') {
      response.close();
      throw protocolError('GET', response.url, carried);
    }
    return { ...carried, pieces: response.body(), url: this.lastUrl, close: () => response.close() };
  }

  /** Whether the host that has the blob, or the first that may have it, is known not to do suffix ranges. */
  async suffixRanges(signal?: AbortSignal): Promise<boolean> {
    const endpoint = this.#endpoint ?? (await abortable(this.#options.endpoints(), signal))[0];
    return endpoint?.suffixRanges !== false;
  }

  /** Remembers that the host that answered last does no suffix ranges. */
  noSuffixRanges(): void {
    if (this.#endpoint !== undefined) this.#endpoint.suffixRanges = false;
  }

  async #askTarget(request: EndpointRequest, signal?: AbortSignal): Promise<EndpointAnswer | undefined> {
    const target = this.#target;
    const endpoint = this.#endpoint;
    if (target === undefined || endpoint === undefined) return undefined;
    try {
      return await endpoint.requestTarget(target, request, signal);
    } catch (error) {
      throwIfSuffixRefused(error, request, endpoint);
      if (!(error instanceof RegistryError) || ABOUT_THE_RANGE.has(error.status ?? 0)) throw error;
      if (this.#target === target) this.#target = undefined;
      this.#options.log.debug('redirect target is no longer good', { error });
      return undefined;
    }
  }

  async #askRegistry(request: EndpointRequest, signal?: AbortSignal): Promise<EndpointAnswer> {
    while (this.#search !== undefined) {
      await abortable(this.#search, signal);
      const answer = await this.#askTarget(request, signal);
      if (answer !== undefined) return answer;
      if (this.#endpoint !== undefined) return this.#askHosts(request, signal);
    }
    // A host that is known to serve blobs by itself needs no search.
    if (this.#endpoint !== undefined && this.#servesItself) return this.#askHosts(request, signal);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#search = promise;
    try {
      return await this.#askHosts(request, signal);
    } finally {
      this.#search = undefined;
      resolve();
    }
  }

  async #askHosts(request: EndpointRequest, signal?: AbortSignal): Promise<EndpointAnswer> {
    const endpoints = await abortable(this.#options.endpoints(), signal);
    const ask = async (endpoint: Endpoint): Promise<EndpointAnswer> => {
      const answer = await endpoint.request(request, signal).catch((error: unknown) => {
        throwIfSuffixRefused(error, request, endpoint);
        throw error;
      });
      this.#endpoint = endpoint;
      this.isAnonymous = this.isAnonymous === true || answer.isAnonymous;
      this.#target = answer.target;
      this.#servesItself = answer.target === undefined;
      return answer;
    };
    return tryHosts(endpoints, this.#endpoint, ask, this.#options.log);
  }
}

function throwIfSuffixRefused(error: unknown, request: EndpointRequest, endpoint: Endpoint): void {
  if (request.headers['range']?.startsWith('bytes=-') !== true) return;
  if (!(error instanceof RegistryError) || !SUFFIX_REFUSED.has(error.status ?? 0)) return;
  endpoint.suffixRanges = false;
  throw new SuffixRefusedError(error);
}
