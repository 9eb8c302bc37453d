// The other ways to mount: EROFS on a loop device (tier B), and fuse-native as the transport.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { containerdProgram } from '../support/containerd.ts';
import { needs } from '../support/needs.ts';
import { startWorld } from '../support/world.ts';

const ways = [
  { title: 'tier B', config: 'mount.tier = "B"', tier: 'B', transport: 'wire' },
  {
    title: 'fuse-native',
    config: 'fuse.transport = "fuse-native"',
    tier: 'A',
    transport: 'fuse-native',
  },
];

suite('other ways to mount', { skip: needs('root', 'fuse', 'erofs', containerdProgram('2'), 'ctr-remote') }, () => {
  for (const { title, config, tier, transport } of ways) {
    test(`${title}: a container runs, and the whole tree equals the one that overlayfs gives`, async () => {
      await using world = await startWorld({ version: '2', images: ['small-esgz', 'small'], config });
      await world.pull('small-esgz');
      const { daemon } = await world.status('small-esgz');
      assert.deepEqual([daemon.tier, daemon.transport], [tier, transport]);
      assert.equal(await world.container('small-esgz', ['/bin/echo', title]), `${title}\n`);
      assert.deepEqual(await world.differences('small-esgz', 'small'), []);
      assert.equal(await world.daemon.stop(), 0);
      assert.deepEqual(
        world.mounts.filter((path) => path.startsWith(world.daemon.dir)),
        [],
      );
    });
  }
});
