import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { FormatError, LazypullError } from '../../src/errors.ts';
import { NotEstargzError } from '../../src/estargz/errors.ts';
import {
  encodeExternalFooter,
  encodeFooter,
  EXTERNAL_FOOTER_SIZE,
  FOOTER_SIZE,
  LEGACY_FOOTER_SIZE,
  LONGEST_FOOTER,
  parseFooter,
} from '../../src/estargz/footer.ts';
import type { Footer } from '../../src/estargz/footer.ts';
import { encodeZstdFooter } from '../../src/estargz/zstd-footer.ts';

// The vectors of the reference, for a TOC at 0x12345.
const TOC_OFFSET = 0x12345;
const ESTARGZ =
  '1f8b08040000000000ff1a00534716003030303030303030303030313233343553544152475a010000ffff0000000000000000';
const LEGACY = '1f8b08040000000000ff16003030303030303030303030313233343553544152475a010000ffff0000000000000000';
const EXTERNAL = '1f8b08040000000000ff15005347110053544152475a45585445524e414c544f43010000ffff0000000000000000';
const ZSTD_CHUNKED = '502a4d182800000045230100000000006400000000000000c8000000000000000100000000000000476e556c496e5578';
const BLOB_SIZE = 0x20000;

function tailOf(hex: string): Buffer {
  return Buffer.concat([Buffer.alloc(100, 7), Buffer.from(hex, 'hex')]);
}

suite('footer', () => {
  test('the sizes are those of the specification', () => {
    assert.equal(FOOTER_SIZE, ESTARGZ.length / 2);
    assert.equal(LEGACY_FOOTER_SIZE, LEGACY.length / 2);
    assert.equal(EXTERNAL_FOOTER_SIZE, EXTERNAL.length / 2);
    // The frame of containers/storage: header 8 + content 64.
    assert.equal(LONGEST_FOOTER, 72);
  });

  test('both footers are encoded as the reference does, and gunzip to nothing', () => {
    assert.equal(encodeFooter(TOC_OFFSET).toString('hex'), ESTARGZ);
    assert.equal(encodeFooter(TOC_OFFSET, 'stargz').toString('hex'), LEGACY);
    assert.equal(gunzipSync(encodeFooter(TOC_OFFSET)).length, 0);
    assert.equal(gunzipSync(encodeFooter(TOC_OFFSET, 'stargz')).length, 0);
  });

  test('an eStargz footer is parsed', () => {
    const wanted = gzipFooter('estargz', BLOB_SIZE - 51);
    assert.deepEqual(parseFooter(tailOf(ESTARGZ), BLOB_SIZE), wanted);
    assert.deepEqual(parseFooter(Buffer.from(ESTARGZ, 'hex'), BLOB_SIZE), wanted);
  });

  test('a legacy footer is parsed', () => {
    const wanted = gzipFooter('stargz', BLOB_SIZE - 47);
    assert.deepEqual(parseFooter(tailOf(LEGACY), BLOB_SIZE), wanted);
  });

  test('a footer of an external TOC is parsed: the payload ends with it, and the blob has no TOC', () => {
    const end = BLOB_SIZE - EXTERNAL_FOOTER_SIZE;
    const wanted = { format: 'external-toc', payloadEnd: end, tocOffset: end, tocEnd: end, tocSize: undefined };
    assert.deepEqual(parseFooter(tailOf(EXTERNAL), BLOB_SIZE), wanted);
    assert.equal(encodeExternalFooter().toString('hex'), EXTERNAL);
  });

  test('a zstd:chunked footer is parsed: the payload ends where the frame of the TOC begins', () => {
    const toc = { tocOffset: TOC_OFFSET, tocEnd: TOC_OFFSET + 100, tocSize: 200 };
    const wanted = { format: 'zstd:chunked', payloadEnd: TOC_OFFSET - 8, ...toc };
    assert.deepEqual(parseFooter(tailOf(ZSTD_CHUNKED), BLOB_SIZE), wanted);
  });

  const splits: [where: string, tarSplitOffset: number, payloadEnd: number][] = [
    ['behind the TOC', TOC_OFFSET + 108, TOC_OFFSET - 8],
    ['before the TOC', TOC_OFFSET - 58, TOC_OFFSET - 66],
  ];
  for (const [where, offset, payloadEnd] of splits) {
    test(`a zstd:chunked footer of containers/storage is parsed, with its tar-split ${where}`, () => {
      const toc = { offset: TOC_OFFSET, compressedSize: 100, size: 200 };
      const tarSplit = { offset, compressedSize: 50, size: 99 };
      const footer = parseFooter(encodeZstdFooter({ dialect: 'containers', toc, tarSplit }), BLOB_SIZE);
      const wanted = { tocOffset: TOC_OFFSET, tocEnd: TOC_OFFSET + 100, tocSize: 200 };
      assert.deepEqual(footer, { format: 'zstd:chunked-containers', payloadEnd, ...wanted });
    });
  }

  test('a TOC at the very beginning of the blob is fine', () => {
    assert.equal(parseFooter(encodeFooter(0), 1000).tocOffset, 0);
  });

  test('an offset beyond 2^32 is fine in a blob of that size', () => {
    assert.equal(parseFooter(encodeFooter(2 ** 40), 2 ** 41).tocOffset, 2 ** 40);
  });

  const damaged: [title: string, footer: Buffer][] = [
    ['the blob ends before the offset', encodeFooter(BLOB_SIZE + 1)],
    ['the TOC would be empty', encodeFooter(BLOB_SIZE - 51)],
    ['the offset is over 2^53', Buffer.from(ESTARGZ.replace('30303030', '66666666'), 'hex')],
    ['the offset is not hexadecimal', Buffer.from(ESTARGZ.replace('3132333435', '3132337a35'), 'hex')],
    ['the offset has a sign', Buffer.from(ESTARGZ.replace('3030303030', '2d30303030'), 'hex')],
    ['a zstd:chunked TOC would be outside', Buffer.from(ZSTD_CHUNKED.replace('4523010000', '4523010100'), 'hex')],
  ];
  for (const [title, footer] of damaged) {
    test(`it is a FormatError, and not "no eStargz", when ${title}`, () => {
      assert.throws(() => parseFooter(footer, BLOB_SIZE), isExactly(FormatError));
    });
  }

  const ordinary: [title: string, tail: Buffer][] = [
    ['an ordinary blob', Buffer.alloc(100, 7)],
    ['an empty blob', Buffer.alloc(0)],
    ['a blob that is shorter than a footer', Buffer.alloc(46)],
    ['a footer without its mark', Buffer.from(ESTARGZ.replace('53544152475a', '53544152475b'), 'hex')],
    ['a footer with another subfield', Buffer.from(ESTARGZ.replace('5347', '5348'), 'hex')],
    ['a footer with a wrong subfield length', Buffer.from(ESTARGZ.replace('53471600', '53471700'), 'hex')],
    ['a footer with a wrong extra length', Buffer.from(ESTARGZ.replace('ff1a00', 'ff1b00'), 'hex')],
    ['a footer that is not at the end', Buffer.from(`${ESTARGZ}00`, 'hex')],
    ['a footer of an external TOC with another mark', Buffer.from(EXTERNAL.replace('544f43', '544f44'), 'hex')],
    ['a zstd:chunked footer with another magic', Buffer.from(ZSTD_CHUNKED.replace('476e556c', '476f556c'), 'hex')],
  ];
  for (const [title, tail] of ordinary) {
    test(`${title} is not eStargz`, () => {
      assert.throws(() => parseFooter(tail, Math.max(tail.length, BLOB_SIZE)), isExactly(NotEstargzError));
    });
  }
});

function gzipFooter(format: string, tocEnd: number): Footer {
  return { format, payloadEnd: TOC_OFFSET, tocOffset: TOC_OFFSET, tocEnd, tocSize: undefined } as Footer;
}

function isExactly(type: typeof FormatError): (error: unknown) => boolean {
  return (error) => error instanceof LazypullError && error.constructor === type;
}
