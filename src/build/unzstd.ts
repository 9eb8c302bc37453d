// Zstandard frames one after the other, decompressed. Node's decompressor ends with the first frame, so the frames are
// found here: small ones of a known size, of which zstd:chunked has thousands, are decompressed at once, others as streams.
// Specification: RFC 8878.
import { pipeline } from 'node:stream/promises';
import { createZstdDecompress, zstdDecompressSync } from 'node:zlib';
import { FormatError } from '../errors.ts';
import { isSkippableMagic } from '../estargz/zstd-footer.ts';
import type { ByteReader } from './byte-reader.ts';
import {
  BLOCK_HEADER,
  CHECKSUM,
  frameEnd,
  isZstdMagic,
  MAX_FRAME_HEADER,
  parseBlockHeader,
  parseFrameHeader,
} from './zstd-frame.ts';

/** Largest frame, compressed and not, that is decompressed in one blocking call: a millisecond. */
const MAX_SMALL = 256 * 1024;

/**
 * The content of all frames, skippable ones left out, in pieces of `pieceSize` bytes at most, which is 256 KiB or more.
 * @throws FormatError with the offset in the compressed bytes when a frame is damaged or cut, or what follows is none.
 */
export async function* unzstd(reader: ByteReader, pieceSize: number): AsyncGenerator<Buffer> {
  // Of small frames, many make one piece.
  let waiting: Buffer[] = [];
  let size = 0;
  for (;;) {
    const content = await readSmallFrame(reader);
    if (size > 0 && (content === undefined || size + content.length > pieceSize)) {
      yield Buffer.concat(waiting);
      waiting = [];
      size = 0;
    }
    if (content !== undefined) {
      if (content.length > 0) waiting.push(content);
      size += content.length;
    } else if ((await reader.peek(1)).length > 0) {
      yield* unzstdOne(reader, pieceSize);
    } else {
      return;
    }
  }
}

// The content of the next frame; undefined, and nothing is read, when it is not a small one.
async function readSmallFrame(reader: ByteReader): Promise<Buffer | undefined> {
  const header = parseFrameHeader(await reader.peek(MAX_FRAME_HEADER));
  const { contentSize } = header ?? {};
  if (header === undefined || contentSize === undefined || contentSize > MAX_SMALL) return undefined;
  for (;;) {
    const { buffered, offset } = reader;
    const end = frameEnd(buffered, header);
    if (end !== undefined)
      return end > MAX_SMALL ? undefined : inflateSmall(await reader.read(end), contentSize, offset);
    const isMore = buffered.length <= MAX_SMALL && (await reader.peek(buffered.length + 1)).length > buffered.length;
    if (!isMore) return undefined;
  }
}

function inflateSmall(frame: Buffer, contentSize: number, start: number): Buffer {
  try {
    // One byte more than expected, else zlib makes a second buffer only to find that nothing is left.
    const chunkSize = Math.max(64, contentSize + 1);
    return zstdDecompressSync(frame, { chunkSize, maxOutputLength: Math.max(1, contentSize) });
  } catch (error) {
    throw damaged(error, start);
  }
}

async function* unzstdOne(reader: ByteReader, pieceSize: number): AsyncGenerator<Buffer> {
  const start = reader.offset;
  const magic = (await reader.peek(4)).length === 4 ? reader.buffered.readUInt32LE() : -1;
  if (isSkippableMagic(magic)) {
    await skip(reader);
  } else if (isZstdMagic(magic)) {
    yield* unzstdStream(reader, start, pieceSize);
  } else {
    throw new FormatError(`zstd: no frame begins at ${start}`, { offset: start });
  }
}

async function* unzstdStream(reader: ByteReader, start: number, pieceSize: number): AsyncGenerator<Buffer> {
  const stream = createZstdDecompress({ chunkSize: pieceSize });
  const feeding = pipeline(frameParts(reader), stream);
  // Its error comes out of the stream as well.
  feeding.catch(() => undefined);
  try {
    for await (const piece of stream) yield piece as Buffer;
    await feeding;
  } catch (error) {
    throw damaged(error, start);
  } finally {
    stream.destroy();
  }
}

// One frame from its magic to its checksum, block by block.
async function* frameParts(reader: ByteReader): AsyncGenerator<Buffer> {
  const header = parseFrameHeader(await reader.peek(MAX_FRAME_HEADER));
  const parts = await require(reader, header?.length ?? MAX_FRAME_HEADER);
  yield parts;
  for (let isLast = false; !isLast;) {
    const offset = reader.offset;
    const bytes = await require(reader, BLOCK_HEADER);
    const block = parseBlockHeader(bytes, 0);
    if (block === undefined) throw new FormatError(`zstd: a block of reserved type at ${offset}`, { offset });
    yield bytes;
    if (block.length > 0) yield await require(reader, block.length);
    isLast = block.isLast;
  }
  if (header?.hasChecksum === true) yield await require(reader, CHECKSUM);
}

// Magic 4, size 4, and so many bytes.
async function skip(reader: ByteReader): Promise<void> {
  const size = (await require(reader, 8)).readUInt32LE(4);
  for (let left = size; left > 0;) left -= (await require(reader, Math.min(left, MAX_SMALL))).length;
}

async function require(reader: ByteReader, length: number): Promise<Buffer> {
  const bytes = await reader.read(length);
  if (bytes.length === length) return bytes;
  throw new FormatError(`zstd: cut at ${reader.offset}`, { offset: reader.offset });
}

function damaged(error: unknown, frameStart: number): unknown {
  const code = String((error as { code?: unknown }).code);
  if (!/^(Z_|ZSTD_|ERR_BUFFER_TOO_LARGE)/.test(code)) return error;
  return new FormatError(`zstd: the frame at ${frameStart} is damaged: ${(error as Error).message}`, {
    offset: frameStart,
    cause: error,
  });
}
