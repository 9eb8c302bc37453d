// Layers that are not plain eStargz, in the store: who vouches for them, where their TOC comes from, and what lies on disk.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { FormatError, LazypullError, VerificationError } from '../../src/errors.ts';
import { UnsupportedLayerError } from '../../src/estargz/errors.ts';
import { LONGEST_FOOTER, parseFooter } from '../../src/estargz/footer.ts';
import type { LayerFormat } from '../../src/estargz/footer.ts';
import { isHole } from '../../src/estargz/model.ts';
import { buildLayer } from '../../src/layer/build-layer.ts';
import { UnverifiableLayerError } from '../../src/layer/errors.ts';
import { loadLayerDir } from '../../src/layer/layer-files.ts';
import { hasChunk } from '../../src/layer/presence.ts';
import { decodeRecord } from '../../src/layer/record.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { BufferBlob } from '../support/buffer-blob.ts';
import { file, noise } from '../support/entries.ts';
import {
  assertPresentChunksVerify,
  files,
  openStore,
  openTestLayer,
  readWholeImage,
  requestFor,
  scratch,
  sparseFiles,
  testLayer,
} from '../support/layers.ts';
import { until } from '../support/until.ts';

const OTHER = digestOf(Buffer.from('another'));
const FORMATS: readonly LayerFormat[] = ['estargz', 'external-toc', 'zstd:chunked', 'zstd:chunked-containers'];
const MIB = 1024 * 1024;

for (const format of FORMATS) {
  suite(`a layer of the format ${format}`, () => {
    test('either promise opens it, and its record has both', async () => {
      await using folder = await scratch();
      await using store = await openStore(folder.path);
      const made = testLayer(files([5000]), { format });
      const { digest, tocDigest, tocChecksum } = made.built;
      const { blob, externalToc } = requestFor(made);
      for (const promise of [{ tocDigest }, { tocChecksum }, { tocDigest, tocChecksum }]) {
        const layer = await store.openLayer({ digest, ...promise, blob, externalToc });
        const record = decodeRecord(await readFile(join(layer.dir, 'layer.json'), 'utf8'));
        assert.deepEqual([record.format, record.tocDigest, record.tocChecksum], [format, tocDigest, tocChecksum]);
        await layer.dispose();
      }
      // Made once: the others were on disk.
      assert.equal(made.blob.tails, 1);
    });

    const lies = [
      ['another TOC digest', { tocDigest: OTHER }],
      ['another checksum', { tocChecksum: OTHER }],
    ] as const;
    for (const [title, lie] of lies) {
      test(`${title} is refused: from the blob, from disk, and while it is open`, async () => {
        await using folder = await scratch();
        await using store = await openStore(folder.path);
        const made = testLayer(files([5000]), { format });
        const request = { ...requestFor(made), ...lie };
        await assert.rejects(store.openLayer(request), VerificationError);
        const layer = await openTestLayer(store, made);
        await assert.rejects(store.openLayer(request), VerificationError);
        await layer.dispose();
        await assert.rejects(store.openLayer({ ...request, blob: undefined }), VerificationError);
        await (await openTestLayer(store, made)).dispose();
      });
    }

    test('nobody who vouches for it: it opens only where that is allowed', async () => {
      await using folder = await scratch();
      await using store = await openStore(folder.path);
      const made = testLayer(files([5000]), { format });
      const request = { ...requestFor(made), tocDigest: undefined, tocChecksum: undefined };
      await assert.rejects(store.openLayer(request), UnverifiableLayerError);
      await readWholeImage(await store.openLayer({ ...request, allowUnverified: true }));
    });

    test('what was fetched is there after a restart, without a registry or a TOC', async () => {
      await using folder = await scratch();
      const made = testLayer(sparseFiles([5000, 6000]), { format, chunkSize: 1000 });
      {
        await using store = await openStore(folder.path);
        await readWholeImage(await openTestLayer(store, made));
      }
      await using store = await openStore(folder.path);
      const layer = await store.openLayer({ ...requestFor(made), blob: undefined, externalToc: undefined });
      assert.equal(await assertPresentChunksVerify(layer), layer.presence.count);
      assert.equal(layer.complete, true);
    });

    test('a damaged chunk is fetched twice and never served', async () => {
      await using folder = await scratch();
      await using store = await openStore(folder.path);
      const made = testLayer([file('f', noise(20_000))], { format });
      const damaged = Buffer.from(made.built.blob);
      damaged[5000]! ^= 1;
      const blob = new BufferBlob(damaged, {}, made.built.digest);
      const layer = await store.openLayer({ ...requestFor(made), blob });
      await assert.rejects(readWholeImage(layer), VerificationError);
      assert.equal(layer.stats().refetches, 1);
      assert.equal(layer.stats().presentChunks, 0);
    });
  });
}

suite('holes of a layer of containers/storage', () => {
  const format = 'zstd:chunked-containers';

  test('are there from the beginning, and are never asked for', async () => {
    await using folder = await scratch();
    // A hole of 80 MiB would be more than a worker may decode.
    const content = Buffer.concat([noise(1000), Buffer.alloc(80 * MIB), noise(1000)]);
    const made = testLayer([file('f', content)], { format });
    {
      await using store = await openStore(folder.path);
      const layer = await openTestLayer(store, made);
      const { presentChunks, presentBytes, chunks, fileBytes } = layer.stats();
      assert.deepEqual([presentChunks, presentBytes, chunks, fileBytes], [1, 80 * MIB, 3, content.length]);
      await layer.fault({ imageOffset: layer.presence.imageOffset[0]! + 40 * MIB, length: MIB });
      assert.equal(made.blob.asked.length, 0);
      assert.equal(layer.complete, false);
    }
    await using store = await openStore(folder.path);
    const layer = await openTestLayer(store, made);
    assert.equal(layer.stats().presentChunks, 1);
    await readWholeImage(layer);
    // The last chunk may have come by read-ahead, whose answer is still on its way.
    await until(() => layer.complete, 'the layer to be complete');
    const [start = 0] = layer.presence.imageOffset;
    const image = await readFile(layer.imagePath);
    assert.ok(image.subarray(start, start + content.length).equals(content));
  });

  test('are there when the daemon dies right after the layer was made', async () => {
    await using folder = await scratch();
    const { built } = testLayer(sparseFiles([5000]), { format, chunkSize: 1000 });
    const dir = join(folder.path, 'layer');
    const { digest, blob, tocOffset, tocChecksum } = built;
    const footer = parseFooter(blob, blob.length);
    const compressedToc = blob.subarray(tocOffset, footer.tocEnd);
    const footerBytes = blob.subarray(-LONGEST_FOOTER);
    const facts = { footerBytes, allowUnverified: false, opaqueXattr: 'trusted', bootId: 'boot' } as const;
    buildLayer({ dir, digest, footer, blobSize: blob.length, compressedToc, promise: { tocChecksum }, ...facts });
    const { chunks, bitmap } = await loadLayerDir(dir, digest, 'boot');
    const holes = Array.from({ length: chunks.table.count }, (_, chunk) => isHole(chunks.table, chunk));
    assert.ok(holes.includes(true) && holes.includes(false));
    assert.deepEqual(
      holes.map((_, chunk) => hasChunk(bitmap, chunk)),
      holes,
    );
  });

  test('data of 80 MiB in one chunk is too much, as in any format', async () => {
    await using folder = await scratch();
    await using store = await openStore(folder.path);
    for (const made of [format, 'zstd:chunked'] as const) {
      const layer = testLayer([file('f', Buffer.alloc(80 * MIB, 1))], { format: made, chunkSize: 100 * MIB });
      await assert.rejects(openTestLayer(store, layer), (error) => (error as LazypullError).code === 'UNSUPPORTED');
    }
  });
});

suite('a layer with an external TOC', () => {
  const made = testLayer(files([5000]), { format: 'external-toc' });

  test('asks for it once, and not for that of a layer that has its own', async () => {
    await using folder = await scratch();
    await using store = await openStore(folder.path);
    let asked = 0;
    const externalToc = async (): Promise<Uint8Array> => {
      asked++;
      return made.built.externalToc!;
    };
    const request = { ...requestFor(made), externalToc };
    await Promise.all([store.openLayer(request), store.openLayer(request)]);
    await store.openLayer({ ...requestFor(testLayer(files([6000]))), externalToc });
    assert.equal(asked, 1);
  });

  const failures: [title: string, toc: () => Promise<Uint8Array>, error: new (...args: never[]) => Error][] = [
    ['that is another one', async () => testLayer(files([7]), made.built).built.externalToc!, VerificationError],
    ['that is no gzip', async () => Buffer.from('nothing of the kind'), FormatError],
    ['that is larger than any', async () => Buffer.alloc(64 * MIB + 1), FormatError],
    ['that is empty', async () => new Uint8Array(), FormatError],
    [
      'that nobody can bring',
      async () => {
        throw new LazypullError('UNAVAILABLE', 'the registry is down');
      },
      LazypullError,
    ],
  ];
  for (const [title, externalToc, error] of failures) {
    test(`${title} is refused, and the right one is taken afterwards`, async () => {
      await using folder = await scratch();
      await using store = await openStore(folder.path);
      await assert.rejects(store.openLayer({ ...requestFor(made), externalToc }), error);
      await readWholeImage(await openTestLayer(store, made));
    });
  }

  test('is not supported where nobody knows where TOCs are', async () => {
    await using folder = await scratch();
    await using store = await openStore(folder.path);
    await assert.rejects(store.openLayer({ ...requestFor(made), externalToc: undefined }), UnsupportedLayerError);
  });
});

suite('a hint where the TOC begins', () => {
  const many = testLayer(files(Array.from({ length: 2000 }, () => 10)), { format: 'zstd:chunked' });
  const { blob } = many.built;
  const toc = blob.length - many.built.tocOffset;

  for (const [title, tailLength, requests] of [
    ['that is right costs one request', toc, 0],
    ['that is too short costs one more', 100, 1],
    ['that is absurd costs nothing', Number.MAX_SAFE_INTEGER, 0],
    ['of zero is none', 0, 1],
  ] as const) {
    test(title, async () => {
      await using folder = await scratch();
      await using store = await openStore(folder.path);
      const fresh = new BufferBlob(blob);
      const layer = await store.openLayer({ ...requestFor(many), blob: fresh, tailLength });
      assert.deepEqual([fresh.tails, fresh.asked.length], [1, requests]);
      await layer.dispose();
    });
  }
});
