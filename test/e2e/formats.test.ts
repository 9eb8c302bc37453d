// Layers of every format in a real daemon: mounted, read, damaged, taken over by the next serving process and the next
// daemon; and the reasons of those that are not lazy.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, suite, test } from 'node:test';
import type { LayerFormat } from '../../src/estargz/footer.ts';
import { CONTAINERS_MANIFEST_CHECKSUM, LAZYPULL_TOC_CHECKSUM } from '../../src/oci/annotations.ts';
import { digestOf } from '../../src/oci/digest.ts';
import type { Labels } from '../../src/snapshot/lazy.ts';
import { containerdProgram } from '../support/containerd.ts';
import { DEMAND_ONLY, digestsOf, Drill, forgetPages, readFiles } from '../support/drill.ts';
import { file, noise } from '../support/entries.ts';
import { buildEstargz } from '../support/estargz.ts';
import type { BuiltLayer } from '../support/estargz.ts';
import { image, type ImageName } from '../support/images.ts';
import { needs } from '../support/needs.ts';
import { blobPath, readLayout } from '../support/oci-layout.ts';
import type { TestRegistry } from '../support/registry.ts';
import { Sample } from '../support/sample-layer.ts';
import { startWorld, type World } from '../support/world.ts';

const FORMATS: readonly LayerFormat[] = ['external-toc', 'zstd:chunked', 'zstd:chunked-containers'];
const OTHER = digestOf(Buffer.from('another'));
const skip = needs('root', 'fuse', 'erofs');

suite('layers of every format', { skip }, () => {
  let drill: Drill;
  before(async () => {
    drill = await Drill.start();
  });
  after(async () => {
    await using ended = drill;
    assert.deepEqual(await ended.stop(), { status: 0, left: [] });
  });

  for (const [index, format] of FORMATS.entries()) {
    test(`${format}: a damaged chunk fails to be read, the others do not, and it is read when it is whole`, async () => {
      const sample = new Sample(30 + index, { format });
      const { built, names, wanted } = sample;
      drill.registry.content.corrupt(built.digest, sample.inside(1));
      const { mountpoint, name } = await drill.mount(drill.publish(`damaged-${index}`, built));
      assert.deepEqual(await readFiles(mountpoint, names), sample.withBroken(1));
      drill.registry.content.heal(built.digest);
      assert.deepEqual(await readFiles(mountpoint, names), wanted);
      await drill.remove(name);
    });

    test(`${format}: a mounted layer goes on in the next serving process and in the next daemon, without its TOC`, async () => {
      const { built, names, wanted } = new Sample(40 + index, { format });
      const { mountpoint, name } = await drill.mount(drill.publish(`taken-${index}`, built));
      const [first = '', second = ''] = names;
      assert.equal((await readFiles(mountpoint, [first])).get(first), wanted.get(first));
      drill.registry.content.repository(`taken-${index}`).tags.delete('latest-esgztoc');

      const pid = await drill.daemon.servingPid();
      process.kill(pid, 'SIGKILL');
      await drill.daemon.ready(pid);
      assert.equal((await readFiles(mountpoint, [second])).get(second), wanted.get(second));

      assert.equal(await drill.daemon.stop(), 0);
      await drill.startAgain();
      assert.equal(await drill.view(name), mountpoint);
      await forgetPages(mountpoint, names);
      assert.deepEqual(await readFiles(mountpoint, names), wanted);
      const layers = (await drill.daemon.status()).images.flatMap((image) => image.layers);
      assert.equal(layers.find(({ digest }) => digest === built.digest)?.state, 'complete');
      await drill.remove(name);
    });

    test(`${format}: a layer that is not what its manifest promises is not mounted`, async () => {
      const { built } = new Sample(50 + index, { format });
      const labels = drill.publish(`lie-${index}`, built);
      const lie = Object.fromEntries(
        Object.entries(labels).map(([key, value]) => [key, /toc.(digest|checksum)$/.test(key) ? OTHER : value]),
      );
      await assertNotLazy(lie, 'invalid', /(TOC digest|checksum of the compressed TOC): expected .*, got /);
    });
  }

  test('a file with holes is read as it is', async () => {
    const MIB = 1024 * 1024;
    const entries = [file('sparse', Buffer.concat([noise(5000, 7), Buffer.alloc(3 * MIB), noise(5000, 8)]))];
    const built = buildEstargz(entries, { format: 'zstd:chunked-containers' });
    const { mountpoint } = await drill.mount(drill.publish('sparse', built));
    assert.deepEqual(await readFiles(mountpoint, ['sparse']), digestsOf(entries));
  });

  test("Podman's layer without a label of ours is ordinary, and the reason says what would help", async () => {
    const labels = drill.publish('no-label', new Sample(60, { format: 'zstd:chunked-containers' }).built);
    const { [LAZYPULL_TOC_CHECKSUM]: _, ...without } = labels;
    drill.registry.forget();
    await assertNotLazy(without, 'not-estargz', /no TOC digest .* zstd:chunked of Podman's kind.* `lazypull pull`/);
    assert.equal(drill.registry.requests(), 0);
  });

  const failures: [title: string, kind: string, reason: RegExp, spoil: (name: string, built: BuiltLayer) => void][] = [
    [
      'no TOC image',
      'registry',
      /external TOC: image .*:latest-esgztoc can't be read/,
      (name) => void drill.registry.content.repository(name).tags.delete('latest-esgztoc'),
    ],
    [
      'a TOC image without this layer',
      'invalid',
      /external TOC: image .*:latest-esgztoc has none for layer sha256:/,
      (name, { externalToc }) => drill.publishToc(name, OTHER, externalToc!),
    ],
    [
      'a TOC image with the TOC of another layer',
      'invalid',
      /TOC digest/,
      (name, { digest }) =>
        drill.publishToc(name, digest, new Sample(61, { format: 'external-toc' }).built.externalToc!),
    ],
    [
      'a TOC that is none',
      'invalid',
      /gzip data is damaged/,
      (name, { digest }) => drill.publishToc(name, digest, Buffer.from('nothing')),
    ],
  ];
  for (const [index, [title, kind, reason, spoil]] of failures.entries()) {
    test(`an external TOC with ${title} is an ordinary pull`, async () => {
      const { built, names, wanted } = new Sample(70 + index, { format: 'external-toc' });
      const name = `external-${index}`;
      const labels = drill.publish(name, built);
      spoil(name, built);
      await assertNotLazy(labels, kind, reason);
      // Another reference to the same layer, whose TOC image is right.
      const { mountpoint } = await drill.mount(drill.publish(`${name}-right`, built));
      assert.deepEqual(await readFiles(mountpoint, names), wanted);
    });
  }

  async function assertNotLazy(labels: Labels, kind: string, reason: RegExp): Promise<void> {
    const answer = await drill.prepare(labels);
    assert.ok('reason' in answer, 'mounted');
    assert.equal(answer.kind, kind, answer.reason);
    assert.match(answer.reason, reason);
  }
});

/** Repeats the checksum of each layer's TOC under the key that containerd hands on. */
async function annotateLayers(registry: TestRegistry, name: ImageName): Promise<void> {
  const { layoutDir } = await image(name);
  const { manifest } = readLayout(layoutDir);
  const json = JSON.parse(await readFile(blobPath(layoutDir, manifest.digest), 'utf8')) as {
    mediaType: string;
    layers: { annotations: Record<string, string> }[];
  };
  for (const { annotations } of json.layers) {
    annotations[LAZYPULL_TOC_CHECKSUM] = annotations[CONTAINERS_MANIFEST_CHECKSUM] ?? '';
  }
  registry.addManifest(name, json, 'latest');
}

const tools = needs('ctr-remote', 'skopeo', 'runc', containerdProgram('2'));

suite('layers that only some clients get lazily', { skip: skip || tools }, () => {
  const start = (name: ImageName): Promise<World> => startWorld({ version: '2', images: [name], config: DEMAND_ONLY });

  test("ctr images pull: an image of stargz-snapshotter's zstd:chunked is lazy", async () => {
    await using world = await start('small-zstdchunked');
    await world.containerd.ctr(world.pullArgs('small-zstdchunked', 'stargz'));
    const { layers } = await world.status('small-zstdchunked');
    assert.deepEqual([...new Set(layers.map(({ state }) => state === 'ordinary'))], [false]);
    assert.equal(await world.container('small-zstdchunked', ['/bin/echo', 'lazy']), 'lazy\n');
  });

  test("ctr images pull: an image of Podman's is pulled as always, with a reason, and runs", async () => {
    await using world = await start('small-podman');
    await world.containerd.ctr(world.pullArgs('small-podman', 'stargz'));
    assert.equal(await world.container('small-podman', ['/bin/echo', 'ordinary']), 'ordinary\n');
    const { layers } = await world.status('small-podman');
    const [first] = layers;
    assert.deepEqual([first?.state, first?.kind], ['ordinary', 'not-estargz']);
    assert.match(first?.reason ?? '', /lazypull pull/);
  });

  test('ctr images pull: an image in that dialect with the annotation that our converter adds is lazy', async () => {
    await using world = await start('small-podman');
    await annotateLayers(world.registry, 'small-podman');
    await world.containerd.ctr(world.pullArgs('small-podman', 'stargz'));
    const { layers } = await world.status('small-podman');
    for (const layer of layers) assert.notEqual(layer.state, 'ordinary', layer.reason);
    assert.equal(await world.container('small-podman', ['/bin/echo', 'lazy']), 'lazy\n');
  });

  test('lazypull pull: without its TOC image an image is pulled as always, says why, and runs', async () => {
    await using world = await start('small-esgz-external');
    world.registry.content.repository('small-esgz-external').tags.delete('latest-esgztoc');
    const { stdout } = await world.pull('small-esgz-external');
    assert.match(stdout, /ordinary .* not lazy: external TOC: image .*latest-esgztoc can't be read/);
    assert.equal(await world.container('small-esgz-external', ['/bin/echo', 'ordinary']), 'ordinary\n');
  });
});
