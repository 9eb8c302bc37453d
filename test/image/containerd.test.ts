// Images in real containerds of both generations.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { UserError, VerificationError } from '../../src/errors.ts';
import type { Descriptor } from '../../src/oci/descriptor.ts';
import { digestHex, type Digest } from '../../src/oci/digest.ts';
import { containerdProgram, startContainerd, type Containerd } from '../support/containerd.ts';
import { needs } from '../support/needs.ts';
import { SampleImage } from '../support/sample-image.ts';
import { until } from '../support/until.ts';
import { collect, copyImage, digestsOf, ImageWorld } from './images.ts';

test('containerd that is not there is an error that says where it was looked for', async () => {
  await using world = new ImageWorld();
  await assert.rejects(world.source('containerd:app'), /does not answer at \/nowhere\/containerd\.sock/);
  await assert.rejects(world.target('containerd:app'), UserError);
});

for (const version of ['1.7', '2'] as const) {
  suite(`images in containerd ${version}`, { skip: needs('root', containerdProgram(version)) }, () => {
    let folder = '';
    let containerd: Containerd;
    before(async () => {
      folder = mkdtempSync(join(tmpdir(), 'lazypull-image-'));
      containerd = await startContainerd({ version, dir: folder });
    });
    after(async () => {
      await containerd.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    function makeWorld(): ImageWorld {
      const world = new ImageWorld();
      world.containerdAddress = containerd.socketPath;
      return world;
    }

    async function content(): Promise<Set<string>> {
      return new Set((await containerd.ctr(['content', 'ls', '-q'])).stdout.trim().split('\n'));
    }

    async function images(): Promise<string[]> {
      return (await containerd.ctr(['images', 'ls', '-q'])).stdout.trim().split('\n');
    }

    test('come out as they went in, with everything', async () => {
      await using world = makeWorld();
      const sample = new SampleImage(`in and out ${version}`);
      const all = [...sample.blobs.keys()].sort();
      sample.writeLayout(world.path('in'));
      await world.copy(`oci:${world.path('in')}`, 'containerd:app:v1');
      assert.ok((await images()).includes('docker.io/library/app:v1'));
      await using source = await world.source('containerd:app:v1');
      assert.equal((await source.root()).descriptor.digest, sample.index.digest);
      assert.deepEqual((await digestsOf(source)).sort(), all);
      await copyImage(source, await world.target(`oci:${world.path('check')}`));
      const layer = sample.layers[0] as Descriptor;
      const bytes = sample.bytes(layer);
      const blob = source.open(layer);
      assert.deepEqual(Buffer.from(await blob.readRange(3, 150_000)), bytes.subarray(3, 150_000));
      assert.equal((await blob.readRange(3, 3)).length, 0);
      assert.deepEqual(Buffer.from((await blob.readTail(9)).bytes), bytes.subarray(-9));
      await assert.rejects(blob.readRange(0, layer.size + 1), { code: 'INVALID_ARGUMENT' });
    });

    test('stay when containerd collects its garbage', async () => {
      await using world = makeWorld();
      const sample = new SampleImage(`kept ${version}`);
      sample.writeLayout(world.path('in'));
      await world.copy(`oci:${world.path('in')}`, 'containerd:kept:v1');
      // Deleting an image with --sync waits for a collection.
      await containerd.ctr(['images', 'tag', 'docker.io/library/kept:v1', 'docker.io/library/gone:v1']);
      await containerd.ctr(['images', 'rm', '--sync', 'docker.io/library/gone:v1']);
      const there = await content();
      for (const digest of sample.blobs.keys()) assert.ok(there.has(digest), digest);
      await containerd.ctr(['images', 'export', world.path('export.tar'), 'docker.io/library/kept:v1']);
      await using exported = await world.source(`oci-archive:${world.path('export.tar')}`);
      await exported.root();
    });

    test('are not there before they are complete, and collected when they never are', async () => {
      await using world = makeWorld();
      const sample = new SampleImage(`unfinished ${version}`);
      sample.writeLayout(world.path('in'));
      {
        await using source = await world.source(`oci:${world.path('in')}`);
        await using target = await world.target('containerd:unfinished:v1');
        target.finish = () => Promise.reject(new Error('stop'));
        await assert.rejects(copyImage(source, target), { message: 'stop' });
        assert.ok((await content()).has(sample.manifest.digest));
        assert.ok(!(await images()).includes('docker.io/library/unfinished:v1'));
      }
      await until(async () => !(await content()).has(sample.manifest.digest), 'the collection');
      assert.deepEqual((await containerd.ctr(['leases', 'ls', '-q'])).stdout.trim(), '');
    });

    test('get another target when they are written again', async () => {
      await using world = makeWorld();
      const [one, two] = [new SampleImage(`first ${version}`), new SampleImage(`second ${version}`)];
      for (const sample of [one, two]) {
        const layout = world.path(digestHex(sample.index.digest));
        sample.writeLayout(layout);
        await world.copy(`oci:${layout}`, 'containerd:again:v1');
        await using source = await world.source('containerd:again:v1');
        assert.equal((await source.root()).descriptor.digest, sample.index.digest);
      }
    });

    test('have what is there already, which then stays', async () => {
      await using world = makeWorld();
      const sample = new SampleImage(`shared ${version}`);
      const layer = sample.layers[0] as Descriptor;
      sample.writeLayout(world.path('in'));
      await world.copy(`oci:${world.path('in')}`, 'containerd:shared:v1');
      await using target = await world.target('containerd:shared:v2');
      assert.equal(await target.has(layer), true);
      assert.equal(await target.has({ ...layer, digest: `sha256:${'0'.repeat(64)}` }), false);
      // The lease of the target holds it, and nothing else does.
      await containerd.ctr(['images', 'rm', '--sync', 'docker.io/library/shared:v1']);
      const there = await content();
      assert.deepEqual([there.has(layer.digest), there.has(sample.manifest.digest)], [true, false]);
    });

    test('take no blob that is not what its descriptor says', async () => {
      await using world = makeWorld();
      await using target = await world.target('containerd:wrong:v1');
      const sample = new SampleImage(`wrong ${version}`);
      const layer = sample.layers[0] as Descriptor;
      const zeros = async function* (): AsyncGenerator<Uint8Array> {
        yield Buffer.alloc(layer.size);
      };
      await assert.rejects(target.putBlob(layer, zeros));
      await assert.rejects(
        target.putDocument({ descriptor: sample.manifest, bytes: Buffer.alloc(sample.manifest.size) }),
        VerificationError,
      );
      assert.equal(await target.has(layer), false);
    });

    test('that are not there in full are errors that name the registry', async () => {
      await using world = makeWorld();
      const sample = new SampleImage(`lazy ${version}`);
      sample.writeLayout(world.path('in'));
      await world.copy(`oci:${world.path('in')}`, 'containerd:r.test/lazy:v1');
      const layer = sample.layers[0] as Descriptor;
      await containerd.ctr(['content', 'rm', layer.digest]);
      await using source = await world.source('containerd:r.test/lazy:v1');
      const reads = [
        () => collect(source.stream(layer)),
        () => source.fetch(layer),
        () => source.open(layer).readRange(0, 1),
      ];
      for (const read of reads) {
        await assert.rejects(read, (error: UserError) => {
          assert.ok(error instanceof UserError);
          assert.match(error.message, new RegExp(`does not have ${layer.digest}`));
          assert.match(error.fix ?? '', /write r\.test\/lazy:v1 instead of containerd:r\.test\/lazy:v1/);
          return true;
        });
      }
    });

    test('are found by names that are no references only as they are, and not found otherwise', async () => {
      await using world = makeWorld();
      const sample = new SampleImage(`named ${version}`);
      sample.writeLayout(world.path('in'));
      await world.copy(`oci:${world.path('in')}`, 'containerd:named:v1');
      await containerd.ctr(['images', 'tag', 'docker.io/library/named:v1', 'short:v1']);
      await using source = await world.source('containerd:short:v1');
      const root: Digest = (await source.root()).descriptor.digest;
      assert.equal(root, sample.index.digest);
      await assert.rejects(world.source('containerd:nobody'), /no image docker\.io\/library\/nobody:latest.*\n.*moby/);
      await assert.rejects(world.target(`containerd:named@${root}`), /has a digest/);
    });
  });
}
