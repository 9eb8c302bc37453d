// A layer's blob on disk as an image of that one layer, of which no manifest says anything: to look at it or check it by
// itself.
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { UserError } from '../errors.ts';
import { FileBlob, streamFileRange, type FileRange } from '../image/file-range.ts';
import type { ImageDocument, ImageSource } from '../image/model.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import { digestOf, type Digest } from '../oci/digest.ts';
import { parseManifest } from '../oci/manifest.ts';
import { OCI_EMPTY, OCI_LAYER_GZIP, OCI_LAYER_TAR, OCI_LAYER_ZSTD, OCI_MANIFEST } from '../oci/media-types.ts';
import { isSkippableMagic } from '../estargz/zstd-footer.ts';

/** "No config", as the image specification has it. */
const CONFIG = Buffer.from('{}');

/**
 * Opens the file. It is read once to know its digest.
 * @throws UserError when there is no such file.
 */
export async function openBlobSource(path: string, signal?: AbortSignal): Promise<ImageSource> {
  const layer = await describeFile(path, signal);
  const config = { mediaType: OCI_EMPTY, digest: digestOf(CONFIG), size: CONFIG.length };
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: OCI_MANIFEST, config, layers: [layer] }));
  const root: ImageDocument = {
    descriptor: { mediaType: OCI_MANIFEST, digest: digestOf(bytes), size: bytes.length },
    bytes,
    manifest: parseManifest(bytes, OCI_MANIFEST),
  };
  const stream = (descriptor: Descriptor, abort?: AbortSignal): AsyncGenerator<Uint8Array> =>
    streamFile(path, descriptor.size, abort);
  return {
    name: `blob:${path}`,
    reference: undefined,
    root: () => Promise.resolve(root),
    document: () => Promise.resolve(root),
    fetch: () => Promise.resolve(CONFIG),
    stream,
    open: ({ digest, size }) => new FileBlob(digest, size, () => openRange(path)),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

async function describeFile(path: string, signal: AbortSignal | undefined): Promise<Descriptor> {
  await using range = await openRange(path);
  const hash = createHash('sha256');
  let head = Buffer.alloc(0);
  for await (const piece of streamFileRange(range, 0, range.size, signal)) {
    hash.update(piece);
    if (head.length < 4) head = Buffer.concat([head, piece.subarray(0, 4)]);
  }
  const digest: Digest = `sha256:${hash.digest('hex')}`;
  return { mediaType: mediaTypeOf(head), digest, size: range.size };
}

const GZIP_MAGIC = 0x8b1f;
const ZSTD_MAGIC = 0xfd2fb528;

function mediaTypeOf(head: Buffer): string {
  if (head.length < 4) return OCI_LAYER_TAR;
  if (head.readUInt16LE() === GZIP_MAGIC) return OCI_LAYER_GZIP;
  const magic = head.readUInt32LE();
  return magic === ZSTD_MAGIC || isSkippableMagic(magic) ? OCI_LAYER_ZSTD : OCI_LAYER_TAR;
}

async function openRange(path: string): Promise<FileRange> {
  try {
    const handle = await open(path);
    const stats = await handle.stat();
    if (stats.isFile()) return { handle, start: 0, size: stats.size, [Symbol.asyncDispose]: () => handle.close() };
    await handle.close();
  } catch (cause) {
    throw new UserError(`can't read ${path}: ${(cause as Error).message}`, undefined, { cause });
  }
  throw new UserError(`${path} is not a file`, 'For a folder in OCI layout write oci:DIR.');
}

async function* streamFile(path: string, size: number, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  await using range = await openRange(path);
  yield* streamFileRange(range, 0, size, signal);
}
