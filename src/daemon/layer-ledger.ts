// What layers were like when they were last let go of: a layer that is unmounted and mounted again goes on counting where
// it was, and an image that is gone can still be told of. Bounded, by digest.
import type { Digest } from '../oci/digest.ts';
import type { LayerStatus } from './status.ts';

const MAX_LAYERS = 2000;

export class LayerLedger {
  /** Those let go of last are last. */
  readonly #closed = new Map<Digest, LayerStatus>();

  /** @param former what an earlier serving process knew, oldest first */
  constructor(former: readonly LayerStatus[] = []) {
    for (const layer of former) this.#set(layer);
  }

  /** A layer is let go of; `status` has the counts since it was opened. */
  close(status: LayerStatus): void {
    this.#set(this.total(status));
  }

  /** A layer that nobody holds, as it was. */
  lookup(digest: Digest): LayerStatus | undefined {
    return this.#closed.get(digest);
  }

  /** A layer that was opened, with the counts of its earlier openings. */
  total(status: LayerStatus): LayerStatus {
    const before = this.#closed.get(status.digest);
    return before === undefined ? status : addCounts(before, status);
  }

  entries(): LayerStatus[] {
    return [...this.#closed.values()];
  }

  #set(layer: LayerStatus): void {
    this.#closed.delete(layer.digest);
    this.#closed.set(layer.digest, layer);
    const oldest = this.#closed.keys().next().value;
    if (this.#closed.size > MAX_LAYERS && oldest !== undefined) this.#closed.delete(oldest);
  }
}

/**
 * Of chunks only the numbers are known, not which: what both openings read is taken to be the same, as far as it goes. A
 * chunk that was waited for once is there the second time, and is no hit for that.
 */
function addCounts(before: LayerStatus, now: LayerStatus): LayerStatus {
  const usedChunks = Math.max(before.usedChunks, now.usedChunks);
  const missedChunks = Math.max(before.usedChunks - before.hitChunks, now.usedChunks - now.hitChunks);
  const firstReadMs = before.firstReadMs ?? now.firstReadMs;
  return {
    ...now,
    fetchedBytes: before.fetchedBytes + now.fetchedBytes,
    requests: before.requests + now.requests,
    faults: before.faults + now.faults,
    waitedMs: before.waitedMs + now.waitedMs,
    usedChunks,
    usedBytes: Math.max(before.usedBytes, now.usedBytes),
    hitChunks: usedChunks - missedChunks,
    // The layer cache counts that over all openings.
    restoredBytes: Math.max(before.restoredBytes, now.restoredBytes),
    ...(firstReadMs === undefined ? {} : { firstReadMs }),
  };
}
