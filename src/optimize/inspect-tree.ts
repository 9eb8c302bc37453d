// The files of an image as a container sees them, each with the layer that it comes from, as far as layers have tables of
// contents: upper layers over lower ones, with the whiteouts of the OCI layer specification.
// https://github.com/opencontainers/image-spec/blob/main/layer.md#whiteouts
import type { TocNode } from '../estargz/model.ts';
import { isPrefetched, OPAQUE_WHITEOUT, WHITEOUT_PREFIX } from './inspect-contents.ts';
import type { LayerToc } from './inspect-toc.ts';

/** A name in the tree. */
export interface FileTreeNode {
  readonly name: string;
  /** `whiteout`: a mark that removes what lower layers have of this name, where these are not known. */
  readonly type: TocNode['type'] | 'whiteout';
  /** Index of the layer that it is from; of a directory, of the last one that names it. */
  readonly layer: number;
  readonly mode: number;
  /** Of files: bytes and chunks, and whether all of them lie in the layer's prefetch range. */
  readonly size: number;
  readonly chunks: number;
  readonly isPrefetched: boolean;
  /** Names of the file, within its layer. */
  readonly names: number;
  readonly linkName: string | undefined;
  /** The layer whose file of this name is hidden by it. */
  readonly hides: number | undefined;
  /** The directory shows nothing of lower layers, since this layer. */
  opaqueSince: number | undefined;
  /** The layer that removes it: it is not there in a container. */
  removedBy: number | undefined;
  /** The same for all names of a file. */
  readonly inode: TocNode | undefined;
  /** By name; undefined for everything but directories. */
  readonly children: Map<string, FileTreeNode> | undefined;
}

/** What is below a directory in a container, or a file by itself. Every name counts as a file, but its bytes only once. */
export interface TreeTotals {
  readonly files: number;
  readonly bytes: number;
  readonly prefetchedBytes: number;
}

/** The tree of these layers, from the bottom up; undefined ones are unknown. Their index is their place in the list. */
export function mergeLayers(layers: readonly (LayerToc | undefined)[]): FileTreeNode {
  let root: FileTreeNode | undefined;
  for (const [layer, toc] of layers.entries()) {
    if (toc === undefined) continue;
    root = makeNode('', toc.toc.root, { layer, toc, under: root });
    mergeChildren(root, toc.toc.root, layer, toc);
  }
  return root ?? emptyRoot();
}

/** Looks a path up, leading slash or not; undefined when there is no such name. */
export function lookupPath(root: FileTreeNode, path: string): FileTreeNode | undefined {
  let node: FileTreeNode | undefined = root;
  for (const name of path.split('/')) if (name !== '' && name !== '.') node = node?.children?.get(name);
  return node;
}

/** What is below each directory, computed once for all of them. */
export function treeTotals(root: FileTreeNode): ReadonlyMap<FileTreeNode, TreeTotals> {
  const totals = new Map<FileTreeNode, TreeTotals>();
  const seen = new Set<TocNode>();
  const visit = (node: FileTreeNode): TreeTotals => {
    const own = { files: 0, bytes: 0, prefetchedBytes: 0 };
    if (node.type === 'reg') {
      Object.assign(own, { files: 1, bytes: node.size, prefetchedBytes: node.isPrefetched ? node.size : 0 });
    }
    for (const child of node.children?.values() ?? []) {
      const below = visit(child);
      if (child.removedBy !== undefined) continue;
      own.files += below.files;
      if (child.names > 1 && isAgain(seen, child)) continue;
      own.bytes += below.bytes;
      own.prefetchedBytes += below.prefetchedBytes;
    }
    totals.set(node, own);
    return own;
  };
  visit(root);
  return totals;
}

function isAgain(seen: Set<TocNode>, { inode }: FileTreeNode): boolean {
  if (inode === undefined || seen.has(inode)) return true;
  seen.add(inode);
  return false;
}

function mergeChildren(target: FileTreeNode, source: TocNode, layer: number, toc: LayerToc): void {
  const children = target.children!;
  // Whiteouts are about what is below, wherever they stand among their neighbours.
  for (const name of source.children?.keys() ?? []) {
    if (name === OPAQUE_WHITEOUT) {
      target.opaqueSince = layer;
      for (const child of children.values()) child.removedBy ??= layer;
    } else if (name.startsWith(WHITEOUT_PREFIX)) removeName(children, name.slice(WHITEOUT_PREFIX.length), layer);
  }
  for (const [name, node] of source.children ?? []) {
    if (name.startsWith(WHITEOUT_PREFIX)) continue;
    const made = makeNode(name, node, { layer, toc, under: children.get(name) });
    children.set(name, made);
    if (node.type === 'dir') mergeChildren(made, node, layer, toc);
  }
}

function removeName(children: Map<string, FileTreeNode>, name: string, layer: number): void {
  const existing = children.get(name);
  if (existing !== undefined) existing.removedBy ??= layer;
  else children.set(name, { ...NOTHING, name, type: 'whiteout', layer });
}

interface Place {
  readonly layer: number;
  readonly toc: LayerToc;
  /** What lower layers have of the name. */
  readonly under: FileTreeNode | undefined;
}

function makeNode(name: string, node: TocNode, { layer, toc, under }: Place): FileTreeNode {
  const isDir = node.type === 'dir';
  // A directory that is there goes on; everything else takes the place of what was there, also of a directory.
  const goesOn = isDir && under?.type === 'dir' && under.removedBy === undefined;
  const isHidden = !isDir && under !== undefined && under.type !== 'whiteout' && under.removedBy === undefined;
  return {
    name,
    type: node.type,
    layer,
    mode: node.mode,
    size: node.size,
    chunks: node.chunkCount,
    isPrefetched: isPrefetched(node, toc),
    names: isDir ? 1 : node.nlink,
    linkName: node.linkName,
    inode: node,
    hides: isHidden ? under.layer : undefined,
    opaqueSince: goesOn ? under.opaqueSince : undefined,
    removedBy: undefined,
    children: isDir ? (goesOn ? under.children : new Map()) : undefined,
  };
}

const NOTHING = {
  mode: 0,
  size: 0,
  chunks: 0,
  isPrefetched: false,
  names: 0,
  linkName: undefined,
  inode: undefined,
  hides: undefined,
  opaqueSince: undefined,
  removedBy: undefined,
  children: undefined,
} as const;

function emptyRoot(): FileTreeNode {
  return { ...NOTHING, name: '', type: 'dir', layer: 0, mode: 0o755, names: 1, children: new Map() };
}
