// The cache of the action with the real client, GitHub's protocol, and real hot packs.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { downloadCache, loadCache, saveCache } from '../../action/cache.ts';
import { type CacheJobOptions, cacheWorld, LAYER, restoreIn, seeded } from '../support/cache-job.ts';

suite('a job that read something', { concurrency: 2 }, () => {
  test('saves it, and the next one has it before it is asked for', async () => {
    await using all = await cacheWorld();
    await using first = await all.start();
    const saved = await saveCache(first.context, '');
    assert.deepEqual([saved.outcome, saved.layers, saved.why], ['saved', 1, '']);
    assert.match(saved.key, /^lazypull-v1-linux-x64-test-[0-9a-f]{16}-[0-9a-f]{16}-1$/);
    assert.deepEqual(
      all.service.entries.map(({ key }) => key),
      [saved.key],
    );
    await using next = await all.start();
    const downloaded = await downloadCache(next.context);
    assert.deepEqual([downloaded.key, downloaded.why, next.loads], [saved.key, '', []]);
    const restored = await loadCache(next.context, JSON.parse(JSON.stringify(downloaded)) as typeof downloaded);
    const { bytes, ...rest } = restored;
    assert.deepEqual(rest, { key: saved.key, layers: 1, chunks: 3, refused: 0, why: '' });
    assert.ok(bytes > 0 && bytes < saved.bytes);
    assert.deepEqual(next.loads, [join(downloaded.folder, 'packs')]);
    assert.equal(next.infos.length, 1);
    assert.match(next.infos[0] ?? '', /^Cache: restored 1 layer, [\d.]+ kB: lazypull-v1-/);
  });

  test('leaves nothing behind, not even what it restored', async () => {
    await using all = await cacheWorld();
    await using first = await all.start();
    const { key } = await saveCache(first.context, '');
    assert.match(first.saves[0]?.directory ?? '', /^\/var\/tmp\/lazypull-hot-\w{8}$/);
    assert.equal(existsSync(first.saves[0]!.directory), false);
    assert.deepEqual(readdirSync(all.temp), []);
    await using next = await all.start();
    await restoreIn(next);
    const [note, ...others] = readdirSync(all.temp);
    assert.match(note ?? '', /^lazypull-restored-[0-9a-f]{16}$/);
    assert.deepEqual(others, []);
    const [header] = readdirSync(join(all.temp, note ?? ''));
    assert.ok(statSync(join(all.temp, note ?? '', header ?? '')).size < 300, 'the header alone');
    await saveCache(next.context, key);
    assert.deepEqual(readdirSync(all.temp), []);
  });

  test('needs its daemon no more once that has given everything', async () => {
    await using all = await cacheWorld();
    await using job = await all.start();
    const ended: Promise<void>[] = [];
    const daemonDone = (): void => void ended.push(job.endDaemon());
    const { outcome } = await saveCache({ ...job.context, daemonDone }, '');
    assert.deepEqual([outcome, ended.length], ['saved', 1]);
    await Promise.all(ended);
    // Its daemon is gone now.
    const again = await saveCache({ ...job.context, daemonDone }, '');
    assert.deepEqual([again.outcome, ended.length], ['failed', 1]);
  });

  test('saves nothing when that is what was restored, and saves what is new', async () => {
    await using all = await cacheWorld();
    const key = await seeded(all);
    await using same = await all.start({ env: { GITHUB_RUN_ID: '2' } });
    await restoreIn(same);
    all.service.forget();
    const unchanged = await saveCache(same.context, key);
    assert.deepEqual([unchanged.outcome, unchanged.key, unchanged.layers], ['unchanged', '', 1]);
    assert.equal(all.service.requests(), 0);
    const reads = [{ made: LAYER, chunks: [7, 0, 3, 9, 12] }];
    await using more = await all.start({ env: { GITHUB_RUN_ID: '3' }, reads });
    await restoreIn(more);
    const saved = await saveCache(more.context, key);
    assert.equal(saved.outcome, 'saved', saved.why);
    await using last = await all.start({ env: { GITHUB_RUN_ID: '4' } });
    assert.equal((await restoreIn(last)).key, saved.key, 'the newest entry counts');
  });

  test('saves nothing when the same is there, although nothing says what was restored', async () => {
    await using all = await cacheWorld();
    const key = await seeded(all);
    await using job = await all.start({ env: { GITHUB_RUN_ID: '2' } });
    assert.equal((await saveCache(job.context, key)).outcome, 'unchanged');
    const other = key.replace(/[0-9a-f]{16}-1$/, '0123456789abcdef-1');
    assert.equal((await saveCache(job.context, other)).outcome, 'saved');
  });

  test('saves nothing when another job of the run was faster', async () => {
    await using all = await cacheWorld();
    await seeded(all);
    await using second = await all.start();
    const { outcome, why } = await saveCache(second.context, '');
    assert.deepEqual([outcome, why], ['unchanged', 'another job of this run has saved the same']);
    assert.equal(all.service.entries.length, 1);
  });

  test('tells the daemon its limit, and whether strangers read the cache', async () => {
    await using all = await cacheWorld();
    for (const [event, skipPrivate] of [
      [{ repository: { private: true } }, false],
      [{ repository: { private: false } }, true],
    ] as const) {
      await using job = await all.start({ event, inputs: { cacheLimitBytes: 12_345_678 } });
      await saveCache(job.context, '');
      assert.deepEqual(
        job.saves.map((request) => [request.limitBytes, request.skipPrivate]),
        [[12_345_678, skipPrivate]],
      );
    }
  });
});

test('a job that read nothing uploads nothing', async () => {
  await using all = await cacheWorld();
  await using job = await all.start({ reads: [] });
  const { outcome, why } = await saveCache(job.context, '');
  assert.deepEqual([outcome, why], ['empty', 'no layer was used']);
  assert.equal(all.service.requests(), 0);
});

test('another job, or another cache-key, finds nothing; the same cache-key finds it from any job', async () => {
  await using all = await cacheWorld();
  await seeded(all);
  await using shared = await all.start({ inputs: { cacheKey: 'shared' } });
  assert.equal((await restoreIn(shared)).why, 'there is no cache of this job yet');
  const { key } = await saveCache(shared.context, '');
  for (const [cacheKey, wanted] of [
    ['shared', key],
    ['', ''],
  ] as const) {
    await using other = await all.start({ inputs: { cacheKey }, env: { GITHUB_JOB: 'other' } });
    assert.equal((await restoreIn(other)).key, wanted);
  }
});

test('a runner whose folders are elsewhere finds what another one saved', async () => {
  await using all = await cacheWorld();
  const key = await seeded(all);
  await using job = await all.start({ temp: join(all.temp, 'work 2/_temp') });
  assert.equal((await restoreIn(job)).key, key);
});

suite('no service is asked', { concurrency: 2 }, () => {
  const OFF: readonly (readonly [why: string, options: Partial<CacheJobOptions>, reason: RegExp])[] = [
    ['when the input says so', { inputs: { cache: false } }, /^input 'cache' is false$/],
    ['for a cache of no bytes', { inputs: { cacheLimitBytes: 0 } }, /'cache-limit' is 0/],
    ['on a runner without one', { env: { ACTIONS_RESULTS_URL: '' } }, /no cache service/],
    ['on an Enterprise Server without one', { facts: { ghes: true } }, /Enterprise Server has no cache service/],
    ['in a run that may not', { env: { ACTIONS_CACHE_MODE: ' None' } }, /ACTIONS_CACHE_MODE is 'none'/],
  ];
  for (const [why, options, reason] of OFF) {
    test(why, async () => {
      await using all = await cacheWorld();
      await using job = await all.start(options);
      const restored = await restoreIn(job);
      assert.match(restored.why, reason);
      const saved = await saveCache(job.context, '');
      assert.equal(saved.outcome, 'off');
      assert.match(saved.why, reason);
      assert.deepEqual(job.infos, [
        `Cache: nothing is restored: ${restored.why}.`,
        `Cache: nothing is saved: ${saved.why}.`,
      ]);
      assert.deepEqual([all.service.requests(), job.saves, job.notices], [0, [], []]);
    });
  }

  test('by the client where it knows of none', async () => {
    await using all = await cacheWorld();
    // What the client takes for an Enterprise Server has the first version of the service, at another address.
    await using job = await all.start({ env: { GITHUB_SERVER_URL: 'https://git.example.com' } });
    assert.equal((await restoreIn(job)).why, 'this runner has no cache service');
    assert.deepEqual([(await saveCache(job.context, '')).outcome, all.service.requests()], ['off', 0]);
  });

  test('to save, in a run that may only read; it still restores', async () => {
    await using all = await cacheWorld();
    const key = await seeded(all);
    await using job = await all.start({ env: { ACTIONS_CACHE_MODE: 'read' } });
    assert.equal((await restoreIn(job)).key, key);
    all.service.forget();
    assert.equal((await saveCache(job.context, '')).outcome, 'off');
    assert.deepEqual([job.saves.length, all.service.requests()], [0, 0]);
  });
});

test('what the client says is shown where the runner debugs, without secrets and commands', async () => {
  await using all = await cacheWorld();
  await seeded(all);
  await using quiet = await all.start();
  await restoreIn(quiet);
  assert.equal(quiet.infos.length, 1);
  await using loud = await all.start({ env: { RUNNER_DEBUG: '1' } });
  await restoreIn(loud);
  const said = loud.infos.join('\n');
  assert.match(said, /cache client: Cache hit for restore-key: lazypull-v1-/);
  assert.doesNotMatch(said, /^\s*::/m);
  assert.ok(!said.includes(loud.context.env['ACTIONS_RUNTIME_TOKEN']!));
  assert.doesNotMatch(said, /[?&]sig=/);
});
