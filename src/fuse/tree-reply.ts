// Replies about a tree whose answers must not be kept: every timeout is 0, so that each walk asks again.
import { ATTR_OUT_SIZE, ATTR_SIZE, DIRENT_SIZE, ENTRY_OUT_SIZE, OUT_HEADER_SIZE } from './abi.ts';
import { writeReplyHeader } from './reply.ts';
import type { TreeEntry, TreeNode } from './tree.ts';

const MODES = { directory: 0o040_700, file: 0o100_400, symlink: 0o120_777 } as const;
/** d_type of readdir(3). */
const TYPES = { directory: 4, file: 8, symlink: 10 } as const;

/** The answer to LOOKUP. */
export function encodeTreeEntry(unique: bigint, node: TreeNode): Buffer {
  const out = Buffer.alloc(OUT_HEADER_SIZE + ENTRY_OUT_SIZE);
  writeReplyHeader(out, unique, 0, ENTRY_OUT_SIZE);
  out.writeBigUInt64LE(BigInt(node.nodeId), OUT_HEADER_SIZE);
  writeTreeAttributes(out, out.length - ATTR_SIZE, node);
  return out;
}

/** The answer to GETATTR. */
export function encodeTreeAttributes(unique: bigint, node: TreeNode): Buffer {
  const out = Buffer.alloc(OUT_HEADER_SIZE + ATTR_OUT_SIZE);
  writeReplyHeader(out, unique, 0, ATTR_OUT_SIZE);
  writeTreeAttributes(out, out.length - ATTR_SIZE, node);
  return out;
}

/** The answer to READ and READLINK. */
export function encodeData(unique: bigint, data: Uint8Array): Buffer {
  const header = Buffer.alloc(OUT_HEADER_SIZE);
  writeReplyHeader(header, unique, 0, data.length);
  return Buffer.concat([header, data]);
}

/** The answer to READDIR from entry number `offset` on: as many whole entries as fit `size` bytes. */
export function encodeTreeDirectory(
  unique: bigint,
  entries: readonly TreeEntry[],
  { offset, size }: { readonly offset: number; readonly size: number },
): Buffer {
  const parts: Buffer[] = [];
  let used = 0;
  for (const [index, { nodeId, type, name }] of entries.entries()) {
    if (index < offset) continue;
    const entry = Buffer.alloc(Math.ceil((DIRENT_SIZE + Buffer.byteLength(name)) / 8) * 8);
    if (used + entry.length > size) break;
    entry.writeBigUInt64LE(BigInt(nodeId), 0);
    entry.writeBigUInt64LE(BigInt(index + 1), 8);
    entry.writeUInt32LE(Buffer.byteLength(name), 16);
    entry.writeUInt32LE(TYPES[type], 20);
    entry.write(name, DIRENT_SIZE);
    parts.push(entry);
    used += entry.length;
  }
  return encodeData(unique, Buffer.concat(parts));
}

function writeTreeAttributes(out: Buffer, offset: number, { nodeId, type, size }: TreeNode): void {
  out.writeBigUInt64LE(BigInt(nodeId), offset);
  out.writeBigUInt64LE(BigInt(size), offset + 8);
  out.writeBigUInt64LE(BigInt(Math.ceil(size / 512)), offset + 16);
  out.writeUInt32LE(MODES[type], offset + 60);
  out.writeUInt32LE(type === 'directory' ? 2 : 1, offset + 64);
  out.writeUInt32LE(4096, offset + 80);
}
