// The tree that a layer shows, from the tree that its TOC lists: whiteouts become what overlayfs understands,
// bookkeeping names disappear, hard links become one inode. Whiteouts are in AUFS style in every image
// (OCI image specification, layer.md), and are translated as containerd's overlayfs unpacker does.
import { FormatError } from '../errors.ts';
import type { TocNode } from '../estargz/model.ts';
import { createInode, type DirEntry, type Inode } from './inode.ts';

const WHITEOUT_PREFIX = '.wh.';
const AUFS_PREFIX = '.wh..wh.';
const OPAQUE_NAME = '.wh..wh..opq';
/** eStargz's own files, which are no part of the image's content. */
const HIDDEN_AT_ROOT: ReadonlySet<string> = new Set([
  '.prefetch.landmark',
  '.no.prefetch.landmark',
  'stargz.index.json',
]);

/** What stands for a deleted name: a character device 0/0. All whiteouts of a layer are names of one inode, as overlayfs makes its own. */
const WHITEOUT: TocNode = {
  type: 'char',
  mode: 0,
  uid: 0,
  gid: 0,
  mtimeSec: 0,
  size: 0,
  nlink: 1,
  linkName: undefined,
  devMajor: 0,
  devMinor: 0,
  xattrs: undefined,
  children: undefined,
  firstChunk: 0,
  chunkCount: 0,
};

/** A directory whose names have not been read yet. */
interface Directory {
  readonly inode: Inode;
  readonly parent: Inode;
}

/**
 * All inodes below and including `root`, which comes first; inodes of one directory are neighbours, in TOC order (an optimized layer lists
 * first what is used first).
 * Link counts are counted anew, because names may be hidden.
 * @throws FormatError for a name that no filesystem can have, and for a directory that has two names.
 */
export function visibleInodes(root: TocNode): Inode[] {
  return new TreeReader().read(root);
}

class TreeReader {
  readonly #inodes: Inode[] = [];
  /** Those that may come up again under another name, and directories, which must not. */
  readonly #byNode = new Map<TocNode, Inode>();
  readonly #directories: Directory[] = [];

  read(root: TocNode): Inode[] {
    const inode = this.#create(root, true);
    this.#directories.push({ inode, parent: inode });
    // The list grows while it is walked: no recursion, however deep the tree.
    for (const directory of this.#directories) this.#readDirectory(directory);
    return this.#inodes;
  }

  #readDirectory({ inode: directory, parent }: Directory): void {
    // . and .. stand among the other names: ! and +, for example, come before them.
    const entries: DirEntry[] = [
      { name: '.', byteLength: 1, inode: directory },
      { name: '..', byteLength: 2, inode: parent },
    ];
    const isRoot = directory === this.#inodes[0];
    for (const [name, node] of directory.node.children ?? []) {
      if (isRoot && HIDDEN_AT_ROOT.has(name)) continue;
      if (!name.startsWith(WHITEOUT_PREFIX)) {
        entries.push({ name, byteLength: checkName(name), inode: this.#name(name, node, directory) });
        continue;
      }
      const deleted = readWhiteout(name, directory);
      if (deleted === undefined) continue;
      entries.push({ name: deleted, byteLength: checkName(deleted), inode: this.#name(deleted, WHITEOUT, directory) });
    }
    directory.entries = sortEntries(entries);
  }

  // The inode of a name in `directory`.
  #name(name: string, node: TocNode, directory: Inode): Inode {
    const isDirectory = node.type === 'dir';
    const isKept = isDirectory || node.nlink > 1 || node === WHITEOUT;
    const known = isKept ? this.#byNode.get(node) : undefined;
    const inode = known ?? this.#create(node, isKept);
    if (!isDirectory) {
      inode.nlink++;
      return inode;
    }
    if (known !== undefined) throw new FormatError(`directory ${shown(name)} has more than one name`);
    directory.nlink++;
    this.#directories.push({ inode, parent: directory });
    return inode;
  }

  #create(node: TocNode, isKept: boolean): Inode {
    const inode = createInode(node);
    this.#inodes.push(inode);
    if (isKept) this.#byNode.set(node, inode);
    return inode;
  }
}

/** What a whiteout deletes, unless the layer itself has it; or makes the directory opaque. Other names of AUFS are hidden. */
function readWhiteout(name: string, directory: Inode): string | undefined {
  if (name === OPAQUE_NAME) directory.opaque = true;
  if (name.startsWith(AUFS_PREFIX)) return undefined;
  const deleted = name.slice(WHITEOUT_PREFIX.length);
  return NAMELESS.has(deleted) || directory.node.children?.has(deleted) === true ? undefined : deleted;
}

/** Names that nothing can delete. */
const NAMELESS: ReadonlySet<string> = new Set(['', '.', '..']);

const SURROGATE = /[\ud800-\udfff]/;

/** Sorts by the bytes of the names in UTF-8, as the kernel searches them. */
function sortEntries(entries: DirEntry[]): DirEntry[] {
  // UTF-16 order is UTF-8 order unless surrogates meet U+E000 and above.
  const hasSurrogates = entries.some((entry) => entry.byteLength > entry.name.length && SURROGATE.test(entry.name));
  return entries.sort(hasSurrogates ? compareBytes : compareUnits);
}

function compareUnits(a: DirEntry, b: DirEntry): number {
  return a.name < b.name ? -1 : 1;
}

function compareBytes(a: DirEntry, b: DirEntry): number {
  return Buffer.compare(Buffer.from(a.name), Buffer.from(b.name));
}

/** @returns the length of the name in bytes. @throws FormatError when no file can be called so. */
function checkName(name: string): number {
  let plain = 0;
  while (plain < name.length && isPlain(name.charCodeAt(plain))) plain++;
  const isAllPlain = plain === name.length;
  const byteLength = isAllPlain ? plain : Buffer.byteLength(name);
  const isName = byteLength > 0 && byteLength <= 255 && name !== '.' && name !== '..';
  if (!isName || (!isAllPlain && (/[/\0]/.test(name) || !name.isWellFormed()))) {
    throw new FormatError(`not a file name: ${shown(name)}`);
  }
  return byteLength;
}

/** ASCII without NUL and slash. */
function isPlain(unit: number): boolean {
  return unit < 0x80 && unit !== 0 && unit !== 0x2f;
}

function shown(name: string): string {
  return JSON.stringify(name.slice(0, 100));
}
