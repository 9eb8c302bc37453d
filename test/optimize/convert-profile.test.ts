// Conversions with a profile: what comes in front, of which layers, and what is right already.
import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { suite, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { LazyFormat } from '../../src/build/model.ts';
import { UserError } from '../../src/errors.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { OCI_CONFIG, OCI_INDEX, OCI_LAYER_GZIP, OCI_MANIFEST } from '../../src/oci/media-types.ts';
import type { ProfiledImage } from '../../src/optimize/collect-profile.ts';
import type { ConvertOptions } from '../../src/optimize/convert-model.ts';
import { LayerImports } from '../../src/optimize/layer-imports.ts';
import { profileOfPatterns } from '../../src/optimize/prefetch-list.ts';
import { dir, file, noise, type Entry } from '../support/entries.ts';
import { profileOf } from '../support/profiles.ts';
import { SampleImage } from '../support/sample-image.ts';
import { tarOf } from '../support/tar.ts';
import { ConvertWorld, layersOf, PLAIN } from './conversions.ts';

const LOWER = tarOf([dir('bin'), file('bin/a', 'a'), file('bin/b', 'b'), file('bin/c', 'c')]);
const UPPER = tarOf([dir('app'), file('app/big', noise(1000)), file('app/main', 'main')]);
const NAMES = { lower: ['bin/', 'bin/a', 'bin/b', 'bin/c'], upper: ['app/', 'app/big', 'app/main'] };
const READS = profileOf(
  { path: 'bin/c', layer: digestOf(LOWER), size: 1 },
  { path: 'bin/a', layer: digestOf(LOWER), size: 1 },
  { path: 'gone', size: 1 },
);

const place = (world: ConvertWorld, name: string): string => `oci:${world.path(name)}`;

/** An image of LOWER and UPPER, or an index of it and of another platform with other files. */
function writeImage(world: ConvertWorld, other?: readonly Entry[]): void {
  const image = new SampleImage('profile', 1000);
  image.blobs.clear();
  const make = (architecture: string, tars: readonly Buffer[]): object => {
    const layers = tars.map((tar) => image.add(gzipSync(tar), OCI_LAYER_GZIP));
    const config = image.addJson(OCI_CONFIG, { os: 'linux', architecture, rootfs: { diff_ids: tars.map(digestOf) } });
    const manifest = image.addJson(OCI_MANIFEST, { schemaVersion: 2, config, layers });
    return { ...manifest, platform: { os: 'linux', architecture } };
  };
  const manifests = [make('amd64', [LOWER, UPPER]), ...(other === undefined ? [] : [make('arm64', [tarOf(other)])])];
  const root = image.addJson(OCI_INDEX, { schemaVersion: 2, mediaType: OCI_INDEX, manifests });
  image.writeLayout(world.path('in'), ['latest'], root);
}

/** Names of all layers' tables of contents, image after image. */
async function namesOf(world: ConvertWorld, name: string): Promise<string[][]> {
  const [, ...images] = await world.read(place(world, name));
  const layers = images.flatMap((image) => layersOf(image));
  return await Promise.all(layers.map((layer) => world.tocNames(place(world, name), layer)));
}

for (const format of ['estargz', 'zstd:chunked', 'zstd:chunked-containers'] as const satisfies LazyFormat[]) {
  test(`files that were read come first, in their order, in ${format}`, async () => {
    await using world = new ConvertWorld();
    writeImage(world);
    const options = { layers: { ...PLAIN, format }, profileOf: () => READS };
    const result = await world.convert(place(world, 'in'), place(world, 'out'), options);
    assert.deepEqual(await namesOf(world, 'out'), [
      ['bin/', 'bin/c', 'bin/a', '.prefetch.landmark', 'bin/b'],
      ['.no.prefetch.landmark', ...NAMES.upper],
    ]);
    const [image] = result.manifests;
    assert.deepEqual(image?.missed, ['gone']);
    assert.deepEqual(
      image?.layers.map(({ front }) => front),
      [
        { files: 2, bytes: 2, deferredFiles: 0, deferredBytes: 0 },
        { files: 0, bytes: 0, deferredFiles: 0, deferredBytes: 0 },
      ],
    );
  });

  test(`a second conversion to ${format} with the same profile writes nothing anew, with another one it does`, async () => {
    await using world = new ConvertWorld();
    writeImage(world);
    const layers = { ...PLAIN, format };
    const options = { layers, profileOf: () => READS };
    const first = await world.convert(place(world, 'in'), place(world, 'out'), options);
    const again = await world.convert(place(world, 'out'), place(world, 'again'), options);
    assert.ok(!world.progress.some((one) => one.kind === 'working' && one.step === 'writing'));
    assert.equal(again.target.digest, first.target.digest);
    assert.deepEqual(
      again.manifests[0]?.layers.map(({ state }) => state),
      ['reused', 'reused'],
    );
    const other = await world.convert(place(world, 'out'), place(world, 'other'), {
      layers,
      profileOf: () => profileOf({ path: 'bin/a' }, { path: 'bin/c' }),
    });
    assert.deepEqual(
      other.manifests[0]?.layers.map(({ state }) => state),
      ['converted', 'reused'],
    );
    assert.deepEqual((await namesOf(world, 'other'))[0], ['bin/', 'bin/a', 'bin/c', '.prefetch.landmark', 'bin/b']);
  });
}

test('a large file of which little was read stands right behind the landmark', async () => {
  await using world = new ConvertWorld();
  writeImage(world);
  const profile = profileOf({ path: 'app/big', size: 1000, ranges: [[0, 1]] }, { path: 'app/main', size: 4 });
  const layers = { ...PLAIN, chunkSize: 100 };
  await world.convert(place(world, 'in'), place(world, 'out'), { layers, profileOf: () => profile });
  const [, upper] = await namesOf(world, 'out');
  assert.deepEqual(upper, ['app/', 'app/main', '.prefetch.landmark', 'app/big']);
});

test('without a profile there is no landmark, and the order is that of the tars', async () => {
  await using world = new ConvertWorld();
  writeImage(world);
  await world.convert(place(world, 'in'), place(world, 'out'));
  assert.deepEqual(await namesOf(world, 'out'), [NAMES.lower, NAMES.upper]);
});

suite('a list and an index of two platforms', () => {
  const listOf =
    (...patterns: string[]): ConvertOptions['profileOf'] =>
    (image) =>
      profileOfPatterns(patterns, image).profile;

  test('is looked up in each of them', async () => {
    await using world = new ConvertWorld();
    writeImage(world, [dir('bin'), file('bin/arm'), file('bin/b', 'other')]);
    await world.convert(place(world, 'in'), place(world, 'out'), { profileOf: listOf('bin/b') });
    const [amd64, , arm64] = await namesOf(world, 'out');
    assert.deepEqual(amd64?.slice(0, 3), ['bin/', 'bin/b', '.prefetch.landmark']);
    assert.deepEqual(arm64, ['bin/', 'bin/b', '.prefetch.landmark', 'bin/arm']);
  });

  test('leaves one in order that it does not fit, and says so', async () => {
    await using world = new ConvertWorld();
    writeImage(world, [file('z'), file('a')]);
    await world.convert(place(world, 'in'), place(world, 'out'), { profileOf: listOf('bin/b') });
    assert.deepEqual((await namesOf(world, 'out'))[2], ['z', 'a']);
    const unordered = world.progress.filter(({ kind }) => kind === 'unordered');
    assert.deepEqual(unordered, [
      { kind: 'unordered', platform: 'linux/arm64', reason: 'the prefetch list names no file of the image' },
    ]);
  });

  test('is an error when it fits none', async () => {
    await using world = new ConvertWorld();
    writeImage(world, [file('a')]);
    const options = { profileOf: listOf('nowhere') };
    await assert.rejects(world.convert(place(world, 'in'), place(world, 'out'), options), UserError);
  });
});

test('a profile is asked for with what is to be known of the image', async () => {
  await using world = new ConvertWorld();
  writeImage(world);
  const asked: ProfiledImage[] = [];
  await world.convert(place(world, 'in'), place(world, 'out'), { profileOf: (image) => void asked.push(image) });
  const [, manifest] = await world.read(place(world, 'in'));
  assert.equal(asked.length, 1);
  assert.deepEqual(asked[0]?.image, {
    name: place(world, 'in'),
    digest: manifest?.descriptor.digest,
    platform: 'linux/amd64',
  });
  assert.deepEqual(asked[0]?.layers, [LOWER, UPPER].map(digestOf));
  assert.equal(asked[0]?.view.lookup('app/main')?.layer, 1);
});

test('layers that somebody imported before are not read again, and stay theirs', async () => {
  await using world = new ConvertWorld();
  writeImage(world, [file('a')]);
  await using source = await world.source(place(world, 'in'));
  await using imports = new LayerImports({ source, workDir: world.dir });
  const [, amd64] = await world.read(place(world, 'in'));
  const tars = await Promise.all(layersOf(amd64!).map((layer) => imports.get(layer)));
  await world.convert(place(world, 'in'), place(world, 'out'), { imports });
  const read = world.progress.flatMap((one) => (one.kind === 'working' && one.step === 'reading' ? [one.layer] : []));
  // The other platform's, which is nobody else's.
  assert.equal(new Set(read.map(({ digest }) => digest)).size, 1);
  assert.deepEqual(await namesOf(world, 'out'), [NAMES.lower, NAMES.upper, ['a']]);
  for (const tar of tars) assert.equal(statSync(tar.path).size, tar.size);
});
