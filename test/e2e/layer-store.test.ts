// Podman with the additional layer store: images start before they have been downloaded, whatever happens to the daemon and
// to the registry, and what can't be lazy is downloaded as if there were no store.
import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { Descriptor } from '../../src/oci/descriptor.ts';
import { CONTAINERS_MANIFEST_CHECKSUM, TOC_DIGEST } from '../../src/oci/annotations.ts';
import { digestOf, type Digest } from '../../src/oci/digest.ts';
import { DEMAND_ONLY, noiseFiles } from '../support/drill.ts';
import { dir, file, type Entry } from '../support/entries.ts';
import { buildEstargz, type BuiltLayer } from '../support/estargz.ts';
import { image } from '../support/images.ts';
import { addNoiseImage, programEntries } from '../support/noise-image.ts';
import { PodmanMachine, podmanMachineNeeds, STORE } from '../support/podman-machine.ts';
import { until } from '../support/until.ts';

const skip = podmanMachineNeeds();
const KIB = 1024;
const CHUNK = { chunkSize: 64 * KIB, compressionLevel: 1 };
/** Names of 64 hexadecimal digits are layers and configs. */
const BLOB = /\/blobs\/sha256:[0-9a-f]{64}$/;

suite('Podman with the layer store', { skip, concurrency: false }, () => {
  let world: PodmanMachine;
  const base = buildEstargz([...programEntries(), ...noiseFiles(16, 256 * KIB, 7)], CHUNK);

  before(async () => {
    // Longer than a busy machine needs.
    world = await PodmanMachine.open(`${DEMAND_ONLY}layer_store.timeout = "1m"\n`);
  });
  after(async () => {
    await world?.[Symbol.asyncDispose]();
  });

  /** Puts an image of these layers into the registry. @returns their descriptors. */
  function publish(name: string, layers: readonly BuiltLayer[], promise?: (layer: BuiltLayer) => string): Descriptor[] {
    const type = 'application/vnd.oci.image.layer.v1.tar+';
    const descriptors = layers.map((layer): Descriptor => {
      const zstd = layer.format === 'zstd:chunked-containers';
      const [key, digest] = zstd ? [CONTAINERS_MANIFEST_CHECKSUM, layer.tocChecksum] : [TOC_DIGEST, layer.tocDigest];
      const blob = world.registry.addBlob(name, layer.blob, `${type}${zstd ? 'zstd' : 'gzip'}`);
      return { ...blob, annotations: { [key]: promise?.(layer) ?? digest } };
    });
    const rootfs = { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) };
    world.registry.addImage(name, 'latest', descriptors, { rootfs });
    return descriptors;
  }

  function onTop(name: string, content: string): BuiltLayer {
    return buildEstargz([dir('top/'), file(`top/${name}`, content)], CHUNK);
  }

  /** How many requests asked for the whole of a blob. */
  function wholeBlobs(digests: readonly Digest[]): number {
    const isWhole = ({ path, range }: { path: string; range?: string | undefined }): boolean =>
      range === undefined && BLOB.test(path) && digests.some((digest) => path.endsWith(digest));
    return world.registry.log.filter(isWhole).length;
  }

  const reasonOf = async (name: string): Promise<string> =>
    (await world.status()).fallbacks.findLast(({ ref }) => ref === world.ref(name))?.reason ?? '';

  test('a container starts without its layers, and reads what they have', async () => {
    const layers = publish('first', [base, onTop('first', 'one')]);
    world.registry.forget();
    const { stdout } = await world.container('first', 'sha256sum /data/01 /top/first');
    const contents = [noiseFiles(16, 256 * KIB, 7).find(({ name }) => name === 'data/01'), file('top/first', 'one')];
    assert.deepEqual(
      stdout
        .split('\n')
        .slice(0, 2)
        .map((line) => `sha256:${line.slice(0, 64)}`),
      contents.map((entry: Entry | undefined) => digestOf(entry?.content ?? Buffer.alloc(0))),
    );
    assert.equal(wholeBlobs([base.digest]), 0);
    const fetched = world.registry.log.filter(({ path }) => path.endsWith(base.digest));
    assert.ok(fetched.reduce((sum, { bytes }) => sum + bytes, 0) < base.blob.length * 0.9, 'most of it was fetched');
    const known = await world.image('first');
    assert.equal(known?.consumer, 'layer-store');
    assert.deepEqual(
      known.layers.map(({ digest, state }) => [digest, state === 'ordinary']),
      [
        [layers[0]?.digest, false],
        [layers[1]?.digest, false],
      ],
    );
  });

  test('an image that shares a layer fetches only its own, and each keeps what it uses', async () => {
    publish('second', [base, onTop('second', 'two')]);
    world.registry.forget();
    assert.equal(
      (await world.container('second', 'cat /top/second; cat /data/01 | wc -c')).stdout,
      `two${256 * KIB}\n`,
    );
    assert.deepEqual(
      world.registry.log.filter(({ path }) => path.endsWith(base.digest)),
      [],
    );
    assert.equal(world.mounts().length, 3);
    await world.podman(['rmi', world.ref('first')]);
    await until(() => world.mounts().length === 2, 'the layer of the first image alone is let go');
    assert.equal((await world.container('second', 'cat /top/second')).stdout, 'two');
  });

  test('what is built on a lazy image runs, and what is pushed is what the layers have', async () => {
    const containerfile = `FROM ${world.ref('second')}\nRUN cat /top/second > /made\n`;
    await world.machine.run('cat > /tmp/Containerfile', { user: 'root', input: containerfile });
    const build = ['build', '--network=none', '-t', world.ref('built'), '-f', '/tmp/Containerfile'];
    await world.podman([...build, '/tmp']);
    assert.equal((await world.container('built', 'cat /made')).stdout, 'two');
    await world.podman(['push', '--tls-verify=false', world.ref('built')]);
    await world.podman(['rmi', world.ref('built')]);
    const { stdout } = await world.container('built', 'cat /made; sha256sum < /data/02');
    const content = noiseFiles(16, 256 * KIB, 7).find(({ name }) => name === 'data/02')?.content;
    assert.equal(stdout, `two${digestOf(content ?? Buffer.alloc(0)).slice('sha256:'.length)}  -\n`);
    await world.podman(['rmi', world.ref('built')]);
  });

  test('rmi of the last image lets go of all, and nothing stays mounted', async () => {
    await world.podman(['rmi', world.ref('second')]);
    await until(() => world.mounts().length === 0, 'everything is let go');
    const { consumers, images, history } = await world.status();
    assert.equal(consumers.find(({ name }) => name === 'layer-store')?.snapshots, 0);
    assert.deepEqual(images, []);
    assert.ok(history.some(({ ref, consumer }) => ref === world.ref('second') && consumer === 'layer-store'));
  });

  test('zstd:chunked as Podman writes it starts lazily', async () => {
    world.registry.content.addLayout((await image('small-podman')).layoutDir, 'zstd');
    world.registry.forget();
    assert.match((await world.container('zstd', '/bin/busybox cat /data/one-byte')).stdout, /^overwritten$/m);
    const states = (await world.image('zstd'))?.layers.map(({ state }) => state);
    assert.equal(states?.includes('ordinary'), false);
    assert.equal(states?.length, 3);
    assert.ok(world.registry.bytes < 6_000_000, `${world.registry.bytes} bytes`);
    await world.podman(['rmi', world.ref('zstd')]);
  });

  test('a reader notices nothing of kill -9 of the serving process, and counts survive it', async () => {
    const noise = addNoiseImage(world.registry, 'noise', { count: 6, size: 1024 * KIB });
    await world.podman(['pull', '-q', '--tls-verify=false', world.ref('noise')]);
    Object.assign(world.registry.knobs, { bytesPerSec: 1_000_000, latencyMs: 5 });
    const reading = world.container(
      'noise',
      `sha256sum ${[...noise.files.keys()].map((name) => `/${name}`).join(' ')}`,
    );
    for (let kills = 0; kills < 2; kills++) {
      const from = world.registry.bytes + 200_000;
      await until(() => world.registry.inFlight > 0 && world.registry.bytes > from, 'reads under way');
      await world.killServing();
    }
    Object.assign(world.registry.knobs, { bytesPerSec: undefined, latencyMs: 0 });
    const lines = (await reading).stdout.trim().split('\n');
    assert.deepEqual(new Map(lines.map((line) => [line.slice(67), line.slice(0, 64)])), noise.files);
    assert.equal((await world.status()).generation, 2);
    await world.podman(['rmi', world.ref('noise')]);
    await until(() => world.mounts().length === 0, 'the layer is let go');
  });

  test('an ordinary image is downloaded, and nobody is asked', async () => {
    world.registry.content.addLayout((await image('small')).layoutDir, 'ordinary');
    assert.match((await world.container('ordinary', '/bin/busybox cat /data/one-byte')).stdout, /^overwritten$/m);
    assert.equal(await world.image('ordinary'), undefined);
    await world.podman(['rmi', world.ref('ordinary')]);
  });

  test('a layer whose table of contents is not the promised one is downloaded, and status says why', async () => {
    const wrong = digestOf(Buffer.from('another table of contents'));
    publish('wrong', [base], () => wrong);
    assert.equal((await world.container('wrong', 'echo here')).stdout, 'here\n');
    assert.match(await reasonOf('wrong'), /another|expected|digest/);
    assert.deepEqual(world.mounts(), []);
    await world.podman(['rmi', world.ref('wrong')]);
  });

  test('a client that does not get the mounts downloads, instead of taking an empty folder for the layer', async () => {
    publish('apart', [onTop('apart', 'apart'), base]);
    const podman = world.podmanCommand(['pull', '-q', '--tls-verify=false', world.ref('apart')]);
    const apart = ['unshare', '--mount', '--propagation', 'private', ...podman];
    await world.machine.run(apart, { user: 'root' });
    assert.match(await reasonOf('apart'), /mount namespace/);
    assert.deepEqual(world.mounts(), []);
    assert.equal((await world.container('apart', 'cat /top/apart')).stdout, 'apart');
    await world.podman(['rmi', world.ref('apart')]);
  });

  test('missing data is EIO while the registry is down, and comes when it is back', async () => {
    addNoiseImage(world.registry, 'down', { count: 8, size: 1024 * KIB, seed: 3 });
    await world.podman(['pull', '-q', '--tls-verify=false', world.ref('down')]);
    assert.equal((await world.container('down', 'wc -c < /data/00')).stdout, `${1024 * KIB}\n`);
    world.registry.knobs.down = true;
    try {
      const command = 'wc -c < /data/00; cat /data/06 > /dev/null';
      const { status, stdout, stderr } = await world.container('down', command, false);
      assert.equal(stdout, `${1024 * KIB}\n`);
      assert.match(stderr, /(I\/O|Input\/output) error/);
      assert.equal(status, 1);
    } finally {
      world.registry.knobs.down = false;
    }
    assert.equal((await world.container('down', 'wc -c < /data/06')).stdout, `${1024 * KIB}\n`);
  });

  test('after a stop of the daemon its images do not run; after the next start they do, without the registry', async () => {
    await world.systemctl('stop');
    assert.deepEqual(world.mounts(), []);
    const { status, stderr } = await world.container('down', 'echo here', false);
    assert.notEqual(status, 0);
    assert.match(stderr, /no such file or directory/);
    world.registry.knobs.down = true;
    try {
      await world.systemctl('start');
      assert.equal((await world.container('down', 'wc -c < /data/06')).stdout, `${1024 * KIB}\n`);
    } finally {
      world.registry.knobs.down = false;
    }
  });

  test('after kill -9 of the whole daemon the next one takes the store over, with what is held', async () => {
    await world.systemctl('kill');
    await world.systemctl('start');
    assert.equal((await world.image('down'))?.layers.length, 1);
    assert.equal((await world.container('down', 'wc -c < /data/06')).stdout, `${1024 * KIB}\n`);
    await world.podman(['rmi', world.ref('down')]);
    await until(() => world.mounts().length === 0, 'the layer is let go');
  });

  test('nobody but root looks anything up', async () => {
    publish('private', [onTop('private', 'private')]);
    const name = Buffer.from(world.ref('private')).toString('base64');
    const path = `${STORE}/${name}/${onTop('private', 'private').tocDigest}/diff`;
    world.registry.forget();
    for (const one of [STORE, path]) {
      const { status, stderr } = await world.machine.run(['stat', one], { user: 'runner', check: false });
      assert.equal(status, 1);
      assert.match(stderr, /Permission denied/);
    }
    assert.deepEqual(world.registry.log, []);
    const { stdout } = await world.machine.run(['cat', `${path}/top/private`], { user: 'root' });
    assert.equal(stdout, 'private');
    // What root does by hand for a client that could not.
    await world.machine.run(['rmdir', dirname(path)], { user: 'root', check: false });
    await until(() => world.mounts().length === 0, 'the layer is let go');
  });

  test('a layer that takes too long is downloaded, and status says why', async () => {
    await world.configure(`${DEMAND_ONLY}layer_store.timeout = "100ms"\n`);
    publish('late', [buildEstargz([...programEntries(), file('late', 'late')], CHUNK)]);
    world.registry.knobs.latencyMs = 200;
    try {
      assert.equal((await world.container('late', 'cat /late')).stdout, 'late');
    } finally {
      world.registry.knobs.latencyMs = 0;
    }
    assert.match(await reasonOf('late'), /layer_store\.timeout \(100 ms\)/);
    assert.deepEqual(world.mounts(), []);
    await world.podman(['rmi', world.ref('late')]);
  });
});
