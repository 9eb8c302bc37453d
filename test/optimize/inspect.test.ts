// What inspect says of images that are known byte for byte, and how little it reads for that.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import * as fc from 'fast-check';
import { RegistryImageSource } from '../../src/image/registry-image.ts';
import { BASE_NAME, SOURCE_DIGEST, SOURCE_NAME, TOC_DIGEST, TOC_LAYER_DIGEST } from '../../src/oci/annotations.ts';
import type { Descriptor } from '../../src/oci/descriptor.ts';
import { digestOf } from '../../src/oci/digest.ts';
import {
  DOCKER_LAYER_GZIP,
  DOCKER_MANIFEST,
  OCI_LAYER_GZIP,
  OCI_LAYER_TAR,
  OCI_LAYER_ZSTD,
} from '../../src/oci/media-types.ts';
import { inspectImage, type InspectOptions, type InspectResult } from '../../src/optimize/inspect.ts';
import type { InspectedLayer } from '../../src/optimize/inspect-model.ts';
import { makeClient, referenceTo } from '../registry/clients.ts';
import { CheckedImage, partsOf, type ImageParts, type LayerParts } from '../support/checked-image.ts';
import { block, char, dir, fifo, file, hardlink, noise, symlink, type Entry } from '../support/entries.ts';
import { buildEstargz, type BuiltLayer, type TocJson } from '../support/estargz.ts';
import { hostileToc } from '../support/hostile-toc.ts';
import { TestRegistry } from '../support/registry.ts';
import { SampleImage } from '../support/sample-image.ts';
import { tarOf } from '../support/tar.ts';

const BIG = noise(20_000);
const ENTRIES: readonly Entry[] = [
  dir('bin'),
  file('bin/tool', BIG),
  hardlink('bin/link', 'bin/tool'),
  symlink('bin/soft', 'tool'),
  char('null', 1, 3),
  block('disk', 8, 1),
  fifo('pipe'),
  file('empty'),
  file('first', BIG.subarray(0, 5000)),
  file('etc/.wh.gone'),
  file('etc/dir/.wh..wh..opq'),
  file('twice', 'same'),
  file('again', 'same'),
];

async function inspect(parts: ImageParts, options: Partial<InspectOptions> = {}): Promise<InspectResult> {
  using image = new CheckedImage(parts);
  await using source = await image.open();
  return await inspectImage(source, { platforms: 'all', ...options });
}

async function layerOf(parts: LayerParts, more: Partial<ImageParts> = {}): Promise<InspectedLayer> {
  const { inspection } = await inspect({ layers: [parts], ...more });
  return inspection.images[0]!.layers[0]!;
}

const built = (): BuiltLayer => buildEstargz(ENTRIES, { chunkSize: 8192, prioritized: ['first'] });

/** The TOC's own words. */
function tocEntries({ tocJson }: BuiltLayer): TocJson['entries'] {
  return (JSON.parse(tocJson.toString()) as TocJson).entries;
}

suite('a layer with a table of contents', () => {
  test('is described from that alone', async () => {
    const layer = built();
    const { contents, annotations, ...facts } = await layerOf({ ...partsOf(layer), createdBy: 'COPY . /' });
    const landmark = tocEntries(layer).find((entry) => entry['name'] === '.prefetch.landmark')!;
    const prefetchBytes = Number(landmark['offset']);
    assert.deepEqual(facts, {
      number: 1,
      digest: layer.digest,
      mediaType: OCI_LAYER_GZIP,
      size: layer.blob.length,
      diffId: layer.diffId,
      command: 'COPY . /',
      format: 'estargz',
      lazypull: { lazy: true, reason: null },
      stargzSnapshotter: { lazy: true, reason: null },
      startBytes: prefetchBytes + layer.blob.length - layer.tocOffset,
      problems: [],
    });
    assert.deepEqual({ ...annotations }, partsOf(layer).annotations);
    const { toc, chunks, members, largest, ...rest } = contents!;
    assert.deepEqual(rest, {
      landmark: 'prefetch',
      prefetchBytes,
      payloadBytes: layer.tocOffset,
      counts: {
        entries: tocEntries(layer).length,
        files: 4,
        emptyFiles: 1,
        // Two of them are only implied by names.
        directories: 3,
        symlinks: 1,
        hardLinks: 1,
        devices: 2,
        fifos: 1,
        whiteouts: 1,
        opaqueDirectories: 1,
      },
      fileBytes: 25_008,
    });
    const compressedSize = layer.blob.length - layer.tocOffset - 51;
    assert.deepEqual(toc, {
      digest: layer.tocDigest,
      checksum: layer.tocChecksum,
      isExternal: false,
      offset: layer.tocOffset,
      compressedSize,
      size: layer.tocJson.length,
      share: compressedSize / layer.blob.length,
      isVerifiable: true,
    });
    assert.deepEqual(chunks, {
      count: 6,
      holes: 0,
      min: 4,
      median: 3616,
      max: 8192,
      histogram: [
        { upTo: 4096, count: 3, bytes: 3624 },
        { upTo: 16_384, count: 3, bytes: 21_384 },
      ],
    });
    assert.deepEqual([members.count, members.chunksPerMember], [6, { mean: 1, max: 1 }]);
    assert.deepEqual(largest[0], { path: 'bin/tool', size: 20_000, chunks: 3, isPrefetched: false });
    assert.deepEqual(largest[1], { path: 'first', size: 5000, chunks: 1, isPrefetched: true });
    assert.equal(largest.length, 4);
  });

  test('with several chunks in a member says so', async () => {
    const layer = buildEstargz([file('a', BIG)], { chunkSize: 1000, minChunkSize: 1_000_000 });
    const { members, chunks } = (await layerOf(partsOf(layer))).contents!;
    assert.deepEqual([chunks.count, members.count, members.chunksPerMember], [20, 1, { mean: 20, max: 20 }]);
    assert.equal(members.max, layer.tocOffset);
  });

  test('that prefetches nothing, or says nothing of that', async () => {
    const none = (await layerOf(partsOf(buildEstargz(ENTRIES, { noPrefetchLandmark: true })))).contents!;
    assert.deepEqual([none.landmark, none.prefetchBytes], ['no-prefetch', 0]);
    const silent = (await layerOf(partsOf(buildEstargz(ENTRIES)))).contents!;
    assert.deepEqual([silent.landmark, silent.prefetchBytes], [null, 0]);
  });
});

type Case = readonly [
  title: string,
  parts: () => Promise<InspectedLayer>,
  format: string,
  lazypull: RegExp | true,
  theirs: RegExp | true,
];

const gzipped = gzipSync(tarOf(ENTRIES));
const ordinary = (blob: Buffer, mediaType: string): Promise<InspectedLayer> => layerOf({ blob, diffId: '', mediaType });

const CASES: readonly Case[] = [
  ['plain', () => ordinary(tarOf(ENTRIES), OCI_LAYER_TAR), 'tar', /uncompressed/, /uncompressed/],
  ['gzip', () => ordinary(gzipped, OCI_LAYER_GZIP), 'gzip', /ordinary gzip/, /ordinary gzip/],
  ['zstd', () => ordinary(zstdCompressSync(tarOf(ENTRIES)), OCI_LAYER_ZSTD), 'zstd', /ordinary zstd/, /ordinary zstd/],
  ['empty', () => ordinary(Buffer.alloc(0), OCI_LAYER_TAR), 'tar', /uncompressed/, /uncompressed/],
  ['no layer', () => ordinary(gzipped, 'application/vnd.in-toto+json'), 'other', /no container layer/, /no container/],
  ['of the older stargz', () => layerOf(partsOf(buildEstargz(ENTRIES, { format: 'stargz' }))), 'stargz', true, true],
  [
    'eStargz that nothing vouches for',
    () => layerOf({ ...partsOf(built()), annotations: {} }),
    'estargz',
    /no annotation .*toc\.digest/,
    /no annotation .*toc\.digest/,
  ],
  [
    'eStargz in a Docker manifest',
    () =>
      layerOf(
        { ...partsOf(built()), annotations: {}, mediaType: DOCKER_LAYER_GZIP },
        { manifestType: DOCKER_MANIFEST },
      ),
    'estargz',
    /Docker's format/,
    /Docker's format/,
  ],
  [
    'eStargz with another table of contents than promised',
    () => layerOf({ ...partsOf(built()), annotations: { [TOC_DIGEST]: digestOf(BIG) } }),
    'estargz',
    /promises another/,
    /promises another/,
  ],
  [
    'eStargz whose chunks have no digests',
    () => layerOf(partsOf(withoutDigests())),
    'estargz',
    /without digests/,
    /without digests/,
  ],
  [
    'zstd:chunked',
    () => layerOf(partsOf(buildEstargz(ENTRIES, { format: 'zstd:chunked' }))),
    'zstd:chunked',
    true,
    true,
  ],
  [
    'zstd:chunked of Podman',
    () => layerOf(partsOf(buildEstargz(ENTRIES, { format: 'zstd:chunked-containers' }))),
    'zstd:chunked-containers',
    true,
    /Podman/,
  ],
  [
    'eStargz with an external table of contents that nobody knows',
    () => layerOf(partsOf(buildEstargz(ENTRIES, { format: 'external-toc' }))),
    'external-toc',
    /blob of its own/,
    /blob of its own/,
  ],
];

function withoutDigests(): BuiltLayer {
  return buildEstargz(ENTRIES, {
    tocPatch: (toc) => {
      for (const entry of toc.entries) {
        delete entry['chunkDigest'];
        delete entry['digest'];
      }
      return toc;
    },
  });
}

suite('whether a layer is lazy', () => {
  for (const [title, parts, format, lazypull, theirs] of CASES) {
    test(title, async () => {
      const layer = await parts();
      assert.equal(layer.format, format);
      for (const [verdict, wanted] of [
        [layer.lazypull, lazypull],
        [layer.stargzSnapshotter, theirs],
      ] as const) {
        assert.equal(verdict.lazy, wanted === true);
        if (wanted !== true) assert.match(verdict.reason ?? '', wanted);
      }
      if (lazypull !== true) assert.equal(layer.startBytes, layer.size);
    });
  }

  test('a media type that does not fit is a problem', async () => {
    const layer = await ordinary(gzipped, OCI_LAYER_ZSTD);
    assert.deepEqual(layer.problems, [`the media type ${OCI_LAYER_ZSTD} does not fit: the blob is gzip`]);
  });

  test('an external table of contents comes from the image beside it', async () => {
    const layer = buildEstargz(ENTRIES, { format: 'external-toc' });
    const toc = { blob: layer.externalToc!, diffId: '', annotations: { [TOC_LAYER_DIGEST]: layer.digest } };
    using tocs = new CheckedImage({ layers: [toc] });
    await using source = await tocs.open();
    const { inspection } = await inspect({ layers: [partsOf(layer)] }, { openTocImage: () => Promise.resolve(source) });
    const [found] = inspection.images[0]!.layers;
    assert.deepEqual([found!.format, found!.lazypull.lazy], ['external-toc', true]);
    assert.equal(found!.startBytes, 46 + layer.externalToc!.length);
    using others = new CheckedImage({ layers: [{ ...toc, annotations: { [TOC_LAYER_DIGEST]: digestOf(BIG) } }] });
    await using other = await others.open();
    const missing = await inspect({ layers: [partsOf(layer)] }, { openTocImage: () => Promise.resolve(other) });
    assert.match(missing.inspection.images[0]!.layers[0]!.lazypull.reason ?? '', /has none for sha256/);
  });
});

suite('an image', () => {
  test('says where it comes from', async () => {
    const annotations = { [SOURCE_NAME]: 'docker.io/library/a:1', [SOURCE_DIGEST]: digestOf(BIG), [BASE_NAME]: 'base' };
    const { inspection } = await inspect({ layers: [partsOf(built())], annotations });
    const [image] = inspection.images;
    assert.deepEqual(image!.convertedFrom, { name: 'docker.io/library/a:1', digest: digestOf(BIG) });
    assert.deepEqual(image!.base, { name: 'base', digest: null });
    assert.equal(image!.platform, 'linux/amd64');
  });

  test('counts files of equal content within layers and between them', async () => {
    const upper = buildEstargz([file('copy', BIG), file('other', 'x')]);
    const { inspection } = await inspect({ layers: [partsOf(built()), partsOf(upper)] });
    assert.deepEqual(inspection.images[0]!.totals.duplicates, {
      files: 2,
      bytes: 20_004,
      withinLayers: { files: 1, bytes: 4 },
    });
  });

  test('with a config that lies is told of, not refused', async () => {
    const parts: ImageParts = {
      layers: [partsOf(built())],
      configPatch: (config) => ({
        ...config,
        rootfs: { type: 'layers', diff_ids: [] },
        history: [...config.history, ...config.history],
      }),
    };
    const { inspection } = await inspect(parts);
    assert.deepEqual(inspection.images[0]!.problems, [
      'image config: 0 diff ids for 1 layers',
      'image config: the history has 2 entries that made a layer, the manifest has 1 layers',
    ]);
    const [layer] = inspection.images[0]!.layers;
    assert.deepEqual([layer!.command, layer!.diffId], [null, null]);
  });

  test('of an index: all platforms, or the chosen one, and what else there is', async () => {
    await using registry = await TestRegistry.start();
    const sample = new SampleImage('inspect');
    for (const [, bytes] of sample.blobs) registry.addBlob('a/b', bytes);
    registry.content.tag('a/b', 'v1', sample.index.digest);
    await using client = makeClient();
    const source = new RegistryImageSource(client, referenceTo(registry));
    const { inspection } = await inspectImage(source, { platforms: 'all' });
    assert.deepEqual(
      inspection.images.map(({ platform }) => platform),
      ['linux/amd64', 'linux/arm64'],
    );
    assert.deepEqual(
      inspection.others.map(({ kind }) => kind),
      ['attestation'],
    );
    const one = await inspectImage(source, { platforms: [{ os: 'linux', architecture: 'arm64' }] });
    assert.deepEqual(
      one.inspection.images.map(({ platform }) => platform),
      ['linux/arm64'],
    );
    assert.deepEqual(
      one.inspection.others.map(({ kind, platform }) => [kind, platform]),
      [
        ['image', 'linux/amd64'],
        ['attestation', 'unknown/unknown'],
      ],
    );
  });
});

suite('requests', () => {
  test('one for each layer that promises a table of contents, two for others, and no more', async () => {
    await using registry = await TestRegistry.start();
    const lazy = buildEstargz([file('big', noise(1_000_000))]);
    const plain = gzipSync(tarOf([file('big', noise(1_000_000))]));
    const add = (blob: Buffer, annotations: Record<string, string>): Descriptor => ({
      ...registry.addBlob('a/b', blob, OCI_LAYER_GZIP),
      annotations,
    });
    registry.addImage('a/b', 'v1', [add(lazy.blob, { [TOC_DIGEST]: lazy.tocDigest }), add(plain, {})], {
      rootfs: { type: 'layers', diff_ids: [lazy.diffId, digestOf(plain)] },
    });
    await using client = makeClient();
    await inspectImage(new RegistryImageSource(client, referenceTo(registry)), { platforms: 'all' });
    const of = (digest: string): string[] =>
      registry.log.filter(({ path }) => path.endsWith(digest)).map(({ range }) => range ?? 'all');
    const last = lazy.blob.length - 1;
    assert.deepEqual(of(lazy.digest), [`bytes=${last - 65_535}-${last}`]);
    assert.deepEqual(of(digestOf(plain)), [`bytes=${plain.length - 512}-${plain.length - 1}`, 'bytes=0-3']);
    // Manifest, config, and the three of above.
    assert.equal(registry.requests(), 5);
  });
});

suite('a table of contents that is hostile', () => {
  for (const format of ['estargz', 'zstd:chunked-containers'] as const) {
    test(`of ${format} is told of or refused, and nothing breaks`, async () => {
      await fc.assert(
        fc.asyncProperty(hostileToc, async (tocPatch) => {
          const layer = buildEstargz(ENTRIES, { format, chunkSize: 8192, tocPatch });
          const { contents, lazypull } = await layerOf(partsOf(layer));
          if (contents === null) assert.equal(lazypull.lazy, false);
          else for (const value of [contents.prefetchBytes, contents.fileBytes]) assert.ok(Number.isSafeInteger(value));
        }),
        { numRuns: 200 },
      );
    });
  }
});
