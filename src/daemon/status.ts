// What the daemon tells about itself: the type of `GET /v1/status`, of `lazypull status --json`, and the source of
// most metrics. Fields are only ever added. Sizes are bytes, times are seconds since the epoch unless named otherwise.
import type { Digest } from '../oci/digest.ts';
import type { TocPromise } from '../oci/toc-promise.ts';
import type { NotLazy } from '../snapshot/lazy.ts';

/** How far a layer is. `complete`: lazily mounted, and every byte is local. `ordinary`: downloaded and unpacked the old way. */
export type LayerState = 'lazy' | 'complete' | 'ordinary';

/**
 * A layer as an image has it. Counts are those of the layer since the daemon started, whoever used it, also over its being
 * unmounted and mounted again: the same layer of two images has the same counts, and of an older and a newer status the
 * newer one has the larger counts. Never add them up for one digest.
 */
export interface LayerStatus {
  readonly digest: Digest;
  /** Compressed size of the blob, when it is known. */
  readonly size?: number;
  readonly state: LayerState;
  /** Why the layer is `ordinary`: one sentence for the user, and its machine-readable kind. */
  readonly reason?: string;
  readonly kind?: NotLazy['kind'];
  /** File bytes that are local and verified, and all file bytes of the layer. 0 for ordinary layers. */
  readonly presentBytes: number;
  readonly imageBytes: number;
  /** Compressed bytes of chunks that came from the registry, and the requests that brought them. */
  readonly fetchedBytes: number;
  readonly requests: number;
  /** Reads that had to wait for the registry, and the milliseconds in which at least one of them waited. */
  readonly faults: number;
  readonly waitedMs: number;
  /**
   * Chunks that the kernel read (its read-ahead counts as read), their decompressed bytes, and how many of these chunks no
   * reader ever waited for. A layer that was complete when it was mounted is read without us: then all three are 0.
   */
  readonly usedChunks: number;
  readonly usedBytes: number;
  readonly hitChunks: number;
  /** When the first chunk was read, in milliseconds since the epoch. */
  readonly firstReadMs?: number;
  /** Decompressed bytes that came from a cache of an earlier job (`lazypull cache load`). */
  readonly restoredBytes: number;
  readonly prefetch?: { readonly state: 'waiting' | 'running' | 'done' | 'failed'; readonly bytes: number };
}

/** What happened to an image, in milliseconds since the epoch. */
export interface ImageTimeline {
  /** A client first asked for one of its layers. After a restart of the serving process: its first mount, when no more is known. */
  readonly askedMs: number;
  /** The last of its lazy layers was mounted. */
  readonly mountedMs?: number;
  /** A snapshot was first made on top of it that unpacks nothing: a container, a build step. */
  readonly startedMs?: number;
  /** One of its layers was first read after `askedMs`, by whichever image. */
  readonly firstReadMs?: number;
}

export interface ImageStatus {
  readonly ref: string;
  /** The consumer whose client pulled it: a `name` of the configuration. */
  readonly consumer?: string;
  /** Bottom first. */
  readonly layers: readonly LayerStatus[];
  readonly timeline: ImageTimeline;
}

/** A layer that was not mounted lazily. The daemon keeps the latest ones. */
export interface Fallback {
  readonly timeSec: number;
  readonly ref: string;
  readonly layer: string;
  readonly kind: NotLazy['kind'];
  readonly reason: string;
}

/** Running sums since the serving process started. */
export interface Totals {
  readonly registryRequests: number;
  readonly registryRetries: number;
  /** Compressed bytes from registries. */
  readonly fetchedBytes: number;
  /** Milliseconds in which at least one request to a registry was under way: with `fetchedBytes`, the throughput. */
  readonly transferMs: number;
  /** Reads that the kernel sent, and the bytes that answered them. */
  readonly reads: number;
  readonly readBytes: number;
  readonly faults: number;
  /** Milliseconds in which at least one read waited. */
  readonly waitedMs: number;
  /** Chunks that were read, their decompressed bytes, and how many no reader waited for. A layer that is mounted again counts again. */
  readonly usedChunks: number;
  readonly usedBytes: number;
  readonly hitChunks: number;
  /** Reads that were answered with EIO. */
  readonly readErrors: number;
  readonly verificationErrors: number;
  readonly lazyMounts: number;
  readonly fallbacks: Readonly<Partial<Record<NotLazy['kind'], number>>>;
}

/** A source of credentials that the daemon keeps. */
export interface CredentialStatus {
  readonly kind: 'cri' | 'kubernetes';
  /** Repositories of pulls, or secrets. */
  readonly count: number;
  /** False: what is known may be old; `detail` says why. */
  readonly ok: boolean;
  readonly detail: string;
}

export interface DaemonStatus {
  readonly version: string;
  readonly pid: number;
  readonly startedSec: number;
  /** How many serving processes there were before this one, over the same FUSE mount. */
  readonly generation: number;
  /** How layers are mounted, and why this way. `D`: nothing is lazy. */
  readonly tier: 'A' | 'B' | 'C' | 'D';
  readonly tierReason: string;
  readonly transport: 'wire' | 'fuse-native' | 'none';
  readonly consumers: readonly { readonly name: string; readonly socket: string; readonly snapshots: number }[];
  readonly images: readonly ImageStatus[];
  /**
   * Images of which snapshots were removed, as they were then: `docker rmi`, garbage collection. Only layers that were
   * removed; an image that lost some of them, or was pulled again, is in `images` too. Latest last, at most 200.
   */
  readonly history: readonly ImageStatus[];
  /** Sources of credentials beside docker's config.json and providers. Earlier daemons say nothing. */
  readonly credentials?: readonly CredentialStatus[];
  /** Latest last. */
  readonly fallbacks: readonly Fallback[];
  readonly cache: { readonly layers: number; readonly bytes: number; readonly sizeLimitBytes: number };
  /** Resident memory of the serving process. */
  readonly residentBytes: number;
  readonly totals: Totals;
  /** Set while the daemon drains: nothing new is lazy. */
  readonly drain?: DrainStatus;
}

/** How far a drain is (`lazypull drain`). */
export interface DrainStatus {
  readonly sinceSec: number;
  /** Whether the daemon ends when the last snapshot is removed. */
  readonly retire: boolean;
  readonly users: readonly DrainUser[];
}

/** A container, build step or the like that stands on lazily mounted layers. */
export interface DrainUser {
  readonly consumer: string;
  /** As the client named its snapshot. */
  readonly key: string;
  readonly ref?: string;
  /**
   * `incomplete`: it still needs its registry. `complete`: it needs no registry, but this daemon, which serves its files.
   * `independent`: the kernel has all of it without us.
   */
  readonly state: 'incomplete' | 'complete' | 'independent';
  readonly layers: readonly DrainedLayer[];
}

export interface DrainedLayer {
  readonly digest: Digest;
  readonly throughFuse: boolean;
  /** File bytes that are not local; -1 when nobody knows, because the layer is lost. */
  readonly missingBytes: number;
  /** Why it could not be completed so far. */
  readonly error?: string;
}

/** `POST /v1/drain`. */
export interface DrainRequest {
  readonly action: 'begin' | 'cancel';
  readonly retire: boolean;
}

/** `POST /v1/warm`: layers that will be mounted in a moment. A hint: whatever is wrong with it costs only time. */
export interface WarmRequest {
  readonly reference: string;
  readonly layers: readonly WarmLayer[];
}

export interface WarmLayer extends TocPromise {
  readonly digest: Digest;
  /** Bytes of the blob, and how many last ones of them hold footer and TOC. */
  readonly size?: number | undefined;
  readonly tocTail?: number | undefined;
}
