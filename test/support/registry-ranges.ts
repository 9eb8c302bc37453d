// The blob half of the test registry: GET and HEAD with single, suffix and multiple ranges (RFC 9110 section 14),
// paced and broken as the knobs say.
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Content } from './registry-content.ts';
import type { RegistryKnobs, RequestRecord } from './registry-knobs.ts';

/** [start, end) in the blob. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** The satisfiable ranges of a Range header; empty when none is; undefined when the header is absent or not understood. */
export function parseRangeHeader(header: string | undefined, size: number): ByteRange[] | undefined {
  const spec = /^bytes=([-0-9, ]+)$/.exec(header ?? '')?.[1];
  if (spec === undefined) return undefined;
  const ranges: ByteRange[] = [];
  for (const part of spec.split(',')) {
    const match = /^\s*(\d*)-(\d*)\s*$/.exec(part);
    if (match === null || (match[1] === '' && match[2] === '')) return undefined;
    const last = match[2] === '' ? size - 1 : Number(match[2]);
    if (match[1] === '') ranges.push({ start: Math.max(0, size - last), end: size });
    else ranges.push({ start: Number(match[1]), end: Math.min(size, last + 1) });
  }
  return ranges.filter((range) => range.start < range.end);
}

/** Answers a blob request. */
export async function serveBlob(
  request: IncomingMessage,
  response: ServerResponse,
  content: Content,
  knobs: RegistryKnobs,
  record: RequestRecord,
): Promise<void> {
  const header = request.headers.range;
  const ranges = knobs.noRange ? undefined : parseRangeHeader(header, content.size);
  const multiple = (ranges?.length ?? 0) > 1;
  const suffix = header?.startsWith('bytes=-') === true;
  if (suffix && knobs.suffixStatus !== undefined) return void response.writeHead(knobs.suffixStatus).end();
  if (multiple && knobs.status501OnMultiRange) return void response.writeHead(501).end();
  if (ranges?.length === 0) {
    return void response.writeHead(416, { 'content-range': `bytes */${content.size}` }).end();
  }
  const whole = ranges === undefined || (knobs.wholeBody && (multiple || suffix));
  if (whole) return sendSingle(request, response, content, { start: 0, end: content.size }, 200, knobs, record);
  if (multiple) return sendMultiple(response, content, ranges, knobs, record);
  return sendSingle(request, response, content, ranges[0] as ByteRange, 206, knobs, record);
}

async function sendSingle(
  request: IncomingMessage,
  response: ServerResponse,
  content: Content,
  range: ByteRange,
  status: 200 | 206,
  knobs: RegistryKnobs,
  record: RequestRecord,
): Promise<void> {
  const extra = status === 206 ? Math.min(knobs.extraBytes, content.size - range.end) : 0;
  const shift = knobs.contentRangeShift;
  response.writeHead(status, {
    'content-type': 'application/octet-stream',
    ...(knobs.noRange ? {} : { 'accept-ranges': 'bytes' }),
    ...(knobs.chunked ? {} : { 'content-length': range.end - range.start + extra }),
    ...(status === 206
      ? { 'content-range': `bytes ${range.start + shift}-${range.end - 1 + shift}/${content.size}` }
      : {}),
  });
  if (request.method === 'HEAD') return void response.end();
  await sendBody(response, content.read(range.start, range.end + extra), knobs, record);
}

async function sendMultiple(
  response: ServerResponse,
  content: Content,
  ranges: readonly ByteRange[],
  knobs: RegistryKnobs,
  record: RequestRecord,
): Promise<void> {
  const boundary = randomUUID();
  response.writeHead(206, { 'content-type': `multipart/byteranges; boundary=${boundary}` });
  async function* parts(): AsyncGenerator<Uint8Array> {
    for (const { start, end } of ranges) {
      yield Buffer.from(`\r\n--${boundary}\r\nContent-Range: bytes ${start}-${end - 1}/${content.size}\r\n\r\n`);
      yield* content.read(start, end);
    }
    yield Buffer.from(`\r\n--${boundary}--\r\n`);
  }
  await sendBody(response, parts(), knobs, record);
}

/** Writes a body at the knobs' pace, and drops the connection in the middle when they say so. */
async function sendBody(
  response: ServerResponse,
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  knobs: RegistryKnobs,
  record: RequestRecord,
): Promise<void> {
  let left = knobs.dropAfter !== undefined && knobs.dropCount > 0 ? knobs.dropAfter : Infinity;
  for await (const piece of slices(source, knobs.bytesPerSec === undefined ? 1 << 20 : 16 << 10)) {
    if (response.destroyed) return;
    const part = piece.subarray(0, Math.min(piece.length, left));
    left -= part.length;
    record.bytes += part.length;
    await writeAndWait(response, part);
    if (part.length < piece.length) {
      knobs.dropCount -= 1;
      return void response.destroy();
    }
    if (knobs.bytesPerSec !== undefined) await sleep((part.length / knobs.bytesPerSec) * 1000);
  }
  response.end();
}

async function* slices(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  most: number,
): AsyncGenerator<Uint8Array> {
  for await (const piece of source) {
    for (let start = 0; start < piece.length; start += most) yield piece.subarray(start, start + most);
  }
}

function writeAndWait(response: ServerResponse, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('close', done);
      resolve();
    };
    response.once('close', done);
    response.write(bytes, done);
  });
}
