// The folder of one layer image, `layers/sha256-<hex>/`: `image` (sparse), `chunks`, `toc`, `layer.json`, and the bitmaps
// `present` and `live`. It is made under another name and renamed when whole; what is damaged, foreign or of another
// version is thrown away, never repaired.
import { closeSync, ftruncateSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FormatError } from '../errors.ts';
import { digestHex, digestOf, isDigest } from '../oci/digest.ts';
import type { Digest } from '../oci/digest.ts';
import { decodeLive, decodePresent, encodeLive, encodePresent } from './bitmap-file.ts';
import { isDiskFull } from './errors.ts';
import { decodeChunkFile, encodeChunkFile } from './chunk-file.ts';
import type { PlacedChunks } from './chunk-file.ts';
import { emptyBitmap, initialBitmap } from './presence.ts';
import { decodeRecord, encodeRecord } from './record.ts';
import type { LayerRecord } from './record.ts';

/** Name of a layer's folder. */
export function folderName(digest: Digest): string {
  return `sha256-${digestHex(digest)}`;
}

/** The digest of a folder's name; undefined for other folders. */
export function folderDigest(name: string): Digest | undefined {
  const digest = name.replace(/^sha256-/, 'sha256:');
  return name.startsWith('sha256-') && isDigest(digest) ? digest : undefined;
}

/** Absolute path of the layer image in a layer's folder. */
export function imagePathOf(dir: string): string {
  return join(dir, 'image');
}

/** Path of the file whose modification time is the last use of the layer. */
export function recordPathOf(dir: string): string {
  return join(dir, 'layer.json');
}

/** Path of the compressed table of contents as it came: see toc-file.ts. */
export function tocPathOf(dir: string): string {
  return join(dir, 'toc');
}

/** Bytes that tie bitmaps to the layer image whose chunks they count. */
export function identityOf(record: LayerRecord): Uint8Array {
  return Buffer.from(digestHex(record.chunksDigest), 'hex');
}

/** What the folder of a new layer is made from. */
export interface NewLayer {
  readonly record: Omit<LayerRecord, 'chunksDigest'>;
  readonly metadata: Uint8Array;
  readonly chunks: PlacedChunks;
  /** The `toc` file. */
  readonly tocFile: Uint8Array;
  readonly bootId: string;
}

/** Writes a whole layer folder, with no chunk stored. Blocks; for the build worker. Returns the full record. */
export function writeLayerDir(dir: string, layer: NewLayer): LayerRecord {
  mkdirSync(dir, { recursive: true });
  const fd = openSync(imagePathOf(dir), 'wx', 0o600);
  try {
    ftruncateSync(fd, layer.record.imageSize);
    for (let at = 0; at < layer.metadata.length;) at += writeSync(fd, layer.metadata, at, undefined, at);
  } finally {
    closeSync(fd);
  }
  const chunkFile = encodeChunkFile(layer.chunks);
  const record: LayerRecord = { ...layer.record, chunksDigest: digestOf(chunkFile) };
  const { table } = layer.chunks;
  writeFileSync(join(dir, 'chunks'), chunkFile, { mode: 0o600 });
  writeFileSync(tocPathOf(dir), layer.tocFile, { mode: 0o600 });
  const live = encodeLive(identityOf(record), layer.bootId, table.count, emptyBitmap(table.count));
  writeFileSync(join(dir, 'live'), live, { mode: 0o600 });
  writeFileSync(recordPathOf(dir), encodeRecord(record), { mode: 0o600 });
  return record;
}

/** A layer folder that was read and may be trusted. */
export interface LoadedLayer {
  readonly record: LayerRecord;
  readonly chunks: PlacedChunks;
  readonly bitmap: Int32Array;
}

/**
 * Reads a layer folder. Bits of `live` count when this boot wrote them, bits of `present` always.
 * @throws FormatError when the folder can't be trusted: it should be deleted. ENOENT when there is none.
 */
export async function loadLayerDir(dir: string, digest: Digest, bootId: string): Promise<LoadedLayer> {
  const record = decodeRecord(await readFile(recordPathOf(dir), 'utf8'));
  if (record.digest !== digest) throw new FormatError(`layer.json: of ${record.digest}, wanted ${digest}`);
  const chunkFile = await readFile(join(dir, 'chunks'));
  const chunks = decodeChunkFile(chunkFile);
  const sameChunks = chunks.table.count === record.chunkCount && digestOf(chunkFile) === record.chunksDigest;
  if (!sameChunks) throw new FormatError('sidecar chunks: not the one that layer.json names');
  const { size } = await stat(imagePathOf(dir));
  if (size !== record.imageSize) throw new FormatError(`layer image of ${size} bytes, wanted ${record.imageSize}`);
  const identity = identityOf(record);
  const live = await readBitmap(join(dir, 'live'), (bytes) => decodeLive(bytes, identity, bootId, record.chunkCount));
  const present = await readBitmap(join(dir, 'present'), (bytes) => decodePresent(bytes, identity, record.chunkCount));
  // Without a checkpoint even the metadata may not have reached the disk before another boot.
  if (live === undefined && present === undefined) throw new FormatError('layer image without a checkpoint');
  const bitmap = present ?? initialBitmap(chunks.table);
  for (const [i, word] of (live ?? []).entries()) bitmap[i] = bitmap[i]! | word;
  return { record, chunks, bitmap };
}

/**
 * Makes `live` a file of this boot and opens it for updates. On a full disk the one that is there will do, when it is of
 * this boot: a layer that was served before a crash must be served again.
 */
export async function openLive(dir: string, record: LayerRecord, bootId: string, bitmap: Int32Array): Promise<number> {
  const path = join(dir, 'live');
  const identity = identityOf(record);
  try {
    await replaceFile(path, encodeLive(identity, bootId, record.chunkCount, bitmap), false);
  } catch (error) {
    const decode = (bytes: Buffer): Int32Array | undefined => decodeLive(bytes, identity, bootId, record.chunkCount);
    if (!isDiskFull(error) || (await readBitmap(path, decode)) === undefined) throw error;
  }
  return openSync(path, 'r+');
}

/** Writes a checkpoint. The caller has copied `bitmap` before it synced the image. */
export async function writePresent(dir: string, record: LayerRecord, bitmap: Int32Array): Promise<void> {
  await replaceFile(join(dir, 'present'), encodePresent(identityOf(record), bitmap), true);
}

async function replaceFile(path: string, bytes: Uint8Array, sync: boolean): Promise<void> {
  const temporary = `${path}.tmp`;
  const file = await open(temporary, 'w', 0o600);
  try {
    await file.writeFile(bytes);
    if (sync) await file.datasync();
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}

// A damaged or missing bitmap is no bitmap.
async function readBitmap(
  path: string,
  decode: (bytes: Buffer) => Int32Array | undefined,
): Promise<Int32Array | undefined> {
  try {
    return decode(await readFile(path));
  } catch (error) {
    if (error instanceof FormatError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
