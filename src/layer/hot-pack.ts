// A hot pack: what one job read of one layer, in a file that the next job starts from. Its table of contents is as the
// registry gave it and is checked against its digests, each chunk against the table; so the header's own checksum covers
// all that no digest does, and every byte is hashed once.
//   frame: 4 flags + 4 chunk count + 8 size of the toc file + 32 layer + 32 TOC + 32 compressed TOC (sha256 each)
//          + 4 index for each chunk + 4 size for each chunk
//   toc file (toc-file.ts)
//   bytes of the chunks, decompressed, one behind the other, in the order in which they were first read
import { FormatError } from '../errors.ts';
import { digestHex } from '../oci/digest.ts';
import type { Digest } from '../oci/digest.ts';
import { folderDigest, folderName } from './layer-files.ts';
import { decodeFrame, encodeFrame, frameSize } from './frame.ts';
import { MAX_MEMBER_BYTES } from './policy.ts';
import { MAX_TOC_FILE_BYTES } from './toc-file.ts';

const MAGIC = 'LZPHOTPK';
const VERSION = 1;
// flags 4 + chunk count 4 + size of the toc file 8 + three digests of 32
const PREFIX_SIZE = 4 + 4 + 8 + 3 * 32;
const BYTES_PER_CHUNK = 4 + 4;
const READS_KNOWN = 1;
const ANONYMOUS = 2;
const SUFFIX = '.hot';

/** A header of more chunks would be 8 MiB and more; 1 Mi chunks of 4 KiB are 4 GiB that one job read of one layer. */
export const MAX_PACK_CHUNKS: number = 1024 * 1024;
/** No header is larger. */
export const MAX_PACK_HEADER_BYTES: number = frameSize(PREFIX_SIZE + MAX_PACK_CHUNKS * BYTES_PER_CHUNK);

/** What a pack says of itself. */
export interface PackHeader {
  /** The layer's digest. */
  readonly digest: Digest;
  /** Of the TOC's JSON, and of the compressed TOC. */
  readonly tocDigest: Digest;
  readonly tocChecksum: Digest;
  /** Whether `chunks` is what a job read: then nothing else has to be guessed for the next one. */
  readonly readsKnown: boolean;
  /** Whether a registry gave the layer to somebody without credentials. */
  readonly isAnonymous: boolean;
  readonly tocFileBytes: number;
  /** Indexes in the layer's chunk table, in the order of their first use, and decompressed sizes. */
  readonly chunks: Uint32Array;
  readonly sizes: Uint32Array;
}

/** Name of a layer's pack. */
export function packName(digest: Digest): string {
  return `${folderName(digest)}${SUFFIX}`;
}

/** The layer of a pack's name; undefined for other files. */
export function packDigest(name: string): Digest | undefined {
  return name.endsWith(SUFFIX) ? folderDigest(name.slice(0, -SUFFIX.length)) : undefined;
}

/** Bytes of a header that names `count` chunks. */
export function packHeaderBytes(count: number): number {
  return frameSize(PREFIX_SIZE + count * BYTES_PER_CHUNK);
}

/** Bytes of a whole pack. */
export function packBytes(tocFileBytes: number, sizes: Uint32Array): number {
  return packHeaderBytes(sizes.length) + tocFileBytes + sizes.reduce((sum, size) => sum + size, 0);
}

/** The header of a pack. */
export function encodePackHeader(header: PackHeader): Buffer {
  const { chunks, sizes } = header;
  const payload = Buffer.alloc(PREFIX_SIZE + chunks.length * BYTES_PER_CHUNK);
  payload.writeUInt32LE((header.readsKnown ? READS_KNOWN : 0) | (header.isAnonymous ? ANONYMOUS : 0), 0);
  payload.writeUInt32LE(chunks.length, 4);
  payload.writeBigUInt64LE(BigInt(header.tocFileBytes), 8);
  for (const [i, digest] of [header.digest, header.tocDigest, header.tocChecksum].entries()) {
    payload.write(digestHex(digest), 16 + i * 32, 'hex');
  }
  for (const [i, column] of [chunks, sizes].entries()) {
    for (const [row, value] of column.entries())
      payload.writeUInt32LE(value, PREFIX_SIZE + (i * chunks.length + row) * 4);
  }
  return encodeFrame(MAGIC, VERSION, payload);
}

/**
 * Reads a header. Whether its chunks are those of the layer's table is for who has that.
 * @throws FormatError when it is damaged, of another version, or impossible.
 */
export function decodePackHeader(bytes: Buffer): PackHeader {
  const payload = decodeFrame(MAGIC, VERSION, bytes);
  const count = payload.length < PREFIX_SIZE ? -1 : payload.readUInt32LE(4);
  if (count > MAX_PACK_CHUNKS || payload.length !== PREFIX_SIZE + count * BYTES_PER_CHUNK) {
    throw new FormatError(`hot pack: ${payload.length} bytes of header do not hold ${count} chunks`);
  }
  const flags = payload.readUInt32LE(0);
  const tocFileBytes = Number(payload.readBigUInt64LE(8));
  if (flags > (READS_KNOWN | ANONYMOUS)) throw new FormatError(`hot pack: unknown flags ${flags}`);
  if (tocFileBytes > MAX_TOC_FILE_BYTES) throw new FormatError(`hot pack: a toc file of ${tocFileBytes} bytes`);
  const digestAt = (i: number): Digest => `sha256:${payload.toString('hex', 16 + i * 32, 48 + i * 32)}`;
  const column = (i: number): Uint32Array<ArrayBuffer> =>
    Uint32Array.from({ length: count }, (_, row) => payload.readUInt32LE(PREFIX_SIZE + (i * count + row) * 4));
  const [chunks, sizes] = [column(0), column(1)];
  requirePossible(chunks, sizes);
  const digests = { digest: digestAt(0), tocDigest: digestAt(1), tocChecksum: digestAt(2) };
  const [readsKnown, isAnonymous] = [(flags & READS_KNOWN) !== 0, (flags & ANONYMOUS) !== 0];
  return { ...digests, readsKnown, isAnonymous, tocFileBytes, chunks, sizes };
}

function requirePossible(chunks: Uint32Array, sizes: Uint32Array): void {
  const wrong = sizes.findIndex((size) => size === 0 || size > MAX_MEMBER_BYTES);
  if (wrong >= 0) throw new FormatError(`hot pack: chunk ${chunks[wrong]} of ${sizes[wrong]} bytes`);
  const sorted = chunks.toSorted();
  const twice = sorted.findIndex((chunk, i) => i > 0 && sorted[i - 1] === chunk);
  if (twice >= 0) throw new FormatError(`hot pack: chunk ${sorted[twice]} is named twice`);
}
