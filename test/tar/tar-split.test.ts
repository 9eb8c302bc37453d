import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as fc from 'fast-check';
import { Crc64 } from '../../src/tar/crc64.ts';
import { TarSplitEncoder } from '../../src/tar/tar-split.ts';

function crc64(...pieces: Uint8Array[]): string {
  const crc = new Crc64();
  for (const piece of pieces) crc.update(piece);
  return crc.digest().toString('hex');
}

// Bit by bit, as the definition has it.
function slowCrc64(bytes: Uint8Array): string {
  let crc = 0xffff_ffff_ffff_ffffn;
  for (const byte of bytes) {
    crc ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1n) === 1n ? (crc >> 1n) ^ 0xd800_0000_0000_0000n : crc >> 1n;
  }
  return (crc ^ 0xffff_ffff_ffff_ffffn).toString(16).padStart(16, '0');
}

suite('CRC-64/GO-ISO', () => {
  test('the check value of the catalogue', () => {
    assert.equal(crc64(Buffer.from('123456789')), 'b90956c775a41001');
    assert.equal(crc64(), '0000000000000000');
  });

  test('it is that of the definition, however the bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 70 }), { maxLength: 5 }), (pieces) => {
        assert.equal(crc64(...pieces), slowCrc64(Buffer.concat(pieces)));
      }),
    );
  });
});

suite('tar-split', () => {
  test('segments and files are lines, counted from 0', () => {
    const split = new TarSplitEncoder();
    split.addSegment(Buffer.from([0, 255]));
    split.addFile('a<b', 3, Buffer.from('12345678'));
    split.addSegment(Buffer.alloc(0));
    split.addFile('dir/', 0, undefined);
    assert.equal(
      Buffer.concat(split.finish()).toString(),
      '{"type":2,"payload":"AP8=","position":0}\n' +
        '{"type":1,"name":"a\\u003cb","size":3,"payload":"MTIzNDU2Nzg=","position":1}\n' +
        '{"type":2,"payload":"","position":2}\n' +
        '{"type":1,"name":"dir/","payload":null,"position":3}\n',
    );
  });

  test('nothing is no line', () => {
    assert.deepEqual(new TarSplitEncoder().finish(), []);
  });
});
