import assert from 'node:assert/strict';
import { join } from 'node:path';
import test from 'node:test';
import * as fc from 'fast-check';
import { LazypullError, VerificationError } from '../../src/errors.ts';
import { missingChunks } from '../../src/layer/presence.ts';
import type { BuildOptions } from '../support/estargz.ts';
import {
  assertPresentChunksVerify,
  files,
  openStore,
  openTestLayer,
  readWholeImage,
  scratch,
  sparseFiles,
  testLayer,
} from '../support/layers.ts';

const MODES: Record<string, BuildOptions> = {
  'one chunk for each file': {},
  'several chunks for each file': { chunkSize: 1000 },
  'several chunks in each member': { chunkSize: 1000, minChunkSize: 3000 },
  'a landmark': { prioritized: ['f/3', 'f/1'] },
  'the old footer': { format: 'stargz' },
  'an external TOC': { format: 'external-toc', chunkSize: 1000 },
  'zstd:chunked': { format: 'zstd:chunked', chunkSize: 1000 },
  'several chunks in each frame': { format: 'zstd:chunked', chunkSize: 1000, minChunkSize: 3000 },
  'zstd:chunked of containers/storage': { format: 'zstd:chunked-containers', chunkSize: 1000 },
};

for (const [name, options] of Object.entries(MODES)) {
  test(`any sequence of reads finds its bytes, and none comes twice: ${name}`, async () => {
    await using folder = await scratch();
    await using store = await openStore(folder.path);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 9000 }), { minLength: 4, maxLength: 30 }),
        fc.array(fc.array(fc.tuple(fc.nat(1_000_000), fc.integer({ min: 1, max: 40_000 })), { maxLength: 4 }), {
          maxLength: 6,
        }),
        async (sizes, rounds) => {
          const make = options.format === 'zstd:chunked-containers' ? sparseFiles : files;
          const made = testLayer(make(sizes), options);
          const layer = await openTestLayer(store, made);
          for (const round of rounds) {
            const reads = round.map(([at, length]) => {
              const imageOffset = at % layer.imageSize;
              return { imageOffset, length: Math.min(length, layer.imageSize - imageOffset) };
            });
            await Promise.all(reads.map((read) => layer.fault(read)));
            for (const read of reads)
              assert.deepEqual(missingChunks(layer.presence, read.imageOffset, read.length), []);
          }
          await assertPresentChunksVerify(layer);
          await readWholeImage(layer);
          assert.equal(await assertPresentChunksVerify(layer), layer.presence.count);
          assert.equal(layer.complete, true);
          assert.equal(layer.stats().presentChunks, layer.stats().chunks);
          assert.equal(layer.stats().presentBytes, layer.stats().fileBytes);
          assert.equal(made.blob.repeatedBytes, 0);
          await layer.dispose();
        },
      ),
      { numRuns: 15, endOnFailure: true },
    );
  });
}

test('the more small files are opened one after the other, the more of their neighbours come along', async () => {
  await using folder = await scratch();
  const made = testLayer(files(Array.from({ length: 900 }, () => 16_000)));
  for (const { neighbours, kib } of [
    { neighbours: true, kib: [64, 64, 64, 128, 128, 128, 128, 256, 256, 256, 256, 512, 512] },
    { neighbours: false, kib: Array.from({ length: 13 }, () => 0) },
  ]) {
    await using store = await openStore(join(folder.path, String(neighbours)), { neighbours });
    const layer = await openTestLayer(store, made);
    // Far from each other: no reader in order, and nobody finds what another one brought along.
    for (const [fault, about] of kib.entries()) {
      made.blob.asked.length = 0;
      await layer.fault({ imageOffset: layer.presence.imageOffset[30 + 65 * fault]!, length: 1 });
      const asked = made.blob.asked.reduce((sum, { start, end }) => sum + end - start, 0) / 1024;
      assert.ok(asked > about * 0.9 && asked <= about + 17, `fault ${fault}: ${asked} KiB, not ${about} around 16`);
    }
    await layer.dispose();
  }
});

test('a layer opens with one request, and faults of one chunk share one', async () => {
  await using folder = await scratch();
  await using store = await openStore(folder.path);
  const made = testLayer(files([200_000, 10, 10]), {}, { latencyMs: 5 });
  const layer = await openTestLayer(store, made);
  assert.equal(made.blob.tails, 1);
  assert.equal(made.blob.asked.length, 0);
  const fault = { imageOffset: layer.presence.imageOffset[0]!, length: 4096 };
  await Promise.all([layer.fault(fault), layer.fault(fault), layer.fault({ ...fault, length: 8192 })]);
  assert.equal(made.blob.asked.length, 1);
  assert.equal(layer.stats().presentChunks, 1);
});

test('neighbours that one read wants come in one request', async () => {
  await using folder = await scratch();
  await using store = await openStore(folder.path);
  const made = testLayer(files(Array.from({ length: 20 }, () => 3000)));
  const layer = await openTestLayer(store, made);
  await layer.fault({ imageOffset: layer.presence.imageOffset[2]!, length: 10 * 4096 });
  assert.equal(made.blob.asked.length, 1);
  assert.equal(layer.stats().presentChunks, 10);
});

test('a tampered chunk is asked for once more, refused and not stored, and its neighbours are served', async () => {
  await using folder = await scratch();
  await using store = await openStore(folder.path);
  const made = testLayer(files([5000, 5000, 5000, 5000]));
  const layer = await openTestLayer(store, made);
  const chunks = 4;
  const bad = layer.presence.imageOffset[2]!;
  made.blob.knobs.tamper = tamperAt(memberStart(made.built.tocJson, 'f/2') + 40);
  await assert.rejects(layer.fault({ imageOffset: bad, length: 1 }), VerificationError);
  await assert.rejects(layer.fault({ imageOffset: 0, length: layer.imageSize }), VerificationError);
  assert.equal(layer.stats().presentChunks, chunks - 1);
  assert.notEqual(missingChunks(layer.presence, bad, 1).length, 0);
  assert.equal(layer.stats().refetches, 2);
  assert.equal(await assertPresentChunksVerify(layer), chunks - 1);
  delete made.blob.knobs.tamper;
  await layer.fault({ imageOffset: bad, length: 1 });
  assert.equal(layer.complete, true);
});

test('a chunk that is damaged once on its way is fetched again, and nobody notices', async () => {
  await using folder = await scratch();
  await using store = await openStore(folder.path);
  const made = testLayer(files([5000, 5000]));
  const layer = await openTestLayer(store, made);
  const damage = tamperAt(memberStart(made.built.tocJson, 'f/1') + 20);
  made.blob.knobs.tamper = (bytes, start, request) => request === 0 && damage(bytes, start);
  await layer.fault({ imageOffset: 0, length: layer.imageSize });
  assert.equal(layer.complete, true);
  assert.equal(layer.stats().refetches, 1);
  assert.equal(await assertPresentChunksVerify(layer), 2);
});

test('a tampered chunk does not stop prefetch from bringing the others', async () => {
  await using folder = await scratch();
  await using store = await openStore(folder.path, { prefetchBytes: 1e9 });
  const made = testLayer(files([5000, 5000, 5000, 5000]));
  made.blob.knobs.tamper = tamperAt(memberStart(made.built.tocJson, 'f/1') + 20);
  const layer = await openTestLayer(store, made);
  await layer.prefetch();
  assert.equal(layer.stats().presentChunks, 3);
  assert.equal(await assertPresentChunksVerify(layer), 3);
});

test('a failed request fails its fault only, and the next fault asks again', async () => {
  await using folder = await scratch();
  await using store = await openStore(folder.path);
  const made = testLayer(files([5000]));
  const layer = await openTestLayer(store, made);
  made.blob.knobs.fail = () => {
    throw new LazypullError('REGISTRY', 'down');
  };
  await assert.rejects(layer.fault({ imageOffset: 0, length: layer.imageSize }), /down/);
  delete made.blob.knobs.fail;
  await layer.fault({ imageOffset: 0, length: layer.imageSize });
  assert.equal(layer.complete, true);
});

test('prefetch brings what the landmark names and nothing else', async () => {
  await using folder = await scratch();
  await using store = await openStore(folder.path);
  const made = testLayer(files([50_000, 60_000, 70_000, 80_000]), { prioritized: ['f/2', 'f/0'] });
  const layer = await openTestLayer(store, made);
  await layer.prefetch();
  assert.equal(made.blob.asked.length, 1);
  assert.equal(layer.stats().presentBytes, 120_000);
  assert.equal(layer.stats().prefetchedBytes, layer.stats().fetchedBytes);
});

test('prefetch of a layer that forbids it, or is silent with no default, asks for nothing', async () => {
  await using folder = await scratch();
  await using store = await openStore(folder.path);
  for (const options of [{ noPrefetchLandmark: true }, {}]) {
    const made = testLayer(files([50_000]), options);
    await (await openTestLayer(store, made)).prefetch();
    assert.equal(made.blob.asked.length, 0);
  }
});

test('prefetch of a silent layer takes the configured first bytes', async () => {
  await using folder = await scratch();
  await using store = await openStore(folder.path, { prefetchBytes: 100_000 });
  const made = testLayer(files(Array.from({ length: 10 }, () => 50_000)), { compressionLevel: 0 });
  const layer = await openTestLayer(store, made);
  await layer.prefetch();
  assert.equal(layer.stats().presentChunks, 2);
});

test('a fault far ahead of a prefetch stream cuts it and is served first; one nearby waits', async () => {
  await using folder = await scratch();
  await using store = await openStore(folder.path, { prefetchBytes: 1e9 });
  const sizes = Array.from({ length: 40 }, () => 100_000);
  const made = testLayer(files(sizes), { compressionLevel: 0 }, { pieceSize: 16_384, pieceMs: 1 });
  const layer = await openTestLayer(store, made);
  const prefetch = layer.prefetch();
  await layer.fault({ imageOffset: layer.presence.imageOffset[35]!, length: 1 });
  assert.ok(layer.stats().presentChunks < 20, 'the fault did not wait for the stream');
  await layer.fault({ imageOffset: layer.presence.imageOffset[1]!, length: 1 });
  await prefetch;
  assert.equal(layer.complete, true);
  // The piece in which the stream was cut may reach into members that were given up.
  assert.ok(made.blob.repeatedBytes < 16_384, `${made.blob.repeatedBytes} bytes came twice`);
});

test('aborting a prefetch keeps what came, and a fault that waited for it is served', async () => {
  await using folder = await scratch();
  await using store = await openStore(folder.path, { prefetchBytes: 1e9 });
  const made = testLayer(files([400_000, 400_000]), { compressionLevel: 0 }, { pieceSize: 16_384, pieceMs: 2 });
  const layer = await openTestLayer(store, made);
  const abort = new AbortController();
  const prefetch = layer.prefetch(abort.signal);
  const fault = layer.fault({ imageOffset: layer.presence.imageOffset[1]!, length: 1 });
  abort.abort();
  await assert.rejects(prefetch, { name: 'AbortError' });
  await fault;
  assert.equal(missingChunks(layer.presence, layer.presence.imageOffset[1]!, 1).length, 0);
});

test('a stream that is cut without an error fails the prefetch instead of going on for ever', async () => {
  await using folder = await scratch();
  await using store = await openStore(folder.path, { prefetchBytes: 1e9 });
  const made = testLayer(files([400_000]), { compressionLevel: 0 }, { cutStreamsAfter: 100_000 });
  const layer = await openTestLayer(store, made);
  await assert.rejects(layer.prefetch(), /was cut/);
  await layer.fault({ imageOffset: 0, length: layer.imageSize });
  assert.equal(layer.complete, true);
});

test('reading a big file in order fetches ahead of the reader, in requests beside the faults', async () => {
  await using folder = await scratch();
  await using store = await openStore(folder.path);
  const made = testLayer(files([6_000_000]), { chunkSize: 100_000, compressionLevel: 0 }, { latencyMs: 1 });
  const layer = await openTestLayer(store, made);
  const start = layer.presence.imageOffset[0]!;
  for (let at = 0; at < 6_000_000; at += 100_000) await layer.fault({ imageOffset: start + at, length: 100_000 });
  assert.ok(layer.stats().faults < 40, `${layer.stats().faults} faults`);
  assert.ok(layer.stats().readAheadBytes > 2_000_000);
  assert.equal(made.blob.repeatedBytes, 0);
});

test('faults are remembered in their order, each chunk once', async () => {
  await using folder = await scratch();
  await using store = await openStore(folder.path);
  const layer = await openTestLayer(store, testLayer(files([9000, 9000, 9000])));
  const at = (chunk: number): number => layer.presence.imageOffset[chunk]!;
  for (const chunk of [2, 0, 2]) await layer.fault({ imageOffset: at(chunk), length: 1 });
  assert.deepEqual([...layer.firstUse().chunks], [2, 0]);
  assert.equal(layer.firstUse().atMs.length, 2);
});

test('closing a layer ends the faults that wait', async () => {
  await using folder = await scratch();
  await using store = await openStore(folder.path);
  const made = testLayer(files([9000]));
  const layer = await openTestLayer(store, made);
  made.blob.knobs.latencyMs = 60_000;
  const fault = layer.fault({ imageOffset: 0, length: layer.imageSize });
  const refused = assert.rejects(fault, { code: 'ABORTED' });
  await layer.dispose();
  await refused;
});

function memberStart(tocJson: Buffer, name: string): number {
  const toc = JSON.parse(tocJson.toString()) as { entries: { name: string; offset?: number }[] };
  return toc.entries.find((entry) => entry.name === name)?.offset ?? 0;
}

function tamperAt(offset: number): (bytes: Uint8Array, start: number) => void {
  return (bytes, start) => {
    if (offset >= start && offset < start + bytes.length) bytes[offset - start]! ^= 0x55;
  };
}
