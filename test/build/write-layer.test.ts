import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { dir, file, hardlink, noise, symlink } from '../support/entries.ts';
import type { Entry } from '../support/entries.ts';
import { contentAt, namesIn, nodeAt } from '../support/toc.ts';
import { memberOffsets, writeEntries } from '../support/written-layer.ts';

suite('LayerWriter', () => {
  const counts: [title: string, entries: Entry[], chunkSize: number, members: number, tocEntries: number][] = [
    ['an empty tar', [], 100, 2, 0],
    ['a directory and an empty file', [dir('a'), file('a/empty')], 100, 3, 2],
    ['a directory and a file', [dir('a'), file('a/b', 'content')], 100, 4, 2],
    ['two directories and a file', [dir('a'), dir('b'), file('b/c', 'content')], 100, 4, 3],
    ['three directories', [dir('a'), dir('b'), dir('c')], 100, 3, 3],
    ['a directory and symlinks', [dir('a'), symlink('a/b', 'c'), symlink('a/d', 'e')], 100, 3, 3],
    ['a directory and a file of six chunks', [dir('a'), file('a/b', 'x'.repeat(16))], 3, 9, 7],
  ];
  for (const [title, entries, chunkSize, members, tocEntries] of counts) {
    test(`${title} gives ${members} gzip members and ${tocEntries} TOC entries`, async () => {
      const { blob, tocJson } = await writeEntries(entries, { chunkSize });
      assert.equal(memberOffsets(blob).length, members);
      assert.equal(tocJson.entries.length, tocEntries);
    });
  }

  test('what was written is read again by our reader', async () => {
    const big = noise(10_000);
    const entries = [dir('d'), file('d/big', big), symlink('d/s', 'big'), hardlink('d/h', 'd/big'), file('e', 'end')];
    const { blob, toc } = await writeEntries(entries, { chunkSize: 4096 });
    assert.deepEqual(namesIn(toc, ''), ['d', 'e']);
    assert.deepEqual(contentAt(toc, blob, 'd/big'), big);
    assert.deepEqual(contentAt(toc, blob, 'e'), Buffer.from('end'));
    assert.equal(nodeAt(toc, 'd/h'), nodeAt(toc, 'd/big'));
    assert.equal(gunzipSync(blob).length % 512, 0);
  });
});
