import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergeImages, sameImage, type MergedImage } from '../../../action/summary/merge.ts';
import { parseReference } from '../../../src/oci/reference.ts';
import { digestNamed } from '../../support/profiles.ts';
import { imageOf, lazyLayer, ordinaryLayer } from '../../support/summary-status.ts';

const [FIRST, SECOND] = [digestNamed('first'), digestNamed('second')];

function namesOf(images: readonly MergedImage[]): string[] {
  return images.map(({ name, refs }) => `${name} (${refs.length})`);
}

function merged(...refs: string[]): string[] {
  const images = refs.map((ref, index) => imageOf(ref, [lazyLayer('a')], { askedMs: index }));
  return namesOf(mergeImages({ images, history: [] }));
}

for (const [what, refs, expected] of [
  ['one name for two consumers', ['r.test/a:1', 'r.test/a:1'], ['r.test/a:1 (1)']],
  ['a tag, and the tag with a digest', ['r.test/a:1', `r.test/a:1@${FIRST}`], ['r.test/a:1 (2)']],
  ['a tag, its digest, and both', ['r.test/a:1', `r.test/a@${FIRST}`, `r.test/a:1@${FIRST}`], ['r.test/a:1 (3)']],
  ['two tags of one digest', [`r.test/a:1@${FIRST}`, `r.test/a:2@${FIRST}`], ['r.test/a:1 (2)']],
  ['a tag that moved', [`r.test/a:1@${FIRST}`, `r.test/a:1@${SECOND}`], ['r.test/a:1 (1)', 'r.test/a:1 (1)']],
  ['two tags', ['r.test/a:1', 'r.test/a:2'], ['r.test/a:1 (1)', 'r.test/a:2 (1)']],
  ['two repositories', ['r.test/a:1', 'r.test/b:1'], ['r.test/a:1 (1)', 'r.test/b:1 (1)']],
  ['two registries', ['r.test/a:1', 'a:1'], ['r.test/a:1 (1)', 'a:1 (1)']],
  ['Docker Hub, long and short', ['docker.io/library/a:latest', 'a'], ['a:latest (2)']],
  ['a digest alone', [`docker.io/library/a@${FIRST}`], [`a@${FIRST.slice(0, 19)} (1)`]],
  [
    'a digest and another tag',
    [`r.test/a@${FIRST}`, 'r.test/a:1'],
    [`r.test/a@${FIRST.slice(0, 19)} (1)`, 'r.test/a:1 (1)'],
  ],
  ['what is no reference', ['No Name', 'No Name', ''], ['No Name (1)', ' (1)']],
] as const) {
  test(`images of one name: ${what}`, () => {
    assert.deepEqual(merged(...refs), expected);
    assert.deepEqual(merged(...refs.toReversed()).toSorted().length, expected.length);
  });
}

test('what is no reference goes by its beginning', () => {
  const names = ['a', 'b'].map((end) => `No Name ${'x'.repeat(100_000)}${end}`);
  assert.equal(merged(...names).length, 1);
  assert.equal(merged(...names.map((name, index) => `${index}${name}`)).length, 2);
});

test('images that mean each other', () => {
  const same = (a: string, b: string): boolean => sameImage(parseReference(a), parseReference(b));
  assert.equal(same('a', 'a:latest'), true);
  assert.equal(same(`a:1@${FIRST}`, `a:2@${FIRST}`), true);
  assert.equal(same(`a:1@${FIRST}`, `a:1@${SECOND}`), false);
  assert.equal(same('a:1', `a@${FIRST}`), false);
  assert.equal(same('a', `a@${FIRST}`), false);
});

test('what was removed counts with what is there, by the larger counts', () => {
  const older = lazyLayer('a', { fetchedBytes: 10, usedChunks: 1, waitedMs: 5, restoredBytes: 7, firstReadMs: 3 });
  const newer = lazyLayer('a', { fetchedBytes: 20, usedChunks: 3, waitedMs: 6, state: 'complete', restoredBytes: 0 });
  for (const [images, history] of [
    [[newer], [older]],
    [[older], [newer]],
  ] as const) {
    const [image, ...more] = mergeImages({
      images: images.map((layer) => imageOf('r.test/a:1', [layer])),
      history: history.map((layer) => imageOf('r.test/a:1', [layer])),
    });
    assert.deepEqual(more, []);
    assert.deepEqual(image?.layers, [{ ...newer, restoredBytes: 7, firstReadMs: 3 }]);
  }
});

test('layers that only one view has are kept, in the order of the longest', () => {
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => lazyLayer(name));
  const images = [imageOf('r.test/a:1', [a!, b!, c!])];
  const [image] = mergeImages({ images, history: [imageOf('r.test/a:1', [b!, d!])] });
  assert.deepEqual(image?.layers, [a, b, c, d]);
});

test('a layer that one consumer downloaded is ordinary, for this image only', () => {
  const images = [
    imageOf('r.test/a:1', [lazyLayer('x')]),
    imageOf('r.test/a:1', [ordinaryLayer('x', 'registry', 'no ranges')]),
    imageOf('r.test/b:1', [lazyLayer('x')]),
  ];
  for (const order of [images, images.toReversed()]) {
    const found = mergeImages({ images: order, history: [] }).toSorted((a, b) => (a.name < b.name ? -1 : 1));
    assert.deepEqual(
      found.map(({ name, layers }) => [name, layers.map(({ state, kind }) => `${state} ${kind ?? ''}`)]),
      [
        ['r.test/a:1', ['ordinary registry']],
        ['r.test/b:1', ['lazy ']],
      ],
    );
  }
});

test('an image is told of by its first life in which something was started, or else read', () => {
  const life = (askedMs: number, more: object): MergedImage['timeline'] => ({ askedMs, ...more });
  const first = life(1, {});
  const read = life(2, { firstReadMs: 9 });
  const started = life(3, { startedMs: 8 });
  const later = life(4, { startedMs: 5 });
  const timelineOf = (...lives: MergedImage['timeline'][]): MergedImage['timeline'] | undefined =>
    mergeImages({ images: lives.map((one) => imageOf('a:1', [lazyLayer('a')], one)), history: [] })[0]?.timeline;
  assert.deepEqual(timelineOf(later, first, started, read), started);
  assert.deepEqual(timelineOf(read, first), read);
  assert.deepEqual(timelineOf(first), first);
});
