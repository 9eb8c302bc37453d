// The distribution client: manifests and blobs by reference, from mirrors and registries, verified. One client serves
// a whole process: its connections, tokens and knowledge of hosts are shared by all that is pulled.
// https://github.com/opencontainers/distribution-spec/blob/main/spec.md
import { createHash } from 'node:crypto';
import { FormatError, RegistryError, VerificationError } from '../errors.ts';
import { silentLogger, type Logger } from '../log.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import { digestOf, isDigest, type Digest } from '../oci/digest.ts';
import { MAX_MANIFEST_BYTES, parseManifest, type ImageIndex, type ImageManifest } from '../oci/manifest.ts';
import { MANIFEST_TYPES } from '../oci/media-types.ts';
import { selectManifest, type Platform } from '../oci/platform.ts';
import { formatReference, manifestReference, type ImageReference } from '../oci/reference.ts';
import type { RemoteBlob } from './blob.ts';
import type { CredentialSource } from './credentials.ts';
import { DockerConfigCredentials } from './docker-config.ts';
import { Endpoint, type EndpointRequest } from './endpoint.ts';
import { listHosts, type HostListOptions, type MirrorConfig } from './host-list.ts';
import type { Capability, RegistryHost } from './host.ts';
import { RegistryPusher } from './push.ts';
import { Refusals } from './refusals.ts';
import { RegistryBlob } from './remote-blob.ts';
import { DEFAULT_RETRY, retrying, type RetryPolicy } from './retry.ts';
import { Transport, type TransportOptions } from './transport.ts';
import { tryHosts } from './try-hosts.ts';

export interface RegistryClientOptions {
  readonly log?: Logger;
  /** Docker's config.json; `$DOCKER_CONFIG/config.json` or `~/.docker/config.json` unless told. */
  readonly dockerConfigPath?: string;
  /** Instead of Docker's config.json. */
  readonly credentials?: CredentialSource;
  /** containerd's certs.d folders, e.g. `/etc/containerd/certs.d`; none unless told. */
  readonly certsDirs?: readonly string[];
  readonly mirrors?: Readonly<Record<string, readonly MirrorConfig[]>>;
  /** Spoken to in plain http, beside localhost and 127.0.0.0/8. */
  readonly plainHttpHosts?: readonly string[];
  readonly retry?: Partial<RetryPolicy>;
  readonly transport?: Partial<TransportOptions>;
}

export interface FetchedManifest {
  readonly descriptor: Descriptor;
  /** As the registry has them; their digest is `descriptor.digest`. */
  readonly bytes: Uint8Array;
  readonly manifest: ImageManifest | ImageIndex;
}

export interface ResolvedImage {
  /** The index that the image was chosen from; undefined when the reference means one image. */
  readonly index: Descriptor | undefined;
  readonly descriptor: Descriptor;
  readonly bytes: Uint8Array;
  readonly manifest: ImageManifest;
}

export interface RegistryStats {
  /** Requests sent, those for tokens among them. */
  readonly requests: number;
  /** Body bytes received. */
  readonly bytes: number;
  /** Time in which at least one request was under way. */
  readonly busyMs: number;
  readonly retries: number;
}

/** Larger blobs are for `streamBlob` and `openBlob`. */
const MAX_FETCHED_BLOB_BYTES = 64 << 20;
/** Indexes in indexes. */
const MAX_INDEX_DEPTH = 3;

export class RegistryClient {
  readonly #log: Logger;
  readonly #credentials: CredentialSource;
  readonly #refusals = new Refusals();
  readonly #hostList: HostListOptions;
  readonly #retry: RetryPolicy;
  readonly #transport: Transport;
  /** By everything that a host's settings say, so that changed settings make a new endpoint. */
  readonly #endpoints = new Map<string, Endpoint>();
  #retries = 0;

  constructor(options: RegistryClientOptions = {}) {
    this.#log = options.log ?? silentLogger;
    this.#credentials = options.credentials ?? new DockerConfigCredentials(options.dockerConfigPath);
    const { certsDirs = [], mirrors = {}, plainHttpHosts = [] } = options;
    this.#hostList = { certsDirs, mirrors, plainHttpHosts };
    this.#retry = { ...DEFAULT_RETRY, ...options.retry };
    this.#transport = new Transport(options.transport);
  }

  /**
   * Fetches the manifest or index that `digest`, else the reference, names. One request when nothing is in the way.
   * @throws VerificationError when the bytes are not those of the digest; FormatError, LazypullError UNSUPPORTED as
   *   `parseManifest` does; RegistryError after the retries.
   */
  async fetchManifest(
    reference: ImageReference,
    options: { readonly digest?: Digest } = {},
    signal?: AbortSignal,
  ): Promise<FetchedManifest> {
    const wanted = options.digest ?? manifestReference(reference);
    const expected = isDigest(wanted) ? wanted : undefined;
    const request = { ...requestFor(reference, `manifests/${wanted}`), headers: { accept: MANIFEST_TYPES.join(', ') } };
    const capability = expected === undefined ? 'resolve' : 'pull';
    return this.#retrying(async () => {
      const endpoints = await this.#endpointsOf(reference.registry, capability);
      const ask = (endpoint: Endpoint): Promise<FetchedManifest> => readManifest(endpoint, request, expected, signal);
      return tryHosts(endpoints, undefined, ask, this.#log);
    }, signal);
  }

  /**
   * Resolves a reference to the image for a platform, through an index when it means one.
   * @throws LazypullError NOT_FOUND when there is none for the platform; as `fetchManifest`.
   */
  async resolveImage(reference: ImageReference, platform: Platform, signal?: AbortSignal): Promise<ResolvedImage> {
    let fetched = await this.fetchManifest(reference, {}, signal);
    let index: Descriptor | undefined;
    for (let depth = 0; fetched.manifest.kind === 'index'; depth++) {
      if (depth === MAX_INDEX_DEPTH) {
        throw new FormatError(`${formatReference(reference)}: more than ${MAX_INDEX_DEPTH} indexes in each other`);
      }
      index ??= fetched.descriptor;
      const { digest } = selectManifest(fetched.manifest, platform);
      fetched = await this.fetchManifest(reference, { digest }, signal);
    }
    const { bytes, descriptor, manifest } = fetched;
    return { index, descriptor, bytes, manifest };
  }

  /**
   * A small blob, e.g. an image config, verified.
   * @throws VerificationError; RegistryError after the retries.
   */
  async fetchBlob(reference: ImageReference, descriptor: Descriptor, signal?: AbortSignal): Promise<Uint8Array> {
    if (descriptor.size > MAX_FETCHED_BLOB_BYTES) {
      throw new FormatError(`${descriptor.digest}: ${descriptor.size} bytes are too many to hold in memory`);
    }
    const bytes = await this.openBlob(reference, descriptor.digest, descriptor.size).readRange(
      0,
      descriptor.size,
      signal,
    );
    requireDigest(descriptor.digest, digestOf(bytes));
    return bytes;
  }

  /**
   * A blob from `offset` to its end, as it arrives. From the beginning it is verified: the last piece is given out
   * only after the digest is right. From a later offset the consumer has to verify, who alone knows the bytes before.
   * @throws VerificationError; RegistryError after the retries.
   */
  async *streamBlob(
    reference: ImageReference,
    descriptor: Descriptor,
    options: { readonly offset?: number } = {},
    signal?: AbortSignal,
  ): AsyncGenerator<Uint8Array> {
    const { digest, size } = descriptor;
    const { offset = 0 } = options;
    const hash = createHash('sha256');
    let held: Uint8Array | undefined;
    for await (const piece of this.openBlob(reference, digest, size).streamRange(offset, size, signal)) {
      hash.update(piece);
      if (held !== undefined) yield held;
      held = piece;
    }
    if (offset === 0) requireDigest(digest, `sha256:${hash.digest('hex')}`);
    if (held !== undefined) yield held;
  }

  /**
   * A blob to be read in ranges; asks nobody yet. Not verified. `size` comes from a descriptor that is trusted: a
   * registry that disagrees is an error.
   */
  openBlob(reference: ImageReference, digest: Digest, size?: number): RemoteBlob {
    return new RegistryBlob({
      repository: reference.repository,
      digest,
      size,
      endpoints: () => this.#endpointsOf(reference.registry, 'pull'),
      retry: this.#retry,
      onRetry: (error) => this.#onRetry(error),
      log: this.#log,
    });
  }

  /** Pushes to the repository of `reference`; asks nobody yet. To be disposed before the client is closed. */
  pusher(reference: ImageReference): RegistryPusher {
    return new RegistryPusher({
      reference,
      endpoints: () => this.#endpointsOf(reference.registry, 'push'),
      retry: this.#retry,
      onRetry: (error) => this.#onRetry(error),
      log: this.#log,
    });
  }

  stats(): RegistryStats {
    return { ...this.#transport.stats(), retries: this.#retries };
  }

  /** Closes all connections. What is under way fails. */
  async close(): Promise<void> {
    await this.#transport.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #endpointsOf(registry: string, capability: Capability): Promise<readonly Endpoint[]> {
    const hosts = await listHosts(registry, this.#hostList);
    return hosts.filter((host) => host.capabilities.has(capability)).map((host) => this.#endpoint(host));
  }

  #endpoint(host: RegistryHost): Endpoint {
    const { base, credentialsOf, headers, namespace, tls } = host;
    const key = JSON.stringify([base.href, credentialsOf, headers, namespace, tls?.id]);
    let endpoint = this.#endpoints.get(key);
    if (endpoint === undefined) {
      const [transport, credentials, retry, log] = [this.#transport, this.#credentials, this.#retry, this.#log];
      endpoint = new Endpoint({ host, transport, credentials, refusals: this.#refusals, retry, log });
      this.#endpoints.set(key, endpoint);
    }
    return endpoint;
  }

  #retrying<T>(attempt: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    return retrying(this.#retry, (error) => this.#onRetry(error), attempt, signal);
  }

  #onRetry(error: RegistryError): void {
    this.#retries += 1;
    this.#log.debug('registry request is tried again', { error });
  }
}

function requestFor(reference: ImageReference, path: string): Omit<EndpointRequest, 'headers'> {
  const { repository } = reference;
  return { method: 'GET', path: `${repository}/${path}`, scope: `repository:${repository}:pull` };
}

async function readManifest(
  endpoint: Endpoint,
  request: EndpointRequest,
  expected: Digest | undefined,
  signal: AbortSignal | undefined,
): Promise<FetchedManifest> {
  const { response } = await endpoint.request(request, signal);
  const bytes = await response.read(MAX_MANIFEST_BYTES);
  const digest = digestOf(bytes);
  // For a tag the header is all there is to check against; a proxy that cuts or changes bodies is found out.
  const claimed = expected ?? response.header('docker-content-digest');
  if (claimed !== undefined && isDigest(claimed)) requireDigest(claimed, digest);
  const manifest = parseManifest(bytes, response.header('content-type'));
  return { descriptor: { mediaType: manifest.mediaType, digest, size: bytes.length }, bytes, manifest };
}

function requireDigest(expected: Digest, actual: Digest): void {
  if (expected !== actual) throw new VerificationError('content from the registry', expected, actual);
}
