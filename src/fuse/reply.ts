// What we answer: one write(2) to /dev/fuse per reply, a header and a body. Everything served never changes, so
// every timeout is as long as the protocol allows and no time stamp is ever anything but 0.
import {
  ATTR_OUT_SIZE,
  ATTR_SIZE,
  DIRENT_SIZE,
  ENTRY_OUT_SIZE,
  INIT_OUT_SIZE,
  INVAL_ENTRY_SIZE,
  Notify,
  OPEN_OUT_SIZE,
  OUT_HEADER_SIZE,
  ROOT_ID,
  STATFS_OUT_SIZE,
} from './abi.ts';

/** Seconds that the kernel may keep names and attributes: about 68 years, safely within every kernel's arithmetic. */
const FOREVER_SEC = 0x7fff_ffffn;
const DIRECTORY_MODE = 0o040_500;
const FILE_MODE = 0o100_400;
const DIRENT_DIRECTORY = 4;
const DIRENT_FILE = 8;

/** What attributes say of a node: the root directory when `nodeId` is 1, else a regular file that only root reads. */
export interface NodeAttributes {
  readonly nodeId: number;
  /** Bytes. */
  readonly size: number;
}

/** Writes the 16-byte header of a reply whose body of `bodyLength` bytes follows it in `target`. `errno` is positive, 0 for success. */
export function writeReplyHeader(target: Buffer, unique: bigint, errno: number, bodyLength: number): void {
  target.writeUInt32LE(OUT_HEADER_SIZE + bodyLength, 0);
  target.writeInt32LE(errno === 0 ? 0 : -errno, 4);
  target.writeBigUInt64LE(unique, 8);
}

/** A reply that is only an errno; 0 means "done" for requests that have no answer of their own. */
export function encodeStatus(unique: bigint, errno: number): Buffer {
  return reply(unique, 0, errno);
}

/** The answer to LOOKUP: the node is there, and stays. */
export function encodeEntry(unique: bigint, node: NodeAttributes): Buffer {
  const out = reply(unique, ENTRY_OUT_SIZE);
  out.writeBigUInt64LE(BigInt(node.nodeId), OUT_HEADER_SIZE);
  out.writeBigUInt64LE(FOREVER_SEC, OUT_HEADER_SIZE + 16);
  out.writeBigUInt64LE(FOREVER_SEC, OUT_HEADER_SIZE + 24);
  writeAttributes(out, OUT_HEADER_SIZE + ENTRY_OUT_SIZE - ATTR_SIZE, node);
  return out;
}

/** The answer to GETATTR. */
export function encodeAttributes(unique: bigint, node: NodeAttributes): Buffer {
  const out = reply(unique, ATTR_OUT_SIZE);
  out.writeBigUInt64LE(FOREVER_SEC, OUT_HEADER_SIZE);
  writeAttributes(out, OUT_HEADER_SIZE + ATTR_OUT_SIZE - ATTR_SIZE, node);
  return out;
}

/** The answer to OPEN and OPENDIR; file handles are not used and always 0. */
export function encodeOpen(unique: bigint, openFlags: number): Buffer {
  const out = reply(unique, OPEN_OUT_SIZE);
  out.writeUInt32LE(openFlags, OUT_HEADER_SIZE + 8);
  return out;
}

/** The answer to STATFS: a full filesystem of `files` files and 4 KiB blocks. */
export function encodeStatfs(unique: bigint, totals: { files: number; bytes: number }): Buffer {
  const out = reply(unique, STATFS_OUT_SIZE);
  out.writeBigUInt64LE(BigInt(Math.ceil(totals.bytes / 4096)), OUT_HEADER_SIZE);
  out.writeBigUInt64LE(BigInt(totals.files), OUT_HEADER_SIZE + 24);
  out.writeUInt32LE(4096, OUT_HEADER_SIZE + 40);
  out.writeUInt32LE(255, OUT_HEADER_SIZE + 44);
  out.writeUInt32LE(4096, OUT_HEADER_SIZE + 48);
  return out;
}

/** A name in the root directory. */
export interface DirectoryName {
  readonly nodeId: number;
  readonly name: string;
}

/**
 * The answer to READDIR from entry number `offset` on: as many whole entries as fit `size` bytes.
 * @param names ".", ".." and the files, always in the same order.
 */
export function encodeDirectory(unique: bigint, names: readonly DirectoryName[], offset: number, size: number): Buffer {
  const parts: Buffer[] = [];
  let used = 0;
  for (let index = offset; index < names.length; index++) {
    const { nodeId, name } = names[index] as DirectoryName;
    const entry = Buffer.alloc(Math.ceil((DIRENT_SIZE + Buffer.byteLength(name)) / 8) * 8);
    if (used + entry.length > size) break;
    entry.writeBigUInt64LE(BigInt(nodeId), 0);
    entry.writeBigUInt64LE(BigInt(index + 1), 8);
    entry.writeUInt32LE(Buffer.byteLength(name), 16);
    entry.writeUInt32LE(nodeId === ROOT_ID ? DIRENT_DIRECTORY : DIRENT_FILE, 20);
    entry.write(name, DIRENT_SIZE);
    parts.push(entry);
    used += entry.length;
  }
  const header = Buffer.alloc(OUT_HEADER_SIZE);
  writeReplyHeader(header, unique, 0, used);
  return Buffer.concat([header, ...parts]);
}

/** What INIT settles. */
export interface InitReply {
  readonly minor: number;
  readonly maxReadahead: number;
  readonly flags: bigint;
  readonly maxBackground: number;
  readonly congestionThreshold: number;
  readonly maxWrite: number;
  readonly maxPages: number;
}

/** The answer to INIT. */
export function encodeInit(unique: bigint, major: number, init: InitReply): Buffer {
  const out = reply(unique, INIT_OUT_SIZE);
  const body = out.subarray(OUT_HEADER_SIZE);
  body.writeUInt32LE(major, 0);
  body.writeUInt32LE(init.minor, 4);
  body.writeUInt32LE(init.maxReadahead, 8);
  body.writeUInt32LE(Number(init.flags & 0xffff_ffffn), 12);
  body.writeUInt16LE(init.maxBackground, 16);
  body.writeUInt16LE(init.congestionThreshold, 18);
  body.writeUInt32LE(init.maxWrite, 20);
  body.writeUInt32LE(1, 24); // time granularity: 1 ns
  body.writeUInt16LE(init.maxPages, 28);
  body.writeUInt32LE(Number(init.flags >> 32n), 32);
  return out;
}

/** A notification: every request that was read and not answered is to be sent again. Linux 6.9 and later. */
export function encodeResend(): Buffer {
  return notification(Notify.RESEND, Buffer.alloc(0));
}

/** A notification: `name` in the root directory is gone; the kernel forgets it and asks again. */
export function encodeInvalidateName(name: string): Buffer {
  const body = Buffer.alloc(INVAL_ENTRY_SIZE + Buffer.byteLength(name) + 1);
  body.writeBigUInt64LE(BigInt(ROOT_ID), 0);
  body.writeUInt32LE(Buffer.byteLength(name), 8);
  body.write(name, INVAL_ENTRY_SIZE);
  return notification(Notify.INVAL_ENTRY, body);
}

function notification(code: number, body: Buffer): Buffer {
  const header = Buffer.alloc(OUT_HEADER_SIZE);
  header.writeUInt32LE(OUT_HEADER_SIZE + body.length, 0);
  header.writeInt32LE(code, 4);
  return Buffer.concat([header, body]);
}

function reply(unique: bigint, bodyLength: number, errno = 0): Buffer {
  const out = Buffer.alloc(OUT_HEADER_SIZE + bodyLength);
  writeReplyHeader(out, unique, errno, bodyLength);
  return out;
}

function writeAttributes(out: Buffer, offset: number, node: NodeAttributes): void {
  const directory = node.nodeId === ROOT_ID;
  out.writeBigUInt64LE(BigInt(node.nodeId), offset);
  out.writeBigUInt64LE(BigInt(node.size), offset + 8);
  out.writeBigUInt64LE(BigInt(Math.ceil(node.size / 512)), offset + 16);
  out.writeUInt32LE(directory ? DIRECTORY_MODE : FILE_MODE, offset + 60);
  out.writeUInt32LE(directory ? 2 : 1, offset + 64);
  out.writeUInt32LE(4096, offset + 80);
}
