// What images are made of besides OCI layers: Docker's media types and archives, artifacts, Windows, nested indexes.
import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { TOC_DIGEST } from '../../src/oci/annotations.ts';
import type { Descriptor } from '../../src/oci/descriptor.ts';
import { digestOf } from '../../src/oci/digest.ts';
import {
  DOCKER_CONFIG,
  DOCKER_LAYER_GZIP,
  DOCKER_LIST,
  DOCKER_MANIFEST,
  OCI_CONFIG,
  OCI_INDEX,
  OCI_LAYER_GZIP,
  OCI_MANIFEST,
} from '../../src/oci/media-types.ts';
import { file } from '../support/entries.ts';
import { archiveOf, SampleImage } from '../support/sample-image.ts';
import { tarOf } from '../support/tar.ts';
import { digestsOf } from '../image/images.ts';
import { configOf, ConvertWorld, layersOf, type Json } from './conversions.ts';

const FOREIGN = 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip';
const place = (world: ConvertWorld, name: string): string => `oci:${world.path(name)}`;

/** Blobs of an image with one layer. */
class Parts extends SampleImage {
  readonly tar: Buffer;

  constructor(salt: string) {
    super(salt, 1000);
    this.tar = tarOf([file('only', salt)]);
    this.blobs.clear();
  }

  image(
    kind: { readonly manifest: string; readonly config: string; readonly layer: string },
    more: {
      readonly layers?: readonly object[];
      readonly diffIds?: readonly string[];
      readonly os?: string;
      readonly manifest?: Json;
    } = {},
  ): Descriptor {
    const layer = this.add(gzipSync(this.tar), kind.layer);
    const config = this.addJson(kind.config, {
      os: more.os ?? 'linux',
      architecture: 'amd64',
      rootfs: { type: 'layers', diff_ids: [digestOf(this.tar), ...(more.diffIds ?? [])] },
    });
    return this.addJson(kind.manifest, {
      schemaVersion: 2,
      mediaType: kind.manifest,
      config,
      layers: [layer, ...(more.layers ?? [])],
      ...more.manifest,
    });
  }
}

const OCI = { manifest: OCI_MANIFEST, config: OCI_CONFIG, layer: OCI_LAYER_GZIP };
const DOCKER = { manifest: DOCKER_MANIFEST, config: DOCKER_CONFIG, layer: DOCKER_LAYER_GZIP };

suite('an image of Docker', () => {
  test('becomes one of OCI, config and layers too', async () => {
    await using world = new ConvertWorld();
    const parts = new Parts('docker');
    parts.writeLayout(world.path('in'), ['latest'], parts.image(DOCKER));
    await world.convert(place(world, 'in'), place(world, 'out'));
    const [image] = await world.read(place(world, 'out'));
    assert.equal(image?.json['mediaType'], OCI_MANIFEST);
    assert.equal(configOf(image).mediaType, OCI_CONFIG);
    assert.deepEqual(
      layersOf(image).map(({ mediaType }) => mediaType),
      [OCI_LAYER_GZIP],
    );
    assert.ok(layersOf(image)[0]?.annotations?.[TOC_DIGEST]);
  });

  test('in a list becomes an index of OCI', async () => {
    await using world = new ConvertWorld();
    const parts = new Parts('list');
    const entry = { ...parts.image(DOCKER), platform: { os: 'linux', architecture: 'amd64', 'os.version': '7' } };
    const list = parts.addJson(DOCKER_LIST, { schemaVersion: 2, mediaType: DOCKER_LIST, manifests: [entry] });
    parts.writeLayout(world.path('in'), ['latest'], list);
    const result = await world.convert(place(world, 'in'), place(world, 'out'));
    assert.equal(result.target.mediaType, OCI_INDEX);
    const [index] = await world.read(place(world, 'out'));
    const [only] = index!.json['manifests'] as { mediaType: string; platform: object }[];
    assert.equal(only?.mediaType, OCI_MANIFEST);
    assert.deepEqual(only?.platform, entry.platform);
  });

  test('with a foreign layer keeps that, by the name that OCI has for it, and does not ask anybody for it', async () => {
    await using world = new ConvertWorld();
    const parts = new Parts('foreign');
    const foreign = {
      mediaType: FOREIGN,
      digest: digestOf(Buffer.from('elsewhere')),
      size: 9,
      urls: ['https://elsewhere.test/blob'],
    };
    const root = parts.image(DOCKER, { layers: [foreign], diffIds: [digestOf(Buffer.from('x'))] });
    parts.writeLayout(world.path('in'), ['latest'], root);
    const result = await world.convert(place(world, 'in'), place(world, 'out'));
    const [image] = await world.read(place(world, 'out'));
    assert.deepEqual(layersOf(image!)[1], {
      ...foreign,
      mediaType: 'application/vnd.oci.image.layer.nondistributable.v1.tar+gzip',
    });
    assert.deepEqual(
      result.manifests[0]?.layers.map(({ state }) => state),
      ['converted', 'copied'],
    );
    const { rootfs } = (await world.json(place(world, 'out'), configOf(image!))) as { rootfs: { diff_ids: string[] } };
    assert.equal(rootfs.diff_ids[1], digestOf(Buffer.from('x')));
  });

  test('lets no other image go without a layer that one says to be elsewhere', async () => {
    await using world = new ConvertWorld();
    const parts = new Parts('elsewhere');
    const foreign = parts.add(gzipSync(tarOf([file('foreign', 'shared')])), FOREIGN);
    const ids = [digestOf(Buffer.from('x'))];
    const kind = { manifest: OCI_MANIFEST, config: OCI_CONFIG, layer: OCI_LAYER_GZIP };
    const named = parts.image(kind, { layers: [{ ...foreign, urls: ['https://elsewhere.test/x'] }], diffIds: ids });
    const stored = parts.image(kind, { layers: [foreign], diffIds: ids });
    const manifests = [named, stored];
    const root = parts.addJson(OCI_INDEX, { schemaVersion: 2, mediaType: OCI_INDEX, manifests });
    parts.writeLayout(world.path('in'), ['latest'], root);
    await world.convert(place(world, 'in'), place(world, 'out'));
    assert.ok(existsSync(join(world.path('out'), 'blobs', 'sha256', foreign.digest.slice('sha256:'.length))));
  });

  test('saved by docker save is converted, and pulls no annotations out of thin air', async () => {
    await using world = new ConvertWorld();
    const sample = new SampleImage('docker save', 20_000);
    writeFileSync(world.path('in.tar'), archiveOf(sample.dockerFiles('app:1')));
    await world.convert(`docker-archive:${world.path('in.tar')}`, place(world, 'out'));
    const [image] = await world.read(place(world, 'out'));
    assert.equal(image?.json['mediaType'], OCI_MANIFEST);
    assert.equal(layersOf(image).length, 3);
    for (const { annotations } of layersOf(image)) assert.ok(annotations?.[TOC_DIGEST]);
    assert.deepEqual(Object.keys(image?.json['annotations'] ?? {}), ['dev.lazypull.source.digest']);
  });
});

suite('what can not be pulled lazily is copied byte for byte', () => {
  const ARTIFACT = { manifest: OCI_MANIFEST, config: 'application/vnd.example.config+json', layer: OCI_LAYER_GZIP };
  const cases: readonly [title: string, make: (parts: Parts) => Descriptor][] = [
    ['an image of Windows', (parts) => parts.image(OCI, { os: 'windows' })],
    ['an artifact with a config of its own', (parts) => parts.image(ARTIFACT)],
    ['an artifact that says so', (parts) => parts.image(OCI, { manifest: { artifactType: 'application/x' } })],
    ['an image of other layers', (parts) => parts.image({ ...OCI, layer: 'application/vnd.in-toto+json' })],
    ['an encrypted image', (parts) => parts.image({ ...OCI, layer: `${OCI_LAYER_GZIP}+encrypted` })],
    ['an image of Docker without layers', (parts) => parts.image(DOCKER, { manifest: { layers: [] } })],
  ];
  for (const [title, make] of cases) {
    test(title, async () => {
      await using world = new ConvertWorld();
      const parts = new Parts(title);
      const root = make(parts);
      parts.writeLayout(world.path('in'), ['latest'], root);
      const result = await world.convert(place(world, 'in'), place(world, 'out'));
      assert.equal(result.target.digest, root.digest);
      assert.equal(result.manifests[0]?.state, 'copied');
      await using source = await world.source(place(world, 'in'));
      await using target = await world.source(place(world, 'out'));
      assert.deepEqual(await digestsOf(target), await digestsOf(source));
    });
  }
});

suite('indexes', () => {
  test('within indexes are converted, and so is what they name', async () => {
    await using world = new ConvertWorld();
    const parts = new Parts('nested');
    const inner = parts.addJson(OCI_INDEX, { schemaVersion: 2, mediaType: OCI_INDEX, manifests: [parts.image(OCI)] });
    const outer = parts.addJson(OCI_INDEX, { schemaVersion: 2, mediaType: OCI_INDEX, manifests: [inner] });
    parts.writeLayout(world.path('in'), ['latest'], outer);
    await world.convert(place(world, 'in'), place(world, 'out'));
    const [root, index, image] = await world.read(place(world, 'out'));
    assert.deepEqual(root?.json['annotations'], { 'dev.lazypull.source.digest': outer.digest });
    assert.deepEqual(index?.json['annotations'], { 'dev.lazypull.source.digest': inner.digest });
    assert.ok(layersOf(image!)[0]?.annotations?.[TOC_DIGEST]);
  });

  test('that go on and on are refused', async () => {
    await using world = new ConvertWorld();
    const parts = new Parts('deep');
    let entry = parts.image(OCI);
    for (let depth = 0; depth < 5; depth++) {
      entry = parts.addJson(OCI_INDEX, { schemaVersion: 2, mediaType: OCI_INDEX, manifests: [entry] });
    }
    parts.writeLayout(world.path('in'), ['latest'], entry);
    await assert.rejects(world.convert(place(world, 'in'), place(world, 'out')), /indexes that name indexes/);
  });

  test('keep artifacts, and what is about an image is about the new one, wherever it stands', async () => {
    await using world = new ConvertWorld();
    const parts = new Parts('subjects');
    const image = parts.image(OCI);
    const about = parts.image(OCI, { manifest: { subject: image, annotations: { a: 'b' } } });
    const artifact = parts.image({ ...OCI, config: 'application/x' }, { manifest: { subject: image } });
    const manifests = [about, artifact, image];
    const root = parts.addJson(OCI_INDEX, { schemaVersion: 2, mediaType: OCI_INDEX, manifests });
    parts.writeLayout(world.path('in'), ['latest'], root);
    await world.convert(place(world, 'in'), place(world, 'out'));
    const [, newAbout, newArtifact, newImage] = await world.read(place(world, 'out'));
    assert.equal((newAbout!.json['subject'] as Descriptor).digest, newImage?.descriptor.digest);
    assert.notEqual(newImage?.descriptor.digest, image.digest);
    // Signatures and the like are of what they are of.
    assert.equal(newArtifact?.descriptor.digest, artifact.digest);
  });

  test('with an entry of a kind that nobody can read say which', async () => {
    await using world = new ConvertWorld();
    const parts = new Parts('unknown');
    const unknown = parts.addJson('application/x', { schemaVersion: 2, mediaType: 'application/x' });
    const root = parts.addJson(OCI_INDEX, {
      schemaVersion: 2,
      mediaType: OCI_INDEX,
      manifests: [parts.image(OCI), unknown],
    });
    parts.writeLayout(world.path('in'), ['latest'], root);
    await assert.rejects(
      world.convert(place(world, 'in'), place(world, 'out')),
      /entry 1 of the index can't be copied/,
    );
  });
});
