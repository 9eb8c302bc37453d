// Statuses for tests of the report: images, layers and their counts with only what a test is about.
import type { DaemonStatus, ImageStatus, ImageTimeline, LayerStatus } from '../../src/daemon/status.ts';
import { sampleStatus } from './daemon-status.ts';
import { digestNamed } from './profiles.ts';

const NOTHING = {
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

/** A layer of 10 MB, 30 MB unpacked, of which 1 MB was fetched by 4 requests, with 2 waits of 100 ms. */
export function lazyLayer(name: string, counts: Partial<LayerStatus> = {}): LayerStatus {
  return {
    ...NOTHING,
    digest: digestNamed(name),
    state: 'lazy',
    size: 10_000_000,
    imageBytes: 30_000_000,
    presentBytes: 3_000_000,
    fetchedBytes: 1_000_000,
    requests: 4,
    faults: 2,
    waitedMs: 100,
    usedChunks: 10,
    usedBytes: 2_000_000,
    hitChunks: 8,
    ...counts,
  };
}

export function ordinaryLayer(
  name: string,
  kind: LayerStatus['kind'] = 'not-estargz',
  reason = 'a reason',
): LayerStatus {
  return { ...NOTHING, digest: digestNamed(name), state: 'ordinary', reason, ...(kind === undefined ? {} : { kind }) };
}

export function imageOf(
  ref: string,
  layers: readonly LayerStatus[],
  timeline: Partial<ImageTimeline> = {},
): ImageStatus {
  return { ref, consumer: 'containerd', layers, timeline: { askedMs: 1000, ...timeline } };
}

/** A daemon that fetched too little to say how fast the line is. */
export function statusOf(images: readonly ImageStatus[], more: Partial<DaemonStatus> = {}): DaemonStatus {
  const sample = sampleStatus();
  const totals = { ...sample.totals, readErrors: 0, verificationErrors: 0 };
  return { ...sample, generation: 0, images, history: [], fallbacks: [], totals, ...more };
}
