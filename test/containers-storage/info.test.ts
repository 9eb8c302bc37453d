import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeInfo } from '../../src/containers-storage/info.ts';
import { sha, storedLayer } from '../support/stored-layers.ts';

const toc = sha('toc');
const decode = (bytes: Buffer): unknown => JSON.parse(bytes.toString('utf8'));

test('info has the TOC digest that was asked for, and of the rest only what need not be trusted', () => {
  const layer = storedLayer('a');
  assert.deepEqual(decode(encodeInfo(toc, layer)), {
    'toc-digest': toc,
    'compressed-size': 1000,
    'diff-size': -1,
    compression: 2,
    flags: { 'expected-layer-diffid': layer.diffId },
  });
});

// Either would make containers/storage give the layer to every other image that names that digest.
test('info claims neither the digest of the tar nor the one of the blob', () => {
  const info = encodeInfo(toc, storedLayer('a')).toString();
  assert.equal(info.includes('diff-digest'), false);
  assert.equal(info.includes(storedLayer('a').digest), false);
});

test('compressions have the numbers of containers/storage', () => {
  const numbers = (['none', 'gzip', 'zstd'] as const).map(
    (compression) => decode(encodeInfo(toc, { ...storedLayer('a'), compression })) as { compression: number },
  );
  assert.deepEqual(
    numbers.map(({ compression }) => compression),
    [0, 2, 4],
  );
});
