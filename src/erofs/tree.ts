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
  const top = createInode(root);
  const inodeOf = new Map([[root, top]]);
  const directories: Directory[] = [{ inode: top, parent: top }];
  // The list grows while it is walked: no recursion, however deep the tree.
  for (const directory of directories) readDirectory(directory, directory.inode === top, inodeOf, directories);
  return [...inodeOf.values()];
}

/** Fills in the entries of `directory`; inodes seen for the first time join `inodeOf`, directories also `directories`. */
function readDirectory(
  { inode: directory, parent }: Directory,
  isRoot: boolean,
  inodeOf: Map<TocNode, Inode>,
  directories: Directory[],
): void {
  // . and .. stand among the other names: ! and +, for example, come before them.
  const entries: DirEntry[] = [
    { name: '.', byteLength: 1, inode: directory },
    { name: '..', byteLength: 2, inode: parent },
  ];
  const add = (name: string, node: TocNode): void => {
    let inode = inodeOf.get(node);
    const isNew = inode === undefined;
    if (inode === undefined) inodeOf.set(node, (inode = createInode(node)));
    entries.push({ name, byteLength: checkName(name), inode });
    if (node.type !== 'dir') {
      inode.nlink++;
      return;
    }
    if (!isNew) throw new FormatError(`directory ${shown(name)} has more than one name`);
    directory.nlink++;
    directories.push({ inode, parent: directory });
  };
  const children = directory.node.children ?? new Map<string, TocNode>();
  for (const [name, node] of children) {
    if (name.startsWith(WHITEOUT_PREFIX)) readWhiteout(name, directory, add);
    else if (!isRoot || !HIDDEN_AT_ROOT.has(name)) add(name, node);
  }
  directory.entries = sortEntries(entries);
}

/** Adds what a whiteout deletes, unless the layer itself has it; or makes the directory opaque. Other names of AUFS are hidden. */
function readWhiteout(name: string, directory: Inode, add: (name: string, node: TocNode) => void): void {
  if (name === OPAQUE_NAME) directory.opaque = true;
  if (name.startsWith(AUFS_PREFIX)) return;
  const deleted = name.slice(WHITEOUT_PREFIX.length);
  if (!NAMELESS.has(deleted) && directory.node.children?.has(deleted) !== true) add(deleted, WHITEOUT);
}

/** Names that nothing can delete. */
const NAMELESS: ReadonlySet<string> = new Set(['', '.', '..']);

/** Sorts by the bytes of the names in UTF-8, as the kernel searches them. */
function sortEntries(entries: DirEntry[]): DirEntry[] {
  // UTF-16 order is UTF-8 order unless surrogates meet U+E000 and above.
  const compare = entries.some(({ name }) => /[\ud800-\udfff]/.test(name)) ? compareBytes : compareUnits;
  return entries.sort(compare);
}

function compareUnits(a: DirEntry, b: DirEntry): number {
  return a.name < b.name ? -1 : 1;
}

function compareBytes(a: DirEntry, b: DirEntry): number {
  return Buffer.compare(Buffer.from(a.name), Buffer.from(b.name));
}

/** @returns the length of the name in bytes. @throws FormatError when no file can be called so. */
function checkName(name: string): number {
  const byteLength = Buffer.byteLength(name);
  const possible = byteLength > 0 && byteLength <= 255 && name !== '.' && name !== '..' && !/[/\0]/.test(name);
  if (!possible || !name.isWellFormed()) throw new FormatError(`not a file name: ${shown(name)}`);
  return byteLength;
}

function shown(name: string): string {
  return JSON.stringify(name.slice(0, 100));
}
