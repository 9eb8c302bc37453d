// An OCI distribution registry for tests: a real HTTP server in this process, with faults that can be turned on while
// it runs and a record of every request. Its CDN is a second server that objects to credentials.
// Specification: https://github.com/opencontainers/distribution-spec/blob/main/spec.md
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Descriptor } from '../../src/oci/descriptor.ts';
import { AuthGate, type RegistryAuth } from './registry-auth.ts';
import { RegistryContent } from './registry-content.ts';
import { defaultKnobs, FailureQueue, type RegistryKnobs, type RequestRecord } from './registry-knobs.ts';
import { PushHandler, readBody } from './registry-push.ts';
import { serveBlob } from './registry-ranges.ts';

export interface TestRegistryOptions {
  readonly auth?: RegistryAuth;
  /** Certificate and key in PEM: serve https. `clientCa` asks for client certificates. */
  readonly tls?: { readonly cert: string; readonly key: string; readonly clientCa?: string };
  /** Address and port to listen on; 127.0.0.1 and a free port unless told. */
  readonly address?: string;
  readonly port?: number;
  readonly knobs?: Partial<RegistryKnobs>;
}

const OCI_TYPES = 'application/vnd.oci.';
const ROUTE = /^\/v2\/(?<name>.+)\/(?<kind>manifests|blobs|tags)\/(?<reference>[^/]+|uploads\/[^/]*)$/;
const CDN_PATH = '/cdn/';

/** Use with `await using`: closing fails when the CDN saw credentials. */
export class TestRegistry {
  readonly knobs: RegistryKnobs;
  readonly content: RegistryContent = new RegistryContent();
  readonly gate: AuthGate;
  readonly failures: FailureQueue = new FailureQueue();
  /** The same for the CDN. */
  readonly cdnFailures: FailureQueue = new FailureQueue();
  /** Every request since the last `forget`, in the order of arrival. */
  log: RequestRecord[] = [];
  /** TCP connections that were opened, to the registry and to the CDN. */
  connections = 0;
  /** Requests that are being answered now, and the most there ever were. */
  inFlight = 0;
  maxInFlight = 0;
  readonly #violations: string[] = [];
  readonly #push: PushHandler;
  readonly #server: Server;
  readonly #cdn: Server;
  readonly #scheme: 'http' | 'https';
  #redirectEpoch = 0;

  private constructor(options: TestRegistryOptions) {
    this.knobs = { ...defaultKnobs(), ...options.knobs };
    this.gate = new AuthGate(options.auth);
    this.#push = new PushHandler(this.content, this.knobs, {
      own: () => this.url,
      cdn: () => this.cdnUrl,
    });
    this.#scheme = options.tls === undefined ? 'http' : 'https';
    this.#server = makeServer(options, (request, response) => this.#handle('registry', request, response));
    this.#cdn = makeServer(options, (request, response) => this.#handle('cdn', request, response));
    for (const server of [this.#server, this.#cdn]) server.on('connection', () => void (this.connections += 1));
  }

  static async start(options: TestRegistryOptions = {}): Promise<TestRegistry> {
    const registry = new TestRegistry(options);
    const address = options.address ?? '127.0.0.1';
    registry.#server.listen(options.port ?? 0, address);
    registry.#cdn.listen(0, address);
    await Promise.all([once(registry.#server, 'listening'), once(registry.#cdn, 'listening')]);
    return registry;
  }

  /** `127.0.0.1:PORT`, the registry part of a reference. */
  get host(): string {
    return hostOf(this.#server);
  }

  get url(): string {
    return `${this.#scheme}://${this.host}`;
  }

  get cdnUrl(): string {
    return `${this.#scheme}://${hostOf(this.#cdn)}`;
  }

  /** Stores a blob in a repository. */
  addBlob(name: string, bytes: Uint8Array, mediaType?: string): Descriptor {
    return this.content.add(name, bytes, mediaType);
  }

  /** Stores a manifest or index; its `mediaType` field becomes the content type. */
  addManifest(name: string, document: { mediaType: string; [key: string]: unknown }, tag?: string): Descriptor {
    const descriptor = this.content.add(name, Buffer.from(JSON.stringify(document)), document.mediaType);
    if (tag !== undefined) this.content.tag(name, tag, descriptor.digest);
    return descriptor;
  }

  /** Stores an OCI image with these layers. */
  addImage(name: string, tag: string, layers: readonly Descriptor[], config: object = {}): Descriptor {
    const configBytes = Buffer.from(JSON.stringify({ os: 'linux', architecture: 'amd64', ...config }));
    return this.addManifest(
      name,
      {
        schemaVersion: 2,
        mediaType: 'application/vnd.oci.image.manifest.v1+json',
        config: this.content.add(name, configBytes, 'application/vnd.oci.image.config.v1+json'),
        layers,
      },
      tag,
    );
  }

  /** How many requests arrived since the last `forget`, of one server or of both. */
  requests(server?: RequestRecord['server']): number {
    return this.log.filter((record) => server === undefined || record.server === server).length;
  }

  /** Body bytes sent since the last `forget`. */
  get bytes(): number {
    return this.log.reduce((sum, record) => sum + record.bytes, 0);
  }

  /** Empties the log. */
  forget(): void {
    this.log = [];
    this.maxInFlight = 0;
  }

  /** Uploads that are open. */
  get openUploads(): number {
    return this.#push.open;
  }

  /** Redirect targets that were given out are answered 403 from now on. */
  expireRedirects(): void {
    this.#redirectEpoch += 1;
  }

  /** @throws Error when the CDN saw an Authorization header. */
  async close(): Promise<void> {
    await Promise.all([closeServer(this.#server), closeServer(this.#cdn)]);
    if (this.#violations.length > 0) throw new Error(`the CDN saw credentials: ${this.#violations.join('; ')}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #handle(server: RequestRecord['server'], request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url);
    const record = recordOf(server, request, url);
    if (url.pathname === '/_stats') return this.#serveStats(response);
    this.log.push(record);
    this.inFlight += 1;
    this.maxInFlight = Math.max(this.maxInFlight, this.inFlight);
    response.once('close', () => {
      this.inFlight -= 1;
      record.status = response.statusCode;
    });
    try {
      if (this.knobs.latencyMs > 0) await sleep(this.knobs.latencyMs);
      if (this.knobs.down) return void request.socket.destroy();
      await (server === 'cdn'
        ? this.#serveCdn(request, response, url, record)
        : this.#serveRegistry(request, response, url, record));
    } catch (error) {
      if (!response.headersSent) response.writeHead(500);
      response.end(String(error));
    }
  }

  async #serveRegistry(
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
    record: RequestRecord,
  ): Promise<void> {
    if (url.pathname === '/token') {
      return this.gate.serveToken(request, response, url, (await readBody(request)).toString());
    }
    const failure = this.failures.take();
    if (failure !== undefined) return sendFailure(response, failure);
    if (url.pathname === '/v2/' || url.pathname === '/v2') {
      if (this.gate.admit(request, response, this.url, '')) response.writeHead(200).end('{}');
      return;
    }
    const route = ROUTE.exec(url.pathname)?.groups;
    if (route === undefined) return sendError(response, 404, 'UNSUPPORTED');
    const { name = '', kind = '', reference = '' } = route;
    const writes = request.method !== 'GET' && request.method !== 'HEAD';
    if (!this.gate.admit(request, response, this.url, `repository:${name}:${writes ? 'pull,push' : 'pull'}`)) return;
    if (reference.startsWith('uploads/')) return this.#push.upload(request, response, url, name);
    if (writes) return this.#push.manifest(request, response, name, reference);
    if (kind === 'tags') {
      response.writeHead(200, { 'content-type': 'application/json' });
      return void response.end(JSON.stringify({ name, tags: [...this.content.repository(name).tags.keys()] }));
    }
    await this.#pull(request, response, { name, kind, reference }, record);
  }

  async #pull(
    request: IncomingMessage,
    response: ServerResponse,
    route: { name: string; kind: string; reference: string },
    record: RequestRecord,
  ): Promise<void> {
    const found = this.content.lookup(route.name, route.reference);
    if (found === undefined) {
      return sendError(response, 404, route.kind === 'blobs' ? 'BLOB_UNKNOWN' : 'MANIFEST_UNKNOWN');
    }
    if (route.kind === 'manifests') {
      const { mediaType = '' } = found.content;
      const isAccepted = !mediaType.startsWith(OCI_TYPES) || request.headers.accept?.includes(mediaType) === true;
      if (this.knobs.namesAccepted && !isAccepted) return sendError(response, 404, 'MANIFEST_UNKNOWN');
      const digest = this.knobs.contentDigest ?? found.digest;
      response.writeHead(200, {
        'content-type': found.content.mediaType ?? 'application/json',
        'content-length': found.content.size,
        ...(digest === '' ? {} : { 'docker-content-digest': digest }),
      });
      if (request.method === 'HEAD') return void response.end();
      for await (const piece of found.content.read(0, found.content.size)) {
        record.bytes += piece.length;
        response.write(piece);
      }
      return void response.end();
    }
    if (this.knobs.redirectTo !== undefined) {
      const base = this.knobs.redirectTo === 'cdn' ? this.cdnUrl : this.knobs.redirectTo;
      const target = new URL(`${CDN_PATH}${route.name}/${found.digest}?signature=${this.#redirectEpoch}`, base);
      return void response.writeHead(this.knobs.redirectStatus, { location: target.href }).end();
    }
    await serveBlob(request, response, found.content, this.knobs, record);
  }

  async #serveCdn(request: IncomingMessage, response: ServerResponse, url: URL, record: RequestRecord): Promise<void> {
    if (request.headers.authorization !== undefined) {
      this.#violations.push(`${request.method} ${url.pathname}`);
      return sendError(response, 400, 'CREDENTIALS_AT_CDN');
    }
    const failure = this.cdnFailures.take();
    if (failure !== undefined) return sendFailure(response, failure);
    const upload = ROUTE.exec(url.pathname)?.groups;
    if (upload !== undefined) return this.#push.upload(request, response, url, upload['name'] ?? '');
    if (url.searchParams.get('signature') !== String(this.#redirectEpoch)) return sendError(response, 403, 'EXPIRED');
    const path = url.pathname.slice(CDN_PATH.length);
    const slash = path.lastIndexOf('/');
    const found = this.content.lookup(path.slice(0, slash), path.slice(slash + 1));
    if (found === undefined) return sendError(response, 404, 'BLOB_UNKNOWN');
    await serveBlob(request, response, found.content, this.knobs, record);
  }

  #serveStats(response: ServerResponse): void {
    const byPath: Record<string, number> = {};
    for (const record of this.log) byPath[record.path] = (byPath[record.path] ?? 0) + 1;
    const stats = { requests: this.log.length, bytes: this.bytes, connections: this.connections, byPath };
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(`${JSON.stringify(stats)}\n`);
  }
}

function makeServer(
  options: TestRegistryOptions,
  handler: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): Server {
  const listener = (request: IncomingMessage, response: ServerResponse): void => void handler(request, response);
  if (options.tls === undefined) return createServer(listener);
  const { cert, key, clientCa } = options.tls;
  const client = clientCa === undefined ? {} : { ca: clientCa, requestCert: true, rejectUnauthorized: true };
  return createSecureServer({ cert, key, ...client }, listener);
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function hostOf(server: Server): string {
  const { address, port } = server.address() as AddressInfo;
  return `${address}:${port}`;
}

function recordOf(server: RequestRecord['server'], request: IncomingMessage, url: URL): RequestRecord {
  return {
    server,
    method: request.method ?? '',
    path: url.pathname,
    query: url.search,
    range: request.headers.range,
    authorization: request.headers.authorization?.split(' ')[0],
    headers: request.headers,
    status: 0,
    bytes: 0,
  };
}

function sendError(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ errors: [{ code, message: code.toLowerCase() }] }));
}

function sendFailure(response: ServerResponse, failure: { status: number; retryAfter: string | undefined }): void {
  response.writeHead(failure.status, failure.retryAfter === undefined ? {} : { 'retry-after': failure.retryAfter });
  response.end('a failure that the test asked for');
}
