// What a build pushes is what the next job pulls lazily, on a machine that knows nothing: job 1 builds on a lazy base and pushes
// with BuildKit's own exporter; job 2 starts the image by our daemon, builds on it, and starts it by the Go snapshotter.
import assert from 'node:assert/strict';
import { before, suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { BuildWorld, buildWorldNeeds } from '../support/build-world.ts';
import { publish } from '../support/convert-cli.ts';
import type { ImageName } from '../support/images.ts';
import { needs } from '../support/needs.ts';
import { startPeerWorld } from '../support/peer-world.ts';
import { stargzPeerProgram } from '../support/peers/stargz.ts';
import type { RegistryContent } from '../support/registry-content.ts';
import type { TestRegistry } from '../support/registry.ts';
import { run } from '../support/run.ts';
import { until } from '../support/until.ts';
import { startWorld, type World } from '../support/world.ts';

const CLI = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const NO_FILL = 'background_fill.enabled = false\n';
const NO_FILL_PEER = 'no_background_fetch = true\nnoprefetch = true\n';
const READS = 'md5sum -c /made && cat /etc/job && test ! -e /kinds/many && echo deleted';
const COMMAND = ['/bin/sh', '-c', READS];
const PRINTS = '/data/4096: OK\n/data/own: OK\nfirst\ndeleted\n';

/** As it was pushed, and that one with the files in front that its command reads. */
const images = ['pushed', 'ordered'] as const;

let content: RegistryContent;

/** A registry of the second job gets an image of the first one, and nothing else of it. */
function give(registry: TestRegistry, name: string): void {
  const { tags, contents } = content.repository(name);
  const target = registry.content.repository(name);
  for (const [tag, digest] of tags) target.tags.set(tag, digest);
  for (const [digest, bytes] of contents) target.contents.set(digest, bytes);
}

/** Layers of an image that came in one piece, and how much of all of them came. */
function fetched(registry: TestRegistry, name: string): { readonly whole: string[]; readonly share: number } {
  const blobs = registry.log.filter(({ method, path }) => method === 'GET' && path.startsWith(`/v2/${name}/blobs/`));
  const whole = blobs.filter(({ range, bytes }) => range === undefined && bytes > 10_000).map(({ path }) => path);
  const sizes = [...content.repository(name).contents.values()].map(({ size }) => size);
  const bytes = blobs.reduce((sum, blob) => sum + blob.bytes, 0);
  return { whole, share: bytes / sizes.reduce((sum, size) => sum + size, 0) };
}

function assertLazy(registry: TestRegistry, name: string): void {
  const { whole, share } = fetched(registry, name);
  assert.deepEqual(whole, []);
  assert.ok(share > 0 && share < 0.5, `${share} of the layers was fetched`);
}

/** Most of the layer is a file that nobody reads afterwards. */
const STEP = [
  'md5sum /data/4096 > /made && cat /data/4095 /data/4097 > /data/own && md5sum /data/own >> /made',
  'cat /data/4095 /data/big > /data/unread && rm -r /kinds/many && echo first > /etc/job',
].join(' && ');

async function firstJob(): Promise<RegistryContent> {
  await using job = await BuildWorld.start({ images: [] });
  await publish(job.registry, 'small', 'base');
  job.registry.forget();
  const build = (name: string, step: string, compression: string): Promise<unknown> => {
    const target = `type=image,name=${job.ref(name)},push=true,registry.insecure=true,oci-mediatypes=true`;
    const output = ['--output', `${target},compression=${compression}`];
    return job.build(`FROM ${job.ref('base')}\nRUN ${step}\n`, output);
  };
  await build('pushed', STEP, 'estargz');
  // Another step: of the first one BuildKit has a blob that is gzip, too, and pushes that.
  await build('gzip', `${STEP} && true`, 'gzip');
  // The step itself reads most of its base, but nobody downloads a layer, neither to build nor to push.
  assert.deepEqual(job.wholeBlobs('base'), []);
  const optimize = [CLI, 'optimize', '--plain-http', job.ref('pushed'), job.ref('ordered'), '--', ...COMMAND];
  await run(process.execPath, optimize);
  return job.registry.content;
}

suite('What a build pushes is pulled lazily in the next job', { skip: buildWorldNeeds('busybox') }, () => {
  before(async () => {
    content = await firstJob();
  });

  for (const name of images) {
    test(`${name}: by our daemon in containerd`, async () => {
      await using job = await startWorld({ version: '2', images: [], config: NO_FILL });
      give(job.registry, name);
      await job.pull(name as ImageName);
      const { layers } = await job.status(name as ImageName);
      for (const { state, reason } of layers) assert.notEqual(state, 'ordinary', reason);
      if (name === 'ordered') await untilPrefetched(job, name);
      const before = await faults(job, name);
      assert.equal(await job.container(name as ImageName, COMMAND), PRINTS);
      assert.equal((await faults(job, name)) > before, name === 'pushed');
      assertLazy(job.registry, name);
    });

    test(`${name}: as the base of a build`, async () => {
      await using job = await BuildWorld.start({ images: [] });
      give(job.registry, name);
      const { output } = await job.build(`FROM ${job.ref(name)}\nRUN ${READS}\n`);
      assert.equal(output, PRINTS);
      assert.ok((await job.states(job.ref(name))).length > 3);
      for (const state of await job.states(job.ref(name))) assert.notEqual(state, 'ordinary');
      assertLazy(job.registry, name);
    });

    test(`${name}: by the Go snapshotter`, { skip: needs('ctr-remote', stargzPeerProgram) }, async () => {
      await using job = await startPeerWorld(NO_FILL_PEER);
      give(job.registry, name);
      await job.pullLazily(name);
      assert.equal(await job.container(name, COMMAND), PRINTS);
      assertLazy(job.registry, name);
    });
  }

  test('what is pushed without a table of contents comes in one piece', async () => {
    await using job = await startWorld({ version: '2', images: [], config: NO_FILL });
    give(job.registry, 'gzip');
    await job.pull('gzip' as ImageName);
    const { layers } = await job.status('gzip' as ImageName);
    assert.equal(layers.at(-1)?.state, 'ordinary');
    assert.equal(fetched(job.registry, 'gzip').whole.length, 1);
    assert.equal(await job.container('gzip' as ImageName, COMMAND), PRINTS);
  });
});

async function untilPrefetched(job: World, name: string): Promise<void> {
  await until(async () => {
    const { layers } = await job.status(name as ImageName);
    return layers.every(({ prefetch }) => prefetch === undefined || prefetch.state === 'done');
  }, `the prefetch of ${name}`);
}

async function faults(job: World, name: string): Promise<number> {
  return (await job.status(name as ImageName)).layers.reduce((sum, layer) => sum + layer.faults, 0);
}
