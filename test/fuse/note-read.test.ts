// What a reader leaves behind: bits of the chunks that it read, there or not, and the same answer as without them.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { isPresent, noteRead } from '../../src/fuse/presence.ts';
import { hasChunk, setChunk } from '../../src/layer/presence.ts';
import { emptyUse, noteUse, UsedChunks } from '../../src/layer/used-chunks.ts';
import { evenChunks } from '../support/image-files.ts';

test('every chunk that shares a byte with a read is noted, also behind one that is missing', () => {
  const use = emptyUse(40);
  const presence = { ...evenChunks(400, 10), use };
  for (const chunk of [3, 5, 33]) setChunk(presence.bitmap, chunk);
  assert.equal(noteRead(presence, 35, 36), true);
  assert.equal(noteRead(presence, 39, 51), false);
  assert.equal(noteRead(presence, 330, 340), true);
  assert.equal(noteRead(presence, 100, 100), isPresent(presence, 100, 100));
  const noted = [...Array(40).keys()].filter((chunk) => hasChunk(use.bitmap, chunk));
  assert.deepEqual(noted, [3, 4, 5, 33]);
});

test('where nobody wants to know, the answer is the same', () => {
  const presence = evenChunks(400, 10);
  setChunk(presence.bitmap, 3);
  assert.deepEqual([noteRead(presence, 30, 40), noteRead(presence, 30, 41)], [true, false]);
});

test('chunks are in the order of their first read, and none is twice', () => {
  const used = new UsedChunks(Uint32Array.from({ length: 70 }, (_, chunk) => chunk));
  const presence = { ...evenChunks(700, 10), use: used.use };
  assert.deepEqual([[...used.order()], used.count(), used.firstReadMs], [[], { chunks: 0, bytes: 0 }, undefined]);
  const before = Date.now();
  noteRead(presence, 690, 700);
  const first = used.firstReadMs;
  assert.ok(first !== undefined && first >= before && first <= Date.now());
  for (const start of [20, 690, 20, 0]) noteRead(presence, start, start + 20);
  assert.deepEqual([...used.order()], [69, 2, 3, 0, 1]);
  assert.deepEqual(used.count(), { chunks: 5, bytes: 75 });
  assert.equal(used.firstReadMs, first);
});

test('a place that a worker has taken and not filled yet holds up what is behind it, and nothing is lost', () => {
  const used = new UsedChunks(new Uint32Array(3).fill(10));
  noteUse(used.use, 2);
  const place = 1 + Atomics.add(used.use.order, 0, 1);
  noteUse(used.use, 0);
  assert.deepEqual([...used.order()], [2]);
  Atomics.store(used.use.order, place, 1 + 1);
  assert.deepEqual([...used.order()], [2, 1, 0]);
  assert.deepEqual(used.count(), { chunks: 3, bytes: 30 });
});

test('four threads that read the same chunks note each of them once', async () => {
  const count = 5000;
  const used = new UsedChunks(new Uint32Array(count).fill(1));
  const code = `
    import { workerData } from 'node:worker_threads';
    const { noteUse } = await import(workerData.module);
    for (let at = 0; at < ${count}; at++) noteUse(workerData.use, (at * workerData.step) % ${count});`;
  const module = new URL('../../src/layer/used-chunks.ts', import.meta.url).href;
  const workers = [1, 7, 11, 4999].map((step) => {
    const url = new URL(`data:text/javascript,${encodeURIComponent(code)}`);
    return once(new Worker(url, { workerData: { module, step, use: used.use } }), 'exit');
  });
  await Promise.all(workers);
  const order = used.order();
  assert.equal(order.length, count);
  assert.equal(new Set(order).size, count);
});
