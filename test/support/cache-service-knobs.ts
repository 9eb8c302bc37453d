// The faults that the cache service can have, and the record of what was asked of it.

/** The three calls of the service. */
export type CacheMethod = 'CreateCacheEntry' | 'FinalizeCacheEntryUpload' | 'GetCacheEntryDownloadURL';

/** Faults, all changeable while the service runs. */
export interface CacheKnobs {
  /** Calls are answered with this status (500, 503, 429 with Retry-After, 401), as many times as `statusCount` says. */
  status: number | undefined;
  /** The only call that `status` concerns. Default: all. */
  statusOf: CacheMethod | undefined;
  statusCount: number;
  /** Connections are cut without an answer. For a refused connection see `CacheService.goDown`. */
  reset: boolean;
  /** Wait before every answer. */
  latencyMs: number;
  /** Pace of every downloaded body. */
  bytesPerSec: number | undefined;
  /** Downloads have one byte changed, end early, or are not what was uploaded at all. */
  corrupt: 'flip' | 'truncate' | 'garbage' | undefined;
  /** Downloads are answered with this status: 403 for an expired signature, 404, 503. */
  downloadStatus: number | undefined;
  /** Uploads of blobs and blocks are answered with this status. 403 is final, the client tries 500 and 503 four times. */
  uploadStatus: number | undefined;
  /** `refuse` answers ok=false with a message; `hang` never answers. Both leave the entry reserved and unseen. */
  finalize: 'refuse' | 'hang' | undefined;
  /** Reservations are refused as GitHub does when the storage that was paid for is used up. */
  insufficientUsage: boolean;
  /** Larger entries are refused when they are finalized. */
  maxEntryBytes: number;
  /** Sum of all entries; the least recently used go first, as on GitHub. */
  quotaBytes: number;
}

export function defaultCacheKnobs(): CacheKnobs {
  return {
    status: undefined,
    statusOf: undefined,
    statusCount: Infinity,
    reset: false,
    latencyMs: 0,
    bytesPerSec: undefined,
    corrupt: undefined,
    downloadStatus: undefined,
    uploadStatus: undefined,
    finalize: undefined,
    insufficientUsage: false,
    maxEntryBytes: 10 * 1024 ** 3,
    quotaBytes: 10 * 1024 ** 3,
  };
}

/** One request, to the service or to its blob storage. */
export interface CacheRequest {
  /** The call, or what was done to a blob. */
  readonly what: CacheMethod | 'PutBlob' | 'PutBlock' | 'PutBlockList' | 'GetBlob' | 'HeadBlob' | 'unknown';
  readonly method: string;
  /** Without the query, which holds the signature. */
  readonly path: string;
  /** Key that a call names. */
  readonly key: string | undefined;
  readonly range: string | undefined;
  status: number;
  /** Body bytes that came in and that went out. */
  bytesIn: number;
  bytesOut: number;
}
