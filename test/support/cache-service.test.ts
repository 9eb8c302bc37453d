// The cache service, judged by the real @actions/cache client. The client runs in processes of its own: it reads process.env.
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { CacheService } from './cache-service.ts';
import type { CacheOperation, CacheOutcome } from './cache-service-client.ts';
import { CacheServiceProcess } from './cache-service-process.ts';
import type { TokenOptions } from './cache-service-token.ts';
import { createLink, linkNeeds } from './link.ts';
import { needs, requireProgram } from './needs.ts';
import { run } from './run.ts';

const CLIENT = fileURLToPath(new URL('cache-service-client.ts', import.meta.url));

/** A workspace with one file that caches are made of. */
class Workspace implements Disposable {
  readonly dir: string = mkdtempSync(join(tmpdir(), 'lazypull-cache-'));

  constructor(text = 'first') {
    mkdirSync(join(this.dir, 'data'));
    this.write(text);
  }

  write(text: string): void {
    writeFileSync(join(this.dir, 'data/file'), text);
  }

  read(): string {
    return readFileSync(join(this.dir, 'data/file'), 'utf8');
  }

  [Symbol.dispose](): void {
    rmSync(this.dir, { recursive: true });
  }
}

type Client = (
  operation: Partial<CacheOperation> & Pick<CacheOperation, 'do'>,
) => Promise<CacheOutcome & { log: string }>;

/** The client of one job. */
function client(
  service: { url: string },
  token: string,
  workspace: Workspace,
  env: Record<string, string> = {},
): Client {
  return async (operation) => {
    const whole: CacheOperation = { paths: ['data'], key: 'key', ...operation };
    const { stdout } = await run(process.execPath, [CLIENT, JSON.stringify(whole)], {
      cwd: workspace.dir,
      env: {
        PATH: process.env['PATH'] ?? '',
        GITHUB_WORKSPACE: workspace.dir,
        RUNNER_TEMP: workspace.dir,
        ACTIONS_RESULTS_URL: service.url,
        ACTIONS_RUNTIME_TOKEN: token,
        ACTIONS_CACHE_SERVICE_V2: 'True',
        ...env,
      },
    });
    const lines = stdout.trimEnd().split('\n');
    return { ...(JSON.parse(lines.pop() ?? '') as CacheOutcome), log: lines.join('\n') };
  };
}

function clientOf(service: CacheService, workspace: Workspace, options?: TokenOptions): Client {
  return client(service, service.token(options), workspace);
}

suite('with the real client', { concurrency: 2 }, () => {
  test('what a job saved, the next job restores', async () => {
    await using service = await CacheService.start();
    using workspace = new Workspace('saved');
    const cache = clientOf(service, workspace);
    assert.equal((await cache({ do: 'save' })).result, 1);
    workspace.write('changed');
    assert.equal((await cache({ do: 'restore' })).result, 'key');
    assert.equal(workspace.read(), 'saved');
    assert.deepEqual(
      service.log.map(({ what, status }) => [what, status]),
      [
        ['CreateCacheEntry', 200],
        ['PutBlob', 201],
        ['FinalizeCacheEntryUpload', 200],
        ['GetCacheEntryDownloadURL', 200],
        ['GetBlob', 200],
      ],
    );
    const [, put, , , get] = service.log;
    assert.equal(put?.bytesIn, service.entries[0]?.body?.length);
    assert.equal(get?.bytesOut, put?.bytesIn);
    assert.equal(service.log[0]?.key, 'key');
  });

  test('a key that nobody saved is a miss, and other paths are another version', async () => {
    await using service = await CacheService.start();
    using workspace = new Workspace();
    const cache = clientOf(service, workspace);
    await cache({ do: 'save' });
    assert.deepEqual((await cache({ do: 'restore', key: 'other' })).result, undefined);
    mkdirSync(join(workspace.dir, 'more'));
    assert.equal((await cache({ do: 'restore', paths: ['data', 'more'] })).result, undefined);
  });

  test('a lookup transfers nothing', async () => {
    await using service = await CacheService.start();
    using workspace = new Workspace();
    const cache = clientOf(service, workspace);
    await cache({ do: 'save' });
    assert.equal((await cache({ do: 'lookup' })).result, 'key');
    assert.equal(service.requests('GetBlob'), 0);
    assert.equal((await cache({ do: 'lookup', key: 'none' })).result, undefined);
  });

  test('a restore key finds the newest entry with that prefix', async () => {
    await using service = await CacheService.start();
    using workspace = new Workspace();
    const cache = clientOf(service, workspace);
    for (const text of ['one', 'two']) {
      workspace.write(text);
      await cache({ do: 'save', key: `app-${text}` });
    }
    assert.equal((await cache({ do: 'restore', key: 'new', restoreKeys: ['nothing-', 'app-'] })).result, 'app-two');
    assert.equal(workspace.read(), 'two');
  });

  test('a key that exists is left as it is, and the client says so without failing', async () => {
    await using service = await CacheService.start();
    using workspace = new Workspace('first');
    const cache = clientOf(service, workspace);
    await cache({ do: 'save' });
    workspace.write('second');
    const second = await cache({ do: 'save' });
    assert.equal(second.result, -1);
    assert.equal(second.error, undefined);
    assert.match(second.log, /Failed to save: Unable to reserve cache with key key, another job may be creating/);
    assert.doesNotMatch(second.log, /^::(warning|error)/m);
    await cache({ do: 'restore' });
    assert.equal(workspace.read(), 'first');
  });

  test('a read-only token restores and is denied to save, with a warning that says why', async () => {
    await using service = await CacheService.start();
    using workspace = new Workspace('kept');
    await clientOf(service, workspace)({ do: 'save' });
    const cache = clientOf(service, workspace, { mode: 'read' });
    const denied = await cache({ do: 'save', key: 'new' });
    assert.equal(denied.result, -1);
    assert.match(denied.log, /^::warning::Failed to save: .*cache write denied: token has no writable scopes$/m);
    assert.equal((await cache({ do: 'restore' })).result, 'key');
  });

  test('a token without readable scopes gets a warning and a miss', async () => {
    await using service = await CacheService.start();
    using workspace = new Workspace();
    await clientOf(service, workspace)({ do: 'save' });
    const denied = await clientOf(service, workspace, { mode: 'none' })({ do: 'restore' });
    assert.equal(denied.result, undefined);
    assert.match(denied.log, /^::warning::Failed to restore: .*cache read denied: token has no readable scopes/m);
  });

  test('ACTIONS_CACHE_MODE of the runner keeps the client from asking at all', async () => {
    await using service = await CacheService.start();
    using workspace = new Workspace();
    const cache = client(service, service.token(), workspace, { ACTIONS_CACHE_MODE: 'read' });
    const skipped = await cache({ do: 'save' });
    assert.equal(skipped.result, -1);
    assert.match(skipped.log, /Cache save skipped/);
    assert.equal(service.requests(), 0);
  });

  test('a service that is down is a warning at once and a miss', async () => {
    await using service = await CacheService.start();
    using workspace = new Workspace();
    const cache = clientOf(service, workspace);
    await cache({ do: 'save' });
    await service.goDown();
    const down = await cache({ do: 'restore' });
    assert.equal(down.result, undefined);
    assert.match(down.log, /^::warning::Failed to restore: .*ECONNREFUSED/m);
    await service.comeBack();
    assert.equal((await cache({ do: 'restore' })).result, 'key');
  });

  test('a call that fails once with 500 is tried again', async () => {
    await using service = await CacheService.start({ knobs: { status: 500, statusCount: 1 } });
    using workspace = new Workspace();
    const saved = await clientOf(service, workspace)({ do: 'save' });
    assert.equal(saved.result, 1);
    assert.match(saved.log, /Attempt 1 of 5 failed with error: Failed request: \(500\)/);
    assert.equal(service.requests('CreateCacheEntry'), 2);
  });

  test('a rate limit is not tried again', async () => {
    await using service = await CacheService.start({ knobs: { status: 429 } });
    using workspace = new Workspace();
    const limited = await clientOf(service, workspace)({ do: 'restore' });
    assert.match(limited.log, /^::warning::You've hit a rate limit, your rate limit will reset in 1 seconds$/m);
    assert.equal(service.requests(), 1);
  });

  test('an upload that is refused saves nothing and keeps the key reserved', async () => {
    await using service = await CacheService.start({ knobs: { uploadStatus: 403 } });
    using workspace = new Workspace();
    const cache = clientOf(service, workspace);
    const failed = await cache({ do: 'save' });
    assert.equal(failed.result, -1);
    assert.match(failed.log, /^::warning::Failed to save:/m);
    assert.equal(service.entries.length, 0);
    service.knobs.uploadStatus = undefined;
    assert.match((await cache({ do: 'save' })).log, /another job may be creating this cache/);
    assert.equal((await cache({ do: 'restore' })).result, undefined);
  });

  test('an entry that is not finalized is not found', async () => {
    await using service = await CacheService.start({ knobs: { finalize: 'refuse' } });
    using workspace = new Workspace();
    const cache = clientOf(service, workspace);
    const refused = await cache({ do: 'save' });
    assert.equal(refused.result, -1);
    assert.match(refused.log, /^::warning::cache entry could not be finalized$/m);
    assert.equal((await cache({ do: 'restore' })).result, undefined);
  });

  test('used-up storage and entries over the limit are warnings or infos, never errors', async () => {
    await using service = await CacheService.start({ knobs: { insufficientUsage: true } });
    using workspace = new Workspace();
    const cache = clientOf(service, workspace);
    assert.match((await cache({ do: 'save' })).log, /Failed to save: Unable to reserve cache/);
    service.knobs.insufficientUsage = false;
    service.knobs.maxEntryBytes = 10;
    assert.match(
      (await cache({ do: 'save' })).log,
      /^::warning::cache entry of \d+ bytes is over the limit of 10 bytes$/m,
    );
    assert.equal(service.entries.length, 0);
  });

  for (const corrupt of ['flip', 'garbage', 'truncate'] as const) {
    test(`a ${corrupt} download is a warning and a miss`, async () => {
      await using service = await CacheService.start();
      using workspace = new Workspace('kept');
      const cache = clientOf(service, workspace);
      await cache({ do: 'save' });
      service.knobs.corrupt = corrupt;
      const broken = await cache({ do: 'restore' });
      assert.equal(broken.result, undefined);
      assert.match(broken.log, /^::warning::Failed to restore:/m);
    });
  }

  test('a token of another service is refused', async () => {
    await using service = await CacheService.start();
    await using other = await CacheService.start();
    using workspace = new Workspace();
    const refused = await client(service, other.token(), workspace)({ do: 'restore' });
    assert.match(refused.log, /^::warning::Failed to restore: .*\(401\)/m);
  });

  test('without zstd the client packs with gzip, which is another version of the cache', async () => {
    await using service = await CacheService.start();
    using workspace = new Workspace('packed');
    // A PATH that holds nothing but tar and gzip.
    const bin = join(workspace.dir, 'bin');
    mkdirSync(bin);
    for (const name of ['tar', 'gzip']) symlinkSync(requireProgram(name), join(bin, name));
    const cache = client(service, service.token(), workspace, { PATH: bin });
    assert.equal((await cache({ do: 'save' })).result, 1);
    assert.deepEqual([...(service.entries[0]?.body?.subarray(0, 2) ?? [])], [0x1f, 0x8b]);
    workspace.write('changed');
    assert.equal((await cache({ do: 'restore' })).result, 'key');
    assert.equal(workspace.read(), 'packed');
    // A program of that name is all that the client asks for to take the other format.
    writeFileSync(join(bin, 'zstd'), '#!/bin/sh\necho 1.5.6\n'.replace('#!/bin/sh', `#!${requireProgram('sh')}`));
    chmodSync(join(bin, 'zstd'), 0o755);
    assert.equal((await cache({ do: 'lookup' })).result, undefined);
  });
});

test('the service runs as a process of its own', async () => {
  await using service = await CacheServiceProcess.start();
  using workspace = new Workspace();
  const cache = client(service, await service.token(), workspace);
  assert.equal((await cache({ do: 'save' })).result, 1);
  const [entry, ...others] = await service.entries();
  assert.deepEqual([entry?.key, entry?.scope, others.length], ['key', 'refs/heads/main', 0]);
  assert.equal((await service.log()).length, 3);
  await service.forget();
  await service.setKnobs({ status: 401 });
  assert.equal((await cache({ do: 'restore' })).result, undefined);
  assert.equal((await service.log())[0]?.status, 401);
  await service.setKnobs({ status: null });
  await service.goDown();
  assert.equal((await cache({ do: 'lookup' })).result, undefined);
  await service.comeBack();
  assert.equal((await cache({ do: 'lookup' })).result, 'key');
});

test('the service is reached from another network namespace', { skip: needs(...linkNeeds) }, async () => {
  await using link = await createLink({ rttMs: 5, bitsPerSec: 200e6 });
  await using service = await CacheServiceProcess.start({ netns: link.serverNetns, address: link.serverAddress });
  const url = `${service.url}twirp/github.actions.results.api.v1.CacheService/GetCacheEntryDownloadURL`;
  const request = JSON.stringify({ key: 'key', version: 'v' });
  const script = `fetch(${JSON.stringify(url)}, { method: 'POST', body: ${JSON.stringify(request)},
    headers: { authorization: 'Bearer ${await service.token()}' } }).then((r) => r.text()).then(console.log)`;
  const { stdout } = await link.runAt('client', process.execPath, ['-e', script]);
  assert.deepEqual(JSON.parse(stdout), { ok: false });
  assert.deepEqual(
    (await service.log()).map(({ what, key }) => [what, key]),
    [['GetCacheEntryDownloadURL', 'key']],
  );
});
