// One gzip member or zstd frame, compressed in one call: synchronous, for workers. The bytes depend on the input, the
// level and the version of the compressor that Node has.
import { constants, gzipSync, zstdCompressSync } from 'node:zlib';

/** How members are compressed. */
export interface MemberOptions {
  readonly compression: 'gzip' | 'zstd';
  /** gzip 0 to 9, zstd 1 to 22. */
  readonly level: number;
}

// Offset of the OS byte in a gzip header (RFC 1952), and the value for "unknown": zlib writes what it was built for.
const OS_AT = 9;
const OS_UNKNOWN = 255;
const SMALLEST_OUTPUT = 1024;
const LARGEST_OUTPUT = 1024 * 1024;

/** The member that holds `plain`, which is not empty. */
export function compressMember(plain: Uint8Array, { compression, level }: MemberOptions): Uint8Array {
  // What is reserved for the output. At level 0 the length of blocks depends on it, so it depends on the input alone.
  const chunkSize = Math.min(LARGEST_OUTPUT, plain.length + Math.ceil(plain.length / 1024) + SMALLEST_OUTPUT);
  if (compression === 'gzip') {
    const member = gzipSync(plain, { level, chunkSize });
    member[OS_AT] = OS_UNKNOWN;
    return member;
  }
  // The frame says how long its content is, and small contents get small tables.
  return zstdCompressSync(plain, {
    chunkSize,
    pledgedSrcSize: plain.length,
    params: { [constants.ZSTD_c_compressionLevel]: level },
  });
}
