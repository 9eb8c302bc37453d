// Which layers were wanted lazily and are not, and why: what `lazypull status` shows, since a silent fallback to an
// ordinary pull looks to a user as if laziness did not work at all. Kept in memory, newest last, bounded.
import type { Digest } from '../oci/digest.ts';
import { parseLayerSource } from './labels.ts';
import type { Labels, NotLazy } from './lazy.ts';

const MAX_FALLBACKS = 500;

/** A layer that was pulled in the ordinary way although the client asked for a remote snapshot. */
export interface Fallback {
  /** Undefined when the labels did not name it. */
  readonly imageRef: string | undefined;
  readonly layerDigest: Digest | undefined;
  readonly kind: NotLazy['kind'];
  readonly reason: string;
  /** Milliseconds since the epoch. */
  readonly atMs: number;
}

export class FallbackReport {
  readonly #entries = new Map<string, Fallback>();

  add(labels: Labels, why: NotLazy): void {
    const source = parseLayerSource(labels);
    const { imageRef, layerDigest } = source ?? { imageRef: undefined, layerDigest: undefined };
    const key = keyOf(imageRef, layerDigest);
    this.#entries.delete(key); // so that it becomes the newest
    this.#entries.set(key, { imageRef, layerDigest, kind: why.kind, reason: why.notLazy, atMs: Date.now() });
    const oldest = this.#entries.keys().next().value;
    if (this.#entries.size > MAX_FALLBACKS && oldest !== undefined) this.#entries.delete(oldest);
  }

  /** The layer is lazy now. */
  clear(labels: Labels): void {
    const source = parseLayerSource(labels);
    if (source !== undefined) this.#entries.delete(keyOf(source.imageRef, source.layerDigest));
  }

  /** Oldest first. */
  entries(): Fallback[] {
    return [...this.#entries.values()];
  }
}

function keyOf(imageRef: string | undefined, layerDigest: Digest | undefined): string {
  return `${imageRef ?? ''}\n${layerDigest ?? ''}`;
}
