// Decompresses some regions of a blob, each by itself, so that it shows whether each is a member or several and nothing else.
// Blocks: for workers.
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { isSkippableMagic, SKIPPABLE_HEADER_SIZE } from '../estargz/zstd-footer.ts';

/** Regions one behind the other. `bytes` is transferred, and comes back. */
export interface InflateTask {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Where each region ends in `bytes`. */
  readonly ends: readonly number[];
  readonly compression: 'gzip' | 'zstd';
  /** Decompressed bytes of a region at most. */
  readonly limit: number;
}

/**
 * What is wrong with a region: `cut`, its last member goes on behind it; `damaged`; `behind`, there is something else behind
 * its members; `large`, it decompresses to more than the limit.
 */
export interface RegionFailure {
  readonly kind: 'cut' | 'damaged' | 'behind' | 'large';
  /** zlib's words. */
  readonly detail: string;
}

export interface InflateResult {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly plain: Uint8Array<ArrayBuffer>;
  /** Where each region's bytes end in `plain`; a region that failed has none. */
  readonly plainEnds: readonly number[];
  /** By index of the region. */
  readonly failures: ReadonlyMap<number, RegionFailure>;
}

/** Decompresses the regions of a task. */
export function inflateBatch({ bytes, ends, compression, limit }: InflateTask): InflateResult {
  const parts: Uint8Array[] = [];
  const plainEnds: number[] = [];
  const failures = new Map<number, RegionFailure>();
  let length = 0;
  let start = 0;
  for (const [index, end] of ends.entries()) {
    const region = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start);
    const plain = compression === 'gzip' ? gunzipRegion(region, limit) : unzstdRegion(region, limit);
    if ('kind' in plain) failures.set(index, plain);
    else {
      for (const part of plain.parts) parts.push(part);
      length += plain.length;
    }
    plainEnds.push(length);
    start = end;
  }
  const plain = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    plain.set(part, at);
    at += part.length;
  }
  return { bytes, plain, plainEnds, failures };
}

interface Plain {
  readonly parts: readonly Uint8Array[];
  readonly length: number;
}

type WithInfo = { readonly buffer: Buffer; readonly engine: { readonly bytesWritten: number } };

function gunzipRegion(region: Buffer, limit: number): Plain | RegionFailure {
  try {
    // The last member says how long it is, or lies: then zlib makes more buffers.
    const said = region.length < 4 ? 0 : region.readUInt32LE(region.length - 4);
    const chunkSize = Math.min(limit, Math.max(4 * region.length, 64, Math.min(said + 1, 1100 * region.length)));
    const { buffer, engine } = gunzipSync(region, {
      info: true,
      maxOutputLength: limit,
      chunkSize,
    }) as unknown as WithInfo;
    // zlib ends at a zero byte.
    if (engine.bytesWritten !== region.length) return behind(engine.bytesWritten);
    return { parts: [buffer], length: buffer.length };
  } catch (error) {
    return failureOf(error);
  }
}

function unzstdRegion(region: Buffer, limit: number): Plain | RegionFailure {
  const parts: Buffer[] = [];
  let length = 0;
  try {
    for (let at = 0; at < region.length;) {
      if (region.length - at < 4) return { kind: 'cut', detail: 'no room for a frame' };
      if (isSkippableMagic(region.readUInt32LE(at))) {
        const isCut = region.length - at < SKIPPABLE_HEADER_SIZE;
        at += isCut ? region.length : SKIPPABLE_HEADER_SIZE + region.readUInt32LE(at + 4);
        if (isCut || at > region.length) return { kind: 'cut', detail: 'a skippable frame goes on behind it' };
        continue;
      }
      const options = { info: true, maxOutputLength: Math.max(1, limit - length) };
      const { buffer, engine } = zstdDecompressSync(region.subarray(at), options) as unknown as WithInfo;
      if (engine.bytesWritten === 0) return behind(at);
      at += engine.bytesWritten;
      length += buffer.length;
      if (buffer.length > 0) parts.push(buffer);
    }
    return { parts, length };
  } catch (error) {
    return failureOf(error);
  }
}

function behind(at: number): RegionFailure {
  return { kind: 'behind', detail: `other bytes follow after ${at}` };
}

function failureOf(error: unknown): RegionFailure {
  const { code, message } = error as { code?: string; message: string };
  if (code === 'Z_BUF_ERROR') return { kind: 'cut', detail: message };
  if (code === 'ERR_BUFFER_TOO_LARGE') return { kind: 'large', detail: message };
  return { kind: 'damaged', detail: message };
}
