import assert from 'node:assert/strict';
import { test } from 'node:test';
import { statusOf, usersOf } from '../../src/containers-storage/status.ts';
import type { Fallback } from '../../src/snapshot/report.ts';
import { heldLayer, sha } from '../support/stored-layers.ts';

const held = [heldLayer('a', 'low', 0), heldLayer('b', 'low', 0), heldLayer('a', 'high', 1)];
const blob = (name: string): string => sha(`blob of ${name}`);

test('users are images with a layer in use, their layers nearest first', () => {
  const used = held.map((one) => ({ ...one, uses: one.reference === 'a' ? 2 : 0 }));
  assert.deepEqual(usersOf(used), [{ key: 'a', imageRef: 'a', layers: [blob('high'), blob('low')] }]);
  assert.deepEqual(usersOf(held), []);
});

test('images have their layers bottom first, with what is wrong with each', () => {
  const times = { askedMs: 5, mountedMs: 6 };
  const fallback = (imageRef: string, layerDigest: Fallback['layerDigest']): Fallback => {
    return { imageRef, layerDigest, kind: 'registry', reason: 'down', atMs: 1 };
  };
  const status = statusOf(held, {
    problemOf: ({ tocDigest }) => (tocDigest === sha('toc of high') ? 'not mounted' : undefined),
    fallbacks: [fallback('a', sha('blob of high')), fallback('c', sha('other'))],
    clock: { lookup: (ref) => (ref === 'a' ? times : undefined) },
  });
  assert.deepEqual(status.images, [
    {
      imageRef: 'a',
      layers: [
        { layerDigest: blob('low'), snapshot: sha('toc of low'), problem: undefined },
        { layerDigest: blob('high'), snapshot: sha('toc of high'), problem: 'not mounted' },
      ],
    },
    { imageRef: 'b', layers: [{ layerDigest: blob('low'), snapshot: sha('toc of low'), problem: undefined }] },
  ]);
  assert.deepEqual(status.snapshots, { view: 0, active: 0, committed: 3, remote: 3 });
  // The layer of `a` is held: it is not one that somebody downloads.
  assert.deepEqual(
    status.fallbacks.map(({ imageRef }) => imageRef),
    ['c'],
  );
  assert.deepEqual([...status.times.keys()], ['a', 'b', 'c']);
  assert.equal(status.times.get('a'), times);
});
