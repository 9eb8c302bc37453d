// Two jobs on two fresh machines: the second loads what the first one read, and starts its containers without asking the
// registry for a byte of a layer.
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import type { LoadedPacks } from '../../src/layer/hot-packs.ts';
import type { SavedPacks } from '../../src/layer/hot-save.ts';
import { containerdProgram } from '../support/containerd.ts';
import type { ImageName } from '../support/images.ts';
import { scratch } from '../support/layers.ts';
import { needs } from '../support/needs.ts';
import { startWorld, type World } from '../support/world.ts';

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
