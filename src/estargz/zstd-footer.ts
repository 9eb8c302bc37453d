// The end of a zstd:chunked blob: what an ordinary zstd reader must not see lies in skippable frames (RFC 8878, 3.1.2),
// and the last one says where the table of contents is. There are two dialects, told apart by the length of the last frame.
// Specification: stargz-snapshotter `estargz/zstdchunked`; containers/storage `pkg/chunked/internal/minimal`.
import { FormatError } from '../errors.ts';

/** Which program's format it is: that of stargz-snapshotter, or of containers/storage (Podman, CRI-O, Buildah). */
export type ZstdDialect = 'stargz' | 'containers';

/** Bytes in the blob, and how many they are when they are decompressed. */
export interface ZstdSpan {
  readonly offset: number;
  readonly compressedSize: number;
  readonly size: number;
}

/** What the footer says. The spans are the contents of skippable frames. */
export interface ZstdFooter {
  readonly dialect: ZstdDialect;
  readonly toc: ZstdSpan;
  /** The tar without its files' contents. Containers dialect only, and there not in old blobs. */
  readonly tarSplit: ZstdSpan | undefined;
}

// magic 4 + length of the content 4
export const SKIPPABLE_HEADER_SIZE = 8;
// offset 8 + compressed size 8 + size 8 + type 8 + magic 8
export const STARGZ_CONTENT_SIZE = 40;
// the same + offset, compressed size and size of the tar-split, 8 each, before the magic
export const CONTAINERS_CONTENT_SIZE = 64;
/** As many last bytes of a blob as either footer needs: with the header of its frame. */
export const LONGEST_ZSTD_FOOTER: number = SKIPPABLE_HEADER_SIZE + CONTAINERS_CONTENT_SIZE;

const SKIPPABLE_MAGIC = 0x184d2a50;
// The format of the TOC: the JSON of eStargz.
const TYPE_CRFS = 1;
// They differ in one letter.
const STARGZ_MAGIC = Buffer.from('GnUlInUx');
const CONTAINERS_MAGIC = Buffer.from('GNUlInUx');

/** Whether a skippable frame begins with these four bytes, little endian: the low four bits are free. */
export function isSkippableMagic(magic: number): boolean {
  return (magic & 0xfffffff0) >>> 0 === SKIPPABLE_MAGIC;
}

/** A frame that decompressors pass over. @throws FormatError when the content is 4 GiB or more. */
export function encodeSkippable(content: Uint8Array): Buffer {
  if (content.length >= 2 ** 32) throw new FormatError(`a skippable frame can't hold ${content.length} bytes`);
  const header = Buffer.alloc(SKIPPABLE_HEADER_SIZE);
  header.writeUInt32LE(SKIPPABLE_MAGIC, 0);
  header.writeUInt32LE(content.length, 4);
  return Buffer.concat([header, content]);
}

/** The last frame of a blob. A tar-split of size 0 stands for none. */
export function encodeZstdFooter({ dialect, toc, tarSplit }: ZstdFooter): Buffer {
  const head = [toc.offset, toc.compressedSize, toc.size, TYPE_CRFS].map(uint64);
  if (dialect === 'stargz') return encodeSkippable(Buffer.concat([...head, STARGZ_MAGIC]));
  const split = [tarSplit?.offset ?? 0, tarSplit?.compressedSize ?? 0, tarSplit?.size ?? 0].map(uint64);
  return encodeSkippable(Buffer.concat([...head, ...split, CONTAINERS_MAGIC]));
}

/**
 * Parses the frame at the end of `tail`, which is the last bytes of a blob of `blobSize` bytes (LONGEST_ZSTD_FOOTER of
 * them, or all when the blob is smaller; more do no harm).
 * @returns undefined when there is no footer of either dialect.
 * @throws FormatError when there is one, but what it says is not within the blob.
 */
export function parseZstdFooter(tail: Uint8Array, blobSize: number): ZstdFooter | undefined {
  const end = Buffer.from(tail.buffer, tail.byteOffset, tail.length);
  const stargz = contentOf(end, STARGZ_CONTENT_SIZE, STARGZ_MAGIC);
  if (stargz !== undefined) {
    const limit = blobSize - SKIPPABLE_HEADER_SIZE - STARGZ_CONTENT_SIZE;
    return { dialect: 'stargz', toc: checkedSpan(stargz, 0, limit, 'TOC'), tarSplit: undefined };
  }
  const containers = contentOf(end, CONTAINERS_CONTENT_SIZE, CONTAINERS_MAGIC);
  if (containers === undefined) return undefined;
  const limit = blobSize - LONGEST_ZSTD_FOOTER;
  const hasSplit = containers.readBigUInt64LE(TAR_SPLIT_AT) !== 0n;
  return {
    dialect: 'containers',
    toc: checkedSpan(containers, 0, limit, 'TOC'),
    tarSplit: hasSplit ? checkedSpan(containers, TAR_SPLIT_AT, limit, 'tar-split') : undefined,
  };
}

const TYPE_AT = 24;
const TAR_SPLIT_AT = 32;

// The content of the frame at the end, when it is of this length and ends with this magic.
function contentOf(end: Buffer, size: number, magic: Buffer): Buffer | undefined {
  const frame = end.length - SKIPPABLE_HEADER_SIZE - size;
  if (frame < 0) return undefined;
  const isFrame = end.readUInt32LE(frame) === SKIPPABLE_MAGIC && end.readUInt32LE(frame + 4) === size;
  return isFrame && end.subarray(-magic.length).equals(magic) ? end.subarray(-size) : undefined;
}

function checkedSpan(content: Buffer, at: number, limit: number, what: string): ZstdSpan {
  const [offset, compressedSize, size] = [0, 8, 16].map((field) => Number(content.readBigUInt64LE(at + field)));
  const type = content.readBigUInt64LE(TYPE_AT);
  if (type !== BigInt(TYPE_CRFS)) throw new FormatError(`footer: type of the TOC: got ${type}, wanted ${TYPE_CRFS}`);
  const isWithin = offset! >= SKIPPABLE_HEADER_SIZE && offset! + compressedSize! <= limit;
  if (!isWithin || !Number.isSafeInteger(size)) {
    throw new FormatError(
      `footer says that the ${what} is ${compressedSize} bytes at ${offset}, wanted them between ${SKIPPABLE_HEADER_SIZE} and ${limit}`,
      { offset: limit },
    );
  }
  return { offset: offset!, compressedSize: compressedSize!, size: size! };
}

function uint64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
