// Layers for tests: eStargz blobs of files with known contents, stores in folders of their own, and checks that a
// layer image says what it must.
import assert from 'node:assert/strict';
import { hash, randomBytes } from 'node:crypto';
import { readSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeChunkFile } from '../../src/layer/chunk-file.ts';
import type { Layer } from '../../src/layer/layer.ts';
import { LayerStore } from '../../src/layer/layer-store.ts';
import type { LayerStoreOptions, OpenLayerRequest } from '../../src/layer/store-options.ts';
import { hasChunk } from '../../src/layer/presence.ts';
import { dir, file } from './entries.ts';
import type { Entry } from './entries.ts';
import { buildEstargz } from './estargz.ts';
import type { BuildOptions, BuiltLayer } from './estargz.ts';
import { BufferBlob } from './buffer-blob.ts';
import type { BlobKnobs } from './buffer-blob.ts';

/** A scratch folder that goes when the scope ends. */
export async function scratch(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'lazypull-layer-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** Files `f/0`, `f/1`, ... of the given sizes; every second one compresses well. */
export function files(sizes: readonly number[]): Entry[] {
  return [
    dir('f/'),
    ...sizes.map((size, i) => file(`f/${i}`, i % 2 === 0 ? randomBytes(size) : Buffer.alloc(size, `line ${i}\n`))),
  ];
}

/** The same with zeros in the middle, whole blocks of them and less. */
export function sparseFiles(sizes: readonly number[]): Entry[] {
  return files(sizes).map(({ name, content, type }) => {
    if (type !== 'reg') return dir(name);
    return file(name, Buffer.concat([content.subarray(0, 700), Buffer.alloc(content.length), content.subarray(700)]));
  });
}

/** A layer with its blob, ready to be opened. */
export interface TestLayer {
  readonly built: BuiltLayer;
  readonly blob: BufferBlob;
}

export function testLayer(entries: readonly Entry[], options: BuildOptions = {}, knobs: BlobKnobs = {}): TestLayer {
  const built = buildEstargz(entries, options);
  return { built, blob: new BufferBlob(built.blob, knobs) };
}

/** A store that does nothing by itself: no background, no neighbours, no checkpoint that was not asked for. */
export function openStore(root: string, options: Partial<LayerStoreOptions> = {}): Promise<LayerStore> {
  const quiet = { fill: { enabled: false, quietMs: 20 }, checkpointMs: 3_600_000, neighbours: false };
  return LayerStore.open({ root, ...quiet, ...options });
}

export function openTestLayer(store: LayerStore, made: TestLayer): Promise<Layer> {
  return store.openLayer(requestFor(made));
}

/** What asks for a layer, with what its format promises of its TOC. */
export function requestFor({ built, blob }: TestLayer): OpenLayerRequest {
  const { digest, tocDigest, tocChecksum, externalToc } = built;
  const isContainers = built.format === 'zstd:chunked-containers';
  return {
    digest,
    ...(isContainers ? { tocChecksum } : { tocDigest }),
    blob,
    externalToc: externalToc === undefined ? undefined : async () => externalToc,
  };
}

/** The digest of a chunk as the layer image has it. */
export function storedDigest(layer: Layer, chunk: number): string {
  const bytes = Buffer.alloc(layer.presence.size[chunk]!);
  readSync(layer.fd, bytes, 0, bytes.length, layer.presence.imageOffset[chunk]!);
  return hash('sha256', bytes, 'hex');
}

/** Checks every chunk whose bit is set against the digest of the table. Returns how many there are. */
export async function assertPresentChunksVerify(layer: Layer): Promise<number> {
  const { table } = decodeChunkFile(await readFile(join(layer.dir, 'chunks')));
  let present = 0;
  for (let chunk = 0; chunk < table.count; chunk++) {
    if (!hasChunk(layer.presence.bitmap, chunk)) continue;
    present++;
    const wanted = Buffer.from(table.digest.subarray(chunk * 32, chunk * 32 + 32)).toString('hex');
    assert.equal(storedDigest(layer, chunk), wanted, `chunk ${chunk}`);
  }
  return present;
}

/** Asks for everything, as one reader of the whole image would. */
export async function readWholeImage(layer: Layer): Promise<void> {
  for (let at = 0; at < layer.imageSize; at += 1024 * 1024) {
    await layer.fault({ imageOffset: at, length: Math.min(1024 * 1024, layer.imageSize - at) });
  }
}
