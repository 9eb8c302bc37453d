// Layers by the digests of their TOCs, from a real registry.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { ImageLayers } from '../../src/containers-storage/image-layers.ts';
import type { LazypullError } from '../../src/errors.ts';
import { CONTAINERS_MANIFEST_CHECKSUM, TOC_DIGEST } from '../../src/oci/annotations.ts';
import type { Descriptor } from '../../src/oci/descriptor.ts';
import type { Digest } from '../../src/oci/digest.ts';
import { parseLayerSource } from '../../src/snapshot/labels.ts';
import { RegistryClient } from '../../src/registry/client.ts';
import { TestRegistry } from '../support/registry.ts';
import { sha } from '../support/stored-layers.ts';

const PLATFORM = { os: 'linux', architecture: 'amd64' };
const TYPE = 'application/vnd.oci.image.layer.v1.tar';
const never = new AbortController().signal;

function addLayer(
  registry: TestRegistry,
  name: string,
  annotations: Record<string, string>,
  type = 'gzip',
): Descriptor {
  return { ...registry.addBlob('app', Buffer.from(`blob of ${name}`), `${TYPE}+${type}`), annotations };
}

function addImage(
  registry: TestRegistry,
  layers: readonly Descriptor[],
  diffIds = layers.map(({ digest }) => sha(digest)),
): void {
  registry.addImage('app', 'latest', layers, { rootfs: { type: 'layers', diff_ids: diffIds } });
}

suite('layers of an image by TOC digest', () => {
  const code = (wanted: LazypullError['code'], message: RegExp) => (error: LazypullError) =>
    error.code === wanted && message.test(error.message);

  async function withRegistry(
    run: (parts: { registry: TestRegistry; layers: ImageLayers; ref: string }) => Promise<void>,
  ): Promise<void> {
    await using registry = await TestRegistry.start();
    await using client = new RegistryClient({ retry: { retries: 0 } });
    await run({ registry, layers: new ImageLayers(client, PLATFORM), ref: `${registry.host}/app:latest` });
  }

  test('a layer is found by the digest of its TOC, or of the compressed one, with what its manifest and config say', async () => {
    await withRegistry(async ({ registry, layers, ref }) => {
      const ordinary = addLayer(registry, 'ordinary', {});
      const gzip = addLayer(registry, 'gzip', { [TOC_DIGEST]: sha('toc') });
      const zstd = addLayer(registry, 'zstd', { [CONTAINERS_MANIFEST_CHECKSUM]: sha('compressed toc') }, 'zstd');
      addImage(registry, [ordinary, gzip, zstd]);
      const found = await layers.require(ref, sha('toc'), never);
      const { labels, ...facts } = found;
      assert.deepEqual(facts, {
        index: 1,
        digest: gzip.digest,
        size: gzip.size,
        compression: 'gzip',
        diffId: sha(gzip.digest),
      });
      const source = parseLayerSource(labels);
      assert.equal(source?.imageRef, ref);
      assert.equal(source.layerDigest, gzip.digest);
      assert.equal(source.tocDigest, sha('toc'));
      const other = await layers.require(ref, sha('compressed toc'), never);
      assert.deepEqual([other.index, other.digest, other.compression], [2, zstd.digest, 'zstd']);
      assert.equal(parseLayerSource(other.labels)?.tocChecksum, sha('compressed toc'));
      // One manifest and one config for both.
      assert.equal(registry.requests('registry'), 2);
    });
  });

  test('a TOC that no layer of the image has is not found', async () => {
    await withRegistry(async ({ registry, layers, ref }) => {
      addImage(registry, [addLayer(registry, 'gzip', { [TOC_DIGEST]: sha('toc') })]);
      await assert.rejects(layers.require(ref, sha('other'), never), code('NOT_FOUND', /no layer .* whose table/));
    });
  });

  test('the digest of a blob is refused: its client would believe what the config says of the layer', async () => {
    await withRegistry(async ({ registry, layers, ref }) => {
      const layer = addLayer(registry, 'gzip', { [TOC_DIGEST]: sha('toc') });
      addImage(registry, [layer]);
      for (let times = 0; times < 3; times++) {
        await assert.rejects(layers.require(ref, layer.digest, never), code('UNSUPPORTED', /Podman 5\.1/));
      }
      assert.equal(registry.requests('registry'), 2);
    });
  });

  test('a tag that was moved is asked for again', async () => {
    await withRegistry(async ({ registry, layers, ref }) => {
      addImage(registry, [addLayer(registry, 'old', { [TOC_DIGEST]: sha('old toc') })]);
      await layers.require(ref, sha('old toc'), never);
      addImage(registry, [addLayer(registry, 'new', { [TOC_DIGEST]: sha('new toc') })]);
      assert.equal((await layers.require(ref, sha('new toc'), never)).index, 0);
    });
  });

  test('an image of another platform, and a config that does not fit, give no layer', async () => {
    await withRegistry(async ({ registry, layers, ref }) => {
      const layer = addLayer(registry, 'gzip', { [TOC_DIGEST]: sha('toc') });
      addImage(registry, [layer], []);
      await assert.rejects(layers.require(ref, sha('toc'), never), code('FORMAT', /diff ids/));
    });
    await withRegistry(async ({ registry, layers, ref }) => {
      const manifest = registry.addImage('app', 'unused', []);
      const entry = { ...manifest, platform: { os: 'linux', architecture: 's390x' } };
      const index = { schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests: [entry] };
      registry.addManifest('app', index, 'latest');
      await assert.rejects(layers.require(ref, sha('toc'), never), code('NOT_FOUND', /linux\/s390x/));
    });
  });

  test('a failure is not remembered', async () => {
    await withRegistry(async ({ registry, layers, ref }) => {
      addImage(registry, [addLayer(registry, 'gzip', { [TOC_DIGEST]: sha('toc') })]);
      registry.knobs.down = true;
      await assert.rejects(layers.require(ref, sha('toc'), never), code('REGISTRY', /./));
      registry.knobs.down = false;
      assert.equal((await layers.require(ref, sha('toc'), never)).index, 0);
    });
  });

  test('who gives up takes nobody along', async () => {
    await withRegistry(async ({ registry, layers, ref }) => {
      addImage(registry, [addLayer(registry, 'gzip', { [TOC_DIGEST]: sha('toc') })]);
      registry.knobs.latencyMs = 100;
      const impatient = new AbortController();
      const first = layers.require(ref, sha('toc'), impatient.signal);
      const second = layers.require(ref, sha('toc'), never);
      impatient.abort(new Error('enough'));
      await assert.rejects(first, /enough/);
      const digest: Digest = (await second).digest;
      assert.equal(digest, sha('blob of gzip'));
    });
  });
});
