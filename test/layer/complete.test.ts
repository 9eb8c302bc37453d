import assert from 'node:assert/strict';
import { test } from 'node:test';
import { completeLayer } from '../../src/layer/complete.ts';
import { assertPresentChunksVerify, files, openStore, openTestLayer, scratch, testLayer } from '../support/layers.ts';

const SIZES = Array.from({ length: 40 }, (_, index) => 20_000 + index);
const never = new AbortController().signal;

test('the rest of a layer is brought though the background does nothing, and hardly a byte twice', async () => {
  await using folder = await scratch();
  await using store = await openStore(folder.path);
  const made = testLayer(files(SIZES), { compressionLevel: 0 });
  const layer = await openTestLayer(store, made);
  await layer.fault({ imageOffset: layer.presence.imageOffset[7]!, length: 1 });
  assert.equal(layer.complete, false);
  await completeLayer(layer, never);
  assert.equal(layer.complete, true);
  assert.equal(await assertPresentChunksVerify(layer), layer.presence.count);
  assert.ok(made.blob.repeatedBytes < 50_000, `${made.blob.repeatedBytes} bytes came twice`);
  const asked = made.blob.asked.length;
  await completeLayer(layer, never);
  assert.equal(made.blob.asked.length, asked);
});

test('a registry that fails is told, and the next try gets on', async () => {
  await using folder = await scratch();
  await using store = await openStore(folder.path);
  const made = testLayer(files(SIZES));
  const layer = await openTestLayer(store, made);
  made.blob.knobs.fail = () => {
    throw new Error('the registry is down');
  };
  await assert.rejects(completeLayer(layer, never), /the registry is down/);
  assert.equal(layer.complete, false);
  delete made.blob.knobs.fail;
  await completeLayer(layer, never);
  assert.equal(layer.complete, true);
});

test('who aborts keeps what has come', async () => {
  await using folder = await scratch();
  await using store = await openStore(folder.path);
  const made = testLayer(files(SIZES), { compressionLevel: 0 }, { pieceSize: 4096, pieceMs: 2 });
  const layer = await openTestLayer(store, made);
  const gone = new AbortController();
  const work = completeLayer(layer, gone.signal);
  while (layer.stats().presentChunks === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  gone.abort(new Error('enough'));
  await assert.rejects(work, /enough/);
  assert.equal(layer.complete, false);
  assert.ok((await assertPresentChunksVerify(layer)) > 0);
});
