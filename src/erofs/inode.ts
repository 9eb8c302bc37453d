// An inode of a layer image: what the TOC says of it, what the layout decides, and its bytes. Kernels before
// 6.15 have no time in a compact inode, later ones add its field (zero here) to the filesystem's time: so an
// inode is compact, 32 instead of 64 bytes, when its time is the filesystem's, which is the commonest of the layer.
import type { NodeType, TocNode } from '../estargz/model.ts';
import {
  BLOCK_SIZE,
  COMPACT_INODE_SIZE,
  EXTENDED_INODE_SIZE,
  FORMAT_EXTENDED,
  FORMAT_FLAT_INLINE,
  FORMAT_FLAT_PLAIN,
  SLOT_SIZE,
  XATTR_HEADER_SIZE,
} from './abi.ts';
import { type Image, requireRange, writeInt64 } from './bytes.ts';
import type { Xattr } from './xattr.ts';

const U16 = 0xffff;
const U32 = 0xffff_ffff;

const FILE_TYPE_BITS: Record<NodeType, number> = {
  fifo: 0o01_0000,
  char: 0o02_0000,
  dir: 0o04_0000,
  block: 0o06_0000,
  reg: 0o10_0000,
  symlink: 0o12_0000,
};

/** A name in a directory. */
export interface DirEntry {
  readonly name: string;
  /** Bytes of the name in UTF-8. */
  readonly byteLength: number;
  readonly inode: Inode;
}

/** One visible inode. The tree fills the first part, the layout the second. */
export interface Inode {
  readonly node: TocNode;
  /** Names of it that are visible; for directories 2 + visible subdirectories. */
  nlink: number;
  /** A directory's names with `.` and `..`, in byte order. Undefined for everything else. */
  entries: readonly DirEntry[] | undefined;
  /** Whether the directory hides those of the layers below. */
  opaque: boolean;

  xattrs: readonly Xattr[];
  xattrSize: number;
  /** i_size in bytes: of the file, the target, or the directory's blocks. */
  size: number;
  extended: boolean;
  /** Bytes that stand right after inode and xattrs. */
  inlineSize: number;
  /** Blocks of the metadata area that it has for itself (not: blocks of file data). */
  blockCount: number;
  /** Block number of its first block, in the metadata area or, for a file, in the data area. */
  startBlock: number;
  imageOffset: number;
}

/** An inode with nothing decided about its layout. */
export function createInode(node: TocNode): Inode {
  return {
    node,
    nlink: node.type === 'dir' ? 2 : 0,
    entries: undefined,
    opaque: false,
    xattrs: NO_XATTRS,
    xattrSize: 0,
    size: 0,
    extended: false,
    inlineSize: 0,
    blockCount: 0,
    startBlock: 0,
    imageOffset: 0,
  };
}

const NO_XATTRS: readonly Xattr[] = [];

/** Bytes of the inode itself, before its xattrs. */
export function inodeSize(inode: Inode): number {
  return inode.extended ? EXTENDED_INODE_SIZE : COMPACT_INODE_SIZE;
}

/** Whether the compact form can't say what this inode is. `inode.size` must be known. */
export function needsExtended(inode: Inode, epochSec: number): boolean {
  const { uid, gid, mtimeSec } = inode.node;
  return mtimeSec !== epochSec || uid > U16 || gid > U16 || inode.nlink > U16 || inode.size > U32;
}

/**
 * Writes the inode at its place in `image`, without xattrs and inline bytes.
 * @throws FormatError when an owner, a device number or a time does not fit.
 */
export function writeInode(image: Image, inode: Inode): void {
  const { node, imageOffset: at } = inode;
  const layout = inode.inlineSize > 0 ? FORMAT_FLAT_INLINE : FORMAT_FLAT_PLAIN;
  image.view.setUint16(at, layout | (inode.extended ? FORMAT_EXTENDED : 0), true);
  image.view.setUint16(at + 0x02, xattrUnits(inode.xattrSize), true);
  image.view.setUint16(at + 0x04, FILE_TYPE_BITS[node.type] | (node.mode & 0o7777), true);
  image.view.setUint32(at + 0x10, blockOrDevice(inode), true);
  const uid = requireRange(node.uid, U32, 'uid');
  const gid = requireRange(node.gid, U32, 'gid');
  if (!inode.extended) {
    image.view.setUint16(at + 0x06, inode.nlink, true);
    image.view.setUint32(at + 0x08, inode.size, true);
    image.view.setUint16(at + 0x18, uid, true);
    image.view.setUint16(at + 0x1a, gid, true);
    return;
  }
  writeInt64(image.view, inode.size, at + 0x08);
  image.view.setUint32(at + 0x18, uid, true);
  image.view.setUint32(at + 0x1c, gid, true);
  writeInt64(image.view, node.mtimeSec, at + 0x20);
  image.view.setUint32(at + 0x2c, inode.nlink, true);
}

/** The nid by which directory entries name the inode. */
export function nidOf(inode: Inode): number {
  return inode.imageOffset / SLOT_SIZE;
}

/** i_xattr_icount: 0 for none, 1 for the header alone (never written), one more for each 4 bytes. */
function xattrUnits(xattrSize: number): number {
  return xattrSize === 0
    ? 0
    : requireRange((xattrSize - XATTR_HEADER_SIZE) / 4 + 1, U16, 'size of the xattrs of one file in words');
}

function blockOrDevice(inode: Inode): number {
  const { type, devMajor, devMinor } = inode.node;
  return type === 'char' || type === 'block' ? encodeDevice(devMajor, devMinor) : inode.startBlock;
}

/** The kernel's new_encode_dev: minor bits 0-7, then 12 bits of major, then minor bits 8-19. */
function encodeDevice(major: number, minor: number): number {
  requireRange(major, 0xfff, 'device major');
  requireRange(minor, 0xf_ffff, 'device minor');
  return ((minor & 0xff) | (major << 8) | ((minor & ~0xff) << 12)) >>> 0;
}

/** Whether inode, xattrs and `inline` bytes fit together into one block. */
export function fitsInline(inode: Inode, inline: number): boolean {
  return inline > 0 && inodeSize(inode) + inode.xattrSize + inline <= BLOCK_SIZE;
}
