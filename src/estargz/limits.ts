// What a TOC may claim at most. The limits of the kernel where there is one, else far above any real image: they
// are there so that a hostile TOC costs an error and not the machine's memory.
const KIB = 1024;
const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

/** Of a whole table of contents, as it stands in the blob. */
export const MAX_COMPRESSED_TOC_BYTES: number = 64 * MIB;

/** Limits on a TOC; sizes in bytes. */
export interface TocLimits {
  /** Entries of the TOC, chunk entries included. */
  readonly maxEntries: number;
  readonly maxFileSize: number;
  /** Of one chunk, and of a member up to the end of its last chunk: a worker holds that in memory. */
  readonly maxChunkSize: number;
  /** Of a whole path. */
  readonly maxPathLength: number;
  /** Names in a path. */
  readonly maxDepth: number;
}

export const DEFAULT_LIMITS: TocLimits = {
  maxEntries: 5_000_000,
  maxFileSize: 1024 * GIB,
  maxChunkSize: GIB,
  maxPathLength: 4 * KIB,
  maxDepth: 512,
};

/** Directories that no entry has named before, but paths imply: at most this many, plus four for each entry so far. */
export const SPARE_IMPLIED_DIRS: number = 16 * KIB;

// The kernel's own: NAME_MAX, XATTR_NAME_MAX, XATTR_SIZE_MAX, PATH_MAX without its NUL, and dev_t of 12 + 20 bits.
export const MAX_NAME_LENGTH = 255;
export const MAX_XATTR_NAME = 255;
export const MAX_XATTR_VALUE: number = 64 * KIB;
export const MAX_LINK_LENGTH = 4095;
export const MAX_DEV_MAJOR: number = 2 ** 12 - 1;
export const MAX_DEV_MINOR: number = 2 ** 20 - 1;
/** The largest id is -1, which means "no id". */
export const MAX_ID: number = 2 ** 32 - 2;
/** All names and values of one inode together: twice what one value may have. */
export const MAX_XATTR_TOTAL: number = 128 * KIB;
