// An image in an OCI layout folder, as skopeo, buildx and this program write it.
import { constants, open, readFile, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { FormatError, UserError } from '../errors.ts';
import { digestHex, type Digest } from '../oci/digest.ts';
import { MAX_MANIFEST_BYTES } from '../oci/manifest.ts';
import type { FileRange } from './file-range.ts';
import { FileSource, type BlobFiles } from './file-source.ts';
import { checkLayoutVersion, INDEX_FILE, OCI_LAYOUT_FILE, parseLayoutIndex, selectEntry } from './layout-index.ts';
import type { ImageSource } from './model.ts';

/**
 * Opens the image with a tag, or the only one, of a layout folder.
 * @throws UserError when there is no such folder, layout or image; FormatError when its documents are malformed.
 */
export async function openLayoutSource(path: string, tag: string | undefined): Promise<ImageSource> {
  const where = `oci:${path}`;
  const index = await readLayoutFile(path, INDEX_FILE);
  if (index === undefined) throw await notALayout(path);
  const version = await readLayoutFile(path, OCI_LAYOUT_FILE);
  if (version === undefined) throw new UserError(`${path} has an ${INDEX_FILE} but no ${OCI_LAYOUT_FILE} file`);
  checkLayoutVersion(version);
  const root = selectEntry(parseLayoutIndex(index), tag, where);
  return new FileSource({ name: tag === undefined ? where : `${where}:${tag}`, files: new LayoutFiles(path), root });
}

/** One of the small files of a layout; undefined when there is none. @throws FormatError when it is not small. */
export async function readLayoutFile(path: string, name: string): Promise<Uint8Array | undefined> {
  const file = join(path, name);
  try {
    const { size } = await stat(file);
    if (size > MAX_MANIFEST_BYTES) throw new FormatError(`${file}: ${size} bytes, more than ${MAX_MANIFEST_BYTES}`);
    return await readFile(file);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Where a layout has a blob. */
export function blobPath(layoutDir: string, digest: Digest): string {
  return join(layoutDir, 'blobs', 'sha256', digestHex(digest));
}

/** Whether an error says that a path is not there. */
export function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

class LayoutFiles implements BlobFiles {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  async lookup(digest: Digest): Promise<FileRange | undefined> {
    const path = blobPath(this.#path, digest);
    let handle: FileHandle;
    try {
      // What is not a file (a named pipe) must not make us wait. Links are followed: build tools make layouts of them.
      handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
    const stats = await handle.stat();
    if (!stats.isFile()) {
      await handle.close();
      throw new FormatError(`${path} is not a file`);
    }
    return { handle, start: 0, size: stats.size, [Symbol.asyncDispose]: () => handle.close() };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Every blob is closed after it was read.
  }
}

async function notALayout(path: string): Promise<UserError> {
  const stats = await stat(path).catch(() => undefined);
  if (stats === undefined) return new UserError(`there is no folder ${path}`, 'oci:DIR wants an OCI layout.');
  if (!stats.isDirectory()) {
    return new UserError(`${path} is a file, not a folder`, `For an archive write oci-archive:${path}.`);
  }
  return new UserError(`${path} is not an OCI layout: it has no ${INDEX_FILE}`, 'oci:DIR wants an OCI layout.');
}
