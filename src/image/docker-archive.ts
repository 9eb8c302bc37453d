// What `docker save` wrote before it wrote OCI layouts: manifest.json names a config and layer tars. There is no manifest
// with digests, so one is made up: of the bytes as they are stored, with the config's diff ids as what they must be.
// https://github.com/moby/docker-image-spec/blob/main/v1.2.md
import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { ByteReader } from '../build/byte-reader.ts';
import { decompress } from '../build/decompress.ts';
import type { SourceCompression } from '../build/model.ts';
import { MAX_CONFIG_BYTES, parseDiffIds } from '../containerd/image-config.ts';
import { FormatError, UserError, VerificationError } from '../errors.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import { digestOf, type Digest } from '../oci/digest.ts';
import { parseJson, requireArray, requireObject } from '../oci/json.ts';
import { OCI_CONFIG, OCI_LAYER_GZIP, OCI_LAYER_TAR, OCI_LAYER_ZSTD, OCI_MANIFEST } from '../oci/media-types.ts';
import { formatReference, parseReference } from '../oci/reference.ts';
import type { ArchiveFile, ArchiveIndex } from './archive-index.ts';
import { streamFileRange } from './file-range.ts';
import { requireReadable } from './spool.ts';

export const DOCKER_MANIFEST_FILE = 'manifest.json';

const MAX_IMAGES = 10_000;
const MAX_LAYERS = 1000;
const MAX_LISTED = 20;

/** One image of manifest.json. */
export interface DockerImage {
  readonly config: string;
  readonly repoTags: readonly string[];
  /** Names of entries, bottom first; the same one may be there several times. */
  readonly layers: readonly string[];
}

/** An image with a made-up manifest. */
export interface MadeUpImage {
  readonly root: Descriptor;
  /** The manifest. */
  readonly documents: ReadonlyMap<Digest, Uint8Array>;
  /** Config and layers. */
  readonly blobs: ReadonlyMap<Digest, ArchiveFile>;
}

/** @throws FormatError */
export function parseDockerManifest(bytes: Uint8Array): DockerImage[] {
  const images = requireArray(parseJson(bytes, DOCKER_MANIFEST_FILE), DOCKER_MANIFEST_FILE, MAX_IMAGES);
  return images.map((image, index) => {
    const where = `${DOCKER_MANIFEST_FILE}[${index}]`;
    const { Config: config, RepoTags: repoTags, Layers: layers } = requireObject(image, where);
    if (typeof config !== 'string') throw new FormatError(`${where}: no Config`);
    return {
      config,
      repoTags: strings(repoTags ?? [], `${where}.RepoTags`, MAX_IMAGES),
      layers: strings(layers ?? [], `${where}.Layers`, MAX_LAYERS),
    };
  });
}

/** The image with a tag, or the only one. @throws UserError that lists what there is. */
export function selectDockerImage(
  images: readonly DockerImage[],
  name: string | undefined,
  where: string,
): DockerImage {
  const wanted = name === undefined ? undefined : fullName(name);
  const found =
    wanted === undefined ? images : images.filter(({ repoTags }) => repoTags.some((tag) => fullName(tag) === wanted));
  const [first] = found;
  if (first !== undefined && found.length === 1) return first;
  const tags = images.flatMap(({ repoTags }) => repoTags);
  const list =
    tags.length === 0 ? 'None of its images has a name.' : `There is: ${tags.slice(0, MAX_LISTED).join(', ')}`;
  if (first === undefined) throw new UserError(`${where} has no image ${name ?? ''}`.trimEnd(), list);
  throw new UserError(`${where} has ${found.length} images`, `Write docker-archive:FILE:NAME:TAG. ${list}`);
}

/**
 * Makes up the manifest of an image. Compressed layers are read once for that; plain ones are what their diff id says, or
 * fail when they are streamed.
 * @throws FormatError, VerificationError when the archive lacks something or lies.
 */
export async function makeUpImage(
  archive: { readonly handle: FileHandle; readonly index: ArchiveIndex },
  image: DockerImage,
  signal?: AbortSignal,
): Promise<MadeUpImage> {
  const { handle } = archive;
  const configFile = requireFile(archive.index, image.config);
  if (configFile.size > MAX_CONFIG_BYTES)
    throw new FormatError(`${image.config}: ${configFile.size} bytes are too many`);
  const configBytes = await readAll(handle, configFile, signal);
  const configDigest = digestOf(configBytes);
  requireNamedDigest(image.config, configDigest);
  const diffIds = parseDiffIds(configBytes, image.layers.length);
  const known = new Map<number, Descriptor>();
  const layers: Descriptor[] = [];
  const blobs = new Map([[configDigest, configFile]]);
  for (const [at, name] of image.layers.entries()) {
    const file = requireFile(archive.index, name);
    const diffId = diffIds[at] as Digest;
    const layer = known.get(file.dataStart) ?? (await layerOf(handle, file, diffId, signal));
    known.set(file.dataStart, layer);
    layers.push(layer);
    blobs.set(layer.digest, file);
  }
  const config = { mediaType: OCI_CONFIG, digest: configDigest, size: configBytes.length };
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: OCI_MANIFEST, config, layers }));
  const root = { mediaType: OCI_MANIFEST, digest: digestOf(bytes), size: bytes.length };
  return {
    root,
    blobs,
    documents: new Map([[root.digest, bytes]]),
  };
}

async function layerOf(
  handle: FileHandle,
  file: ArchiveFile,
  diffId: Digest,
  signal: AbortSignal | undefined,
): Promise<Descriptor> {
  const range = { handle, start: file.dataStart, size: file.size, [Symbol.asyncDispose]: async () => {} };
  const read = (to: number): AsyncGenerator<Buffer> => streamFileRange(range, 0, to, signal);
  let compression: SourceCompression = 'none';
  for await (const head of read(Math.min(file.size, 6))) compression = requireReadable(head, file.name);
  if (compression === 'none') return { mediaType: OCI_LAYER_TAR, digest: diffId, size: file.size };
  const stored = createHash('sha256');
  const plain = createHash('sha256');
  const tapped = async function* (): AsyncGenerator<Uint8Array> {
    for await (const piece of read(file.size)) {
      stored.update(piece);
      yield piece;
    }
  };
  const reader = new ByteReader(tapped(), signal);
  try {
    for await (const piece of decompress(reader, compression)) plain.update(piece);
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new FormatError(`${file.name}: ${cause.message}`, { offset: file.dataStart, cause });
  } finally {
    await reader.close();
  }
  const actual = `sha256:${plain.digest('hex')}`;
  if (actual !== diffId) throw new VerificationError(`${file.name}: diff id`, diffId, actual);
  const mediaType = compression === 'gzip' ? OCI_LAYER_GZIP : OCI_LAYER_ZSTD;
  return { mediaType, digest: `sha256:${stored.digest('hex')}`, size: file.size };
}

async function readAll(handle: FileHandle, file: ArchiveFile, signal?: AbortSignal): Promise<Buffer> {
  const range = { handle, start: file.dataStart, size: file.size, [Symbol.asyncDispose]: async () => {} };
  const pieces: Uint8Array[] = [];
  for await (const piece of streamFileRange(range, 0, file.size, signal)) pieces.push(piece);
  return Buffer.concat(pieces);
}

function requireFile(index: ArchiveIndex, name: string): ArchiveFile {
  const file = index.lookup(name.replace(/^\.\//, ''));
  if (file === undefined) {
    throw new FormatError(
      `${DOCKER_MANIFEST_FILE} names ${JSON.stringify(name.slice(0, 200))}, which is not in the archive`,
    );
  }
  return file;
}

/** The config's file name is its digest, in all forms that there are. */
function requireNamedDigest(name: string, actual: Digest): void {
  const hex = /(?:^|\/)([0-9a-f]{64})(?:\.json)?$/.exec(name)?.[1];
  if (hex !== undefined && actual !== `sha256:${hex}`) throw new VerificationError(name, `sha256:${hex}`, actual);
}

function strings(value: unknown, where: string, most: number): string[] {
  const list = requireArray(value, where, most);
  if (!list.every((one) => typeof one === 'string')) throw new FormatError(`${where}: not all of them are strings`);
  return list as string[];
}

function fullName(name: string): string {
  try {
    const reference = parseReference(name);
    return formatReference({ ...reference, tag: reference.tag ?? 'latest' });
  } catch {
    return name;
  }
}
