import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { digestOf } from '../../src/oci/digest.ts';
import { applyProfile, isDeferred, type OrderedLayer } from '../../src/optimize/convert-orders.ts';
import type { ProfileFile } from '../../src/optimize/profile.ts';
import { dir, file, hardlink, symlink, type Entry } from '../support/entries.ts';
import { digestNamed, profileOf } from '../support/profiles.ts';
import { tarOf } from '../support/tar.ts';
import { indexOf } from '../support/unpack.ts';

const CHUNK = 100;

const layerOf = (...entries: readonly Entry[]): OrderedLayer => {
  const tar = tarOf(entries);
  return { diffId: digestOf(tar), entries: indexOf(tar), fd: -1 };
};

type Files = readonly (Partial<ProfileFile> & Pick<ProfileFile, 'path'>)[];

/** What comes in front in each layer, what behind the landmark after a `|`, and what is missed. */
const applied = (layers: readonly OrderedLayer[], files: Files): { fronts: string[]; missed: readonly string[] } => {
  const { orders, missed } = applyProfile(profileOf(...files), layers, CHUNK);
  const fronts = orders.map(({ prioritized, deferred }) =>
    [prioritized.join(' '), ...(deferred.length === 0 ? [] : [deferred.join(' ')])].join('|'),
  );
  return { fronts, missed };
};

suite('a profile on the layers of an image', () => {
  const lower = layerOf(dir('etc'), file('etc/a', 'lower'), file('etc/b', 'lower'), hardlink('etc/b2', 'etc/b'));
  const upper = layerOf(dir('etc'), file('etc/a', 'upper'), file('etc/c', ''), symlink('etc/d', 'c'));
  const deleted = layerOf(file('etc/.wh.a', ''), file('etc/b', 'third'));
  const opaque = layerOf(dir('etc'), file('etc/.wh..wh..opq', ''), file('etc/z', 'z'));
  const moved = layerOf(dir('usr'), dir('usr/lib'), file('usr/lib/x', 'x'), symlink('lib', 'usr/lib'));

  const cases: readonly [
    title: string,
    layers: readonly OrderedLayer[],
    files: Files,
    fronts: string[],
    missed: string[],
  ][] = [
    [
      'files go to the layer that they were read from',
      [lower, upper],
      [
        { path: 'etc/a', layer: lower.diffId },
        { path: 'etc/c', layer: upper.diffId },
      ],
      ['etc/a', 'etc/c'],
      [],
    ],
    ['the order is that of first use', [lower], [{ path: 'etc/b' }, { path: 'etc/a' }], ['etc/b etc/a'], []],
    [
      'a layer that the image has not: the top-most one with the path',
      [lower, upper],
      [{ path: 'etc/a' }],
      ['', 'etc/a'],
      [],
    ],
    [
      'a layer that has not the path: the top-most one with it',
      [lower, upper],
      [{ path: 'etc/b', layer: upper.diffId }],
      ['etc/b', ''],
      [],
    ],
    ['a file that a whiteout removed is missed', [lower, deleted], [{ path: 'etc/a' }], ['', ''], ['etc/a']],
    [
      'unless it was read from its layer',
      [lower, deleted],
      [{ path: 'etc/a', layer: lower.diffId }],
      ['etc/a', ''],
      [],
    ],
    [
      'what an opaque folder hides is missed, what it has is not',
      [lower, opaque],
      [{ path: 'etc/b' }, { path: 'etc/z' }],
      ['', 'etc/z'],
      ['etc/b'],
    ],
    ['a hard link is put in front by its name', [lower, upper], [{ path: 'etc/b2' }], ['etc/b2', ''], []],
    ['an empty file too', [upper], [{ path: 'etc/c', size: 0, ranges: [] }], ['etc/c'], []],
    ['a symlink means the file that it leads to', [upper], [{ path: 'etc/d' }], ['etc/c'], []],
    ['a folder that moved behind a symlink', [moved], [{ path: 'lib/x' }], ['usr/lib/x'], []],
    ['a folder is missed', [lower], [{ path: 'etc', layer: lower.diffId }], [''], ['etc']],
    [
      'a path that nobody has is missed',
      [lower, upper],
      [{ path: 'nope' }, { path: 'etc/a' }],
      ['', 'etc/a'],
      ['nope'],
    ],
    [
      'a layer that is there twice gets one order',
      [lower, upper, lower],
      [{ path: 'etc/b', layer: lower.diffId }],
      ['etc/b', '', 'etc/b'],
      [],
    ],
    [
      'the same file from two layers of the profile stands there once',
      [upper],
      [
        { path: 'etc/a', layer: digestNamed('x') },
        { path: 'etc/a', layer: digestNamed('y') },
      ],
      ['etc/a'],
      [],
    ],
    [
      'a large file of which little is read comes behind',
      [lower],
      [{ path: 'etc/a', size: 1000, ranges: [[0, 10]] }, { path: 'etc/b' }],
      ['etc/b|etc/a'],
      [],
    ],
    ['no layers', [], [{ path: 'a' }], [], ['a']],
  ];
  for (const [title, layers, files, fronts, missed] of cases) {
    test(title, () => assert.deepEqual(applied(layers, files), { fronts, missed }));
  }

  test('it is told how many files and bytes come in front of each layer, and behind the landmark', () => {
    const profile = profileOf(
      { path: 'etc/a', layer: lower.diffId },
      { path: 'etc/b2', layer: lower.diffId },
      { path: 'etc/a', layer: upper.diffId, size: 1000, ranges: [[0, 1]] },
    );
    assert.deepEqual(applyProfile(profile, [lower, upper], CHUNK).fronts, [
      { files: 2, bytes: 10, deferredFiles: 0, deferredBytes: 0 },
      { files: 0, bytes: 0, deferredFiles: 1, deferredBytes: 5 },
    ]);
  });
});

suite('a file of which only parts are read, with chunks of 100 bytes', () => {
  const cases: readonly [title: string, size: number, ranges: [number, number][], deferred: boolean][] = [
    ['two chunks, one byte', 200, [[0, 1]], false],
    ['three chunks, one byte', 201, [[0, 1]], true],
    ['four chunks, one of them', 400, [[100, 200]], true],
    [
      'four chunks, two of them',
      400,
      [
        [0, 1],
        [300, 301],
      ],
      false,
    ],
    ['four chunks, one byte over a border', 400, [[99, 101]], false],
    [
      'many ranges in one chunk',
      1000,
      [
        [0, 1],
        [10, 20],
        [90, 99],
      ],
      true,
    ],
    [
      'a range and a part of its last chunk',
      1000,
      [
        [0, 350],
        [360, 390],
      ],
      true,
    ],
    ['half, in one range', 1000, [[0, 500]], false],
    ['a little less than half', 1000, [[0, 400]], true],
    ['all', 1000, [[0, 1000]], false],
    ['the last, short chunk', 350, [[349, 350]], true],
    ['opened, not read', 1000, [], true],
    ['small, opened, not read', 100, [], false],
    ['empty', 0, [], false],
  ];
  for (const [title, size, ranges, deferred] of cases) {
    test(`${title}: ${deferred ? 'comes behind the landmark' : 'comes in front'}`, () => {
      assert.equal(isDeferred({ size, ranges }, 100), deferred);
    });
  }
});
