// A table of contents becomes the metadata of a layer image: superblock, shared xattrs, inodes with inline
// directories and symlinks, larger directories, then the data area that is filled as bytes are wanted.
// Pure and deterministic: the same TOC and options give the same bytes. Made to run in a worker.
import { FormatError } from '../errors.ts';
import type { Toc } from '../estargz/model.ts';
import { alignUp, BLOCK_SIZE, SUPERBLOCK_END } from './abi.ts';
import { createImage, type Image, writeText } from './bytes.ts';
import { type DataArea, fileImageOffset, placeChunks } from './data.ts';
import { packDirectory, writeDirBlock } from './directory.ts';
import { fitsInline, type Inode, inodeSize, needsExtended, writeInode } from './inode.ts';
import { SlotAllocator } from './slots.ts';
import { writeSuperblock } from './superblock.ts';
import { visibleInodes } from './tree.ts';
import { writeXattrs, XattrTable, xattrsSize } from './xattr.ts';

/** symlink(2) takes no longer target, and the kernel would cut it. */
const MAX_TARGET_SIZE = 4095;
/** Far above what a TOC of a sane size can need; below what would exhaust the memory of the worker. */
const MAX_METADATA_SIZE = 512 * 1024 * 1024;

export interface LayoutOptions {
  /** 16 bytes that name the image. From the layer digest, so that the same layer gives the same image. */
  readonly uuid: Uint8Array;
  /** The namespace in which overlayfs looks for its opaque mark: `user` when it is mounted with `userxattr`. */
  readonly opaqueXattr: 'trusted' | 'user';
}

export interface LayerLayout {
  /** The first bytes of the layer image, a multiple of 4096. Has an ArrayBuffer of its own, which may be transferred. */
  readonly metadata: Uint8Array<ArrayBuffer>;
  /** Image offset of the data area: the length of the metadata. */
  readonly dataStart: number;
  /** Size of the layer image in bytes, a multiple of 4096. */
  readonly imageSize: number;
  /** Image offset of each chunk of the TOC's table; ascending; on a SharedArrayBuffer. */
  readonly chunkImageOffset: Float64Array;
}

/**
 * Lays a layer image out. Bytes of the image behind the metadata that belong to no chunk are zero.
 * @throws FormatError when the TOC says something that can't be in a filesystem.
 */
export function layoutLayer(toc: Toc, options: LayoutOptions): LayerLayout {
  const inodes = visibleInodes(toc.root);
  const xattrs = new XattrTable();
  collectXattrs(inodes, xattrs, options.opaqueXattr);
  const epochSec = commonestTime(inodes);
  const slotsEnd = placeInodes(inodes, xattrs.placeShared(SUPERBLOCK_END), epochSec);
  const dataStart = placeBlocks(inodes, slotsEnd);
  const data = placeChunks(toc.chunks, dataStart);
  placeFiles(inodes, toc, data);

  const image = createImage(dataStart);
  const root = { rootOffset: inodes[0]!.imageOffset, inodeCount: inodes.length };
  writeSuperblock(image, { ...root, epochSec, imageSize: data.end, uuid: options.uuid });
  xattrs.writeShared(image);
  for (const inode of inodes) {
    writeInode(image, inode);
    writeXattrs(image, inode.xattrs, inode.imageOffset + inodeSize(inode));
    writeContent(image, inode);
  }
  const metadata = new Uint8Array(image.bytes.buffer);
  return { metadata, dataStart, imageSize: data.end, chunkImageOffset: data.chunkImageOffset };
}

function collectXattrs(inodes: readonly Inode[], table: XattrTable, namespace: 'trusted' | 'user'): void {
  for (const inode of inodes) {
    const { xattrs } = inode.node;
    if (xattrs !== undefined) inode.xattrs = table.intern(xattrs);
    if (inode.opaque) inode.xattrs = [...inode.xattrs, table.internOpaque(namespace)];
  }
}

/** The modification time of most inodes; of several such, the first in the tree. */
function commonestTime(inodes: readonly Inode[]): number {
  const counts = new Map<number, number>();
  for (let index = 0, end = 0; index < inodes.length; index = end) {
    const time = inodes[index]!.node.mtimeSec;
    // Neighbours often have the same.
    end = index + 1;
    while (end < inodes.length && inodes[end]!.node.mtimeSec === time) end++;
    counts.set(time, (counts.get(time) ?? 0) + end - index);
  }
  let [commonest, most] = [0, 0];
  for (const [time, count] of counts) {
    if (count > most) [commonest, most] = [time, count];
  }
  return commonest;
}

/** Decides the form of every inode and places it from `start` on. @returns the image offset after the last one. */
function placeInodes(inodes: readonly Inode[], start: number, epochSec: number): number {
  const slots = new SlotAllocator(start);
  for (const inode of inodes) {
    inode.size = contentSize(inode);
    inode.extended = needsExtended(inode, epochSec);
    inode.xattrSize = xattrsSize(inode.xattrs);
    if (inode.node.type === 'dir' || inode.node.type === 'symlink') splitContent(inode);
    inode.imageOffset = slots.place(inodeSize(inode) + inode.xattrSize + inode.inlineSize, inode.inlineSize > 0);
    if (slots.end > MAX_METADATA_SIZE)
      throw new FormatError(`the metadata of the layer is larger than ${MAX_METADATA_SIZE} bytes`);
  }
  return slots.end;
}

function contentSize({ node, entries }: Inode): number {
  if (entries !== undefined) {
    const blocks = packDirectory(entries);
    return (blocks.length - 1) * BLOCK_SIZE + blocks.at(-1)!.size;
  }
  if (node.type !== 'symlink') return node.type === 'reg' ? node.size : 0;
  const size = Buffer.byteLength(node.linkName ?? '');
  if (size === 0 || size > MAX_TARGET_SIZE || node.linkName?.includes('\0') === true) {
    throw new FormatError(`a symlink's target has ${size} bytes or a zero byte, wanted 1 to ${MAX_TARGET_SIZE}`);
  }
  return size;
}

/** What does not fill a block stands inline where it fits, else it has a block for itself. */
function splitContent(inode: Inode): void {
  const tail = inode.size % BLOCK_SIZE;
  inode.inlineSize = fitsInline(inode, tail) ? tail : 0;
  inode.blockCount = Math.ceil((inode.size - inode.inlineSize) / BLOCK_SIZE);
}

/** Places the blocks of large directories behind the inodes. @returns where the data area begins. */
function placeBlocks(inodes: readonly Inode[], slotsEnd: number): number {
  let nextBlock = alignUp(slotsEnd, BLOCK_SIZE) / BLOCK_SIZE;
  for (const inode of inodes) {
    if (inode.blockCount === 0) continue;
    inode.startBlock = nextBlock;
    nextBlock += inode.blockCount;
  }
  return nextBlock * BLOCK_SIZE;
}

function placeFiles(inodes: readonly Inode[], toc: Toc, data: DataArea): void {
  for (const inode of inodes) {
    if (inode.node.type === 'reg') inode.startBlock = fileImageOffset(inode.node, toc.chunks, data) / BLOCK_SIZE;
  }
}

/** Writes what stands inline or in the inode's own blocks: a symlink's target, a directory's entries. */
function writeContent(image: Image, inode: Inode): void {
  const { node, entries } = inode;
  if (node.type === 'symlink') writeText(image, node.linkName!, inode.size, contentOffset(inode, 0));
  if (entries === undefined) return;
  for (const [index, block] of packDirectory(entries).entries()) {
    writeDirBlock(image, entries, block, contentOffset(inode, index));
  }
}

/** Where the block with this index of a symlink's or directory's content stands. */
function contentOffset(inode: Inode, index: number): number {
  if (index < inode.blockCount) return (inode.startBlock + index) * BLOCK_SIZE;
  return inode.imageOffset + inodeSize(inode) + inode.xattrSize;
}
