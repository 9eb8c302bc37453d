// Bounded synchronous decompression: whatever the input says, the output never takes more memory than its limit.
// For worker threads: these calls block.
import { constants, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { FormatError } from '../errors.ts';
import type { ChunkCompression } from './model.ts';
import { isSkippableMagic, SKIPPABLE_HEADER_SIZE } from './zstd-footer.ts';

export interface InflateLimits {
  /** Bytes of output that are expected: one buffer of this size is made first. */
  readonly expected: number;
  /** Bytes of output at most. */
  readonly limit: number;
  /** So many bytes of output are enough: frames behind them are not looked at. All, unless told. */
  readonly enough?: number;
}

/** A frame costs a call, however little it holds. Nobody cuts a chunk into that many. */
const MAX_FRAMES = 4096;

/**
 * Decompresses what it can: input that is cut gives the bytes up to the cut. gzip members or zstd frames that
 * follow each other give one output; skippable frames give none.
 * @returns undefined when the output would be larger than the limit.
 * @throws FormatError when the input is not compressed this way or is damaged.
 */
export function inflateBounded(
  compressed: Uint8Array,
  compression: ChunkCompression,
  limits: InflateLimits,
): Buffer | undefined {
  try {
    return compression === 'gzip' ? gunzip(compressed, limits) : unzstd(compressed, limits);
  } catch (error) {
    if (codeOf(error) === 'ERR_BUFFER_TOO_LARGE') return undefined;
    if (error instanceof FormatError) throw error;
    throw new FormatError(`${compression} data is damaged: ${codeOf(error)}`, { cause: error });
  }
}

function gunzip(compressed: Uint8Array, { expected, limit }: InflateLimits): Buffer {
  const finishFlush = constants.Z_SYNC_FLUSH;
  return gunzipSync(compressed, { maxOutputLength: limit, chunkSize: bufferSize(expected, limit), finishFlush });
}

// Node's decompressor ends with the first frame, whatever follows.
function unzstd(compressed: Uint8Array, { expected, limit, enough = Infinity }: InflateLimits): Buffer {
  const bytes = Buffer.from(compressed.buffer, compressed.byteOffset, compressed.length);
  const parts: Buffer[] = [];
  let length = 0;
  for (let at = skipFrames(bytes, 0); at < bytes.length && length < enough;) {
    if (parts.length === MAX_FRAMES) throw new FormatError(`zstd data has more than ${MAX_FRAMES} frames`);
    const frame = unzstdFrame(bytes.subarray(at), expected - length, limit - length);
    parts.push(frame.content);
    length += frame.content.length;
    // What is too short for a frame's header is passed as well.
    at = frame.size === 0 ? bytes.length : skipFrames(bytes, at + frame.size);
  }
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts, length);
}

/** The content of the first frame, and its compressed bytes. */
function unzstdFrame(bytes: Buffer, expected: number, limit: number): { content: Buffer; size: number } {
  const { buffer, engine } = zstdDecompressSync(bytes, {
    maxOutputLength: Math.max(1, limit),
    chunkSize: bufferSize(expected, limit),
    finishFlush: constants.ZSTD_e_continue,
    info: true,
  }) as unknown as { buffer: Buffer; engine: { bytesWritten: number } };
  // A limit of 0 can't be told to zlib.
  if (buffer.length > limit) throw Object.assign(new RangeError('too large'), { code: 'ERR_BUFFER_TOO_LARGE' });
  return { content: buffer, size: engine.bytesWritten };
}

// Where the next frame with content begins, or the end. A skippable frame is passed without a call: it costs nothing.
function skipFrames(bytes: Buffer, start: number): number {
  let at = start;
  while (at + SKIPPABLE_HEADER_SIZE <= bytes.length && isSkippableMagic(bytes.readUInt32LE(at))) {
    at += SKIPPABLE_HEADER_SIZE + bytes.readUInt32LE(at + 4);
  }
  return Math.min(at, bytes.length);
}

// One byte more than expected, else zlib makes a second buffer only to find that nothing is left.
function bufferSize(expected: number, limit: number): number {
  return Math.max(64, Math.min(expected + 1, limit));
}

function codeOf(error: unknown): string {
  return String((error as { code?: unknown }).code);
}
