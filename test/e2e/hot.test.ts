// Two jobs on two fresh machines: the second loads what the first one read, and starts its containers without asking the
// registry for a byte of a layer.
import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { LoadedPacks } from '../../src/layer/hot-packs.ts';
import type { SavedPacks } from '../../src/layer/hot-save.ts';
import { containerdProgram } from '../support/containerd.ts';
import { startDaemon } from '../support/daemon.ts';
import type { ImageName } from '../support/images.ts';
import { scratch } from '../support/layers.ts';
import { needs } from '../support/needs.ts';
import { TestRegistry } from '../support/registry.ts';
import { run } from '../support/run.ts';
import { startWorld, type World } from '../support/world.ts';

const LAZYPULL = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

/** The background would bring everything, some time. Everything else is as it is out of the box. */
const NO_FILL = 'background_fill.enabled = false\n';

async function cache<Document>(world: World, ...args: string[]): Promise<Document> {
  const { stdout } = await world.lazypull(['cache', ...args, '--socket', world.daemon.control, '--json']);
  return JSON.parse(stdout) as Document;
}

/** Requests for blobs of layers since the last `forget`: the image's configuration is asked for in every pull. */
async function layerRequests(world: World, name: ImageName): Promise<string[]> {
  const { layers } = await world.status(name);
  const digests = layers.map(({ digest }) => digest as string);
  return world.registry.log
    .map(({ method, path, range }) => `${method} ${path} ${range ?? ''}`)
    .filter((line) => digests.some((digest) => line.includes(digest)));
}

interface Job {
  readonly name: ImageName;
  readonly command: readonly string[];
  readonly output: RegExp;
}

/** Pulls and runs. @returns the requests for layers that it took. */
async function work(world: World, { name, command, output }: Job): Promise<string[]> {
  world.registry.forget();
  await world.pull(name);
  assert.match(await world.container(name, command), output);
  const { layers } = await world.status(name);
  for (const { state, reason } of layers) assert.notEqual(state, 'ordinary', reason);
  return layerRequests(world, name);
}

const SMALL_READS = ['/bin/md5sum', '/data/4096', '/data/4097', '/kinds/hard-2'];
const JOBS: readonly Job[] = [
  { name: 'small-esgz', command: SMALL_READS, output: /\/data\/4097\n/ },
  { name: 'small-esgz-optimized', command: SMALL_READS, output: /\/data\/4097\n/ },
  // Less than what the landmark names: nothing of the rest is asked for either.
  { name: 'small-esgz-optimized', command: ['/bin/md5sum', '/kinds/hard-2'], output: /hard-2\n/ },
  { name: 'small-zstdchunked', command: SMALL_READS, output: /\/data\/4097\n/ },
  { name: 'small-podman', command: SMALL_READS, output: /\/data\/4097\n/ },
  { name: 'small-esgz-external', command: SMALL_READS, output: /\/data\/4097\n/ },
  { name: 'real-esgz', command: ['/usr/bin/python3', '-c', 'print(6 * 7)'], output: /^42\n/ },
  { name: 'real-esgz-python', command: ['/usr/bin/python3', '/app/main.py'], output: /\S/ },
];

suite(
  'the second job',
  { skip: needs('root', 'fuse', 'erofs', containerdProgram('2'), 'ctr-remote', 'skopeo', 'debootstrap') },
  () => {
    for (const job of JOBS) {
      test(`of ${job.name} asks for nothing of its layers: ${job.command.join(' ')}`, async () => {
        await using folder = await scratch();
        const packs = join(folder.path, 'packs');
        const options = { version: '2', images: [job.name], config: NO_FILL } as const;
        let saved: SavedPacks;
        {
          await using world = await startWorld(options);
          assert.notDeepEqual(await work(world, job), [], 'the first job has to ask');
          saved = await cache<SavedPacks>(world, 'save', packs);
          assert.deepEqual(saved.skipped, []);
          assert.equal((await readdir(packs)).length, (await world.status(job.name)).layers.length);
        }
        await using world = await startWorld(options);
        const loaded = await cache<LoadedPacks>(world, 'load', packs);
        assert.deepEqual(loaded.refused, []);
        assert.deepEqual([loaded.layers, loaded.chunks], [saved.layers, saved.chunks]);
        assert.deepEqual(await work(world, job), []);
      });
    }
  },
);

suite(
  'what a job leaves for the next one',
  { skip: needs('root', 'fuse', 'erofs', containerdProgram('2'), 'skopeo') },
  () => {
    const job = JOBS[0]!;

    test('does not help where it is not loaded', async () => {
      await using world = await startWorld({ version: '2', images: [job.name], config: NO_FILL });
      assert.ok((await work(world, job)).length > 3);
    });

    test('is the same when it is saved after the containers and the image are gone', async () => {
      await using folder = await scratch();
      const packs = join(folder.path, 'packs');
      const options = { version: '2', images: [job.name], config: NO_FILL } as const;
      {
        await using world = await startWorld(options);
        await work(world, job);
        const { layers } = await world.status(job.name);
        await world.containerd.ctr(['images', 'rm', '--sync', world.ref(job.name)]);
        assert.deepEqual((await world.daemon.status()).images, []);
        assert.equal((await cache<SavedPacks>(world, 'save', packs)).layers, layers.length);
      }
      await using world = await startWorld(options);
      await cache<LoadedPacks>(world, 'load', packs);
      assert.deepEqual(await work(world, job), []);
    });

    test('is there while pulls go on, and after the serving process has died', async () => {
      await using folder = await scratch();
      const packs = join(folder.path, 'packs');
      const options = { version: '2', images: [job.name], config: NO_FILL } as const;
      {
        await using world = await startWorld(options);
        await work(world, job);
        await cache<SavedPacks>(world, 'save', packs);
      }
      await using world = await startWorld(options);
      const [loaded] = await Promise.all([cache<LoadedPacks>(world, 'load', packs), world.pull(job.name)]);
      assert.deepEqual(loaded.refused, []);
      const pid = await world.daemon.servingPid();
      process.kill(pid, 'SIGKILL');
      await world.daemon.ready(pid);
      world.registry.forget();
      assert.match(await world.container(job.name, job.command), job.output);
      // A new process does not know what a job reads, so it fetches the start set: what of that is not there already.
      const before = (await layerRequests(world, job.name)).length;
      assert.match(await world.container(job.name, job.command), job.output);
      assert.equal((await layerRequests(world, job.name)).length, before);
    });

    test('is not what only a password opens, where strangers can read it', async () => {
      const [username, password] = ['somebody', 'not-a-word-of-any-program-7f3a91'];
      await using folder = await scratch();
      const packs = join(folder.path, 'packs');
      const registry = await TestRegistry.start({ auth: { kind: 'token', username, password } });
      const auth = Buffer.from(`${username}:${password}`).toString('base64');
      const dockerConfig = join(folder.path, 'config.json');
      await writeFile(dockerConfig, JSON.stringify({ auths: { [registry.host]: { auth } } }));
      const config = `${NO_FILL}registry.docker_config = "${dockerConfig}"\n`;
      await using world = await startWorld({ version: '2', images: [job.name], config, registry });
      await work(world, job);
      const hidden = await cache<SavedPacks>(world, 'save', packs, '--skip-private');
      assert.equal(hidden.layers, 0);
      for (const { reason } of hidden.skipped) assert.match(reason, /without credentials/);
      assert.deepEqual(await readdir(packs), []);
      const { layers } = await world.status(job.name);
      assert.equal((await cache<SavedPacks>(world, 'save', packs)).layers, layers.length);
      for (const name of await readdir(packs)) assert.ok(!(await readFile(join(packs, name))).includes(password));
    });

    test('is saved with --skip-private when nobody was asked for a password', async () => {
      await using folder = await scratch();
      await using world = await startWorld({ version: '2', images: [job.name], config: NO_FILL });
      await work(world, job);
      const { layers } = await world.status(job.name);
      const saved = await cache<SavedPacks>(world, 'save', join(folder.path, 'packs'), '--skip-private');
      assert.deepEqual([saved.layers, saved.skipped], [layers.length, []]);
    });

    test('is refused by a machine on which nothing can be lazy, with the reason', async () => {
      await using folder = await scratch();
      await using daemon = await startDaemon({ dir: join(folder.path, 'lazypull'), config: 'mount.tier = "off"\n' });
      const args = ['cache', 'load', folder.path, '--socket', daemon.control];
      const { status, stderr } = await run(process.execPath, [LAZYPULL, ...args], { check: false });
      assert.deepEqual(
        [status, stderr],
        [1, 'lazypull: layers loaded here would not be used: mount.tier is "off" in the configuration\n'],
      );
    });
  },
);
