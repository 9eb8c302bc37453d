import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reportOf } from '../../../action/summary/report.ts';
import { ASSUMED_PULL_BYTES_PER_SEC, UNPACK_BYTES_PER_SEC } from '../../../action/summary/seconds.ts';
import { sampleStatus } from '../../support/daemon-status.ts';
import { imageOf, lazyLayer, ordinaryLayer, statusOf } from '../../support/summary-status.ts';

/** Of one `lazyLayer`. */
const ORDINARY_MS = (10e6 / ASSUMED_PULL_BYTES_PER_SEC + 30e6 / UNPACK_BYTES_PER_SEC) * 1000;

test('a row has every figure of its image', () => {
  const layers = [lazyLayer('a', { restoredBytes: 500 }), lazyLayer('b', { faults: 3, waitedMs: 40, hitChunks: 10 })];
  const timeline = { askedMs: 1000, mountedMs: 1250, startedMs: 1700, firstReadMs: 1900 };
  const { images } = reportOf(statusOf([imageOf('docker.io/library/a:1', [...layers, ordinaryLayer('c')], timeline)]));
  const { seconds, ...row } = images[0]!;
  assert.equal(images.length, 1);
  assert.deepEqual(row, {
    name: 'a:1',
    refs: ['docker.io/library/a:1'],
    lazyLayers: 2,
    ordinaryLayers: 1,
    isWholeSize: false,
    bytes: 20_000_000,
    fetchedBytes: 2_000_000,
    lazyShare: 0.9,
    readyMs: 250,
    firstRunMs: 700,
    faults: 5,
    waitedMs: 140,
    hitShare: 0.9,
    requests: 8,
    restoredBytes: 500,
    notLazy: [{ kind: 'not-estargz', reason: 'a reason', layers: 1 }],
  });
  assert.equal(seconds?.lazyMs, 250 + 140);
});

test('a layer of two images is in both rows, and once in the totals', () => {
  const [shared, own] = [lazyLayer('shared'), lazyLayer('own')];
  const report = reportOf(
    statusOf([
      imageOf('r.test/second:1', [shared, own], { askedMs: 5000, mountedMs: 5010 }),
      imageOf('r.test/first:1', [shared], { askedMs: 1000, mountedMs: 1020 }),
    ]),
  );
  const [first, second] = report.images;
  assert.deepEqual(
    [first?.name, first?.bytes, second?.name, second?.bytes],
    ['r.test/first:1', 10e6, 'r.test/second:1', 20e6],
  );
  const { bytes, fetchedBytes, requests, faults, waitedMs } = report.totals;
  assert.deepEqual([bytes, fetchedBytes, requests, faults, waitedMs], [20e6, 2e6, 8, 4, 200]);
  assert.equal(first?.seconds?.lazyMs, 20 + 100);
  assert.equal(second?.seconds?.lazyMs, 10 + 100);
  assert.equal(Math.round(report.totals.savedMs ?? 0), Math.round(2 * ORDINARY_MS - 230));
});

test('the same image for two consumers, there and removed, is one row', () => {
  const layer = lazyLayer('a');
  const timeline = { askedMs: 0, mountedMs: 10 };
  const images = [
    imageOf('r.test/a:1', [layer], timeline),
    { ...imageOf('r.test/a:1', [layer], timeline), consumer: 'buildkit' },
  ];
  const report = reportOf(statusOf(images, { history: [imageOf('r.test/a:1', [layer], timeline)] }));
  assert.equal(report.images.length, 1);
  assert.equal(report.totals.bytes, 10_000_000);
});

test('an image that was pulled in the ordinary way has no lazy figures', () => {
  const layers = [ordinaryLayer('a'), ordinaryLayer('b'), ordinaryLayer('c', 'disk', 'full')];
  const report = reportOf(statusOf([imageOf('a:1', layers, { startedMs: 9000 })]));
  const [row] = report.images;
  assert.equal(row?.lazyShare, undefined);
  assert.equal(row?.hitShare, undefined);
  assert.equal(row?.seconds, undefined);
  assert.equal(row?.firstRunMs, 8000);
  assert.deepEqual(row?.notLazy, [
    { kind: 'not-estargz', reason: 'a reason', layers: 2 },
    { kind: 'disk', reason: 'full', layers: 1 },
  ]);
  assert.equal(report.totals.savedMs, undefined);
  assert.equal(report.totals.lazyShare, undefined);
});

test('more than all was fetched: then nothing was spared, and no share is negative', () => {
  const report = reportOf(
    statusOf([imageOf('a:1', [lazyLayer('a', { fetchedBytes: 12e6 }), lazyLayer('b', { fetchedBytes: 0 })])]),
  );
  assert.equal(report.totals.lazyShare, 0.5);
  assert.equal(report.totals.fetchedBytes, 12e6);
});

test('a layer whose size nobody knows makes no share', () => {
  const { size: _, ...unknown } = lazyLayer('a', { fetchedBytes: 77 });
  const [alone, beside] = [[unknown], [unknown, lazyLayer('b')]].map(
    (layers) => reportOf(statusOf([imageOf('a:1', layers)])).images[0],
  );
  assert.equal(alone?.lazyShare, undefined);
  assert.equal(alone?.isWholeSize, false);
  assert.equal(alone?.fetchedBytes, 77);
  assert.equal(beside?.lazyShare, 0.9);
});

test('until the first read counts where nothing was started, and nothing where nothing was read', () => {
  const images = [imageOf('a:1', [lazyLayer('a')], { firstReadMs: 1500 }), imageOf('b:1', [lazyLayer('b')])];
  const report = reportOf(statusOf(images));
  assert.deepEqual(
    report.images.map(({ firstRunMs }) => firstRunMs),
    [500, undefined],
  );
  assert.deepEqual(
    report.images.map(({ readyMs }) => readyMs),
    [undefined, undefined],
  );
});

test('layers that were not lazy and have no image are told of', () => {
  const fallback = { timeSec: 1, layer: '', kind: 'no-labels', reason: 'no name' } as const;
  const fallbacks = [
    { ...fallback, ref: '' },
    { ...fallback, ref: '' },
    { ...fallback, ref: 'a:1' },
  ];
  assert.deepEqual(reportOf(statusOf([], { fallbacks })).unnamed, [
    { kind: 'no-labels', reason: 'no name', layers: 2 },
  ]);
});

test('a mount that was lost is a reason, though the layer is lazy', () => {
  const report = reportOf(statusOf([imageOf('a:1', [lazyLayer('a', { kind: 'error', reason: 'gone' })])]));
  assert.deepEqual(report.images[0]?.notLazy, [{ kind: 'error', reason: 'gone', layers: 1 }]);
});

test('the status of a daemon that has everything makes a report', () => {
  const report = reportOf(sampleStatus());
  assert.deepEqual(
    report.images.map(({ name }) => name),
    ['registry.test/gone:1', 'registry.test/app:1', 'registry.test/other:1'],
  );
  assert.equal(report.totals.bytes, 10_000);
  assert.equal(report.totals.fetchedBytes, 1080);
});

test('an image of an earlier job counts only when this one uses it', () => {
  const earlier = { askedMs: 100, mountedMs: 200, startedMs: 300, firstReadMs: 400 };
  const images = [
    imageOf('unused:1', [lazyLayer('a')], earlier),
    imageOf('started:1', [lazyLayer('b')], { ...earlier, startedMs: 1000 }),
    imageOf('read:1', [lazyLayer('c')], { ...earlier, firstReadMs: 1000 }),
    imageOf('asked:1', [lazyLayer('d')], { askedMs: 1000 }),
  ];
  const names = (sinceMs: number): string[] =>
    reportOf(statusOf(images), sinceMs).images.map(({ refs }) => refs[0] ?? '');
  assert.deepEqual(names(1000).toSorted(), ['asked:1', 'read:1', 'started:1']);
  assert.equal(names(100).length, 4);
  assert.equal(reportOf(statusOf(images), 1000).totals.bytes, 30_000_000);
});
