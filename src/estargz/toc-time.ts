// Modification times of the TOC: RFC 3339, nearly all of them whole seconds in UTC, which have a way of their own here.
import { FormatError } from '../errors.ts';
import { quote } from './toc-fields.ts';

/** containerd sets no time outside the nanoseconds that 63 bits hold: 1970 to 2262. A lazily mounted file is to look the same. */
const MAX_TIME_SEC = 9_223_372_036;

/** Characters of the usual form, `2024-02-29T12:00:00Z`. */
export const UTC_TIME_LENGTH = 20;

/** Seconds since the epoch of an RFC 3339 time, years 0001 to 9999, as unpacking would set it; 0 when there is none. */
export function parseTime(value: unknown): number {
  if (value === undefined || value === null || value === '') return 0;
  const isRfc3339 =
    typeof value === 'string' &&
    /^(?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value) &&
    isDayOfMonth(Number(value.slice(0, 4)), Number(value.slice(5, 7)), Number(value.slice(8, 10)));
  const milliseconds = isRfc3339 ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(milliseconds)) {
    throw new FormatError(`modtime: got ${quote(value)}, wanted an RFC 3339 time of the years 0001 to 9999`);
  }
  return asUnpacked(Math.floor(milliseconds / 1000));
}

/** The same for 20 bytes at `at`; undefined when they are not of the usual form, which does not say that they are no time. */
export function parseUtcTime(bytes: Uint8Array, at: number): number | undefined {
  const isUsual =
    bytes[at + 4] === 0x2d && // -
    bytes[at + 7] === 0x2d &&
    bytes[at + 10] === 0x54 && // T
    bytes[at + 13] === 0x3a && // :
    bytes[at + 16] === 0x3a &&
    bytes[at + 19] === 0x5a; // Z
  const year = twoDigits(bytes, at) * 100 + twoDigits(bytes, at + 2);
  const month = twoDigits(bytes, at + 5);
  const day = twoDigits(bytes, at + 8);
  const hour = twoDigits(bytes, at + 11);
  const minute = twoDigits(bytes, at + 14);
  const second = twoDigits(bytes, at + 17);
  // Date.UTC takes years below 100 for those of the 20th century. NaN is never in range.
  const isInRange = year >= 100 && hour <= 23 && minute <= 59 && second <= 59 && isDayOfMonth(year, month, day);
  if (!isUsual || !isInRange) return undefined;
  return asUnpacked(Date.UTC(year, month - 1, day, hour, minute, second) / 1000);
}

/** The time, in seconds since the epoch, that a file has after unpacking. */
export function asUnpacked(seconds: number): number {
  return Math.min(MAX_TIME_SEC, Math.max(0, seconds));
}

function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = bytes[at]! - 0x30;
  const ones = bytes[at + 1]! - 0x30;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

// Date.parse and Date.UTC take February 30th for a day in March.
function isDayOfMonth(year: number, month: number, day: number): boolean {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = month === 2 && !isLeap ? 28 : (DAYS[month - 1] ?? 0);
  return day >= 1 && day <= days;
}
