import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Refusals } from '../../src/containers-storage/refusals.ts';
import type { NotLazy } from '../../src/snapshot/lazy.ts';
import { sha } from '../support/stored-layers.ts';

const [one, two] = [sha('one'), sha('two')];
const ordinary: NotLazy = { notLazy: 'an ordinary layer', kind: 'not-estargz' };
const down: NotLazy = { notLazy: 'nobody answers', kind: 'registry' };

test('a layer that is ordinary says nothing of the others', () => {
  const refusals = new Refusals();
  refusals.add({ reference: 'a', tocDigest: one, blob: undefined, why: ordinary });
  assert.equal(refusals.has('a', one), true);
  assert.equal(refusals.has('a', two), false);
  assert.equal(refusals.has('b', one), false);
});

test('a registry that is down is not asked for the other layers of the image, but for other images', () => {
  const refusals = new Refusals();
  refusals.add({ reference: 'a', tocDigest: one, blob: undefined, why: down });
  assert.equal(refusals.has('a', two), true);
  assert.equal(refusals.has('b', two), false);
});

test('no refusal lasts, and what was refused stays to be read', () => {
  let now = 0;
  const refusals = new Refusals(() => now);
  refusals.add({ reference: 'a', tocDigest: one, blob: undefined, why: down });
  now = 4999;
  assert.equal(refusals.has('a', one), true);
  now = 5001;
  assert.equal(refusals.has('a', one), false);
  assert.equal(refusals.has('a', two), false);
  assert.equal(refusals.entries().length, 1);
});

test('a layer that is mounted at last is refused no more, nor is its image', () => {
  const refusals = new Refusals();
  refusals.add({ reference: 'a', tocDigest: one, blob: undefined, why: down });
  refusals.clear('a', one);
  assert.equal(refusals.has('a', one), false);
  assert.equal(refusals.has('a', two), false);
  assert.deepEqual(refusals.entries(), []);
});

test('entries name the blob where it is known, else the TOC, oldest first, and each layer once', () => {
  const refusals = new Refusals();
  refusals.add({ reference: 'a', tocDigest: one, blob: undefined, why: down });
  refusals.add({ reference: 'a', tocDigest: two, blob: sha('blob'), why: ordinary });
  refusals.add({ reference: 'a', tocDigest: one, blob: undefined, why: ordinary });
  assert.deepEqual(
    refusals.entries().map(({ imageRef, layerDigest, kind, reason }) => [imageRef, layerDigest, kind, reason]),
    [
      ['a', sha('blob'), 'not-estargz', 'an ordinary layer'],
      ['a', one, 'not-estargz', 'an ordinary layer'],
    ],
  );
});

test('refusals are bounded', () => {
  const refusals = new Refusals();
  for (let index = 0; index < 700; index++) {
    refusals.add({ reference: `a${index}`, tocDigest: one, blob: undefined, why: down });
  }
  assert.equal(refusals.entries().length, 500);
  assert.equal(refusals.entries()[0]?.imageRef, 'a200');
});
