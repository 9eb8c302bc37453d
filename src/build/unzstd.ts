// Zstandard frames one after the other, decompressed. Node's decompressor ends with the first frame, so the frames are
// found here by their block headers: small ones of a known size are decompressed at once, large ones as streams.
// Specification: RFC 8878, 3.1.
import { pipeline } from 'node:stream/promises';
import { createZstdDecompress, zstdDecompressSync } from 'node:zlib';
import { FormatError } from '../errors.ts';
import type { ByteReader } from './byte-reader.ts';

const FRAME_MAGIC = 0xfd2fb528;
const SKIPPABLE_MAGIC = 0x184d2a50;

/** Largest frame, compressed and not, that is decompressed in one blocking call: a millisecond. */
const MAX_SMALL = 256 * 1024;

const BLOCK_RLE = 1;
const BLOCK_RESERVED = 3;

/** Whether a frame begins so: the first four bytes, little endian. The low four bits of a skippable frame's are free. */
export function isZstdMagic(magic: number): boolean {
  return magic === FRAME_MAGIC || isSkippable(magic);
}

/**
 * The content of all frames, skippable ones left out, in pieces of `pieceSize` bytes at most.
 * @throws FormatError with the offset in the compressed bytes when a frame is damaged or cut, or what follows is none.
 */
export async function* unzstd(reader: ByteReader, pieceSize: number): AsyncGenerator<Buffer> {
  while ((await reader.peek(1)).length > 0) {
    const start = reader.offset;
    const magic = await require(reader, 4);
    if (isSkippable(magic.readUInt32LE())) await skip(reader);
    else if (magic.readUInt32LE() === FRAME_MAGIC) yield* unzstdFrame(reader, magic, start, pieceSize);
    else throw new FormatError(`zstd: no frame begins at ${start}`, { offset: start });
  }
}

async function* unzstdFrame(
  reader: ByteReader,
  magic: Buffer,
  start: number,
  pieceSize: number,
): AsyncGenerator<Buffer> {
  const header = await readFrameHeader(reader);
  const blocks = frameBlocks(reader, header.hasChecksum);
  const parts: Buffer[] = [magic, header.bytes];
  const isSmall = header.contentSize !== undefined && header.contentSize <= MAX_SMALL;
  try {
    if (isSmall && (await collect(parts, blocks))) yield* unzstdSmall(Buffer.concat(parts), header.contentSize ?? 0);
    else yield* streamFrame(parts, blocks, pieceSize);
  } catch (error) {
    throw damaged(error, start);
  }
}

// Adds blocks to the parts until they are too many. @returns whether that were all.
async function collect(parts: Buffer[], blocks: AsyncGenerator<Buffer>): Promise<boolean> {
  for (let length = 0; length <= MAX_SMALL;) {
    const next = await blocks.next();
    if (next.done === true) return true;
    parts.push(next.value);
    length += next.value.length;
  }
  return false;
}

function* unzstdSmall(frame: Buffer, contentSize: number): Generator<Buffer> {
  // One byte more than expected, else zlib makes a second buffer only to find that nothing is left.
  const chunkSize = Math.max(64, contentSize + 1);
  const content = zstdDecompressSync(frame, { chunkSize, maxOutputLength: Math.max(1, contentSize) });
  if (content.length > 0) yield content;
}

async function* streamFrame(
  parts: Buffer[],
  blocks: AsyncGenerator<Buffer>,
  pieceSize: number,
): AsyncGenerator<Buffer> {
  const stream = createZstdDecompress({ chunkSize: pieceSize });
  const feeding = pipeline(async function* () {
    yield* parts;
    yield* blocks;
  }, stream);
  // Its error comes out of the stream as well.
  feeding.catch(() => undefined);
  try {
    for await (const piece of stream) yield piece as Buffer;
    await feeding;
  } finally {
    stream.destroy();
  }
}

interface FrameHeader {
  /** What follows the magic. */
  readonly bytes: Buffer;
  /** Bytes of the content, when the frame says so. */
  readonly contentSize: number | undefined;
  readonly hasChecksum: boolean;
}

// Descriptor, then window (1, not for a single segment), dictionary id (0, 1, 2 or 4), content size (0, 1, 2, 4 or 8).
async function readFrameHeader(reader: ByteReader): Promise<FrameHeader> {
  const [descriptor = 0] = await reader.peek(1);
  const isSingle = (descriptor & 0x20) !== 0;
  const sizeFlag = descriptor >> 6;
  const sizeLength = sizeFlag === 0 ? Number(isSingle) : 2 ** sizeFlag;
  const dictionaryLength = [0, 1, 2, 4][descriptor & 3]!;
  const sizeAt = 1 + Number(!isSingle) + dictionaryLength;
  const bytes = await require(reader, sizeAt + sizeLength);
  return { bytes, contentSize: contentSize(bytes.subarray(sizeAt)), hasChecksum: (descriptor & 4) !== 0 };
}

function contentSize(field: Buffer): number | undefined {
  if (field.length === 0) return undefined;
  if (field.length === 8) return Number(field.readBigUInt64LE());
  // The two-byte form begins at 256.
  return field.readUIntLE(0, field.length) + (field.length === 2 ? 256 : 0);
}

// The blocks with their headers, then the checksum.
async function* frameBlocks(reader: ByteReader, hasChecksum: boolean): AsyncGenerator<Buffer> {
  for (let isLast = false; !isLast;) {
    const offset = reader.offset;
    const header = await require(reader, 3);
    const bits = header.readUIntLE(0, 3);
    isLast = (bits & 1) !== 0;
    const type = (bits >> 1) & 3;
    if (type === BLOCK_RESERVED) throw new FormatError(`zstd: a block of reserved type at ${offset}`, { offset });
    yield header;
    const length = type === BLOCK_RLE ? 1 : bits >> 3;
    if (length > 0) yield await require(reader, length);
  }
  if (hasChecksum) yield await require(reader, 4);
}

async function skip(reader: ByteReader): Promise<void> {
  const size = (await require(reader, 4)).readUInt32LE();
  for (let left = size; left > 0;) left -= (await require(reader, Math.min(left, MAX_SMALL))).length;
}

async function require(reader: ByteReader, length: number): Promise<Buffer> {
  const bytes = await reader.read(length);
  if (bytes.length === length) return bytes;
  throw new FormatError(`zstd: cut at ${reader.offset}`, { offset: reader.offset });
}

function isSkippable(magic: number): boolean {
  return (magic & 0xfffffff0) >>> 0 === SKIPPABLE_MAGIC;
}

function damaged(error: unknown, frameStart: number): unknown {
  const code = String((error as { code?: unknown }).code);
  if (!/^(Z_|ZSTD_|ERR_BUFFER_TOO_LARGE)/.test(code)) return error;
  return new FormatError(`zstd: the frame at ${frameStart} is damaged: ${(error as Error).message}`, {
    offset: frameStart,
    cause: error,
  });
}
