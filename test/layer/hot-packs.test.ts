// Hot packs as a store saves and loads them: what a job read of a layer is there in the next one, without a registry.
import assert from 'node:assert/strict';
import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import { HotPacks } from '../../src/layer/hot-packs.ts';
import type { LayerStore } from '../../src/layer/layer-store.ts';
import type { Layer } from '../../src/layer/layer.ts';
import type { SavedPacks } from '../../src/layer/hot-save.ts';
import { hasChunk } from '../../src/layer/presence.ts';
import {
  assertPresentChunksVerify,
  files,
  openStore,
  openTestLayer,
  readWholeImage,
  requestFor,
  scratch,
  testLayer,
} from '../support/layers.ts';
import type { TestLayer } from '../support/layers.ts';

const EVERYTHING = { limitBytes: Infinity, skipPrivate: false };

/** As a reader of these chunks, in this order. */
async function readChunks(layer: Layer, chunks: readonly number[]): Promise<void> {
  for (const chunk of chunks) await layer.fault({ imageOffset: layer.presence.imageOffset[chunk]!, length: 1 });
}

/** One job: opens a layer, reads chunks of it, saves. */
async function saveJob(
  root: string,
  packs: string,
  read: readonly { made: TestLayer; chunks: readonly number[] }[],
  options: Partial<typeof EVERYTHING> = {},
): Promise<SavedPacks> {
  await using store = await openStore(root);
  await using hot = new HotPacks(store);
  for (const { made, chunks } of read) await readChunks(await openTestLayer(store, made), chunks);
  return await hot.save(packs, { ...EVERYTHING, ...options });
}

/** Opens from disk alone. */
function openFromDisk(store: LayerStore, { built }: TestLayer): Promise<Layer> {
  return store.openLayer({ digest: built.digest, tocDigest: built.tocDigest });
}

const FORMATS = ['estargz', 'stargz', 'external-toc', 'zstd:chunked', 'zstd:chunked-containers'] as const;

for (const format of FORMATS) {
  test(`a layer in ${format} is there in the next job, with what was read of it, and nobody is asked`, async () => {
    await using folder = await scratch();
    const packs = join(folder.path, 'packs');
    const made = testLayer(files([5000, 9000, 7000, 300_000, 40]), { format, chunkSize: 4096 });
    const saved = await saveJob(join(folder.path, 'one'), packs, [{ made, chunks: [7, 0, 3] }]);
    assert.deepEqual([saved.layers, saved.chunks, saved.skipped], [1, 3, []]);

    const next = testLayer([]);
    const root = join(folder.path, 'two');
    await using store = await openStore(root);
    await using hot = new HotPacks(store);
    const loaded = await hot.load(packs);
    assert.deepEqual([loaded.layers, loaded.chunks, loaded.damagedChunks, loaded.refused], [1, 3, 0, []]);
    assert.equal(store.lookup(made.built.digest), undefined, 'it is closed again');
    const asked = made.blob.asked.length;
    const layer = await store.openLayer(requestFor(made));
    assert.equal(await assertPresentChunksVerify(layer), 3);
    await readChunks(layer, [3, 7, 0]);
    assert.deepEqual([made.blob.tails, made.blob.asked.length], [1, asked]);
    await readChunks(layer, [1]);
    assert.equal(made.blob.asked.length, asked + 1, 'what was not saved is asked for');
    await readWholeImage(layer);
    assert.equal(next.blob.tails, 0);
  });
}

test('smoke: the folder', async () => {
  await using folder = await scratch();
  const packs = join(folder.path, 'packs');
  const made = testLayer(files([5000]));
  const saved = await saveJob(join(folder.path, 'one'), packs, [{ made, chunks: [0] }]);
  const [name] = await readdir(packs);
  const { mode, size } = await stat(join(packs, name!));
  assert.equal(mode & 0o777, 0o644);
  assert.equal(size, saved.bytes);
  assert.equal(((await stat(packs)).mode & 0o777).toString(8), '755');
  await writeFile(join(packs, 'other'), '');
  await using store = await openStore(join(folder.path, 'two'));
  await using hot = new HotPacks(store);
  await assert.rejects(hot.save(packs, EVERYTHING), { code: 'CONFIG', message: /something else/ });
  assert.ok(hasChunk);
  void openFromDisk;
});
