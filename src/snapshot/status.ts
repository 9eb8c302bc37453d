// What `lazypull status` shows of one snapshotter: how many snapshots there are, which layers of which images are
// mounted lazily, and which were wanted lazily but are not.
import type { Digest } from '../oci/digest.ts';
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
  fallbacks: readonly Fallback[],
): SnapshotterStatus {
  const counts = { view: 0, active: 0, committed: 0, remote: 0 };
  const images = new Map<string, LayerStatus[]>();
  for (const { id, kind, layerDigest, name, labels } of store.list()) {
    counts[kind]++;
    if (layerDigest === undefined) continue;
    counts.remote++;
    const imageRef = parseLayerSource(labels)?.imageRef ?? '';
    const layers = images.get(imageRef) ?? [];
    layers.push({ layerDigest, snapshot: name, problem: failures.get(id) });
    images.set(imageRef, layers);
  }
  return {
    storeId: store.storeId,
    snapshots: counts,
    images: [...images].map(([imageRef, layers]) => ({ imageRef, layers })),
    fallbacks,
  };
}
