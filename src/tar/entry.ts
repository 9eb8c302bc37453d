// A tar entry: its header block with the PAX records before it, seen as one. Written with PAX records only where
// the header block can't hold a value; read from an archive that lies in memory.
import { FormatError } from '../errors.ts';
import { applyPax, FIELD_RECORDS } from './apply-pax.ts';
import { BLOCK_SIZE, encodeHeader, MAX_ID, MAX_NAME, MAX_OWNER_NAME, MAX_SIZE, parseHeader } from './header.ts';
import type { TarHeader } from './header.ts';
import { encodePax, parsePax } from './pax.ts';
import type { PaxRecords } from './pax.ts';

/** An entry of an archive in memory. */
export interface TarEntry {
  /** Header fields, with what PAX records say in their place. */
  readonly header: TarHeader;
  /** All PAX records of the entry. */
  readonly pax: PaxRecords;
  /** Where the entry's first block (its PAX header, if it has one) begins in the archive. */
  readonly start: number;
  /** The payload, a view of the archive. */
  readonly data: Buffer;
}

/** The header fields of an entry that is nobody's and of no time. */
export const NO_FIELDS: Omit<TarHeader, 'name' | 'size' | 'typeflag'> = {
  mode: 0,
  uid: 0,
  gid: 0,
  mtimeSec: 0,
  linkName: Buffer.alloc(0),
  userName: Buffer.alloc(0),
  groupName: Buffer.alloc(0),
  devMajor: 0,
  devMinor: 0,
};

/** Bytes from `size` to the next block boundary. */
export function paddingOf(size: number): number {
  return (BLOCK_SIZE - (size % BLOCK_SIZE)) % BLOCK_SIZE;
}

/**
 * The blocks before an entry's payload. `records` are further PAX records, e.g. xattrs. Where they are about a field of
 * the header, that counts, but for mtime, which may have a fraction, and size, which links and directories may have.
 * @throws FormatError when a mode or device number is out of range.
 */
export function encodeEntry(header: TarHeader, records: PaxRecords = new Map()): Buffer {
  const pax = new Map<string, Uint8Array>();
  const fitting: TarHeader = {
    ...header,
    name: fitName(pax, 'path', header.name, MAX_NAME),
    linkName: fitName(pax, 'linkpath', header.linkName, MAX_NAME),
    userName: fitName(pax, 'uname', header.userName, MAX_OWNER_NAME),
    groupName: fitName(pax, 'gname', header.groupName, MAX_OWNER_NAME),
    size: fitNumber(pax, 'size', header.size, MAX_SIZE),
    uid: fitNumber(pax, 'uid', header.uid, MAX_ID),
    gid: fitNumber(pax, 'gid', header.gid, MAX_ID),
    mtimeSec: fitNumber(pax, 'mtime', header.mtimeSec, MAX_SIZE),
  };
  for (const [key, value] of records) {
    const isExact = (key === 'mtime' || key === 'size') && value.length > 0;
    if (isExact || !FIELD_RECORDS.has(key)) pax.set(key, value);
  }
  if (pax.size === 0) return encodeHeader(fitting);
  const payload = encodePax(pax);
  const paxHeader = encodeHeader({ ...NO_FIELDS, name: Buffer.from('PaxHeader'), typeflag: 'x', size: payload.length });
  return Buffer.concat([paxHeader, payload, Buffer.alloc(paddingOf(payload.length)), encodeHeader(fitting)]);
}

/**
 * The entries of an archive, up to its end mark or the end of the bytes. GNU long names and global PAX headers are
 * not understood: they come out as entries of their own type.
 * @throws FormatError when a header is malformed or a payload is cut.
 */
export function* tarEntries(archive: Uint8Array): Generator<TarEntry> {
  const bytes = Buffer.from(archive.buffer, archive.byteOffset, archive.length);
  let start = 0;
  let pax: Map<string, Buffer> = new Map();
  for (let offset = 0; offset < bytes.length;) {
    const block = parseHeader(bytes, offset);
    if (block === undefined) return;
    const header = applyPax(block, pax);
    const dataStart = offset + BLOCK_SIZE;
    const dataEnd = dataStart + header.size;
    if (header.size < 0 || dataEnd > bytes.length) {
      throw new FormatError(`tar payload of ${header.size} bytes is cut`, { offset });
    }
    const data = bytes.subarray(dataStart, dataEnd);
    offset = dataEnd + paddingOf(header.size);
    if (header.typeflag === 'x') {
      pax = parsePax(data);
    } else {
      yield { header, pax, start, data };
      pax = new Map();
      start = offset;
    }
  }
}

// A header name is ASCII by the specification; everything else goes to a record, and the header gets a hint.
function fitName(pax: Map<string, Uint8Array>, key: string, name: Buffer, max: number): Buffer {
  if (name.length <= max && name.every((byte) => byte < 0x80)) return name;
  pax.set(key, name);
  return Buffer.from(name.toString('latin1').replaceAll(/[^\x20-\x7e]/g, '_')).subarray(0, max);
}

function fitNumber(pax: Map<string, Uint8Array>, key: string, value: number, max: number): number {
  if (Number.isInteger(value) && value >= 0 && value <= max) return value;
  pax.set(key, Buffer.from(String(value)));
  return 0;
}
