// What PAX records say of an entry, put in the place of its header's fields.
// Specification: POSIX pax, "pax Header Block"; a record without a value stands for none, as in Go's reader.
import { FormatError } from '../errors.ts';
import type { TarHeader } from './header.ts';
import type { PaxRecords } from './pax.ts';

/** The records that have a header field. */
export const FIELD_RECORDS: ReadonlySet<string> = new Set([
  'path',
  'linkpath',
  'size',
  'uid',
  'gid',
  'mtime',
  'uname',
  'gname',
]);

/**
 * The header with the values of FIELD_RECORDS, of mtime the whole seconds, rounded down. Names are views of the records' values.
 * @throws FormatError when a number is none.
 */
export function applyPax(header: TarHeader, pax: PaxRecords): TarHeader {
  if (pax.size === 0) return header;
  return {
    name: textRecord(pax, 'path') ?? header.name,
    mode: header.mode,
    uid: numberRecord(pax, 'uid') ?? header.uid,
    gid: numberRecord(pax, 'gid') ?? header.gid,
    size: numberRecord(pax, 'size') ?? header.size,
    mtimeSec: timeRecord(pax, 'mtime') ?? header.mtimeSec,
    typeflag: header.typeflag,
    linkName: textRecord(pax, 'linkpath') ?? header.linkName,
    userName: textRecord(pax, 'uname') ?? header.userName,
    groupName: textRecord(pax, 'gname') ?? header.groupName,
    devMajor: header.devMajor,
    devMinor: header.devMinor,
  };
}

function textRecord(pax: PaxRecords, key: string): Buffer | undefined {
  const value = pax.get(key);
  if (value === undefined || value.length === 0) return undefined;
  return Buffer.from(value.buffer, value.byteOffset, value.length);
}

function numberRecord(pax: PaxRecords, key: string): number | undefined {
  const text = textRecord(pax, key)?.toString('latin1');
  if (text === undefined) return undefined;
  const value = /^-?[0-9]+$/.test(text) ? Number(text) : Number.NaN;
  return requireSafe(value, key, text);
}

// Whole seconds, rounded down. Taken from the digits: as a float, most of a second and nine nines are the next second.
function timeRecord(pax: PaxRecords, key: string): number | undefined {
  const text = textRecord(pax, key)?.toString('latin1');
  if (text === undefined) return undefined;
  const [, whole, fraction = ''] = /^(-?[0-9]+)(?:\.([0-9]*))?$/.exec(text) ?? [];
  const isBelow = text.startsWith('-') && /[1-9]/.test(fraction);
  return requireSafe(whole === undefined ? Number.NaN : Number(whole) - (isBelow ? 1 : 0), key, text);
}

function requireSafe(value: number, key: string, text: string): number {
  // Adding 0 makes 0 of -0.
  if (Number.isSafeInteger(value)) return value + 0;
  throw new FormatError(`PAX record ${key} is not a number: ${JSON.stringify(text.slice(0, 40))}`);
}
