// The reading half of the hot workers: opens a pack, checks what it says of itself, and stores its chunks, each compared
// with the digest that the layer's table of contents has for it. Everything here blocks.
import { hash } from 'node:crypto';
import { fstatSync } from 'node:fs';
import { FormatError } from '../errors.ts';
import type { ChunkTable } from '../estargz/model.ts';
import type { TocBytes } from '../estargz/toc-bytes.ts';
import { updateLive } from './bitmap-file.ts';
import type { StoreTarget } from './chunk-worker.ts';
import { encodeError } from './error-codec.ts';
import type { ErrorRecord } from './error-codec.ts';
import { readInto, writeAll } from './file-io.ts';
import { peekFrameSize } from './frame.ts';
import { decodePackHeader, MAX_PACK_HEADER_BYTES, packBytes, packHeaderBytes } from './hot-pack.ts';
import type { PackHeader } from './hot-pack.ts';
import { hasChunk, setChunk } from './presence.ts';
import { decodeTocFile } from './toc-file.ts';

/** A pack whose parts fit together. Nothing of it was compared with a digest of the layer yet. */
export interface OpenedPack {
  readonly header: PackHeader;
  readonly toc: TocBytes;
  /** Where the first chunk's bytes begin in the pack. */
  readonly dataStart: number;
}

/** Chunks of a pack, one behind the other from `packOffset` on, and where they go. */
export interface StorePackTask {
  /** Descriptor of the pack; it stays open as long as the task runs. */
  readonly fd: number;
  readonly packOffset: number;
  readonly chunks: Uint32Array;
  readonly target: StoreTarget;
}

export interface StorePackResult {
  /** Chunks that are there now and were not before, and their bytes. */
  readonly storedChunks: number;
  readonly storedBytes: number;
  /** Chunks whose bytes are not what their digest says. */
  readonly damagedChunks: number;
  /** The disk said no; chunks from then on are not stored. */
  readonly diskError?: ErrorRecord;
}

/** Chunks up to here share one buffer of their worker: nearly all, since converters make none larger unless told. */
const ROOM_BYTES = 4 * 1024 * 1024;

/** Reads header and TOC. @throws FormatError when the file is no pack, damaged, cut, or longer than it says. */
export function openPack(fd: number): OpenedPack {
  const fileBytes = fstatSync(fd).size;
  const head = readAt(fd, 0, Math.min(fileBytes, packHeaderBytes(0)), 'header');
  const headerBytes = peekFrameSize(head);
  if (headerBytes > Math.min(fileBytes, MAX_PACK_HEADER_BYTES)) {
    throw new FormatError(`hot pack: a header of ${headerBytes} bytes in a file of ${fileBytes}`);
  }
  const header = decodePackHeader(readAt(fd, 0, headerBytes, 'header'));
  const wanted = packBytes(header.tocFileBytes, header.sizes);
  if (fileBytes !== wanted) throw new FormatError(`hot pack: a file of ${fileBytes} bytes, its header says ${wanted}`);
  const toc = decodeTocFile(readAt(fd, headerBytes, header.tocFileBytes, 'TOC'));
  return { header, toc, dataStart: headerBytes + header.tocFileBytes };
}

/** Compares a header with the table of the layer that it is for. @throws FormatError when a chunk is not in it, or has another size. */
export function requireSameChunks({ digest, chunks, sizes }: PackHeader, table: ChunkTable): void {
  for (const [i, chunk] of chunks.entries()) {
    if (chunk < table.count && table.size[chunk] === sizes[i]) continue;
    const actual = chunk < table.count ? `one of ${table.size[chunk]} bytes` : `only ${table.count} chunks`;
    throw new FormatError(`hot pack: chunk ${chunk} of ${sizes[i]} bytes, layer ${digest} has ${actual}`);
  }
}

/** Stores the chunks of a task that are missing and right. @throws FormatError when the file ends too soon, the disk's error in reading. */
export function storePacked({ fd, packOffset, chunks, target }: StorePackTask): StorePackResult {
  const counts = { storedChunks: 0, storedBytes: 0, damagedChunks: 0 };
  const { bitmap, imageFd, liveFd } = target;
  const { table, imageOffset } = target.chunks;
  let at = packOffset;
  let diskError: ErrorRecord | undefined;
  for (const chunk of chunks) {
    const size = table.size[chunk]!;
    if (!hasChunk(bitmap, chunk)) {
      const bytes = fill(roomFor(size), fd, at, `chunk ${chunk}`);
      if (!isPromised(table, chunk, bytes)) counts.damagedChunks++;
      else {
        diskError = onDisk(() => writeAll(imageFd, bytes, imageOffset[chunk]!));
        if (diskError !== undefined) break;
        if (setChunk(bitmap, chunk)) {
          counts.storedChunks++;
          counts.storedBytes += size;
        }
      }
    }
    at += size;
  }
  diskError ??= onDisk(() => updateLiveOf(liveFd, bitmap, chunks));
  return diskError === undefined ? counts : { ...counts, diskError };
}

// Buffers lie outside of V8's heap, which would collect them late: a pack would take as much memory as it has bytes.
let room = Buffer.alloc(0);

function roomFor(size: number): Buffer {
  if (size > ROOM_BYTES) return Buffer.allocUnsafeSlow(size);
  if (size > room.length) room = Buffer.allocUnsafeSlow(ROOM_BYTES);
  return room.subarray(0, size);
}

// A chunk without a digest is nothing that a pack may bring: no sha256 is all zero.
function isPromised(table: ChunkTable, chunk: number, bytes: Buffer): boolean {
  return hash('sha256', bytes, 'buffer').equals(table.digest.subarray(chunk * 32, chunk * 32 + 32));
}

function updateLiveOf(liveFd: number, bitmap: Int32Array, chunks: Uint32Array): void {
  let [first, end] = [Infinity, 0];
  for (const chunk of chunks) {
    first = Math.min(first, chunk);
    end = Math.max(end, chunk + 1);
  }
  if (first < end) updateLive(liveFd, bitmap, first, end);
}

function onDisk(work: () => void): ErrorRecord | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return encodeError(error);
  }
}

function readAt(fd: number, position: number, length: number, what: string): Buffer {
  return fill(Buffer.allocUnsafeSlow(length), fd, position, what);
}

function fill(bytes: Buffer, fd: number, position: number, what: string): Buffer {
  const count = readInto(fd, bytes, position);
  if (count === bytes.length) return bytes;
  throw new FormatError(`hot pack: the file ends within its ${what}`, { offset: position + count });
}
