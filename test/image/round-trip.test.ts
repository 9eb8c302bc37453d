// One image through every transport and back, by us and by skopeo: every digest stays what it was.
import assert from 'node:assert/strict';
import { createReadStream, createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, suite, test } from 'node:test';
import { pipeline } from 'node:stream/promises';
import { digestOf } from '../../src/oci/digest.ts';
import { OCI_LAYER_TAR } from '../../src/oci/media-types.ts';
import { needs, requireProgram } from '../support/needs.ts';
import { startRegistryProcess, type RegistryProcess } from '../support/registry-process.ts';
import { run } from '../support/run.ts';
import { SampleImage } from '../support/sample-image.ts';
import { copyImage, digestsOf, ImageWorld } from './images.ts';

const sample = new SampleImage('round trip');
const all = [...sample.blobs.keys()].sort();

async function skopeo(...args: string[]): Promise<void> {
  const options = ['--insecure-policy', '--src-tls-verify=false', '--dest-tls-verify=false', '--preserve-digests'];
  await run(requireProgram('skopeo'), ['copy', ...options, '--all', '--quiet', ...args]);
}

suite('an image on its way', { skip: needs('docker-registry', 'skopeo') }, () => {
  let registry: RegistryProcess;
  let folder = '';
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lazypull-registry-'));
    registry = await startRegistryProcess({ dir: folder });
  });
  after(async () => {
    await registry[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  const places: readonly [name: string, place: (world: ImageWorld) => string][] = [
    ['a registry', () => `${registry.host}/trip/ours:v1`],
    ['a new layout', (world) => `oci:${world.path('out')}:v1`],
    ['an archive', (world) => `oci-archive:${world.path('out.tar')}:v1`],
    ['an archive without a tag', (world) => `oci-archive:${world.path('out.tar')}`],
    ['an archive for docker', (world) => `docker-archive:${world.path('out.tar')}:app:v1`],
  ];
  for (const [name, place] of places) {
    test(`comes out of ${name} as it went in`, async () => {
      await using world = new ImageWorld();
      sample.writeLayout(world.path('in'));
      const to = place(world);
      await world.copy(`oci:${world.path('in')}`, to);
      await using source = await world.source(to);
      assert.equal((await source.root()).descriptor.digest, sample.index.digest);
      assert.deepEqual((await digestsOf(source)).sort(), all);
      // Through our own verification, once more.
      await copyImage(source, await world.target(`oci:${world.path('again')}`));
      assert.deepEqual(world.leftovers(), []);
    });
  }

  const read: readonly [name: string, place: (world: ImageWorld) => readonly [ours: string, theirs: string]][] = [
    ['a registry', () => [`${registry.host}/trip/a:v1`, `docker://${registry.host}/trip/a:v1`]],
    ['a layout', (world) => [`oci:${world.path('out')}:v1`, `oci:${world.path('out')}:v1`]],
    ['an archive', (world) => [`oci-archive:${world.path('o.tar')}:v1`, `oci-archive:${world.path('o.tar')}:v1`]],
  ];
  for (const [name, place] of read) {
    test(`is read by skopeo from ${name} that we wrote`, async () => {
      await using world = new ImageWorld();
      sample.writeLayout(world.path('in'));
      const [ours, theirs] = place(world);
      await world.copy(`oci:${world.path('in')}:latest`, ours);
      await skopeo(theirs, `oci:${world.path('check')}:v1`);
      await using source = await world.source(`oci:${world.path('check')}:v1`);
      assert.deepEqual((await digestsOf(source)).sort(), all);
    });

    test(`is read by us from ${name} that skopeo wrote`, async () => {
      await using world = new ImageWorld();
      sample.writeLayout(world.path('in'));
      const [ours, theirs] = place(world);
      await skopeo(`oci:${world.path('in')}:latest`, theirs.replace('trip/a', 'trip/skopeo'));
      await world.copy(ours.replace('trip/a', 'trip/skopeo'), `oci:${world.path('check')}`);
      await using source = await world.source(`oci:${world.path('check')}`);
      assert.deepEqual((await digestsOf(source)).sort(), all);
    });
  }

  test('is read by skopeo from the archive for docker, with the same layers', async () => {
    await using world = new ImageWorld();
    sample.writeLayout(world.path('in'));
    await world.copy(`oci:${world.path('in')}`, `docker-archive:${world.path('d.tar')}:app:v1`);
    // Without --preserve-digests: skopeo makes up a manifest of its own.
    await run(requireProgram('skopeo'), [
      'copy',
      '--insecure-policy',
      '--quiet',
      `docker-archive:${world.path('d.tar')}:docker.io/library/app:v1`,
      `oci:${world.path('check')}:v1`,
    ]);
    await using source = await world.source(`oci:${world.path('check')}:v1`);
    const { manifest } = await source.root();
    assert.ok(manifest.kind === 'image');
    const config = JSON.parse(Buffer.from(await source.fetch(manifest.config)).toString()) as {
      rootfs: { diff_ids: string[] };
    };
    assert.deepEqual(config.rootfs.diff_ids, sample.tars.map(digestOf));
  });

  test('is read by us from the archive for docker that skopeo wrote: plain tars named by their digests', async () => {
    await using world = new ImageWorld();
    sample.writeLayout(world.path('in'), ['latest'], sample.manifest);
    const copy = ['copy', '--insecure-policy', '--quiet'];
    const to = `docker-archive:${world.path('d.tar')}:app:v1`;
    await run(requireProgram('skopeo'), [...copy, `oci:${world.path('in')}:latest`, to]);
    await world.copy(to, `oci:${world.path('check')}`);
    await using source = await world.source(`oci:${world.path('check')}`);
    const { manifest } = await source.root();
    assert.ok(manifest.kind === 'image');
    assert.deepEqual(
      manifest.layers,
      sample.tars.map((tar) => ({ mediaType: OCI_LAYER_TAR, digest: digestOf(tar), size: tar.length })),
    );
  });

  test('is mounted from one repository into another, without a byte', async () => {
    await using world = new ImageWorld();
    sample.writeLayout(world.path('in'));
    await world.copy(`oci:${world.path('in')}`, `${registry.host}/trip/first:v1`);
    const written = await world.copy(`${registry.host}/trip/first:v1`, `${registry.host}/trip/second:v1`);
    assert.deepEqual(
      written.filter((digest) => sample.layers.some((layer) => layer.digest === digest)),
      [],
    );
    assert.match(registry.log(), /POST \/v2\/trip\/second\/blobs\/uploads\/\?.*mount=sha256.* 201 /);
    await using source = await world.source(`${registry.host}/trip/second:v1`);
    await copyImage(source, await world.target(`oci:${world.path('check')}`));
  });
});

describe('a pipe', () => {
  test('takes an image out of one process and into the next', async () => {
    await using world = new ImageWorld();
    sample.writeLayout(world.path('in'));
    const [written] = await Promise.all([
      world.copy(`oci:${world.path('in')}`, '-').finally(() => world.stdout.end()),
      pipeline(world.stdout, createWriteStream(world.path('piped.tar'))),
    ]);
    assert.equal(written[0], sample.index.digest);
    world.stdin = createReadStream(world.path('piped.tar'));
    await world.copy('-', `oci:${world.path('check')}`);
    await using source = await world.source(`oci:${world.path('check')}`);
    assert.deepEqual((await digestsOf(source)).sort(), all);
    assert.deepEqual(world.leftovers(), []);
  });

  test('carries the same bytes as an archive, and both are the same every time', async () => {
    await using world = new ImageWorld();
    sample.writeLayout(world.path('in'));
    const archives: Buffer[] = [];
    for (const name of ['one.tar', 'two.tar']) {
      await world.copy(`oci:${world.path('in')}`, `oci-archive:${world.path(name)}`);
      archives.push(readFileSync(world.path(name)));
    }
    assert.deepEqual(archives[0], archives[1]);
    const pieces: Buffer[] = [];
    world.stdout.on('data', (piece: Buffer) => pieces.push(piece));
    await world.copy(`oci:${world.path('in')}`, '-');
    assert.deepEqual(Buffer.concat(pieces), archives[0]);
  });
});
