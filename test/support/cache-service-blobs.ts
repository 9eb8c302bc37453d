// The blob storage behind the cache service, as far as Azure's client library and plain HTTP clients use it: Put Blob,
// Put Block, Put Block List, Get Blob with a range, Get Blob Properties, by signed URLs.
// https://learn.microsoft.com/en-us/rest/api/storageservices/blob-service-rest-api
import { createHmac } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CacheKnobs, CacheRequest } from './cache-service-knobs.ts';
import type { CacheStore } from './cache-service-store.ts';

/** First parts of a blob's path: account and container. */
const CONTAINER = '/lazypull/actions-cache/';
const PACE_BYTES = 64 * 1024;
const ERROR_CODES: Readonly<Record<number, string>> = {
  400: 'InvalidBlockList',
  403: 'AuthenticationFailed',
  404: 'BlobNotFound',
  405: 'UnsupportedHttpVerb',
  409: 'BlobImmutableDueToPolicy',
  416: 'InvalidRange',
  500: 'InternalError',
  503: 'ServerBusy',
};

/** What a request to a blob is answered with. */
interface BlobAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

/** Serves the bodies of a store's entries. */
export class BlobStorage {
  readonly #store: CacheStore;
  readonly #knobs: CacheKnobs;
  readonly #key: string;
  /** Blocks that no list has named yet, by blob and block id. */
  readonly #blocks = new Map<string, Map<string, Buffer>>();

  constructor(store: CacheStore, knobs: CacheKnobs, key: string) {
    this.#store = store;
    this.#knobs = knobs;
    this.#key = key;
  }

  /** Whether a path is one of a blob. */
  owns(path: string): boolean {
    return path.startsWith(CONTAINER);
  }

  /** A URL that allows reading or writing one blob. */
  signedUrl(base: string, blob: string, permission: 'r' | 'w'): string {
    const url = new URL(`${CONTAINER}${blob}`, base);
    url.searchParams.set('sp', permission);
    url.searchParams.set('sig', this.#sign(blob, permission));
    return url.href;
  }

  /** What the request is, for the log. */
  static nameOf(method: string, query: URLSearchParams): CacheRequest['what'] {
    if (method === 'GET') return 'GetBlob';
    if (method === 'HEAD') return 'HeadBlob';
    if (method !== 'PUT') return 'unknown';
    return query.get('comp') === 'block' ? 'PutBlock' : query.get('comp') === 'blocklist' ? 'PutBlockList' : 'PutBlob';
  }

  /** Answers a request whose body has been read. */
  async handle(request: IncomingMessage, url: URL, body: Buffer, response: ServerResponse): Promise<void> {
    const answer = this.#answer(request, url, body);
    const failed = answer.status >= 400;
    const payload = failed ? errorBody(answer.status) : (answer.body ?? Buffer.alloc(0));
    response.writeHead(answer.status, {
      'content-type': failed ? 'application/xml' : 'application/octet-stream',
      'content-length': String(payload.length),
      'x-ms-version': '2025-11-05',
      'x-ms-request-id': '00000000-0000-0000-0000-000000000000',
      'last-modified': new Date(0).toUTCString(),
      ...answer.headers,
    });
    if (request.method === 'HEAD') return void response.end();
    await this.#send(payload, failed, response);
  }

  #answer(request: IncomingMessage, url: URL, body: Buffer): BlobAnswer {
    const blob = url.pathname.slice(CONTAINER.length);
    const writing = request.method === 'PUT';
    if (url.searchParams.get('sig') !== this.#sign(blob, writing ? 'w' : 'r')) return { status: 403 };
    if (writing) return this.#put(blob, url.searchParams, body);
    if (request.method !== 'GET' && request.method !== 'HEAD') return { status: 405 };
    return this.#get(blob, request);
  }

  #put(blob: string, query: URLSearchParams, body: Buffer): BlobAnswer {
    if (this.#knobs.uploadStatus !== undefined) return { status: this.#knobs.uploadStatus };
    const entry = this.#store.findBlob(blob);
    if (entry === undefined) return { status: 404 };
    if (entry.finalized) return { status: 409 };
    const blocks = this.#blocks.get(blob) ?? new Map<string, Buffer>();
    if (query.get('comp') === 'block') {
      this.#blocks.set(blob, blocks.set(query.get('blockid') ?? '', body));
      return { status: 201 };
    }
    if (query.get('comp') === 'blocklist') {
      const ids = [...body.toString().matchAll(/<(?:Latest|Uncommitted)>([^<]*)</g)].map((match) => match[1] ?? '');
      const parts = ids.map((id) => blocks.get(id));
      if (parts.includes(undefined)) return { status: 400 };
      entry.body = Buffer.concat(parts as Buffer[]);
      this.#blocks.delete(blob);
    } else {
      entry.body = body;
    }
    return { status: 201, headers: { etag: etag(entry.body) } };
  }

  #get(blob: string, request: IncomingMessage): BlobAnswer {
    if (this.#knobs.downloadStatus !== undefined) return { status: this.#knobs.downloadStatus };
    const body = this.#store.findBlob(blob)?.body;
    if (body === undefined) return { status: 404 };
    const served = this.#knobs.corrupt === undefined ? body : corrupted(body, this.#knobs.corrupt);
    const headers = { etag: etag(body), 'accept-ranges': 'bytes', 'x-ms-blob-type': 'BlockBlob' };
    const range = /^bytes=(\d+)-(\d*)$/.exec(rangeOf(request) ?? '');
    if (range === null) return { status: 200, headers, body: served };
    const start = Number(range[1]);
    if (start >= served.length) return { status: 416 };
    const end = range[2] === '' ? served.length : Math.min(Number(range[2]) + 1, served.length);
    const contentRange = `bytes ${start}-${end - 1}/${served.length}`;
    return { status: 206, headers: { ...headers, 'content-range': contentRange }, body: served.subarray(start, end) };
  }

  async #send(payload: Buffer, failed: boolean, response: ServerResponse): Promise<void> {
    const { bytesPerSec, corrupt } = this.#knobs;
    if (!failed && corrupt === 'truncate') {
      response.write(payload.subarray(0, payload.length >> 1), () => response.destroy());
      return;
    }
    if (!failed && bytesPerSec !== undefined) {
      for (let at = 0; at < payload.length && !response.destroyed; at += PACE_BYTES) {
        const part = payload.subarray(at, at + PACE_BYTES);
        response.write(part);
        await sleep((part.length / bytesPerSec) * 1000);
      }
      response.end();
      return;
    }
    response.end(payload);
  }

  #sign(blob: string, permission: 'r' | 'w'): string {
    return createHmac('sha256', this.#key).update(`${permission} ${blob}`).digest('base64');
  }
}

/** The range of a request; Azure's library has its own header for it. */
export function rangeOf(request: IncomingMessage): string | undefined {
  const azure = request.headers['x-ms-range'];
  return typeof azure === 'string' ? azure : request.headers.range;
}

function corrupted(body: Buffer, how: NonNullable<CacheKnobs['corrupt']>): Buffer {
  if (how === 'truncate') return body;
  if (how === 'garbage') return Buffer.alloc(body.length, 'lazypull');
  const copy = Buffer.from(body);
  const middle = body.length >> 1;
  copy.writeUInt8(copy.readUInt8(middle) ^ 0xff, middle);
  return copy;
}

function etag(body: Buffer): string {
  return `"0x${createHmac('sha256', 'etag').update(body).digest('hex').slice(0, 16).toUpperCase()}"`;
}

function errorBody(status: number): Buffer {
  const code = ERROR_CODES[status] ?? 'Unknown';
  return Buffer.from(
    `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`,
  );
}
