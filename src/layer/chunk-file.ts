// The `chunks` sidecar: the chunk table of a layer and where each chunk lies in the layer image, as raw
// little-endian columns, so that a daemon that starts again needs neither the registry nor the TOC.
//   4 count + 4 compression + columns of count: blobOffset, blobEnd, innerOffset, fileOffset, imageOffset (f64), size (u32), digest (32 B)
import { endianness } from 'node:os';
import { FormatError } from '../errors.ts';
import type { ChunkTable } from '../estargz/model.ts';
import { decodeFrame, encodeFrame } from './frame.ts';

const MAGIC = 'LZPCHUNK';
const VERSION = 1;
const PREFIX_SIZE = 4 + 4;
// 5 columns of 8 bytes, one of 4, one of 32.
const BYTES_PER_CHUNK = 5 * 8 + 4 + 32;
const COMPRESSIONS = ['gzip', 'zstd'] as const;

/** A chunk table with the place of each chunk in the layer image. */
export interface PlacedChunks {
  readonly table: ChunkTable;
  /** Offset of each chunk in the layer image, on a SharedArrayBuffer, ascending. */
  readonly imageOffset: Float64Array;
}

/** The `chunks` file. */
export function encodeChunkFile(chunks: PlacedChunks): Buffer {
  assertLittleEndian();
  const { table } = chunks;
  const payload = Buffer.alloc(PREFIX_SIZE + table.count * BYTES_PER_CHUNK);
  payload.writeUInt32LE(table.count, 0);
  payload.writeUInt32LE(COMPRESSIONS.indexOf(table.compression), 4);
  let at = PREFIX_SIZE;
  for (const column of columnsOf(chunks)) {
    payload.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), at);
    at += column.byteLength;
  }
  return encodeFrame(MAGIC, VERSION, payload);
}

/** @throws FormatError when it is damaged or not a chunk file. */
export function decodeChunkFile(bytes: Buffer): PlacedChunks {
  assertLittleEndian();
  const payload = decodeFrame(MAGIC, VERSION, bytes);
  const count = payload.length < PREFIX_SIZE ? -1 : payload.readUInt32LE(0);
  const compression = COMPRESSIONS[payload.length < PREFIX_SIZE ? -1 : payload.readUInt32LE(4)];
  if (compression === undefined || payload.length !== PREFIX_SIZE + count * BYTES_PER_CHUNK) {
    throw new FormatError(`sidecar ${MAGIC}: ${payload.length} bytes do not hold ${count} chunks`);
  }
  const chunks = emptyChunks(count, compression);
  let at = PREFIX_SIZE;
  for (const column of columnsOf(chunks)) {
    new Uint8Array(column.buffer).set(payload.subarray(at, at + column.byteLength));
    at += column.byteLength;
  }
  return chunks;
}

function columnsOf({ table, imageOffset }: PlacedChunks): (Float64Array | Uint32Array | Uint8Array)[] {
  const { count } = table;
  return [
    table.blobOffset.subarray(0, count),
    table.blobEnd.subarray(0, count),
    table.innerOffset.subarray(0, count),
    table.fileOffset.subarray(0, count),
    imageOffset.subarray(0, count),
    table.size.subarray(0, count),
    table.digest.subarray(0, count * 32),
  ];
}

function emptyChunks(count: number, compression: ChunkTable['compression']): PlacedChunks {
  const floats = (): Float64Array => new Float64Array(new SharedArrayBuffer(count * 8));
  const table: ChunkTable = {
    count,
    compression,
    blobOffset: floats(),
    blobEnd: floats(),
    innerOffset: floats(),
    fileOffset: floats(),
    size: new Uint32Array(new SharedArrayBuffer(count * 4)),
    digest: new Uint8Array(new SharedArrayBuffer(count * 32)),
  };
  return { table, imageOffset: floats() };
}

// Every platform of Node that can mount EROFS is little-endian, but for s390x.
function assertLittleEndian(): void {
  if (endianness() !== 'LE') throw new FormatError('the layer cache needs a little-endian machine');
}
