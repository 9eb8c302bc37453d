// What the daemon says of the layer store: the same as of a snapshotter, from other facts.
import type { Digest } from '../oci/digest.ts';
import type { ImageClock } from '../snapshot/image-times.ts';
import type { Fallback } from '../snapshot/report.ts';
import type { LayerStatus, SnapshotterStatus } from '../snapshot/status.ts';
import type { SnapshotUser } from '../snapshot/users.ts';
import type { HeldLayer } from './state.ts';

/**
 * Who stands on the layers. Whether a container runs is not told, so that every image counts that a client says it uses.
 * @param held lower layers before those above them
 */
export function usersOf(held: readonly HeldLayer[]): SnapshotUser[] {
  const images = new Map<string, Digest[]>();
  for (const { reference, layer, uses } of held) {
    if (uses > 0) images.set(reference, [layer.digest, ...(images.get(reference) ?? [])]);
  }
  return [...images].map(([reference, layers]) => ({ key: reference, imageRef: reference, layers }));
}

/** @param held lower layers before those above them */
export function statusOf(
  held: readonly HeldLayer[],
  facts: {
    readonly problemOf: (held: HeldLayer) => string | undefined;
    readonly fallbacks: readonly Fallback[];
    readonly clock: Pick<ImageClock, 'lookup'>;
  },
): SnapshotterStatus {
  const images = new Map<string, LayerStatus[]>();
  for (const one of held) {
    const layers = images.get(one.reference) ?? [];
    images.set(one.reference, layers);
    layers.push({ layerDigest: one.layer.digest, snapshot: one.tocDigest, problem: facts.problemOf(one) });
  }
  const isHeld = new Set(held.map(({ reference, layer }) => `${reference} ${layer.digest}`));
  // One that is held and not mounted is a problem of its image, not a layer that somebody downloads.
  const fallbacks = facts.fallbacks.filter(({ imageRef, layerDigest }) => !isHeld.has(`${imageRef} ${layerDigest}`));
  const references = new Set([...images.keys(), ...fallbacks.flatMap(({ imageRef }) => imageRef ?? [])]);
  const now = Date.now();
  return {
    storeId: '',
    snapshots: { view: 0, active: 0, committed: held.length, remote: held.length },
    images: [...images].map(([imageRef, layers]) => ({ imageRef, layers })),
    fallbacks,
    times: new Map([...references].map((ref) => [ref, facts.clock.lookup(ref) ?? { askedMs: now }])),
  };
}
