// PAX extended header records: `LENGTH KEY=VALUE\n`, where LENGTH counts the whole record in decimal, itself
// included. Values are kept as bytes, so that binary xattrs (SCHILY.xattr.*) survive.
// Specification: POSIX pax, "pax Header Block".
import { FormatError } from '../errors.ts';

/** Record key before an xattr's name. */
export const XATTR_PREFIX = 'SCHILY.xattr.';

/** Records by key. */
export type PaxRecords = ReadonlyMap<string, Uint8Array>;

/** The payload of a PAX header (type `x`), records in the map's order. */
export function encodePax(records: PaxRecords): Buffer {
  return Buffer.concat([...records].map(([key, value]) => encodeRecord(key, value)));
}

/**
 * Parses the payload of a PAX header. Values are views of `bytes`. A later record replaces an earlier one of its key.
 * @throws FormatError when a record's length, key or end is not where it should be.
 */
export function parsePax(bytes: Uint8Array): Map<string, Buffer> {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const records = new Map<string, Buffer>();
  let offset = 0;
  while (offset < all.length) {
    const space = all.indexOf(0x20, offset);
    const digits = all.toString('latin1', offset, space === -1 ? offset : space);
    const end = offset + (/^[0-9]{1,9}$/.test(digits) ? Number(digits) : 0);
    const equals = all.indexOf(0x3d, offset);
    if (equals < space || equals >= end || end > all.length || all[end - 1] !== 0x0a) {
      throw new FormatError('PAX record is malformed', { offset });
    }
    records.set(all.toString('utf8', space + 1, equals), all.subarray(equals + 1, end - 1));
    offset = end;
  }
  return records;
}

/** The xattrs among the records: full names to values. Undefined when there are none. */
export function xattrsOf(records: PaxRecords): Map<string, Uint8Array> | undefined {
  let xattrs: Map<string, Uint8Array> | undefined;
  for (const [key, value] of records) {
    if (key.startsWith(XATTR_PREFIX)) (xattrs ??= new Map()).set(key.slice(XATTR_PREFIX.length), value);
  }
  return xattrs;
}

function encodeRecord(key: string, value: Uint8Array): Buffer {
  const rest = Buffer.concat([Buffer.from(` ${key}=`), value, Buffer.from('\n')]);
  // The length counts its own digits, so adding them may add one more.
  let length = rest.length + String(rest.length).length;
  length = rest.length + String(length).length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}
