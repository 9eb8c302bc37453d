import assert from 'node:assert/strict';
import { mkdir, readdir, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { contentHash, copyHeaders, isWorthSaving, readPackSet, type PackSet } from '../../../action/cache/pack-set.ts';
import { encodePackHeader, packName, type PackHeader } from '../../../src/layer/hot-pack.ts';
import { digestOf } from '../../../src/oci/digest.ts';
import { scratch } from '../../support/layers.ts';

const digest = (text: string): PackHeader['digest'] => digestOf(Buffer.from(text));

function header(layer: string, chunks: readonly number[], toc = layer): PackHeader {
  return {
    digest: digest(layer),
    tocDigest: digest(`toc of ${toc}`),
    tocChecksum: digest(`compressed toc of ${toc}`),
    readsKnown: true,
    isAnonymous: true,
    tocFileBytes: 1000,
    chunks: Uint32Array.from(chunks),
    sizes: new Uint32Array(chunks.length).fill(10_000),
  };
}

const setOf = (...headers: PackHeader[]): PackSet => new Map(headers.map((one) => [one.digest, one]));
const range = (length: number): number[] => Array.from({ length }, (_, i) => i);

test('headers are read from a folder; what is no pack is not in the set', async () => {
  await using dir = await scratch();
  const one = header('one', [3, 1, 2]);
  await writeFile(join(dir.path, packName(one.digest)), Buffer.concat([encodePackHeader(one), Buffer.alloc(31_000)]));
  await writeFile(join(dir.path, packName(digest('other'))), 'no pack');
  await writeFile(join(dir.path, packName(digest('empty'))), '');
  await writeFile(join(dir.path, 'other'), encodePackHeader(one));
  const set = await readPackSet(dir.path);
  assert.deepEqual([...set], [[one.digest, one]]);
  assert.equal((await readPackSet(join(dir.path, 'nowhere'))).size, 0);
});

test('content is the same in any order of layers and chunks, and another with other chunks, tables or layers', () => {
  const hash = contentHash(setOf(header('one', [1, 2]), header('two', [3])));
  assert.match(hash, /^[0-9a-f]{16}$/);
  assert.equal(contentHash(setOf(header('two', [3]), header('one', [2, 1]))), hash);
  for (const other of [
    setOf(header('one', [1, 2]), header('two', [4])),
    setOf(header('one', [1, 2, 3]), header('two', [3])),
    setOf(header('one', [1, 2], 'changed'), header('two', [3])),
    setOf(header('one', [1, 2])),
  ]) {
    assert.notEqual(contentHash(other), hash);
  }
});

const BEFORE = setOf(header('one', range(200)), header('two', range(200)));
const CASES: readonly (readonly [what: string, now: PackSet, worth: boolean])[] = [
  ['the same', BEFORE, false],
  ['the same in another order', setOf(header('two', range(200)), header('one', range(200).toReversed())), false],
  ['a little less', setOf(header('one', range(190)), header('two', range(200))), false],
  ['one chunk more of hundreds', setOf(header('one', range(201)), header('two', range(200))), false],
  ['many chunks more', setOf(header('one', range(210)), header('two', range(200))), true],
  ['another table of contents', setOf(header('one', range(200), 'changed'), header('two', range(200))), true],
  ['a layer more', setOf(...BEFORE.values(), header('three', range(20))), true],
  ['much less', setOf(header('one', range(150))), true],
];
for (const [what, now, worth] of CASES) {
  test(`${what} is ${worth ? '' : 'not '}worth saving`, () => assert.equal(isWorthSaving(BEFORE, now), worth));
}

test('anything is worth saving when nothing was there before', () => {
  assert.equal(isWorthSaving(new Map(), setOf(header('one', []))), true);
});

test('copied headers say the same as the packs, and are no more than that', async () => {
  await using dir = await scratch();
  const [from, to] = [join(dir.path, 'from'), join(dir.path, 'to')];
  await mkdir(from);
  const one = header('one', [3, 1, 2]);
  const encoded = encodePackHeader(one);
  await writeFile(join(from, packName(one.digest)), Buffer.concat([encoded, Buffer.alloc(31_000)]));
  await writeFile(join(from, packName(digest('other'))), 'no pack');
  await symlink(packName(one.digest), join(from, packName(digest('link'))));
  await writeFile(join(from, 'other'), encoded);
  await copyHeaders(from, to);
  assert.deepEqual(await readdir(to), [packName(one.digest)]);
  assert.equal((await stat(join(to, packName(one.digest)))).size, encoded.length);
  assert.deepEqual(await readPackSet(to), await readPackSet(from));
});

test('a header that promises to be larger than any is not read', async () => {
  await using dir = await scratch();
  const bytes = encodePackHeader(header('one', [1]));
  bytes.writeBigUInt64LE(2n ** 40n, 16);
  await writeFile(join(dir.path, packName(digest('one'))), bytes);
  assert.equal((await readPackSet(dir.path)).size, 0);
});
