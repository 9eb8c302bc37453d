// Plain tars from entry lists. The header codec is the product's; test/tar checks it against tar-stream.
import { encodeEntry, paddingOf } from '../../src/tar/entry.ts';
import { XATTR_PREFIX } from '../../src/tar/pax.ts';
import type { Entry, EntryType } from './entries.ts';

const TYPEFLAGS: Readonly<Record<EntryType, string>> = {
  reg: '0',
  hardlink: '1',
  symlink: '2',
  char: '3',
  block: '4',
  dir: '5',
  fifo: '6',
};

/** The two zero blocks that end an archive. */
export const END_OF_ARCHIVE: Buffer = Buffer.alloc(1024);

/** An uncompressed tar of the entries, in their order, with the end mark. */
export function tarOf(entries: readonly Entry[]): Buffer {
  const parts = entries.flatMap((entry) => [tarHead(entry), entry.content, tarPadding(entry)]);
  return Buffer.concat([...parts, END_OF_ARCHIVE]);
}

/** The blocks before an entry's content. */
export function tarHead(entry: Entry): Buffer {
  const records = new Map([...entry.xattrs].map(([name, value]) => [XATTR_PREFIX + name, value]));
  return encodeEntry(
    {
      name: Buffer.from(entry.name),
      mode: entry.mode,
      uid: entry.uid,
      gid: entry.gid,
      size: entry.content.length,
      mtimeSec: entry.mtime,
      typeflag: TYPEFLAGS[entry.type],
      linkName: Buffer.from(entry.linkName),
      userName: Buffer.alloc(0),
      groupName: Buffer.alloc(0),
      devMajor: entry.devMajor,
      devMinor: entry.devMinor,
    },
    records,
  );
}

/** The zeros after an entry's content. */
export function tarPadding(entry: Entry): Buffer {
  return Buffer.alloc(paddingOf(entry.content.length));
}
