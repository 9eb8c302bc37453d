// What `lazypull convert` makes of ordinary images, pulled lazily by a real containerd: the same files, and none downloaded.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { containerdProgram } from '../support/containerd.ts';
import type { ImageName } from '../support/images.ts';
import { needs } from '../support/needs.ts';
import { startWorld, type World } from '../support/world.ts';

const REQUIRED = ['root', 'fuse', 'erofs', 'runc', containerdProgram('2')];

/** Converts an image within the registry. @returns the name of the new one. */
async function convert(world: World, source: ImageName, flags: readonly string[] = []): Promise<ImageName> {
  const name = `${source}-converted` as ImageName;
  await world.lazypull(['convert', '--plain-http', ...flags, world.ref(source), world.ref(name)]);
  return name;
}

async function assertLazy(world: World, name: ImageName): Promise<void> {
  const { layers, daemon } = await world.status(name);
  assert.ok(layers.length > 0);
  for (const layer of layers) assert.notEqual(layer.state, 'ordinary', layer.reason);
  assert.deepEqual(daemon.fallbacks, []);
}

suite('converted, pulled lazily', { skip: needs(...REQUIRED, 'busybox') }, () => {
  const ways: readonly [title: string, flags: readonly string[]][] = [
    ['estargz', []],
    ['estargz of small chunks, several in a member', ['--chunk-size', '64KiB', '--min-chunk-size', '50000']],
    ['estargz with external tables of contents', ['--external-toc']],
    ['estargz that keeps its diff ids', ['--external-toc', '--keep-diff-id']],
    ['zstd:chunked', ['--format', 'zstd:chunked']],
    ["Podman's zstd:chunked", ['--format', 'zstd:chunked-containers']],
  ];
  for (const [title, flags] of ways) {
    test(`${title}: a container runs, and the tree is that of the original under overlayfs`, async () => {
      await using world = await startWorld({ version: '2', images: ['small'] });
      const name = await convert(world, 'small', flags);
      await world.pull(name);
      await assertLazy(world, name);
      assert.equal(await world.container(name, ['/bin/echo', 'converted']), 'converted\n');
      assert.deepEqual(await world.differences(name, 'small'), []);
      await assertLazy(world, name);
    });
  }

  test('a converted image is an ordinary one for who does not know', async () => {
    await using world = await startWorld({ version: '2', images: ['small'] });
    const name = await convert(world, 'small', ['--external-toc', '--keep-diff-id']);
    await world.containerd.ctr(world.pullArgs(name, 'overlayfs'));
    assert.equal(await world.container(name, ['/bin/echo', 'unpacked'], 'overlayfs'), 'unpacked\n');
  });
});

suite('a real image of 43,000 files', { skip: needs(...REQUIRED, 'debootstrap') }, () => {
  test('converted and pulled lazily: python and node run, and the whole tree is that of the original', async () => {
    await using world = await startWorld({ version: '2', images: ['real'] });
    const name = await convert(world, 'real', ['--compression-level', '1']);
    await world.pull(name);
    await assertLazy(world, name);
    assert.equal(await world.container(name, ['/usr/bin/python3', '-c', 'print(6 * 7)']), '42\n');
    assert.equal(await world.container(name, ['/usr/local/bin/node', '-e', 'console.log(6 * 7)']), '42\n');
    assert.deepEqual(await world.differences(name, 'real'), []);
    await assertLazy(world, name);
  });
});
