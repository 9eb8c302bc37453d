// The superblock of a layer image: where the inodes and shared xattrs are (both count from block 0) and which
// inode is the root. No checksum: we write it ourselves, and a kernel that is told of none checks none.
import { FormatError } from '../errors.ts';
import { BLOCK_SIZE, FEATURE_COMPAT_MTIME, SLOT_SIZE, SUPERBLOCK_MAGIC, SUPERBLOCK_OFFSET } from './abi.ts';
import { type Image, writeInt64 } from './bytes.ts';

export interface Superblock {
  /** Image offset of the root's inode; at most 65535 slots, so below 2 MiB. */
  readonly rootOffset: number;
  readonly inodeCount: number;
  /** The modification time, in seconds since the epoch, of every compact inode. */
  readonly epochSec: number;
  /** Size of the layer image in bytes; only statfs shows it. */
  readonly imageSize: number;
  /** 16 bytes. */
  readonly uuid: Uint8Array;
}

/** Writes the superblock at its place in `image`. @throws FormatError when the root's number needs more than 16 bits. */
export function writeSuperblock(image: Image, superblock: Superblock): void {
  const rootNid = superblock.rootOffset / SLOT_SIZE;
  if (rootNid > 0xffff) throw new FormatError(`the root inode at ${superblock.rootOffset} is beyond 2 MiB`);
  const at = SUPERBLOCK_OFFSET;
  image.view.setUint32(at, SUPERBLOCK_MAGIC, true);
  image.view.setUint32(at + 0x08, FEATURE_COMPAT_MTIME, true);
  image.view.setUint8(at + 0x0c, Math.log2(BLOCK_SIZE));
  image.view.setUint16(at + 0x0e, rootNid, true);
  writeInt64(image.view, superblock.inodeCount, at + 0x10);
  writeInt64(image.view, superblock.epochSec, at + 0x18);
  image.view.setUint32(at + 0x24, superblock.imageSize / BLOCK_SIZE, true);
  image.bytes.set(superblock.uuid.subarray(0, 16), at + 0x30);
  image.bytes.write('lazypull', at + 0x40, 'latin1');
}
