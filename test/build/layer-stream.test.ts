import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { distinctEntries } from '../../src/build/distinct-entries.ts';
import { orderedStream } from '../../src/build/layer-stream.ts';
import type { LayerEntry } from '../../src/build/model.ts';
import { entryFields } from '../../src/build/toc-fields.ts';
import { blocks, longBlocks, paxBlocks } from '../support/tar-blocks.ts';
import { END_OF_ARCHIVE } from '../support/tar.ts';
import { indexOf } from '../support/unpack.ts';

const GLOBAL_USER = paxBlocks('g', { uname: 'everybody' });

/** The tar that the stream of a layer's entries is. */
function streamed(tar: Buffer, entries: readonly LayerEntry[]): Buffer {
  const parts = [...orderedStream(entries, 2 ** 22)].map(({ from, length }) => {
    if (typeof from === 'number') return tar.subarray(from, from + length);
    return from === 'zeros' ? Buffer.alloc(length) : from;
  });
  return Buffer.concat([...parts, END_OF_ARCHIVE]);
}

function factsOf(entries: readonly LayerEntry[]): unknown[] {
  return entries.map((entry) => ({
    ...entryFields(entry),
    userName: entry.header.userName.toString(),
    groupName: entry.header.groupName.toString(),
    mtimeSec: entry.header.mtimeSec,
  }));
}

suite('headers that are written anew', () => {
  const cases: [title: string, head: Buffer[]][] = [
    ['a name that a record takes back, which is not ASCII', [paxBlocks('x', { path: '' }), blocks('0', '\u00fc', 'c')]],
    [
      'a long name that wins over a record',
      [longBlocks('L', 'l'.repeat(200)), paxBlocks('x', { path: 'p' }), blocks('0', 'h', 'c')],
    ],
    ['a link', [longBlocks('K', 'k'.repeat(200)), paxBlocks('x', { linkpath: '' }), blocks('2', 's', '')]],
    ['a time with a fraction', [paxBlocks('x', { mtime: '-5.25' }), blocks('0', 'a', 'c')]],
    ['a time that a record takes back', [paxBlocks('x', { mtime: '' }), blocks('0', 'a', 'c', { mtimeSec: 2 ** 32 })]],
    [
      'large ids, and xattrs',
      [paxBlocks('x', { uid: '3000000000', 'SCHILY.xattr.user.a': Buffer.from([0, 10, 255]) }), blocks('0', 'a', 'c')],
    ],
    ['a directory with a size', [paxBlocks('x', { size: '1000' }), blocks('5', 'd/')]],
  ];
  for (const [title, head] of cases) {
    test(`say the same as those that they stand for: ${title}`, () => {
      const tar = Buffer.concat([GLOBAL_USER, ...head, blocks('0', 'last', 'end'), END_OF_ARCHIVE]);
      const entries = indexOf(tar);
      assert.deepEqual(
        entries.map(({ needsHeader }) => needsHeader),
        [true, true],
      );
      assert.deepEqual(factsOf(indexOf(streamed(tar, entries))), factsOf(entries));
    });
  }

  test('a whiteout that was a link with a size is empty, and what follows is still there', () => {
    const tar = Buffer.concat([
      blocks('0', 'f', 'one'),
      paxBlocks('x', { size: '700' }),
      blocks('1', '.wh.a', '', { linkName: 'f' }),
      blocks('1', 'a', '', { linkName: 'f' }),
      blocks('0', 'f', 'two'),
      END_OF_ARCHIVE,
    ]);
    const entries = distinctEntries(indexOf(tar));
    assert.deepEqual(
      entries.map(({ path, type }) => `${type} ${path}`),
      ['reg .wh.a', 'reg a', 'reg f'],
    );
    assert.deepEqual(factsOf(indexOf(streamed(tar, entries))), factsOf(entries));
  });

  test('a v7 file that takes the name of its link does not become a directory by the slash there', () => {
    const tar = Buffer.concat([
      blocks('\0', 'f', 'one'),
      blocks('1', 'h/', '', { linkName: 'f' }),
      blocks('0', 'f', 'two'),
      END_OF_ARCHIVE,
    ]);
    const entries = distinctEntries(indexOf(tar));
    assert.deepEqual(
      entries.map(({ path, type }) => `${type} ${path}`),
      ['reg h', 'reg f'],
    );
    assert.deepEqual(factsOf(indexOf(streamed(tar, entries))), factsOf(entries));
  });
});
