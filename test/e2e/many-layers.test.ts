// An image with more layers than a label has room to name: labels are cut at 4096 bytes, which is 56 digests. Each way to
// pull has to mount all of them, and a container has to start from an overlay of so many.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { containerdProgram } from '../support/containerd.ts';
import { type CriWorld, startCriWorld } from '../support/cri-world.ts';
import { file } from '../support/entries.ts';
import { assertLazy } from '../support/layer-states.ts';
import { addLayeredImage, busyboxLayer, type LayeredImage } from '../support/layered-image.ts';
import { needs } from '../support/needs.ts';

const COUNT = 100;

/** A busybox, and above it layers that each write their number into /last and into a file of their own. */
function addManyLayers(it: CriWorld): LayeredImage {
  const above = Array.from({ length: COUNT - 1 }, (_, index) => [
    file('last', `${index}\n`),
    file(`own-${index}`, `layer ${index}\n`),
  ]);
  return addLayeredImage(it.world.registry, 'many', [busyboxLayer('cat', 'sleep'), ...above], { estargz: true });
}

const reads = ['/bin/cat', '/last', '/own-0', '/own-50', '/own-98'];
const expected = '98\nlayer 0\nlayer 50\nlayer 98\n';

for (const version of ['1.7', '2'] as const) {
  const skip = needs('root', 'fuse', 'erofs', 'busybox', containerdProgram(version));
  suite(`an image of ${COUNT} layers on containerd ${version}`, { skip }, () => {
    test('CRI: every layer is lazy', async () => {
      await using it = await startCriWorld({ version });
      const { ref } = addManyLayers(it);
      await it.cri.pull(ref);
      assertLazy(await it.layers(ref), COUNT);
      await using pod = await it.cri.runPod();
      const container = await pod.start(ref, ['/bin/sleep', '1000']);
      assert.equal((await container.exec(...reads)).stdout, expected);
    });

    test('lazypull pull: every layer is lazy', async () => {
      await using it = await startCriWorld({ version });
      const { ref } = addManyLayers(it);
      const { containerd, daemon } = it.world;
      await it.world.lazypull(['pull', '--address', containerd.socketPath, '--socket', daemon.control, ref]);
      assertLazy(await it.layers(ref, 'default'), COUNT);
      const { stdout } = await containerd.ctr([
        'run',
        '--rm',
        '--snapshotter',
        'stargz',
        ref,
        `many-${process.pid}`,
        ...reads,
      ]);
      assert.equal(stdout, expected);
    });

    // containerd 1.7's own pull passes no labels: nothing is lazy there.
    if (version === '2') {
      test('ctr images pull: every layer is lazy', async () => {
        await using it = await startCriWorld({ version });
        const { ref } = addManyLayers(it);
        const { containerd } = it.world;
        await containerd.ctr(['images', 'pull', '--hosts-dir', containerd.hostsDir, '--snapshotter', 'stargz', ref]);
        assertLazy(await it.layers(ref, 'default'), COUNT);
        const { stdout } = await containerd.ctr([
          'run',
          '--rm',
          '--snapshotter',
          'stargz',
          ref,
          `many-${process.pid}`,
          ...reads,
        ]);
        assert.equal(stdout, expected);
      });
    }
  });
}
