import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { FormatError } from '../../src/errors.ts';
import type { TocNode } from '../../src/estargz/model.ts';
import { fileOf, filesOf, layoutOf } from '../support/erofs-layout.ts';
import { readErofs, type ReadInode } from '../support/erofs-reader.ts';
import { device, dir, fifo, file, symlink } from '../support/toc-tree.ts';

suite('inodes', () => {
  const facts = { mode: 0o4755, uid: 1, gid: 2, mtimeSec: 1_700_000_000 };
  const types: [string, TocNode, Partial<ReadInode>][] = [
    ['an empty file', file('', facts), { type: 'reg', size: 0 }],
    ['a file', file('hello', facts), { type: 'reg', size: 5 }],
    ['a symlink', symlink('a/b', facts), { type: 'symlink', size: 3, linkName: 'a/b', inline: true }],
    ['a directory', dir({}, facts), { type: 'dir', size: 27, nlink: 2, inline: true }],
    ['a fifo', fifo(facts), { type: 'fifo', size: 0 }],
    ['a character device', device('char', 1, 3, facts), { type: 'char', devMajor: 1, devMinor: 3 }],
    ['a block device', device('block', 4095, 1_048_575, facts), { type: 'block', devMajor: 4095, devMinor: 1_048_575 }],
  ];
  for (const [title, node, expected] of types) {
    test(`${title} keeps its type, mode, owner, time and what its type has`, () => {
      assert.partialDeepStrictEqual(fileOf(node), { ...facts, nlink: 1, ...expected });
    });
  }

  const commonFacts = { mtimeSec: 5 };
  const extended: [string, Parameters<typeof file>[1], boolean][] = [
    ['the commonest time', { mtimeSec: 5 }, false],
    ['another time', { mtimeSec: 6 }, true],
    ['a time before 1970', { mtimeSec: -86_400 }, true],
    ['a time after 2106', { mtimeSec: 2 ** 33 + 1 }, true],
    ['the largest 16-bit owner', { mtimeSec: 5, uid: 65_535, gid: 65_535 }, false],
    ['a 17-bit user', { mtimeSec: 5, uid: 65_536 }, true],
    ['a 32-bit group', { mtimeSec: 5, gid: 4_294_967_294 }, true],
  ];
  for (const [title, facts, isExtended] of extended) {
    test(`a file with ${title} is ${isExtended ? 'extended' : 'compact'}`, () => {
      const others = { a: file('', commonFacts), b: file('', commonFacts), c: file('', commonFacts) };
      const inode = filesOf(dir({ ...others, it: file('', facts) }, commonFacts)).get('it')!;
      assert.equal(inode.extended, isExtended);
      assert.partialDeepStrictEqual(inode, { uid: 0, gid: 0, ...facts });
    });
  }

  test('a filesystem of one negative time is compact throughout', () => {
    const { superblock, files } = readErofs(
      layoutOf(dir({ a: file('', { mtimeSec: -1 }) }, { mtimeSec: -1 })).metadata,
    );
    assert.equal(superblock.epochSec, -1);
    assert.deepEqual(
      [...files.values()].map(({ extended, mtimeSec }) => [extended, mtimeSec]),
      [
        [false, -1],
        [false, -1],
      ],
    );
  });

  test('hard links are names of one inode, with their number', () => {
    const shared = file('x');
    const files = filesOf(dir({ a: shared, sub: dir({ b: shared }), c: shared, other: file('x') }));
    assert.equal(files.get('a')!.nid, files.get('sub/b')!.nid);
    assert.equal(files.get('a')!.nid, files.get('c')!.nid);
    assert.equal(files.get('a')!.nlink, 3);
    assert.notEqual(files.get('a')!.nid, files.get('other')!.nid);
    assert.equal(files.get('other')!.nlink, 1);
  });

  test('a directory counts its subdirectories as links', () => {
    const files = filesOf(dir({ a: dir({ b: dir(), c: dir(), d: file('') }) }));
    assert.deepEqual(
      ['', 'a', 'a/b'].map((path) => files.get(path)!.nlink),
      [3, 4, 2],
    );
  });

  test('more names than 16 bits can count make an inode extended', () => {
    const shared = file('');
    const names = new Map(Array.from({ length: 65_536 }, (_, index) => [`n${index}`, shared]));
    assert.partialDeepStrictEqual(filesOf(dir(names)).get('n0')!, { nlink: 65_536, extended: true });
  });
});

suite('values that no filesystem can have', () => {
  const bad: [string, TocNode][] = [
    ['a negative user', file('', { uid: -1 })],
    ['a user of 33 bits', file('', { uid: 2 ** 32 })],
    ['a group of 33 bits', file('', { gid: 2 ** 32 })],
    ['half a second', file('', { mtimeSec: 0.5 })],
    ['no time', file('', { mtimeSec: Number.NaN })],
    ['a major number of 13 bits', device('char', 4096, 0)],
    ['a minor number of 21 bits', device('block', 0, 2 ** 20)],
    ['a negative minor number', device('block', 0, -1)],
    ['an empty target', symlink('')],
    ['a target of 4096 bytes', symlink('x'.repeat(4096))],
    ['a zero byte in a target', symlink('a\0b')],
  ];
  for (const [title, node] of bad) {
    test(`${title} is refused`, () => {
      assert.throws(() => layoutOf(dir({ it: node })), FormatError);
    });
  }
});
