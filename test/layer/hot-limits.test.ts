// What loading and saving hot packs takes of the machine: memory that does not grow with the packs, and a disk that may
// be full.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { HotPacks } from '../../src/layer/hot-packs.ts';
import { file } from '../support/entries.ts';
import { EVERYTHING, saveJob } from '../support/hot-packs.ts';
import {
  assertPresentChunksVerify,
  openStore,
  openTestLayer,
  readWholeImage,
  scratch,
  testLayer,
} from '../support/layers.ts';
import { unmountBelow } from '../support/mounts.ts';
import { needs } from '../support/needs.ts';
import { run } from '../support/run.ts';
import { emptyDisk, fillDisk, mountSmallDisk } from '../support/small-disk.ts';

const MIB = 1024 * 1024;
const LOADER = fileURLToPath(new URL('../support/hot-load-main.ts', import.meta.url));

interface LoaderSays {
  readonly chunks: number;
  readonly bytes: number;
  readonly refused: number;
  readonly grownBytes: number;
}

test('loading 192 MiB takes no more memory than loading 48', async () => {
  const grown: number[] = [];
  for (const count of [12, 48]) {
    await using folder = await scratch();
    const packs = join(folder.path, 'packs');
    const entries = Array.from({ length: count }, (_, i) => file(`f${i}`, randomBytes(4 * MIB)));
    const made = testLayer(entries, { compressionLevel: 0 });
    await saveJob(packs, [{ made, chunks: 'all' }]);
    const { stdout } = await run(process.execPath, [LOADER, join(folder.path, 'root'), packs]);
    const said = JSON.parse(stdout) as LoaderSays;
    assert.deepEqual([said.chunks, said.bytes, said.refused], [count, count * 4 * MIB, 0]);
    grown.push(said.grownBytes);
  }
  // The packs differ by 144 MiB.
  assert.ok(grown[1]! - grown[0]! < 32 * MIB, grown.map((bytes) => `${Math.round(bytes / MIB)} MiB`).join(', then '));
});

test(
  'a disk that becomes full ends a load with a reason; what is there is right, and the rest comes when there is space',
  { skip: needs('root', 'mkfs.ext4') },
  async () => {
    await using folder = await scratch();
    const packs = join(folder.path, 'packs');
    const layers = [1, 2].map((id) =>
      testLayer(Array.from({ length: 64 }, (_, i) => file(`${id}-${i}`, randomBytes(64 * 1024)))),
    );
    await saveJob(
      packs,
      layers.map((made) => ({ made, chunks: 'all' as const })),
    );
    const disk = join(folder.path, 'root');
    await mountSmallDisk(folder.path, 24 * MIB);
    try {
      await fillDisk(disk, 5 * MIB);
      await using store = await openStore(disk);
      await using hot = new HotPacks(store);
      const loaded = await hot.load(packs);
      assert.ok(loaded.refused.length > 0, 'the disk was not full');
      for (const { reason } of loaded.refused) assert.match(reason, /ENOSPC|no space/);
      assert.ok(loaded.chunks > 0 && loaded.chunks < 128, `${loaded.chunks} chunks`);
      await emptyDisk(disk);
      const again = await hot.load(packs);
      assert.deepEqual([again.layers, again.refused], [2, []]);
      for (const made of layers) {
        const layer = await openTestLayer(store, made);
        assert.equal(await assertPresentChunksVerify(layer), 64);
        assert.equal(made.blob.tails, 1, 'the registry was asked again');
      }
    } finally {
      await unmountBelow(folder.path);
    }
  },
);

test(
  'a disk that is full when a job is saved leaves whole packs only, and says which are not there',
  { skip: needs('root', 'mkfs.ext4') },
  async () => {
    await using folder = await scratch();
    await mountSmallDisk(folder.path, 16 * MIB);
    try {
      const packs = join(folder.path, 'root', 'packs');
      await mkdir(packs);
      await fillDisk(join(folder.path, 'root'), 3 * MIB);
      await using store = await openStore(join(folder.path, 'store'));
      await using hot = new HotPacks(store);
      for (const size of [MIB, 4 * MIB])
        await readWholeImage(await openTestLayer(store, testLayer([file('f', randomBytes(size))])));
      const saved = await hot.save(packs, EVERYTHING);
      // They are written side by side, so the large one, which has no room, may take that of the small one.
      assert.ok(saved.skipped.length > 0 && saved.layers + saved.skipped.length === 2);
      for (const { reason } of saved.skipped) assert.match(reason, /ENOSPC|no space/);
      assert.equal((await readdir(packs)).length, saved.layers);
      await using next = await openStore(join(folder.path, 'next'));
      await using loader = new HotPacks(next);
      const loaded = await loader.load(packs);
      assert.deepEqual([loaded.layers, loaded.bytes, loaded.refused], [saved.layers, saved.layers * MIB, []]);

      await emptyDisk(join(folder.path, 'root'));
      assert.deepEqual((await hot.save(packs, EVERYTHING)).skipped, []);
      const whole = await loader.load(packs);
      assert.deepEqual([whole.layers, whole.bytes, whole.refused], [2, 5 * MIB - loaded.bytes, []]);
    } finally {
      await unmountBelow(folder.path);
    }
  },
);
