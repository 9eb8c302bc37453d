// A small writer of EROFS images for tests and benchmarks of the FUSE side: one flat directory of regular files with
// 4 KiB-aligned data. Written apart from src/erofs on purpose, so that neither hides a fault of the other.

const BLOCK = 4096;
const SUPERBLOCK_AT = 1024;
const MAGIC = 0xe0f5_e1e2;
const INODE = 32;
const ROOT_NID = 1;

/** A file of the image and where its data lies. */
export interface PlacedFile {
  readonly name: string;
  readonly size: number;
  /** Offset of its first byte in the image; a multiple of 4096. */
  readonly imageOffset: number;
}

/** The metadata of an image, and where the data has to be. */
export interface TinyErofs {
  readonly metadata: Buffer;
  readonly files: readonly PlacedFile[];
  /** Bytes of the whole image: a multiple of 4096. */
  readonly size: number;
}

/** Plans an image of `files`, all in the root directory. Names are ASCII. */
export function planErofs(files: readonly { name: string; size: number }[]): TinyErofs {
  const sorted = files.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const inodeBlocks = Math.ceil(((sorted.length + 2) * INODE) / BLOCK);
  const names = [
    { name: '.', nid: ROOT_NID, type: 2 },
    { name: '..', nid: ROOT_NID, type: 2 },
    ...sorted.map(({ name }, index) => ({ name, nid: ROOT_NID + 1 + index, type: 1 })),
  ].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const directory = encodeDirectory(names);
  const directoryBlock = 1 + inodeBlocks;
  let block = directoryBlock + directory.length / BLOCK;
  const metadata = Buffer.alloc(block * BLOCK);
  directory.copy(metadata, directoryBlock * BLOCK);
  writeInode(metadata, ROOT_NID, { mode: 0o040_755, nlink: 2, size: directory.length, block: directoryBlock });
  const placed = sorted.map(({ name, size }, index) => {
    writeInode(metadata, ROOT_NID + 1 + index, { mode: 0o100_644, nlink: 1, size, block });
    const imageOffset = block * BLOCK;
    block += Math.ceil(size / BLOCK);
    return { name, size, imageOffset };
  });
  metadata.writeUInt32LE(MAGIC, SUPERBLOCK_AT);
  metadata.writeUInt8(12, SUPERBLOCK_AT + 0x0c);
  metadata.writeUInt16LE(ROOT_NID, SUPERBLOCK_AT + 0x0e);
  metadata.writeBigUInt64LE(BigInt(sorted.length + 1), SUPERBLOCK_AT + 0x10);
  metadata.writeUInt32LE(block, SUPERBLOCK_AT + 0x24);
  metadata.writeUInt32LE(1, SUPERBLOCK_AT + 0x28);
  return { metadata, files: placed, size: block * BLOCK };
}

function writeInode(
  out: Buffer,
  nid: number,
  inode: { mode: number; nlink: number; size: number; block: number },
): void {
  const at = BLOCK + nid * INODE;
  out.writeUInt16LE(inode.mode, at + 4);
  out.writeUInt16LE(inode.nlink, at + 6);
  out.writeUInt32LE(inode.size, at + 8);
  out.writeUInt32LE(inode.block, at + 16);
  out.writeUInt32LE(nid, at + 20);
}

function encodeDirectory(names: readonly { name: string; nid: number; type: number }[]): Buffer {
  const blocks: Buffer[] = [];
  for (let first = 0; first < names.length;) {
    let used = 0;
    let last = first;
    for (; last < names.length; last++) {
      const next = 12 + (names[last]?.name.length ?? 0);
      if (used + next > BLOCK) break;
      used += next;
    }
    const block = Buffer.alloc(BLOCK);
    let nameAt = (last - first) * 12;
    for (const [slot, { name, nid, type }] of names.slice(first, last).entries()) {
      block.writeBigUInt64LE(BigInt(nid), slot * 12);
      block.writeUInt16LE(nameAt, slot * 12 + 8);
      block.writeUInt8(type, slot * 12 + 10);
      nameAt += block.write(name, nameAt, 'latin1');
    }
    blocks.push(block);
    first = last;
  }
  return Buffer.concat(blocks);
}
