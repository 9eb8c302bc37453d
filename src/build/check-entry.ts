// What our reader would refuse in a TOC (src/estargz), refused where it comes from: in the tar, with the entry's offset.
import { FormatError } from '../errors.ts';
import {
  DEFAULT_LIMITS,
  MAX_DEV_MAJOR,
  MAX_DEV_MINOR,
  MAX_ID,
  MAX_LINK_LENGTH,
  MAX_XATTR_NAME,
  MAX_XATTR_TOTAL,
  MAX_XATTR_VALUE,
} from '../estargz/limits.ts';
import type { ScannedEntry } from '../tar/extended-headers.ts';
import { MAX_ID as MAX_MODE } from '../tar/header.ts';
import { xattrsOf } from '../tar/pax.ts';
import { decodeName } from './paths.ts';

/** @throws FormatError when a field is out of the range that a TOC may have. Names are looked at elsewhere. */
export function checkEntry({ type, header, pax }: ScannedEntry): void {
  requireRange('mode', header.mode, MAX_MODE);
  requireRange('uid', header.uid, MAX_ID);
  requireRange('gid', header.gid, MAX_ID);
  requireRange('size', header.size, DEFAULT_LIMITS.maxFileSize);
  if (type === 'char' || type === 'block') {
    requireRange('device major', header.devMajor, MAX_DEV_MAJOR);
    requireRange('device minor', header.devMinor, MAX_DEV_MINOR);
  }
  if (type === 'symlink') requireTarget(header.linkName);
  if (pax.size > 0) requireXattrs(xattrsOf(pax));
}

function requireRange(field: string, value: number, max: number): void {
  if (value < 0 || value > max) throw new FormatError(`${field}: got ${value}, wanted 0 to ${max}`);
}

function requireTarget(target: Buffer): void {
  const { length } = decodeName(target, 'symlink target');
  if (length === 0) throw new FormatError('symlink target: got none, wanted one');
  if (target.length > MAX_LINK_LENGTH) {
    throw new FormatError(`symlink target: got ${target.length} bytes, wanted ${MAX_LINK_LENGTH} at most`);
  }
}

function requireXattrs(xattrs: ReadonlyMap<string, Uint8Array> | undefined): void {
  let total = 0;
  for (const [name, value] of xattrs ?? []) {
    const length = Buffer.byteLength(name);
    if (length === 0 || length > MAX_XATTR_NAME || /[\0\ufffd]/.test(name)) {
      throw new FormatError(
        `xattr ${JSON.stringify(name.slice(0, 100))}: wanted a name of 1 to ${MAX_XATTR_NAME} bytes of UTF-8`,
      );
    }
    if (value.length > MAX_XATTR_VALUE) {
      throw new FormatError(
        `xattr ${JSON.stringify(name)}: got ${value.length} bytes, wanted ${MAX_XATTR_VALUE} at most`,
      );
    }
    total += length + value.length;
  }
  if (total > MAX_XATTR_TOTAL) throw new FormatError(`xattrs: got ${total} bytes, wanted ${MAX_XATTR_TOTAL} at most`);
}
