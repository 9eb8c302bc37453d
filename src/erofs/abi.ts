// The EROFS on-disk format: the part of it that layer images use. Everything is little endian. Kernels since
// 5.4 read it: no compression, no chunk index, no device table, 4 KiB blocks. README.md has the byte diagram.
// https://erofs.docs.kernel.org/en/latest/core_ondisk.html

/** Bytes of a block. Data, directory blocks and block numbers count in it. */
export const BLOCK_SIZE = 4096;
/** Inodes stand at multiples of it; an inode's number (nid) is its image offset divided by it. */
export const SLOT_SIZE = 32;

/** Where the superblock stands in the image. */
export const SUPERBLOCK_OFFSET = 1024;
/** The first byte after the superblock of 128 bytes; so the lowest nid is 36, and 0 (which readdir(3) drops) never comes up. */
export const SUPERBLOCK_END: number = SUPERBLOCK_OFFSET + 128;
export const SUPERBLOCK_MAGIC = 0xe0f5e1e2;
/** Feature bit: the inodes' times are modification times. Informative. */
export const FEATURE_COMPAT_MTIME = 2;

/** An inode with 16-bit owners and link count, 32-bit size and the filesystem's own time. */
export const COMPACT_INODE_SIZE = 32;
/** An inode with 32-bit owners and link count, 64-bit size and its own time. */
export const EXTENDED_INODE_SIZE = 64;
/** Bit 0 of i_format: 0 compact, 1 extended. */
export const FORMAT_EXTENDED = 1;
/** Bits 1-3 of i_format. Plain: all bytes in blocks from the start block on. */
export const FORMAT_FLAT_PLAIN = 0;
/** Bits 1-3 of i_format. Inline: whole blocks from the start block on, the rest right after inode and xattrs, within one block. */
export const FORMAT_FLAT_INLINE: number = 2 << 1;

/** An entry of a directory block before its name: u64 nid, u16 offset of the name, u8 type, u8 zero. */
export const DIRENT_SIZE = 12;

/** Before an inode's own xattrs: u32 name filter (unused, zero), u8 count of shared xattrs, 7 zero bytes. */
export const XATTR_HEADER_SIZE = 12;
/** Before the name and value of an xattr: u8 length of the name, u8 prefix index, u16 length of the value. */
export const XATTR_ENTRY_SIZE = 4;

/** Blocks are numbered by 32 bits, and the highest number means "nowhere". */
export const MAX_IMAGE_SIZE: number = 0xffff_ffff * BLOCK_SIZE;

/** The smallest multiple of `unit` that is not below `value`. Exact for every safe integer. */
export function alignUp(value: number, unit: number): number {
  return Math.ceil(value / unit) * unit;
}
