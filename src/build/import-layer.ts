// From a layer's blob, in any compression, to its tar in a file with an index of the entries: one pass over the bytes,
// which decompresses, writes, and takes all digests. Inflating and writing happen in the threads of libuv while this
// one hashes the piece before; no piece keeps it for more than a millisecond.
import { createHash, randomUUID } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { FormatError } from '../errors.ts';
import { TarScanner } from '../tar/scanner.ts';
import { ByteReader } from './byte-reader.ts';
import { decompress, sniffCompression } from './decompress.ts';
import { EntryIndex } from './entry-index.ts';
import { buildLayerTree } from './layer-tree.ts';
import type { LayerTar, SourceCompression } from './model.ts';

const GIB = 1024 ** 3;

/** Largest tar in bytes that a layer may grow to, unless told. */
export const DEFAULT_MAX_TAR_SIZE: number = 64 * GIB;

export interface ImportOptions {
  /** Where the file with the tar is made. It must be there. */
  readonly workDir: string;
  /** Bytes that the tar may have at most: `DEFAULT_MAX_TAR_SIZE` unless told. A small blob can grow a thousand times. */
  readonly maxSize?: number;
  /** Called with the bytes of the tar so far, after each piece. */
  readonly onProgress?: (bytes: number) => void;
}

/**
 * Reads a layer to its end. When it fails or is aborted, no file is left and `pieces` is told to end.
 * @throws FormatError, with the offset in the blob or the tar that the message names, when the layer is damaged, too
 * large, or has entries that a lazily pullable layer can't have.
 */
export async function importLayer(
  pieces: AsyncIterable<Uint8Array>,
  options: ImportOptions,
  signal?: AbortSignal,
): Promise<LayerTar> {
  signal?.throwIfAborted();
  const path = join(options.workDir, `layer-${randomUUID()}.tar`);
  const file = await open(path, 'wx+', 0o600);
  const dispose = async (): Promise<void> => {
    try {
      await file.close();
    } finally {
      await rm(path, { force: true });
    }
  };
  const reader = new ByteReader(pieces, signal);
  try {
    const compression = await sniffCompression(reader);
    const facts = await readTar(reader, compression, file, options, signal);
    return { path, fd: file.fd, compression, ...facts, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  } finally {
    await reader.close();
  }
}

type TarFacts = Pick<LayerTar, 'size' | 'diffId' | 'entries' | 'hadToc' | 'hadLandmarks'>;

async function readTar(
  reader: ByteReader,
  compression: SourceCompression,
  file: FileHandle,
  options: ImportOptions,
  signal: AbortSignal | undefined,
): Promise<TarFacts> {
  const index = new EntryIndex();
  const scanner = new TarScanner(index);
  const hash = createHash('sha256');
  const maxSize = options.maxSize ?? DEFAULT_MAX_TAR_SIZE;
  for await (const piece of decompress(reader, compression)) {
    signal?.throwIfAborted();
    const offset = scanner.offset;
    if (offset + piece.length > maxSize) {
      throw new FormatError(`the layer's tar grows over ${maxSize} bytes, the limit`, { offset: maxSize });
    }
    const writing = writeAll(file, piece, offset);
    try {
      scanner.push(piece);
      hash.update(piece);
    } finally {
      await writing;
    }
    options.onProgress?.(scanner.offset);
  }
  signal?.throwIfAborted();
  scanner.end();
  const { entries, hadToc, hadLandmarks } = index;
  // What makes no tree is said here, whatever is done with the layer.
  buildLayerTree(entries);
  return { size: scanner.offset, diffId: `sha256:${hash.digest('hex')}`, entries, hadToc, hadLandmarks };
}

async function writeAll(file: FileHandle, piece: Buffer, position: number): Promise<void> {
  for (let done = 0; done < piece.length;) {
    const { bytesWritten } = await file.write(piece, done, piece.length - done, position + done);
    done += bytesWritten;
  }
}
