// An image in an archive: an OCI layout in a tar, what `docker save` wrote at any time, or both in one. Which it is shows
// from what is in it, so that a pipe needs no name. The layout wins: it has the real digests.
import type { Readable } from 'node:stream';
import { FormatError, UserError } from '../errors.ts';
import type { Digest } from '../oci/digest.ts';
import { digestHex } from '../oci/digest.ts';
import { MAX_MANIFEST_BYTES } from '../oci/manifest.ts';
import { indexArchive, type ArchiveFile, type ArchiveIndex } from './archive-index.ts';
import { DOCKER_MANIFEST_FILE, makeUpImage, parseDockerManifest, selectDockerImage } from './docker-archive.ts';
import { streamFileRange, type FileRange } from './file-range.ts';
import { FileSource, type BlobFiles } from './file-source.ts';
import { checkLayoutVersion, INDEX_FILE, OCI_LAYOUT_FILE, parseLayoutIndex, selectEntry } from './layout-index.ts';
import type { ImageSource } from './model.ts';
import { openArchiveFile, spool, type SpooledArchive } from './spool.ts';

/** A whole tar, but not of an image. */
export class NoImageError extends UserError {}

/** Where an archive is, and which of its images is meant. */
export interface ArchiveRequest {
  /** For messages, without the tag: `oci-archive:app.tar`. */
  readonly where: string;
  /** Tag or name; undefined for the only one. */
  readonly image: string | undefined;
  readonly workDir: string;
}

/** Opens an image in a file. @throws UserError, FormatError, VerificationError */
export async function openArchiveSource(
  path: string,
  request: ArchiveRequest,
  signal?: AbortSignal,
): Promise<ImageSource> {
  return openSpooled(await openArchiveFile(path, request.workDir, signal), request, signal);
}

/** Opens an image that comes through a pipe. @throws UserError, FormatError, VerificationError */
export async function openPipedSource(
  input: Readable,
  request: ArchiveRequest,
  signal?: AbortSignal,
): Promise<ImageSource> {
  return openSpooled(await spool(input, request.where, request.workDir, signal), request, signal);
}

async function openSpooled(
  archive: SpooledArchive,
  request: ArchiveRequest,
  signal: AbortSignal | undefined,
): Promise<ImageSource> {
  try {
    return await sourceOf(archive, request, signal);
  } catch (error) {
    await archive[Symbol.asyncDispose]();
    throw error;
  }
}

async function sourceOf(
  archive: SpooledArchive,
  { where, image }: ArchiveRequest,
  signal: AbortSignal | undefined,
): Promise<ImageSource> {
  const { handle } = archive;
  const index = await indexArchive(handle, archive.size, signal).catch((error: unknown) => {
    throw error instanceof FormatError ? withPlace(error, where) : error;
  });
  const name = image === undefined ? where : `${where}:${image}`;
  const version = index.lookupUnique(OCI_LAYOUT_FILE);
  const entries = index.lookupUnique(INDEX_FILE);
  if (version !== undefined && entries !== undefined) {
    checkLayoutVersion(await readDocument(archive, version));
    const root = selectEntry(parseLayoutIndex(await readDocument(archive, entries)), image, where);
    return new FileSource({ name, files: new ArchiveFiles(archive, index), root });
  }
  const manifest = index.lookupUnique(DOCKER_MANIFEST_FILE);
  if (manifest === undefined) throw notAnImage(where);
  const chosen = selectDockerImage(parseDockerManifest(await readDocument(archive, manifest)), image, where);
  const { blobs, documents, root } = await makeUpImage({ handle, index }, chosen, signal);
  return new FileSource({ name, files: new ArchiveFiles(archive, index, blobs), root, madeUp: documents });
}

class ArchiveFiles implements BlobFiles {
  readonly #archive: SpooledArchive;
  readonly #index: ArchiveIndex;
  readonly #known: ReadonlyMap<Digest, ArchiveFile>;

  constructor(archive: SpooledArchive, index: ArchiveIndex, known: ReadonlyMap<Digest, ArchiveFile> = new Map()) {
    this.#archive = archive;
    this.#index = index;
    this.#known = known;
  }

  async lookup(digest: Digest): Promise<FileRange | undefined> {
    const file = this.#known.get(digest) ?? this.#index.lookup(`blobs/sha256/${digestHex(digest)}`);
    return file === undefined ? undefined : rangeOf(this.#archive, file);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#archive[Symbol.asyncDispose]();
  }
}

/** The archive stays open until the source goes. */
function rangeOf({ handle }: SpooledArchive, { dataStart, size }: ArchiveFile): FileRange {
  return { handle, start: dataStart, size, [Symbol.asyncDispose]: async () => {} };
}

async function readDocument(archive: SpooledArchive, file: ArchiveFile): Promise<Uint8Array> {
  const { dataStart, name, size } = file;
  if (size > MAX_MANIFEST_BYTES) {
    throw new FormatError(`archive: ${name} of ${size} bytes is too large`, { offset: dataStart });
  }
  const pieces: Uint8Array[] = [];
  for await (const piece of streamFileRange(rangeOf(archive, file), 0, size)) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** At the first byte it is not that something is wrong with the archive: it is none. */
function withPlace(error: FormatError, where: string): FormatError {
  const { message, offset } = error;
  const what = offset === 0 ? ' is not a tar archive: ' : ': ';
  return new FormatError(`${where}${what}${message}`, { cause: error, ...(offset === undefined ? {} : { offset }) });
}

function notAnImage(where: string): NoImageError {
  return new NoImageError(
    `${where} is a tar, but no image: it has neither ${INDEX_FILE} with ${OCI_LAYOUT_FILE} nor ${DOCKER_MANIFEST_FILE}`,
    'Archives of `buildx --output type=oci`, `docker save`, `skopeo` and `podman save` are read.',
  );
}
