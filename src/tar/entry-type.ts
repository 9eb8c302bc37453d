// What a header's type flag means, as Go's tar reader takes it: container runtimes unpack with that one.
// Specification: POSIX pax, "ustar Interchange Format"; the letters are GNU tar's.
import type { TarHeader } from './header.ts';

/** What an entry is, in the words of the TOC. */
export type TarEntryType = 'dir' | 'reg' | 'symlink' | 'hardlink' | 'char' | 'block' | 'fifo';

const TYPES: Readonly<Record<string, TarEntryType>> = {
  '0': 'reg',
  '1': 'hardlink',
  '2': 'symlink',
  '3': 'char',
  '4': 'block',
  '5': 'dir',
  '6': 'fifo',
  // A contiguous file, which nobody stores in another way.
  '7': 'reg',
};

const UNSUPPORTED: Readonly<Record<string, string>> = {
  S: 'a GNU sparse file',
  M: 'a part of a file of another volume',
  V: 'a volume label',
  D: 'a GNU directory dump',
  X: 'a Solaris extended header',
  A: 'a Solaris access list',
};

const SLASH = 0x2f;

/** The entry's type; undefined for one that has no place in a layer. v7 headers know directories only by the slash at the end. */
export function entryTypeOf(header: TarHeader): TarEntryType | undefined {
  if (header.typeflag === '\0') return header.name.at(-1) === SLASH ? 'dir' : 'reg';
  return TYPES[header.typeflag];
}

/** What a type flag stands for that `entryTypeOf` does not know, for messages. */
export function describeTypeflag(typeflag: string): string {
  const meaning = UNSUPPORTED[typeflag];
  return meaning === undefined ? `type ${JSON.stringify(typeflag)}` : `${meaning} (type ${typeflag})`;
}
