// Images that are gone: what `docker rmi`, `compose down` or garbage collection removed is what a report at the end of a
// job wants to tell of. A client removes an image layer by layer, the top one first.
import type { ImageStatus, ImageTimeline, LayerStatus } from './status.ts';

const MAX_IMAGES = 200;

/** A removed layer, and the image that it was of. */
export interface RemovedLayer {
  readonly ref: string;
  readonly consumer: string;
  readonly layer: LayerStatus;
  readonly timeline: ImageTimeline;
}

export class ImageHistory {
  /** Those that lost a layer last are last. */
  readonly #images = new Map<string, ImageStatus>();

  /** @param former what an earlier serving process knew, oldest first */
  constructor(former: readonly ImageStatus[] = []) {
    for (const image of former) this.#set(image);
  }

  add({ ref, consumer, layer, timeline }: RemovedLayer): void {
    const before = this.#images.get(keyOf({ ref, consumer }));
    this.#set({
      ref,
      consumer,
      layers: withLayer(before?.layers ?? [], layer),
      timeline: before === undefined ? timeline : merged(before.timeline, timeline),
    });
  }

  /** Latest last. */
  entries(): ImageStatus[] {
    return [...this.#images.values()];
  }

  #set(image: ImageStatus): void {
    const key = keyOf(image);
    this.#images.delete(key);
    this.#images.set(key, image);
    const oldest = this.#images.keys().next().value;
    if (this.#images.size > MAX_IMAGES && oldest !== undefined) this.#images.delete(oldest);
  }
}

/** A layer that was removed before has its place; another one was below all that were removed until now. */
function withLayer(layers: readonly LayerStatus[], layer: LayerStatus): LayerStatus[] {
  const known = layers.findIndex(({ digest }) => digest === layer.digest);
  return known < 0 ? [layer, ...layers] : layers.with(known, layer);
}

/**
 * Of one life of an image each layer knows when it was first read itself. An image that was pulled twice is told of by its
 * first life, unless nothing was started in that one.
 */
function merged(before: ImageTimeline, now: ImageTimeline): ImageTimeline {
  if (before.askedMs !== now.askedMs) {
    return before.startedMs === undefined && now.startedMs !== undefined ? now : before;
  }
  const reads = [before, now].flatMap(({ firstReadMs }) => firstReadMs ?? []);
  return reads.length === 0 ? now : { ...now, firstReadMs: Math.min(...reads) };
}

function keyOf({ ref, consumer }: Pick<ImageStatus, 'ref' | 'consumer'>): string {
  return `${consumer ?? ''}\n${ref}`;
}
