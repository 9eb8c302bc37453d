// From the compressed bytes of a member to the verified payloads of its chunks: the only way by which bytes of a
// blob become bytes of a file. Runs in the chunk workers; every call blocks.
import { hash } from 'node:crypto';
import { FormatError, VerificationError } from '../errors.ts';
import { inflateBounded } from './inflate.ts';
import type { InflateLimits } from './inflate.ts';
import type { ChunkCompression, ChunkTable } from './model.ts';

// After a payload the member goes on with padding and the headers of what follows: 512 bytes for each directory or
// link, so thousands of them fit here. What is longer than this is found by bisection.
const SLACK = 4 * 1024 * 1024;
const USUAL_SLACK = 16 * 1024;

/**
 * At least the first `needed` decompressed bytes of the member at the beginning of `compressed`. Takes at most
 * `needed` + 4 MiB (twice that while pieces are joined), whatever the member holds.
 * @throws FormatError when the member is damaged or gives fewer bytes.
 */
export function decodeMember(compressed: Uint8Array, compression: ChunkCompression, needed: number): Uint8Array {
  const limits = { expected: needed + USUAL_SLACK, limit: needed + SLACK, enough: needed };
  const all = inflateBounded(compressed, compression, limits);
  if (all !== undefined && all.length < needed) {
    throw new FormatError(`${compression} member gives ${all.length} bytes, wanted ${needed}`);
  }
  return all ?? decodeSome(compressed, compression, limits, needed);
}

// The whole member gives too much, so a part of its input gives enough. One more byte of input gives at most a few
// KiB (gzip) or one block of 128 KiB (zstd), far less than the slack: a length between too little and too much exists.
function decodeSome(
  compressed: Uint8Array,
  compression: ChunkCompression,
  limits: InflateLimits,
  needed: number,
): Uint8Array {
  let tooLittle = 0;
  let tooMuch = compressed.length;
  while (tooMuch - tooLittle > 1) {
    const middle = Math.floor((tooLittle + tooMuch) / 2);
    const some = inflateBounded(compressed.subarray(0, middle), compression, limits);
    if (some === undefined) tooMuch = middle;
    else if (some.length < needed) tooLittle = middle;
    else return some;
  }
  throw new FormatError(`${compression} member gives no prefix of ${needed} bytes`);
}

/** What a caller accepts of chunks whose TOC has no digest for them. */
export interface SplitOptions {
  /** Gives out a chunk without a digest unverified, instead of throwing. Only for layers that the user allowed it for. */
  readonly allowMissingDigest: boolean;
}

/**
 * The payloads of the chunks [first, end), which lie in one member; views of `decoded`, each verified.
 * @throws VerificationError when one is not what its digest promises, or has none.
 * @throws FormatError when `decoded` is too short for one.
 */
export function splitMember(
  chunks: ChunkTable,
  first: number,
  end: number,
  decoded: Uint8Array,
  options: SplitOptions = { allowMissingDigest: false },
): Uint8Array[] {
  const payloads: Uint8Array[] = [];
  for (let chunk = first; chunk < end; chunk++) payloads.push(takeChunk(chunks, chunk, decoded, options));
  return payloads;
}

/** The payload of one chunk out of its decoded member: a verified view of `decoded`. @throws as splitMember does. */
export function takeChunk(
  chunks: ChunkTable,
  chunk: number,
  decoded: Uint8Array,
  options: SplitOptions = { allowMissingDigest: false },
): Uint8Array {
  const start = chunks.innerOffset[chunk] ?? Number.NaN;
  const end = start + (chunks.size[chunk] ?? Number.NaN);
  if (!(end <= decoded.length)) {
    throw new FormatError(`chunk ${chunk} ends at ${end} of its member, which has ${decoded.length} bytes`);
  }
  const payload = decoded.subarray(start, end);
  const wanted = chunks.digest.subarray(chunk * 32, chunk * 32 + 32);
  if (options.allowMissingDigest && wanted.every((byte) => byte === 0)) return payload;
  const actual = hash('sha256', payload, 'buffer');
  if (actual.compare(wanted) !== 0) {
    throw new VerificationError(`chunk ${chunk}`, `sha256:${hex(wanted)}`, `sha256:${hex(actual)}`);
  }
  return payload;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
