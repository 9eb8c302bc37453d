// The FUSE kernel interface in numbers: only what a server of flat files and of small trees needs. Everything is little
// endian here because every machine that runs this is (x64, arm64); the kernel speaks its native byte order.
// Specification: include/uapi/linux/fuse.h of the kernel, protocol 7.x.

/** Major version of the protocol that this code speaks; a kernel with another one is refused. */
export const FUSE_MAJOR = 7;
/** Newest minor version whose meaning this code knows (7.40: resend). The kernel takes the smaller of both. */
export const FUSE_MINOR = 40;
/** Oldest minor version that works: max_pages came with 7.28 (Linux 4.20). */
export const FUSE_OLDEST_MINOR = 28;

/** The node id of the root directory; fixed by the protocol. */
export const ROOT_ID = 1;

/** struct fuse_in_header: 4 len + 4 opcode + 8 unique + 8 nodeid + 4 uid + 4 gid + 4 pid + 4 extensions and padding. */
export const IN_HEADER_SIZE: number = 4 + 4 + 8 + 8 + 4 + 4 + 4 + 4;
/** struct fuse_out_header: 4 len + 4 error + 8 unique. */
export const OUT_HEADER_SIZE: number = 4 + 4 + 8;
/** struct fuse_read_in: 8 fh + 8 offset + 4 size + 4 read flags + 8 lock owner + 4 flags + 4 padding. */
export const READ_IN_SIZE: number = 8 + 8 + 4 + 4 + 8 + 4 + 4;
/** The oldest struct fuse_init_in: 4 major + 4 minor + 4 max_readahead + 4 flags. Newer kernels append flags2 and 44 reserved bytes. */
export const INIT_IN_SIZE: number = 4 + 4 + 4 + 4;
/** struct fuse_init_out: 4 major + 4 minor + 4 readahead + 4 flags + 2 background + 2 congestion + 4 max_write + 4 time_gran + 2 max_pages + 2 map alignment + 4 flags2 + 28 reserved. */
export const INIT_OUT_SIZE: number = 4 + 4 + 4 + 4 + 2 + 2 + 4 + 4 + 2 + 2 + 4 + 28;
/** struct fuse_attr: 6 x 8 (ino, size, blocks, three times) + 10 x 4 (three nsec, mode, nlink, uid, gid, rdev, blksize, flags). */
export const ATTR_SIZE: number = 6 * 8 + 10 * 4;
/** struct fuse_attr_out: 8 valid + 4 valid nsec + 4 padding + attributes. */
export const ATTR_OUT_SIZE: number = 8 + 4 + 4 + ATTR_SIZE;
/** struct fuse_entry_out: 8 node id + 8 generation + 8 entry valid + 8 attr valid + 4 + 4 nsec + attributes. */
export const ENTRY_OUT_SIZE: number = 8 + 8 + 8 + 8 + 4 + 4 + ATTR_SIZE;
/** struct fuse_open_out: 8 fh + 4 open flags + 4 padding. */
export const OPEN_OUT_SIZE: number = 8 + 4 + 4;
/** struct fuse_kstatfs: 5 x 8 (blocks, bfree, bavail, files, ffree) + 3 x 4 (bsize, namelen, frsize) + 4 padding + 6 x 4 spare. */
export const STATFS_OUT_SIZE: number = 5 * 8 + 3 * 4 + 4 + 6 * 4;
/** struct fuse_dirent without its name: 8 ino + 8 next offset + 4 name length + 4 type. Entries are padded to 8 bytes. */
export const DIRENT_SIZE: number = 8 + 8 + 4 + 4;
/** struct fuse_create_in: 4 flags + 4 mode + 4 umask + 4 open flags; the name and a zero byte follow. */
export const CREATE_IN_SIZE: number = 4 + 4 + 4 + 4;
/** struct fuse_notify_inval_entry_out: 8 parent + 4 name length + 4 flags; a name and a zero byte follow. */
export const INVAL_ENTRY_SIZE: number = 8 + 4 + 4;

/** Largest READ that this code accepts: 256 pages of 4 KiB, as negotiated with max_pages. */
export const MAX_PAGES = 256;
export const MAX_READ_SIZE: number = MAX_PAGES * 4096;
/**
 * Bytes that a read of /dev/fuse must offer. The kernel wants at least 8 KiB (FUSE_MIN_READ_BUFFER) and room for the
 * headers of a WRITE with max_write bytes, which we set to its least value, 4 KiB.
 */
export const REQUEST_BUFFER_SIZE: number = 16 * 1024;

/** Requests by name. What is not here is answered with ENOSYS. */
export const Opcode = {
  LOOKUP: 1,
  FORGET: 2, // no reply
  GETATTR: 3,
  READLINK: 5,
  RMDIR: 11,
  OPEN: 14,
  READ: 15,
  STATFS: 17,
  RELEASE: 18,
  FLUSH: 25,
  INIT: 26,
  OPENDIR: 27,
  READDIR: 28,
  RELEASEDIR: 29,
  CREATE: 35,
  INTERRUPT: 36,
  DESTROY: 38,
  BATCH_FORGET: 42, // no reply
} as const;

/** Notifications: a message with unique 0 and one of these in the error field, not negated. */
export const Notify = { INVAL_ENTRY: 3, RESEND: 7 } as const;

/** INIT flags below 32 are in `flags`, those from 32 on in `flags2`, which counts only when INIT_EXT is set. */
export const InitFlag = {
  ASYNC_READ: 0x1n, // bit 0
  /** Direct I/O reads may be in flight side by side. */
  ASYNC_DIO: 0x8000n, // bit 15
  PARALLEL_DIROPS: 0x4_0000n, // bit 18
  MAX_PAGES: 0x40_0000n, // bit 22
  /** Page cache is dropped only when we say so. */
  EXPLICIT_INVAL_DATA: 0x200_0000n, // bit 25
  INIT_EXT: 0x4000_0000n, // bit 30
  /** FUSE_NOTIFY_RESEND makes the kernel send unanswered requests again (Linux 6.9). */
  HAS_RESEND: 0x80_0000_0000n, // bit 39
} as const;

/** Top bit of the id of a request that is sent again after RESEND. Answers carry it too. */
export const UNIQUE_RESEND: bigint = 1n << 63n;

/** OPEN reply flags. */
export const OpenFlag = { DIRECT_IO: 1, KEEP_CACHE: 2 } as const;

/** errno values as in errno(3) of Linux; replies carry them negated. */
export const Errno = {
  ENOENT: 2,
  EIO: 5,
  EACCES: 13,
  ENODEV: 19,
  EINVAL: 22,
  ENOSYS: 38,
  ESTALE: 116,
} as const;
