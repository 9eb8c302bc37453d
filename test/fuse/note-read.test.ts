// What a reader leaves behind: bits of the chunks that it read, there or not, and the same answer as without them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isPresent, noteRead } from '../../src/fuse/presence.ts';
import { emptyBitmap, hasChunk, setChunk } from '../../src/layer/presence.ts';
import { UsedChunks } from '../../src/layer/used-chunks.ts';
import { evenChunks } from '../support/image-files.ts';

test('every chunk that shares a byte with a read is noted, also behind one that is missing', () => {
  const used = emptyBitmap(40);
  const presence = { ...evenChunks(400, 10), used };
  for (const chunk of [3, 5, 33]) setChunk(presence.bitmap, chunk);
  assert.equal(noteRead(presence, 35, 36), true);
  assert.equal(noteRead(presence, 39, 51), false);
  assert.equal(noteRead(presence, 330, 340), true);
  assert.equal(noteRead(presence, 100, 100), isPresent(presence, 100, 100));
  const noted = [...Array(40).keys()].filter((chunk) => hasChunk(used, chunk));
  assert.deepEqual(noted, [3, 4, 5, 33]);
});

test('where nobody wants to know, the answer is the same', () => {
  const presence = evenChunks(400, 10);
  setChunk(presence.bitmap, 3);
  assert.deepEqual([noteRead(presence, 30, 40), noteRead(presence, 30, 41)], [true, false]);
});

test('the order is that of the faults, and of the samples for what was there; nothing counts twice', () => {
  const used = new UsedChunks(70);
  const read = (...chunks: number[]): void => chunks.forEach((chunk) => setChunk(used.bitmap, chunk));
  assert.deepEqual([...used.order()], []);
  read(9, 2);
  used.sample(Uint32Array.of(9));
  read(69, 31, 2, 0);
  assert.deepEqual([...used.order()], [9, 2]);
  used.sample(Uint32Array.of(9, 69, 40));
  used.sample(Uint32Array.of(9, 69, 40));
  assert.deepEqual([...used.order()], [9, 2, 69, 40, 0, 31]);
});

test('an order of any length comes back', () => {
  const used = new UsedChunks(1000);
  const faulted = Uint32Array.from({ length: 1000 }, (_, i) => 999 - i);
  used.sample(faulted);
  assert.deepEqual(used.order(), faulted);
});
