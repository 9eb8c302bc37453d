import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { FormatError } from '../../src/errors.ts';
import type { ChunkTable, Toc, TocNode } from '../../src/estargz/model.ts';
import { layoutLayer } from '../../src/erofs/layout.ts';
import { fileOf, layoutOf, OPTIONS } from '../support/erofs-layout.ts';
import { readErofs } from '../support/erofs-reader.ts';
import { dir, file, hollowFile, tocOf } from '../support/toc-tree.ts';

suite('the data area', () => {
  test('follows the chunk table, every file at a block', () => {
    const made = layoutOf(
      dir({ a: file(Buffer.alloc(5000), {}, 4000), b: file('x'), c: file(''), d: file(Buffer.alloc(4096)) }),
    );
    const { dataStart } = made;
    assert.equal(dataStart, 4096);
    assert.deepEqual([...made.chunkImageOffset], [dataStart, dataStart + 4000, dataStart + 8192, dataStart + 12_288]);
    assert.equal(made.imageSize, dataStart + 16_384);
    const { superblock, files } = readErofs(made.metadata);
    assert.equal(superblock.blocks, made.imageSize / 4096);
    assert.deepEqual(
      ['a', 'b', 'd'].map((name) => files.get(name)!.dataOffset),
      [dataStart, dataStart + 8192, dataStart + 12_288],
    );
    assert.ok(made.chunkImageOffset.buffer instanceof SharedArrayBuffer);
  });

  test('gives chunks of hidden and replaced files a place as well', () => {
    const made = layoutOf(dir({ '.prefetch.landmark': file('\x0f'), a: file('x') }));
    assert.deepEqual([...made.chunkImageOffset], [4096, 8192]);
    assert.equal(readErofs(made.metadata).files.get('a')!.dataOffset, 8192);
  });

  test('is exact beyond 4 GiB and 8 TiB', () => {
    const tera = 2 ** 40;
    const made = layoutOf(dir({ a: hollowFile(5 * 2 ** 30 + 1), b: hollowFile(8 * tera), c: hollowFile(1) }));
    const { files } = readErofs(made.metadata);
    const b = 4096 + 5 * 2 ** 30 + 4096;
    assert.partialDeepStrictEqual(files.get('a')!, { size: 5 * 2 ** 30 + 1, extended: true, dataOffset: 4096 });
    assert.partialDeepStrictEqual(files.get('b')!, { size: 8 * tera, dataOffset: b });
    assert.equal(files.get('c')!.dataOffset, b + 8 * tera);
    assert.equal(made.imageSize, b + 8 * tera + 4096);
  });

  test('a file of 4 GiB less a byte is compact, of 4 GiB extended', () => {
    assert.partialDeepStrictEqual(fileOf(hollowFile(2 ** 32 - 1)), { size: 2 ** 32 - 1, extended: false });
    assert.partialDeepStrictEqual(fileOf(hollowFile(2 ** 32)), { size: 2 ** 32, extended: true });
  });

  test('more blocks than 32 bits number are refused', () => {
    const most = 0xffff_ffff * 4096 - 4096;
    assert.equal(layoutOf(dir({ a: hollowFile(most) })).imageSize, most + 4096);
    assert.throws(() => layoutOf(dir({ a: hollowFile(most + 1) })), FormatError);
  });

  const broken: [string, (toc: Toc) => Toc][] = [
    ['a gap between chunks', (toc) => withChunks(toc, { fileOffset: Float64Array.of(0, 11) })],
    ['chunks that overlap', (toc) => withChunks(toc, { fileOffset: Float64Array.of(0, 9) })],
    ['a first chunk that is not at the start', (toc) => withChunks(toc, { fileOffset: Float64Array.of(1, 11) })],
    ['chunks of more bytes than the file', (toc) => withChunks(toc, { size: Uint32Array.of(10, 11) })],
    ['chunks of two files for one', (toc) => withChunks(toc, { fileOffset: Float64Array.of(0, 0) })],
  ];
  for (const [title, breakIt] of broken) {
    test(`${title} is refused`, () => {
      const toc = tocOf(dir({ it: file(Buffer.alloc(20), {}, 10) }));
      layoutLayer(toc, OPTIONS);
      assert.throws(() => layoutLayer(breakIt(toc), OPTIONS), FormatError);
    });
  }

  const fileWith: [string, Partial<TocNode>][] = [
    ['bytes but no chunks', { chunkCount: 0 }],
    ['chunks beyond the table', { firstChunk: 1 }],
    ['chunks but no bytes', { size: 0 }],
  ];
  for (const [title, facts] of fileWith) {
    test(`a file with ${title} is refused`, () => {
      const node = file(Buffer.alloc(20), {}, 10);
      const root = dir({ it: node });
      const toc = tocOf(root);
      Object.assign(node, facts);
      assert.throws(() => layoutLayer(toc, OPTIONS), FormatError);
    });
  }
});

/** The TOC with other facts about its chunks. */
function withChunks(toc: Toc, facts: Partial<ChunkTable>): Toc {
  return { ...toc, chunks: { ...toc.chunks, ...facts } };
}
