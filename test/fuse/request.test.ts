// Requests as bytes: every decoded field, and what is refused.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FormatError } from '../../src/errors.ts';
import {
  parseCreateName,
  parseInitBody,
  parseName,
  parseReadBody,
  parseRequestHeader,
} from '../../src/fuse/request.ts';

const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(/\s|#.*$/gm, ''), 'hex');

const READ = bytes(`
  50000000 0f000000           # length 80, READ
  0807060504030281            # unique, sent again: the top bit is set
  0900000000000000            # node 9
  e803000064000000 2a000000   # uid 1000, gid 100, pid 42
  00000000                    # no extensions
  0000000000000000            # fh 0
  0010000001000000            # offset 0x1_0000_1000
  00001000 00000000           # size 1 MiB, read flags
  0000000000000000 00800000 00000000`);

const LOOKUP = bytes(
  '2e000000 01000000 0200000000000000 0100000000000000 00000000 00000000 d2040000 00000000 6c61796572 00',
);

const CREATE = bytes(`
  3c000000 23000000 0300000000000000 0400000000000000 00000000 00000000 00000000 00000000
  41820000 b6810000 12000000 00000000   # O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode, umask, open flags
  757365 00`);

const INIT = bytes(`
  68000000 1a000000 0200000000000000 0000000000000000 00000000 00000000 00000000 00000000
  07000000 2c000000           # 7.44
  00000200                    # readahead 128 KiB
  fbffff73 81000000           # flags with INIT_EXT, flags2 with HAS_RESEND
  ${'00'.repeat(44)}`);

function withBytes(source: Buffer, offset: number, hex: string): Buffer {
  const copy = Buffer.from(source);
  bytes(hex).copy(copy, offset);
  return copy;
}

test('a READ has its header and its range', () => {
  const header = parseRequestHeader(READ, READ.length);
  assert.deepEqual(header, { length: 80, opcode: 15, unique: 0x8102030405060708n, nodeId: 9, pid: 42 });
  assert.deepEqual(parseReadBody(READ, header), { offset: 0x1_0000_1000, size: 1 << 20 });
});

test('a LOOKUP has its name', () => {
  const header = parseRequestHeader(LOOKUP, LOOKUP.length);
  assert.deepEqual(header, { length: 46, opcode: 1, unique: 2n, nodeId: 1, pid: 1234 });
  assert.equal(parseName(LOOKUP, header), 'layer');
});

test('a CREATE has its name behind four numbers', () => {
  const header = parseRequestHeader(CREATE, CREATE.length);
  assert.deepEqual([header.opcode, header.nodeId], [35, 4]);
  assert.equal(parseCreateName(CREATE, header), 'use');
});

test('an INIT has the version, the read-ahead and 64 flags', () => {
  const header = parseRequestHeader(INIT, INIT.length);
  assert.equal(header.opcode, 26);
  assert.deepEqual(parseInitBody(INIT, header), {
    major: 7,
    minor: 44,
    maxReadahead: 131_072,
    flags: 0x81_73ff_fffbn,
  });
});

test('an INIT of an old kernel has 32 flags only, also where bytes follow that look like more', () => {
  const short = withBytes(INIT, 0, '38000000').subarray(0, 56);
  assert.equal(parseInitBody(short, parseRequestHeader(short, 56)).flags, 0x73ff_fffbn);
  const unmarked = withBytes(INIT, 52, 'fbffff33');
  assert.equal(parseInitBody(unmarked, parseRequestHeader(unmarked, 104)).flags, 0x33ff_fffbn);
});

test('a node id that is not one of ours is none', () => {
  assert.equal(parseRequestHeader(withBytes(READ, 20, '01000000'), 80).nodeId, 0);
});

test('a request that does not add up is refused', () => {
  const refused: [string, () => unknown][] = [
    ['less than a header', () => parseRequestHeader(READ.subarray(0, 39), 39)],
    ['a length that is not what was read', () => parseRequestHeader(READ, 79)],
    ['a READ without its size', () => parseReadBody(READ, { ...parseRequestHeader(READ, 80), length: 79 })],
    [
      'a READ beyond safe integers',
      () => parseReadBody(withBytes(READ, 48, 'ffffffffffffffff'), parseRequestHeader(READ, 80)),
    ],
    ['a name without an end', () => parseName(withBytes(LOOKUP, 45, '41'), parseRequestHeader(LOOKUP, 46))],
    ['no name at all', () => parseName(LOOKUP, { ...parseRequestHeader(LOOKUP, 46), length: 40 })],
    ['a CREATE without a name', () => parseCreateName(CREATE, { ...parseRequestHeader(CREATE, 60), length: 56 })],
    ['an INIT without flags', () => parseInitBody(INIT, { ...parseRequestHeader(INIT, 104), length: 55 })],
  ];
  for (const [what, parse] of refused) assert.throws(parse, FormatError, what);
});
