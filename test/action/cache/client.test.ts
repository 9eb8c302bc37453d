// The process of the cache client: what it may use, and that it never outlives who started it.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { runClient, type ClientOptions } from '../../../action/cache/client.ts';
import type { ClientResult } from '../../../action/cache/client-words.ts';
import { CacheService } from '../../support/cache-service.ts';
import { scratch } from '../../support/layers.ts';
import { until } from '../../support/until.ts';

const PROJECT = new URL('../../../', import.meta.url).href;
const NAME = `sha256-${'a'.repeat(64)}.hot`;

interface Place extends AsyncDisposable {
  readonly service: CacheService;
  readonly options: ClientOptions;
  readonly dir: string;
}

/** A service, and a folder with something that could be a pack. */
async function place(more: NodeJS.ProcessEnv = {}): Promise<Place> {
  const service = await CacheService.start();
  const dir = await scratch();
  const [folder, temporary] = [join(dir.path, 'packs'), join(dir.path, 'temporary')];
  for (const path of [folder, temporary]) mkdirSync(path);
  writeFileSync(join(folder, NAME), 'abc');
  const env = {
    PATH: process.env['PATH'],
    ACTIONS_RESULTS_URL: service.url,
    ACTIONS_RUNTIME_TOKEN: service.token(),
    ACTIONS_CACHE_SERVICE_V2: 'True',
    ...more,
  };
  return {
    service,
    options: { folder, temporary, env, limits: { totalMs: 60_000 }, debug: () => {} },
    dir: dir.path,
    [Symbol.asyncDispose]: async () => {
      await service[Symbol.asyncDispose]();
      await dir[Symbol.asyncDispose]();
    },
  };
}

const save = ({ options }: Place, key = 'key-1'): Promise<ClientResult> =>
  runClient({ do: 'save', key, restoreKeys: [] }, options);
const restore = ({ options }: Place): Promise<ClientResult> =>
  runClient({ do: 'restore', key: 'key-', restoreKeys: ['key-'] }, options);

/** Command lines of all processes that have this text in them. */
function processesWith(text: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      } catch {
        return '';
      }
    })
    .filter((line) => line.includes(text));
}

suite('the cache client', { concurrency: 2 }, () => {
  test('archives packs and nothing else, under their names alone', async () => {
    await using all = await place();
    const { folder } = all.options;
    writeFileSync(join(folder, 'other'), 'not this');
    assert.deepEqual(await save(all), { verdict: 'done', key: 'key-1', why: '' });
    for (const name of [NAME, 'other']) writeFileSync(join(folder, name), 'changed');
    assert.deepEqual(await restore(all), { verdict: 'done', key: 'key-1', why: '' });
    assert.equal(readFileSync(join(folder, NAME), 'utf8'), 'abc');
    assert.equal(readFileSync(join(folder, 'other'), 'utf8'), 'changed');
  });

  test("does not follow the job's own options for tar", async () => {
    await using all = await place({ TAR_OPTIONS: '--no-such-option' });
    assert.equal((await save(all)).verdict, 'done');
    assert.equal((await restore(all)).verdict, 'done');
  });

  test('uses no tar that could not be told where to stay', async () => {
    await using all = await place();
    await save(all);
    const tar = join(all.dir, 'tar');
    writeFileSync(tar, '#!/bin/sh\necho "bsdtar 3.7.4 - libarchive 3.7.4"\n');
    chmodSync(tar, 0o755);
    const env = { ...all.options.env, PATH: `${all.dir}:${process.env['PATH']}` };
    const { verdict, why } = await restore({ ...all, options: { ...all.options, env } });
    assert.deepEqual([verdict, why], ['failed', 'the tar of this machine is not GNU tar']);
  });

  test('that can not even start is said', async () => {
    await using all = await place();
    const { verdict, why } = await save({ ...all, options: { ...all.options, folder: '/nowhere' } });
    assert.equal(verdict, 'failed');
    assert.match(why, /ENOENT/);
  });

  test('has ended when its time is over', async () => {
    await using all = await place();
    all.service.knobs.finalize = 'hang';
    const key = `late-${process.pid}`;
    const saving = save({ ...all, options: { ...all.options, limits: { totalMs: 5000 } } }, key);
    await until(() => all.service.requests('FinalizeCacheEntryUpload') > 0, 'the last call');
    assert.equal(processesWith(key).length, 1);
    assert.equal((await saving).why, 'the cache service took longer than 5 s');
    assert.deepEqual(processesWith(key), []);
  });

  test('ends when who started it is killed', async () => {
    await using all = await place();
    all.service.knobs.finalize = 'hang';
    const key = `key-of-${process.pid}`;
    const { debug: _, ...options } = all.options;
    const code = `
      import { runClient } from '${PROJECT}action/cache/client.ts';
      const options = JSON.parse(process.env.OPTIONS);
      await runClient({ do: 'save', key: '${key}', restoreKeys: [] }, { ...options, debug: () => {} });`;
    const args = ['--input-type=module-typescript', '--eval', code.replaceAll(key, "' + process.env.KEY + '")];
    const env = { ...process.env, OPTIONS: JSON.stringify(options), KEY: key };
    const parent = spawn(process.execPath, args, { env, stdio: 'ignore' });
    await until(() => all.service.requests('FinalizeCacheEntryUpload') > 0, 'the last call');
    assert.equal(processesWith(key).length, 1);
    parent.kill('SIGKILL');
    await until(() => processesWith(key).length === 0, 'the end of the client');
  });
});
