// Blobs on their way into a layout or an archive: in a folder of their own that nobody else knows, verified, until the
// image is complete. When it never is, the folder goes away with everything in it.
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { FormatError, UserError, VerificationError } from '../errors.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import type { Digest } from '../oci/digest.ts';
import { blobPath, isMissing } from './layout-source.ts';
import { requireContent } from './verified.ts';

/** Laid out as an OCI layout: `blobs/sha256/HEX`. */
export class Staging implements AsyncDisposable {
  /** Not there before the first blob. */
  readonly dir: string;
  readonly #blobs = new Map<Digest, number>();
  #made: Promise<void> | undefined;
  #unique = 0;

  constructor(dir: string) {
    this.dir = dir;
  }

  /** Digests and sizes of what is there. */
  get blobs(): ReadonlyMap<Digest, number> {
    return this.#blobs;
  }

  has({ digest, size }: Descriptor): boolean {
    return this.#blobs.get(digest) === size;
  }

  /** Writes a blob. @throws FormatError, VerificationError when it is not what the descriptor says; what `pieces` throws. */
  async put(
    descriptor: Descriptor,
    pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    onProgress?: (bytes: number) => void,
    signal?: AbortSignal,
  ): Promise<void> {
    const { digest, size } = descriptor;
    await this.make();
    const temporary = join(this.dir, `${++this.#unique}.tmp`);
    try {
      const actual = await writeFile(temporary, descriptor, pieces, onProgress, signal);
      if (actual !== digest) throw new VerificationError('blob to write', digest, actual);
      await rename(temporary, blobPath(this.dir, digest));
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
    this.#blobs.set(digest, size);
  }

  /** Writes a document. @throws FormatError, VerificationError when it is not what its descriptor says. */
  async putBytes({ descriptor, bytes }: { descriptor: Descriptor; bytes: Uint8Array }): Promise<void> {
    requireContent(descriptor, bytes, 'manifest to write');
    if (!this.has(descriptor)) await this.put(descriptor, [bytes]);
  }

  /** Makes the folder, and those above it. @throws UserError when it can't be made. */
  async make(): Promise<void> {
    this.#made ??= makeFolder(join(this.dir, 'blobs', 'sha256'));
    try {
      await this.#made;
    } catch (error) {
      this.#made = undefined;
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await rm(this.dir, { recursive: true, force: true });
    } catch (error) {
      // Where no folder could be made, there is none to remove.
      if (!isMissing(error)) throw error;
    }
  }
}

/** A name for a temporary file or folder beside `path`: a rename brings it to its place. */
export function besidePath(path: string): string {
  return `${path.replace(/\/+$/, '')}.lazypull-${randomBytes(6).toString('hex')}`;
}

/** @throws UserError */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new UserError(`can't make the folder ${path}: ${code ?? String(cause)}`, undefined, { cause });
  }
}

/** @returns the digest of what was written. */
async function writeFile(
  path: string,
  { digest, size }: Descriptor,
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  onProgress: ((bytes: number) => void) | undefined,
  signal: AbortSignal | undefined,
): Promise<Digest> {
  await using file = await open(path, 'wx');
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const piece of pieces) {
    signal?.throwIfAborted();
    bytes += piece.length;
    if (bytes > size) throw new FormatError(`${digest}: more bytes than the ${size} of its descriptor`);
    hash.update(piece);
    await file.writeFile(piece);
    onProgress?.(bytes);
  }
  signal?.throwIfAborted();
  if (bytes < size) throw new FormatError(`${digest}: ${bytes} bytes, its descriptor says ${size}`);
  return `sha256:${hash.digest('hex')}`;
}
