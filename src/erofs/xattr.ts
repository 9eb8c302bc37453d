// Extended attributes of a layer image. A name is a prefix index and the rest. A pair of name and value that
// several inodes have (one SELinux label, say) stands once, in the shared area, and costs each of them 4 bytes.
// Dropped: prefixes that Linux filesystems don't store (containerd's unpacker ignores their ENOTSUP as well), and
// the overlay attributes that come from outside, because overlayfs would obey them (redirects to any path of a layer).
import { FormatError } from '../errors.ts';
import { alignUp, XATTR_ENTRY_SIZE, XATTR_HEADER_SIZE } from './abi.ts';
import { type Image, requireRange } from './bytes.ts';

/** Full names or prefixes (those that end in a dot) and their indexes. */
const PREFIXES: readonly (readonly [prefix: string, index: number])[] = [
  ['user.', 1],
  ['system.posix_acl_access', 2],
  ['system.posix_acl_default', 3],
  ['trusted.', 4],
  ['security.', 6],
];
const OVERLAY = /^(trusted|user)\.overlay\./;
const ACL_VERSION = 2;
/** The shared area stands before the root inode, which must be within the first 2 MiB. */
const MAX_SHARED_SIZE = 1024 * 1024;
/** The count of shared xattrs of an inode has 8 bits. */
const MAX_SHARED_OF_INODE = 255;

/** One name with one value, the same object for every inode that has them. */
export interface Xattr {
  readonly index: number;
  /** The name without its prefix, UTF-8. */
  readonly name: Buffer;
  /** Borrowed from the TOC. */
  readonly value: Uint8Array;
  uses: number;
  /** Image offset of the entry in the shared area; undefined when each inode has its own copy. */
  sharedOffset: number | undefined;
}

/** Finds the xattrs that are the same, and gives those a place in the shared area. */
export class XattrTable {
  readonly #byKey = new Map<string, Xattr>();

  /**
   * The xattrs of one inode as they are written: dropped are those of the file's head comment.
   * @throws FormatError for a name or value that no filesystem can have.
   */
  intern(xattrs: Iterable<readonly [string, Uint8Array]>): Xattr[] {
    const interned: Xattr[] = [];
    for (const [fullName, value] of xattrs) {
      if (OVERLAY.test(fullName)) continue;
      const xattr = this.#internOne(fullName, value);
      if (xattr !== undefined) interned.push(xattr);
    }
    return interned;
  }

  /** The mark of a directory that hides those below it. */
  internOpaque(namespace: 'trusted' | 'user'): Xattr {
    return this.#internOne(`${namespace}.overlay.opaque`, Buffer.from('y'))!;
  }

  #internOne(fullName: string, value: Uint8Array): Xattr | undefined {
    const found = splitName(fullName);
    if (found === undefined) return undefined;
    checkXattr(fullName, value);
    const key = `${fullName}\0${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('latin1')}`;
    let xattr = this.#byKey.get(key);
    if (xattr === undefined) {
      xattr = { index: found.index, name: Buffer.from(found.name), value, uses: 0, sharedOffset: undefined };
      this.#byKey.set(key, xattr);
    }
    xattr.uses++;
    return xattr;
  }

  /** Gives every xattr with several uses a place in the shared area at `start`. @returns the end of the area, in the image. */
  placeShared(start: number): number {
    let end = start;
    for (const xattr of this.#byKey.values()) {
      const next = end + entrySize(xattr);
      if (xattr.uses < 2 || next > start + MAX_SHARED_SIZE) continue;
      xattr.sharedOffset = end;
      end = next;
    }
    return end;
  }

  /** Writes the shared area. */
  writeShared(image: Image): void {
    for (const xattr of this.#byKey.values()) {
      if (xattr.sharedOffset !== undefined) writeEntry(image, xattr, xattr.sharedOffset);
    }
  }
}

/** Bytes of an inode's xattrs after the inode. The shared ones must have their places. */
export function xattrsSize(xattrs: readonly Xattr[]): number {
  if (xattrs.length === 0) return 0;
  const { shared, own } = splitShared(xattrs);
  return XATTR_HEADER_SIZE + 4 * shared.length + own.reduce((sum, xattr) => sum + entrySize(xattr), 0);
}

/** Writes an inode's xattrs at `offset`, right after the inode. */
export function writeXattrs(image: Image, xattrs: readonly Xattr[], offset: number): void {
  if (xattrs.length === 0) return;
  const { shared, own } = splitShared(xattrs);
  image.view.setUint8(offset + 4, shared.length);
  let at = offset + XATTR_HEADER_SIZE;
  for (const { sharedOffset } of shared) {
    image.view.setUint32(at, sharedOffset! / 4, true);
    at += 4;
  }
  for (const xattr of own) at = writeEntry(image, xattr, at);
}

function splitShared(xattrs: readonly Xattr[]): { shared: Xattr[]; own: Xattr[] } {
  const shared = xattrs.filter((xattr) => xattr.sharedOffset !== undefined).slice(0, MAX_SHARED_OF_INODE);
  return { shared, own: xattrs.filter((xattr) => !shared.includes(xattr)) };
}

function entrySize({ name, value }: Xattr): number {
  return alignUp(XATTR_ENTRY_SIZE + name.length + value.length, 4);
}

/** @returns the offset after the entry. */
function writeEntry(image: Image, xattr: Xattr, offset: number): number {
  image.view.setUint8(offset, xattr.name.length);
  image.view.setUint8(offset + 1, xattr.index);
  image.view.setUint16(offset + 2, xattr.value.length, true);
  image.bytes.set(xattr.name, offset + XATTR_ENTRY_SIZE);
  image.bytes.set(xattr.value, offset + XATTR_ENTRY_SIZE + xattr.name.length);
  return offset + entrySize(xattr);
}

function splitName(fullName: string): { index: number; name: string } | undefined {
  for (const [prefix, index] of PREFIXES) {
    if (prefix.endsWith('.') ? fullName.startsWith(prefix) : fullName === prefix) {
      return { index, name: fullName.slice(prefix.length) };
    }
  }
  return undefined;
}

/** What setxattr(2) would refuse is refused here too. */
function checkXattr(fullName: string, value: Uint8Array): void {
  const shown = JSON.stringify(fullName.slice(0, 100));
  const nameLength = Buffer.byteLength(fullName);
  if (nameLength > 255 || fullName.endsWith('.') || fullName.includes('\0'))
    throw new FormatError(`not an xattr name: ${shown}`);
  requireRange(value.length, 0xffff, `size of xattr ${shown}`);
  if (fullName.startsWith('system.posix_acl_') && !isAcl(value))
    throw new FormatError(`xattr ${shown} is no POSIX ACL`);
}

/** Whether the value is an ACL as the kernel has it in xattrs: u32 version 2, then entries of 8 bytes. */
function isAcl(value: Uint8Array): boolean {
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
  return value.length >= 4 && value.length % 8 === 4 && view.getUint32(0, true) === ACL_VERSION;
}
