import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { FormatError, VerificationError } from '../../src/errors.ts';
import { decodeToc } from '../../src/estargz/decode-toc.ts';
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
