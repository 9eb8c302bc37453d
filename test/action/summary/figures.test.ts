import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatAbout, formatDifference, formatMs, formatSaved, formatShare } from '../../../action/summary/figures.ts';

for (const [share, expected] of [
  [undefined, '-'],
  [0, '0 %'],
  [0.0001, '1 %'],
  [0.014, '1 %'],
  [0.5, '50 %'],
  [0.994, '99 %'],
  [0.9999, '99 %'],
  [1, '100 %'],
] as const) {
  test(`a share of ${share} is ${expected}`, () => {
    assert.equal(formatShare(share), expected);
  });
}

for (const [ms, expected] of [
  [0, '0.0 s'],
  [49, '0.0 s'],
  [1234, '1.2 s'],
  [-1234, '1.2 s'],
  [9949, '9.9 s'],
  [9951, '10 s'],
  [59_400, '59 s'],
  [59_600, '1 min 0 s'],
  [3_700_000, '1 h 1 min'],
] as const) {
  test(`an estimate of ${ms} ms is about ${expected}`, () => {
    assert.equal(formatAbout(ms), expected);
  });
}

test('a loss is never shown as a gain, nor as nothing', () => {
  assert.equal(formatDifference(1200), 'about 1.2 s');
  assert.equal(formatDifference(-1200), 'cost 1.2 s');
  assert.equal(formatDifference(-50), 'cost 0.1 s');
  assert.equal(formatDifference(-49), 'nothing');
  assert.equal(formatDifference(undefined), 'unknown');
});

test('what an image saved has a word for every case', () => {
  assert.equal(formatSaved({ lazyLayers: 0, seconds: undefined }), '-');
  assert.equal(formatSaved({ lazyLayers: 1, seconds: undefined }), 'unknown');
  assert.equal(formatSaved({ lazyLayers: 1, seconds: { lazyMs: 0, ordinaryMs: 0, savedMs: 0 } }), 'shared');
  assert.equal(formatSaved({ lazyLayers: 1, seconds: { lazyMs: 9, ordinaryMs: 9, savedMs: 0 } }), 'nothing');
  assert.equal(formatSaved({ lazyLayers: 1, seconds: { lazyMs: 1, ordinaryMs: 5001, savedMs: 5000 } }), 'about 5.0 s');
});

test('a measured time that nobody measured is a dash', () => {
  assert.equal(formatMs(undefined), '-');
  assert.equal(formatMs(640), '0.64 s');
});
