// The fields of one TOC entry, as JSON.parse gives them, checked one by one: a value that leaves this file is in range.
// Errors name the field, what it was and what it should be; the caller adds which entry. As in the reference reader, a
// field that is missing or null has its zero value, and unknown fields are ignored.
import { FormatError } from '../errors.ts';
import { isDigest } from '../oci/digest.ts';
import type { Digest } from '../oci/digest.ts';
import { MAX_XATTR_NAME, MAX_XATTR_TOTAL, MAX_XATTR_VALUE } from './limits.ts';

const NO_DIGEST = `sha256:${'0'.repeat(64)}`;
// One UTF-16 unit takes three bytes of UTF-8 at most, so shorter strings need no counting.
const BYTES_PER_UNIT = 3;

/** Any value, short enough for an error message. Objects are not looked into: they may be deeper than the stack. */
export function quote(value: unknown): string {
  if (typeof value === 'string')
    return value.length > 100 ? `${JSON.stringify(value.slice(0, 100))}...` : JSON.stringify(value);
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

/** @throws FormatError unless it is missing or an integer of [0, max]. */
export function parseInteger(value: unknown, field: string, max: number): number {
  if (value === undefined || value === null) return 0;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= max) return value;
  throw new FormatError(`${field}: got ${quote(value)}, wanted an integer from 0 to ${max}`);
}

/** Text without NUL, as the kernel will take it; what is no valid Unicode becomes U+FFFD, as in the reference reader. */
export function parseText(value: unknown, field: string, maxBytes: number): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'string') throw new FormatError(`${field}: got ${quote(value)}, wanted a string`);
  if (value.includes('\0')) throw new FormatError(`${field}: got ${quote(value)}, wanted a string without NUL`);
  const text = value.toWellFormed();
  if (!isShorter(text, maxBytes)) {
    throw new FormatError(`${field}: got ${Buffer.byteLength(text)} bytes, wanted ${maxBytes} at most`);
  }
  return text;
}

/** A digest, or undefined where there is none. */
export function parseDigestField(value: unknown, field: string): Digest | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  // All zero means "no digest" in the chunk table.
  if (typeof value === 'string' && isDigest(value) && value !== NO_DIGEST) return value;
  throw new FormatError(`${field}: got ${quote(value)}, wanted sha256: and 64 lower-case hex digits`);
}

// Digits and lower-case letters to their values, everything else to 255.
const HEX = new Uint8Array(256).fill(255);
for (const [value, digit] of Buffer.from('0123456789abcdef').entries()) HEX[digit] = value;
const SHA256 = Buffer.from('sha256:');

/** Writes the 32 bytes of the digest at [start, end) to `target`. @returns false when it is none, or the one of zeros. */
export function parseSha256(
  bytes: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  targetAt: number,
): boolean {
  if (end - start !== SHA256.length + 64) return false;
  for (let i = 0; i < SHA256.length; i++) if (bytes[start + i] !== SHA256[i]) return false;
  let union = 0;
  for (let i = 0, at = start + SHA256.length; i < 32; i++, at += 2) {
    const high = HEX[bytes[at]!]!;
    const low = HEX[bytes[at + 1]!]!;
    target[targetAt + i] = (high << 4) | low;
    union |= high | low;
  }
  return union > 0 && union < 16;
}

/** Extended attributes: full names to values. Undefined where there are none. */
export function parseXattrs(value: unknown): Map<string, Uint8Array> | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw new FormatError(`xattrs: got ${quote(value)}, wanted an object`);
  }
  const xattrs = new Map<string, Uint8Array>();
  let total = 0;
  for (const [key, encoded] of Object.entries(value)) {
    const name = parseText(key, 'xattr name', MAX_XATTR_NAME);
    if (name === '') throw new FormatError('xattr name: got none, wanted one');
    const bytes = parseBase64(encoded, `xattr ${quote(name)}`);
    total += Buffer.byteLength(name) + bytes.length;
    xattrs.set(name, bytes);
  }
  if (total > MAX_XATTR_TOTAL) throw new FormatError(`xattrs: got ${total} bytes, wanted ${MAX_XATTR_TOTAL} at most`);
  return xattrs.size === 0 ? undefined : xattrs;
}

// Go writes an empty value as "" and a nil one as null.
function parseBase64(value: unknown, field: string): Uint8Array {
  if (value === null) return new Uint8Array();
  if (typeof value !== 'string' || value.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(value)) {
    throw new FormatError(`${field}: got ${quote(value)}, wanted base64`);
  }
  const length = Buffer.byteLength(value, 'base64');
  if (length > MAX_XATTR_VALUE)
    throw new FormatError(`${field}: got ${length} bytes, wanted ${MAX_XATTR_VALUE} at most`);
  // A copy, because a view of Buffer's shared pool would keep, and be cloned to workers with, all of the pool.
  return new Uint8Array(Buffer.from(value, 'base64'));
}

function isShorter(text: string, maxBytes: number): boolean {
  return text.length * BYTES_PER_UNIT <= maxBytes || Buffer.byteLength(text) <= maxBytes;
}
