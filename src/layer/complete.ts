// Brings the rest of one layer at full speed, for when it is to get on without its registry. Faults go beside it.
import type { Layer } from './layer.ts';
import { FILL_GAP_BYTES, WAVE_PARALLEL, WAVE_SPAN_BYTES } from './policy.ts';

/**
 * Resolves when every chunk of the layer is stored and verified. Aborting keeps what has come.
 * @throws what fetching throws: RegistryError, VerificationError, the disk's error; the signal's reason.
 */
export async function completeLayer(layer: Layer, signal: AbortSignal): Promise<void> {
  try {
    await Promise.all(Array.from({ length: WAVE_PARALLEL }, () => streamRest(layer, signal)));
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}

/** One of several lanes: what another one has under way is not offered again. */
async function streamRest(layer: Layer, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const endChunk = layer.presence.count;
    const limits = { fromChunk: 0, endChunk, maxBytes: WAVE_SPAN_BYTES, gapBytes: FILL_GAP_BYTES };
    const span = layer.fetcher.nextSpan(limits);
    if (span === undefined) return;
    await layer.fetcher.stream(span, { signal, uncut: true });
  }
}
