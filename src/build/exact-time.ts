// Times of a tar with all their digits, as containers/storage compares them: its TOC and its tar-split must agree to the
// nanosecond.
import { FormatError } from '../errors.ts';
import type { PaxRecords } from '../tar/pax.ts';

const MIN_TIME_SEC = -62_167_219_200;
const MAX_TIME_SEC = 253_402_300_799;

/**
 * The time of a PAX record (`mtime`, `atime`, `ctime`), or that of the header, as RFC 3339 in UTC; '' when there is neither.
 * @throws FormatError when it is no time of the years 0 to 9999.
 */
export function exactTime(pax: PaxRecords, key: string, headerSec: number | undefined): string {
  const record = pax.get(key);
  if (record === undefined || record.length === 0)
    return headerSec === undefined ? '' : encodeExact(headerSec, '', key);
  const text = Buffer.from(record).toString('latin1');
  const [, sign, whole, fraction = ''] = /^(-?)([0-9]+)(?:\.([0-9]*))?$/.exec(text) ?? [];
  if (whole === undefined) throw new FormatError(`PAX record ${key}: got ${JSON.stringify(text)}, wanted a time`);
  const digits = fraction.slice(0, DIGITS).padEnd(DIGITS, '0');
  if (sign === '' || Number(digits) === 0) return encodeExact(Number(sign + whole), digits, key);
  // Seconds are counted down and the fraction up.
  return encodeExact(-Number(whole) - 1, String(10 ** DIGITS - Number(digits)).padStart(DIGITS, '0'), key);
}

const DIGITS = 9;

function encodeExact(seconds: number, digits: string, key: string): string {
  if (!(seconds >= MIN_TIME_SEC && seconds <= MAX_TIME_SEC)) {
    throw new FormatError(`${key}: got ${seconds} seconds, wanted a time of the years 0 to 9999`);
  }
  const fraction = digits.replace(/0+$/, '');
  const whole = new Date(seconds * 1000).toISOString().slice(0, 19);
  return fraction === '' ? `${whole}Z` : `${whole}.${fraction}Z`;
}
