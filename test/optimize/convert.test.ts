// Whole images, from layout to layout: what is converted, what is kept, and what a second conversion does.
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { suite, test } from 'node:test';
import { importLayer } from '../../src/build/import-layer.ts';
import type { LazyFormat } from '../../src/build/model.ts';
import { LazypullError } from '../../src/errors.ts';
import { CONTAINERS_MANIFEST_CHECKSUM, TOC_DIGEST } from '../../src/oci/annotations.ts';
import { digestOf, type Digest } from '../../src/oci/digest.ts';
import { OCI_CONFIG, OCI_LAYER_GZIP, OCI_LAYER_ZSTD, OCI_MANIFEST } from '../../src/oci/media-types.ts';
import { SampleImage } from '../support/sample-image.ts';
import { configOf, ConvertWorld, layersOf, PLAIN, type Json, type Read } from './conversions.ts';

const sample = new SampleImage('convert', 50_000);

/** A world with the sample in oci:IN. */
const sampleWorld = (root = sample.index): ConvertWorld => {
  const world = new ConvertWorld();
  sample.writeLayout(world.path('in'), ['latest'], root);
  return world;
};
const place = (world: ConvertWorld, name: string): string => `oci:${world.path(name)}`;

/** What a layer's tar is and has. */
async function tarFacts(
  pieces: AsyncIterable<Uint8Array>,
  workDir: string,
): Promise<{ diffId: Digest; files: string[] }> {
  await using tar = await importLayer(pieces, { workDir });
  const files = tar.entries.map(({ path, type, header, digest }) => `${path} ${type} ${header.mode} ${digest}`);
  return { diffId: tar.diffId, files };
}

for (const format of ['estargz', 'zstd:chunked', 'zstd:chunked-containers'] as const satisfies LazyFormat[]) {
  const layers = { ...PLAIN, format };
  const mediaType = format === 'estargz' ? OCI_LAYER_GZIP : OCI_LAYER_ZSTD;
  const annotation = format === 'zstd:chunked-containers' ? CONTAINERS_MANIFEST_CHECKSUM : TOC_DIGEST;

  suite(`an index with two platforms and an attestation becomes ${format}`, () => {
    test('every layer has a table of contents, and its tar is the one that the config names', async () => {
      await using world = sampleWorld();
      const to = place(world, 'out');
      const result = await world.convert(place(world, 'in'), to, { layers });
      const [index, amd64, arm64, attestation] = await world.read(to);
      assert.equal(result.target.digest, index?.descriptor.digest);
      for (const image of [amd64!, arm64!]) {
        const { rootfs } = (await world.json(to, configOf(image))) as { rootfs: { diff_ids: string[] } };
        for (const [at, layer] of layersOf(image).entries()) {
          assert.equal(layer.mediaType, mediaType);
          assert.match(layer.annotations?.[annotation] ?? '', /^sha256:/);
          await using source = await world.source(to);
          const after = await tarFacts(source.stream(layer), world.dir);
          assert.equal(after.diffId, rootfs.diff_ids[at]);
          const before = await tarFacts(Readable.from([sample.tars[at]!]), world.dir);
          assert.deepEqual(after.files, before.files);
        }
      }
      assert.deepEqual(layersOf(amd64!), layersOf(arm64!));
      assert.equal(attestation?.descriptor.digest, (await world.read(place(world, 'in')))[3]?.descriptor.digest);
    });

    test('a second conversion finds everything right and gives the same digest', async () => {
      await using world = sampleWorld();
      const first = await world.convert(place(world, 'in'), place(world, 'out'), { layers });
      const second = await world.convert(place(world, 'out'), place(world, 'again'), { layers });
      assert.equal(second.target.digest, first.target.digest);
      const states = second.manifests.flatMap((manifest) => manifest.layers.map(({ state }) => state));
      assert.deepEqual(
        states,
        Array.from({ length: 6 }, () => 'reused'),
      );
      assert.deepEqual(
        second.manifests.map(({ state }) => state),
        ['copied', 'copied', 'copied'],
      );
    });

    test('a conversion that may not reuse anything gives the same digest too', async () => {
      await using world = sampleWorld();
      const first = await world.convert(place(world, 'in'), place(world, 'out'), { layers });
      const second = await world.convert(place(world, 'out'), place(world, 'again'), { layers, reuse: false });
      assert.equal(second.target.digest, first.target.digest);
    });
  });
}

suite('a converted image', () => {
  test('is told layer by layer, each once for both platforms', async () => {
    await using world = sampleWorld();
    const result = await world.convert(place(world, 'in'), place(world, 'out'));
    assert.deepEqual(world.done.toSorted(), sample.layers.map(({ digest }) => digest).toSorted());
    const [planned] = world.progress;
    assert.deepEqual(planned, {
      kind: 'planned',
      layers: sample.layers.map((layer) => ({ layer, platforms: ['linux/amd64', 'linux/arm64'] })),
    });
    assert.deepEqual(
      result.manifests.map(({ platform, state, layers }) => [platform, state, layers.length]),
      [
        ['linux/amd64', 'converted', 3],
        ['linux/arm64', 'converted', 3],
        [undefined, 'copied', 0],
      ],
    );
    for (const [at, layer] of result.manifests[0]!.layers.entries()) {
      const { digest, size, mediaType } = sample.layers[at]!;
      assert.deepEqual(layer.source, { digest, size, mediaType });
      assert.equal(layer.state, 'converted');
    }
    assert.ok(result.uploadedBytes > 50_000);
    assert.equal(result.skippedBytes, 0);
  });

  test('has an index like the old one, whose attestation is of the new image', async () => {
    await using world = sampleWorld();
    await world.convert(place(world, 'in'), place(world, 'out'));
    const [before] = await world.read(place(world, 'in'));
    const [after, amd64, arm64] = await world.read(place(world, 'out'));
    const [old0, old1, old2] = before!.json['manifests'] as [Json, Json, Json];
    const of = (read: Read | undefined): Json => ({ digest: read?.descriptor.digest, size: read?.descriptor.size });
    assert.deepEqual(after!.json, {
      ...before!.json,
      manifests: [
        { ...old0, ...of(amd64) },
        { ...old1, ...of(arm64) },
        {
          ...old2,
          annotations: {
            'vnd.docker.reference.type': 'attestation-manifest',
            'vnd.docker.reference.digest': amd64?.descriptor.digest,
          },
        },
      ],
      annotations: { 'dev.lazypull.source.digest': sample.index.digest },
    });
  });

  test('says in each manifest which one it was, by digest alone when it was on this machine', async () => {
    await using world = sampleWorld();
    await world.convert(place(world, 'in'), place(world, 'out'));
    const [, amd64] = await world.read(place(world, 'out'));
    assert.deepEqual(amd64?.json['annotations'], { 'dev.lazypull.source.digest': sample.manifest.digest });
  });

  test('has the config of the old one but for the diff ids and a mark that names the index', async () => {
    await using world = sampleWorld();
    await world.convert(place(world, 'in'), place(world, 'out'));
    const [, amd64] = await world.read(place(world, 'out'));
    const after = await world.json(place(world, 'out'), configOf(amd64!));
    const before = JSON.parse(sample.bytes(sample.config).toString()) as Json;
    const mark = { 'dev.lazypull.source.digest': sample.index.digest };
    assert.deepEqual({ ...after, rootfs: undefined }, { ...before, rootfs: undefined, ...mark });
    assert.equal(configOf(amd64!).mediaType, OCI_CONFIG);
  });

  test('is the same for any number of threads', async () => {
    await using world = sampleWorld();
    const digests: string[] = [];
    for (const jobs of [1, 3]) {
      digests.push((await world.convert(place(world, 'in'), place(world, `out${jobs}`), { jobs })).target.digest);
    }
    assert.equal(digests[0], digests[1]);
  });

  test('of one manifest is one manifest', async () => {
    await using world = sampleWorld(sample.manifest);
    const result = await world.convert(place(world, 'in'), place(world, 'out'));
    assert.equal(result.target.mediaType, OCI_MANIFEST);
    const [only, ...others] = await world.read(place(world, 'out'));
    assert.deepEqual(others, []);
    assert.deepEqual(only?.json['annotations'], { 'dev.lazypull.source.digest': sample.manifest.digest });
  });

  test('has a layer twice when the old one has', async () => {
    await using world = new ConvertWorld();
    const twice = new SampleImage('twice', 1000);
    const [lower, upper] = twice.layers;
    const [lowerTar, upperTar] = twice.tars.map(digestOf);
    const config = twice.addJson(OCI_CONFIG, {
      os: 'linux',
      architecture: 'amd64',
      rootfs: { diff_ids: [lowerTar, upperTar, lowerTar] },
    });
    const root = twice.addJson(OCI_MANIFEST, { schemaVersion: 2, config, layers: [lower, upper, lower] });
    twice.writeLayout(world.path('in'), ['latest'], root);
    await world.convert(place(world, 'in'), place(world, 'out'));
    const layers = layersOf((await world.read(place(world, 'out')))[0]!).map(({ digest }) => digest);
    assert.equal(layers[0], layers[2]);
    assert.notEqual(layers[0], layers[1]);
    assert.equal(world.done.length, 2);
  });
});

test('an image that was converted to one format and then to another has the layers of a direct conversion', async () => {
  await using world = sampleWorld();
  const formats = ['estargz', 'zstd:chunked', 'zstd:chunked-containers'] as const;
  const layersIn = async (name: string): Promise<unknown> => {
    const [, image] = await world.read(place(world, name));
    return layersOf(image!);
  };
  for (const format of formats) {
    await world.convert(place(world, 'in'), place(world, format.replace(':', '-')), { layers: { ...PLAIN, format } });
  }
  for (const from of formats) {
    for (const to of formats) {
      const way = `${from}-${to}`.replaceAll(':', '-');
      const layers = { ...PLAIN, format: to };
      const result = await world.convert(place(world, from.replace(':', '-')), place(world, way), { layers });
      assert.equal(result.manifests[0]?.layers[0]?.state, from === to ? 'reused' : 'converted');
      assert.deepEqual(await layersIn(way), await layersIn(to.replace(':', '-')), way);
    }
  }
});

suite('platforms of an index', () => {
  const arm64 = { os: 'linux', architecture: 'arm64' };
  const amd64 = { os: 'linux', architecture: 'amd64' };

  test('that are chosen are kept with their attestations, the others are not', async () => {
    await using world = sampleWorld();
    await world.convert(place(world, 'in'), place(world, 'a'), { platforms: [amd64] });
    await world.convert(place(world, 'in'), place(world, 'b'), { platforms: [arm64] });
    const platformsOf = async (name: string): Promise<unknown[]> => {
      const [index] = await world.read(place(world, name));
      return (index!.json['manifests'] as { platform: { architecture: string } }[]).map(
        (one) => one.platform.architecture,
      );
    };
    assert.deepEqual(await platformsOf('a'), ['amd64', 'unknown']);
    assert.deepEqual(await platformsOf('b'), ['arm64']);
  });

  test('are chosen from what is right already without losing the mark of the source', async () => {
    await using world = sampleWorld();
    const first = await world.convert(place(world, 'in'), place(world, 'out'));
    await world.convert(place(world, 'out'), place(world, 'b'), { platforms: [arm64] });
    const [index, image] = await world.read(place(world, 'b'));
    assert.deepEqual(index?.json['annotations'], { 'dev.lazypull.source.digest': first.target.digest });
    assert.equal(image?.descriptor.digest, first.manifests[1]?.digest);
  });

  const missing: readonly [title: string, root: typeof sample.index, message: RegExp][] = [
    ['of an index', sample.index, /no image for linux\/s390x; there is linux\/amd64, linux\/arm64/],
    ['of one manifest', sample.manifest, /no image for linux\/s390x; there is linux\/amd64/],
  ];
  for (const [title, root, message] of missing) {
    test(`that are not there are an error, and nothing is written: ${title}`, async () => {
      await using world = sampleWorld(root);
      const platforms = [{ os: 'linux', architecture: 's390x' }];
      await assert.rejects(world.convert(place(world, 'in'), place(world, 'out'), { platforms }), (error) => {
        return error instanceof LazypullError && error.code === 'NOT_FOUND' && message.test(error.message);
      });
      await assert.rejects(world.read(place(world, 'out')));
    });
  }

  test('of one manifest may be named', async () => {
    await using world = sampleWorld(sample.manifest);
    const result = await world.convert(place(world, 'in'), place(world, 'out'), { platforms: [amd64] });
    assert.equal(result.manifests[0]?.state, 'converted');
  });
});
