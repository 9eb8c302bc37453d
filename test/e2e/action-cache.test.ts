// Two jobs on two fresh machines with the action's cache between them: the real daemon, the real client, a real container.
// The second one starts it without asking the registry for a byte of a layer.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { type CacheContext, downloadCache, loadCache, saveCache } from '../../action/cache.ts';
import { createHost } from '../../action/host.ts';
import { cacheEnvironment, lazypullFor } from '../support/cache-job.ts';
import { CacheService } from '../support/cache-service.ts';
import { containerdProgram } from '../support/containerd.ts';
import { scratch } from '../support/layers.ts';
import { needs } from '../support/needs.ts';
import { startWorld, type World } from '../support/world.ts';

const IMAGE = 'small-esgz';
const OPTIONS = { version: '2', images: [IMAGE], config: 'background_fill.enabled = false\n' } as const;
const COMMAND = ['/bin/md5sum', '/data/4096', '/data/4097', '/kinds/hard-2'];

/** Pulls and runs. @returns the requests for layers that it took. */
async function work(world: World): Promise<number> {
  world.registry.forget();
  await world.pull(IMAGE);
  assert.match(await world.container(IMAGE, COMMAND), /\/data\/4097\n/);
  const { layers } = await world.status(IMAGE);
  return world.registry.log.filter(({ path }) => layers.some(({ digest }) => path.includes(digest))).length;
}

suite('the cache of the action', { skip: needs('root', 'fuse', 'erofs', containerdProgram('2'), 'skopeo') }, () => {
  test('starts the next job with what this one read', async () => {
    await using service = await CacheService.start();
    await using folder = await scratch();
    const temp = join(folder.path, '_temp');
    mkdirSync(temp);
    const infos: string[] = [];
    const contextOf = async (world: World, run: string): Promise<CacheContext> => ({
      host: createHost('root'),
      inputs: { cache: true, cacheKey: '', cacheLimitBytes: 256 * 1024 * 1024, matrix: 'null' },
      facts: { arch: process.arch, ghes: false },
      // A public repository: no event says anything else. The registry asks nobody for a password.
      env: { ...cacheEnvironment({ service, temp }), GITHUB_RUN_ID: run },
      info: (message) => void infos.push(message),
      notice: (message) => void infos.push(message),
      program: [await lazypullFor(world.daemon.control, folder.path)],
    });
    let key: string;
    {
      await using world = await startWorld(OPTIONS);
      const context = await contextOf(world, '1');
      assert.equal((await loadCache(context, await downloadCache(context))).key, '');
      assert.ok((await work(world)) > 3, 'the first job has to ask');
      const saved = await saveCache(context, '');
      assert.deepEqual([saved.outcome, saved.why], ['saved', '']);
      assert.equal(saved.layers, (await world.status(IMAGE)).layers.length);
      ({ key } = saved);
    }
    await using world = await startWorld(OPTIONS);
    const context = await contextOf(world, '2');
    const restored = await loadCache(context, await downloadCache(context));
    assert.deepEqual([restored.key, restored.refused, restored.why], [key, 0, '']);
    assert.equal(await work(world), 0);
    const saved = await saveCache(context, restored.key);
    assert.deepEqual([saved.outcome, saved.layers], ['unchanged', restored.layers], saved.why);
    assert.equal(infos.length, 4, infos.join('\n'));
  });
});
