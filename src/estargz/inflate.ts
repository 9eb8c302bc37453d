// Bounded synchronous decompression: whatever the input says, the output never takes more memory than its limit.
// For worker threads: these calls block.
import { constants, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { FormatError } from '../errors.ts';
import type { ChunkCompression } from './model.ts';

export interface InflateLimits {
  /** Bytes of output that are expected: one buffer of this size is made first. */
  readonly expected: number;
  /** Bytes of output at most. */
  readonly limit: number;
}

/**
 * Decompresses what it can: input that is cut gives the bytes up to the cut. gzip members or zstd frames that
 * follow each other give one output.
 * @returns undefined when the output would be larger than the limit.
 * @throws FormatError when the input is not compressed this way or is damaged.
 */
export function inflateBounded(
  compressed: Uint8Array,
  compression: ChunkCompression,
  limits: InflateLimits,
): Buffer | undefined {
  // One byte more than expected, else zlib makes a second buffer only to find that nothing is left.
  const chunkSize = Math.max(64, Math.min(limits.expected + 1, limits.limit));
  const common = { maxOutputLength: limits.limit, chunkSize };
  try {
    return compression === 'gzip'
      ? gunzipSync(compressed, { ...common, finishFlush: constants.Z_SYNC_FLUSH })
      : zstdDecompressSync(compressed, { ...common, finishFlush: constants.ZSTD_e_continue });
  } catch (error) {
    if (codeOf(error) === 'ERR_BUFFER_TOO_LARGE') return undefined;
    throw new FormatError(`${compression} data is damaged: ${codeOf(error)}`, { cause: error });
  }
}

function codeOf(error: unknown): string {
  return String((error as { code?: unknown }).code);
}
