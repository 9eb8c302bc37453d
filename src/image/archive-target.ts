// Writing an image into an archive: an OCI layout in a tar, for docker with a manifest.json beside it. Blobs wait in a
// folder until all are there, since the archive has them by name; then it is written at once, to a file that is renamed
// when it is complete, or to standard output.
import { access, constants, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { LazypullError, UserError } from '../errors.ts';
import { REF_NAME } from '../oci/annotations.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import { digestHex } from '../oci/digest.ts';
import { formatReference, parseReference, type ImageReference } from '../oci/reference.ts';
import { packArchive, type PackedContent } from './archive-writer.ts';
import { DOCKER_MANIFEST_FILE } from './docker-archive.ts';
import { encodeDockerManifest } from './docker-manifest.ts';
import { CONTAINERD_NAME, encodeLayoutIndex, INDEX_FILE, OCI_LAYOUT_FILE, OCI_LAYOUT_TEXT } from './layout-index.ts';
import { blobPath } from './layout-source.ts';
import type { ImageTarget, PutOptions } from './model.ts';
import { besidePath, Staging } from './staging.ts';

type Document = { readonly descriptor: Descriptor; readonly bytes: Uint8Array };

/** What the archive is to be. */
export interface ArchiveForm {
  /** How a person would name it. */
  readonly name: string;
  /** The image's name within: a tag, or for docker `name:tag`. */
  readonly image: string | undefined;
  readonly forDocker: boolean;
  /** Blobs wait here. */
  readonly workDir: string;
}

/** @throws UserError when no file can be written there. */
export async function openArchiveTarget(path: string, form: ArchiveForm): Promise<ImageTarget> {
  await requireWritable(path);
  return new ArchiveTarget(form, (pieces, signal) => writeArchiveFile(path, pieces, signal));
}

/** The archive goes to a stream, which is left open. @throws UserError when that is a terminal. */
export function openPipedTarget(output: Writable & { readonly isTTY?: boolean }, form: ArchiveForm): ImageTarget {
  if (output.isTTY === true) {
    throw new UserError(
      'standard output is a terminal, which an archive would only upset',
      'Pipe it into another program or a file, or write oci-archive:FILE.',
    );
  }
  return new ArchiveTarget(form, (pieces, signal) => writeToPipe(output, pieces, signal));
}

type WriteArchive = (pieces: AsyncIterable<Uint8Array>, signal: AbortSignal | undefined) => Promise<void>;

class ArchiveTarget implements ImageTarget {
  readonly name: string;
  readonly reference: undefined;
  readonly #form: ArchiveForm;
  readonly #write: WriteArchive;
  readonly #staging: Staging;

  constructor(form: ArchiveForm, write: WriteArchive) {
    this.name = form.name;
    this.#form = form;
    this.#write = write;
    this.#staging = new Staging(besidePath(join(form.workDir, 'archive')));
  }

  async has(descriptor: Descriptor): Promise<boolean> {
    return this.#staging.has(descriptor);
  }

  putBlob(
    descriptor: Descriptor,
    openBlob: (offset: number) => AsyncIterable<Uint8Array>,
    options: PutOptions = {},
    signal?: AbortSignal,
  ): Promise<void> {
    return this.#staging.put(descriptor, openBlob(0), options.onProgress, signal);
  }

  putDocument(document: Document): Promise<void> {
    return this.#staging.putBytes(document);
  }

  async finish(root: Document, signal?: AbortSignal): Promise<void> {
    await this.#staging.putBytes(root);
    signal?.throwIfAborted();
    await this.#write(packArchive(await this.#files(root.descriptor)), signal);
    await this.#staging[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#staging[Symbol.asyncDispose]();
  }

  async #files(root: Descriptor): Promise<Map<string, PackedContent>> {
    const { forDocker, image } = this.#form;
    const reference = forDocker && image !== undefined ? dockerName(image) : undefined;
    const entry = withName(root, reference, image);
    const files = new Map<string, PackedContent>([
      [OCI_LAYOUT_FILE, Buffer.from(OCI_LAYOUT_TEXT)],
      [INDEX_FILE, encodeLayoutIndex({ manifests: [entry] })],
    ]);
    for (const [digest, size] of this.#staging.blobs) {
      files.set(`blobs/sha256/${digestHex(digest)}`, { path: blobPath(this.#staging.dir, digest), size });
    }
    if (forDocker) {
      const read = async (descriptor: Descriptor): Promise<Uint8Array | undefined> =>
        this.#staging.has(descriptor) ? readFile(blobPath(this.#staging.dir, descriptor.digest)) : undefined;
      files.set(DOCKER_MANIFEST_FILE, await encodeDockerManifest(root, reference, read));
    }
    return files;
  }
}

function dockerName(image: string): ImageReference {
  const reference = parseReference(image);
  return { ...reference, tag: reference.tag ?? 'latest' };
}

/** The entry of index.json, with the names that readers look for. */
function withName(root: Descriptor, docker: ImageReference | undefined, tag: string | undefined): Descriptor {
  const refName = docker?.tag ?? tag;
  if (refName === undefined) return root;
  const name = docker === undefined ? {} : { [CONTAINERD_NAME]: formatReference(docker) };
  return { ...root, annotations: { ...root.annotations, ...name, [REF_NAME]: refName } };
}

async function requireWritable(path: string): Promise<void> {
  const stats = await stat(path).catch(() => undefined);
  if (stats?.isDirectory() === true) throw new UserError(`${path} is a folder`, `For an OCI layout write oci:${path}.`);
  if (stats !== undefined && !stats.isFile()) {
    throw new UserError(`${path} is not a file`, 'To write into a pipe, write - and redirect standard output.');
  }
  const folder = dirname(path);
  try {
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const missing = code === 'ENOENT' || code === 'ENOTDIR';
    throw new UserError(missing ? `there is no folder ${folder}` : `can't write into ${folder}: ${code}`, undefined, {
      cause,
    });
  }
}

async function writeArchiveFile(
  path: string,
  pieces: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const temporary = besidePath(path);
  try {
    {
      await using file = await open(temporary, 'wx');
      for await (const piece of pieces) {
        signal?.throwIfAborted();
        await file.writeFile(piece);
      }
      await file.sync();
    }
    signal?.throwIfAborted();
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function writeToPipe(
  output: Writable,
  pieces: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): Promise<void> {
  try {
    await pipeline(pieces, output, { end: false, ...(signal === undefined ? {} : { signal }) });
  } catch (error) {
    signal?.throwIfAborted();
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EPIPE' && code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
    throw new LazypullError('ABORTED', 'whoever reads standard output stopped before the end of the archive', {
      cause: error,
    });
  }
}
