// The writing half of the hot workers: looks at a layer's folder for what can be saved of it, and writes the pack in one
// go, under a temporary name. Reads only what is on disk, so it does not matter who has the layer open.
import { closeSync, constants, fchmodSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { FormatError } from '../errors.ts';
import { isHole } from '../estargz/model.ts';
import type { Digest } from '../oci/digest.ts';
import { readInto } from './file-io.ts';
import { encodePackHeader, MAX_PACK_CHUNKS } from './hot-pack.ts';
import type { PackHeader } from './hot-pack.ts';
import { imagePathOf, loadLayerDir, tocPathOf } from './layer-files.ts';
import { hasChunk } from './presence.ts';
import { decodeTocFile } from './toc-file.ts';

/** A layer on disk, and which of its chunks would be saved, first used first. */
export interface SurveyTask {
  readonly dir: string;
  readonly digest: Digest;
  readonly bootId: string;
  readonly wanted: Uint32Array;
}

/** What can be saved: of the wanted chunks those that are there and have a digest. */
export interface Survey {
  readonly tocDigest: Digest;
  readonly tocChecksum: Digest;
  readonly isAnonymous: boolean;
  readonly tocFileBytes: number;
  readonly chunks: Uint32Array;
  readonly sizes: Uint32Array;
  /** Where the chunks lie in the layer image. */
  readonly imageOffsets: Float64Array;
}

/** Why a layer can't be saved, for a person. */
export interface CannotSave {
  readonly reason: string;
}

export interface WritePackTask {
  /** The layer's folder. */
  readonly dir: string;
  /** File to make; not there yet. */
  readonly path: string;
  readonly header: PackHeader;
  /** Where the chunks of the header lie in the layer image. */
  readonly imageOffsets: Float64Array;
}

/** Bytes between two writes, and of memory. A larger chunk goes alone. */
const BUFFER_BYTES = 1024 * 1024;

/** Looks at a layer. @throws the disk's error. */
export async function surveyLayer({ dir, digest, bootId, wanted }: SurveyTask): Promise<Survey | CannotSave> {
  try {
    const { record, chunks, bitmap } = await loadLayerDir(dir, digest, bootId);
    if (!record.verifiable) return { reason: 'its table of contents has chunks without digests' };
    const tocFile = readFileSync(tocPathOf(dir));
    decodeTocFile(tocFile);
    const { table, imageOffset } = chunks;
    const savable = (chunk: number): boolean => chunk < table.count && hasChunk(bitmap, chunk) && !isHole(table, chunk);
    const kept = wanted.filter(savable).subarray(0, MAX_PACK_CHUNKS);
    const { tocDigest, tocChecksum, isAnonymous = false } = record;
    return {
      tocDigest,
      tocChecksum,
      isAnonymous,
      tocFileBytes: tocFile.length,
      chunks: kept,
      sizes: kept.map((chunk) => table.size[chunk]!),
      imageOffsets: Float64Array.from(kept, (chunk) => imageOffset[chunk]!),
    };
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && path === tocPathOf(dir)) return { reason: 'an earlier version kept no table of contents' };
    if (code === 'ENOENT') return { reason: 'it is not on disk any more' };
    if (error instanceof FormatError) return { reason: `what is on disk can't be trusted: ${error.message}` };
    throw error;
  }
}

/** Writes a pack that everybody may read. Returns its bytes. @throws FormatError when the layer has changed meanwhile, the disk's error. */
export function writePack({ dir, path, header, imageOffsets }: WritePackTask): number {
  const tocFile = readFileSync(tocPathOf(dir));
  if (tocFile.length !== header.tocFileBytes) throw new FormatError(`layer ${header.digest} was built anew meanwhile`);
  const image = openSync(imagePathOf(dir), 'r');
  let file: number | undefined;
  try {
    // An existing name, a symbolic link among them, is never written to.
    file = openSync(path, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 0o644);
    // Whatever the umask: another user archives it.
    fchmodSync(file, 0o644);
    const out = new Out(file);
    out.add(encodePackHeader(header));
    out.add(tocFile);
    for (const [i, size] of header.sizes.entries()) {
      const position = imageOffsets[i]!;
      const count = readInto(image, out.take(size), position);
      if (count < size) throw new FormatError(`layer image: it ends at ${position + count}`);
    }
    return out.end();
  } catch (error) {
    if (file !== undefined) rmSync(path, { force: true });
    throw error;
  } finally {
    closeSync(image);
    if (file !== undefined) closeSync(file);
  }
}

/** Sequential writes, gathered. */
class Out {
  readonly #fd: number;
  #buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  #filled = 0;
  #written = 0;

  constructor(fd: number) {
    this.#fd = fd;
  }

  add(bytes: Uint8Array): void {
    this.#flush();
    this.#write(bytes);
  }

  /** Room for the next `size` bytes, to be filled before the next call. */
  take(size: number): Buffer {
    if (this.#filled + size > this.#buffer.length) this.#flush();
    if (size > this.#buffer.length) this.#buffer = Buffer.allocUnsafeSlow(size);
    this.#filled += size;
    return this.#buffer.subarray(this.#filled - size, this.#filled);
  }

  /** @returns all bytes written. */
  end(): number {
    this.#flush();
    return this.#written;
  }

  #flush(): void {
    this.#write(this.#buffer.subarray(0, this.#filled));
    this.#filled = 0;
  }

  #write(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) at += writeSync(this.#fd, bytes, at);
    this.#written += bytes.length;
  }
}
