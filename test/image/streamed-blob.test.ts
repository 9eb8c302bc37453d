import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { StreamedBlob } from '../../src/image/streamed-blob.ts';
import { digestOf } from '../../src/oci/digest.ts';

const BYTES = Buffer.from('0123456789');
const DESCRIPTOR = { digest: digestOf(BYTES), size: BYTES.length };

/** A blob whose source sends these bytes for each range, in two pieces. */
function blobOf(answer: (start: number, end: number) => Buffer): StreamedBlob {
  return new StreamedBlob(DESCRIPTOR, async function* (start, end) {
    const bytes = answer(start, end);
    yield bytes.subarray(0, 1);
    yield bytes.subarray(1);
  });
}

suite('a blob over a function that streams its parts', () => {
  test('gives ranges and its tail', async () => {
    const blob = blobOf((start, end) => BYTES.subarray(start, end));
    assert.deepEqual(Buffer.from(await blob.readRange(2, 5)), BYTES.subarray(2, 5));
    assert.deepEqual(await blob.readRange(10, 10), new Uint8Array());
    assert.deepEqual(Buffer.from((await blob.readTail(3)).bytes), BYTES.subarray(7));
    assert.deepEqual((await blob.readTail(99)).bytes.length, 10);
  });

  test('fails when fewer bytes come than were asked for, and when more do', async () => {
    const short = blobOf((start, end) => BYTES.subarray(start, end - 1));
    await assert.rejects(short.readRange(2, 5), { code: 'FORMAT', message: /only 2 bytes came for \[2, 5\)/ });
    const long = blobOf((start, end) => BYTES.subarray(start, end + 1));
    await assert.rejects(long.readRange(2, 5), { code: 'FORMAT', message: /more than 3 bytes came/ });
  });

  for (const [start, end] of [
    [-1, 2],
    [3, 2],
    [0, 11],
    [Number.NaN, 2],
  ] as const) {
    test(`[${start}, ${end}) is no range of ten bytes`, async () => {
      const blob = blobOf(() => assert.fail('was asked'));
      await assert.rejects(blob.readRange(start, end), { code: 'INVALID_ARGUMENT' });
    });
  }
});
