// Who stands on lazy layers: containers, build steps, views. What unpacks a layer does not count, nor does an image that
// nothing was started from.
import type { Digest } from '../oci/digest.ts';
import { isUnpacking } from './image-times.ts';
import { parseLayerSource, REF_LABEL } from './labels.ts';
import type { SnapshotStore } from './store.ts';

/** A snapshot that somebody has mounted, and the lazy layers below it. */
export interface SnapshotUser {
  /** As the client named it, e.g. `k8s.io/12/0a1b...`. */
  readonly key: string;
  /** Of the nearest layer that names an image. */
  readonly imageRef: string | undefined;
  /** Nearest first, each once; never empty. */
  readonly layers: readonly Digest[];
}

/** All of a store's snapshots that somebody uses and that have lazy layers below them. */
export function usersOf(store: SnapshotStore): SnapshotUser[] {
  return store.list().flatMap((snapshot) => {
    const { name, kind, labels } = snapshot;
    if (kind === 'committed' || labels[REF_LABEL] !== undefined || isUnpacking(name)) return [];
    const ancestors = store.ancestors(snapshot);
    const layers = [...new Set(ancestors.flatMap(({ layerDigest }) => layerDigest ?? []))];
    if (layers.length === 0) return [];
    const named = ancestors.map((ancestor) => parseLayerSource(ancestor.labels)).find((source) => source !== undefined);
    return [{ key: name, imageRef: named?.imageRef, layers }];
  });
}
