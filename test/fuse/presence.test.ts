// Presence of a range against the plain definition of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { ChunkPresence } from '../../src/fuse/image-file.ts';
import { firstChunkEndingAfter, isPresent } from '../../src/fuse/presence.ts';

interface Chunk {
  readonly gap: number;
  readonly size: number;
  readonly there: boolean;
}

function layOut(chunks: readonly Chunk[]): ChunkPresence {
  const imageOffset = new Float64Array(chunks.length);
  const size = Uint32Array.from(chunks, (chunk) => chunk.size);
  const bitmap = new Int32Array(Math.ceil(chunks.length / 32));
  let at = 0;
  for (const [index, chunk] of chunks.entries()) {
    at += chunk.gap;
    imageOffset[index] = at;
    at += chunk.size;
    if (chunk.there) Atomics.or(bitmap, index >>> 5, 1 << (index & 31));
  }
  return { count: chunks.length, imageOffset, size, bitmap };
}

const chunk = fc.record({ gap: fc.nat(5), size: fc.integer({ min: 1, max: 9 }), there: fc.boolean() });

test('a range is present exactly when every chunk that shares a byte with it is', () => {
  fc.assert(
    fc.property(fc.array(chunk, { maxLength: 80 }), fc.nat(400), fc.nat(60), (chunks, start, length) => {
      const presence = layOut(chunks);
      const end = start + length;
      const expected = chunks.every((one, index) => {
        const from = presence.imageOffset[index] as number;
        return one.there || length === 0 || from >= end || from + one.size <= start;
      });
      // An empty range inside a missing chunk may be called either.
      if (length > 0) assert.equal(isPresent(presence, start, end), expected);
    }),
  );
});

test('the first chunk of a range is found by its end', () => {
  const presence = layOut([
    { gap: 10, size: 5, there: true },
    { gap: 0, size: 5, there: false },
  ]);
  const found = [0, 14, 15, 19, 20].map((offset) => firstChunkEndingAfter(presence, offset));
  assert.deepEqual(found, [0, 0, 1, 1, 2]);
});

test('the 32nd and the 33rd chunk have their own bits', () => {
  const chunks = Array.from({ length: 40 }, (_, index) => ({ gap: 0, size: 1, there: index !== 31 && index !== 32 }));
  const presence = layOut(chunks);
  assert.deepEqual(
    [30, 31, 32, 33].map((offset) => isPresent(presence, offset, offset + 1)),
    [true, false, false, true],
  );
});
