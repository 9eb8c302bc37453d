// The headers before an entry that say more of it: PAX records (x), PAX records for all that follows (g), and GNU tar's
// long names (L) and long link names (K). They are kept until the entry comes, and then put in its header.
import { FormatError } from '../errors.ts';
import { applyPax, FIELD_RECORDS } from './apply-pax.ts';
import { describeTypeflag, entryTypeOf } from './entry-type.ts';
import type { TarEntryType } from './entry-type.ts';
import { UnsupportedEntryError } from './errors.ts';
import type { TarHeader } from './header.ts';
import { parsePax, XATTR_PREFIX } from './pax.ts';
import type { PaxRecords } from './pax.ts';

/** An entry as the scanner finds it. Owns its bytes. Offsets are in the tar. */
export interface ScannedEntry {
  readonly type: TarEntryType;
  /** With everything in place that PAX records and GNU long names say. `size` is that of the payload: 0 for all but files. */
  readonly header: TarHeader;
  /** PAX records of the entry, and the global ones that it does not replace. */
  readonly pax: PaxRecords;
  /** [start, dataStart): the header blocks with the extended headers of the entry, global ones not. */
  readonly start: number;
  readonly dataStart: number;
  /** Whether [start, dataStart) alone does not give `header` and xattrs: a global PAX header has a part in them. */
  readonly fromGlobal: boolean;
}

const NO_RECORDS: PaxRecords = new Map();
/** Most that global records may be together, however many headers they come in: every entry has all of them. */
const MAX_GLOBAL_RECORDS = 1024;
const MAX_GLOBAL_SIZE = 1024 * 1024;
const SPARSE_PREFIX = 'GNU.sparse.';

/** Whether a header of this type flag belongs to what follows it. */
export function isExtendedHeader(typeflag: string): boolean {
  return typeflag === 'x' || typeflag === 'g' || typeflag === 'L' || typeflag === 'K';
}

/** Takes extended headers one after the other, and completes the entry after them. */
export class ExtendedHeaders {
  #global: PaxRecords = NO_RECORDS;
  #local: PaxRecords = NO_RECORDS;
  #longName: Buffer | undefined;
  #longLink: Buffer | undefined;
  /** Where the first header of the next entry is, when there is one already. */
  #start: number | undefined;
  /** A global header stands between those of the next entry. */
  #isMixed = false;
  #lastOwner: TarHeader | undefined;

  /** Where the headers begin that wait for their entry; undefined when there are none. */
  get waitingSince(): number | undefined {
    return this.#start;
  }

  /**
   * `payload` may be kept.
   * @throws FormatError when it is not what the type flag says, or there are too many global records; UnsupportedEntryError
   * for sparse files.
   */
  take(typeflag: string, payload: Buffer, start: number): void {
    if (typeflag === 'g') {
      this.#isMixed = this.#start !== undefined;
      this.#global = requireFew(new Map([...this.#global, ...readRecords(payload)]));
      return;
    }
    this.#start ??= start;
    if (typeflag === 'x') this.#local = readRecords(payload);
    else if (typeflag === 'L') this.#longName = beforeNul(payload);
    else this.#longLink = beforeNul(payload);
  }

  /**
   * The entry whose own block is at `blockStart` of the tar; the waiting headers are used up by it.
   * @throws UnsupportedEntryError when it is nothing that a layer can have; FormatError when a PAX record is not right.
   */
  complete(block: TarHeader, blockStart: number, dataStart: number): ScannedEntry {
    const pax = this.#records();
    const named = this.#withLongNames(applyPax(block, pax));
    const type = entryTypeOf(named);
    if (type === undefined) throw new UnsupportedEntryError(`${describeTypeflag(named.typeflag)} is not supported`);
    // Go's reader takes the payload for one, others do not: what is an entry for these would be none for those.
    if (type === 'dir' && named.typeflag === '\0' && named.size !== 0)
      throw new UnsupportedEntryError(`a directory of ${named.size} bytes in a v7 header`);
    const fromGlobal = this.#isMixed || this.#isChangedByGlobal();
    const entry = {
      type,
      header: this.#owned(named, type, block),
      pax,
      start: this.#start ?? blockStart,
      dataStart,
      fromGlobal,
    };
    this.#forget();
    return entry;
  }

  #records(): PaxRecords {
    if (this.#global.size === 0) return this.#local;
    return this.#local.size === 0 ? this.#global : new Map([...this.#global, ...this.#local]);
  }

  #isChangedByGlobal(): boolean {
    for (const key of this.#global.keys()) {
      if ((FIELD_RECORDS.has(key) || key.startsWith(XATTR_PREFIX)) && !this.#local.has(key)) return true;
    }
    return false;
  }

  // GNU's win over PAX records, as in Go's reader.
  #withLongNames(header: TarHeader): TarHeader {
    if (this.#longName === undefined && this.#longLink === undefined) return header;
    return { ...header, name: this.#longName ?? header.name, linkName: this.#longLink ?? header.linkName };
  }

  // The block's bytes are the scanner's, so what still comes from them is copied. Owners are mostly the same.
  #owned(header: TarHeader, type: TarEntryType, block: TarHeader): TarHeader {
    const last = this.#lastOwner;
    const owner = (name: Buffer, lastName: Buffer | undefined): Buffer =>
      lastName !== undefined && name.equals(lastName) ? lastName : Buffer.from(name);
    const owned: TarHeader = {
      name: header.name === block.name ? Buffer.from(header.name) : header.name,
      mode: header.mode,
      uid: header.uid,
      gid: header.gid,
      size: type === 'reg' ? header.size : 0,
      mtimeSec: header.mtimeSec,
      typeflag: header.typeflag,
      linkName: header.linkName === block.linkName ? owner(header.linkName, last?.linkName) : header.linkName,
      userName: owner(header.userName, last?.userName),
      groupName: owner(header.groupName, last?.groupName),
      devMajor: header.devMajor,
      devMinor: header.devMinor,
    };
    this.#lastOwner = owned;
    return owned;
  }

  #forget(): void {
    this.#local = NO_RECORDS;
    this.#longName = undefined;
    this.#longLink = undefined;
    this.#start = undefined;
    this.#isMixed = false;
  }
}

function readRecords(payload: Buffer): PaxRecords {
  const records = parsePax(payload);
  for (const key of records.keys()) {
    if (key.startsWith(SPARSE_PREFIX)) throw new UnsupportedEntryError('a GNU sparse file (PAX) is not supported');
  }
  if (2 * sizeOf(records) >= payload.length) return records;
  // Mostly repeated records, or very short ones: values that are views would keep all of it.
  return new Map([...records].map(([key, value]) => [key, Buffer.from(value)]));
}

function requireFew(records: PaxRecords): PaxRecords {
  const size = sizeOf(records);
  if (records.size <= MAX_GLOBAL_RECORDS && size <= MAX_GLOBAL_SIZE) return records;
  throw new FormatError(
    `${records.size} records of ${size} bytes, wanted ${MAX_GLOBAL_RECORDS} of ${MAX_GLOBAL_SIZE} at most`,
  );
}

function sizeOf(records: PaxRecords): number {
  let size = 0;
  for (const [key, value] of records) size += key.length + value.length;
  return size;
}

function beforeNul(payload: Buffer): Buffer | undefined {
  const end = payload.indexOf(0);
  const text = end === -1 ? payload : payload.subarray(0, end);
  // A copy: a name that is a view would keep all of the payload.
  return text.length === 0 ? undefined : Buffer.from(text);
}
