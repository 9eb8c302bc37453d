// Replies as bytes, field by field, against tables written from the kernel's header.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OUT_HEADER_SIZE } from '../../src/fuse/abi.ts';
import {
  encodeAttributes,
  encodeDirectory,
  encodeEntry,
  encodeInit,
  encodeInvalidateName,
  encodeOpen,
  encodeResend,
  encodeStatfs,
  encodeStatus,
} from '../../src/fuse/reply.ts';

const UNIQUE = 0x8000_0000_0000_0102n;
const HEAD = '0201000000000080';
const hex = (text: string): string => text.replaceAll(/\s|#.*$/gm, '');

/** 88 bytes: ino, size, blocks, 3 times, 3 nsec, mode, nlink, uid, gid, rdev, blksize, flags. */
const attributes = (ino: string, size: string, blocks: string, mode: string, nlink: string): string =>
  `${ino} ${size} ${blocks} ${'00'.repeat(24)} ${'00'.repeat(12)} ${mode} ${nlink} ${'00'.repeat(12)} 00100000 00000000`;

const FILE = attributes('0900000000000000', '0110000000000000', '0900000000000000', '00810000', '01000000');
const ROOT = attributes('0100000000000000', '0000000000000000', '0000000000000000', '40410000', '02000000');
const FOREVER = 'ffffff7f00000000';

const table: [string, Buffer, string][] = [
  ['success', encodeStatus(UNIQUE, 0), `10000000 00000000 ${HEAD}`],
  ['EIO', encodeStatus(UNIQUE, 5), `10000000 fbffffff ${HEAD}`],
  [
    'an entry',
    encodeEntry(UNIQUE, { nodeId: 9, size: 4097 }),
    `90000000 00000000 ${HEAD} 0900000000000000 0000000000000000 ${FOREVER} ${FOREVER} 00000000 00000000 ${FILE}`,
  ],
  [
    'attributes of the root',
    encodeAttributes(UNIQUE, { nodeId: 1, size: 0 }),
    `78000000 00000000 ${HEAD} ${FOREVER} 00000000 00000000 ${ROOT}`,
  ],
  ['an open file', encodeOpen(UNIQUE, 1), `20000000 00000000 ${HEAD} 0000000000000000 01000000 00000000`],
  [
    'statistics',
    encodeStatfs(UNIQUE, { files: 3, bytes: 8193 }),
    `60000000 00000000 ${HEAD} 0300000000000000 ${'00'.repeat(16)} 0300000000000000 ${'00'.repeat(8)} 00100000 ff000000 00100000 00000000 ${'00'.repeat(24)}`,
  ],
  [
    'the session',
    encodeInit(UNIQUE, 7, {
      minor: 40,
      maxReadahead: 0x20000,
      flags: 0x80_4040_8001n,
      maxBackground: 1024,
      congestionThreshold: 768,
      maxWrite: 4096,
      maxPages: 256,
    }),
    `50000000 00000000 ${HEAD} 07000000 28000000 00000200 01804040 0004 0003 00100000 01000000 0001 0000 80000000 ${'00'.repeat(28)}`,
  ],
  ['a resend notification', encodeResend(), '10000000 07000000 0000000000000000'],
  [
    'a forgotten name',
    encodeInvalidateName('abc'),
    '24000000 03000000 0000000000000000 0100000000000000 03000000 00000000 61626300',
  ],
];

for (const [what, reply, expected] of table) {
  test(`${what} is encoded as the kernel reads it`, () => {
    assert.equal(reply.toString('hex'), hex(expected));
  });
}

const names = [
  { nodeId: 1, name: '.' },
  { nodeId: 1, name: '..' },
  { nodeId: 9, name: 'layer-one' },
];

test('a directory is a row of padded entries, each with the number of the next', () => {
  assert.equal(
    encodeDirectory(UNIQUE, names, 0, 4096).toString('hex'),
    hex(`78000000 00000000 ${HEAD}
      0100000000000000 0100000000000000 01000000 04000000 2e00000000000000
      0100000000000000 0200000000000000 02000000 04000000 2e2e000000000000
      0900000000000000 0300000000000000 09000000 08000000 6c617965722d6f6e 6500000000000000`),
  );
});

test('a directory is cut at whole entries, goes on where it was cut, and ends', () => {
  assert.equal(encodeDirectory(UNIQUE, names, 0, 103).length, OUT_HEADER_SIZE + 64);
  assert.equal(encodeDirectory(UNIQUE, names, 2, 103).length, OUT_HEADER_SIZE + 40);
  assert.equal(encodeDirectory(UNIQUE, names, 3, 4096).length, OUT_HEADER_SIZE);
  assert.equal(encodeDirectory(UNIQUE, names, 2 ** 40, 4096).length, OUT_HEADER_SIZE);
});
