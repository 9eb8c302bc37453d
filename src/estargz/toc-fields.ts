// The fields of one TOC entry, checked one by one: a value that leaves this file is in range. Errors name the
// field, what it was and what it should be; the caller adds which entry. As in the reference reader, a field that
// is missing or null has its zero value, and unknown fields are ignored.
import { FormatError } from '../errors.ts';
import { isDigest } from '../oci/digest.ts';
import type { Digest } from '../oci/digest.ts';
import {
  MAX_LINK_LENGTH,
  MAX_NAME_LENGTH,
  MAX_XATTR_NAME,
  MAX_XATTR_TOTAL,
  MAX_XATTR_VALUE,
  type TocLimits,
} from './limits.ts';

/** An entry as JSON.parse gives it: nothing is known of the values. */
export type RawEntry = Readonly<Record<string, unknown>>;

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

/** The names of a path from the root, none of them empty, `.` or `..`; no names for the root itself. */
export function parsePath(value: unknown, field: string, limits: TocLimits): string[] {
  const names = parseText(value, field, limits.maxPathLength).split('/');
  let count = 0;
  for (const name of names) {
    if (name === '' || name === '.') continue;
    if (name === '..') throw new FormatError(`${field}: got ${quote(value)}, wanted a path without ".."`);
    if (!isShorter(name, MAX_NAME_LENGTH)) {
      throw new FormatError(`${field}: a name has ${Buffer.byteLength(name)} bytes, wanted ${MAX_NAME_LENGTH} at most`);
    }
    names[count++] = name;
  }
  names.length = count;
  if (count > limits.maxDepth) {
    throw new FormatError(`${field}: a path of ${count} names, wanted ${limits.maxDepth} at most`);
  }
  return names;
}

/** Target of a symlink. */
export function parseLinkTarget(value: unknown): string {
  const target = parseText(value, 'linkName', MAX_LINK_LENGTH);
  if (target === '') throw new FormatError('linkName: got none, wanted a target');
  return target;
}

/** Permission bits with setuid, setgid and sticky. Tar writers may leave file-type bits in: those are dropped. */
export function parseMode(value: unknown): number {
  return parseInteger(value, 'mode', Number.MAX_SAFE_INTEGER) % 0o10000;
}

/** containerd sets no time outside the nanoseconds that 63 bits hold: 1970 to 2262. A lazily mounted file is to look the same. */
const MAX_TIME_SEC = 9_223_372_036;

/** Seconds since the epoch of an RFC 3339 time, years 0001 to 9999, as unpacking would set it; 0 when there is none. */
export function parseTime(value: unknown): number {
  if (value === undefined || value === null || value === '') return 0;
  const isRfc3339 =
    typeof value === 'string' &&
    /^(?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value) &&
    isDayOfMonth(value);
  const milliseconds = isRfc3339 ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(milliseconds)) {
    throw new FormatError(`modtime: got ${quote(value)}, wanted an RFC 3339 time of the years 0001 to 9999`);
  }
  return Math.min(MAX_TIME_SEC, Math.max(0, Math.floor(milliseconds / 1000)));
}

/** A digest, or undefined where there is none. */
export function parseDigestField(value: unknown, field: string): Digest | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  // All zero means "no digest" in the chunk table.
  if (typeof value === 'string' && isDigest(value) && value !== NO_DIGEST) return value;
  throw new FormatError(`${field}: got ${quote(value)}, wanted sha256: and 64 lower-case hex digits`);
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

// Date.parse takes February 30th for a day in March.
function isDayOfMonth(time: string): boolean {
  const day = Number(time.slice(8, 10));
  if (day < 29) return true;
  const year = Number(time.slice(0, 4));
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return day <= (days[Number(time.slice(5, 7)) - 1] ?? 0);
}

function isShorter(text: string, maxBytes: number): boolean {
  return text.length * BYTES_PER_UNIT <= maxBytes || Buffer.byteLength(text) <= maxBytes;
}
