// Whoever may write the cache chooses every byte of an entry. Nothing of it gets out of its folder, root reads nothing but
// plain packs, and what is refused is said so that the runner takes no order from it.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { suite, test } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { pack, type Header } from 'tar-stream';
import type { RestoredCache } from '../../action/cache.ts';
import { packName } from '../../src/layer/hot-pack.ts';
import { digestOf } from '../../src/oci/digest.ts';
import {
  type CacheJob,
  type CacheJobOptions,
  type CacheWorld,
  cacheWorld,
  LAYER,
  restoreIn,
  seeded,
} from '../support/cache-job.ts';
import { saveJob } from '../support/hot-packs.ts';
import { scratch } from '../support/layers.ts';
import { findProgram } from '../support/needs.ts';

interface Entry extends Partial<Header> {
  readonly name: string;
  readonly content?: string | Buffer;
}
const NAME = packName(LAYER.built.digest);

async function archive(entries: readonly Entry[]): Promise<Buffer> {
  const tar = pack();
  for (const { content, ...header } of entries) tar.entry(header, content ?? '');
  tar.finalize();
  const bytes = await buffer(tar);
  return findProgram('zstd') === undefined ? gzipSync(bytes) : zstdCompressSync(bytes);
}

/** A job that restores such an entry. */
async function restorePoisoned(
  all: CacheWorld,
  entries: readonly Entry[],
  options: Partial<CacheJobOptions> = {},
): Promise<CacheJob & { readonly restored: RestoredCache }> {
  const key = await seeded(all);
  const body = await archive(entries);
  all.service.tamper(key, () => body);
  const job = await all.start(options);
  const restored = await restoreIn(job);
  assert.equal(restored.key, '');
  return { ...job, restored };
}

/** A folder beside that of the cache, with a file in it. */
function outsideOf({ temp }: CacheWorld): string {
  const outside = join(temp, 'outside');
  mkdirSync(outside, { recursive: true });
  writeFileSync(join(outside, 'secret'), 'secret', { mode: 0o600 });
  return outside;
}

suite('a poisoned entry', { concurrency: 2 }, () => {
  test('writes nothing outside of its folder', async () => {
    await using all = await cacheWorld();
    const outside = outsideOf(all);
    await using job = await restorePoisoned(all, [
      { name: join(outside, 'absolute'), content: 'x' },
      { name: join(outside, 'secret'), content: 'x' },
      { name: '../../outside/relative', content: 'x' },
      { name: 'door', type: 'symlink', linkname: outside },
      { name: 'door/through', content: 'x' },
      { name: '..', type: 'directory', mode: 0o700 },
      { name: '.', type: 'directory', mode: 0 },
      { name: 'sub/folder/..', content: 'x' },
    ]);
    assert.deepEqual(readdirSync(outside), ['secret']);
    assert.equal(readFileSync(join(outside, 'secret'), 'utf8'), 'secret');
    assert.match(job.infos.join('\n'), /^Cache: "absolute" is not used: not the name of a hot pack$/m);
    assert.equal(job.restored.why, 'there is no hot pack in its entry');
    assert.deepEqual(job.loads, [], 'root reads nothing of it');
    assert.deepEqual(readdirSync(all.temp), ['outside']);
  });

  test('gives root no link to read', async () => {
    await using all = await cacheWorld();
    const outside = outsideOf(all);
    await using job = await restorePoisoned(all, [{ name: NAME, type: 'symlink', linkname: join(outside, 'secret') }]);
    assert.deepEqual(job.infos[0], `Cache: ${JSON.stringify(NAME)} is not used: not a plain file`);
    assert.deepEqual(job.loads, []);
    assert.equal(readFileSync(join(outside, 'secret'), 'utf8'), 'secret');
  });

  test('with a hard link to a file of ours is no archive', async () => {
    await using all = await cacheWorld();
    const outside = outsideOf(all);
    await using job = await restorePoisoned(all, [{ name: NAME, type: 'link', linkname: join(outside, 'secret') }]);
    assert.match(job.restored.why, /tar.* failed with exit code 2/);
    assert.deepEqual(job.loads, []);
  });

  for (const type of ['character-device', 'block-device', 'fifo'] as const) {
    test(`gives root no ${type} to read`, async () => {
      await using all = await cacheWorld();
      await using job = await restorePoisoned(all, [{ name: NAME, type, devmajor: 1, devminor: 3 }]);
      // Only root can make devices: tar fails for others.
      assert.match(job.restored.why, /no hot pack in its entry|tar.* failed/);
      assert.deepEqual(job.loads, []);
      assert.deepEqual(readdirSync(all.temp), []);
    });
  }

  test('that unpacks to far more than it is stays within the limit', async () => {
    await using all = await cacheWorld();
    const bomb = Buffer.alloc(400_000_000);
    await using job = await restorePoisoned(all, [{ name: NAME, content: bomb }], {
      inputs: { cacheLimitBytes: 1_000_000 },
    });
    assert.match(job.restored.why, /^(the entry is larger than 6.0 MB|there is no hot pack in its entry)$/);
    assert.deepEqual([job.loads, readdirSync(all.temp)], [[], []]);
  });

  test('of ten thousand files ends as soon as it is seen', async () => {
    await using all = await cacheWorld();
    const names = Array.from({ length: 10_000 }, (_, i) => ({ name: `f${i}`, content: '' }));
    await using job = await restorePoisoned(all, names);
    assert.match(job.restored.why, /(has more than|wanted at most) 2000/);
    assert.deepEqual([job.loads, readdirSync(all.temp)], [[], []]);
  });

  test('gives no orders to the runner', async () => {
    await using all = await cacheWorld();
    await using job = await restorePoisoned(
      all,
      [
        { name: 'x\n::error::broken', content: '' },
        { name: '##[error]broken', content: '' },
        { name: '::stop-commands::token', content: '' },
      ],
      { env: { RUNNER_DEBUG: '1' } },
    );
    const lines = job.infos.flatMap((text) => text.split('\n'));
    assert.deepEqual(
      lines.filter((line) => /^\s*::|##\[/.test(line)),
      [],
    );
    assert.equal(job.restored.refused, 3);
  });

  test('gives none by its key either', async () => {
    await using all = await cacheWorld();
    const key = await seeded(all);
    const { version, scope, body } = all.service.entries[0]!;
    const entry = all.service.store.reserve(`${key}\n::error::broken`, version, scope)!;
    entry.body = body;
    all.service.store.finalize(entry, Infinity);
    await using job = await all.start();
    assert.equal((await restoreIn(job)).why, "the newest entry's key is not one that lazypull makes");
    assert.deepEqual(
      job.infos.filter((line) => line.includes('::error')),
      [],
    );
    assert.deepEqual([job.loads, readdirSync(all.temp)], [[], []]);
  });

  test('with a pack that is none is refused by the daemon, in words', async () => {
    await using all = await cacheWorld();
    await using job = await restorePoisoned(all, [{ name: NAME, content: 'no pack at all' }]);
    assert.deepEqual([job.loads.length, job.restored.refused], [1, 1]);
    assert.match(job.infos[0] ?? '', new RegExp(`^Cache: "${NAME}" is not used: `));
    assert.equal(job.restored.why, 'no pack of its entry can be used');
    assert.equal(existsSync(job.loads[0]!), false);
  });
});

test('what is good in an entry is used, beside what is not', async () => {
  await using all = await cacheWorld();
  const key = await seeded(all);
  await using folder = await scratch();
  await saveJob(folder.path, [{ made: LAYER, chunks: [7, 0, 3] }]);
  const other = packName(digestOf(Buffer.from('other')));
  const body = await archive([
    { name: other, content: 'no pack at all' },
    { name: `deep/in/folders/${NAME}`, content: readFileSync(join(folder.path, NAME)) },
    { name: 'other', content: '' },
  ]);
  all.service.tamper(key, () => body);
  await using job = await all.start();
  const { bytes, ...restored } = await restoreIn(job);
  assert.deepEqual(restored, { key, layers: 1, chunks: 3, refused: 2, why: '' });
  assert.ok(bytes > 0);
});
