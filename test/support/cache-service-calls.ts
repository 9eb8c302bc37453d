// The three calls of GitHub's cache service: what each request is answered with. No I/O.
// Statuses and messages are those that the client tells apart: a conflict is 409 already_exists, a token without
// writable scopes gets ok=false with a message that starts with `cache write denied:`, one without readable scopes 403
// with `cache read denied:`, used-up storage a message with `insufficient usage`.
import type { CacheKnobs, CacheMethod } from './cache-service-knobs.ts';
import type { CacheEntry, CacheStore } from './cache-service-store.ts';
import type { CacheScope } from './cache-service-token.ts';

const METHODS: ReadonlySet<CacheMethod> = new Set([
  'CreateCacheEntry',
  'FinalizeCacheEntryUpload',
  'GetCacheEntryDownloadURL',
]);
const MAX_KEY_LENGTH = 512;

/** https://twitchtv.github.io/twirp/docs/spec_v7.html#error-codes, and those for a `status` that a test chose. */
const CODES: Readonly<Record<number, string>> = {
  400: 'invalid_argument',
  401: 'unauthenticated',
  403: 'permission_denied',
  404: 'not_found',
  409: 'already_exists',
  429: 'resource_exhausted',
  500: 'internal',
  503: 'unavailable',
};

export interface CallAnswer {
  readonly status: number;
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
}

interface CallRequest {
  readonly key: string;
  readonly version: string;
  readonly restoreKeys: readonly string[];
  readonly sizeBytes: number | undefined;
}

/** Answers calls. */
export class CacheCalls {
  readonly #store: CacheStore;
  readonly #knobs: CacheKnobs;
  readonly #signedUrl: (blob: string, permission: 'r' | 'w') => string;

  constructor(store: CacheStore, knobs: CacheKnobs, signedUrl: (blob: string, permission: 'r' | 'w') => string) {
    this.#store = store;
    this.#knobs = knobs;
    this.#signedUrl = signedUrl;
  }

  /**
   * @param scopes of the token; undefined for a token that is not ours.
   * @returns the answer, or no answer at all for a call that hangs; and the key that was asked for.
   */
  answer(
    method: CacheMethod | undefined,
    scopes: readonly CacheScope[] | undefined,
    body: Buffer,
  ): { answer: CallAnswer | undefined; key: string | undefined } {
    if (method === undefined || !METHODS.has(method)) {
      return { answer: failure(404, 'no such call'), key: undefined };
    }
    const request = parseCall(body);
    const fault = this.#fault(method);
    const answer =
      fault ??
      (scopes === undefined
        ? failure(401, 'the token was not issued by this service')
        : request === undefined
          ? failure(400, 'key and version are required, and a key has at most 512 characters')
          : this.#dispatch(method, request, scopes));
    return { answer: answer === 'hang' ? undefined : answer, key: request?.key };
  }

  #dispatch(method: CacheMethod, request: CallRequest, scopes: readonly CacheScope[]): CallAnswer | 'hang' {
    if (method === 'GetCacheEntryDownloadURL') return this.#lookup(request, scopes);
    const scope = scopes.find(({ write }) => write)?.scope;
    if (scope === undefined) return ok({ ok: false, message: 'cache write denied: token has no writable scopes' });
    return method === 'CreateCacheEntry' ? this.#create(request, scope) : this.#finalize(request, scope);
  }

  #create({ key, version }: CallRequest, scope: string): CallAnswer {
    if (this.#knobs.insufficientUsage) return failure(403, 'insufficient usage to create a cache entry');
    const entry = this.#store.reserve(key, version, scope);
    if (entry === undefined) {
      return failure(409, 'cache entry with the same key, version, and scope already exists');
    }
    return ok({ ok: true, signed_upload_url: this.#signedUrl(entry.blob, 'w') });
  }

  #finalize({ key, version, sizeBytes }: CallRequest, scope: string): CallAnswer | 'hang' {
    if (this.#knobs.finalize === 'hang') return 'hang';
    const entry = this.#store.find(key, version, scope);
    if (entry === undefined) return failure(404, 'cache entry not found');
    const refusal = this.#refusal(entry, sizeBytes);
    if (refusal !== undefined) return ok({ ok: false, entry_id: '0', message: refusal });
    this.#store.finalize(entry, this.#knobs.quotaBytes);
    return ok({ ok: true, entry_id: String(entry.id) });
  }

  #refusal(entry: CacheEntry, sizeBytes: number | undefined): string | undefined {
    if (this.#knobs.finalize === 'refuse') return 'cache entry could not be finalized';
    if (entry.finalized) return 'cache entry is finalized already';
    const size = entry.body?.length;
    if (size === undefined) return 'cache entry has no upload';
    if (size !== sizeBytes) return `cache entry has ${size} bytes, not ${sizeBytes}`;
    const limit = this.#knobs.maxEntryBytes;
    return size > limit ? `cache entry of ${size} bytes is over the limit of ${limit} bytes` : undefined;
  }

  #lookup({ key, version, restoreKeys }: CallRequest, scopes: readonly CacheScope[]): CallAnswer {
    const readable = scopes.filter(({ read }) => read);
    if (readable.length === 0) return failure(403, 'cache read denied: token has no readable scopes');
    const entry = this.#store.lookup({ key, version, restoreKeys, scopes: readable });
    if (entry === undefined) return ok({ ok: false });
    return ok({ ok: true, signed_download_url: this.#signedUrl(entry.blob, 'r'), matched_key: entry.key });
  }

  #fault(method: CacheMethod): CallAnswer | undefined {
    const { status, statusOf, statusCount } = this.#knobs;
    if (status === undefined || statusCount <= 0 || (statusOf ?? method) !== method) return undefined;
    this.#knobs.statusCount -= 1;
    return { ...failure(status, `status ${status} as the test asked`), headers: { 'retry-after': '1' } };
  }
}

function ok(body: object): CallAnswer {
  return { status: 200, body };
}

function failure(status: number, msg: string): CallAnswer {
  return { status, body: { code: CODES[status] ?? 'unknown', msg } };
}

/** Fields have protobuf's names; undefined for anything that is not a request. */
function parseCall(body: Buffer): CallRequest | undefined {
  let fields: Record<string, unknown>;
  try {
    fields = JSON.parse(body.toString()) as Record<string, unknown>;
  } catch {
    return undefined;
  }
  const { key, version, restore_keys: restoreKeys = [], size_bytes: sizeBytes } = fields;
  if (typeof key !== 'string' || key === '' || key.length > MAX_KEY_LENGTH) return undefined;
  if (typeof version !== 'string' || version === '' || !Array.isArray(restoreKeys)) return undefined;
  return {
    key,
    version,
    restoreKeys: restoreKeys.map(String),
    sizeBytes: sizeBytes === undefined ? undefined : Number(sizeBytes),
  };
}
