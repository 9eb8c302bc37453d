import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { FormatError } from '../../src/errors.ts';
import {
  encodeSkippable,
  encodeZstdFooter,
  LONGEST_ZSTD_FOOTER,
  parseZstdFooter,
} from '../../src/estargz/zstd-footer.ts';
import type { ZstdFooter } from '../../src/estargz/zstd-footer.ts';

// The vector of the reference, for a TOC at 0x12345 with 100 bytes, 200 when decompressed.
const STARGZ = '502a4d182800000045230100000000006400000000000000c8000000000000000100000000000000476e556c496e5578';
const TOC = { offset: 0x12345, compressedSize: 100, size: 200 };
// By the layout of containers/storage: seven numbers and the magic with a capital N.
const CONTAINERS =
  '502a4d184000000045230100000000006400000000000000c8000000000000000100000000000000' +
  'b1230100000000003200000000000000' +
  '6400000000000000474e556c496e5578';
const TAR_SPLIT = { offset: 0x123b1, compressedSize: 50, size: 100 };
const BLOB_SIZE = 0x20000;

const footers: [hex: string, footer: ZstdFooter][] = [
  [STARGZ, { dialect: 'stargz', toc: TOC, tarSplit: undefined }],
  [CONTAINERS, { dialect: 'containers', toc: TOC, tarSplit: TAR_SPLIT }],
];

suite('zstd footer', () => {
  for (const [hex, footer] of footers) {
    test(`the one of ${footer.dialect} is encoded and parsed as the specification has it`, () => {
      assert.equal(encodeZstdFooter(footer).toString('hex'), hex);
      assert.deepEqual(parseZstdFooter(Buffer.from(hex, 'hex'), BLOB_SIZE), footer);
      assert.deepEqual(
        parseZstdFooter(Buffer.concat([Buffer.alloc(99, 7), Buffer.from(hex, 'hex')]), BLOB_SIZE),
        footer,
      );
    });

    test(`the one of ${footer.dialect} is refused when the TOC is not in front of it`, () => {
      const end = footer.tarSplit ?? footer.toc;
      const smallest = end.offset + end.compressedSize + hex.length / 2;
      assert.deepEqual(parseZstdFooter(Buffer.from(hex, 'hex'), smallest), footer);
      assert.throws(() => parseZstdFooter(Buffer.from(hex, 'hex'), smallest - 1), FormatError);
      const early = encodeZstdFooter({ ...footer, toc: { ...TOC, offset: 7 } });
      assert.throws(() => parseZstdFooter(early, BLOB_SIZE), FormatError);
    });

    test(`the one of ${footer.dialect} is refused when a number is larger than can be counted`, () => {
      const bytes = Buffer.from(hex, 'hex');
      bytes.writeBigUInt64LE(2n ** 63n, 8);
      assert.throws(() => parseZstdFooter(bytes, BLOB_SIZE), FormatError);
    });

    test(`the one of ${footer.dialect} is refused when the TOC is of another type`, () => {
      const bytes = Buffer.from(hex, 'hex');
      bytes.writeBigUInt64LE(2n, 32);
      assert.throws(() => parseZstdFooter(bytes, BLOB_SIZE), FormatError);
    });

    test(`a blob that ends without the magic, the frame or enough bytes of ${footer.dialect} has none`, () => {
      const bytes = Buffer.from(hex, 'hex');
      for (const at of [0, 4, bytes.length - 1]) {
        const damaged = Buffer.from(bytes);
        damaged[at]! ^= 1;
        assert.equal(parseZstdFooter(damaged, BLOB_SIZE), undefined, `byte ${at}`);
      }
      assert.equal(parseZstdFooter(bytes.subarray(1), BLOB_SIZE), undefined);
      assert.equal(parseZstdFooter(new Uint8Array(), 0), undefined);
    });
  }

  test('a containers footer without a tar-split says so', () => {
    const footer: ZstdFooter = { dialect: 'containers', toc: TOC, tarSplit: undefined };
    assert.deepEqual(parseZstdFooter(encodeZstdFooter(footer), BLOB_SIZE), footer);
  });

  test('the longest footer is that of containers/storage', () => {
    assert.equal(LONGEST_ZSTD_FOOTER, CONTAINERS.length / 2);
  });

  test('decompressors pass over skippable frames', () => {
    const blob = Buffer.concat([zstdCompressSync(Buffer.from('text')), encodeSkippable(Buffer.from('not text'))]);
    assert.equal(zstdDecompressSync(blob).toString(), 'text');
  });
});
