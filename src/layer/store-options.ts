// What callers may say to a layer store.
import type { FetchExternalToc, FetchTocOptions, TocBytes } from '../estargz/toc-bytes.ts';
import type { Logger } from '../log.ts';
import type { Digest } from '../oci/digest.ts';
import type { TocPromise } from '../oci/toc-promise.ts';
import type { RemoteBlob } from '../registry/blob.ts';
import type { Layer } from './layer.ts';
import type { OpaqueXattr } from './record.ts';

export interface LayerStoreOptions {
  /** Layers lie in `<root>/layers`. */
  readonly root: string;
  readonly log?: Logger;
  /** Allocated bytes that all layer images may take together; 0, or nothing, for no limit. */
  readonly sizeLimitBytes?: number;
  /** At most; as many as cores, 4 at most, unless told. */
  readonly chunkWorkers?: number;
  /** Idle workers end after this time; 10 s unless told. */
  readonly workerIdleMs?: number;
  /** Bytes of the blob that prefetch takes from layers that say nothing of it; 0 unless told. */
  readonly prefetchBytes?: number;
  /** Fetch the rest of layers whose `startFill` was called, once no fault came for `quietMs`; on, with 1 s, unless told. */
  readonly fill?: { readonly enabled: boolean; readonly quietMs: number };
  /** Time between checkpoints; 5 s unless told. */
  readonly checkpointMs?: number;
  /** `user` when overlayfs is mounted with `userxattr`; `trusted` unless told. */
  readonly opaqueXattr?: OpaqueXattr;
  readonly toc?: FetchTocOptions;
  /** Whether small members are fetched with their neighbours; yes, unless told. */
  readonly neighbours?: boolean;
  /** The kernel's boot id, for tests. */
  readonly bootId?: string;
  /** A layer has become complete, and its checkpoint is on disk. */
  readonly onComplete?: (layer: Layer) => void;
}

/** A table of contents that a hot pack brought, and whether it came to somebody without credentials. */
export interface PackedToc {
  readonly toc: TocBytes;
  readonly isAnonymous: boolean;
}

/** The promise is what a trusted manifest says of the layer's table of contents. */
export interface OpenLayerRequest extends TocPromise {
  readonly digest: Digest;
  /** Accepts a layer without that promise, and chunks without digests. */
  readonly allowUnverified?: boolean;
  /** Where missing bytes come from. A layer on disk opens without one. */
  readonly blob?: RemoteBlob | undefined;
  /** What the layer is made of, instead of its blob, when it is not on disk. */
  readonly packed?: PackedToc | undefined;
  /** Where a table of contents comes from that is not in the blob. */
  readonly externalToc?: FetchExternalToc | undefined;
  /** How many last bytes of the blob are footer and table of contents: a hint that may be wrong. */
  readonly tailLength?: number | undefined;
}
