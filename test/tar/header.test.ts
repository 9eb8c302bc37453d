import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { FormatError } from '../../src/errors.ts';
import { BLOCK_SIZE, encodeHeader, MAX_ID, MAX_SIZE, parseHeader } from '../../src/tar/header.ts';
import type { TarHeader } from '../../src/tar/header.ts';

const HEADER: TarHeader = {
  name: Buffer.from('usr/bin/env'),
  mode: 0o4755,
  uid: 1000,
  gid: MAX_ID,
  size: MAX_SIZE,
  mtimeSec: 1_700_000_000,
  typeflag: '0',
  linkName: Buffer.from('target'),
  userName: Buffer.from('root'),
  groupName: Buffer.from('staff'),
  devMajor: 5,
  devMinor: 300,
};

suite('tar header', () => {
  test('every field survives a round trip', () => {
    assert.deepEqual(parseHeader(encodeHeader(HEADER), 0), HEADER);
  });

  test('bytes that are no UTF-8 survive', () => {
    const name = Buffer.from([0xff, 0xfe, 0x2f, 0xc3]);
    assert.deepEqual(parseHeader(encodeHeader({ ...HEADER, name }), 0)?.name, name);
  });

  test('a block of zeros is the end, and is no header', () => {
    assert.equal(parseHeader(Buffer.alloc(BLOCK_SIZE), 0), undefined);
  });

  test('the ustar prefix stands before the name', () => {
    const block = encodeHeader(HEADER);
    block.write('some/prefix', 345);
    fixChecksum(block);
    assert.equal(parseHeader(block, 0)?.name.toString(), 'some/prefix/usr/bin/env');
  });

  test('a checksum of signed bytes, as old writers make it, is taken, and one that is neither is not', () => {
    const block = fixChecksum(patch(encodeHeader(HEADER), 0, Buffer.from([0xff, 0xfe])));
    const signed = block.reduce((sum, byte) => sum + (byte > 127 ? byte - 256 : byte), 0);
    const sumOfSum = block.subarray(148, 156).reduce((sum, byte) => sum + byte, 0);
    const write = (sum: number): Buffer =>
      patch(Buffer.from(block), 148, Buffer.from(`${sum.toString(8).padStart(6, '0')}\0 `));
    assert.deepEqual(
      parseHeader(write(signed - sumOfSum + 8 * 0x20), 0)?.name.subarray(0, 2),
      Buffer.from([0xff, 0xfe]),
    );
    assert.throws(() => parseHeader(write(signed - sumOfSum + 8 * 0x20 + 1), 0), FormatError);
  });

  test('base-256 numbers, as GNU tar writes them, are read with their sign', () => {
    const block = encodeHeader(HEADER);
    Buffer.from('800000000000000200000000', 'hex').copy(block, 124);
    Buffer.from('fffffffffffffffffffffffe', 'hex').copy(block, 136);
    fixChecksum(block);
    const header = parseHeader(block, 0);
    assert.equal(header?.size, 2 ** 33);
    assert.equal(header?.mtimeSec, -2);
  });

  const broken: [title: string, change: (block: Buffer) => Buffer][] = [
    ['a cut block', (block) => block.subarray(0, 511)],
    ['a wrong checksum', (block) => Buffer.concat([Buffer.from('X'), block.subarray(1)])],
    ['a size with letters', (block) => fixChecksum(patch(block, 124, Buffer.from('0000000abcd')))],
    ['a size over 2^53', (block) => fixChecksum(patch(block, 124, Buffer.from('80ffffffffffffffffffffff', 'hex')))],
  ];
  for (const [title, change] of broken) {
    test(`${title} is a FormatError`, () => {
      assert.throws(() => parseHeader(change(encodeHeader(HEADER)), 0), FormatError);
    });
  }

  const unfit: [title: string, fields: Partial<TarHeader>][] = [
    ['a name of 101 bytes', { name: Buffer.alloc(101, 'a') }],
    ['an id of 22 bits', { uid: MAX_ID + 1 }],
    ['a size of 34 bits', { size: MAX_SIZE + 1 }],
    ['a negative time', { mtimeSec: -1 }],
    ['a time with a fraction', { mtimeSec: 1.5 }],
  ];
  for (const [title, fields] of unfit) {
    test(`${title} does not fit`, () => {
      assert.throws(() => encodeHeader({ ...HEADER, ...fields }), FormatError);
    });
  }
});

function patch(block: Buffer, offset: number, bytes: Buffer): Buffer {
  bytes.copy(block, offset);
  return block;
}

function fixChecksum(block: Buffer): Buffer {
  block.fill(' ', 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}
