// Writing an image into an OCI layout folder. The new blobs wait in a folder of their own; `finish` moves them to their
// places and replaces index.json, so a reader sees the layout as it was or as it is to be.
import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../errors.ts';
import { REF_NAME } from '../oci/annotations.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import { isMissing, blobPath, readLayoutFile } from './layout-source.ts';
import {
  checkLayoutVersion,
  encodeLayoutIndex,
  entryNames,
  INDEX_FILE,
  OCI_LAYOUT_FILE,
  OCI_LAYOUT_TEXT,
  parseLayoutIndex,
  type LayoutIndex,
} from './layout-index.ts';
import type { ImageSource, ImageTarget, PutOptions } from './model.ts';
import { besidePath, makeFolder, Staging } from './staging.ts';

type Document = { readonly descriptor: Descriptor; readonly bytes: Uint8Array };

const EMPTY_INDEX: LayoutIndex = { manifests: [] };

/**
 * A layout folder to write an image into: a new one, an empty one, or a layout, which is extended.
 * @throws UserError when the folder has something else in it.
 */
export async function openLayoutTarget(path: string, tag: string | undefined): Promise<ImageTarget> {
  const state = await stateOf(path);
  if (state !== 'missing') await readIndex(path);
  // Inside of what is there: it may be a mount of its own, where nothing can be renamed into from beside it.
  const staging = new Staging(besidePath(state === 'missing' ? path : join(path, '.new')));
  return new LayoutTarget(path, tag, staging);
}

class LayoutTarget implements ImageTarget {
  readonly name: string;
  readonly reference: undefined;
  readonly #path: string;
  readonly #tag: string | undefined;
  readonly #staging: Staging;

  constructor(path: string, tag: string | undefined, staging: Staging) {
    this.#path = path;
    this.#tag = tag;
    this.#staging = staging;
    this.name = `oci:${path}${tag === undefined ? '' : `:${tag}`}`;
  }

  async has(descriptor: Descriptor, _from?: ImageSource, signal?: AbortSignal): Promise<boolean> {
    signal?.throwIfAborted();
    return this.#staging.has(descriptor) || hasBlob(this.#path, descriptor);
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
    if ((await stateOf(this.#path)) === 'missing' && (await this.#becomeLayout(root.descriptor))) return;
    await this.#extendLayout(root.descriptor);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#staging[Symbol.asyncDispose]();
  }

  /** The staged folder becomes the layout. @returns false when somebody else made the folder meanwhile. */
  async #becomeLayout(root: Descriptor): Promise<boolean> {
    const { dir } = this.#staging;
    await writeSynced(join(dir, OCI_LAYOUT_FILE), Buffer.from(OCI_LAYOUT_TEXT));
    await writeSynced(join(dir, INDEX_FILE), encodeLayoutIndex(withEntry(EMPTY_INDEX, root, this.#tag)));
    try {
      await rename(dir, this.#path);
      return true;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOTEMPTY' || code === 'EEXIST') return false;
      throw error;
    }
  }

  async #extendLayout(root: Descriptor): Promise<void> {
    const path = this.#path;
    await makeFolder(join(path, 'blobs', 'sha256'));
    for (const digest of this.#staging.blobs.keys()) {
      await rename(blobPath(this.#staging.dir, digest), blobPath(path, digest));
    }
    // As it is now: others may have added images since we began.
    const index = withEntry((await readIndex(path)) ?? EMPTY_INDEX, root, this.#tag);
    await replaceFile(path, OCI_LAYOUT_FILE, Buffer.from(OCI_LAYOUT_TEXT));
    await replaceFile(path, INDEX_FILE, encodeLayoutIndex(index));
    await this.#staging[Symbol.asyncDispose]();
  }
}

/** The index with this image in it, instead of one that has its tag. Without a tag it replaces what is there without. */
export function withEntry(index: LayoutIndex, root: Descriptor, tag: string | undefined): LayoutIndex {
  const { annotations, ...rest } = root;
  const entry: Descriptor = tag === undefined ? root : { ...rest, annotations: { ...annotations, [REF_NAME]: tag } };
  const kept = index.manifests.filter((other) => {
    const names = entryNames(other);
    return tag === undefined ? names.length > 0 : !names.includes(tag);
  });
  return { ...index, manifests: [...kept, entry] };
}

async function stateOf(path: string): Promise<'missing' | 'empty' | 'layout'> {
  try {
    const names = await readdir(path);
    if (names.includes(INDEX_FILE)) return 'layout';
    const others = names.filter((name) => name !== OCI_LAYOUT_FILE && name !== 'blobs' && !name.startsWith('.'));
    if (others.length === 0) return 'empty';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return 'missing';
    if (code === 'ENOTDIR')
      throw new UserError(`${path} is not a folder`, 'oci:DIR wants a new folder or an OCI layout.');
    throw error;
  }
  throw new UserError(`${path} has files in it that are no OCI layout`, 'Name a new folder, an empty one or a layout.');
}

/** @throws UserError, FormatError when there is something else than a layout. */
async function readIndex(path: string): Promise<LayoutIndex | undefined> {
  const version = await readLayoutFile(path, OCI_LAYOUT_FILE);
  if (version !== undefined) checkLayoutVersion(version);
  const index = await readLayoutFile(path, INDEX_FILE);
  return index === undefined ? undefined : parseLayoutIndex(index);
}

/** By its size: a layout is the user's own, and readers verify. */
async function hasBlob(path: string, { digest, size }: Descriptor): Promise<boolean> {
  try {
    const stats = await stat(blobPath(path, digest));
    return stats.isFile() && stats.size === size;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

async function replaceFile(folder: string, name: string, bytes: Uint8Array): Promise<void> {
  const temporary = besidePath(join(folder, `.${name}`));
  try {
    await writeSynced(temporary, bytes);
    await rename(temporary, join(folder, name));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  await using file = await open(path, 'w');
  await file.writeFile(bytes);
  await file.sync();
}
