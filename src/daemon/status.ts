// What the daemon tells about itself: the type of `GET /v1/status`, of `lazypull status --json`, and the source of
// most metrics. Fields are only ever added. Sizes are bytes, times are seconds since the epoch unless named otherwise.
import type { Digest } from '../oci/digest.ts';
import type { TocPromise } from '../oci/toc-promise.ts';
import type { NotLazy } from '../snapshot/lazy.ts';

/** How far a layer is. `complete`: lazily mounted, and every byte is local. `ordinary`: downloaded and unpacked the old way. */
export type LayerState = 'lazy' | 'complete' | 'ordinary';

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
  /** Compressed bytes that came from the registry since the layer was opened. */
  readonly fetchedBytes: number;
  /** Reads that had to wait for the registry. */
  readonly faults: number;
  readonly prefetch?: { readonly state: 'waiting' | 'running' | 'done' | 'failed'; readonly bytes: number };
}

export interface ImageStatus {
  readonly ref: string;
  /** The consumer whose client pulled it: a `name` of the configuration. */
  readonly consumer?: string;
  /** Bottom first. */
  readonly layers: readonly LayerStatus[];
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
  /** Reads that the kernel sent, and the bytes that answered them. */
  readonly reads: number;
  readonly readBytes: number;
  readonly faults: number;
  /** Reads that were answered with EIO. */
  readonly readErrors: number;
  readonly verificationErrors: number;
  readonly lazyMounts: number;
  readonly fallbacks: Readonly<Partial<Record<NotLazy['kind'], number>>>;
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
  /** Latest last. */
  readonly fallbacks: readonly Fallback[];
  readonly cache: { readonly layers: number; readonly bytes: number; readonly sizeLimitBytes: number };
  /** Resident memory of the serving process. */
  readonly residentBytes: number;
  readonly totals: Totals;
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
