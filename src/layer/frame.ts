// The sidecar files of a layer image share one frame, so that a damaged, cut or foreign file is never trusted:
//   8 magic + 4 version + 4 zero + 8 payload length + payload + 32 sha256 of all bytes before it
import { hash } from 'node:crypto';
import { FormatError } from '../errors.ts';

const HEADER_SIZE = 8 + 4 + 4 + 8;
const SUM_SIZE = 32;

/** @param magic exactly 8 ASCII characters that name the kind of file. */
export function encodeFrame(magic: string, version: number, payload: Uint8Array): Buffer {
  const out = Buffer.alloc(HEADER_SIZE + payload.length + SUM_SIZE);
  out.write(magic, 0, 8, 'latin1');
  out.writeUInt32LE(version, 8);
  out.writeBigUInt64LE(BigInt(payload.length), 16);
  out.set(payload, HEADER_SIZE);
  const sumStart = HEADER_SIZE + payload.length;
  out.set(hash('sha256', out.subarray(0, sumStart), 'buffer'), sumStart);
  return out;
}

/**
 * The payload of a frame; a view of `bytes`. Bytes after the frame are left alone: see `frameSize`.
 * @throws FormatError when it is not a whole frame of this kind and version.
 */
export function decodeFrame(magic: string, version: number, bytes: Buffer): Buffer {
  const fail = (what: string): never => {
    throw new FormatError(`sidecar ${magic}: ${what}`);
  };
  if (bytes.length < HEADER_SIZE + SUM_SIZE) return fail(`${bytes.length} bytes are too few`);
  if (bytes.toString('latin1', 0, 8) !== magic) return fail('another kind of file');
  if (bytes.readUInt32LE(8) !== version) return fail(`version ${bytes.readUInt32LE(8)}, wanted ${version}`);
  const length = bytes.readBigUInt64LE(16);
  if (length > BigInt(bytes.length - HEADER_SIZE - SUM_SIZE))
    return fail(`${length} bytes promised, the file is shorter`);
  const sumStart = HEADER_SIZE + Number(length);
  const sum = hash('sha256', bytes.subarray(0, sumStart), 'buffer');
  if (!sum.equals(bytes.subarray(sumStart, sumStart + SUM_SIZE))) return fail('wrong checksum');
  return bytes.subarray(HEADER_SIZE, sumStart);
}

/**
 * Bytes of the frame that begins with `head`, as it says itself: Infinity for more than a number can say.
 * @throws FormatError when `head` is too short to say it.
 */
export function peekFrameSize(head: Buffer): number {
  if (head.length < HEADER_SIZE) throw new FormatError(`frame: ${head.length} bytes are too few`);
  const size = frameSize(Number(head.readBigUInt64LE(16)));
  return Number.isSafeInteger(size) ? size : Infinity;
}

/** Bytes of a frame around `payloadLength` bytes. */
export function frameSize(payloadLength: number): number {
  return HEADER_SIZE + payloadLength + SUM_SIZE;
}
