// The faults that the test registry can have, and the record of what was asked of it.

/** Faults, all changeable while the registry runs. They concern whoever serves blob bytes: the registry or its CDN. */
export interface RegistryKnobs {
  /** Ranges are ignored: every answer is 200 with the whole blob. */
  noRange: boolean;
  /** Suffix ranges and multi-ranges are answered 200 with the whole blob; a single explicit range is honoured. */
  wholeBody: boolean;
  /** The status of the answer to a suffix range (416, 501, 400), instead of 206. */
  suffixStatus: number | undefined;
  /** Multi-ranges are answered 501. */
  status501OnMultiRange: boolean;
  /** Blob bodies have no Content-Length (chunked transfer coding). */
  chunked: boolean;
  /** Added to both ends of Content-Range: a registry that lies. */
  contentRangeShift: number;
  /** This many bytes fewer than Content-Length and Content-Range promise, then the connection is closed. */
  dropAfter: number | undefined;
  /** How many bodies `dropAfter` cuts before it turns itself off. */
  dropCount: number;
  /** Bodies of ranges go on after the end of the range (with a Content-Length that says so). */
  extraBytes: number;
  /** Blob requests are redirected: to the registry's own CDN, or to another base URL. */
  redirectTo: 'cdn' | URL | undefined;
  redirectStatus: number;
  /** Wait before every answer. */
  latencyMs: number;
  /** Pace of every blob body. */
  bytesPerSec: number | undefined;
  /** Every connection is closed without an answer. */
  down: boolean;
  /** Manifests of OCI's types are there only for who accepts their type by name, as in distribution 2.8. */
  namesAccepted: boolean;
  /** Answers to manifests carry this Docker-Content-Digest instead of the right one; empty for none. */
  contentDigest: string | undefined;
  /** After so many bytes of an upload's body the connection is closed. */
  uploadDropAfter: number | undefined;
  /** How many bodies `uploadDropAfter` cuts before it turns itself off. */
  uploadDropCount: number;
  /** Whether what came before a cut stays in the upload. */
  uploadKeepsPart: boolean;
  /** Uploads are forgotten after so many bodies, once each. */
  uploadLostAfter: number | undefined;
  /** The next PATCH or PUT of an upload with this many left is answered 416, whatever it sends. */
  upload416: number;
  /** Bodies of uploads that are longer are answered 413. */
  uploadMaxBody: number | undefined;
  /** `OCI-Chunk-Min-Length`: a shorter chunk that another one follows is refused. */
  uploadMinChunk: number | undefined;
  /** Where uploads go on: a path, a URL, or a URL of the CDN, which objects to credentials. */
  uploadLocation: 'path' | 'url' | 'cdn';
  /** Whether a Location's query must come back as it was given. Clients in Go write it in another way. */
  uploadExactQuery: boolean;
  /** Whether answers to uploads have a Range. */
  uploadRange: boolean;
  /** The answer to PUT of a blob gets lost after it was stored, so many times. */
  uploadLosesAnswer: number;
  /** So many blobs are stored with a wrong byte, and refused for it. */
  uploadDamages: number;
  /** The answer to a mount: 201, 202 for "upload it", or an error. */
  mountStatus: number;
}

export function defaultKnobs(): RegistryKnobs {
  return {
    noRange: false,
    wholeBody: false,
    suffixStatus: undefined,
    status501OnMultiRange: false,
    chunked: false,
    contentRangeShift: 0,
    dropAfter: undefined,
    dropCount: Infinity,
    extraBytes: 0,
    redirectTo: undefined,
    redirectStatus: 307,
    latencyMs: 0,
    bytesPerSec: undefined,
    down: false,
    namesAccepted: false,
    contentDigest: undefined,
    uploadDropAfter: undefined,
    uploadDropCount: Infinity,
    uploadKeepsPart: true,
    uploadLostAfter: undefined,
    upload416: 0,
    uploadMaxBody: undefined,
    uploadMinChunk: undefined,
    uploadLocation: 'path',
    uploadExactQuery: true,
    uploadRange: true,
    uploadLosesAnswer: 0,
    uploadDamages: 0,
    mountStatus: 201,
  };
}

/** One request that a server answered (or refused to). */
export interface RequestRecord {
  readonly server: 'registry' | 'cdn';
  readonly method: string;
  /** Path without the query. */
  readonly path: string;
  readonly query: string;
  readonly range: string | undefined;
  /** `Basic` or `Bearer`, never the secret. */
  readonly authorization: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  status: number;
  /** Body bytes written. */
  bytes: number;
}

/** Answers that come instead of the right one. */
export class FailureQueue {
  #left = 0;
  #status = 503;
  #retryAfter: string | undefined;

  /** The next `count` requests are answered with `status`. */
  set(count: number, status: number, retryAfter?: string): void {
    this.#left = count;
    this.#status = status;
    this.#retryAfter = retryAfter;
  }

  take(): { status: number; retryAfter: string | undefined } | undefined {
    if (this.#left <= 0) return undefined;
    this.#left -= 1;
    return { status: this.#status, retryAfter: this.#retryAfter };
  }
}
