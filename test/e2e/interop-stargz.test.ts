// What we write, before the Go stargz snapshotter on a real containerd: every layer is mounted lazily and verified, and the
// tree is the one of the original.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { ConvertResult } from '../../src/optimize/convert-model.ts';
import { containerdProgram } from '../support/containerd.ts';
import { publish } from '../support/convert-cli.ts';
import { needs } from '../support/needs.ts';
import { type PeerWorld, startPeerWorld } from '../support/peer-world.ts';
import { stargzPeerProgram } from '../support/peers/stargz.ts';

const skip = needs('root', 'fuse', 'busybox', 'ctr-remote', containerdProgram('2'), stargzPeerProgram);
// Only what is read is fetched, so that a blob that came as a whole is seen.
const NO_FILL = 'no_background_fetch = true\nnoprefetch = true\n';

const variants: readonly { title: string; flags: readonly string[] }[] = [
  { title: 'estargz', flags: [] },
  { title: 'estargz in small chunks', flags: ['--chunk-size', '65536'] },
  { title: 'estargz of packed members', flags: ['--min-chunk-size', '50000'] },
  { title: 'estargz with external TOCs', flags: ['--external-toc'] },
  { title: 'estargz with the diff ids of the source', flags: ['--external-toc', '--keep-diff-id'] },
  { title: 'zstd:chunked', flags: ['--format', 'zstd:chunked'] },
];

function layersOf({ manifests }: ConvertResult): { digest: string; size: number }[] {
  return manifests.flatMap(({ layers }) => [...layers]);
}

/**
 * Differences that this snapshotter shows with images of its own converter, too: modes of symbolic links are those of the
 * tar, and times before the epoch are the epoch.
 */
function withoutQuirks(differences: readonly string[]): string[] {
  return differences.filter((line) => !/ mode=120\d+ /.test(line) && !line.includes(' kinds/before-epoch '));
}

/** No layer came as a blob. */
async function assertLazy(world: PeerWorld, converted: ConvertResult): Promise<void> {
  const stored = await world.content();
  for (const { digest } of layersOf(converted)) assert.ok(!stored.has(digest), `${digest} is in the content store`);
}

suite('The Go stargz snapshotter mounts what we write', { skip }, () => {
  let world: PeerWorld;
  before(async () => {
    world = await startPeerWorld(NO_FILL);
    await world.add('small');
    await world.pullOrdinarily('small');
  });
  after(() => world[Symbol.asyncDispose]());

  for (const { title, flags } of variants) {
    test(`${title}: every layer is lazy and the tree is that of the original`, async () => {
      const name = title.replaceAll(/[^a-z]+/g, '-');
      const converted = await publish(world.registry, 'small', name, flags);
      world.registry.forget();
      await world.pullLazily(name);
      assert.match(await world.container(name, ['/bin/md5sum', '/data/4097']), /^[0-9a-f]{32} {2}\/data\/4097\n$/);
      const total = layersOf(converted).reduce((sum, { size }) => sum + size, 0);
      assert.ok(world.registry.bytes < total / 2, `${world.registry.bytes} of ${total} bytes were fetched`);
      assert.deepEqual(withoutQuirks(await world.differences(name, 'small')), []);
      await assertLazy(world, converted);
    });
  }

  test('it shows its own images as it shows ours', async () => {
    await world.add('small-esgz');
    await world.pullLazily('small-esgz');
    const differences = await world.differences('small-esgz', 'small');
    assert.deepEqual(withoutQuirks(differences), []);
    assert.equal(differences.length, 8);
  });
});

suite('The Go stargz snapshotter uses what we write', { skip }, () => {
  test('what a prefetch list names comes with the pull, in one range, and nothing is fetched for it later', async () => {
    await using world = await startPeerWorld('no_background_fetch = true\n');
    const list = join(world.dir, 'list');
    writeFileSync(list, '/bin/busybox\n/bin/md5sum\n/data/4097\n');
    const converted = await publish(world.registry, 'small', 'ours', ['--prefetch-list', list]);
    await world.pullLazily('ours');
    await world.container('ours', ['/bin/md5sum', '/data/4097']);
    const before = world.registry.bytes;
    await world.container('ours', ['/bin/md5sum', '/data/4097']);
    await world.container('ours', ['/bin/busybox', 'cat', '/data/4097']);
    assert.equal(world.registry.bytes, before);
    await world.container('ours', ['/bin/md5sum', '/data/big']);
    assert.notEqual(world.registry.bytes, before);
    await assertLazy(world, converted);
  });

  test('a byte that is not what it was is an error of the read, not other content', async () => {
    await using world = await startPeerWorld(NO_FILL);
    const [layer] = layersOf(await publish(world.registry, 'small', 'ours'));
    assert.ok(layer !== undefined);
    // In the middle of /data/big, which is most of the layer.
    world.registry.content.corrupt(layer.digest, Math.floor(layer.size / 2));
    await world.pullLazily('ours');
    await world.container('ours', ['/bin/true']);
    await assert.rejects(world.container('ours', ['/bin/md5sum', '/data/big']), /error/i);
    assert.match(await world.container('ours', ['/bin/md5sum', '/data/4097']), /data\/4097/);
  });
});
