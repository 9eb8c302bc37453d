import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import {
  ASSUMED_PULL_BYTES_PER_SEC,
  MEASURED_BYTES,
  MEASURED_BYTES_PER_REQUEST,
  ordinaryPullMs,
  ratesOf,
  secondsOf,
  UNPACK_BYTES_PER_SEC,
} from '../../../action/summary/seconds.ts';
import { lazyLayer, ordinaryLayer } from '../../support/summary-status.ts';

const RATES = { pullBytesPerSec: 10_000_000, isMeasured: true, unpackBytesPerSec: 100_000_000 };

test('long requests say how fast the line is, also when it is slow', () => {
  const totals = { fetchedBytes: MEASURED_BYTES, registryRequests: 8, transferMs: 4000 };
  assert.deepEqual(ratesOf(totals), {
    pullBytesPerSec: MEASURED_BYTES / 4,
    isMeasured: true,
    unpackBytesPerSec: UNPACK_BYTES_PER_SEC,
  });
});

for (const [what, totals, isMeasured] of [
  ['too little', { fetchedBytes: MEASURED_BYTES - 1, registryRequests: 1, transferMs: 4000 }, false],
  ['nothing', { fetchedBytes: 0, registryRequests: 0, transferMs: 0 }, false],
  ['short requests', { fetchedBytes: MEASURED_BYTES, registryRequests: 100, transferMs: 4000 }, false],
  [
    'requests that are just long enough',
    { fetchedBytes: 40 * MEASURED_BYTES_PER_REQUEST, registryRequests: 40, transferMs: 4000 },
    true,
  ],
  [
    'short requests that were fast all the same',
    { fetchedBytes: MEASURED_BYTES, registryRequests: 100, transferMs: 200 },
    true,
  ],
  ['little that was fast', { fetchedBytes: 1000, registryRequests: 1, transferMs: 0.001 }, false],
  ['bytes in no time at all', { fetchedBytes: MEASURED_BYTES, registryRequests: 100, transferMs: 0 }, false],
] as const) {
  test(`a job that fetched ${what} is ${isMeasured ? 'measured' : 'assumed to have a fast line'}`, () => {
    const rates = ratesOf(totals);
    assert.equal(rates.isMeasured, isMeasured);
    if (!isMeasured) assert.equal(rates.pullBytesPerSec, ASSUMED_PULL_BYTES_PER_SEC);
    assert.ok(Number.isFinite(rates.pullBytesPerSec) && rates.pullBytesPerSec > 0);
  });
}

test('a layer is pulled, then unpacked, while the next one is pulled', () => {
  const layer = (size: number, imageBytes: number): { size: number; imageBytes: number } => ({ size, imageBytes });
  assert.equal(ordinaryPullMs([], RATES), 0);
  assert.equal(ordinaryPullMs([layer(10_000_000, 50_000_000)], RATES), 1500);
  // The second one arrives at 3 s, long after the first one is unpacked.
  assert.equal(ordinaryPullMs([layer(10_000_000, 50_000_000), layer(20_000_000, 10_000_000)], RATES), 3100);
  // The second one arrives at 2 s, while the first one is unpacked until 6 s.
  assert.equal(ordinaryPullMs([layer(10_000_000, 500_000_000), layer(10_000_000, 100_000_000)], RATES), 7000);
  assert.equal(ordinaryPullMs([{ imageBytes: 50_000_000 }], RATES), 500);
});

test('an ordinary pull takes at least as long as pulling, and unpacking, and at most as long as both', () => {
  const layers = fc.array(fc.record({ size: fc.nat(1e9), imageBytes: fc.nat(1e10) }), { maxLength: 20 });
  fc.assert(
    fc.property(layers, (all) => {
      const pullMs = (all.reduce((sum, { size }) => sum + size, 0) / RATES.pullBytesPerSec) * 1000;
      const unpackMs = (all.reduce((sum, { imageBytes }) => sum + imageBytes, 0) / RATES.unpackBytesPerSec) * 1000;
      const ms = ordinaryPullMs(all, RATES);
      assert.ok(ms >= Math.max(pullMs, unpackMs) - 1e-3 && ms <= pullMs + unpackMs + 1e-3);
    }),
  );
});

test('what laziness cost is the mount and the waits of its own layers', () => {
  const [shared, own] = [lazyLayer('shared', { waitedMs: 5000 }), lazyLayer('own', { waitedMs: 300 })];
  const timeline = { askedMs: 1000, mountedMs: 1200, startedMs: 90_000 };
  // 10 MB at 10 MB/s, 30 MB at 100 MB/s.
  assert.deepEqual(secondsOf({ layers: [shared, own], timeline }, [own], RATES), {
    lazyMs: 500,
    ordinaryMs: 1300,
    savedMs: 800,
  });
});

test('a loss is a loss', () => {
  const layer = lazyLayer('a', { waitedMs: 5000 });
  const seconds = secondsOf({ layers: [layer], timeline: { askedMs: 0, mountedMs: 100 } }, [layer], RATES);
  assert.equal(seconds?.savedMs, 1300 - 5100);
});

test('an image whose layers were all there costs and saves nothing', () => {
  const layers = [lazyLayer('a')];
  assert.deepEqual(secondsOf({ layers, timeline: { askedMs: 0, mountedMs: 100 } }, [], RATES), {
    lazyMs: 0,
    ordinaryMs: 0,
    savedMs: 0,
  });
});

test('nothing is said of an image that is not lazy, or that was never ready', () => {
  assert.equal(
    secondsOf({ layers: [ordinaryLayer('a')], timeline: { askedMs: 0, mountedMs: 1 } }, [], RATES),
    undefined,
  );
  const layer = lazyLayer('a');
  assert.equal(secondsOf({ layers: [layer], timeline: { askedMs: 0 } }, [layer], RATES), undefined);
});

test('a clock that was set back makes no negative cost', () => {
  const layer = lazyLayer('a', { waitedMs: 0 });
  assert.equal(secondsOf({ layers: [layer], timeline: { askedMs: 500, mountedMs: 100 } }, [layer], RATES)?.lazyMs, 0);
});
