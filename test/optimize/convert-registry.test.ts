// Conversions from and to registries: what is uploaded, what is not, under which name it is found, and external TOCs.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { decodeToc } from '../../src/estargz/decode-toc.ts';
import { RegistryError } from '../../src/errors.ts';
import { TOC_DIGEST, TOC_LAYER_DIGEST } from '../../src/oci/annotations.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { OCI_CONFIG, OCI_LAYER_GZIP } from '../../src/oci/media-types.ts';
import { file, noise } from '../support/entries.ts';
import { TestRegistry } from '../support/registry.ts';
import { SampleImage } from '../support/sample-image.ts';
import { tarOf } from '../support/tar.ts';
import { configOf, ConvertWorld, layersOf, PLAIN, type Json } from './conversions.ts';

const sample = new SampleImage('registry', 50_000);

/** A registry with the sample as team/app:1. */
async function registryWithSample(): Promise<TestRegistry> {
  const registry = await TestRegistry.start();
  for (const bytes of sample.blobs.values()) {
    const isManifest = bytes.subarray(0, 20).toString().startsWith('{"schemaVersion"');
    const { mediaType } = (isManifest ? JSON.parse(bytes.toString()) : {}) as { mediaType?: string };
    registry.addBlob('team/app', bytes, mediaType);
  }
  registry.content.tag('team/app', '1', sample.index.digest);
  return registry;
}

const uploads = (registry: TestRegistry): string[] =>
  registry.log.filter(({ method, path }) => method === 'POST' && path.endsWith('/uploads/')).map(({ path }) => path);
const fetchedBlobs = (registry: TestRegistry): string[] =>
  registry.log.filter(({ method, path }) => method === 'GET' && path.includes('/blobs/')).map(({ path }) => path);

suite('a conversion within a registry', () => {
  test('records the reference and the digests of its source', async () => {
    await using registry = await registryWithSample();
    await using world = new ConvertWorld();
    const to = `${registry.host}/team/app:1-lazy`;
    const result = await world.convert(`${registry.host}/team/app:1`, to);
    assert.equal(result.target.name, to);
    const [index, amd64] = await world.read(to);
    const name = `${registry.host}/team/app:1`;
    assert.deepEqual(index?.json['annotations'], {
      'dev.lazypull.source.name': name,
      'dev.lazypull.source.digest': sample.index.digest,
    });
    assert.deepEqual(amd64?.json['annotations'], {
      'dev.lazypull.source.name': name,
      'dev.lazypull.source.digest': sample.manifest.digest,
    });
  });

  test('done again uploads no blob', async () => {
    await using registry = await registryWithSample();
    await using world = new ConvertWorld();
    const to = `${registry.host}/team/app:1-lazy`;
    const first = await world.convert(`${registry.host}/team/app:1`, to);
    registry.forget();
    const second = await world.convert(`${registry.host}/team/app:1`, to);
    assert.equal(second.target.digest, first.target.digest);
    assert.deepEqual(uploads(registry), []);
    assert.equal(second.uploadedBytes, 0);
    assert.equal(second.skippedBytes, first.uploadedBytes + first.skippedBytes);
  });

  test('of what is right already moves no layer at all, also to another repository', async () => {
    await using registry = await registryWithSample();
    await using world = new ConvertWorld();
    const lazy = `${registry.host}/team/app:1-lazy`;
    const first = await world.convert(`${registry.host}/team/app:1`, lazy);
    registry.forget();
    const second = await world.convert(lazy, `${registry.host}/other/app:1`);
    assert.equal(second.target.digest, first.target.digest);
    assert.equal(second.uploadedBytes, 0);
    // Mounted, and of the layers only the tables of contents were read.
    const mounts = registry.log.filter(({ method, status }) => method === 'POST' && status === 201);
    assert.equal(mounts.length, new Set(await blobsOf(world, lazy)).size);
    const layers = first.manifests[0]!.layers.map(({ digest }) => digest);
    const reads = fetchedBlobs(registry).filter((path) => layers.some((digest) => path.endsWith(digest)));
    assert.equal(reads.length, layers.length);
  });

  test('uploads a blob once that two layers become', async () => {
    await using registry = await TestRegistry.start();
    await using world = new ConvertWorld();
    const tar = tarOf([file('a', noise(500_000))]);
    const layers = [1, 9].map((level) => registry.addBlob('twice', gzipSync(tar, { level }), OCI_LAYER_GZIP));
    registry.addImage('twice', '1', layers, { rootfs: { diff_ids: layers.map(() => digestOf(tar)) } });
    const result = await world.convert(`${registry.host}/twice:1`, `${registry.host}/twice:2`);
    const [first, second] = result.manifests[0]!.layers;
    assert.notEqual(first!.source.digest, second!.source.digest);
    assert.equal(first!.digest, second!.digest);
    // It and the config.
    assert.equal(uploads(registry).length, 2);
  });

  test('that fails on the way leaves the tag as it was', async () => {
    await using registry = await registryWithSample();
    await using world = new ConvertWorld();
    registry.content.corrupt(sample.layers[0]!.digest, 1000);
    const to = `${registry.host}/team/app:1-lazy`;
    await assert.rejects(world.convert(`${registry.host}/team/app:1`, to));
    await assert.rejects(world.read(to), (error) => error instanceof RegistryError && error.status === 404);
    const tagged = registry.log.filter(({ method, path }) => method === 'PUT' && path.endsWith('/manifests/1-lazy'));
    assert.deepEqual(tagged, []);
  });

  test('survives uploads that break off', async () => {
    await using registry = await registryWithSample();
    await using world = new ConvertWorld();
    registry.knobs.uploadDropAfter = 10_000;
    registry.knobs.uploadDropCount = 1;
    const result = await world.convert(`${registry.host}/team/app:1`, `${registry.host}/team/app:2`);
    assert.equal((await world.read(`${registry.host}/team/app:2`))[0]?.descriptor.digest, result.target.digest);
  });
});

async function blobsOf(world: ConvertWorld, place: string): Promise<string[]> {
  const images = (await world.read(place)).filter(({ json }) => 'layers' in json);
  const blobs = images.map(configOf).concat(images.flatMap(layersOf));
  return blobs.map(({ digest }) => digest);
}

suite('external tables of contents', () => {
  const layers = { ...PLAIN, externalToc: true };

  test('are in an image beside, found by the digest of their layer', async () => {
    await using registry = await registryWithSample();
    await using world = new ConvertWorld();
    const to = `${registry.host}/team/app:1-lazy`;
    const result = await world.convert(`${registry.host}/team/app:1`, to, { layers, tocTo: `${to}-esgztoc` });
    const [tocs] = await world.read(`${to}-esgztoc`);
    assert.equal(result.tocImage?.digest, tocs?.descriptor.digest);
    assert.equal(configOf(tocs!).mediaType, OCI_CONFIG);
    assert.deepEqual(await world.json(`${to}-esgztoc`, configOf(tocs!)), {});
    const [, amd64] = await world.read(to);
    await using source = await world.source(`${to}-esgztoc`);
    assert.equal(layersOf(tocs!).length, 3);
    assert.deepEqual(
      layersOf(tocs!).map(({ digest }) => digest),
      layersOf(tocs!)
        .map(({ digest }) => digest)
        .toSorted(),
    );
    for (const layer of layersOf(amd64!)) {
      const toc = layersOf(tocs!).find(({ annotations }) => annotations?.[TOC_LAYER_DIGEST] === layer.digest);
      const { tocDigest } = decodeToc(await source.fetch(toc!));
      assert.equal(layer.annotations?.[TOC_DIGEST], tocDigest);
    }
  });

  test('can leave the diff ids, and the config with them, as they are', async () => {
    await using registry = await registryWithSample();
    await using world = new ConvertWorld();
    const to = `${registry.host}/team/app:kept`;
    const kept = { ...layers, lossless: true };
    await world.convert(`${registry.host}/team/app:1`, to, { layers: kept, tocTo: `${to}-esgztoc` });
    const [, amd64] = await world.read(to);
    assert.equal(configOf(amd64!).digest, sample.config.digest);
    const { rootfs } = (await world.json(to, configOf(amd64!))) as { rootfs: Json };
    assert.deepEqual(rootfs['diff_ids'], sample.tars.map(digestOf));
  });

  test('are written again by a second conversion, to the same digests', async () => {
    await using registry = await registryWithSample();
    await using world = new ConvertWorld();
    const to = `${registry.host}/team/app:1-lazy`;
    const first = await world.convert(`${registry.host}/team/app:1`, to, { layers, tocTo: `${to}-esgztoc` });
    const second = await world.convert(to, `${to}2`, { layers, tocTo: `${to}2-esgztoc` });
    assert.equal(second.target.digest, first.target.digest);
    assert.equal(second.tocImage?.digest, first.tocImage?.digest);
  });

  test('are put into the layers by a conversion that wants them there', async () => {
    await using registry = await registryWithSample();
    await using world = new ConvertWorld();
    const to = `${registry.host}/team/app:1-lazy`;
    await world.convert(`${registry.host}/team/app:1`, to, { layers, tocTo: `${to}-esgztoc` });
    const inside = await world.convert(to, `${to}-inside`);
    assert.deepEqual(
      inside.manifests[0]?.layers.map(({ state }) => state),
      ['converted', 'converted', 'converted'],
    );
    const [, amd64] = await world.read(`${to}-inside`);
    for (const layer of layersOf(amd64!)) assert.notEqual((await world.tocNames(`${to}-inside`, layer)).length, 0);
  });
});
