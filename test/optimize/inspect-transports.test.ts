// Images are looked at and checked wherever they lie.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { mkdirSync } from 'node:fs';
import { suite, test } from 'node:test';
import { inspectImage } from '../../src/optimize/inspect.ts';
import { verifyImage } from '../../src/optimize/verify.ts';
import { ImageWorld } from '../image/images.ts';
import { TestRegistry } from '../support/registry.ts';
import { archiveOf, SampleImage } from '../support/sample-image.ts';

const sample = new SampleImage('transports', 20_000);

/** Puts the image where the test wants it. @returns its name. */
type Place = (world: ImageWorld, registry: TestRegistry) => string;

const PLACES: readonly [kind: string, place: Place, formats: readonly string[]][] = [
  [
    'a registry',
    (_world, registry) => {
      for (const bytes of sample.blobs.values()) registry.addBlob('a/b', bytes);
      registry.content.tag('a/b', 'v1', sample.index.digest);
      return `${registry.host}/a/b:v1`;
    },
    ['gzip', 'gzip', 'tar'],
  ],
  [
    'a layout',
    (world) => {
      sample.writeLayout(world.path('layout'));
      return `oci:${world.path('layout')}`;
    },
    ['gzip', 'gzip', 'tar'],
  ],
  [
    'an archive of a layout',
    (world) => {
      writeFileSync(world.path('a.tar'), archiveOf(sample.layoutFiles()));
      return `oci-archive:${world.path('a.tar')}`;
    },
    ['gzip', 'gzip', 'tar'],
  ],
  [
    "docker's archive",
    (world) => {
      writeFileSync(world.path('d.tar'), archiveOf(sample.dockerFiles('a/b:v1')));
      return `docker-archive:${world.path('d.tar')}`;
    },
    ['tar', 'tar', 'tar'],
  ],
  [
    'a pipe',
    (world) => {
      mkdirSync(world.path('work'));
      world.stdin = Readable.from([archiveOf(sample.layoutFiles())]);
      return '-';
    },
    ['gzip', 'gzip', 'tar'],
  ],
];

suite('an image in', () => {
  for (const [kind, place, formats] of PLACES) {
    test(`${kind} is looked at and checked`, async () => {
      await using registry = await TestRegistry.start();
      await using world = new ImageWorld();
      await using source = await world.source(place(world, registry));
      const platforms = [{ os: 'linux', architecture: 'amd64' }];
      const { inspection } = await inspectImage(source, { platforms });
      assert.deepEqual(
        inspection.images[0]!.layers.map(({ format }) => format),
        formats,
      );
      const { ok, images } = await verifyImage(source, { platforms, workers: 1 });
      assert.deepEqual(images[0]!.findings, []);
      assert.equal(ok, true);
      assert.deepEqual(
        images[0]!.layers.map(({ counts }) => counts.entries),
        [3, 3, 1],
      );
    });
  }
});
