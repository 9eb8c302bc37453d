// What `lazypull status` shows of one snapshotter: how many snapshots there are, which layers of which images are
// mounted lazily, and which were wanted lazily but are not.
import type { Digest } from '../oci/digest.ts';
import type { ImageClock, ImageTimes } from './image-times.ts';
import { parseLayerSource } from './labels.ts';
import type { SnapshotKind } from './model.ts';
import type { Fallback } from './report.ts';
import type { SnapshotStore } from './store.ts';

export interface SnapshotterStatus {
  readonly storeId: string;
  /** Number of snapshots; `remote` are those of the committed ones whose layer is mounted instead of unpacked. */
  readonly snapshots: Readonly<Record<SnapshotKind | 'remote', number>>;
  readonly images: readonly ImageStatus[];
  /** Layers that were pulled in the ordinary way, oldest first, since the start of the process; a bounded number. */
  readonly fallbacks: readonly Fallback[];
  /** Of the images in `images` and in `fallbacks`. */
  readonly times: ReadonlyMap<string, ImageTimes>;
}

export interface ImageStatus {
  readonly imageRef: string;
  /** Remote layers, lowest first. */
  readonly layers: readonly LayerStatus[];
}

export interface LayerStatus {
  readonly layerDigest: Digest;
  /** Name of the remote snapshot. */
  readonly snapshot: string;
  /** Why the layer is not mounted now; undefined when it is. */
  readonly problem: string | undefined;
}

export function statusOf(
  store: SnapshotStore,
  failures: ReadonlyMap<number, string>,
  { fallbacks, clock }: { readonly fallbacks: readonly Fallback[]; readonly clock: ImageClock },
): SnapshotterStatus {
  const counts = { view: 0, active: 0, committed: 0, remote: 0 };
  const images = new Map<string, LayerStatus[]>();
  const times = new Map<string, ImageTimes>();
  for (const { id, kind, layerDigest, name, labels, createdMs } of store.list()) {
    counts[kind]++;
    if (layerDigest === undefined) continue;
    counts.remote++;
    const imageRef = parseLayerSource(labels)?.imageRef ?? '';
    const layers = images.get(imageRef) ?? [];
    layers.push({ layerDigest, snapshot: name, problem: failures.get(id) });
    images.set(imageRef, layers);
    // A remote snapshot is made when its layer is mounted: all that is known of an image after a restart.
    const { askedMs, mountedMs } = times.get(imageRef) ?? { askedMs: createdMs, mountedMs: createdMs };
    const span = { askedMs: Math.min(askedMs, createdMs), mountedMs: Math.max(mountedMs ?? 0, createdMs) };
    times.set(imageRef, clock.lookup(imageRef) ?? span);
  }
  for (const { imageRef, atMs } of fallbacks) {
    if (imageRef !== undefined && !times.has(imageRef)) {
      times.set(imageRef, clock.lookup(imageRef) ?? { askedMs: atMs });
    }
  }
  return {
    storeId: store.storeId,
    snapshots: counts,
    images: [...images].map(([imageRef, layers]) => ({ imageRef, layers })),
    fallbacks,
    times,
  };
}
