// Random layers, written in random ways and read back: the files are those of the tar.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as fc from 'fast-check';
import type { WriteOptions } from '../../src/build/model.ts';
import type { TocNode } from '../../src/estargz/model.ts';
import { dir, fifo, file, noise, symlink } from '../support/entries.ts';
import type { Entry } from '../support/entries.ts';
import { tarOf } from '../support/tar.ts';
import { assertTocInvariants, contentAt, nodeAt } from '../support/toc.ts';
import { readBack, writeTar } from '../support/written-layer.ts';

const name = fc.stringMatching(/^[a-z<&\u00fc\u4e16]{1,8}$/);
const facts = fc.record({
  mode: fc.integer({ min: 0, max: 0o7777 }),
  uid: fc.integer({ min: 0, max: 3_000_000 }),
  gid: fc.integer({ min: 0, max: 3_000_000 }),
  mtime: fc.integer({ min: 0, max: 2 ** 32 }),
  xattrs: fc.dictionary(fc.constantFrom('user.a', 'user.b'), fc.uint8Array({ minLength: 1, maxLength: 20 })),
});
const content = fc.oneof(
  fc.integer({ min: 0, max: 3000 }).map((length) => noise(length)),
  fc.integer({ min: 0, max: 3000 }).map((length) => Buffer.alloc(length, 'x')),
);
const entry: fc.Arbitrary<(path: string) => Entry> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(content, facts).map(
      ([bytes, about]) =>
        (path: string) =>
          file(path, bytes, about),
    ),
  },
  { weight: 2, arbitrary: facts.map((about) => (path: string) => dir(path, about)) },
  { weight: 1, arbitrary: facts.map((about) => (path: string) => symlink(path, 'somewhere', about)) },
  { weight: 1, arbitrary: facts.map((about) => (path: string) => fifo(path, about)) },
);
const layer = fc
  .uniqueArray(fc.tuple(name, entry), { selector: ([path]) => path, maxLength: 15 })
  .map((list) => list.map(([path, make]) => make(path)));

const chunkSize = fc.integer({ min: 1, max: 2000 });
const order = fc.option(
  fc.record({ prioritized: fc.array(name, { maxLength: 3 }), deferred: fc.array(name, { maxLength: 3 }) }),
  { nil: undefined },
);
const zstd = fc.constantFrom('zstd:chunked' as const, 'zstd:chunked-containers' as const);
const common = { level: fc.integer({ min: 1, max: 6 }), chunkSize, minChunkSize: fc.constant(0) };
const not = { externalToc: fc.constant(false), lossless: fc.constant(false) };
const options: fc.Arbitrary<WriteOptions> = fc.oneof(
  fc.record({
    ...common,
    ...not,
    format: fc.constant('estargz' as const),
    level: fc.integer({ min: 0, max: 9 }),
    minChunkSize: fc.constantFrom(0, 1, 100, 5000),
    externalToc: fc.boolean(),
    order,
  }),
  fc.record({
    ...common,
    format: fc.constant('estargz' as const),
    minChunkSize: fc.constantFrom(0, 100),
    externalToc: fc.constant(true),
    lossless: fc.constant(true),
    order: fc.constant(undefined),
  }),
  fc.record({ ...common, ...not, format: zstd, order }),
  fc.record({ ...common, ...not, format: zstd, lossless: fc.constant(true), order: fc.constant(undefined) }),
);

function assertSame(node: TocNode, wanted: Entry): void {
  assert.equal(node.type, wanted.type);
  assert.equal(node.mode, wanted.type === 'symlink' ? 0o777 : wanted.mode);
  assert.deepEqual([node.uid, node.gid, node.mtimeSec], [wanted.uid, wanted.gid, wanted.mtime]);
  assert.equal(node.linkName ?? '', wanted.linkName);
  const xattrs = [...(node.xattrs ?? [])].map(([key, value]) => [key, Buffer.from(value)]);
  assert.deepEqual(new Map(xattrs as [string, Buffer][]), wanted.xattrs);
}

suite('LayerWriter: random layers', () => {
  test('in any format and order, our reader finds the files of the tar', async () => {
    await fc.assert(
      fc.asyncProperty(layer, options, async (entries, chosen) => {
        const { toc, blob, written } = readBack(await writeTar(tarOf(entries), chosen));
        assertTocInvariants(toc);
        assert.ok(toc.verifiable);
        assert.equal(toc.nameCount, entries.length);
        for (const wanted of entries) {
          assertSame(nodeAt(toc, wanted.name), wanted);
          if (wanted.type === 'reg') assert.deepEqual(contentAt(toc, blob, wanted.name), wanted.content);
        }
        const names = new Set(entries.map(({ name: path }) => path.replace(/\/$/, '')));
        const paths = new Set([...(chosen.order?.prioritized ?? []), ...(chosen.order?.deferred ?? [])]);
        for (const path of written.missed) assert.ok(paths.has(path) && !names.has(path));
      }),
      { numRuns: 60 },
    );
  });
});
