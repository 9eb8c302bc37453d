// The two bitmaps on disk that say which chunks of a layer image may be trusted after a restart.
// `present` is a checkpoint: written (by rename) only after fdatasync of the image, true for ever.
// `live` follows every stored chunk in place and is true in the boot that wrote it: the page cache outlives a
// killed process, but not the kernel. Each word of it is followed by its complement, so that a word that is
// half-written or damaged counts as "nothing there".
import { readFileSync, writeSync } from 'node:fs';
import { FormatError } from '../errors.ts';
import { emptyBitmap } from './presence.ts';
import { decodeFrame, encodeFrame, frameSize } from './frame.ts';

const PRESENT_MAGIC = 'LZPPRESN';
const LIVE_MAGIC = 'LZPLIVE0';
const VERSION = 1;
const IDENTITY_SIZE = 32;
const BOOT_ID_SIZE = 64;
// identity of the layer image 32 + boot id 64 (padded by zeros) + chunk count 4
const LIVE_HEADER_SIZE = frameSize(IDENTITY_SIZE + BOOT_ID_SIZE + 4);

/** The kernel's id of this boot. */
export function currentBootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}

/** A checkpoint of `bitmap`. `identity` (32 bytes) ties it to one layer image. The caller has synced the image before. */
export function encodePresent(identity: Uint8Array, bitmap: Int32Array): Buffer {
  const words = new Int32Array(bitmap.length);
  for (let i = 0; i < words.length; i++) words[i] = Atomics.load(bitmap, i);
  return encodeFrame(PRESENT_MAGIC, VERSION, Buffer.concat([identity, new Uint8Array(words.buffer)]));
}

/** @throws FormatError when it is damaged, or of another layer image. */
export function decodePresent(bytes: Buffer, identity: Uint8Array, count: number): Int32Array {
  const payload = decodeFrame(PRESENT_MAGIC, VERSION, bytes);
  const bitmap = emptyBitmap(count);
  if (payload.length !== IDENTITY_SIZE + bitmap.byteLength || !payload.subarray(0, IDENTITY_SIZE).equals(identity)) {
    throw new FormatError(`sidecar ${PRESENT_MAGIC}: of another layer image`);
  }
  new Uint8Array(bitmap.buffer).set(payload.subarray(IDENTITY_SIZE));
  return clearTail(bitmap, count);
}

/** A whole `live` file. */
export function encodeLive(identity: Uint8Array, bootId: string, count: number, bitmap: Int32Array): Buffer {
  const header = Buffer.alloc(IDENTITY_SIZE + BOOT_ID_SIZE + 4);
  header.set(identity);
  header.write(bootId.slice(0, BOOT_ID_SIZE), IDENTITY_SIZE, 'latin1');
  header.writeUInt32LE(count, IDENTITY_SIZE + BOOT_ID_SIZE);
  return Buffer.concat([encodeFrame(LIVE_MAGIC, VERSION, header), encodeWords(bitmap, 0, bitmap.length)]);
}

/**
 * The bits that this boot stored; undefined when another boot wrote the file.
 * @throws FormatError when it is damaged, or of another layer image.
 */
export function decodeLive(bytes: Buffer, identity: Uint8Array, bootId: string, count: number): Int32Array | undefined {
  const header = decodeFrame(LIVE_MAGIC, VERSION, bytes);
  const owner = header.toString('latin1', IDENTITY_SIZE, IDENTITY_SIZE + BOOT_ID_SIZE).replace(/\0+$/, '');
  const sameImage =
    header.subarray(0, IDENTITY_SIZE).equals(identity) && header.readUInt32LE(IDENTITY_SIZE + BOOT_ID_SIZE) === count;
  if (!sameImage) throw new FormatError(`sidecar ${LIVE_MAGIC}: of another layer image`);
  if (owner !== bootId.slice(0, BOOT_ID_SIZE)) return undefined;
  const bitmap = emptyBitmap(count);
  for (let i = 0; i < bitmap.length; i++) {
    const at = LIVE_HEADER_SIZE + i * 8;
    if (at + 8 > bytes.length) break;
    const word = bytes.readInt32LE(at);
    if (bytes.readInt32LE(at + 4) === ~word) bitmap[i] = word;
  }
  return clearTail(bitmap, count);
}

/**
 * Brings the words of chunks [first, end) of `live` up to date. Any thread may call it at any time: each caller
 * writes again until what it wrote is what memory says, so the last write to the file is never an old one.
 */
export function updateLive(fd: number, bitmap: Int32Array, first: number, end: number): void {
  const from = first >>> 5;
  const to = Math.min(bitmap.length, ((end - 1) >>> 5) + 1);
  for (let tries = 0; tries < 16; tries++) {
    const words = encodeWords(bitmap, from, to);
    writeSync(fd, words, 0, words.length, LIVE_HEADER_SIZE + from * 8);
    if (words.equals(encodeWords(bitmap, from, to))) return;
  }
}

function encodeWords(bitmap: Int32Array, from: number, to: number): Buffer {
  const out = Buffer.allocUnsafe((to - from) * 8);
  for (let i = from; i < to; i++) {
    const word = Atomics.load(bitmap, i);
    out.writeInt32LE(word, (i - from) * 8);
    out.writeInt32LE(~word, (i - from) * 8 + 4);
  }
  return out;
}

// Bits past the last chunk mean nothing; a file that sets them must not make a layer look more complete than it is.
function clearTail(bitmap: Int32Array, count: number): Int32Array {
  if (count % 32 !== 0) bitmap[bitmap.length - 1]! &= (1 << (count % 32)) - 1;
  return bitmap;
}
