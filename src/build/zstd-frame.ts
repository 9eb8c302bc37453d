// How long a Zstandard frame is, found by its headers without decompressing it.
// Specification: RFC 8878, 3.1.1.
import { isSkippableMagic } from '../estargz/zstd-footer.ts';

const FRAME_MAGIC = 0xfd2fb528;

/** Most bytes of a frame header: magic 4, descriptor 1, window 1, dictionary id 4, content size 8. */
export const MAX_FRAME_HEADER = 18;
/** Bytes of a block's header: 1 bit last, 2 bits type, 21 bits size. */
export const BLOCK_HEADER = 3;
/** Bytes of the checksum behind the blocks, where there is one. */
export const CHECKSUM = 4;

export interface FrameHeader {
  /** Bytes of the header, with the magic. */
  readonly length: number;
  /** Bytes of the content, when the frame says so. */
  readonly contentSize: number | undefined;
  readonly hasChecksum: boolean;
}

export interface BlockHeader {
  readonly isLast: boolean;
  /** Bytes that follow the header. */
  readonly length: number;
}

/** Whether a frame begins so: the first four bytes, little endian. The low four bits of a skippable frame's are free. */
export function isZstdMagic(magic: number): boolean {
  return magic === FRAME_MAGIC || isSkippableMagic(magic);
}

/** The header of the frame at the beginning of `bytes`; undefined when it is cut, or of a skippable frame, or none. */
export function parseFrameHeader(bytes: Buffer): FrameHeader | undefined {
  if (bytes.length < 5 || bytes.readUInt32LE() !== FRAME_MAGIC) return undefined;
  const descriptor = bytes[4]!;
  const isSingle = (descriptor & 0x20) !== 0;
  const sizeFlag = descriptor >> 6;
  const sizeLength = sizeFlag === 0 ? Number(isSingle) : 2 ** sizeFlag;
  const dictionaryLength = [0, 1, 2, 4][descriptor & 3]!;
  const sizeAt = 5 + Number(!isSingle) + dictionaryLength;
  const length = sizeAt + sizeLength;
  if (bytes.length < length) return undefined;
  return { length, contentSize: contentSize(bytes.subarray(sizeAt, length)), hasChecksum: (descriptor & 4) !== 0 };
}

/** The block header at `at`, where its bytes are; undefined for the type that is reserved. */
export function parseBlockHeader(bytes: Buffer, at: number): BlockHeader | undefined {
  const bits = bytes.readUIntLE(at, BLOCK_HEADER);
  const isLast = (bits & 1) !== 0;
  const size = bits >> 3;
  // Raw, one byte over and over, compressed.
  const length = [size, 1, size][(bits >> 1) & 3];
  return length === undefined ? undefined : { isLast, length };
}

/** Where the frame at the beginning of `bytes` ends; undefined when it is cut or has a block of no known type. */
export function frameEnd(bytes: Buffer, header: FrameHeader): number | undefined {
  let at = header.length;
  for (let isLast = false; !isLast;) {
    if (at + BLOCK_HEADER > bytes.length) return undefined;
    const block = parseBlockHeader(bytes, at);
    if (block === undefined) return undefined;
    at += BLOCK_HEADER + block.length;
    isLast = block.isLast;
  }
  if (header.hasChecksum) at += CHECKSUM;
  return at <= bytes.length ? at : undefined;
}

function contentSize(field: Buffer): number | undefined {
  if (field.length === 0) return undefined;
  if (field.length === 8) return Number(field.readBigUInt64LE());
  // The two-byte form begins at 256.
  return field.readUIntLE(0, field.length) + (field.length === 2 ? 256 : 0);
}
