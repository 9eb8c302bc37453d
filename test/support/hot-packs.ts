// Jobs for tests of hot packs: each has a store of its own, reads some chunks of some layers, and saves them.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeFrame } from '../../src/layer/frame.ts';
import { decodePackHeader, encodePackHeader, packName } from '../../src/layer/hot-pack.ts';
import type { PackHeader } from '../../src/layer/hot-pack.ts';
import { HotPacks } from '../../src/layer/hot-packs.ts';
import type { SavedPacks, SaveOptions } from '../../src/layer/hot-save.ts';
import type { Layer } from '../../src/layer/layer.ts';
import type { Digest } from '../../src/oci/digest.ts';
import { openStore, openTestLayer, scratch } from './layers.ts';
import type { TestLayer } from './layers.ts';

/** No limit, no secrets. */
export const EVERYTHING: SaveOptions = { limitBytes: Infinity, skipPrivate: false };

/** Reads chunks as the FUSE workers' misses do, in this order. */
export async function readChunks(layer: Layer, chunks: Iterable<number>): Promise<void> {
  for (const chunk of chunks) await layer.fault({ imageOffset: layer.presence.imageOffset[chunk]!, length: 1 });
}

export interface Read {
  readonly made: TestLayer;
  readonly chunks: readonly number[] | 'all';
}

/** A job on a machine of its own that reads and saves. */
export async function saveJob(
  packs: string,
  read: readonly Read[],
  options: Partial<SaveOptions> = {},
): Promise<SavedPacks> {
  await using folder = await scratch();
  await using store = await openStore(folder.path);
  await using hot = new HotPacks(store);
  for (const { made, chunks } of read) {
    const layer = await openTestLayer(store, made);
    // One read of all of it, so that nothing comes by read-ahead.
    if (chunks === 'all') await layer.fault({ imageOffset: 0, length: layer.imageSize });
    else await readChunks(layer, chunks);
  }
  return await hot.save(packs, { ...EVERYTHING, ...options });
}

/** A pack in its parts. */
export interface PackParts {
  readonly header: PackHeader;
  readonly tocFile: Buffer;
  readonly data: Buffer;
}

export function packPath(packs: string, digest: Digest): string {
  return join(packs, packName(digest));
}

export async function readPack(path: string): Promise<PackParts> {
  const bytes = await readFile(path);
  const headerBytes = 24 + Number(bytes.readBigUInt64LE(16)) + 32;
  const header = decodePackHeader(bytes.subarray(0, headerBytes));
  const dataStart = headerBytes + header.tocFileBytes;
  return { header, tocFile: bytes.subarray(headerBytes, dataStart), data: bytes.subarray(dataStart) };
}

/** Writes a pack of these parts, whatever they say: its checksum is right. */
export async function writeParts(path: string, { header, tocFile, data }: PackParts): Promise<void> {
  await writeFile(path, Buffer.concat([encodePackHeader(header), tocFile, data]));
}

/** Writes a pack whose header is this payload. */
export async function writePayload(path: string, payload: Buffer, rest: Buffer): Promise<void> {
  await writeFile(path, Buffer.concat([encodeFrame('LZPHOTPK', 1, payload), rest]));
}
