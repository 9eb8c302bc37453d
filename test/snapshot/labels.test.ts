import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { isDigest } from '../../src/oci/digest.ts';
import { normalizeLabels, parseLayerSource, updateLabels } from '../../src/snapshot/labels.ts';
import { fakeDigest } from './fake-lazy.ts';

const REMOTE = 'containerd.io/snapshot/remote';
const CRI = 'containerd.io/snapshot/cri';
const [one, two, three, four] = [fakeDigest(1), fakeDigest(2), fakeDigest(3), fakeDigest(4)];

test('the labels of the stargz snapshotter clients name a layer, its TOC and its neighbours', () => {
  const source = parseLayerSource({
    [`${REMOTE}/stargz.reference`]: 'ghcr.io/a/b:1',
    [`${REMOTE}/stargz.digest`]: one,
    [`${REMOTE}/stargz.layers`]: `${one},${two},${three}`,
    [`${REMOTE}/stargz.prefetch`]: '10485760',
    [`${REMOTE}/urls`]: 'https://x.test/blob,ipfs://abc',
    [`${REMOTE}/lazypull.size`]: '12345',
    'containerd.io/snapshot/stargz/toc.digest': four,
  });
  assert.deepEqual(source, {
    imageRef: 'ghcr.io/a/b:1',
    otherRefs: [],
    layerDigest: one,
    tocDigest: four,
    tocChecksum: undefined,
    manifestDigest: undefined,
    neighbours: [two, three],
    size: 12345,
    tocTail: undefined,
    prefetchSize: 10485760,
    urls: ['https://x.test/blob'],
  });
});

test('a layer whose compressed TOC has a promised checksum is named by labels of our own', () => {
  const labels = {
    [`${REMOTE}/stargz.reference`]: 'ghcr.io/a/b:1',
    [`${REMOTE}/stargz.digest`]: one,
    [`${REMOTE}/lazypull.toc-checksum`]: two,
    [`${REMOTE}/lazypull.toc-tail`]: '777',
  };
  const source = parseLayerSource(labels);
  assert.deepEqual([source?.tocDigest, source?.tocChecksum, source?.tocTail], [undefined, two, 777]);
  const wrong = parseLayerSource({
    ...labels,
    [`${REMOTE}/lazypull.toc-checksum`]: 'sha256:12',
    [`${REMOTE}/lazypull.toc-tail`]: '-1',
  });
  assert.deepEqual([wrong?.tocChecksum, wrong?.tocTail], [undefined, undefined]);
});

test('the labels of containerd name a layer, its manifest and its neighbours', () => {
  const source = parseLayerSource({
    [`${CRI}.image-ref`]: 'docker.io/library/python:3.12',
    [`${CRI}.layer-digest`]: two,
    [`${CRI}.image-layers`]: `${two},${three}`,
    [`${CRI}.manifest-digest`]: four,
  });
  assert.equal(source?.imageRef, 'docker.io/library/python:3.12');
  assert.equal(source.layerDigest, two);
  assert.equal(source.manifestDigest, four);
  assert.deepEqual(source.neighbours, [three]);
  assert.equal(source.tocDigest, undefined);
});

test('a list of layers that was cut in the middle of a digest loses that digest only', () => {
  const labels = { [`${CRI}.image-ref`]: 'a/b', [`${CRI}.layer-digest`]: one };
  const source = parseLayerSource({ ...labels, [`${CRI}.image-layers`]: `${one},${two},${three.slice(0, 30)}` });
  assert.deepEqual(source?.neighbours, [two]);
});

test('labels with a suffix count where the plain ones are missing, and add references where they are not', () => {
  const suffixed = { [`${REMOTE}/stargz.reference.x1`]: 'new.test/a', [`${REMOTE}/stargz.digest.x1`]: one };
  assert.equal(parseLayerSource(suffixed)?.imageRef, 'new.test/a');
  const both = parseLayerSource({ ...suffixed, [`${REMOTE}/stargz.reference`]: 'old.test/a' });
  assert.equal(both?.imageRef, 'old.test/a');
  assert.deepEqual(both.otherRefs, ['new.test/a']);
});

test('an empty TOC digest says nothing', () => {
  const labels = { [`${CRI}.image-ref`]: 'a/b', [`${CRI}.layer-digest`]: one };
  assert.equal(parseLayerSource({ ...labels, 'containerd.io/snapshot/stargz/toc.digest': '' })?.tocDigest, undefined);
});

const useless: [string, Record<string, string>][] = [
  ['nothing', {}],
  ['no image', { [`${CRI}.layer-digest`]: one }],
  ['no layer', { [`${CRI}.image-ref`]: 'a/b' }],
  ['a digest that is none', { [`${CRI}.image-ref`]: 'a/b', [`${CRI}.layer-digest`]: 'sha256:12' }],
  [
    'a digest of another algorithm',
    { [`${CRI}.image-ref`]: 'a/b', [`${CRI}.layer-digest`]: `sha512:${'0'.repeat(128)}` },
  ],
  ['a reference without end', { [`${CRI}.image-ref`]: 'a'.repeat(5000), [`${CRI}.layer-digest`]: one }],
];
for (const [what, labels] of useless) {
  test(`labels with ${what} name no layer`, () => assert.equal(parseLayerSource(labels), undefined));
}

test('whatever the labels are, what comes out is well-formed', () => {
  const key = fc.oneof(
    fc.constantFrom(`${CRI}.image-ref`, `${CRI}.layer-digest`, `${CRI}.image-layers`, `${REMOTE}/stargz.digest.q`),
    fc.string(),
  );
  const value = fc.oneof(fc.string(), fc.constantFrom(one, `${one},${two}`, 'a/b'));
  fc.assert(
    fc.property(fc.dictionary(key, value), (labels) => {
      const source = parseLayerSource(labels);
      if (source === undefined) return;
      assert.ok(isDigest(source.layerDigest) && source.imageRef !== '');
      assert.ok(source.neighbours.every((digest) => isDigest(digest) && digest !== source.layerDigest));
    }),
  );
});

const updates: [string, Record<string, string>, string[], Record<string, string>][] = [
  ['no path replaces all', { b: '2' }, [], { b: '2' }],
  ['the path labels replaces all', { b: '2' }, ['labels'], { b: '2' }],
  ['a path sets one label', { b: '2', c: '3' }, ['labels.b'], { a: '1', b: '2' }],
  ['a path with dots and slashes is one label', { 'x.y/z': '2' }, ['labels.x.y/z'], { a: '1', 'x.y/z': '2' }],
  ['a path without a value deletes', {}, ['labels.a'], {}],
  ['a path with an empty value deletes', { a: '' }, ['labels.a'], {}],
  [
    'a label may be called __proto__',
    JSON.parse('{"__proto__":"x"}') as Record<string, string>,
    ['labels.__proto__'],
    JSON.parse('{"a":"1","__proto__":"x"}') as Record<string, string>,
  ],
];
for (const [title, update, paths, expected] of updates) {
  test(`updating labels: ${title}`, () => {
    const result = updateLabels({ a: '1' }, update, paths);
    assert.deepEqual(new Map(Object.entries(result)), new Map(Object.entries(expected)));
  });
}

test('an empty label is not stored', () => {
  assert.deepEqual(normalizeLabels({ a: '', b: 'x' }), { b: 'x' });
});
