// Hot packs come from a cache that others may have written to: whatever is in them, no byte that a digest does not vouch
// for is stored, a broken pack is refused with a reason, and the packs beside it are loaded.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import test from 'node:test';
import { VerificationError } from '../../src/errors.ts';
import { decodeFrame, encodeFrame } from '../../src/layer/frame.ts';
import { encodePackHeader, packHeaderBytes } from '../../src/layer/hot-pack.ts';
import { HotPacks } from '../../src/layer/hot-packs.ts';
import type { LoadedPacks } from '../../src/layer/hot-packs.ts';
import { packPath, readPack, saveJob, writeParts } from '../support/hot-packs.ts';
import type { PackParts } from '../support/hot-packs.ts';
import {
  assertPresentChunksVerify,
  files,
  openStore,
  openTestLayer,
  readWholeImage,
  scratch,
  testLayer,
} from '../support/layers.ts';
import type { TestLayer } from '../support/layers.ts';

const made = (): TestLayer => testLayer(files([5000, 9000, 7000, 30_000]), { chunkSize: 4096 });

interface Outcome {
  readonly loaded: LoadedPacks;
  /** Chunks that the attacked layer has afterwards; undefined when it is not on disk. */
  readonly present: number | undefined;
}

/** Saves two layers, lets `attack` change the pack of the first, and loads both: the second must always be there. */
async function attacked(attack: (path: string, layer: TestLayer, other: TestLayer) => Promise<void>): Promise<Outcome> {
  await using folder = await scratch();
  const packs = `${folder.path}/packs`;
  const [victim, other] = [made(), made()];
  await saveJob(packs, [
    { made: victim, chunks: 'all' },
    { made: other, chunks: 'all' },
  ]);
  await attack(packPath(packs, victim.built.digest), victim, other);
  await using store = await openStore(`${folder.path}/root`);
  await using hot = new HotPacks(store);
  const loaded = await hot.load(packs);
  const second = await openTestLayer(store, other);
  assert.equal(second.complete, true, 'the pack beside it was not loaded');
  if (!existsSync(store.folderOf(victim.built.digest))) return { loaded, present: undefined };
  const { digest, tocDigest } = victim.built;
  const layer = await store.openLayer({ digest, tocDigest });
  const present = await assertPresentChunksVerify(layer);
  assert.equal(layer.stats().presentChunks, present);
  // Whatever is missing comes from the registry, as if nothing had been loaded.
  layer.setBlob(victim.blob);
  await readWholeImage(layer);
  assert.equal(await assertPresentChunksVerify(layer), layer.presence.count);
  return { loaded, present };
}

/** Changes the parts of a pack; its checksum is right again. */
const parts =
  (change: (parts: PackParts, layer: TestLayer, other: TestLayer) => Partial<PackParts>) =>
  async (path: string, layer: TestLayer, other: TestLayer): Promise<void> => {
    const pack = await readPack(path);
    await writeParts(path, { ...pack, ...change(pack, layer, other) });
  };

/** Changes facts of the header. */
const facts = (change: (header: PackParts['header']) => Partial<PackParts['header']>): ReturnType<typeof parts> =>
  parts(({ header }) => ({ header: { ...header, ...change(header) } }));

const flipped = (bytes: Buffer, at: number): Buffer => {
  const copy = Buffer.from(bytes);
  copy[at]! ^= 1;
  return copy;
};

test('the pack that nobody changed is loaded', async () => {
  const { loaded, present } = await attacked(parts(() => ({})));
  assert.deepEqual([loaded.layers, loaded.damagedChunks, loaded.refused], [2, 0, []]);
  assert.equal(present, loaded.chunks / 2);
});

const REFUSED: readonly [title: string, attack: Parameters<typeof attacked>[0], reason: RegExp][] = [
  ['an empty file', (path) => truncate(path, 0), /0 bytes are too few/],
  ['a file cut within the frame of its header', (path) => truncate(path, 20), /20 bytes are too few/],
  ['a file cut within its header', (path) => truncate(path, 200), /a header of \d+ bytes in a file of 200/],
  ['a file cut behind its header', cutAt(({ header }) => packHeaderBytes(header.chunks.length)), /its header says/],
  ['a file cut within its TOC', cutAt(({ header }) => packHeaderBytes(header.chunks.length) + 50), /its header says/],
  ['a file cut before its first chunk', cutAt((pack) => sizeOf(pack) - pack.data.length), /its header says/],
  ['a file cut within a chunk', cutAt((pack) => sizeOf(pack) - 5000), /its header says/],
  ['a file cut by one byte', cutAt((pack) => sizeOf(pack) - 1), /its header says/],
  [
    'a file with a byte more',
    parts(({ data }) => ({ data: Buffer.concat([data, Buffer.alloc(1)]) })),
    /its header says/,
  ],
  ['a file of zeros', (path) => writeFile(path, Buffer.alloc(10_000)), /another kind of file/],
  ['a header that says it is enormous', enormousHeader, /a header of (Infinity|\d{9,}) bytes in a file of/],
  ['a damaged header', async (path) => writeFile(path, flipped(await readFile(path), 150)), /wrong checksum/],
  ['a damaged TOC', parts(({ tocFile }) => ({ tocFile: flipped(tocFile, 300) })), /wrong checksum/],
  [
    'a TOC that was changed with its checksum',
    parts(({ tocFile }) => ({ tocFile: otherToc(tocFile) })),
    /checksum of the compressed TOC/,
  ],
  ['the TOC of another layer', otherLayersToc, /checksum of the compressed TOC/],
  ['another digest for its TOC', facts(({ digest }) => ({ tocDigest: digest })), /TOC digest: expected/],
  ['the header of another layer', facts(({ tocDigest }) => ({ digest: tocDigest })), /its name says/],
  [
    'a chunk that the layer does not have',
    facts(({ chunks }) => ({ chunks: chunks.with(0, 4_000_000_000) })),
    /chunk 4000000000 of \d+ bytes, layer sha256:\w+ has only \d+ chunks/,
  ],
  [
    "a size that is another chunk's",
    facts(({ sizes }) => ({ sizes: sizes.with(0, sizes[1]!).with(1, sizes[0]!) })),
    /chunk \d+ of \d+ bytes, layer sha256:\w+ has one of \d+/,
  ],
  ['a pipe', pipe, /not a regular file/],
  // Root reads the folder: a link would let whoever filled it choose a file of root's.
  ['a link to a pack that is right', linked, /ELOOP|symbolic link/],
  [
    'a folder',
    (path) =>
      rm(path)
        .then(() => mkdir(path))
        .then(() => {}),
    /not a regular file|EISDIR/,
  ],
];

async function linked(path: string): Promise<void> {
  // A name that loading passes over.
  await rename(path, `${path}.tmp`);
  await symlink(`${path}.tmp`, path);
}

for (const [title, attack, reason] of REFUSED) {
  test(`${title} is refused, and nothing of it is stored`, async () => {
    const { loaded, present } = await attacked(attack);
    assert.equal(loaded.layers, 1);
    assert.equal(loaded.refused.length, 1);
    assert.match(loaded.refused[0]!.reason, reason);
    assert.ok(present === undefined || present === 0, `${present} chunks were stored`);
  });
}

test('a damaged chunk is left out and counted, the others are stored', async () => {
  const { loaded, present } = await attacked(
    parts(({ data }) => ({ data: flipped(flipped(data, 0), data.length - 1) })),
  );
  assert.deepEqual([loaded.layers, loaded.damagedChunks, loaded.refused], [2, 2, []]);
  assert.ok(present! > 5);
});

test('chunks in another order than their bytes are damaged chunks', async () => {
  const { loaded, present } = await attacked(
    facts(({ chunks, sizes }) => {
      const same = sizes.findIndex((size, i) => i > 0 && size === sizes[0]);
      return { chunks: chunks.with(0, chunks[same]!).with(same, chunks[0]!) };
    }),
  );
  assert.equal(loaded.damagedChunks, 2);
  assert.ok(present! > 5);
});

test('a pack that is refused does not keep an open layer from its landmark', async () => {
  for (const hostile of [false, true]) {
    await using folder = await scratch();
    const packs = `${folder.path}/packs`;
    const layer = testLayer(files([5000, 9000, 7000]), { prioritized: ['f/0', 'f/1'] });
    await saveJob(packs, [{ made: layer, chunks: [2] }]);
    const path = packPath(packs, layer.built.digest);
    const change = facts(({ chunks }) => (hostile ? { chunks: chunks.with(0, 1000) } : {}));
    await change(path, layer, layer);
    await using store = await openStore(`${folder.path}/root`);
    await using hot = new HotPacks(store);
    const opened = await openTestLayer(store, layer);
    assert.equal((await hot.load(packs)).refused.length, hostile ? 1 : 0);
    const before = layer.blob.asked.length;
    await opened.prefetch();
    assert.equal(layer.blob.asked.length > before, hostile);
  }
});

test('a pack that is consistent, with another TOC than the manifest promises, is thrown away when the layer is mounted', async () => {
  await using folder = await scratch();
  const packs = `${folder.path}/packs`;
  const [victim, evil] = [made(), made()];
  await saveJob(packs, [{ made: evil, chunks: 'all' }]);
  const pack = await readPack(packPath(packs, evil.built.digest));
  await rm(packPath(packs, evil.built.digest));
  const header = { ...pack.header, digest: victim.built.digest };
  await writeParts(packPath(packs, victim.built.digest), { ...pack, header });
  await using store = await openStore(`${folder.path}/root`);
  await using hot = new HotPacks(store);
  const { layers, refused } = await hot.load(packs);
  assert.deepEqual([layers, refused], [1, []], 'nobody can know yet');
  const { digest, tocDigest } = victim.built;
  await assert.rejects(store.openLayer({ digest, tocDigest }), VerificationError);
  const layer = await openTestLayer(store, victim);
  assert.equal(layer.record.tocDigest, tocDigest);
  assert.equal(layer.stats().presentChunks, 0);
  assert.equal(victim.blob.tails, 1, 'its own table of contents was not asked for');
  assert.equal(store.hot.readsKnown(digest), false, 'what the other table said of reads counts');
  await readWholeImage(layer);
  assert.equal(await assertPresentChunksVerify(layer), layer.presence.count);
  // And it does not come back while the right one is there.
  const again = await hot.load(packs);
  assert.equal(again.layers, 0);
  assert.match(again.refused[0]!.reason, /TOC digest of layer/);
});

test('a blob size that is made up does not last: a client that knows the size has the layer made anew', async () => {
  await using folder = await scratch();
  const packs = `${folder.path}/packs`;
  const layer = testLayer(files([5000]), { format: 'external-toc' });
  await saveJob(packs, [{ made: layer, chunks: [0] }]);
  const path = packPath(packs, layer.built.digest);
  const pack = await readPack(path);
  const payload = Buffer.from(decodeFrame('LZPTOCBY', 1, pack.tocFile));
  payload.writeBigUInt64LE(BigInt(layer.built.blob.length + 100), 0);
  await writeParts(path, { ...pack, tocFile: encodeFrame('LZPTOCBY', 1, payload) });
  await using store = await openStore(`${folder.path}/root`);
  await using hot = new HotPacks(store);
  assert.deepEqual((await hot.load(packs)).refused, []);
  const { tails } = layer.blob;
  const opened = await openTestLayer(store, layer);
  assert.equal(opened.blobSize, layer.built.blob.length);
  assert.equal(layer.blob.tails, tails + 1);
});

test('a layer on disk keeps its table of contents: a pack with another one is refused', async () => {
  await using folder = await scratch();
  const packs = `${folder.path}/packs`;
  const [victim, evil] = [made(), made()];
  await saveJob(packs, [{ made: evil, chunks: 'all' }]);
  const pack = await readPack(packPath(packs, evil.built.digest));
  await rm(packPath(packs, evil.built.digest));
  await writeParts(packPath(packs, victim.built.digest), {
    ...pack,
    header: { ...pack.header, digest: victim.built.digest },
  });
  await using store = await openStore(`${folder.path}/root`);
  await using hot = new HotPacks(store);
  for (const close of [false, true]) {
    const layer = await openTestLayer(store, victim);
    await readWholeImage(layer);
    if (close) for (const _ of [1, 2]) await layer.dispose();
    const { layers, refused } = await hot.load(packs);
    assert.equal(layers, 0);
    assert.match(refused[0]!.reason, /TOC digest of layer/);
    const { digest, tocDigest } = victim.built;
    const kept = await store.openLayer({ digest, tocDigest });
    assert.equal(await assertPresentChunksVerify(kept), kept.presence.count);
    await kept.dispose();
  }
});

function sizeOf({ header, tocFile, data }: PackParts): number {
  return encodePackHeader(header).length + tocFile.length + data.length;
}

function cutAt(where: (pack: PackParts) => number) {
  return async (path: string): Promise<void> => truncate(path, where(await readPack(path)));
}

async function enormousHeader(path: string): Promise<void> {
  const bytes = await readFile(path);
  bytes.writeBigUInt64LE(1n << 40n, 16);
  await writeFile(path, bytes);
}

/** A toc file whose compressed TOC has one byte changed. */
function otherToc(tocFile: Buffer): Buffer {
  const payload = Buffer.from(decodeFrame('LZPTOCBY', 1, tocFile));
  payload[payload.length - 20]! ^= 1;
  return encodeFrame('LZPTOCBY', 1, payload);
}

async function otherLayersToc(path: string, _layer: TestLayer, other: TestLayer): Promise<void> {
  const pack = await readPack(path);
  const { tocFile } = await readPack(path.replace(/sha256-\w+/, other.built.digest.replace(':', '-')));
  await writeParts(path, { ...pack, header: { ...pack.header, tocFileBytes: tocFile.length }, tocFile });
}

async function pipe(path: string): Promise<void> {
  await rm(path);
  execFileSync('mkfifo', [path]);
}
