// Checked numbers for the EROFS writer: what does not fit its field is an error, never a truncated value.
import { FormatError } from '../errors.ts';

const TWO_32 = 2 ** 32;

/** The metadata that is being written: two views of the same bytes, from image offset 0 on. */
export interface Image {
  /** For numbers: several times faster than the Buffer's methods in code that runs once per layer, before it is compiled. */
  readonly view: DataView;
  /** For names and values. */
  readonly bytes: Buffer<ArrayBuffer>;
}

/** Zeros. */
export function createImage(size: number): Image {
  const bytes = Buffer.from(new ArrayBuffer(size));
  return { view: new DataView(bytes.buffer), bytes };
}

/** Writes text of `byteLength` bytes of UTF-8. */
export function writeText(image: Image, text: string, byteLength: number, offset: number): void {
  if (byteLength !== text.length) {
    image.bytes.write(text, offset, 'utf8');
    return;
  }
  // ASCII, and short mostly: a call of native code would take longer.
  for (let i = 0; i < byteLength; i++) image.bytes[offset + i] = text.charCodeAt(i);
}

/** Writes a signed 64-bit integer, little endian. @throws FormatError when `value` is no safe integer. */
export function writeInt64(target: DataView, value: number, offset: number): void {
  if (!Number.isSafeInteger(value)) throw new FormatError(`${value} is no whole number that can be written exactly`);
  const high = Math.floor(value / TWO_32);
  target.setUint32(offset, value - high * TWO_32, true);
  target.setInt32(offset + 4, high, true);
}

/**
 * `value`, when it is an integer in [0, limit].
 * @throws FormatError that calls the value `what`.
 */
export function requireRange(value: number, limit: number, what: string): number {
  if (!Number.isSafeInteger(value) || value < 0 || value > limit) {
    throw new FormatError(`${what} is ${value}, wanted 0 to ${limit}`);
  }
  return value;
}
