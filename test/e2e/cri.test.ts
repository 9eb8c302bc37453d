// Pods as Kubernetes starts them: containerd's CRI, of both generations, pulls through our snapshotter.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { containerdProgram } from '../support/containerd.ts';
import { startCriWorld } from '../support/cri-world.ts';
import { assertLazy, assertOrdinary } from '../support/layer-states.ts';
import { file } from '../support/entries.ts';
import { image } from '../support/images.ts';
import { addLayeredImage, busyboxLayer } from '../support/layered-image.ts';
import { needs } from '../support/needs.ts';
import { readLayout } from '../support/oci-layout.ts';
import { TestRegistry } from '../support/registry.ts';

const user = { username: 'puller', password: 'open sesame' };
const encodedUser = Buffer.from(`${user.username}:${user.password}`).toString('base64');
/** A registry that no DNS knows. */
const HOST = 'private.test';
const sleeping = ['/bin/sleep', '1000'];

function guardedRegistry(): Promise<TestRegistry> {
  return TestRegistry.start({ auth: { kind: 'basic', ...user } });
}

/** Docker's config.json with the password for a registry, as `docker login` writes it. */
function writeLogin(folder: string, host: string): string {
  const path = join(folder, 'config.json');
  writeFileSync(path, JSON.stringify({ auths: { [host]: { auth: encodedUser } } }), { mode: 0o600 });
  return path;
}

/** A certs.d that says where HOST really is. */
function writeCerts(folder: string, registry: TestRegistry): string {
  const path = join(folder, 'certs.d');
  mkdirSync(join(path, HOST), { recursive: true });
  writeFileSync(join(path, HOST, 'hosts.toml'), `server = "${registry.url}"\n`);
  return path;
}

for (const version of ['1.7', '2'] as const) {
  const skip = needs('root', 'fuse', 'erofs', 'busybox', 'ctr-remote', containerdProgram(version));
  suite(`CRI of containerd ${version}`, { skip }, () => {
    test('a pod runs from an eStargz image of which nothing was downloaded', async () => {
      await using it = await startCriWorld({ version, images: ['small-esgz'] });
      const { world, cri } = it;
      const ref = world.ref('small-esgz');
      assert.ok((await cri.conditions()).includes('RuntimeReady'));
      const id = await cri.pull(ref);
      assertLazy(await it.layers(ref), 3);
      assert.equal((await cri.imageStatus(ref))?.id, id);
      assert.deepEqual((await cri.images()).find((image) => image.id === id)?.repoTags, [ref]);

      await using pod = await cri.runPod();
      const container = await pod.start(ref, ['/bin/sh', '-c', 'echo started; sleep 1000']);
      assert.deepEqual(await container.exec('/bin/cat', '/data/one-byte', '/etc/replaced'), {
        stdout: 'overwritten\nnow a file\n',
        stderr: '',
        exitCode: 0,
      });
      assert.equal((await container.exec('/bin/cat', '/etc/to-be-deleted')).exitCode, 1);
      assert.equal((await container.status()).state, 'CONTAINER_RUNNING');
      assert.deepEqual(await container.log(), ['stdout started']);
      assertLazy(await it.layers(ref), 3);
      assertLazy(await it.layers(it.sandboxImage), 1);
    });

    test('an image that is pinned by digest is lazy too, with and without a tag', async () => {
      await using it = await startCriWorld({ version, images: ['small-esgz'] });
      const tagged = it.world.ref('small-esgz');
      const { digest } = readLayout((await image('small-esgz')).layoutDir).manifest;
      const pinned = `${tagged.replace(/:latest$/, '')}@${digest}`;
      const id = await it.cri.pull(pinned);
      assertLazy(await it.layers(pinned), 3);
      assert.equal(await it.cri.pull(`${tagged}@${digest}`), id);
      assert.deepEqual((await it.cri.imageStatus(id))?.repoDigests, [pinned]);
      assertLazy(await it.layers(pinned), 3);
      assert.deepEqual((await it.world.daemon.status()).fallbacks, []);
    });

    test('a pod runs from an image that lazypull pull brought, without another pull', async () => {
      await using it = await startCriWorld({ version, images: ['small-esgz'] });
      const { containerd, daemon, registry } = it.world;
      const ref = it.world.ref('small-esgz');
      const addresses = ['--address', containerd.socketPath, '--socket', daemon.control];
      await it.world.lazypull(['pull', ...addresses, '--namespace', 'k8s.io', ref]);
      const { id } = await it.cri.untilImage(ref);
      registry.forget();
      await using pod = await it.cri.runPod();
      const container = await pod.start(id, sleeping);
      assert.equal((await container.exec('/bin/cat', '/data/one-byte')).stdout, 'overwritten\n');
      assertLazy(await it.layers(ref), 3);
      assert.deepEqual(
        registry.log.filter(({ path }) => path.includes('/manifests/')),
        [],
      );
    });

    test('an ordinary image is downloaded and runs, and status says why each layer is not lazy', async () => {
      await using it = await startCriWorld({ version, images: ['small'] });
      const ref = it.world.ref('small');
      await it.cri.pull(ref);
      assertOrdinary(await it.layers(ref), { count: 3, kind: 'not-estargz', reason: /no TOC digest/ });
      await using pod = await it.cri.runPod();
      const container = await pod.start(ref, ['/bin/sh', '-c', 'cat /data/one-byte; exit 3']);
      assert.equal((await container.exited()).exitCode, 3);
      assert.deepEqual(await container.log(), ['stdout overwritten']);
    });

    test('an image of ordinary and eStargz layers runs, and the eStargz ones are lazy', async () => {
      await using it = await startCriWorld({ version });
      const layers = [
        busyboxLayer('cat', 'sleep'),
        [file('two', '2\n')],
        [file('three', '3\n')],
        [file('four', '4\n')],
      ];
      const { ref } = addLayeredImage(it.world.registry, 'mixed', layers, { estargz: [true, false, true, false] });
      await it.cri.pull(ref);
      const states = (await it.layers(ref)).layers.map(({ state }) => (state === 'ordinary' ? state : 'lazy'));
      assert.deepEqual(states.toSorted(), ['lazy', 'lazy', 'ordinary', 'ordinary']);
      await using pod = await it.cri.runPod();
      const container = await pod.start(ref, sleeping);
      assert.equal((await container.exec('/bin/cat', '/two', '/three', '/four')).stdout, '2\n3\n4\n');
    });

    test('without the password of the registry, which CRI tells only to containerd, the image is pulled in the ordinary way', async () => {
      await using registry = await guardedRegistry();
      await using it = await startCriWorld({
        version,
        registry,
        images: ['small-esgz'],
        config: 'registry.docker_config = "/nonexistent/config.json"',
      });
      const ref = it.world.ref('small-esgz');
      await assert.rejects(
        it.cri.pull(ref, { ...user, password: 'wrong' }),
        /401|[Uu]nauthorized|authorization failed/,
      );
      await it.cri.pull(ref, user);
      assertOrdinary(await it.layers(ref), { count: 3, kind: 'registry', reason: /401/ });
      await using pod = await it.cri.runPod();
      const container = await pod.start(ref, sleeping);
      assert.equal((await container.exec('/bin/cat', '/data/one-byte')).stdout, 'overwritten\n');
    });

    test('with docker config.json and certs.d the image of a private registry is lazy, and the password stays a secret', async () => {
      await using registry = await guardedRegistry();
      const folder = mkdtempSync(join(tmpdir(), 'lazypull-login-'));
      try {
        const login = writeLogin(folder, registry.host); // a password belongs to the host that is asked
        const config = `registry.docker_config = "${login}"\nregistry.certs_dir = "${writeCerts(folder, registry)}"`;
        await using it = await startCriWorld({ version, registry, images: ['small-esgz'], config });
        it.world.containerd.addRegistry(HOST, registry.url);
        const ref = `${HOST}/small-esgz:latest`;
        await it.cri.pull(ref, user);
        assertLazy(await it.layers(ref), 3);
        await using pod = await it.cri.runPod();
        const container = await pod.start(ref, sleeping);
        assert.equal((await container.exec('/bin/cat', '/data/one-byte')).stdout, 'overwritten\n');
        const said = (await it.world.daemon.log()) + JSON.stringify(await it.world.daemon.status());
        assert.ok(said.includes(ref));
        assert.ok(!said.includes(user.password));
        assert.ok(!said.includes(encodedUser));
      } finally {
        rmSync(folder, { recursive: true });
      }
    });

    test('layers stay mounted for a container whose image was removed, and are unmounted with it', async () => {
      await using it = await startCriWorld({ version, images: ['small-esgz'] });
      const { world, cri } = it;
      const ref = world.ref('small-esgz');
      await cri.pull(ref);
      const pod = await cri.runPod();
      const container = await pod.start(ref, sleeping);
      await cri.removeImage(ref);
      assert.equal(await cri.imageStatus(ref), undefined);
      assert.equal((await container.exec('/bin/cat', '/etc/replaced')).stdout, 'now a file\n');
      assertLazy(await it.layers(ref), 3);
      assert.equal(it.layerMounts.length, 4);

      await container.stop();
      await container.remove();
      await pod.remove();
      await cri.removeImage(it.sandboxImage);
      await it.untilNoImages();
      assert.deepEqual(it.layerMounts, []);
      assert.equal(await world.daemon.stop(), 0);
      assert.deepEqual(it.daemonMounts, []);
    });
  });
}
