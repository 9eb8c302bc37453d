// Hot packs as a store saves and loads them: what a job read of a layer is there in the next one, without a registry.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import { HotPacks } from '../../src/layer/hot-packs.ts';
import { packBytes } from '../../src/layer/hot-pack.ts';
import { emptyBitmap, setChunk } from '../../src/layer/presence.ts';
import { EVERYTHING, packPath, readChunks, readPack, saveJob, writeParts } from '../support/hot-packs.ts';
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
import { until } from '../support/until.ts';

/** Five files; 4 KiB chunks, so that two of them have several. */
const made = (options: Parameters<typeof testLayer>[1] = {}): TestLayer =>
  testLayer(files([5000, 9000, 7000, 300_000, 40]), { chunkSize: 4096, ...options });

async function packFolder(): Promise<AsyncDisposable & { readonly root: string; readonly packs: string }> {
  const folder = await scratch();
  return {
    root: join(folder.path, 'root'),
    packs: join(folder.path, 'packs'),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

for (const format of ['estargz', 'stargz', 'external-toc', 'zstd:chunked', 'zstd:chunked-containers'] as const) {
  test(`a layer in ${format} is there in the next job, with what was read of it, and nobody is asked`, async () => {
    await using folder = await packFolder();
    const layer = made({ format });
    const saved = await saveJob(folder.packs, [{ made: layer, chunks: [7, 0, 3] }]);
    assert.deepEqual([saved.layers, saved.chunks, saved.skipped], [1, 3, []]);
    const { tails, asked } = layer.blob;
    const before = asked.length;

    await using store = await openStore(folder.root);
    await using hot = new HotPacks(store);
    const loaded = await hot.load(folder.packs);
    assert.deepEqual([loaded.layers, loaded.chunks, loaded.damagedChunks, loaded.refused], [1, 3, 0, []]);
    assert.equal(store.lookup(layer.built.digest), undefined, 'it is open though nobody wants it');
    const next = await openTestLayer(store, layer);
    assert.equal(await assertPresentChunksVerify(next), 3);
    await readChunks(next, [3, 7, 0]);
    assert.deepEqual([layer.blob.tails, asked.length], [tails, before]);
    await readChunks(next, [1]);
    assert.equal(asked.length, before + 1, 'what was not saved is not asked for');
    await readWholeImage(next);
    assert.equal(next.complete, true);
    assert.equal(next.stats().presentChunks, await assertPresentChunksVerify(next));
  });
}

test('chunks are saved in the order of their first use, with bytes that are counted right', async () => {
  await using folder = await packFolder();
  const layer = made();
  const saved = await saveJob(folder.packs, [{ made: layer, chunks: [7, 0, 3, 0] }]);
  const path = packPath(folder.packs, layer.built.digest);
  const { header } = await readPack(path);
  assert.deepEqual([...header.chunks], [7, 0, 3]);
  assert.equal(header.readsKnown, true);
  assert.equal(header.tocDigest, layer.built.tocDigest);
  const { size } = await stat(path);
  assert.deepEqual([saved.bytes, packBytes(header.tocFileBytes, header.sizes)], [size, size]);
});

test('another user can archive the folder, whatever the umask', async () => {
  const umask = process.umask(0o077);
  try {
    await using folder = await packFolder();
    const layer = made();
    await saveJob(folder.packs, [{ made: layer, chunks: [0] }]);
    assert.equal((await stat(folder.packs)).mode & 0o7777, 0o755);
    assert.equal((await stat(packPath(folder.packs, layer.built.digest))).mode & 0o7777, 0o644);
  } finally {
    process.umask(umask);
  }
});

test('a folder with something else in it is refused, and left as it is', async () => {
  await using folder = await packFolder();
  await mkdir(folder.packs);
  await writeFile(join(folder.packs, 'notes.txt'), 'mine');
  await assert.rejects(saveJob(folder.packs, []), {
    code: 'CONFIG',
    message: /notes\.txt[^]*empty, or that was saved/,
  });
  assert.deepEqual(await readdir(folder.packs), ['notes.txt']);
  await using store = await openStore(folder.root);
  await using hot = new HotPacks(store);
  assert.deepEqual((await hot.load(folder.packs)).refused, [{ file: 'notes.txt', reason: 'not a hot pack' }]);
  await assert.rejects(hot.load(join(folder.packs, 'none')), { code: 'CONFIG', message: /ENOENT/ });
});

test('packs of layers that this job did not use are removed, and so is what a crash left', async () => {
  await using folder = await packFolder();
  const [used, unused] = [made(), made()];
  await saveJob(
    folder.packs,
    [used, unused].map((layer) => ({ made: layer, chunks: [0] })),
  );
  await writeFile(`${packPath(folder.packs, unused.built.digest)}.tmp`, 'half');
  await using store = await openStore(folder.root);
  await using hot = new HotPacks(store);
  assert.equal((await hot.load(folder.packs)).layers, 2);
  await openTestLayer(store, used);
  const saved = await hot.save(folder.packs, EVERYTHING);
  assert.equal(saved.layers, 1);
  assert.deepEqual(await readdir(folder.packs), [`sha256-${used.built.digest.slice(7)}.hot`]);
});

test('a layer that this job mounted and did not read keeps what the earlier job read', async () => {
  await using folder = await packFolder();
  const layer = made();
  await saveJob(folder.packs, [{ made: layer, chunks: [7, 3] }]);
  await using store = await openStore(folder.root);
  await using hot = new HotPacks(store);
  await hot.load(folder.packs);
  await openTestLayer(store, layer);
  await hot.save(folder.packs, EVERYTHING);
  const { header } = await readPack(packPath(folder.packs, layer.built.digest));
  assert.deepEqual([[...header.chunks], header.readsKnown], [[7, 3], true]);
});

test('a layer without reads and without an earlier job is saved as its table of contents', async () => {
  await using folder = await packFolder();
  const layer = made();
  const saved = await saveJob(folder.packs, [{ made: layer, chunks: [] }]);
  assert.deepEqual([saved.layers, saved.chunks], [1, 0]);
  assert.equal((await readPack(packPath(folder.packs, layer.built.digest))).header.readsKnown, false);
  await using store = await openStore(folder.root);
  await using hot = new HotPacks(store);
  assert.equal((await hot.load(folder.packs)).layers, 1);
  const { tails } = layer.blob;
  await openTestLayer(store, layer);
  assert.equal(layer.blob.tails, tails);
});

test('a layer that was closed is saved too, and one that is gone is named', async () => {
  await using folder = await packFolder();
  const [closed, gone] = [made(), made()];
  await using store = await openStore(folder.root);
  await using hot = new HotPacks(store);
  for (const layer of [closed, gone]) {
    const opened = await openTestLayer(store, layer);
    await readChunks(opened, [2]);
    await opened.dispose();
  }
  await rm(store.folderOf(gone.built.digest), { recursive: true });
  const saved = await hot.save(folder.packs, EVERYTHING);
  assert.deepEqual([saved.layers, saved.chunks], [1, 1]);
  assert.deepEqual(saved.skipped, [{ digest: gone.built.digest, reason: 'it is not on disk any more' }]);
});

test('a layer that an earlier version made has no table of contents to save, and goes on as it is', async () => {
  await using folder = await packFolder();
  const layer = made();
  await using store = await openStore(folder.root);
  await using hot = new HotPacks(store);
  const opened = await openTestLayer(store, layer);
  await readChunks(opened, [2]);
  await rm(join(opened.dir, 'toc'));
  const { layers, skipped } = await hot.save(folder.packs, EVERYTHING);
  assert.equal(layers, 0);
  assert.match(skipped[0]?.reason ?? '', /an earlier version kept no table of contents/);
  await readWholeImage(opened);
});

test('the limit holds for the files together, and every layer gets its earliest chunks', async () => {
  await using folder = await packFolder();
  const layers = [made(), made()];
  const read = layers.map((layer) => ({ made: layer, chunks: [60, 50, 40, 30, 20] }));
  const all = await saveJob(folder.packs, read);
  const limited = await saveJob(folder.packs, read, { limitBytes: all.bytes - 6000 });
  assert.ok(limited.bytes <= all.bytes - 6000);
  assert.deepEqual([all.chunks, limited.chunks], [10, 8]);
  const saved = await Promise.all(layers.map(({ built }) => readPack(packPath(folder.packs, built.digest))));
  assert.deepEqual(
    saved.map(({ header }) => Array.from(header.chunks)),
    [
      [60, 50, 40, 30, 20],
      [60, 50, 40],
    ],
  );
  const none = await saveJob(folder.packs, read, { limitBytes: 100 });
  assert.deepEqual([none.layers, none.bytes, none.skipped.length], [0, 0, 2]);
  assert.match(none.skipped[0]?.reason ?? '', /no room for it: the limit is 100 bytes/);
  assert.deepEqual(await readdir(folder.packs), []);
});

test('layers that only credentials opened are left out where strangers can read', async () => {
  await using folder = await packFolder();
  const cases: readonly [boolean | undefined, number][] = [
    [undefined, 0],
    [false, 0],
    [true, 1],
  ];
  for (const [isAnonymous, layers] of cases) {
    const layer = made();
    Object.assign(layer.blob, { isAnonymous });
    const read = [{ made: layer, chunks: [0] }];
    const saved = await saveJob(folder.packs, read, { skipPrivate: true });
    assert.equal(saved.layers, layers, `anonymous: ${isAnonymous}`);
    if (layers === 0) assert.match(saved.skipped[0]?.reason ?? '', /without credentials/);
    assert.equal((await saveJob(folder.packs, read)).layers, 1);
    // The next job asks nobody, so it has to know from the pack.
    await using store = await openStore(join(folder.root, String(isAnonymous)));
    await using hot = new HotPacks(store);
    await hot.load(folder.packs);
    await openTestLayer(store, { built: layer.built, blob: Object.assign(layer.blob, { isAnonymous: undefined }) });
    assert.equal((await hot.save(folder.packs, { ...EVERYTHING, skipPrivate: true })).layers, layers);
  }
});

test('a layer with chunks that have no digest is not saved', async () => {
  await using folder = await packFolder();
  const layer = made({
    tocPatch: ({ version, entries }) => ({
      version,
      entries: entries.map((entry) => (entry.type === 'chunk' ? { ...entry, chunkDigest: '' } : entry)),
    }),
  });
  await using store = await openStore(folder.root);
  await using hot = new HotPacks(store);
  const opened = await store.openLayer({ ...requestFor(layer), allowUnverified: true });
  await readChunks(opened, [0]);
  const { layers, skipped } = await hot.save(folder.packs, EVERYTHING);
  assert.equal(layers, 0);
  assert.match(skipped[0]?.reason ?? '', /chunks without digests/);
});

test('a layer of which it is known what a job reads follows neither landmark nor start set', async () => {
  const entries = files([5000, 9000, 7000]);
  for (const chunks of [[1], []]) {
    await using folder = await packFolder();
    const layer = testLayer(entries, { prioritized: ['f/0', 'f/1'] });
    await saveJob(folder.packs, [{ made: layer, chunks }]);
    await using store = await openStore(folder.root);
    await using hot = new HotPacks(store);
    await hot.load(folder.packs);
    const before = layer.blob.asked.length;
    const opened = await openTestLayer(store, layer);
    await opened.prefetch();
    await opened.fetchStartSet();
    // Nobody has read anything: then the landmark is the best guess that there is.
    assert.equal(layer.blob.asked.length > before, chunks.length === 0, String(chunks));
  }
});

test('a layer that is open gets what it lacks, and counts no chunk twice', async () => {
  await using folder = await packFolder();
  const layer = made();
  await saveJob(folder.packs, [{ made: layer, chunks: [60, 40, 20, 2] }]);
  await using store = await openStore(folder.root);
  await using hot = new HotPacks(store);
  const opened = await openTestLayer(store, layer);
  await readChunks(opened, [40]);
  await opened.fetcher.idle();
  const { presentChunks } = opened.stats();
  const before = layer.blob.asked.length;
  const loaded = await hot.load(folder.packs);
  assert.deepEqual([loaded.layers, loaded.chunks, loaded.refused], [1, 3, []]);
  assert.equal(opened.stats().presentChunks, presentChunks + loaded.chunks);
  assert.equal(await assertPresentChunksVerify(opened), presentChunks + loaded.chunks);
  assert.equal((await hot.load(folder.packs)).chunks, 0);
  await readChunks(opened, [2, 20, 60]);
  assert.equal(layer.blob.asked.length, before);
  assert.equal(store.lookup(layer.built.digest), opened, 'loading let go of a layer that somebody has');
});

test('a layer that becomes complete by its pack says so', async () => {
  await using folder = await packFolder();
  const layer = made();
  const completed: string[] = [];
  await using store = await openStore(folder.root, { onComplete: ({ digest }) => void completed.push(digest) });
  await using hot = new HotPacks(store);
  const opened = await openTestLayer(store, layer);
  await saveJob(folder.packs, [{ made: layer, chunks: 'all' }]);
  await hot.load(folder.packs);
  assert.equal(opened.complete, true);
  await opened.checkpoint();
  assert.deepEqual(completed, [layer.built.digest]);
});

test('of two threads that store the same chunk, one counts it', () => {
  const bitmap = emptyBitmap(40);
  assert.deepEqual([setChunk(bitmap, 31), setChunk(bitmap, 31), setChunk(bitmap, 0)], [true, false, true]);
});

test('what is loaded is there after a restart', async () => {
  await using folder = await packFolder();
  const layer = made();
  await saveJob(folder.packs, [{ made: layer, chunks: [4, 5] }]);
  for (const bootId of ['boot one', 'boot two']) {
    await using store = await openStore(folder.root, { bootId });
    await using hot = new HotPacks(store);
    if (bootId === 'boot one') await hot.load(folder.packs);
    const { digest, tocDigest } = layer.built;
    const opened = await store.openLayer({ digest, tocDigest });
    assert.equal(await assertPresentChunksVerify(opened), 2, bootId);
  }
});

test('layers are pulled while packs are loaded: those of the packs, and others', async () => {
  await using folder = await packFolder();
  const layers = Array.from({ length: 6 }, () => made());
  const other = made();
  await saveJob(
    folder.packs,
    layers.map((layer) => ({ made: layer, chunks: 'all' as const })),
  );
  await using store = await openStore(folder.root);
  await using hot = new HotPacks(store);
  const loading = hot.load(folder.packs);
  const pulls = [...layers, other].map(async (layer) => {
    const opened = await openTestLayer(store, layer);
    await readWholeImage(opened);
    assert.equal(await assertPresentChunksVerify(opened), opened.presence.count);
    return opened;
  });
  const [loaded, ...pulled] = await Promise.all([loading, ...pulls]);
  assert.deepEqual([loaded.layers, loaded.refused], [6, []]);
  for (const opened of pulled) {
    await until(() => opened.complete, 'the layer to be complete');
    assert.equal(opened.stats().presentChunks, opened.presence.count, 'a chunk was counted twice');
  }
});

test('a store that closes in the middle of a load ends it, and what was stored is right', async () => {
  await using folder = await packFolder();
  const layers = Array.from({ length: 6 }, () => made());
  await saveJob(
    folder.packs,
    layers.map((layer) => ({ made: layer, chunks: 'all' as const })),
  );
  {
    await using store = await openStore(folder.root);
    await using hot = new HotPacks(store);
    const loading = hot.load(folder.packs);
    await hot.close();
    await store.close();
    const { refused, layers: count } = await loading;
    assert.equal(refused.length + count, 6);
  }
  await using store = await openStore(folder.root);
  for (const layer of layers) await assertPresentChunksVerify(await openTestLayer(store, layer));
});

test('a link is no pack', async () => {
  await using folder = await packFolder();
  const layer = made();
  await saveJob(folder.packs, [{ made: layer, chunks: [0] }]);
  const path = packPath(folder.packs, layer.built.digest);
  const parts = await readPack(path);
  await rm(path);
  const elsewhere = join(folder.packs, '..', 'elsewhere');
  await writeParts(elsewhere, parts);
  await symlink(elsewhere, path);
  await using store = await openStore(folder.root);
  await using hot = new HotPacks(store);
  const { layers, refused } = await hot.load(folder.packs);
  assert.equal(layers, 0);
  assert.match(refused[0]?.reason ?? '', /ELOOP/);
  assert.ok(!existsSync(store.folderOf(layer.built.digest)));
});
