// What goes wrong with the cache service is said, costs a bounded time, and no more: the real client, against every fault.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { suite, test } from 'node:test';
import { downloadCache, type SavedCache, saveCache } from '../../action/cache.ts';
import type { CacheKnobs } from '../support/cache-service-knobs.ts';
import { type CacheJobOptions, cacheWorld, restoreIn, seeded } from '../support/cache-job.ts';

/** For what never ends by itself; the client alone would go on for minutes. */
const SHORT = { downloadMs: 30_000, stallMs: 1500, uploadMs: 2000 };

interface Fault {
  readonly what: string;
  readonly options?: Partial<CacheJobOptions>;
  readonly knobs: Partial<CacheKnobs>;
  readonly why: RegExp;
}

suite('at the end', { concurrency: 2 }, () => {
  const FAULTS: readonly (Fault & { readonly outcome: SavedCache['outcome']; readonly notice?: true })[] = [
    {
      what: 'a token that may not write',
      options: { token: { mode: 'read' } },
      knobs: {},
      outcome: 'off',
      why: /^this run may not save caches: cache write denied: token has no writable scopes$/,
    },
    {
      what: 'used-up storage',
      knobs: { insufficientUsage: true },
      outcome: 'failed',
      why: /^Cache storage quota has been hit/,
      notice: true,
    },
    {
      what: 'an entry that is too large',
      knobs: { maxEntryBytes: 10 },
      outcome: 'failed',
      why: /over the limit of 10 b/,
    },
    {
      what: 'an entry that is refused',
      knobs: { finalize: 'refuse' },
      outcome: 'failed',
      why: /could not be finalized/,
    },
    {
      what: 'an upload that is refused',
      knobs: { uploadStatus: 403 },
      outcome: 'failed',
      why: /AuthenticationFailed|403/,
    },
    { what: 'a rate limit', knobs: { status: 429 }, outcome: 'failed', why: /rate limit/i },
    {
      what: 'a service that does not answer at the end',
      options: { limits: SHORT },
      knobs: { finalize: 'hang' },
      outcome: 'failed',
      why: /^the cache service took longer than 2 s$/,
    },
    {
      what: 'a service that is broken',
      options: { limits: SHORT },
      knobs: { status: 500 },
      outcome: 'failed',
      // A machine that is slow has not tried once by then.
      why: /^the cache service took longer than 2 s(: Attempt 1 of 5 failed with error: Failed request: \(500\).*)?$/,
    },
  ];
  for (const { what, options, knobs, outcome, why, notice } of FAULTS) {
    test(`${what} is said`, async () => {
      await using all = await cacheWorld();
      Object.assign(all.service.knobs, knobs);
      await using job = await all.start(options);
      const saved = await saveCache(job.context, '');
      assert.match(saved.why, why);
      assert.deepEqual([saved.outcome, saved.key, saved.layers], [outcome, '', 1]);
      assert.deepEqual(job.infos, [`Cache: nothing is saved: ${saved.why}.`]);
      assert.equal(job.notices.length, notice === true ? 1 : 0);
      assert.deepEqual([all.service.entries, readdirSync(all.temp)], [[], []]);
    });
  }
});

suite('at the beginning', { concurrency: 2 }, () => {
  const FAULTS: readonly Fault[] = [
    { what: 'a download that is refused', knobs: { downloadStatus: 403 }, why: /tar|403|download/i },
    { what: 'an archive that is none', knobs: { corrupt: 'garbage' }, why: /tar.* failed with exit code 2/ },
    { what: 'an archive that is cut', knobs: { corrupt: 'truncate' }, why: /aborted|terminated|premature|incomplete/i },
    { what: 'a byte that is another one', knobs: { corrupt: 'flip' }, why: /tar.* failed with exit code 2/ },
    {
      what: 'a service that does not answer',
      options: { limits: SHORT },
      knobs: { latencyMs: 10_000 },
      why: /^nothing came from the cache service for 1.5 s$/,
    },
    {
      what: 'a service that is broken',
      options: { limits: SHORT },
      knobs: { status: 503 },
      why: /^nothing came from the cache service for 1.5 s(: Attempt 1 of 5 failed with error: Failed request: \(503\).*)?$/,
    },
    {
      what: 'a token that may not read',
      options: { token: { mode: 'none' } },
      knobs: {},
      why: /^this run may not restore caches: .*cache read denied: token has no readable scopes/,
    },
    { what: 'an entry over the limit', options: { inputs: { cacheLimitBytes: 10 } }, knobs: {}, why: /no hot pack/ },
  ];
  for (const { what, options, knobs, why } of FAULTS) {
    test(`${what} is said, and the daemon is asked for nothing`, async () => {
      await using all = await cacheWorld();
      await seeded(all);
      Object.assign(all.service.knobs, knobs);
      await using job = await all.start(options);
      const restored = await restoreIn(job);
      assert.match(restored.why, why);
      assert.equal(restored.key, '');
      assert.equal(job.infos.at(-1), `Cache: nothing is restored: ${restored.why}.`);
      assert.deepEqual([job.loads, job.notices, readdirSync(all.temp)], [[], [], []]);
    });
  }
});

test('a download that stops moving is given up', async () => {
  await using all = await cacheWorld();
  const key = await seeded(all);
  // A piece of 64 KiB each 3.3 s.
  all.service.tamper(key, (body) => Buffer.concat([body, Buffer.alloc(150_000)]));
  all.service.knobs.bytesPerSec = 20_000;
  await using job = await all.start({ limits: SHORT });
  assert.equal((await restoreIn(job)).why, 'nothing came from the cache service for 1.5 s');
  assert.deepEqual(readdirSync(all.temp), []);
});

test('a service that is down is said at once, in both directions', async () => {
  await using all = await cacheWorld();
  await using job = await all.start();
  await all.service.goDown();
  assert.match((await restoreIn(job)).why, /ECONNREFUSED/);
  const saved = await saveCache(job.context, '');
  assert.equal(saved.outcome, 'failed');
  assert.match(saved.why, /ECONNREFUSED/);
});

test('a daemon that refuses, or is gone, is said', async () => {
  await using all = await cacheWorld();
  await seeded(all);
  const refuse = (): never => {
    throw new Error('not today');
  };
  await using refusing = await all.start({ handlers: { hotLoad: refuse, hotSave: refuse } });
  assert.match((await restoreIn(refusing)).why, /not today/);
  const { outcome, why } = await saveCache(refusing.context, '');
  assert.equal(outcome, 'failed');
  assert.match(why, /not today/);
  await using gone = await all.start();
  await gone.endDaemon();
  assert.equal((await restoreIn(gone)).why, 'the lazypull daemon does not answer');
  assert.equal((await saveCache(gone.context, '')).why, 'the lazypull daemon does not answer');
  assert.deepEqual(readdirSync(all.temp), []);
});

test('a folder that is not there is said', async () => {
  await using all = await cacheWorld();
  await using job = await all.start({ env: { RUNNER_TEMP: '/nowhere/_temp' } });
  assert.match((await downloadCache(job.context)).why, /ENOENT.*\/nowhere\/_temp/);
  const { outcome, why } = await saveCache(job.context, '');
  assert.equal(outcome, 'failed');
  assert.match(why, /ENOENT.*\/nowhere\/_temp/);
});
