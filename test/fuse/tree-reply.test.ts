// Replies about a tree as bytes, field by field, against tables written from the kernel's header.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeData, encodeTreeAttributes, encodeTreeDirectory, encodeTreeEntry } from '../../src/fuse/tree-reply.ts';

const UNIQUE = 0x8000_0000_0000_0102n;
const HEAD = '0201000000000080';
const hex = (text: string): string => text.replaceAll(/\s/g, '');

/** 88 bytes: ino, size, blocks, 3 times, 3 nsec, mode, nlink, uid, gid, rdev, blksize, flags. */
const attributes = (ino: string, size: string, blocks: string, mode: string, nlink: string): string =>
  `${ino} ${size} ${blocks} ${'00'.repeat(24)} ${'00'.repeat(12)} ${mode} ${nlink} ${'00'.repeat(12)} 00100000 00000000`;

const FILE = attributes('0700000000000000', '0102000000000000', '0200000000000000', '00810000', '01000000');
const LINK = attributes('0500000000000000', '0900000000000000', '0100000000000000', 'ffa10000', '01000000');
const DIRECTORY = attributes('0400000000000000', '0000000000000000', '0000000000000000', 'c0410000', '02000000');
const NOT_CACHED = '0000000000000000';

const table: [string, Buffer, string][] = [
  [
    'a file, which nobody may keep',
    encodeTreeEntry(UNIQUE, { nodeId: 7, type: 'file', size: 513 }),
    `90000000 00000000 ${HEAD} 0700000000000000 0000000000000000 ${NOT_CACHED} ${NOT_CACHED} 00000000 00000000 ${FILE}`,
  ],
  [
    'a symlink',
    encodeTreeEntry(UNIQUE, { nodeId: 5, type: 'symlink', size: 9 }),
    `90000000 00000000 ${HEAD} 0500000000000000 0000000000000000 ${NOT_CACHED} ${NOT_CACHED} 00000000 00000000 ${LINK}`,
  ],
  [
    'attributes of a directory',
    encodeTreeAttributes(UNIQUE, { nodeId: 4, type: 'directory', size: 0 }),
    `78000000 00000000 ${HEAD} ${NOT_CACHED} 00000000 00000000 ${DIRECTORY}`,
  ],
  ['data', encodeData(UNIQUE, Buffer.from('/m/1')), `14000000 00000000 ${HEAD} 2f6d2f31`],
  ['no data', encodeData(UNIQUE, Buffer.alloc(0)), `10000000 00000000 ${HEAD}`],
];

for (const [title, reply, want] of table) {
  test(`${title} has these bytes`, () => assert.equal(reply.toString('hex'), hex(want)));
}

const ENTRIES = [
  { nodeId: 4, type: 'directory', name: 'a' },
  { nodeId: 5, type: 'symlink', name: 'diff' },
  { nodeId: 6, type: 'file', name: 'infoinfo' },
] as const;
const DIRENTS = [
  '0400000000000000 0100000000000000 01000000 04000000 61 00000000000000',
  '0500000000000000 0200000000000000 04000000 0a000000 64696666 00000000',
  '0600000000000000 0300000000000000 08000000 08000000 696e666f696e666f',
];

for (const [title, offset, size, from, end] of [
  ['all of a directory', 0, 4096, 0, 3],
  ['a directory from an entry on', 1, 4096, 1, 3],
  ['as many whole entries as fit', 0, 95, 0, 2],
  ['nothing behind the last entry', 3, 4096, 3, 3],
  ['nothing where not even one fits', 0, 31, 0, 0],
] as const) {
  test(title, () => {
    const body = DIRENTS.slice(from, end);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(16 + 32 * body.length);
    const reply = encodeTreeDirectory(UNIQUE, ENTRIES, { offset, size });
    assert.equal(reply.toString('hex'), hex(`${length.toString('hex')} 00000000 ${HEAD} ${body.join('')}`));
  });
}
