import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { FormatError, LazypullError } from '../../src/errors.ts';
import { NotEstargzError, UnsupportedLayerError } from '../../src/estargz/errors.ts';
import {
  encodeFooter,
  FOOTER_SIZE,
  LEGACY_FOOTER_SIZE,
  LONGEST_FOOTER,
  parseFooter,
} from '../../src/estargz/footer.ts';

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
    assert.equal(LONGEST_FOOTER, 51);
  });

  test('both footers are encoded as the reference does, and gunzip to nothing', () => {
    assert.equal(encodeFooter(TOC_OFFSET).toString('hex'), ESTARGZ);
    assert.equal(encodeFooter(TOC_OFFSET, 'stargz').toString('hex'), LEGACY);
    assert.equal(gunzipSync(encodeFooter(TOC_OFFSET)).length, 0);
    assert.equal(gunzipSync(encodeFooter(TOC_OFFSET, 'stargz')).length, 0);
  });

  test('an eStargz footer is parsed', () => {
    const wanted = { format: 'estargz', tocOffset: TOC_OFFSET, tocEnd: BLOB_SIZE - 51 };
    assert.deepEqual(parseFooter(tailOf(ESTARGZ), BLOB_SIZE), wanted);
    assert.deepEqual(parseFooter(Buffer.from(ESTARGZ, 'hex'), BLOB_SIZE), wanted);
  });

  test('a legacy footer is parsed', () => {
    const wanted = { format: 'stargz', tocOffset: TOC_OFFSET, tocEnd: BLOB_SIZE - 47 };
    assert.deepEqual(parseFooter(tailOf(LEGACY), BLOB_SIZE), wanted);
  });

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
  ];
  for (const [title, tail] of ordinary) {
    test(`${title} is not eStargz`, () => {
      assert.throws(() => parseFooter(tail, Math.max(tail.length, BLOB_SIZE)), isExactly(NotEstargzError));
    });
  }

  const unsupported: [kind: string, hex: string][] = [
    ['external TOC', EXTERNAL],
    ['zstd:chunked', ZSTD_CHUNKED],
    ['zstd:chunked (Podman)', ZSTD_CHUNKED.replace('476e556c', '474e556c')],
  ];
  for (const [kind, hex] of unsupported) {
    test(`${kind} is named as not supported`, () => {
      assert.throws(
        () => parseFooter(tailOf(hex), BLOB_SIZE),
        (error) => {
          assert.ok(error instanceof UnsupportedLayerError);
          assert.equal(error.code, 'UNSUPPORTED');
          assert.equal(error.kind, kind);
          assert.match(error.message, /^not lazily mountable because it/);
          return true;
        },
      );
    });
  }
});

function isExactly(type: typeof FormatError): (error: unknown) => boolean {
  return (error) => error instanceof LazypullError && error.constructor === type;
}
