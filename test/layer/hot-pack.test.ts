// The bytes of hot packs: headers and `toc` files come back, and nothing that was changed or cut does.
import assert from 'node:assert/strict';
import test from 'node:test';
import * as fc from 'fast-check';
import { FormatError } from '../../src/errors.ts';
import { LONGEST_FOOTER, parseFooter } from '../../src/estargz/footer.ts';
import { decodePackHeader, encodePackHeader, packBytes, packDigest, packName } from '../../src/layer/hot-pack.ts';
import type { PackHeader } from '../../src/layer/hot-pack.ts';
import { MAX_MEMBER_BYTES } from '../../src/layer/policy.ts';
import { decodeFrame, encodeFrame, peekFrameSize } from '../../src/layer/frame.ts';
import { decodeTocFile, encodeTocFile } from '../../src/layer/toc-file.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { files, testLayer } from '../support/layers.ts';

const HEADER: PackHeader = {
  digest: digestOf(Buffer.from('layer')),
  tocDigest: digestOf(Buffer.from('toc')),
  tocChecksum: digestOf(Buffer.from('compressed toc')),
  readsKnown: true,
  isAnonymous: false,
  tocFileBytes: 1234,
  chunks: Uint32Array.of(7, 0, 4_000_000_000),
  sizes: Uint32Array.of(1, 4096, MAX_MEMBER_BYTES),
};

/** The header's frame with a changed payload and a right checksum. */
function changed(change: (payload: Buffer) => Buffer | void): Buffer {
  const payload = Buffer.from(decodeFrame('LZPHOTPK', 1, encodePackHeader(HEADER)));
  return encodeFrame('LZPHOTPK', 1, change(payload) ?? payload);
}

test('a header comes back, whatever it says', () => {
  const digest = fc.uint8Array({ minLength: 1, maxLength: 4 }).map((bytes) => digestOf(bytes));
  const chunk = fc.tuple(fc.nat(0xffff_ffff), fc.integer({ min: 1, max: MAX_MEMBER_BYTES }));
  const header = fc.record({
    digest,
    tocDigest: digest,
    tocChecksum: digest,
    readsKnown: fc.boolean(),
    isAnonymous: fc.boolean(),
    tocFileBytes: fc.nat(1_000_000),
    rows: fc.uniqueArray(chunk, { selector: ([index]) => index, maxLength: 50 }),
  });
  fc.assert(
    fc.property(header, ({ rows, ...facts }) => {
      const chunks = Uint32Array.from(rows, ([index]) => index);
      const sizes = Uint32Array.from(rows, ([, size]) => size);
      const bytes = encodePackHeader({ ...facts, chunks, sizes });
      assert.deepEqual(decodePackHeader(bytes), { ...facts, chunks, sizes });
      const data = rows.reduce((sum, [, size]) => sum + size, 0);
      assert.equal(packBytes(facts.tocFileBytes, sizes), bytes.length + facts.tocFileBytes + data);
      assert.equal(peekFrameSize(bytes.subarray(0, 24)), bytes.length);
    }),
  );
});

test('a header with any byte changed or missing is a FormatError', () => {
  const bytes = encodePackHeader(HEADER);
  for (let i = 0; i < bytes.length; i++) {
    const damaged = Buffer.from(bytes);
    damaged[i]! ^= 0x40;
    assert.throws(() => decodePackHeader(damaged), FormatError, `byte ${i} changed`);
    assert.throws(() => decodePackHeader(bytes.subarray(0, i)), FormatError, `cut at ${i}`);
  }
});

const IMPOSSIBLE: readonly [title: string, change: (payload: Buffer) => Buffer | void, message: RegExp][] = [
  ['of more chunks than it has room for', (payload) => void payload.writeUInt32LE(4, 4), /do not hold 4 chunks/],
  ['of a huge count', (payload) => void payload.writeUInt32LE(0xffff_ffff, 4), /do not hold 4294967295 chunks/],
  ['with bytes behind its chunks', (payload) => Buffer.concat([payload, Buffer.alloc(8)]), /do not hold 3 chunks/],
  ['that is too short for its facts', (payload) => payload.subarray(0, 50), /do not hold -1 chunks/],
  ['with flags of a later version', (payload) => void payload.writeUInt32LE(4, 0), /unknown flags 4/],
  ['with a toc file beyond the limit', (payload) => void payload.writeBigUInt64LE(1n << 40n, 8), /a toc file of/],
  [
    'with a toc file beyond all numbers',
    (payload) => void payload.writeBigUInt64LE(~0n & ((1n << 64n) - 1n), 8),
    /a toc file of/,
  ],
  ['that names a chunk twice', (payload) => void payload.writeUInt32LE(7, 112 + 4), /chunk 7 is named twice/],
  ['with a chunk of no bytes', (payload) => void payload.writeUInt32LE(0, 112 + 12), /chunk 7 of 0 bytes/],
  [
    'with a chunk larger than any',
    (payload) => void payload.writeUInt32LE(MAX_MEMBER_BYTES + 1, 112 + 16),
    /chunk 0 of 67108865 bytes/,
  ],
];

for (const [title, change, message] of IMPOSSIBLE) {
  test(`a header ${title} is refused`, () => {
    assert.throws(() => decodePackHeader(changed(change)), { name: 'FormatError', message });
  });
}

test('a header that nobody changed passes the way of the changed ones', () => {
  assert.deepEqual(decodePackHeader(changed(() => {})), HEADER);
});

test('a frame says its size before all of it is there, and an impossible one is Infinity', () => {
  assert.throws(() => peekFrameSize(Buffer.alloc(23)), FormatError);
  const head = Buffer.alloc(24);
  head.writeBigUInt64LE((1n << 64n) - 1n, 16);
  assert.equal(peekFrameSize(head), Infinity);
});

test('a pack is named for its layer, and nothing else is a pack', () => {
  assert.equal(packDigest(packName(HEADER.digest)), HEADER.digest);
  const hex = HEADER.digest.slice('sha256:'.length);
  for (const name of [
    hex,
    `sha256-${hex}`,
    `sha256-${hex}.hot.tmp`,
    `sha256-${hex.slice(1)}.hot`,
    `x${packName(HEADER.digest)}`,
    '.hot',
  ]) {
    assert.equal(packDigest(name), undefined, name);
  }
});

for (const format of ['estargz', 'stargz', 'external-toc', 'zstd:chunked', 'zstd:chunked-containers'] as const) {
  test(`the toc file of a layer in ${format} comes back with what its footer says`, () => {
    const { built } = testLayer(files([5000, 70]), { format });
    const { blob, externalToc } = built;
    const footer = parseFooter(blob, blob.length);
    const compressedToc = externalToc ?? blob.subarray(footer.tocOffset, footer.tocEnd);
    for (const start of [0, blob.length - LONGEST_FOOTER]) {
      const bytes = encodeTocFile({
        blobSize: blob.length,
        compressedToc,
        tail: { start, bytes: blob.subarray(start) },
      });
      const decoded = decodeTocFile(bytes);
      assert.deepEqual(decoded.footer, footer);
      assert.equal(decoded.blobSize, blob.length);
      assert.ok(Buffer.from(decoded.compressedToc).equals(compressedToc));
      assert.deepEqual(decoded.tail.start, blob.length - LONGEST_FOOTER);
      assert.ok(Buffer.from(decoded.tail.bytes).equals(blob.subarray(-LONGEST_FOOTER)));
    }
  });
}

test('a toc file whose parts do not fit together is a FormatError', () => {
  const { built } = testLayer(files([5000]));
  const { blob } = built;
  const footer = parseFooter(blob, blob.length);
  const compressedToc = blob.subarray(footer.tocOffset, footer.tocEnd);
  const tail = { start: 0, bytes: blob };
  const right = { blobSize: blob.length, compressedToc, tail };
  assert.deepEqual(decodeTocFile(encodeTocFile(right)).footer, footer);
  const wrong: readonly [object, RegExp][] = [
    [{ blobSize: blob.length + 1 }, /its footer says/],
    [{ blobSize: 20 }, /a footer of/],
    [{ blobSize: footer.tocOffset }, /footer says that the TOC is at/],
    [{ compressedToc: compressedToc.subarray(1) }, /its footer says/],
    [{ tail: { start: 0, bytes: blob.subarray(0, -1) } }, /neither eStargz nor zstd:chunked/],
    [{ tail: { start: 0, bytes: new Uint8Array() } }, /neither eStargz nor zstd:chunked/],
  ];
  for (const [change, message] of wrong) {
    assert.throws(() => decodeTocFile(encodeTocFile({ ...right, ...change })), { code: 'FORMAT', message });
  }
  const huge = Buffer.alloc(12);
  huge.writeBigUInt64LE(1n << 60n, 0);
  assert.throws(() => decodeTocFile(encodeFrame('LZPTOCBY', 1, huge)), {
    code: 'FORMAT',
    message: /a footer of 0 bytes/,
  });
  assert.throws(() => decodeTocFile(encodeFrame('LZPTOCBY', 1, huge.subarray(1))), { message: /too few/ });
});
