// From a batch of a layer's stream to compressed members: reads the bytes from the tar, compresses member by member,
// hashes the chunks. Runs in the compress workers; every call blocks. What comes out depends on the batch and the
// options alone.
import { hash } from 'node:crypto';
import { readSync } from 'node:fs';
import { FormatError } from '../errors.ts';
import type { Batch } from './batches.ts';
import { MemberOutput } from './compress-member.ts';
import type { MemberOptions } from './compress-member.ts';

/** One batch to be compressed. The buffers are transferred, used when they are large enough, and come back in the result. */
export interface CompressTask {
  readonly batch: Omit<Batch, 'marks'>;
  /** Of the tar; stays open as long as the task runs. */
  readonly fd: number;
  readonly options: MemberOptions & { readonly minChunkSize: number };
  readonly buffers: BatchBuffers | undefined;
}

/** Memory for a batch, decompressed and compressed. */
export interface BatchBuffers {
  readonly plain: ArrayBuffer;
  readonly compressed: ArrayBuffer;
}

export interface CompressResult {
  /** The decompressed bytes of the batch. */
  readonly plain: Uint8Array<ArrayBuffer>;
  readonly compressed: Uint8Array<ArrayBuffer>;
  /** Where each member ends in the compressed bytes. */
  readonly memberEnds: readonly number[];
  /** By chunk: the index of its member, where it begins in the decompressed member, and the 32 bytes of its sha256. */
  readonly chunkMembers: readonly number[];
  readonly chunkInner: readonly number[];
  readonly digests: Uint8Array<ArrayBuffer>;
}

/** Bytes of a buffer that serves most batches: those of small files, and of one chunk of usual size. */
export const USUAL_BUFFER: number = 4 * 1024 * 1024 + 64 * 1024;
const DIGEST_SIZE = 32;

/** @throws FormatError when the tar ends before it should; what reading throws. */
export function compressBatch(task: CompressTask): CompressResult {
  const { batch, options, buffers } = task;
  const plain = Buffer.from(largeEnough(buffers?.plain, batch.size), 0, batch.size);
  fill(plain, batch, task.fd);
  const output = new MemberOutput(largeEnough(buffers?.compressed, batch.size), options);
  const members = options.minChunkSize > 0 ? growMembers(plain, batch, options.minChunkSize, output) : batch.members;
  if (options.minChunkSize === 0) {
    for (const [index, start] of members.entries()) output.add(plain.subarray(start, members[index + 1] ?? batch.size));
  }
  return {
    plain,
    compressed: output.bytes,
    memberEnds: output.ends,
    ...placeChunks(batch.chunks, members),
    digests: hashChunks(plain, batch.chunks),
  };
}

// Puts the batch together. Parts that are as far from each other in the tar as in the batch are read with what is
// between them, which is padding.
function fill(plain: Buffer, { copies, literals }: CompressTask['batch'], fd: number): void {
  let end = 0;
  for (let i = 0; i < copies.length;) {
    const at = copies[i]!;
    const from = copies[i + 1]!;
    plain.fill(0, end, at);
    let next = i;
    do {
      end = copies[next]! + copies[next + 2]!;
      next += 3;
    } while (next < copies.length && isNear(copies, next, at - from, end));
    readAll(fd, plain.subarray(at, end), from);
    for (let gap = i; gap + 3 < next; gap += 3) plain.fill(0, copies[gap]! + copies[gap + 2]!, copies[gap + 3]);
    i = next;
  }
  plain.fill(0, end);
  for (const { at, bytes } of literals) plain.set(bytes, at);
}

const LONGEST_GAP = 512;

function isNear(copies: readonly number[], index: number, shift: number, end: number): boolean {
  const at = copies[index]!;
  return at - (copies[index + 1] ?? 0) === shift && at - end <= LONGEST_GAP;
}

function readAll(fd: number, target: Buffer, position: number): void {
  for (let at = 0; at < target.length;) {
    const length = readSync(fd, target, at, target.length - at, position + at);
    if (length === 0) {
      const offset = position + at;
      throw new FormatError(`the tar ends at ${offset}, wanted ${target.length - at} more bytes`, { offset });
    }
    at += length;
  }
}

/**
 * minChunkSize: members that have at least so many compressed bytes, but for the last one of the batch and those before
 * a chunk that begins its own. Since only compressing tells how large a member is, one that turns out to be too small is
 * compressed again with as much more as its ratio promises, at least a quarter more: so a byte is compressed a few
 * times at most.
 */
function growMembers(
  plain: Buffer,
  { chunks, ownMembers }: CompressTask['batch'],
  minChunkSize: number,
  output: MemberOutput,
): number[] {
  const starts = [0];
  const own = new Set(ownMembers);
  let tryAt = minChunkSize;
  for (let chunk = 0; chunk < chunks.length / 2; chunk++) {
    const start = starts.at(-1)!;
    const at = chunks[2 * chunk]!;
    const length = at - start;
    if (length === 0 || (!own.has(chunk) && length < tryAt)) continue;
    const size = output.add(plain.subarray(start, at));
    if (own.has(chunk) || size >= minChunkSize) {
      starts.push(at);
      tryAt = minChunkSize;
    } else {
      output.removeLast();
      tryAt = Math.ceil(Math.max(1.25, minChunkSize / size) * length);
    }
  }
  output.add(plain.subarray(starts.at(-1)));
  return starts;
}

function placeChunks(
  chunks: readonly number[],
  members: readonly number[],
): Pick<CompressResult, 'chunkMembers' | 'chunkInner'> {
  const chunkMembers: number[] = [];
  const chunkInner: number[] = [];
  let member = 0;
  for (let i = 0; i < chunks.length; i += 2) {
    const at = chunks[i]!;
    while ((members[member + 1] ?? Infinity) <= at) member++;
    chunkMembers.push(member);
    chunkInner.push(at - members[member]!);
  }
  return { chunkMembers, chunkInner };
}

function hashChunks(plain: Buffer, chunks: readonly number[]): Uint8Array<ArrayBuffer> {
  const digests = new Uint8Array((chunks.length / 2) * DIGEST_SIZE);
  for (let i = 0; i < chunks.length; i += 2) {
    const payload = plain.subarray(chunks[i], chunks[i]! + chunks[i + 1]!);
    digests.set(hash('sha256', payload, 'buffer'), (i / 2) * DIGEST_SIZE);
  }
  return digests;
}

function largeEnough(buffer: ArrayBuffer | undefined, size: number): ArrayBuffer {
  return buffer !== undefined && buffer.byteLength >= size ? buffer : new ArrayBuffer(Math.max(size, USUAL_BUFFER));
}
