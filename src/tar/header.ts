// One 512-byte tar header block, as POSIX.1-1988 (ustar) and GNU tar write it. Names are kept as bytes: tar
// does not say how they are encoded. What does not fit here comes from PAX records (pax.ts, entry.ts).
// Specification: POSIX pax, "ustar Interchange Format"; base-256 numbers: GNU tar manual, "Extensions". Headers older
// than that (v7) have no magic, and nothing behind it.
import { FormatError } from '../errors.ts';

/** Size of a tar block in bytes; headers are one block, payloads are padded to whole blocks. */
export const BLOCK_SIZE = 512;

/** The fields of a header block. */
export interface TarHeader {
  /** At most 100 bytes to encode; when parsed it has the ustar prefix in front. */
  readonly name: Buffer;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Payload bytes that follow the header. */
  readonly size: number;
  readonly mtimeSec: number;
  /** One character: `0` file, `1` hard link, `2` symlink, `3` char, `4` block, `5` dir, `6` fifo, `x` PAX records, ... */
  readonly typeflag: string;
  /** At most 100 bytes. */
  readonly linkName: Buffer;
  /** Names of the owner; at most 32 bytes to encode, and often empty. */
  readonly userName: Buffer;
  readonly groupName: Buffer;
  readonly devMajor: number;
  readonly devMinor: number;
}

// [offset, length] of every field: 100+8+8+8+12+12+8+1+100+6+2+32+32+8+8+155+12 = 512
const NAME = [0, 100] as const;
const MODE = [100, 8] as const;
const UID = [108, 8] as const;
const GID = [116, 8] as const;
const SIZE = [124, 12] as const;
const MTIME = [136, 12] as const;
const CHECKSUM = [148, 8] as const;
const TYPEFLAG = 156;
const LINK_NAME = [157, 100] as const;
const MAGIC = [257, 8] as const;
const USER_NAME = [265, 32] as const;
const GROUP_NAME = [297, 32] as const;
const DEV_MAJOR = [329, 8] as const;
const DEV_MINOR = [337, 8] as const;
const PREFIX = [345, 155] as const;
// Star writes times behind a shorter prefix, and marks that at the block's end.
const STAR_PREFIX = [345, 131] as const;
const STAR_ATIME = [476, 12] as const;
const STAR_CTIME = [488, 12] as const;
const STAR_TRAILER = [508, 4] as const;
// GNU tar has no prefix, and may have times in its place.
const GNU_ATIME = [345, 12] as const;
const GNU_CTIME = [357, 12] as const;

/** Longest name or link name that fits a header block, in bytes. */
export const MAX_NAME: number = NAME[1];
/** Longest user or group name that fits, in bytes, with its NUL. */
export const MAX_OWNER_NAME: number = USER_NAME[1] - 1;
/** Largest size or mtime that fits as octal digits: 11 of them and a NUL. */
export const MAX_SIZE: number = 8 ** 11 - 1;
/** Largest mode, id or device number that fits as octal digits: 7 of them and a NUL. */
export const MAX_ID: number = 8 ** 7 - 1;

/** @throws FormatError when a field does not fit; the caller then puts the value in a PAX record. */
export function encodeHeader(header: TarHeader): Buffer {
  const block = Buffer.alloc(BLOCK_SIZE);
  putBytes(block, NAME, header.name);
  putOctal(block, MODE, header.mode);
  putOctal(block, UID, header.uid);
  putOctal(block, GID, header.gid);
  putOctal(block, SIZE, header.size);
  putOctal(block, MTIME, header.mtimeSec);
  block.write(header.typeflag, TYPEFLAG, 1, 'latin1');
  putBytes(block, LINK_NAME, header.linkName);
  block.write('ustar\x0000', MAGIC[0], 'latin1');
  putBytes(block, USER_NAME, header.userName);
  putBytes(block, GROUP_NAME, header.groupName);
  putOctal(block, DEV_MAJOR, header.devMajor);
  putOctal(block, DEV_MINOR, header.devMinor);
  block.write(`${checksum(block).toString(8).padStart(6, '0')}\0 `, CHECKSUM[0], 'latin1');
  return block;
}

/**
 * Parses the block at `offset` of `bytes`. The names are views of `bytes`.
 * @returns undefined for a block of zeros, which ends an archive.
 * @throws FormatError when the block is cut, its checksum is wrong or a number is not one.
 */
export function parseHeader(bytes: Uint8Array, offset: number): TarHeader | undefined {
  if (offset + BLOCK_SIZE > bytes.length) throw new FormatError('tar header is cut', { offset });
  const block = Buffer.from(bytes.buffer, bytes.byteOffset + offset, BLOCK_SIZE);
  if (block[0] === 0 && block.every((byte) => byte === 0)) return undefined;
  requireChecksum(block, offset);
  const magic = block.toString('latin1', MAGIC[0], MAGIC[0] + 6);
  const hasMagic = magic === 'ustar\0' || magic === 'ustar ';
  const prefix = magic === 'ustar\0' ? text(block, isStar(block) ? STAR_PREFIX : PREFIX) : NOTHING;
  return {
    name: prefix.length === 0 ? text(block, NAME) : Buffer.concat([prefix, Buffer.from('/'), text(block, NAME)]),
    mode: number(block, MODE, offset),
    uid: number(block, UID, offset),
    gid: number(block, GID, offset),
    size: number(block, SIZE, offset),
    mtimeSec: number(block, MTIME, offset),
    typeflag: String.fromCharCode(block[TYPEFLAG]!),
    linkName: text(block, LINK_NAME),
    userName: hasMagic ? text(block, USER_NAME) : NOTHING,
    groupName: hasMagic ? text(block, GROUP_NAME) : NOTHING,
    devMajor: hasMagic ? number(block, DEV_MAJOR, offset) : 0,
    devMinor: hasMagic ? number(block, DEV_MINOR, offset) : 0,
  };
}

/**
 * The times of last access and of last change in the block at `offset`, which is a header: star has them always, GNU tar
 * sometimes. Everyone else has them in PAX records, or not at all.
 * @throws FormatError when one is not a number.
 */
export function parseAccessTimes(bytes: Uint8Array, offset: number): { accessSec?: number; changeSec?: number } {
  const block = Buffer.from(bytes.buffer, bytes.byteOffset + offset, BLOCK_SIZE);
  const magic = block.toString('latin1', MAGIC[0], MAGIC[0] + MAGIC[1]);
  if (magic === 'ustar  \0') {
    return {
      ...(block[GNU_ATIME[0]] === 0 ? {} : { accessSec: number(block, GNU_ATIME, offset) }),
      ...(block[GNU_CTIME[0]] === 0 ? {} : { changeSec: number(block, GNU_CTIME, offset) }),
    };
  }
  if (!magic.startsWith('ustar\0') || !isStar(block)) return {};
  return { accessSec: number(block, STAR_ATIME, offset), changeSec: number(block, STAR_CTIME, offset) };
}

const NOTHING = Buffer.alloc(0);

type Field = readonly [offset: number, length: number];

// The sum of all bytes, with the checksum's own eight taken as spaces.
function checksum(block: Buffer): number {
  let sum = 8 * 0x20;
  for (let i = 0; i < CHECKSUM[0]; i++) sum += block[i]!;
  for (let i = CHECKSUM[0] + CHECKSUM[1]; i < BLOCK_SIZE; i++) sum += block[i]!;
  return sum;
}

// Some old writers add bytes as signed ones.
function signedChecksum(block: Buffer): number {
  const signed = new Int8Array(block.buffer, block.byteOffset, BLOCK_SIZE);
  return signed.reduce(
    (sum, byte, i) => (i >= CHECKSUM[0] && i < CHECKSUM[0] + CHECKSUM[1] ? sum : sum + byte),
    8 * 0x20,
  );
}

function requireChecksum(block: Buffer, offset: number): void {
  const wanted = number(block, CHECKSUM, offset);
  const sum = checksum(block);
  if (wanted === sum || wanted === signedChecksum(block)) return;
  throw new FormatError(`tar header checksum: expected ${wanted}, got ${sum}`, { offset });
}

function isStar(block: Buffer): boolean {
  return block.toString('latin1', STAR_TRAILER[0], STAR_TRAILER[0] + STAR_TRAILER[1]) === 'tar\0';
}

function putBytes(block: Buffer, [offset, length]: Field, value: Uint8Array): void {
  if (value.length > length) throw new FormatError(`${value.length} bytes do not fit the tar field at ${offset}`);
  block.set(value, offset);
}

function putOctal(block: Buffer, [offset, length]: Field, value: number): void {
  const digits = value.toString(8);
  if (!Number.isSafeInteger(value) || value < 0 || digits.length >= length) {
    throw new FormatError(`${value} does not fit the tar field at ${offset}`);
  }
  block.write(digits.padStart(length - 1, '0'), offset, 'latin1');
}

function text(block: Buffer, [offset, length]: Field): Buffer {
  let end = offset;
  while (end < offset + length && block[end] !== 0) end++;
  return end === offset ? NOTHING : block.subarray(offset, end);
}

function number(block: Buffer, [offset, length]: Field, blockOffset: number): number {
  const isBase256 = ((block[offset] ?? 0) & 0x80) !== 0;
  const value = isBase256 ? base256(block, offset, length) : octal(block, offset, length);
  if (Number.isSafeInteger(value)) return value;
  throw new FormatError('tar header field is not a number', { offset: blockOffset + offset });
}

// Digits between spaces and NULs. What stands behind a NUL is not looked at.
function octal(block: Buffer, offset: number, length: number): number {
  const end = offset + length;
  let at = offset;
  while (at < end && (block[at] === SPACE || block[at] === 0)) at++;
  let value = 0;
  for (; at < end; at++) {
    const digit = block[at]! - 0x30;
    if (digit < 0 || digit > 7) break;
    value = value * 8 + digit;
  }
  while (at < end && block[at] === SPACE) at++;
  return at === end || block[at] === 0 ? value : Number.NaN;
}

const SPACE = 0x20;

// Two's complement, big endian; the top bit only marks the encoding and the next one is the sign.
function base256(block: Buffer, offset: number, length: number): number {
  const first = block[offset] ?? 0;
  let value = (first & 0x40) === 0 ? first & 0x3f : first - 0x100;
  for (let i = 1; i < length; i++) value = value * 256 + (block[offset + i] ?? 0);
  return value;
}
