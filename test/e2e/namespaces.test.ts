// Namespaces of one containerd share layers that are mounted lazily, and each can let go of them without the others.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { containerdProgram } from '../support/containerd.ts';
import { type CriWorld, startCriWorld } from '../support/cri-world.ts';
import { assertLazy } from '../support/layer-states.ts';
import { needs } from '../support/needs.ts';

const echo = ['/bin/cat', '/data/one-byte'];

type Pull = (it: CriWorld, namespace: string, ref: string) => Promise<unknown>;

const byLazypull: Pull = ({ world }, namespace, ref) => {
  const { containerd, daemon } = world;
  const addresses = ['--address', containerd.socketPath, '--socket', daemon.control];
  return world.lazypull(['pull', ...addresses, '--namespace', namespace, ref]);
};

const byTransfer: Pull = (it, namespace, ref) => {
  const options = ['--hosts-dir', it.world.containerd.hostsDir, '--snapshotter', 'stargz'];
  return it.ctr(namespace, 'images', 'pull', ...options, ref);
};

const run = (it: CriWorld, namespace: string, ref: string, id: string): Promise<string[]> =>
  it.ctr(namespace, 'run', '--rm', '--snapshotter', 'stargz', ref, id, ...echo);

const remove = (it: CriWorld, namespace: string, ref: string): Promise<string[]> =>
  it.ctr(namespace, 'images', 'rm', '--sync', ref);

const cases = [
  { version: '1.7', program: 'lazypull pull', pull: byLazypull },
  { version: '2', program: 'lazypull pull', pull: byLazypull },
  { version: '2', program: 'ctr images pull', pull: byTransfer },
] as const;

for (const { version, program, pull } of cases) {
  const skip = needs('root', 'fuse', 'erofs', 'busybox', 'ctr-remote', containerdProgram(version));
  suite(`two namespaces of containerd ${version}, ${program}`, { skip }, () => {
    test('the second pull of an image asks for no layer, and the first namespace can let go of it', async () => {
      await using it = await startCriWorld({ version, images: ['small-esgz'] });
      const { registry, daemon } = it.world;
      const ref = it.world.ref('small-esgz');
      await pull(it, 'a', ref);
      assertLazy(await it.layers(ref, 'a'), 3);
      registry.forget();
      await pull(it, 'b', ref);
      const digests = (await it.layers(ref, 'b')).layers.map(({ digest }) => digest);
      assertLazy(await it.layers(ref, 'b'), 3);
      assert.equal(it.layerMounts.length, 3);
      const asked = registry.log.filter(({ path }) => digests.some((digest) => path.includes(digest)));
      assert.deepEqual(asked, []);

      assert.deepEqual(await run(it, 'a', ref, 'one'), ['overwritten']);
      await remove(it, 'a', ref);
      assert.deepEqual(await run(it, 'b', ref, 'two'), ['overwritten']);
      assertLazy(await it.layers(ref, 'b'), 3);
      await remove(it, 'b', ref);
      await it.untilNoImages();
      assert.deepEqual(it.layerMounts, []);
      assert.equal((await daemon.status()).cache.layers, 3);
    });
  });
}
