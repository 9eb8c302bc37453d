// What the kernel asks, as it comes out of read(2) on /dev/fuse: one request per read, a header and a body.
// The kernel is trusted to be the kernel, yet every length is checked: a request that does not add up is an error.
import { FormatError } from '../errors.ts';
import { CREATE_IN_SIZE, IN_HEADER_SIZE, INIT_IN_SIZE, InitFlag, READ_IN_SIZE } from './abi.ts';

/** The first 40 bytes of every request. */
export interface RequestHeader {
  /** Bytes of the whole request, header included. */
  readonly length: number;
  readonly opcode: number;
  /** The id that the reply repeats, all 64 bits of it: the top bit marks a request that was sent again. */
  readonly unique: bigint;
  /** 0 when the kernel's number is not one that we ever give out (they are below 2^32). */
  readonly nodeId: number;
  /** The process that asks; 0 when it is in a pid namespace that is not the mounting process's, nor below it. */
  readonly pid: number;
}

/** @throws FormatError when `received` bytes are not one whole request. */
export function parseRequestHeader(buffer: Buffer, received: number): RequestHeader {
  if (received < IN_HEADER_SIZE)
    throw new FormatError(`FUSE request of ${received} bytes, want ${IN_HEADER_SIZE} or more`);
  const length = buffer.readUInt32LE(0);
  if (length !== received) throw new FormatError(`FUSE request says ${length} bytes, got ${received}`, { offset: 0 });
  return {
    length,
    opcode: buffer.readUInt32LE(4),
    unique: buffer.readBigUInt64LE(8),
    nodeId: buffer.readUInt32LE(20) === 0 ? buffer.readUInt32LE(16) : 0,
    pid: buffer.readUInt32LE(32),
  };
}

/** A READ or READDIR: [offset, offset + size) of the node. */
export interface ReadBody {
  readonly offset: number;
  readonly size: number;
}

/** @throws FormatError when the body is short or the offset is no safe integer. */
export function parseReadBody(buffer: Buffer, header: RequestHeader): ReadBody {
  requireBody(header, READ_IN_SIZE, 'READ');
  const offset = Number(buffer.readBigUInt64LE(IN_HEADER_SIZE + 8));
  if (!Number.isSafeInteger(offset)) throw new FormatError(`READ at offset ${offset}`, { offset: IN_HEADER_SIZE + 8 });
  return { offset, size: buffer.readUInt32LE(IN_HEADER_SIZE + 16) };
}

/**
 * The name that a LOOKUP or RMDIR asks for, without its final zero byte. Names are compared with ASCII names only, so
 * bytes that are not UTF-8 may come out as anything that is not ASCII.
 * @throws FormatError when there is no final zero byte.
 */
export function parseName(buffer: Buffer, header: RequestHeader): string {
  return nameAt(buffer, header, IN_HEADER_SIZE);
}

/** The name of the file that a CREATE wants. @throws FormatError when the body is short or the name has no end. */
export function parseCreateName(buffer: Buffer, header: RequestHeader): string {
  return nameAt(buffer, header, IN_HEADER_SIZE + CREATE_IN_SIZE);
}

/** What the kernel offers at the beginning of a connection. */
export interface InitBody {
  readonly major: number;
  readonly minor: number;
  readonly maxReadahead: number;
  /** `flags` and, where the kernel is new enough to send it, `flags2` above it. */
  readonly flags: bigint;
}

/** @throws FormatError when the body is short. */
export function parseInitBody(buffer: Buffer, header: RequestHeader): InitBody {
  requireBody(header, INIT_IN_SIZE, 'INIT');
  const low = BigInt(buffer.readUInt32LE(IN_HEADER_SIZE + 12));
  const extended = (low & InitFlag.INIT_EXT) !== 0n && header.length >= IN_HEADER_SIZE + INIT_IN_SIZE + 4;
  const high = extended ? BigInt(buffer.readUInt32LE(IN_HEADER_SIZE + 16)) : 0n;
  return {
    major: buffer.readUInt32LE(IN_HEADER_SIZE),
    minor: buffer.readUInt32LE(IN_HEADER_SIZE + 4),
    maxReadahead: buffer.readUInt32LE(IN_HEADER_SIZE + 8),
    flags: low | (high << 32n),
  };
}

function nameAt(buffer: Buffer, header: RequestHeader, offset: number): string {
  if (header.length <= offset || buffer[header.length - 1] !== 0) {
    throw new FormatError('request without a terminated name', { offset });
  }
  return buffer.toString('utf8', offset, header.length - 1);
}

function requireBody(header: RequestHeader, size: number, what: string): void {
  if (header.length >= IN_HEADER_SIZE + size) return;
  throw new FormatError(`${what} request of ${header.length} bytes, want ${IN_HEADER_SIZE + size}`, { offset: 0 });
}
