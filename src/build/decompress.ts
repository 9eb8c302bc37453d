// A layer as it comes, gzip, zstd or plain, as a stream of the tar's bytes. zlib works in its own threads.
// gzip (RFC 1952) may have many members, as eStargz has; zstd (RFC 8878) many frames, as zstd:chunked has.
import { createGunzip } from 'node:zlib';
import type { Gunzip } from 'node:zlib';
import { FormatError } from '../errors.ts';
import type { ByteReader } from './byte-reader.ts';
import type { SourceCompression } from './model.ts';
import { unzstd } from './unzstd.ts';
import { isZstdMagic } from './zstd-frame.ts';

/** Output comes in pieces of this size at most; larger ones make the hash that follows wait. */
export const OUTPUT_PIECE: number = 512 * 1024;

const GZIP_MAGIC = 0x8b1f;
const MAGIC_SIZE = 4;

/** What the first bytes say of the compression. What is neither gzip nor zstd is taken for a tar. */
export async function sniffCompression(reader: ByteReader): Promise<SourceCompression> {
  return compressionOf(await reader.peek(MAGIC_SIZE));
}

/** The same for bytes at hand, four or more unless there are fewer. */
export function compressionOf(head: Buffer): SourceCompression {
  const magic = head.subarray(0, MAGIC_SIZE);
  if (magic.length >= 2 && magic.readUInt16LE() === GZIP_MAGIC) return 'gzip';
  return magic.length === MAGIC_SIZE && isZstdMagic(magic.readUInt32LE()) ? 'zstd' : 'none';
}

/**
 * The decompressed bytes, as fast as they are taken.
 * @throws FormatError with the offset in the compressed bytes when they are damaged or cut, or something stands behind them.
 */
export function decompress(reader: ByteReader, compression: SourceCompression): AsyncIterable<Buffer> {
  if (compression === 'none') return reader.rest();
  return compression === 'gzip' ? gunzip(reader) : unzstd(reader, OUTPUT_PIECE);
}

async function* gunzip(reader: ByteReader): AsyncGenerator<Buffer> {
  const stream = createGunzip({ chunkSize: OUTPUT_PIECE });
  // It ends at a zero byte behind a member, whatever follows. So a write that waits is told.
  stream.once('end', () => stream.destroy());
  // Its error comes out of the stream as well.
  const feeding = feed(reader, stream);
  feeding.catch(() => undefined);
  try {
    for await (const piece of stream) yield piece as Buffer;
    await feeding;
  } catch (error) {
    throw damaged(error, stream.bytesWritten);
  } finally {
    stream.destroy();
  }
  const offset = stream.bytesWritten;
  if (offset !== reader.offset || (await reader.peek(1)).length > 0) {
    throw new FormatError(`gzip: bytes behind the last member, at ${offset}`, { offset });
  }
}

async function feed(reader: ByteReader, stream: Gunzip): Promise<void> {
  try {
    for await (const piece of reader.rest()) {
      if (stream.destroyed) return;
      await new Promise<void>((resolve) => stream.write(piece, () => resolve()));
    }
    stream.end();
  } catch (error) {
    stream.destroy(error as Error);
    throw error;
  }
}

function damaged(error: unknown, offset: number): unknown {
  const code = String((error as { code?: unknown }).code);
  if (!code.startsWith('Z_')) return error;
  // zlib does not say where in its input it stopped.
  const what = code === 'Z_BUF_ERROR' ? 'cut at' : 'damaged at or behind';
  return new FormatError(`gzip: ${what} ${offset}: ${(error as Error).message}`, { offset, cause: error });
}
