// The seconds that being lazy saved: what it cost is measured, what an ordinary pull would have cost is estimated. Every
// assumption errs on the side of saving less. docs/action.md, "How seconds are counted", says the same in words.
import type { LayerStatus, Totals } from '../../src/daemon/status.ts';
import type { MergedImage } from './merge.ts';
import type { ImageSeconds, Rates } from './model.ts';

/** Assumed where the job fetched too little to tell: 400 Mbit/s, more than most runners get from most registries. */
export const ASSUMED_PULL_BYTES_PER_SEC = 50_000_000;
/** Decompressed; faster than what was measured for docs/performance.md, where a pull is bound by unpacking. */
export const UNPACK_BYTES_PER_SEC = 150_000_000;
/** Short requests measure round trips, not the line: so much in all, and in one request, says how fast it is. */
export const MEASURED_BYTES = 16_000_000;
export const MEASURED_BYTES_PER_REQUEST = 512_000;

/** How fast an ordinary pull would have been here. */
export function ratesOf(totals: Pick<Totals, 'fetchedBytes' | 'registryRequests' | 'transferMs'>): Rates {
  const { fetchedBytes, registryRequests, transferMs } = totals;
  const measured = transferMs > 0 ? (fetchedBytes / transferMs) * 1000 : 0;
  const isLong = fetchedBytes >= MEASURED_BYTES && fetchedBytes >= registryRequests * MEASURED_BYTES_PER_REQUEST;
  // Round trips only ever make it look slower, so a line that looks faster than the assumption is.
  const isMeasured = isLong || (fetchedBytes >= MEASURED_BYTES && measured > ASSUMED_PULL_BYTES_PER_SEC);
  return {
    pullBytesPerSec: isMeasured ? measured : ASSUMED_PULL_BYTES_PER_SEC,
    isMeasured,
    unpackBytesPerSec: UNPACK_BYTES_PER_SEC,
  };
}

/**
 * Milliseconds of an ordinary pull of these layers: they arrive one after the other with all of the line, and each is
 * unpacked once it is there and those below it are unpacked. A size that nobody knows counts as nothing.
 */
export function ordinaryPullMs(layers: readonly Pick<LayerStatus, 'size' | 'imageBytes'>[], rates: Rates): number {
  let arrivedSec = 0;
  let unpackedSec = 0;
  for (const { size = 0, imageBytes } of layers) {
    arrivedSec += size / rates.pullBytesPerSec;
    unpackedSec = Math.max(unpackedSec, arrivedSec) + imageBytes / rates.unpackBytesPerSec;
  }
  return unpackedSec * 1000;
}

/**
 * The seconds of an image; undefined when none of its layers was lazy, or it is not known when it was ready.
 * @param own its lazy layers that no image before it has
 */
export function secondsOf(
  { layers, timeline }: Pick<MergedImage, 'layers' | 'timeline'>,
  own: readonly LayerStatus[],
  rates: Rates,
): ImageSeconds | undefined {
  const isLazy = layers.some(({ state }) => state !== 'ordinary');
  if (!isLazy || timeline.mountedMs === undefined) return undefined;
  // All of it was there: an ordinary pull would have had nothing to do either.
  if (own.length === 0) return { lazyMs: 0, ordinaryMs: 0, savedMs: 0 };
  const waitedMs = own.reduce((sum, layer) => sum + layer.waitedMs, 0);
  const lazyMs = Math.max(0, timeline.mountedMs - timeline.askedMs) + waitedMs;
  const ordinaryMs = ordinaryPullMs(own, rates);
  return { lazyMs, ordinaryMs, savedMs: ordinaryMs - lazyMs };
}
