// The lowest layer of the registry client: one HTTP request, one answer, over pools of kept-alive connections.
// Nothing here knows registries; who may be retried, redirected or given credentials is decided above.
import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { Pool, ProxyAgent, type Dispatcher } from 'undici';
import { BusyClock } from '../busy-clock.ts';
import { connectionError, protocolError } from './errors.ts';
import { refuseLinkLocal, safeLookup } from './link-local.ts';
import { proxyFor } from './proxy.ts';
import { secureContextOf, type TlsSettings } from './tls.ts';

/** What is sent. Of an iterable, Content-Length has to say how long it is; it is closed when the request ends early. */
export type RequestBody = string | Uint8Array | AsyncIterable<Uint8Array>;

export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: RequestBody;
  /** How long the answer may take after everything was sent; the transport's own unless told. */
  readonly headersTimeoutMs?: number;
  readonly tls?: TlsSettings | undefined;
  /** The URL comes from outside (a redirect, a token realm): link-local addresses are refused. */
  readonly untrusted?: boolean;
}

export interface TransportOptions {
  readonly userAgent: string;
  readonly maxConnectionsPerHost: number;
  readonly connectTimeoutMs: number;
  readonly headersTimeoutMs: number;
  /** How long a body may stand still. */
  readonly bodyTimeoutMs: number;
  /** Where HTTP_PROXY, HTTPS_PROXY and NO_PROXY are. */
  readonly env: NodeJS.ProcessEnv;
}

export const DEFAULT_TRANSPORT: TransportOptions = {
  userAgent: 'lazypull',
  maxConnectionsPerHost: 16,
  connectTimeoutMs: 10_000,
  headersTimeoutMs: 30_000,
  bodyTimeoutMs: 30_000,
  env: process.env,
};

/** Idle connections are kept this long, unless the server says less: longer than the gap between two faults. */
const KEEP_ALIVE_MS = 60_000;

export class Transport {
  readonly #options: TransportOptions;
  readonly #pools = new Map<string, Dispatcher>();
  readonly #busy = new BusyClock();
  #requests = 0;
  #bytes = 0;

  constructor(options: Partial<TransportOptions> = {}) {
    this.#options = { ...DEFAULT_TRANSPORT, ...options };
  }

  /** Requests sent, body bytes received, and the time in which at least one request was under way. */
  stats(): { requests: number; bytes: number; busyMs: number } {
    return { requests: this.#requests, bytes: this.#bytes, busyMs: Math.round(this.#busy.totalMs) };
  }

  /**
   * Sends a request and resolves with the answer's headers, whatever its status. The body must be read or closed.
   * Aborting rejects with the signal's reason, here or while the body is read.
   * @throws RegistryError when the connection fails.
   */
  async send(request: HttpRequest, signal?: AbortSignal): Promise<HttpResponse> {
    signal?.throwIfAborted();
    const { method, url } = request;
    if (request.untrusted === true) refuseLinkLocal(method, url);
    const pool = this.#pool(request);
    this.#requests += 1;
    const isOver = this.#busy.begin();
    try {
      const answer = await pool.request({
        origin: url.origin,
        method,
        path: `${url.pathname}${url.search}`,
        headers: { 'user-agent': this.#options.userAgent, 'accept-encoding': 'identity', ...request.headers },
        body: sendableBody(request.body),
        ...(request.headersTimeoutMs === undefined ? {} : { headersTimeout: request.headersTimeoutMs }),
        signal: signal ?? null,
      });
      // Read to its end, left early or broken: each closes the body.
      answer.body.once('close', isOver);
      return new HttpResponse(method, url, answer, (bytes) => (this.#bytes += bytes), signal);
    } catch (error) {
      isOver();
      signal?.throwIfAborted();
      throw connectionError(method, url, error);
    }
  }

  /** Closes every connection; requests in flight fail. */
  async close(): Promise<void> {
    const pools = [...this.#pools.values()];
    this.#pools.clear();
    await Promise.all(pools.map((pool) => pool.destroy()));
  }

  #pool(request: HttpRequest): Dispatcher {
    const guarded = request.untrusted === true;
    const key = `${request.url.origin} ${guarded} ${request.tls?.id ?? ''}`;
    let pool = this.#pools.get(key);
    if (pool === undefined) {
      pool = this.#makePool(request.url, request.tls, guarded);
      this.#pools.set(key, pool);
    }
    return pool;
  }

  #makePool(url: URL, tls: TlsSettings | undefined, guarded: boolean): Dispatcher {
    const { bodyTimeoutMs, connectTimeoutMs, env, headersTimeoutMs, maxConnectionsPerHost } = this.#options;
    const secure = url.protocol === 'https:' && tls !== undefined;
    const connect = {
      timeout: tls?.connectTimeoutMs ?? connectTimeoutMs,
      ...(guarded ? { lookup: safeLookup } : {}),
      ...(secure ? { secureContext: secureContextOf(tls), rejectUnauthorized: !tls.skipVerify } : {}),
    };
    const settings = {
      connections: maxConnectionsPerHost,
      pipelining: 1,
      // Ranges in flight beside each other want connections of their own, each with its own TCP window.
      allowH2: false,
      keepAliveTimeout: KEEP_ALIVE_MS,
      headersTimeout: headersTimeoutMs,
      bodyTimeout: bodyTimeoutMs,
    };
    const proxy = proxyFor(url, env);
    if (proxy === undefined) return new Pool(url.origin, { ...settings, connect });
    return new ProxyAgent({ ...settings, uri: proxy.href, requestTls: connect });
  }
}

/** An answer. Its body is an async iterable of pieces that belong to the reader. */
export class HttpResponse {
  readonly url: URL;
  readonly status: number;
  readonly #method: string;
  readonly #answer: Dispatcher.ResponseData;
  readonly #count: (bytes: number) => void;
  readonly #signal: AbortSignal | undefined;

  constructor(
    method: string,
    url: URL,
    answer: Dispatcher.ResponseData,
    count: (bytes: number) => void,
    signal: AbortSignal | undefined,
  ) {
    this.#method = method;
    this.url = url;
    this.status = answer.statusCode;
    this.#answer = answer;
    this.#count = count;
    this.#signal = signal;
    // A body that nobody reads yet must not take the process down when its connection breaks.
    answer.body.on('error', () => {});
  }

  /** A header by its lower-case name; repeated ones joined with commas. */
  header(name: string): string | undefined {
    const value = this.#answer.headers[name];
    return Array.isArray(value) ? value.join(', ') : value;
  }

  /**
   * The pieces of the body as they arrive. Leaving the loop early closes the connection.
   * @throws RegistryError when the connection breaks before the end of the body.
   */
  async *body(): AsyncGenerator<Uint8Array> {
    try {
      for await (const piece of this.#answer.body as AsyncIterable<Uint8Array>) {
        this.#count(piece.length);
        yield piece;
      }
      await connectionIsFree();
    } catch (error) {
      this.#signal?.throwIfAborted();
      throw connectionError(this.#method, this.url, error);
    }
  }

  /** The whole body. @throws RegistryError when it is longer than `limit` bytes. */
  async read(limit: number): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    let size = 0;
    for await (const piece of this.body()) {
      size += piece.length;
      if (size > limit) throw protocolError(this.#method, this.url, `the answer is longer than ${limit} bytes`);
      pieces.push(piece);
    }
    return Buffer.concat(pieces);
  }

  /** The first bytes of a body that only explains an error; never throws. */
  async readUpTo(limit: number): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    let size = 0;
    try {
      for await (const piece of this.body()) {
        pieces.push(piece);
        size += piece.length;
        if (size >= limit) break;
      }
    } catch {
      // What there is will do.
    }
    return Buffer.concat(pieces).subarray(0, limit);
  }

  /** Drops the body: a short one is read to its end so that the connection can be used again. */
  async discard(): Promise<void> {
    await this.#answer.body.dump({ limit: 64 << 10 }).catch(() => {});
    await connectionIsFree();
  }

  /** Closes the connection unless the body has been read to its end. */
  close(): void {
    this.#answer.body.destroy();
  }
}

function sendableBody(body: RequestBody | undefined): string | Uint8Array | Readable | null {
  if (body === undefined || typeof body === 'string' || body instanceof Uint8Array) return body ?? null;
  const stream = Readable.from(body, { objectMode: false });
  // undici reports what goes wrong; after that nobody listens any more.
  stream.on('error', () => {});
  return stream;
}

/** undici uses a connection again one turn of the event loop after the body's end; who asks sooner gets a new one. */
function connectionIsFree(): Promise<void> {
  return setImmediate();
}
