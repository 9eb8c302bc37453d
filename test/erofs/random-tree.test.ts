import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { TocNode } from '../../src/estargz/model.ts';
import { OPTIONS } from '../support/erofs-layout.ts';
import { layoutLayer } from '../../src/erofs/layout.ts';
import { readErofs } from '../support/erofs-reader.ts';
import { device, dir, fifo, hollowFile, symlink, tocOf, walkToc } from '../support/toc-tree.ts';

const PREFIXES = ['user.', 'trusted.', 'security.'];
const name = fc
  .oneof(fc.string({ minLength: 1, maxLength: 30, unit: 'grapheme' }), fc.stringMatching(/^[!-~]{1,200}$/))
  .filter((text) => !/[/\0]/.test(text) && !text.startsWith('.') && Buffer.byteLength(text) <= 255);
const xattrs = fc.dictionary(
  fc.tuple(fc.constantFrom(...PREFIXES), fc.constantFrom('a', 'b', 'longer-name')).map((parts) => parts.join('')),
  fc.oneof(fc.constantFrom('y', 'label'), fc.uint8Array({ maxLength: 300 })),
  { maxKeys: 4 },
);
const facts = fc.record(
  {
    mode: fc.integer({ min: 0, max: 0o7777 }),
    uid: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff_ffff })),
    gid: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff_ffff })),
    mtimeSec: fc.oneof(fc.constant(1_700_000_000), fc.integer({ min: -(2 ** 40), max: 2 ** 40 })),
    xattrs,
  },
  { requiredKeys: [] },
);
const { tree } = fc.letrec<{ tree: TocNode; node: TocNode }>((tie) => ({
  tree: fc
    .tuple(fc.array(fc.tuple(name, tie('node')), { maxLength: 30 }), facts)
    .map(([children, facts]) => dir(new Map(children), facts)),
  node: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.tuple(fc.integer({ min: 0, max: 2 ** 35 }), facts).map(([size, facts]) => hollowFile(size, facts)),
    fc.tuple(fc.stringMatching(/^[a-z/]{1,4000}$/), facts).map(([target, facts]) => symlink(target, facts)),
    fc
      .tuple(fc.integer({ min: 1, max: 4095 }), fc.integer({ min: 0, max: 0xf_ffff }))
      .map(([major, minor]) => device('block', major, minor)),
    facts.map((facts) => fifo(facts)),
    tie('tree'),
  ),
}));

/** Gives some files further names in the root, so that hard links come up. */
function withLinks(root: TocNode, step: number): TocNode {
  const files = [...walkToc(root)].filter(([, { type }]) => type !== 'dir');
  const links = files
    .filter((_, index) => index % step === 0)
    .map(([, node], index) => [`hard-link-${index}`, node] as const);
  return { ...root, children: new Map([...root.children!, ...links]) };
}

test('what is laid out reads back as it was', () => {
  fc.assert(
    fc.property(tree, fc.integer({ min: 1, max: 9 }), (made, step) => {
      const root = withLinks(made, step);
      const toc = tocOf(root);
      const layout = layoutLayer(toc, OPTIONS);
      const { files, superblock } = readErofs(layout.metadata);
      assert.equal(files.size, toc.nameCount + 1);
      assert.equal(superblock.inodeCount, toc.inodeCount);
      for (const [path, node] of walkToc(root)) {
        const found = files.get(path)!;
        const { type, mode, uid, gid, mtimeSec, linkName, devMajor, devMinor } = node;
        assert.partialDeepStrictEqual(found, { type, mode, uid, gid, mtimeSec, linkName, devMajor, devMinor }, path);
        assert.equal(found.nlink, node.nlink, path);
        assert.deepEqual(found.xattrs, node.xattrs ?? new Map(), path);
        if (type === 'reg') assert.equal(found.size, node.size, path);
        if (node.chunkCount > 0) assert.equal(found.dataOffset, layout.chunkImageOffset[node.firstChunk], path);
      }
      layout.chunkImageOffset.reduce((end, offset, chunk) => {
        assert.ok(offset >= end, 'chunks are apart and ascend');
        return offset + toc.chunks.size[chunk]!;
      }, layout.dataStart);
    }),
    { numRuns: 150 },
  );
});
