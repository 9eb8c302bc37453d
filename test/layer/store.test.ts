import assert from 'node:assert/strict';
import { execFileSync, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { readdir, readFile, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { VerificationError } from '../../src/errors.ts';
import { NotEstargzError } from '../../src/estargz/errors.ts';
import { UnverifiableLayerError } from '../../src/layer/errors.ts';
import type { Layer } from '../../src/layer/layer.ts';
import type { LayerStore } from '../../src/layer/layer-store.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { BufferBlob } from '../support/buffer-blob.ts';
import { file } from '../support/entries.ts';
import {
  assertPresentChunksVerify,
  files,
  openStore,
  openTestLayer,
  readWholeImage,
  scratch,
  testLayer,
} from '../support/layers.ts';
import type { TestLayer } from '../support/layers.ts';
import { needs } from '../support/needs.ts';

const OTHER = digestOf(Buffer.from('another table of contents'));
const ONE_CHUNK = { length: 1 };

async function until(done: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await done())) await sleep(5);
}

/** Opens a layer, reads its first chunk, and closes the store. */
async function fetchFirstChunk(root: string, made: TestLayer, bootId?: string): Promise<void> {
  await using store = await openStore(root, bootId === undefined ? {} : { bootId });
  const layer = await openTestLayer(store, made);
  await layer.fault({ imageOffset: layer.presence.imageOffset[0]!, ...ONE_CHUNK });
}

function openFromDisk(store: LayerStore, { built }: TestLayer): Promise<Layer> {
  return store.openLayer({ digest: built.digest, tocDigest: built.tocDigest });
}

test('callers of one digest share one layer and one request, and the last dispose closes it', async () => {
  await using folder = await scratch();
  await using store = await openStore(folder.path);
  const made = testLayer(files([5000]));
  const [a, b] = await Promise.all([openTestLayer(store, made), openTestLayer(store, made)]);
  assert.equal(a, b);
  assert.equal(made.blob.tails, 1);
  await a.dispose();
  await b.fault({ imageOffset: 0, length: b.imageSize });
  await b.dispose();
  assert.equal(store.lookup(made.built.digest), undefined);
});

test('aborting one caller leaves the others, and aborting all leaves nothing on disk', async () => {
  await using folder = await scratch();
  await using store = await openStore(folder.path);
  const made = testLayer(files([5000]), {}, { latencyMs: 50 });
  const request = { digest: made.built.digest, tocDigest: made.built.tocDigest, blob: made.blob };
  const [first, second] = [new AbortController(), new AbortController()];
  const refused = assert.rejects(store.openLayer(request, first.signal), { name: 'AbortError' });
  const kept = store.openLayer(request);
  first.abort();
  await refused;
  await (await kept).dispose();
  const other = testLayer(files([6000]), {}, { latencyMs: 50 });
  const otherRequest = { digest: other.built.digest, tocDigest: other.built.tocDigest, blob: other.blob };
  const refusedToo = assert.rejects(store.openLayer(otherRequest, second.signal), { name: 'AbortError' });
  second.abort();
  await refusedToo;
  await sleep(100);
  assert.deepEqual(await readdir(join(folder.path, 'layers')), [made.built.digest.replace(':', '-')]);
});

test('what was fetched is there after a restart, without a registry', async () => {
  await using folder = await scratch();
  const made = testLayer(files([5000, 6000]));
  await fetchFirstChunk(folder.path, made);
  await using store = await openStore(folder.path);
  const layer = await openFromDisk(store, made);
  assert.equal(await assertPresentChunksVerify(layer), 1);
  await assert.rejects(layer.fault({ imageOffset: 0, length: layer.imageSize }), { code: 'UNAVAILABLE' });
  layer.setBlob(made.blob);
  await layer.fault({ imageOffset: 0, length: layer.imageSize });
  assert.equal(layer.complete, true);
  assert.equal(made.blob.tails, 1);
  assert.throws(() => layer.setBlob(new BufferBlob(Buffer.from('another blob'))), { code: 'INVALID_ARGUMENT' });
});

test('after a reboot only the checkpoint counts', async () => {
  await using folder = await scratch();
  const made = testLayer(files([5000, 6000, 7000]));
  const dir = join(folder.path, 'layers', made.built.digest.replace(':', '-'));
  await fetchFirstChunk(folder.path, made, 'boot one');
  const checkpoint = await readFile(join(dir, 'present'));
  {
    await using store = await openStore(folder.path, { bootId: 'boot one' });
    const layer = await openTestLayer(store, made);
    await readWholeImage(layer);
  }
  // As if the machine had lost power before the last checkpoint.
  await writeFile(join(dir, 'present'), checkpoint);
  {
    await using store = await openStore(folder.path, { bootId: 'boot two' });
    const layer = await openFromDisk(store, made);
    assert.equal(await assertPresentChunksVerify(layer), 1);
    await layer.dispose();
  }
  await using store = await openStore(folder.path, { bootId: 'boot two' });
  assert.equal((await openFromDisk(store, made)).stats().presentChunks, 1);
});

test('in the same boot chunks count that no checkpoint has', async () => {
  await using folder = await scratch();
  const made = testLayer(files([5000, 6000, 7000]));
  const dir = join(folder.path, 'layers', made.built.digest.replace(':', '-'));
  await fetchFirstChunk(folder.path, made);
  const checkpoint = await readFile(join(dir, 'present'));
  {
    await using store = await openStore(folder.path);
    await readWholeImage(await openTestLayer(store, made));
  }
  await writeFile(join(dir, 'present'), checkpoint);
  await using store = await openStore(folder.path);
  const layer = await openFromDisk(store, made);
  assert.equal(await assertPresentChunksVerify(layer), 3);
  assert.equal(layer.complete, true);
});

const DAMAGES: Record<string, { damage: (dir: string) => Promise<void>; usable: boolean }> = {
  'a flipped bit in chunks': { damage: (dir) => flip(join(dir, 'chunks'), 100), usable: false },
  'a cut chunks file': { damage: (dir) => truncate(join(dir, 'chunks'), 60), usable: false },
  'an empty layer.json': { damage: (dir) => writeFile(join(dir, 'layer.json'), ''), usable: false },
  'a changed layer.json': {
    damage: (dir) => edit(join(dir, 'layer.json'), '"version": 3', '"version": 2'),
    usable: false,
  },
  'a shorter image': { damage: (dir) => truncate(join(dir, 'image'), 4096), usable: false },
  'damaged bitmaps': {
    damage: (dir) => flip(join(dir, 'present'), 30).then(() => flip(join(dir, 'live'), 30)),
    usable: false,
  },
  'a damaged checkpoint only': { damage: (dir) => flip(join(dir, 'present'), 30), usable: true },
  'a damaged live file only': { damage: (dir) => flip(join(dir, 'live'), 30), usable: true },
};

for (const [name, { damage, usable }] of Object.entries(DAMAGES)) {
  test(`a layer with ${name} is ${usable ? 'used' : 'fetched anew'}`, async () => {
    await using folder = await scratch();
    const made = testLayer(files([5000, 6000]));
    await fetchFirstChunk(folder.path, made);
    await damage(join(folder.path, 'layers', made.built.digest.replace(':', '-')));
    await using store = await openStore(folder.path);
    if (!usable) await assert.rejects(openFromDisk(store, made), { code: 'NOT_FOUND' });
    const layer = await openTestLayer(store, made);
    assert.equal(made.blob.tails, usable ? 1 : 2);
    assert.equal(await assertPresentChunksVerify(layer), usable ? 1 : 0);
    await readWholeImage(layer);
    assert.equal(await assertPresentChunksVerify(layer), 2);
  });
}

test('a layer is opened only under the promise of its table of contents', async () => {
  await using folder = await scratch();
  await using store = await openStore(folder.path);
  const made = testLayer(files([5000]));
  const { digest, tocDigest } = made.built;
  const { blob } = made;
  await assert.rejects(store.openLayer({ digest, blob }), UnverifiableLayerError);
  await assert.rejects(store.openLayer({ digest, blob, tocDigest: OTHER }), VerificationError);
  assert.deepEqual(await readdir(join(folder.path, 'layers')), []);
  const layer = await store.openLayer({ digest, blob, tocDigest });
  await assert.rejects(store.openLayer({ digest, blob }), UnverifiableLayerError);
  await assert.rejects(store.openLayer({ digest, blob, tocDigest: OTHER }), VerificationError);
  assert.equal(await store.openLayer({ digest, blob, allowUnverified: true }), layer);
  await Promise.all([layer.dispose(), layer.dispose()]);
  await assert.rejects(store.openLayer({ digest, tocDigest: OTHER }), VerificationError);
  await assert.rejects(store.openLayer({ digest, tocDigest: OTHER, blob }), VerificationError);
});

test('a manifest that lied about a layer does not keep an honest one from it', async () => {
  await using folder = await scratch();
  await using store = await openStore(folder.path);
  const honest = testLayer(files([5000]));
  const lie = testLayer(files([6000]));
  const { digest } = honest.built;
  const liar = new BufferBlob(lie.built.blob, {}, digest);
  const wrong = await store.openLayer({ digest, tocDigest: lie.built.tocDigest, blob: liar });
  await readWholeImage(wrong);
  await wrong.dispose();
  const layer = await openTestLayer(store, honest);
  assert.equal(layer.record.tocDigest, honest.built.tocDigest);
  assert.equal(layer.stats().presentChunks, 0);
});

test('chunks without digests need the permission of the user', async () => {
  await using folder = await scratch();
  await using store = await openStore(folder.path);
  const made = testLayer(files([5000]), {
    tocPatch: (toc) => ({
      ...toc,
      entries: toc.entries.map((entry) => ({ ...entry, digest: undefined, chunkDigest: undefined })),
    }),
  });
  await assert.rejects(openTestLayer(store, made), UnverifiableLayerError);
  const { digest, tocDigest } = made.built;
  const layer = await store.openLayer({ digest, tocDigest, blob: made.blob, allowUnverified: true });
  assert.equal(layer.verifiable, false);
  await readWholeImage(layer);
  assert.equal(layer.complete, true);
});

test('an ordinary layer is said to be one, and asking again asks the registry again', async () => {
  await using folder = await scratch();
  await using store = await openStore(folder.path);
  const blob = new BufferBlob(Buffer.alloc(1000, 7));
  for (const tails of [1, 2]) {
    await assert.rejects(store.openLayer({ digest: blob.digest, tocDigest: OTHER, blob }), NotEstargzError);
    assert.equal(blob.tails, tails);
  }
});

test('the background fills layers that ask for it, in turn, and says when one is complete', async () => {
  await using folder = await scratch();
  const completed: Layer[] = [];
  const fill = { enabled: true, quietMs: 0 };
  await using store = await openStore(folder.path, { fill, onComplete: (layer) => completed.push(layer) });
  const made = [1, 2, 3].map((i) => testLayer(files([300_000 * i, 5000, 70_000])));
  const layers = await Promise.all(made.map((one) => openTestLayer(store, one)));
  for (const layer of layers.slice(0, 2)) layer.startFill();
  await until(() => completed.length === 2);
  for (const [i, layer] of layers.entries()) {
    assert.equal(layer.complete, i < 2);
    assert.equal(await assertPresentChunksVerify(layer), i < 2 ? 3 : 0);
  }
  assert.equal(made[0]!.blob.asked.length, 1);
});

test('a background that is off fetches nothing', async () => {
  await using folder = await scratch();
  await using store = await openStore(folder.path);
  const made = testLayer(files([5000]));
  (await openTestLayer(store, made)).startFill();
  await sleep(50);
  assert.equal(made.blob.asked.length, 0);
});

test('a fault stops the background, which goes on when it is quiet again', async () => {
  await using folder = await scratch();
  await using store = await openStore(folder.path, { fill: { enabled: true, quietMs: 150 } });
  const sizes = Array.from({ length: 30 }, () => 100_000);
  const made = testLayer(files(sizes), { compressionLevel: 0 }, { pieceSize: 16_384, pieceMs: 1 });
  const layer = await openTestLayer(store, made);
  layer.startFill();
  await until(() => layer.stats().presentChunks > 2);
  await layer.fault({ imageOffset: layer.presence.imageOffset[29]!, ...ONE_CHUNK });
  const asked = made.blob.deliveredBytes;
  await sleep(60);
  // What was on its way when the fault came may still arrive.
  assert.ok(made.blob.deliveredBytes - asked <= 2 * 16_384, `${made.blob.deliveredBytes - asked} bytes came`);
  await until(() => layer.complete);
  assert.ok(made.blob.repeatedBytes < 300_000);
});

test('a wave of faults streams the whole layer, without waiting for quiet', async () => {
  await using folder = await scratch();
  await using store = await openStore(folder.path, { fill: { enabled: false, quietMs: 3_600_000 } });
  const made = testLayer(files(Array.from({ length: 1000 }, () => 2000)), { compressionLevel: 0 });
  const layer = await openTestLayer(store, made);
  for (let i = 0; i < 64; i++) {
    assert.equal(layer.wave, false, `after ${i} faults`);
    await layer.fault({ imageOffset: layer.presence.imageOffset[(i * 379) % 1000]!, ...ONE_CHUNK });
  }
  assert.equal(layer.wave, true);
  await until(() => layer.complete);
});

test('faults far ahead of a wave stream do not cut it, and what they took is not fetched again', async () => {
  await using folder = await scratch();
  await using store = await openStore(folder.path);
  const made = testLayer(files(Array.from({ length: 1000 }, () => 20_000)), { compressionLevel: 0 });
  const layer = await openTestLayer(store, made);
  const fault = (i: number): Promise<void> =>
    layer.fault({ imageOffset: layer.presence.imageOffset[(i * 379) % 1000]!, ...ONE_CHUNK });
  for (let i = 0; i < 63; i++) await fault(i);
  assert.equal(layer.wave, false);
  Object.assign(made.blob.knobs, { latencyMs: 5, pieceMs: 1 });
  await fault(63);
  assert.equal(layer.wave, true);
  for (let i = 64; !layer.complete && i < 1000; i++) await fault(i);
  await until(() => layer.complete);
  const streams = made.blob.asked.filter(({ stream }) => stream).length;
  assert.ok(streams < 20, `${streams} streams for 20 MB`);
  const { fetchedBytes, demandBytes, blobSize } = layer.stats();
  assert.ok(fetchedBytes <= blobSize + demandBytes, `${fetchedBytes} of ${blobSize} bytes fetched`);
});

test('after a wave in one layer, few faults are a wave in another', async () => {
  await using folder = await scratch();
  await using store = await openStore(folder.path);
  const sizes = Array.from({ length: 1000 }, () => 2000);
  const first = await openTestLayer(store, testLayer(files(sizes), { compressionLevel: 0 }));
  const second = await openTestLayer(store, testLayer(files(sizes), { compressionLevel: 0 }));
  const faults = async (layer: Layer, from: number, to: number): Promise<void> => {
    for (let i = from; i < to; i++) {
      await layer.fault({ imageOffset: layer.presence.imageOffset[(i * 379) % 1000]!, ...ONE_CHUNK });
    }
  };
  await faults(second, 0, 12);
  assert.equal(second.wave, false);
  await faults(first, 0, 64);
  assert.equal(first.wave, true);
  await faults(second, 12, 13);
  assert.equal(second.wave, true);
});

test('memory between registry and disk stays bounded while a large layer fills', async () => {
  await using folder = await scratch();
  await using store = await openStore(folder.path, { prefetchBytes: 1e9, chunkWorkers: 1 });
  const random = Array.from({ length: 60 }, (_, i) => file(`${i}`, randomBytes(1_000_000)));
  const made = testLayer(random, { compressionLevel: 0 });
  const layer = await openTestLayer(store, made);
  let most = 0;
  made.blob.knobs.fail = () => {
    most = Math.max(most, made.blob.deliveredBytes - layer.stats().presentBytes);
  };
  await layer.prefetch();
  assert.equal(layer.complete, true);
  assert.ok(most < 24 * 1024 * 1024, `${most} bytes waited`);
});

test('least recently used layers that are not open are evicted, no more than needed', async () => {
  await using folder = await scratch();
  await using store = await openStore(folder.path);
  const made = [0, 1, 2, 3].map(() => testLayer(files([200_000])));
  const layers = [];
  for (const one of made) {
    const layer = await openTestLayer(store, one);
    await readWholeImage(layer);
    layers.push(layer);
  }
  for (const layer of layers.slice(1)) await layer.dispose();
  for (const [i, layer] of layers.entries()) await utimes(join(layer.dir, 'layer.json'), 1000 + i, 1000 + i);
  const { bytes } = await store.usage();
  assert.deepEqual(await store.evict(bytes), []);
  const evicted = await store.evict(bytes - 1);
  assert.deepEqual(
    evicted.map(({ digest }) => digest),
    [made[1]!.built.digest],
  );
  assert.equal((await store.evict(0)).length, 2);
  assert.deepEqual(
    (await store.cached()).map(({ digest }) => digest),
    [made[0]!.built.digest],
  );
  assert.equal(await assertPresentChunksVerify(layers[0]!), 1);
});

test('what a crash left half-made is gone after the next open', async () => {
  await using folder = await scratch();
  await fetchFirstChunk(folder.path, testLayer(files([100])));
  await writeFile(join(folder.path, 'layers', 'tmp-1-build-0'), 'rubbish');
  await using store = await openStore(folder.path);
  assert.equal((await readdir(join(folder.path, 'layers'))).length, 1);
  assert.equal((await store.usage()).layers, 1);
});

test(
  'a full disk fails the fault and stops the background; what is there is right',
  { skip: needs('root') },
  async () => {
    await using folder = await scratch();
    await using disk = smallDisk(folder.path);
    await using store = await openStore(disk.path, { fill: { enabled: true, quietMs: 0 } });
    const made = testLayer(files(Array.from({ length: 40 }, () => 100_000)));
    const layer = await openTestLayer(store, made);
    await assert.rejects(readWholeImage(layer), { code: 'ENOSPC' });
    const present = await assertPresentChunksVerify(layer);
    assert.ok(present > 0 && present < 40);
    layer.startFill();
    await until(() => store.fillStoppedBy !== undefined);
    assert.match(store.fillStoppedBy ?? '', /ENOSPC/);
    assert.equal(layer.complete, false);
    await assertPresentChunksVerify(layer);
  },
);

test('killed at any moment, a process leaves only chunks that verify', async () => {
  await using folder = await scratch();
  const made = testLayer(files(Array.from({ length: 400 }, (_, i) => 1000 + 100 * i)));
  const blobPath = join(folder.path, 'blob');
  await writeFile(blobPath, made.built.blob);
  const main = fileURLToPath(new URL('../support/layer-fill-main.ts', import.meta.url));
  let present = 0;
  for (let kill = 0; kill < 6; kill++) {
    const child = fork(main, [folder.path, blobPath, made.built.tocDigest, String(30 + kill * 40)]);
    await once(child, 'message');
    await sleep(kill * 7);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await using store = await openStore(folder.path);
    const layer = await openFromDisk(store, made);
    const now = await assertPresentChunksVerify(layer);
    assert.ok(now >= present && now > 0, `${now} chunks, had ${present}`);
    present = now;
  }
});

// A tmpfs of 2 MiB.
function smallDisk(parent: string): AsyncDisposable & { readonly path: string } {
  const path = join(parent, 'disk');
  mkdirSync(path);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', path]);
  return { path, [Symbol.asyncDispose]: async () => void execFileSync('umount', [path]) };
}

async function flip(path: string, at: number): Promise<void> {
  const bytes = await readFile(path);
  assert.ok(at < (await stat(path)).size);
  bytes[at]! ^= 1;
  await writeFile(path, bytes);
}

async function edit(path: string, from: string, to: string): Promise<void> {
  const text = await readFile(path, 'utf8');
  assert.ok(text.includes(from));
  await writeFile(path, text.replace(from, to));
}
