import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { FormatError, VerificationError } from '../../src/errors.ts';
import { decodeToc } from '../../src/estargz/decode-toc.ts';
import { encodeSkippable } from '../../src/estargz/zstd-footer.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { dir, file } from '../support/entries.ts';
import { buildEstargz } from '../support/estargz.ts';
import { tarOf } from '../support/tar.ts';

const JSON_BYTES = Buffer.from('{"version":1}');
const COMPRESSED = gzipSync(tarOf([file('stargz.index.json', JSON_BYTES)]));

suite('decoding the TOC', () => {
  test('the JSON comes out byte for byte, with its digest', () => {
    const { tocJson, tocDigest } = decodeToc(COMPRESSED, { expected: digestOf(JSON_BYTES) });
    assert.deepEqual(Buffer.from(tocJson), JSON_BYTES);
    assert.equal(tocDigest, digestOf(JSON_BYTES));
  });

  test('the TOC of a whole layer comes out', () => {
    const built = buildEstargz([dir('a'), file('a/b', 'x')]);
    const { tocJson, tocDigest } = decodeToc(built.blob.subarray(built.tocOffset, -51));
    assert.deepEqual(Buffer.from(tocJson), built.tocJson);
    assert.equal(tocDigest, built.tocDigest);
  });

  test('another digest than the expected one is a VerificationError with both', () => {
    const expected = digestOf(Buffer.from('other'));
    assert.throws(
      () => decodeToc(COMPRESSED, { expected }),
      (error) =>
        error instanceof VerificationError && error.expected === expected && error.actual === digestOf(JSON_BYTES),
    );
  });

  const broken: [title: string, compressed: Buffer][] = [
    ['no bytes', Buffer.alloc(0)],
    ['bytes that are not gzip', Buffer.from('{"version":1}')],
    ['a cut member', COMPRESSED.subarray(0, 30)],
    ['a damaged member', Buffer.concat([COMPRESSED.subarray(0, 20), Buffer.alloc(40, 0xff)])],
    ['a wrong checksum', Buffer.concat([COMPRESSED.subarray(0, -8), Buffer.alloc(8, 1)])],
    ['a tar without entries', gzipSync(tarOf([]))],
    ['a tar with another entry first', gzipSync(tarOf([file('other', 'x'), file('stargz.index.json', '{}')]))],
    ['bytes that are no tar', gzipSync(Buffer.alloc(2000, 'x'))],
    ['a directory of that name', gzipSync(tarOf([dir('stargz.index.json')]))],
  ];
  for (const [title, compressed] of broken) {
    test(`${title} is a FormatError`, () => {
      assert.throws(() => decodeToc(compressed), FormatError);
    });
  }

  const frame = zstdCompressSync(JSON_BYTES);
  const frames: [title: string, compressed: Buffer][] = [
    ['a frame', frame],
    ['frames', Buffer.concat([zstdCompressSync(JSON_BYTES.subarray(0, 5)), zstdCompressSync(JSON_BYTES.subarray(5))])],
    ['a frame between skippable ones', Buffer.concat([encodeSkippable(frame), frame, encodeSkippable(frame)])],
  ];
  for (const [title, compressed] of frames) {
    test(`the JSON comes out of ${title} of zstd, with both digests`, () => {
      const promise = { expected: digestOf(JSON_BYTES), checksum: digestOf(compressed) };
      const decoded = decodeToc(compressed, { compression: 'zstd', size: JSON_BYTES.length, ...promise });
      assert.deepEqual(Buffer.from(decoded.tocJson), JSON_BYTES);
      assert.deepEqual([decoded.tocDigest, decoded.tocChecksum], [promise.expected, promise.checksum]);
    });
  }

  test('another checksum than the expected one is a VerificationError, before anything is decompressed', () => {
    for (const compressed of [frame, Buffer.from('not zstd')]) {
      const checksum = digestOf(Buffer.from('other'));
      assert.throws(() => decodeToc(compressed, { compression: 'zstd', checksum }), VerificationError);
    }
  });

  const size = JSON_BYTES.length;
  const brokenZstd: [title: string, compressed: Buffer, size: number][] = [
    ['no bytes', Buffer.alloc(0), size],
    ['bytes that are not zstd', JSON_BYTES, size],
    ['a cut frame', frame.subarray(0, -3), size + 1],
    ['a frame that ends in its header', frame.subarray(0, 5), size],
    ['a TOC that is longer than the footer says', frame, size - 1],
    ['a TOC that is shorter than the footer says', frame, size + 1],
    ['something behind the frame', Buffer.concat([frame, Buffer.from('something')]), size],
    ['a skippable frame that is longer than the TOC', Buffer.concat([encodeSkippable(frame).subarray(0, -1)]), size],
    ['4097 frames', Buffer.concat(Array.from({ length: 4097 }, () => zstdCompressSync('x'))), 4097],
  ];
  for (const [title, compressed, said] of brokenZstd) {
    test(`${title} is a FormatError with zstd`, () => {
      assert.throws(() => decodeToc(compressed, { compression: 'zstd', size: said }), FormatError);
    });
  }

  test('4096 frames are enough for anybody', () => {
    const compressed = Buffer.concat(Array.from({ length: 4096 }, () => zstdCompressSync('x')));
    assert.equal(decodeToc(compressed, { compression: 'zstd', size: 4096 }).tocJson.length, 4096);
  });

  test('a frame that promises more than it has, or wants a window of 2 GiB, is a FormatError', () => {
    const lying = Buffer.from(frame);
    // Magic 4, descriptor 1, then the content size of a single segment.
    lying[5]! += 1;
    assert.throws(() => decodeToc(lying, { compression: 'zstd', size: size + 1 }), FormatError);
    // Window descriptor: exponent 21 over 1 KiB.
    const window = Buffer.from('28b52ffd00a8010000', 'hex');
    assert.throws(() => decodeToc(window, { compression: 'zstd', size: 0 }), FormatError);
  });

  test('a bomb of zstd is refused before it grows: 1 GB of zeros in 32 KB', () => {
    const part = zstdCompressSync(Buffer.alloc(100_000_000));
    const before = process.memoryUsage().rss;
    const bombs = [part, Buffer.concat(Array.from({ length: 10 }, () => part))];
    for (const bomb of bombs) assert.throws(() => decodeToc(bomb, { compression: 'zstd' }), /grows over/);
    assert.ok(process.memoryUsage().rss - before < 100_000_000);
  });

  test('a bomb is refused before it grows: 200 MB of zeros in 200 KB', () => {
    const bomb = gzipSync(Buffer.alloc(200_000_000));
    assert.throws(() => decodeToc(bomb), /grows over/);
  });

  test('the limit is on the JSON', () => {
    const large = gzipSync(tarOf([file('stargz.index.json', Buffer.alloc(200_000, ' '))]));
    assert.equal(decodeToc(large).tocJson.length, 200_000);
    assert.throws(() => decodeToc(large, { maxJsonSize: 100_000 }), FormatError);
  });
});
