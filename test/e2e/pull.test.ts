// The main job: containers of lazily pulled images on real containerd, of both generations, by each way to pull.
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { containerdProgram } from '../support/containerd.ts';
import type { ImageName } from '../support/images.ts';
import { needs } from '../support/needs.ts';
import { startWorld, type World } from '../support/world.ts';

const versions = ['1.7', '2'] as const;

async function assertLazy(world: World, name: ImageName): Promise<void> {
  const { layers, daemon } = await world.status(name);
  assert.ok(layers.length > 0);
  for (const layer of layers) assert.notEqual(layer.state, 'ordinary', layer.reason);
  const stored = new Set(await world.content());
  for (const { digest } of layers) assert.ok(!stored.has(digest), `${digest} was downloaded into the content store`);
  assert.deepEqual(daemon.fallbacks, []);
}

for (const version of versions) {
  suite(
    `containerd ${version}`,
    { skip: needs('root', 'fuse', 'erofs', containerdProgram(version), 'ctr-remote', 'skopeo') },
    () => {
      test('lazypull pull: a container runs, every layer is remote, no layer blob is downloaded', async () => {
        await using world = await startWorld({ version, images: ['small-esgz'] });
        const { stdout } = await world.pull('small-esgz');
        assert.match(stdout, /lazy/);
        await assertLazy(world, 'small-esgz');
        assert.equal(await world.container('small-esgz', ['/bin/echo', 'hello']), 'hello\n');
        await assertLazy(world, 'small-esgz');
      });

      for (const name of [
        'small-esgz',
        'small-esgz-chunked',
        'small-esgz-min-chunk',
        'small-esgz-optimized',
        'small-zstdchunked',
        'small-esgz-external',
        'small-esgz-external-keep',
        'small-podman',
      ] as const) {
        test(`the whole tree of ${name} equals the one that overlayfs gives`, async () => {
          await using world = await startWorld({ version, images: [name, 'small'] });
          await world.pull(name);
          assert.deepEqual(await world.differences(name, 'small'), []);
          await assertLazy(world, name);
        });
      }

      test('an ordinary image is pulled as always, and status says which layers and why', async () => {
        await using world = await startWorld({ version, images: ['small'] });
        const { stdout } = await world.pull('small');
        assert.match(stdout, /no TOC digest/);
        assert.equal(await world.container('small', ['/bin/echo', 'ordinary']), 'ordinary\n');
        const { layers } = await world.status('small');
        assert.equal(layers[0]?.state, 'ordinary');
        assert.equal(layers[0]?.kind, 'not-estargz');
        assert.match(layers[0]?.reason ?? '', /no TOC digest/);
      });

      test('after image and container are removed, nothing is left mounted and the daemon stops cleanly', async () => {
        await using world = await startWorld({ version, images: ['small-esgz'] });
        await world.pull('small-esgz');
        await world.container('small-esgz', ['/bin/true']);
        await world.containerd.ctr(['images', 'rm', '--sync', world.ref('small-esgz')]);
        assert.deepEqual((await world.daemon.status()).images, []);
        assert.equal(await world.daemon.stop(), 0);
        assert.deepEqual(
          world.mounts.filter((path) => path.startsWith(world.daemon.dir)),
          [],
        );
      });
    },
  );
}

suite('transfer service', { skip: needs('root', 'fuse', 'erofs', containerdProgram('2'), 'ctr-remote') }, () => {
  test('ctr images pull: every layer is remote and a container runs', async () => {
    await using world = await startWorld({ version: '2', images: ['small-esgz'] });
    await world.containerd.ctr(world.pullArgs('small-esgz', 'stargz'));
    await assertLazy(world, 'small-esgz');
    assert.equal(await world.container('small-esgz', ['/bin/echo', 'transferred']), 'transferred\n');
  });
});

suite(
  'a real image of 43,000 files',
  { skip: needs('root', 'fuse', 'erofs', containerdProgram('2'), 'ctr-remote', 'skopeo', 'debootstrap') },
  () => {
    const names = ['real-esgz', 'real-esgz-python', 'real-podman'] as const;
    let world: World;
    // Unpacking the ordinary one takes longest: once for all.
    before(async () => {
      world = await startWorld({ version: '2', images: [...names, 'real'] });
    });
    after(() => world[Symbol.asyncDispose]());
    for (const name of names) {
      test(`${name}: python and node run, and the whole tree equals the one that overlayfs gives`, async () => {
        await world.pull(name);
        await assertLazy(world, name);
        assert.equal(await world.container(name, ['/usr/bin/python3', '-c', 'print(6 * 7)']), '42\n');
        assert.equal(await world.container(name, ['/usr/local/bin/node', '-e', 'console.log(6 * 7)']), '42\n');
        assert.deepEqual(await world.differences(name, 'real'), []);
        await assertLazy(world, name);
      });
    }
  },
);
