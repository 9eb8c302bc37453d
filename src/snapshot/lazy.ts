// What the snapshotter's rules need of the lazy side. Everything about registries, formats, EROFS and FUSE hides
// behind it; the rules can be tested with a fake, and the lazy side without containerd.
import type { Digest } from '../oci/digest.ts';

/** Snapshot labels as containerd passes them. */
export type Labels = Readonly<Record<string, string>>;

/** A layer that is mounted. */
export interface MountedLayer {
  readonly layerDigest: Digest;
  /** Absolute path of the read-only mount; a lowerdir for overlayfs. Stays valid until every holder has released it. */
  readonly mountpoint: string;
}

/** Why a layer is not mounted lazily. `reason` is one sentence for the user. */
export interface NotLazy {
  readonly notLazy: string;
  /** Machine-readable kind, for `status` and metrics. */
  readonly kind:
    | 'no-labels' // the client passed nothing that names the layer
    | 'not-estargz' // no TOC in the blob
    | 'unverifiable' // no trusted TOC digest, or chunks without digests
    | 'invalid' // the TOC is not safe or not what its digest promises
    | 'registry' // the registry can't be reached or refuses
    | 'unsupported' // this machine can't mount lazily
    | 'disk'
    | 'error';
}

export interface LazyLayers {
  /**
   * Mounts the layer that `labels` name, and holds it for `holder` (a snapshot id that is unique over all stores and
   * restarts). Never throws for a reason that an ordinary pull survives: it says why the layer is not lazy instead.
   */
  mount(holder: string, labels: Labels, signal?: AbortSignal): Promise<MountedLayer | NotLazy>;
  /** After a restart: mounts a layer again that `holder` held before. Uses local data first, the registry when it must. */
  restore(holder: string, layerDigest: Digest, labels: Labels, signal?: AbortSignal): Promise<MountedLayer | NotLazy>;
  /** The mount of a held layer, e.g. for lowerdir; undefined when it is not mounted. */
  lookup(layerDigest: Digest): MountedLayer | undefined;
  /** New labels may bring a new reference, and so new credentials, for a layer that is mounted. */
  refresh(layerDigest: Digest, labels: Labels): void;
  /**
   * Called before containers use the layers (Mounts, Prepare on top): starts or waits for prefetch as configured.
   * Rejects with UNAVAILABLE when a layer is incomplete and its mount is broken.
   */
  ready(layerDigests: readonly Digest[], signal?: AbortSignal): Promise<void>;
  /** The holder no longer needs the layer. The last release unmounts it; its cached data stays. */
  release(holder: string, layerDigest: Digest): Promise<void>;
}
