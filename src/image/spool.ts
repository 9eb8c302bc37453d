// An archive as a file that can be read at any place. A plain tar in a file is used where it lies; what comes from a pipe or
// is compressed goes into a temporary file. That has no name from the first moment on, so it can't be left behind.
import { randomBytes } from 'node:crypto';
import { constants, open, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { ByteReader } from '../build/byte-reader.ts';
import { compressionOf, decompress } from '../build/decompress.ts';
import type { SourceCompression } from '../build/model.ts';
import { FormatError, LazypullError, UserError } from '../errors.ts';
import { makeFolder } from './staging.ts';

/** A file or a pipe in which there is nothing at all. */
export class EmptyInputError extends UserError {}

export interface SpooledArchive extends AsyncDisposable {
  readonly handle: FileHandle;
  readonly size: number;
}

/** What bytes begin with when they are compressed in a way that we do not take. */
const FOREIGN: readonly (readonly [name: string, magic: string])[] = [
  ['bzip2', '425a68'],
  ['xz', 'fd377a585a00'],
  ['zip', '504b0304'],
];
const MAGIC_BYTES = 6;

/** How a stream that begins with `head` is compressed. @throws UserError when we can't read it. */
export function requireReadable(head: Buffer, where: string): SourceCompression {
  const hex = head.toString('hex', 0, MAGIC_BYTES);
  const foreign = FOREIGN.find(([, magic]) => hex.startsWith(magic));
  if (foreign === undefined) return compressionOf(head);
  throw new UserError(`${where} is ${foreign[0]}`, 'Decompress it first: plain tar, gzip and zstd are read.');
}

/**
 * Opens an archive in a file (or a named pipe).
 * @throws UserError when it is not there; FormatError when its compression is broken.
 */
export async function openArchiveFile(path: string, workDir: string, signal?: AbortSignal): Promise<SpooledArchive> {
  let handle: FileHandle;
  try {
    handle = await open(path, constants.O_RDONLY);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new UserError(`there is no file ${path}`, undefined, { cause });
    throw new UserError(`can't read ${path}: ${code ?? String(cause)}`, undefined, { cause });
  }
  try {
    const stats = await handle.stat();
    if (stats.isDirectory()) throw new UserError(`${path} is a folder`, `For an OCI layout write oci:${path}.`);
    if (stats.isFile()) {
      const head = Buffer.alloc(MAGIC_BYTES);
      const { bytesRead } = await handle.read(head, 0, MAGIC_BYTES, 0);
      if (bytesRead === 0) throw new EmptyInputError(`${path} is empty`);
      if (requireReadable(head.subarray(0, bytesRead), path) === 'none') {
        return { handle, size: stats.size, [Symbol.asyncDispose]: () => handle.close() };
      }
    }
    const spooled = await spool(handle.createReadStream({ autoClose: false }), path, workDir, signal);
    await handle.close();
    return spooled;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/**
 * Reads a pipe to its end, decompressed, into a nameless file in `workDir`.
 * @throws UserError when nothing comes; FormatError when its compression is broken; what the signal was aborted with.
 */
export async function spool(
  input: Readable,
  where: string,
  workDir: string,
  signal?: AbortSignal,
): Promise<SpooledArchive> {
  // It may break before it is read; whoever reads it is told then.
  input.on('error', () => {});
  const handle = await openNameless(workDir);
  try {
    const size = await decompressInto(handle, input, where, signal);
    return { handle, size, [Symbol.asyncDispose]: () => handle.close() };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function openNameless(workDir: string): Promise<FileHandle> {
  await makeFolder(workDir);
  const path = join(workDir, `archive-${randomBytes(8).toString('hex')}.tmp`);
  const handle = await open(path, 'wx+', 0o600);
  await rm(path);
  return handle;
}

async function decompressInto(
  handle: FileHandle,
  input: Readable,
  where: string,
  signal: AbortSignal | undefined,
): Promise<number> {
  const reader = new ByteReader(input, signal);
  let size = 0;
  try {
    const head = await reader.peek(MAGIC_BYTES);
    if (head.length === 0) throw new EmptyInputError(`${where} is empty`);
    for await (const piece of decompress(reader, requireReadable(head, where))) {
      signal?.throwIfAborted();
      await handle.writeFile(piece);
      size += piece.length;
    }
    return size;
  } catch (error) {
    signal?.throwIfAborted();
    throw spoolError(error, where);
  } finally {
    input.destroy();
    await reader.close();
  }
}

function spoolError(error: unknown, where: string): unknown {
  if (error instanceof FormatError) return new FormatError(`${where}: ${error.message}`, { cause: error });
  if ((error as NodeJS.ErrnoException | null)?.code === 'ENOSPC') {
    return new LazypullError('SYSTEM', `no room for ${where} in the folder for temporary files`, { cause: error });
  }
  return error;
}
