// Every format, as our writer and as the reference tools write it, has no findings; damages in formats other than eStargz
// are found; and no table of contents, however hostile, is more than findings.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as fc from 'fast-check';
import type { WriteOptions } from '../../src/build/model.ts';
import type { ImageSource } from '../../src/image/model.ts';
import { openLayoutSource } from '../../src/image/layout-source.ts';
import { RegistryImageSource } from '../../src/image/registry-image.ts';
import {
  CONTAINERS_MANIFEST_CHECKSUM,
  CONTAINERS_TAR_SPLIT_POSITION,
  TOC_DIGEST,
  TOC_LAYER_DIGEST,
  ZSTD_MANIFEST_CHECKSUM,
  ZSTD_MANIFEST_POSITION,
} from '../../src/oci/annotations.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { OCI_LAYER_GZIP, OCI_LAYER_ZSTD } from '../../src/oci/media-types.ts';
import { verifyImage, type VerifyOptions } from '../../src/optimize/verify.ts';
import type { Verification } from '../../src/optimize/verify-model.ts';
import { makeClient, referenceTo } from '../registry/clients.ts';
import { CheckedImage, partsOf, type LayerParts } from '../support/checked-image.ts';
import { dir, fifo, file, hardlink, noise, symlink, type Entry } from '../support/entries.ts';
import { buildEstargz, type BuildOptions, type BuiltLayer, type TocJson } from '../support/estargz.ts';
import { hostileToc } from '../support/hostile-toc.ts';
import { image, type ImageName } from '../support/images.ts';
import { needs } from '../support/needs.ts';
import { TestRegistry } from '../support/registry.ts';
import { tarOf } from '../support/tar.ts';
import { writeTar } from '../support/written-layer.ts';

const BIG = noise(30_000, 7);
const ENTRIES: readonly Entry[] = [
  dir('./'),
  dir('data', { mtime: 1_700_000_000 }),
  file('data/00', BIG),
  hardlink('data/again', 'data/00'),
  file('data/zeros', Buffer.alloc(100_000)),
  symlink('s', 'data/00'),
  fifo('p'),
  file('empty'),
  file('xattrs', 'x', {
    xattrs: { 'user.binary': Buffer.from([0, 10, 255]), 'security.capability': Buffer.alloc(20, 1) },
  }),
];

async function verify(layers: readonly LayerParts[], options: Partial<VerifyOptions> = {}): Promise<Verification> {
  using checked = new CheckedImage({ layers });
  await using source = await checked.open();
  return await verifyImage(source, { platforms: 'all', workers: 1, ...options });
}

/** `check: message` of each finding. */
function saidOf({ images }: Verification): string[] {
  return images
    .flatMap(({ findings, layers }) => [...findings, ...layers.flatMap((layer) => layer.findings)])
    .map(({ check, message }) => `${check}: ${message}`);
}

suite('what our writer writes is right', () => {
  const written: [title: string, options: Partial<WriteOptions>][] = [
    ['eStargz', { chunkSize: 4096 }],
    ['eStargz with several chunks in a member', { chunkSize: 4096, minChunkSize: 50_000 }],
    ['eStargz in an order', { order: { prioritized: ['data/again', 'xattrs'], deferred: [] } }],
    ['eStargz that prefetches nothing', { order: { prioritized: [], deferred: [] } }],
    ['zstd:chunked', { format: 'zstd:chunked', level: 3, chunkSize: 4096 }],
    ['zstd:chunked for containers/storage', { format: 'zstd:chunked-containers', level: 3, chunkSize: 4096 }],
  ];
  for (const [title, options] of written) {
    test(title, async () => {
      const { written: layer, blob } = await writeTar(tarOf(ENTRIES), options);
      const { mediaType, annotations = {} } = layer.descriptor;
      const verification = await verify([{ blob, diffId: layer.diffId, mediaType, annotations }]);
      assert.deepEqual(saidOf(verification), []);
      assert.equal(verification.images[0]!.layers[0]!.format, layer.format);
    });
  }

  for (const lossless of [false, true]) {
    test(`an external table of contents, ${lossless ? 'lossless' : 'with landmarks'}`, async () => {
      const { written: layer, blob } = await writeTar(tarOf(ENTRIES), { externalToc: true, lossless, chunkSize: 4096 });
      const { annotations = {} } = layer.descriptor;
      const toc = { blob: Buffer.from(layer.externalToc!.bytes), diffId: digestOf(blob) };
      using tocs = new CheckedImage({ layers: [{ ...toc, annotations: { [TOC_LAYER_DIGEST]: digestOf(blob) } }] });
      await using source = await tocs.open();
      const parts = { blob, diffId: layer.diffId, annotations };
      assert.deepEqual(saidOf(await verify([parts], { openTocImage: () => Promise.resolve(source) })), []);
      const [alone = ''] = saidOf(await verify([parts]));
      assert.match(alone, /^toc: .* blob of its own/);
    });
  }
});

suite('what the reference tools write is right', () => {
  const names: readonly ImageName[] = [
    'small',
    'small-esgz',
    'small-esgz-chunked',
    'small-esgz-min-chunk',
    'small-esgz-optimized',
    'small-esgz-external',
    'small-esgz-external-keep',
    'small-zstdchunked',
    'small-podman',
  ];
  for (const name of names) {
    test(`${name}, every byte of it`, { skip: needs('root', 'ctr-remote') }, async () => {
      const { layoutDir } = await image(name);
      await using source = await openLayoutSource(layoutDir, 'latest');
      const open: ImageSource[] = [];
      const openTocImage = async (): Promise<ImageSource> => {
        open.push(await openLayoutSource(layoutDir, 'latest-esgztoc'));
        return open.at(-1)!;
      };
      const verification = await verifyImage(source, { platforms: 'all', openTocImage });
      assert.deepEqual(saidOf(verification), []);
      assert.equal(open.length > 0, name.includes('external'));
    });
  }
});

suite('members that are too large for a worker', () => {
  const MIB = 1024 * 1024;
  const sizes: [title: string, content: Buffer][] = [
    ['decompressed', Buffer.alloc(66 * MIB, 1)],
    ['compressed', noise(17 * MIB)],
  ];
  for (const [title, content] of sizes) {
    const entries = [file('before', 'x'), file('large', content), file('after', 'y')];
    const layer = buildEstargz(entries, { chunkSize: 128 * MIB, compressionLevel: 1 });
    const parts = partsOf(layer);

    test(`${title} are right all the same`, async () => {
      assert.deepEqual(saidOf(await verify([parts])), []);
    });

    test(`${title}, that are damaged, are named, and what follows is still checked`, async () => {
      const blob = Buffer.from(layer.blob);
      const offset = Number(tocOf(layer).find(({ name }) => name === 'large')!['offset']);
      const end = Number(tocOf(layer).find(({ name }) => name === 'after')!['offset']);
      blob[end - 9]! ^= 0xff;
      blob[layer.tocOffset - 6]! ^= 0xff;
      const { images } = await verify([{ ...parts, blob }]);
      assert.deepEqual(
        images[0]!.layers[0]!.findings.map(({ check, path, offset: at }) => [check, path, at]),
        [
          ['member', 'large', offset],
          ['member', 'after', end],
        ],
      );
    });
  }
});

function tocOf({ tocJson }: BuiltLayer): TocJson['entries'] {
  return (JSON.parse(tocJson.toString()) as TocJson).entries;
}

/** With a TOC that was changed before it was written. */
function withToc(options: BuildOptions, patch: (entries: TocJson['entries']) => void): BuiltLayer {
  const tocPatch = (toc: TocJson): TocJson => {
    patch(toc.entries);
    return toc;
  };
  return buildEstargz(ENTRIES, { ...options, tocPatch });
}

function zstdParts(layer: BuiltLayer, annotations: Record<string, string>): LayerParts {
  return { blob: layer.blob, diffId: layer.diffId, mediaType: OCI_LAYER_ZSTD, annotations };
}

suite('zstd:chunked that is damaged', () => {
  const options: BuildOptions = { format: 'zstd:chunked', chunkSize: 8192 };
  const layer = buildEstargz(ENTRIES, options);
  const offsets = (JSON.parse(layer.tocJson.toString()) as TocJson).entries
    .filter((entry) => entry['name'] === 'data/00')
    .map((entry) => Number(entry['offset']));
  const [, second = 0, third = 0] = offsets;

  test('in a frame is found out', async () => {
    const blob = Buffer.from(layer.blob);
    // Noise is stored, and frames have no checksum.
    blob[second + 4000]! ^= 0xff;
    const { images } = await verify([{ ...zstdParts(layer, { [TOC_DIGEST]: layer.tocDigest }), blob }]);
    const { findings } = images[0]!.layers[0]!;
    const found = findings.map(({ check, path, expected }) => [check, path, expected]);
    assert.deepEqual(found, [
      ['file', 'data/00', digestOf(BIG)],
      ['chunk', 'data/00', digestOf(BIG.subarray(8192, 16_384))],
      ['diff-id', null, layer.diffId],
    ]);
    assert.equal(findings[1]!.offset, second);
  });

  test('in the place of a frame is found out', async () => {
    const moved = withToc(options, (entries) => {
      entries.filter((entry) => entry['name'] === 'data/00')[2]!['offset'] = third + 3;
    });
    assert.deepEqual(saidOf(await verify([zstdParts(moved, { [TOC_DIGEST]: moved.tocDigest })])), [
      `member: data/00: chunk 3 of 4 at offset ${third + 3}: no member begins there`,
    ]);
  });

  test('in what the annotations say of its table of contents is found out', async () => {
    const annotations = { [ZSTD_MANIFEST_CHECKSUM]: digestOf(BIG), [ZSTD_MANIFEST_POSITION]: '1:2:3:1' };
    const { compressedSize, size } = { compressedSize: tocSizeOf(layer), size: layer.tocJson.length };
    assert.deepEqual(saidOf(await verify([zstdParts(layer, annotations)])), [
      `annotation: ${ZSTD_MANIFEST_CHECKSUM}: expected ${digestOf(BIG)}, got ${layer.tocChecksum}`,
      `annotation: ${ZSTD_MANIFEST_POSITION}: expected 1:2:3:1, got ${layer.tocOffset}:${compressedSize}:${size}:1`,
    ]);
  });

  test('for containers/storage, in the digest of a chunk, is found out', async () => {
    const wrong = withToc({ format: 'zstd:chunked-containers', chunkSize: 8192 }, (entries) => {
      entries.filter((entry) => entry['name'] === 'data/00')[1]!['chunkDigest'] = digestOf(BIG);
    });
    const found = saidOf(await verify([zstdParts(wrong, { [CONTAINERS_MANIFEST_CHECKSUM]: wrong.tocChecksum })]));
    assert.equal(found.length, 1);
    assert.match(found[0]!, /^chunk: data\/00: chunk 2 of 4 at offset \d+: expected sha256:/);
  });
});

suite('the tar-split of containers/storage', () => {
  test('that is another one, or at another place, is found out', async () => {
    const { written, blob } = await writeTar(tarOf(ENTRIES), { format: 'zstd:chunked-containers', level: 3 });
    const { mediaType, annotations = {} } = written.descriptor;
    const [offset = 0, size = 0, plain = 0] = (annotations[CONTAINERS_TAR_SPLIT_POSITION] ?? '').split(':').map(Number);
    const digest = digestOf(blob.subarray(offset, offset + size));
    const other = Buffer.from(blob);
    other[offset + size - 1]! ^= 1;
    const lying = { ...annotations, [CONTAINERS_TAR_SPLIT_POSITION]: '1:2:3' };
    const parts = { blob: other, diffId: written.diffId, mediaType, annotations: lying };
    assert.deepEqual(saidOf(await verify([parts])), [
      `toc: the tar-split: expected ${digest}, got ${digestOf(other.subarray(offset, offset + size))}`,
      `annotation: ${CONTAINERS_TAR_SPLIT_POSITION}: expected 1:2:3, got ${offset}:${size}:${plain}`,
    ]);
  });
});

/** Bytes of the compressed TOC: the footer's second number. */
function tocSizeOf({ blob }: BuiltLayer): number {
  return Number(blob.readBigUInt64LE(blob.length - 32));
}

suite('a table of contents that is hostile', () => {
  for (const format of ['estargz', 'zstd:chunked-containers'] as const) {
    test(`of ${format} is findings and no error`, async () => {
      await fc.assert(
        fc.asyncProperty(hostileToc, async (tocPatch) => {
          const layer = buildEstargz(ENTRIES, { format, chunkSize: 8192, tocPatch });
          const verification = await verify([partsOf(layer)]);
          assert.equal(verification.ok, saidOf(verification).length === 0);
          // What is the same as before is right; what differs in a field that is looked at is found.
          const isSame = layer.tocJson.equals(buildEstargz(ENTRIES, { format, chunkSize: 8192 }).tocJson);
          if (isSame) assert.deepEqual(saidOf(verification), []);
        }),
        { numRuns: 25 },
      );
    });
  }
});

suite('an image in a registry', () => {
  const layer = buildEstargz([file('noise', noise(200_000))], { chunkSize: 8192 });

  async function inRegistry(registry: TestRegistry): Promise<Verification> {
    await using client = makeClient();
    const source = new RegistryImageSource(client, referenceTo(registry));
    return await verifyImage(source, { platforms: 'all', workers: 1 });
  }

  function push(registry: TestRegistry): void {
    const descriptor = registry.addBlob('a/b', layer.blob, OCI_LAYER_GZIP);
    const annotated = { ...descriptor, annotations: { [TOC_DIGEST]: layer.tocDigest } };
    registry.addImage('a/b', 'v1', [annotated], { rootfs: { type: 'layers', diff_ids: [layer.diffId] } });
  }

  test('is read in two requests for a layer: its end, and all of it', async () => {
    await using registry = await TestRegistry.start();
    push(registry);
    assert.deepEqual(saidOf(await inRegistry(registry)), []);
    const blobs = registry.log.filter(({ path }) => path.endsWith(layer.digest));
    assert.deepEqual(
      blobs.map(({ status, range }) => [status, range !== undefined]),
      [
        [206, true],
        [200, false],
      ],
    );
  });

  test('that breaks connections is read to its end all the same', async () => {
    await using registry = await TestRegistry.start({ knobs: { dropAfter: 20_000, dropCount: 2 } });
    push(registry);
    assert.deepEqual(saidOf(await inRegistry(registry)), []);
  });

  test('that is not there is an error, not a finding', async () => {
    await using registry = await TestRegistry.start({ knobs: { down: true } });
    await assert.rejects(inRegistry(registry), { code: 'REGISTRY' });
  });
});
