// A directory's bytes: blocks of 4 KiB, each an array of entries and then their names. Names are in byte order
// within a block and from block to block, because the kernel searches both by halving.
import type { NodeType } from '../estargz/model.ts';
import { BLOCK_SIZE, DIRENT_SIZE } from './abi.ts';
import { type Image, writeText } from './bytes.ts';
import { type DirEntry, nidOf } from './inode.ts';

const FILE_TYPES: Record<NodeType, number> = { reg: 1, dir: 2, char: 3, block: 4, fifo: 5, symlink: 7 };

/** The entries of one block, as indexes [start, end), and the bytes that they take: at most 4096. */
interface DirBlock {
  readonly start: number;
  readonly end: number;
  readonly size: number;
}

/** Cuts a directory's entries into blocks, each as full as it goes. At least one block, since `.` and `..` are entries. */
export function packDirectory(entries: readonly DirEntry[]): DirBlock[] {
  const blocks: DirBlock[] = [];
  let start = 0;
  let size = 0;
  for (let index = 0; index < entries.length; index++) {
    const entrySize = DIRENT_SIZE + entries[index]!.byteLength;
    if (size + entrySize > BLOCK_SIZE) {
      blocks.push({ start, end: index, size });
      start = index;
      size = 0;
    }
    size += entrySize;
  }
  blocks.push({ start, end: entries.length, size });
  return blocks;
}

/** Writes one block at `offset`. A block that is not full is zero behind its last name. The inodes must have their places. */
export function writeDirBlock(image: Image, entries: readonly DirEntry[], block: DirBlock, offset: number): void {
  let direntAt = offset;
  let nameAt = offset + DIRENT_SIZE * (block.end - block.start);
  for (let index = block.start; index < block.end; index++) {
    const { name, byteLength, inode } = entries[index]!;
    image.view.setUint32(direntAt, nidOf(inode), true);
    image.view.setUint16(direntAt + 8, nameAt - offset, true);
    image.view.setUint8(direntAt + 10, FILE_TYPES[inode.node.type]);
    direntAt += DIRENT_SIZE;
    writeText(image, name, byteLength, nameAt);
    nameAt += byteLength;
  }
}
