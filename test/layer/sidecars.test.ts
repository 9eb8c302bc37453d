import assert from 'node:assert/strict';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import * as fc from 'fast-check';
import { FormatError, LazypullError, VerificationError } from '../../src/errors.ts';
import { decodeLive, decodePresent, encodeLive, encodePresent, updateLive } from '../../src/layer/bitmap-file.ts';
import { decodeError, encodeError } from '../../src/layer/error-codec.ts';
import { UnverifiableLayerError } from '../../src/layer/errors.ts';
import { decodeFrame, encodeFrame } from '../../src/layer/frame.ts';
import { emptyBitmap, hasChunk, setChunk } from '../../src/layer/presence.ts';
import { decodeRecord, encodeRecord, LAYER_VERSION } from '../../src/layer/record.ts';
import type { LayerRecord } from '../../src/layer/record.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { scratch } from '../support/layers.ts';

const IDENTITY = Buffer.alloc(32, 1);
const OTHER_IDENTITY = Buffer.alloc(32, 2);

function bitmapOf(count: number, chunks: readonly number[]): Int32Array {
  const bitmap = emptyBitmap(count);
  for (const chunk of chunks) setChunk(bitmap, chunk);
  return bitmap;
}

test('a frame comes back, and any changed or missing byte is a FormatError', () => {
  const frame = encodeFrame('LZPTEST0', 3, Buffer.from('payload'));
  assert.equal(decodeFrame('LZPTEST0', 3, frame).toString(), 'payload');
  assert.throws(() => decodeFrame('LZPTEST1', 3, frame), FormatError);
  assert.throws(() => decodeFrame('LZPTEST0', 4, frame), FormatError);
  for (let i = 0; i < frame.length; i++) {
    const changed = Buffer.from(frame);
    changed[i]! ^= 0x10;
    assert.throws(() => decodeFrame('LZPTEST0', 3, changed), FormatError, `byte ${i} changed`);
    assert.throws(() => decodeFrame('LZPTEST0', 3, frame.subarray(0, i)), FormatError, `cut at ${i}`);
  }
});

test('bitmaps come back, of their own layer image and boot only', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200 }), fc.array(fc.nat(199)), (count, numbers) => {
      const bitmap = bitmapOf(
        count,
        numbers.map((number) => number % count),
      );
      assert.deepEqual(decodePresent(encodePresent(IDENTITY, bitmap), IDENTITY, count), bitmap);
      const live = encodeLive(IDENTITY, 'boot', count, bitmap);
      assert.deepEqual(decodeLive(live, IDENTITY, 'boot', count), bitmap);
      assert.equal(decodeLive(live, IDENTITY, 'boot2', count), undefined);
      assert.throws(() => decodeLive(live, OTHER_IDENTITY, 'boot', count), FormatError);
      assert.throws(() => decodeLive(live, IDENTITY, 'boot', count + 1), FormatError);
      assert.throws(() => decodePresent(encodePresent(IDENTITY, bitmap), OTHER_IDENTITY, count), FormatError);
    }),
  );
});

test('a damaged word of the live bitmap counts as nothing, and bits past the last chunk never count', () => {
  const live = encodeLive(IDENTITY, 'boot', 64, bitmapOf(64, [1, 40]));
  live[live.length - 12]! ^= 4;
  const bitmap = decodeLive(live, IDENTITY, 'boot', 64)!;
  assert.deepEqual([hasChunk(bitmap, 1), hasChunk(bitmap, 40)], [false, true]);
  const cut = decodeLive(live.subarray(0, live.length - 5), IDENTITY, 'boot', 64)!;
  assert.equal(hasChunk(cut, 40), false);
  const full = Int32Array.from([-1]);
  assert.equal(decodeLive(encodeLive(IDENTITY, 'boot', 3, full), IDENTITY, 'boot', 3)?.[0], 7);
});

test('updates of the live bitmap touch their words only', async () => {
  await using folder = await scratch();
  const path = join(folder.path, 'live');
  const bitmap = bitmapOf(100, []);
  writeFileSync(path, encodeLive(IDENTITY, 'boot', 100, bitmap));
  const fd = openSync(path, 'r+');
  for (const chunk of [0, 50, 99]) setChunk(bitmap, chunk);
  updateLive(fd, bitmap, 50, 51);
  closeSync(fd);
  const read = decodeLive(readFileSync(path), IDENTITY, 'boot', 100)!;
  assert.deepEqual(
    [0, 50, 99].map((chunk) => hasChunk(read, chunk)),
    [false, true, false],
  );
});

test('a record comes back, and an edited one or one of another version does not', () => {
  const record: LayerRecord = {
    version: LAYER_VERSION,
    digest: digestOf(Buffer.from('a')),
    format: 'zstd:chunked',
    tocDigest: digestOf(Buffer.from('b')),
    tocChecksum: digestOf(Buffer.from('d')),
    verifiable: true,
    opaqueXattr: 'trusted',
    blobSize: 1,
    payloadEnd: 2,
    prefetchEnd: null,
    startChunks: [],
    dataStart: 4096,
    imageSize: 8192,
    chunkCount: 1,
    inodeCount: 2,
    chunksDigest: digestOf(Buffer.from('c')),
  };
  const text = encodeRecord(record);
  assert.deepEqual(decodeRecord(text), record);
  for (const bad of ['', 'null', '{}', '[1]', text.slice(1), text.replace('8192', '8193')]) {
    assert.throws(() => decodeRecord(bad), FormatError);
  }
  assert.throws(() => decodeRecord(encodeRecord({ ...record, version: 99 as typeof LAYER_VERSION })), /version 99/);
});

test('errors keep their class and facts on the way out of a worker', () => {
  const digest = digestOf(Buffer.from('a'));
  const there = (error: unknown): Error => decodeError(structuredClone(encodeError(error)));
  const verification = there(new VerificationError('chunk 3', 'x', 'y'));
  assert.ok(verification instanceof VerificationError);
  assert.deepEqual(
    [verification.message, verification.expected, verification.actual],
    ['chunk 3: expected x, got y', 'x', 'y'],
  );
  const format = there(new FormatError('bad', { offset: 7 }));
  assert.ok(format instanceof FormatError && format.offset === 7);
  const unverifiable = there(new UnverifiableLayerError(digest, 'why'));
  assert.ok(unverifiable instanceof UnverifiableLayerError && unverifiable.reason === 'why');
  const unsupported = there(new LazypullError('UNSUPPORTED', 'no'));
  assert.ok(unsupported instanceof LazypullError && unsupported.code === 'UNSUPPORTED');
  const disk = there(Object.assign(new Error('full'), { code: 'ENOSPC' }));
  assert.deepEqual([disk.message, (disk as { code?: unknown }).code], ['full', 'ENOSPC']);
  assert.equal(there('text').message, 'text');
});
