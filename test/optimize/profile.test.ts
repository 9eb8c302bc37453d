import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { FormatError } from '../../src/errors.ts';
import { canonicalProfile, encodeProfile, parseProfile } from '../../src/optimize/profile-codec.ts';
import { diffProfiles } from '../../src/optimize/profile-diff.ts';
import { mergeProfiles } from '../../src/optimize/profile-merge.ts';
import type { Profile } from '../../src/optimize/profile.ts';
import { rangesSize, subtractRanges, unionRanges } from '../../src/optimize/ranges.ts';
import { anyProfile, BOTTOM, digestNamed, profileOf, TOP } from '../support/profiles.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text);
const paths = ({ files }: Profile): string[] => files.map(({ path }) => path);

test('a profile is written one file a line, with every field', () => {
  const profile: Profile = {
    ...profileOf({
      path: 'bin/sh',
      size: 9000,
      ranges: [
        [0, 4096],
        [8192, 9000],
      ],
      firstReadMs: 1.25,
      layer: TOP,
    }),
    image: { name: 'example.test/app:1', digest: digestNamed('image'), platform: 'linux/amd64' },
  };
  assert.equal(
    encodeProfile(profile),
    `{
  "version": 1,
  "image": {"name":"example.test/app:1","digest":"${digestNamed('image')}","platform":"linux/amd64"},
  "layers": [
    "${BOTTOM}",
    "${TOP}"
  ],
  "workloads": [
    {"command":["run"],"durationMs":100}
  ],
  "files": [
    {"path":"bin/sh","layer":1,"size":9000,"ranges":[[0,4096],[8192,9000]],"firstReadMs":1.25}
  ]
}
`,
  );
});

test('what is written is read again, and gives the same bytes', () => {
  fc.assert(
    fc.property(anyProfile, (profile) => {
      const text = encodeProfile(profile);
      const read = parseProfile(bytes(text));
      assert.deepEqual(read, canonicalProfile(profile));
      assert.equal(encodeProfile(read), text);
    }),
  );
});

test('the order in which files are given plays no part in the bytes', () => {
  fc.assert(
    fc.property(anyProfile, (profile) => {
      assert.equal(encodeProfile({ ...profile, files: profile.files.toReversed() }), encodeProfile(profile));
    }),
  );
});

test('files stand in the order of their first use, then of their paths, then of their layers', () => {
  const profile = profileOf(
    { path: 'z', firstReadMs: 1, layer: TOP },
    { path: 'z', firstReadMs: 1 },
    { path: 'B', firstReadMs: 1 },
    { path: 'late', firstReadMs: 2 },
    { path: 'early', firstReadMs: 0.001 },
  );
  const order = canonicalProfile(profile).files.map(({ path, layer }) => `${path} ${layer === TOP ? 'top' : 'bottom'}`);
  assert.deepEqual(order, ['early bottom', 'B bottom', 'z bottom', 'z top', 'late bottom']);
});

test('a layer that an image has twice is named by its lower place', () => {
  const twice = { ...profileOf({ path: 'a', layer: TOP }), layers: [TOP, BOTTOM, TOP] };
  assert.match(encodeProfile(twice), /"layer":0/);
  assert.deepEqual(parseProfile(bytes(encodeProfile(twice))), twice);
});

/** A profile as JSON.parse gives it; tests put anything into it. */
interface ProfileDocument {
  [field: string]: unknown;
  layers: unknown[];
  workloads: Record<string, unknown>[];
  files: Record<string, unknown>[];
}

const refused: readonly (readonly [what: string, change: (document: ProfileDocument) => void, error: RegExp])[] = [
  ['another version', (d) => (d['version'] = 2), /version is 2, wanted 1/],
  ['no version', (d) => delete d['version'], /version is null/],
  ['an unknown field', (d) => (d['extra'] = 1), /profile: unknown field "extra"/],
  ['an unknown field of a file', (d) => (d.files[0]!['mode'] = 1), /files\[0\]: unknown field "mode"/],
  ['no layers', (d) => delete (d as Partial<ProfileDocument>).layers, /layers: not an array/],
  ['a layer that is no digest', (d) => (d.layers[0] = 'sha256:1'), /not a sha256 digest/],
  ['a layer that is not there', (d) => (d.files[0]!['layer'] = 2), /files\[0\]\.layer: 2, of 2 layers/],
  ['a layer before the first', (d) => (d.files[0]!['layer'] = -1), /wanted a whole number/],
  ['no workloads', (d) => delete (d as Partial<ProfileDocument>).workloads, /workloads: not an array/],
  ['a command of numbers', (d) => (d.workloads[0]!['command'] = [1]), /workloads\[0\]\.command: not a string/],
  ['a negative duration', (d) => (d.workloads[0]!['durationMs'] = -1), /durationMs: -1/],
  ['an image without a digest', (d) => (d['image'] = { name: 'a', platform: 'b' }), /image\.digest: not a string/],
  ['no files', (d) => (d['files'] = {} as never), /files: not an array/],
  ['the same file twice', (d) => d.files.push(d.files[0]!), /stands there twice/],
  ['an absolute path', (d) => (d.files[0]!['path'] = '/etc/passwd'), /not a clean relative path/],
  ['a path that climbs', (d) => (d.files[0]!['path'] = 'a/../../b'), /not a clean relative path/],
  ['an empty path', (d) => (d.files[0]!['path'] = ''), /not a clean relative path/],
  ['a path with a zero byte', (d) => (d.files[0]!['path'] = 'a\0b'), /not a clean relative path/],
  ['a path that is too long', (d) => (d.files[0]!['path'] = 'a'.repeat(4097)), /not a clean relative path/],
  ['a fractional size', (d) => (d.files[0]!['size'] = 1.5), /size: 1\.5/],
  ['a size past all files', (d) => (d.files[0]!['size'] = 2 ** 53), /wanted a whole number/],
  ['an empty range', (d) => (d.files[0]!['ranges'] = [[5, 5]]), /ranges: \[5,5\]/],
  ['a range backwards', (d) => (d.files[0]!['ranges'] = [[5, 4]]), /ranges: \[5,4\]/],
  ['a range past the end', (d) => (d.files[0]!['ranges'] = [[0, 101]]), /in a file of 100 bytes/],
  [
    'touching ranges',
    (d) =>
      (d.files[0]!['ranges'] = [
        [0, 5],
        [5, 9],
      ]),
    /\[5,9\] after 5/,
  ],
  [
    'overlapping ranges',
    (d) =>
      (d.files[0]!['ranges'] = [
        [0, 5],
        [4, 9],
      ]),
    /\[4,9\] after 5/,
  ],
  ['a range of three numbers', (d) => (d.files[0]!['ranges'] = [[0, 5, 9]]), /3 elements/],
  ['a time before the start', (d) => (d.files[0]!['firstReadMs'] = -0.1), /firstReadMs: -0\.1/],
  ['a time that is no number', (d) => (d.files[0]!['firstReadMs'] = '1'), /firstReadMs: "1"/],
];

for (const [what, change, error] of refused) {
  test(`a profile with ${what} is refused`, () => {
    const document = JSON.parse(encodeProfile(profileOf({ path: 'a' }))) as ProfileDocument;
    assert.doesNotThrow(() => parseProfile(bytes(JSON.stringify(document))));
    change(document);
    assert.throws(
      () => parseProfile(bytes(JSON.stringify(document))),
      (thrown) => thrown instanceof FormatError && error.test(thrown.message),
    );
  });
}

test('what is not JSON is refused, and what is not UTF-8', () => {
  assert.throws(() => parseProfile(bytes('{')), /profile: not JSON/);
  assert.throws(() => parseProfile(Buffer.from(['"', 0xff, '"'].join(''), 'latin1')), FormatError);
  assert.throws(() => parseProfile(bytes('[]')), /not an object/);
});

test('a file of a layer that the profile does not list is not written', () => {
  assert.throws(() => encodeProfile(profileOf({ path: 'a', layer: digestNamed('other') })), /not listed/);
});

test('merging unites files, ranges, layers and workloads', () => {
  const a = profileOf({ path: 'both', ranges: [[0, 10]] }, { path: 'a' });
  const b = {
    ...profileOf({
      path: 'both',
      ranges: [
        [5, 20],
        [50, 60],
      ],
    }),
    layers: [BOTTOM, digestNamed('third')],
  };
  const merged = mergeProfiles([a, b]);
  assert.deepEqual(merged.layers, [BOTTOM, TOP, digestNamed('third')]);
  assert.deepEqual(merged.workloads, [...a.workloads, ...b.workloads]);
  assert.deepEqual(paths(merged), ['both', 'a']);
  assert.deepEqual(merged.files[0]?.ranges, [
    [0, 20],
    [50, 60],
  ]);
});

test('merging orders by mean rank; of equals, what more workloads read comes first', () => {
  const a = profileOf({ path: 'loader' }, { path: 'python' }, { path: 'main.py' });
  const b = profileOf({ path: 'loader' }, { path: 'node', firstReadMs: 900 }, { path: 'main.js', firstReadMs: 901 });
  const c = profileOf({ path: 'loader' }, { path: 'node' });
  assert.deepEqual(paths(mergeProfiles([a, b, c])), ['loader', 'node', 'python', 'main.js', 'main.py']);
});

test('a path that two layers have does not confuse the order of equals', () => {
  for (const [once, thrice] of [
    [BOTTOM, TOP],
    [TOP, BOTTOM],
  ] as const) {
    const rare = profileOf({ path: 'p', layer: once });
    const other = profileOf({ path: 'q' });
    const usual = profileOf({ path: 'p', layer: thrice });
    for (const profiles of [
      [rare, other, other, usual, usual, usual],
      [other, other, rare, usual, usual, usual],
      [usual, usual, usual, other, other, rare],
      [usual, usual, usual, rare, other, other],
    ]) {
      const { files } = mergeProfiles(profiles);
      assert.deepEqual(paths({ ...rare, files }), ['p', 'q', 'p']);
      assert.deepEqual([files[0]?.layer, files[2]?.layer], [thrice, once]);
    }
  }
});

test('a file that was read in very many places is merged', () => {
  const ranges = Array.from({ length: 200_000 }, (_, index): [number, number] => [2 * index, 2 * index + 1]);
  const profile = profileOf({ path: 'a', size: 400_000, ranges });
  assert.equal(mergeProfiles([profile, profile]).files[0]?.ranges.length, ranges.length);
});

test('the order of a merged profile does not give way to equal times', () => {
  const a = profileOf({ path: 'z', firstReadMs: 5 }, { path: 'y', firstReadMs: 5.001 });
  const b = profileOf({ path: 'z', firstReadMs: 5 }, { path: 'x', firstReadMs: 5 });
  // In b, x comes first: its path does. So z has the mean rank 0.5, and x 0.
  assert.deepEqual(paths(mergeProfiles([a, b])), ['x', 'z', 'y']);
  const c = profileOf({ path: 'z', firstReadMs: 1 }, { path: 'y', firstReadMs: 2 }, { path: 'x', firstReadMs: 3 });
  const d = profileOf({ path: 'z', firstReadMs: 9 }, { path: 'y', firstReadMs: 10 });
  // The mean times are 5, 6 and 3.
  const merged = mergeProfiles([c, d]);
  assert.deepEqual(paths(merged), ['z', 'y', 'x']);
  assert.deepEqual(
    merged.files.map(({ firstReadMs }) => firstReadMs),
    [5, 6, 6.001],
  );
});

test('merging does not depend on the order of its arguments, but for layers and workloads', () => {
  fc.assert(
    fc.property(anyProfile, anyProfile, anyProfile, (a, b, c) => {
      assert.deepEqual(mergeProfiles([a, b, c]).files, mergeProfiles([c, a, b]).files);
    }),
  );
});

test('profiles that tell different sizes of one file are not merged', () => {
  const [a, b] = [profileOf({ path: 'a', size: 1 }), profileOf({ path: 'a', size: 2 })];
  assert.throws(() => mergeProfiles([a, b]), /"a" has 1 and 2 bytes/);
  assert.doesNotThrow(() => mergeProfiles([a, profileOf({ path: 'a', size: 2, layer: TOP })]));
});

test('merging one profile, or one with itself, changes neither files nor order', () => {
  fc.assert(
    fc.property(anyProfile, (profile) => {
      const plain = ({ files }: Profile): unknown[] => files.map(({ path, layer, ranges }) => [path, layer, ranges]);
      assert.deepEqual(plain(mergeProfiles([profile])), plain(canonicalProfile(profile)));
      assert.deepEqual(plain(mergeProfiles([profile, profile])), plain(canonicalProfile(profile)));
    }),
  );
});

test('a merged profile keeps its order when it is written and read', () => {
  fc.assert(
    fc.property(anyProfile, anyProfile, (a, b) => {
      const merged = mergeProfiles([a, b]);
      assert.deepEqual(parseProfile(bytes(encodeProfile(merged))).files, merged.files);
    }),
  );
});

test('the image of a merged profile is the one that all have, or none', () => {
  const image = { name: 'a', digest: digestNamed('image'), platform: 'linux/amd64' };
  const one = { ...profileOf({ path: 'a' }), image };
  assert.deepEqual(mergeProfiles([one, one]).image, image);
  assert.equal(mergeProfiles([one, profileOf({ path: 'a' })]).image, undefined);
  assert.equal(mergeProfiles([one, { ...one, image: { ...image, digest: BOTTOM } }]).image, undefined);
});

test('a diff tells added, removed, changed and equal files, whatever their layers', () => {
  const before = profileOf(
    { path: 'gone' },
    { path: 'same' },
    { path: 'grown', ranges: [[0, 10]] },
    { path: 'resized' },
  );
  const after = profileOf(
    { path: 'new' },
    { path: 'same', layer: TOP },
    { path: 'grown', ranges: [[5, 30]] },
    { path: 'resized', size: 200, ranges: [[0, 100]] },
  );
  const diff = diffProfiles(before, after);
  assert.deepEqual(
    diff.added.map(({ path }) => path),
    ['new'],
  );
  assert.deepEqual(
    diff.removed.map(({ path }) => path),
    ['gone'],
  );
  assert.deepEqual(
    diff.changed.map(({ path, addedBytes, removedBytes }) => [path, addedBytes, removedBytes]),
    [
      ['grown', 20, 5],
      ['resized', 0, 0],
    ],
  );
  assert.equal(diff.same, 1);
  assert.deepEqual(diffProfiles(after, after), { added: [], removed: [], changed: [], same: 4 });
});

test('ranges behave as sets of bytes', () => {
  const anyRanges = fc
    .array(fc.tuple(fc.nat(40), fc.nat(40)), { maxLength: 8 })
    .map((pairs) => pairs.map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const));
  const bytesOf = (ranges: Iterable<readonly [number, number]>): number[] =>
    Array.from({ length: 40 }, (_, at) => at).filter((at) =>
      [...ranges].some(([start, end]) => at >= start && at < end),
    );
  fc.assert(
    fc.property(anyRanges, anyRanges, (a, b) => {
      const [unionA, unionB] = [unionRanges(a), unionRanges(b)];
      assert.deepEqual(bytesOf(unionA), bytesOf(a));
      assert.equal(rangesSize(unionA), bytesOf(a).length);
      for (const [index, [start]] of unionA.entries()) assert.ok(index === 0 || start > unionA[index - 1]![1]);
      const left = subtractRanges(unionA, unionB);
      assert.deepEqual(
        bytesOf(left),
        bytesOf(a).filter((at) => !bytesOf(b).includes(at)),
      );
      assert.deepEqual(left, unionRanges(left));
    }),
  );
});
