// GitHub's cache service v2 for tests: a real HTTP server in this process that speaks what @actions/cache speaks (Twirp
// with JSON bodies, and blob storage by signed URLs), with faults that can be turned on while it runs and a record of
// every request. `cache-service-process.ts` runs it in a process and network namespace of its own.
// Fact of the protocol: the client, node_modules/@actions/cache/lib (cache.js, internal/shared/cacheTwirpClient.js).
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { BlobStorage, rangeOf } from './cache-service-blobs.ts';
import { CacheCalls, type CallAnswer } from './cache-service-calls.ts';
import { defaultCacheKnobs, type CacheKnobs, type CacheMethod, type CacheRequest } from './cache-service-knobs.ts';
import { CacheStore, type CacheEntry } from './cache-service-store.ts';
import { encodeToken, parseToken, scopesOf, type TokenOptions } from './cache-service-token.ts';

export interface CacheServiceOptions {
  /** Address and port to listen on; 127.0.0.1 and a free port unless told. */
  readonly address?: string;
  readonly port?: number;
  /** Name of the host in URLs; the address unless told. */
  readonly name?: string;
  readonly knobs?: Partial<CacheKnobs>;
}

const CALL = /^\/twirp\/github\.actions\.results\.api\.v1\.CacheService\/(\w+)$/;

/** Use with `await using`. */
export class CacheService {
  readonly knobs: CacheKnobs;
  readonly store: CacheStore = new CacheStore();
  /** Every request since the last `forget`, in the order of arrival. */
  log: CacheRequest[] = [];
  readonly #key: string = randomBytes(16).toString('hex');
  readonly #blobs: BlobStorage;
  readonly #calls: CacheCalls;
  readonly #server: Server;
  readonly #address: string;
  readonly #name: string;
  #port: number;

  private constructor(options: CacheServiceOptions) {
    this.knobs = { ...defaultCacheKnobs(), ...options.knobs };
    this.#address = options.address ?? '127.0.0.1';
    this.#name = options.name ?? this.#address;
    this.#port = options.port ?? 0;
    this.#blobs = new BlobStorage(this.store, this.knobs, this.#key);
    this.#calls = new CacheCalls(this.store, this.knobs, (blob, permission) =>
      this.#blobs.signedUrl(this.url, blob, permission),
    );
    this.#server = createServer((request, response) => void this.#handle(request, response));
  }

  static async start(options: CacheServiceOptions = {}): Promise<CacheService> {
    const service = new CacheService(options);
    await service.comeBack();
    return service;
  }

  /** ACTIONS_RESULTS_URL, with the slash at its end that GitHub's has. */
  get url(): string {
    return `http://${this.#name}:${this.#port}/`;
  }

  /** ACTIONS_RUNTIME_TOKEN of a job. */
  token(options?: TokenOptions): string {
    return encodeToken(scopesOf(options), this.#key);
  }

  /** Finalized entries, oldest first. */
  get entries(): readonly CacheEntry[] {
    return this.store.entries;
  }

  /** Changes what was uploaded under a key, behind the service's back. @throws Error when there is no such entry. */
  tamper(key: string, change: (body: Buffer) => Buffer): void {
    const entry = this.entries.find((candidate) => candidate.key === key);
    if (entry?.body === undefined)
      throw new Error(`no cache entry ${key}: ${this.entries.map((e) => e.key).join(', ')}`);
    entry.body = change(entry.body);
  }

  /** How many requests arrived since the last `forget`, of one kind or of all. */
  requests(what?: CacheRequest['what']): number {
    return this.log.filter((record) => what === undefined || record.what === what).length;
  }

  forget(): void {
    this.log = [];
  }

  /** Stops listening: connections are refused. Entries stay. */
  async goDown(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  /** Listens again, at the same port. */
  async comeBack(): Promise<void> {
    this.#server.listen(this.#port, this.#address);
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#server.listening) await this.goDown();
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url);
    const method = request.method ?? '';
    const call = CALL.exec(url.pathname)?.[1] as CacheMethod | undefined;
    const what = call ?? (this.#blobs.owns(url.pathname) ? BlobStorage.nameOf(method, url.searchParams) : 'unknown');
    const record: CacheRequest = {
      what,
      method,
      path: url.pathname,
      key: undefined,
      range: rangeOf(request),
      status: 0,
      bytesIn: 0,
      bytesOut: 0,
    };
    this.log.push(record);
    countBytes(response, record);
    try {
      const body = await readBody(request);
      record.bytesIn = body.length;
      if (this.knobs.latencyMs > 0) await sleep(this.knobs.latencyMs);
      if (this.knobs.reset) return void request.socket.destroy();
      if (this.#blobs.owns(url.pathname)) await this.#blobs.handle(request, url, body, response);
      else this.#answerCall(request, call, body, record, response);
    } catch (error) {
      // A client that went away in the middle of its body is no fault of the service; anything else is.
      if (!request.destroyed || request.complete) throw error;
    } finally {
      record.status = response.statusCode;
    }
  }

  #answerCall(
    request: IncomingMessage,
    method: CacheMethod | undefined,
    body: Buffer,
    record: CacheRequest,
    response: ServerResponse,
  ): void {
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const { answer, key } = this.#calls.answer(method, parseToken(token, this.#key), body);
    Object.assign(record, { key });
    if (answer !== undefined) sendJson(response, answer);
  }
}

function sendJson(response: ServerResponse, { status, body, headers }: CallAnswer): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(text)),
    ...headers,
  });
  response.end(text);
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

/** Counts body bytes as they are handed to the connection, so that a body that was cut counts for what left. */
function countBytes(response: ServerResponse, record: CacheRequest): void {
  const count = (chunk: unknown): void => {
    if (typeof chunk === 'string' || chunk instanceof Uint8Array) record.bytesOut += Buffer.byteLength(chunk);
  };
  const write = response.write.bind(response) as (...args: unknown[]) => boolean;
  const end = response.end.bind(response) as (...args: unknown[]) => ServerResponse;
  let ending = false;
  response.write = (...args: unknown[]): boolean => {
    if (!ending) count(args[0]);
    return write(...args);
  };
  response.end = ((...args: unknown[]): ServerResponse => {
    count(args[0]);
    ending = true;
    return end(...args);
  }) as typeof response.end;
}
