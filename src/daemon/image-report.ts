// What the daemon says of images and their layers: those that are there, and those that were.
import type { Digest } from '../oci/digest.ts';
import type { ImageTimes } from '../snapshot/image-times.ts';
import type { RemovedLayer } from '../snapshot/snapshotter.ts';
import type { SnapshotterStatus } from '../snapshot/status.ts';
import { ImageHistory } from './image-history.ts';
import { LayerLedger } from './layer-ledger.ts';
import type { HeldLayer, MountedLayers } from './lazy-layers.ts';
import type { DaemonMemory } from './memory.ts';
import type { ImageStatus, ImageTimeline, LayerStatus } from './status.ts';

export class ImageReport {
  readonly #layers: Pick<MountedLayers, 'held' | 'lookupHeld'>;
  readonly #ledger: LayerLedger;
  readonly #history: ImageHistory;

  /** @param former what an earlier serving process remembered */
  constructor(
    layers: Pick<MountedLayers, 'held' | 'lookupHeld'>,
    former: Pick<DaemonMemory, 'history' | 'layers'> = { history: [], layers: [] },
  ) {
    this.#layers = layers;
    this.#ledger = new LayerLedger(former.layers);
    this.#history = new ImageHistory(former.history);
  }

  /** Nobody holds a layer any more; it is still open. */
  released(held: HeldLayer): void {
    this.#ledger.close(liveStatus(held));
  }

  /** A client removed a lazy layer of an image, and let go of it. */
  removed(consumer: string, { imageRef, layerDigest, times }: RemovedLayer): void {
    const layer = this.#layer(layerDigest, undefined);
    this.#history.add({ ref: imageRef, consumer, layer, timeline: timeline(times, [layer]) });
  }

  /** Images of which layers were removed. */
  history(): ImageStatus[] {
    return this.#history.entries();
  }

  /** For the next serving process. */
  memory(): Pick<DaemonMemory, 'history' | 'layers'> {
    const held = [...this.#layers.held()].map((one) => this.#ledger.total(liveStatus(one)));
    const digests = new Set(held.map(({ digest }) => digest));
    const closed = this.#ledger.entries().filter(({ digest }) => !digests.has(digest));
    return { history: this.history(), layers: [...closed, ...held] };
  }

  /** Remote layers of each image of a consumer, and after them those that fell back. */
  images(consumer: string, status: Pick<SnapshotterStatus, 'images' | 'fallbacks' | 'times'>): ImageStatus[] {
    const images = new Map<string, LayerStatus[]>();
    const layersOf = (ref: string): LayerStatus[] => {
      const layers = images.get(ref) ?? [];
      images.set(ref, layers);
      return layers;
    };
    for (const { imageRef, layers } of status.images) {
      layersOf(imageRef).push(...layers.map(({ layerDigest, problem }) => this.#layer(layerDigest, problem)));
    }
    for (const { imageRef, layerDigest, kind, reason } of status.fallbacks) {
      if (imageRef === undefined || layerDigest === undefined) continue;
      layersOf(imageRef).push({ ...NO_COUNTS, digest: layerDigest, state: 'ordinary', kind, reason });
    }
    return [...images].map(([ref, layers]) => {
      const times = status.times.get(ref);
      if (times === undefined) throw new TypeError(`nobody knows when image ${ref} came`);
      return { ref, consumer, layers, timeline: timeline(times, layers) };
    });
  }

  #layer(digest: Digest, problem: string | undefined): LayerStatus {
    const held = this.#layers.lookupHeld(digest);
    if (held !== undefined) return this.#ledger.total(liveStatus(held));
    const before = this.#ledger.lookup(digest) ?? { ...NO_COUNTS, digest, state: 'lazy' };
    return problem === undefined ? before : { ...before, state: 'lazy', reason: problem, kind: 'error' };
  }
}

/** With the counts since the layer was opened. */
function liveStatus({ layer, prefetch }: HeldLayer): LayerStatus {
  const stats = layer.stats();
  const { fetchedBytes, requests, faults, usedChunks, usedBytes, hitChunks, restoredBytes } = stats;
  const { firstReadMs } = layer;
  return {
    digest: layer.digest,
    size: layer.blobSize,
    state: layer.complete ? 'complete' : 'lazy',
    presentBytes: stats.presentBytes,
    imageBytes: stats.fileBytes,
    fetchedBytes,
    requests,
    faults,
    waitedMs: Math.round(stats.waitedMs),
    usedChunks,
    usedBytes,
    hitChunks,
    restoredBytes,
    ...(firstReadMs === undefined ? {} : { firstReadMs }),
    ...(prefetch === undefined ? {} : { prefetch: { state: prefetch, bytes: stats.prefetchedBytes } }),
  };
}

/** A layer may have been read for another image, long before this one was asked for. */
function timeline(times: ImageTimes, layers: readonly LayerStatus[]): ImageTimeline {
  const reads = layers.flatMap(({ firstReadMs }) => firstReadMs ?? []).filter((ms) => ms >= times.askedMs);
  return reads.length === 0 ? times : { ...times, firstReadMs: Math.min(...reads) };
}

const NO_COUNTS = {
  presentBytes: 0,
  imageBytes: 0,
  fetchedBytes: 0,
  requests: 0,
  faults: 0,
  waitedMs: 0,
  usedChunks: 0,
  usedBytes: 0,
  hitChunks: 0,
  restoredBytes: 0,
};
