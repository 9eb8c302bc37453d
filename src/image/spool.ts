// An archive as a file that can be read at any place. A plain tar in a file is used where it lies; what comes from a pipe or
// is compressed goes into a temporary file. That has no name from the first moment on, so it can't be left behind.
import { randomBytes } from 'node:crypto';
import { constants, open, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { FormatError, LazypullError, UserError } from '../errors.ts';
import { makeFolder } from './staging.ts';

export interface SpooledArchive extends AsyncDisposable {
  readonly handle: FileHandle;
  readonly size: number;
}

type Compression = 'none' | 'gzip' | 'zstd';

/** What bytes begin with when they are compressed in a way that we do not take. */
const FOREIGN: readonly (readonly [name: string, magic: string])[] = [
  ['bzip2', '425a68'],
  ['xz', 'fd377a585a00'],
  ['zip', '504b0304'],
];
const MAGIC_BYTES = 6;

/** How a stream that begins with `head` is compressed. @throws UserError when we can't read it. */
export function compressionOf(head: Uint8Array, where: string): Compression {
  const hex = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, MAGIC_BYTES)).toString('hex');
  if (hex.startsWith('1f8b')) return 'gzip';
  if (hex.startsWith('28b52ffd')) return 'zstd';
  const foreign = FOREIGN.find(([, magic]) => hex.startsWith(magic));
  if (foreign === undefined) return 'none';
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
      if (bytesRead === 0) throw new UserError(`${path} is empty`);
      if (compressionOf(head.subarray(0, bytesRead), path) === 'none') {
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
  const pieces = input[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  const head = await firstBytes(pieces, signal);
  if (head.length === 0) throw new UserError(`${where} is empty`);
  const compression = compressionOf(head, where);
  let size = 0;
  const whole = resumed(head, pieces, input);
  const write = async (source: AsyncIterable<Uint8Array>): Promise<void> => {
    for await (const piece of source) {
      await handle.writeFile(piece);
      size += piece.length;
    }
  };
  const options = signal === undefined ? {} : { signal };
  try {
    if (compression === 'none') await pipeline(whole, write, options);
    else await pipeline(whole, compression === 'gzip' ? createGunzip() : createZstdDecompress(), write, options);
  } catch (error) {
    signal?.throwIfAborted();
    throw spoolError(error, where, compression);
  }
  return size;
}

/** Enough to know the compression by. An abort ends the waiting for a pipe that says nothing. */
async function firstBytes(pieces: AsyncIterator<Uint8Array>, signal: AbortSignal | undefined): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for (let length = 0; length < MAGIC_BYTES;) {
    const next = await nextPiece(pieces, signal);
    if (next.done === true) break;
    parts.push(next.value);
    length += next.value.length;
  }
  return Buffer.concat(parts);
}

async function nextPiece(
  pieces: AsyncIterator<Uint8Array>,
  signal: AbortSignal | undefined,
): Promise<IteratorResult<Uint8Array>> {
  signal?.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(signal?.reason as Error);
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([pieces.next(), aborted]);
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}

async function* resumed(
  head: Uint8Array,
  pieces: AsyncIterator<Uint8Array>,
  input: Readable,
): AsyncGenerator<Uint8Array> {
  try {
    yield head;
    for (let next = await pieces.next(); next.done !== true; next = await pieces.next()) yield next.value;
  } finally {
    input.destroy();
  }
}

function spoolError(error: unknown, where: string, compression: Compression): unknown {
  const code = (error as NodeJS.ErrnoException | null)?.code ?? '';
  if (code.startsWith('Z_') || code.startsWith('ZSTD_')) {
    const what = code === 'Z_BUF_ERROR' ? 'is cut' : 'is damaged';
    return new FormatError(`${where}: the ${compression} stream ${what}`, { cause: error });
  }
  if (code === 'ENOSPC') {
    return new LazypullError('SYSTEM', `no room for ${where} in the folder for temporary files`, { cause: error });
  }
  return error;
}
