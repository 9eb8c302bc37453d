// The files of an image as a tree for people, and as a list for programs.
import { lookupPath, treeTotals, type FileTreeNode } from '../optimize/inspect-tree.ts';
import { formatBytes, plural, printable } from './format.ts';
import type { TextStyle } from './text-style.ts';

export interface TreeOptions {
  /** Where to begin, '' for the root. */
  readonly path: string;
  /** Levels below that. */
  readonly depth: number;
}

/** One name, for programs. */
export interface TreeEntry {
  readonly path: string;
  readonly type: FileTreeNode['type'];
  /** 1 is the bottom. */
  readonly layer: number;
  readonly mode: number;
  readonly size: number;
  readonly chunks: number;
  readonly isPrefetched: boolean;
  readonly names: number;
  readonly linkName: string | null;
  readonly hidesLayer: number | null;
  readonly opaqueSinceLayer: number | null;
  readonly removedByLayer: number | null;
  /** Files below a directory, and their bytes. */
  readonly below: { readonly files: number; readonly bytes: number; readonly prefetchedBytes: number } | null;
}

/** The tree as text; undefined when there is no such path. */
export function treeText(root: FileTreeNode, { path, depth }: TreeOptions, style: TextStyle): string | undefined {
  const start = lookupPath(root, path);
  if (start === undefined) return undefined;
  const totals = treeTotals(start);
  const lines = [style.dim(`layer  ${'size'.padStart(9)}  ${'chunks'.padStart(6)}  prefetched`)];
  const { branch, last, line } = style.hasBoxes ? BOXES : ASCII;
  const write = (node: FileTreeNode, prefix: string, indent: string, left: number): void => {
    const { files, bytes, prefetchedBytes } = totals.get(node)!;
    const isDir = node.type === 'dir';
    const size = isDir || node.type === 'reg' ? formatBytes(bytes) : '';
    const chunks = node.type === 'reg' ? String(node.chunks) : '';
    const share =
      prefetchedBytes === 0
        ? ''
        : prefetchedBytes === bytes
          ? 'all'
          : `${((100 * prefetchedBytes) / bytes).toFixed(0)} %`;
    const left10 = `${String(node.layer + 1).padStart(5)}  ${size.padStart(9)}  ${chunks.padStart(6)}  ${share.padEnd(10)}`;
    const isCut = isDir && left === 0 && (node.children?.size ?? 0) > 0;
    lines.push(
      `${left10}  ${prefix}${label(node, style)}${isCut ? style.dim(`  ${plural(files, 'file')}`) : ''}`.trimEnd(),
    );
    if (!isDir || left === 0) return;
    const children = sorted(node);
    for (const [index, child] of children.entries()) {
      const isLast = index === children.length - 1;
      write(child, `${indent}${isLast ? last : branch}`, `${indent}${isLast ? '    ' : line}`, left - 1);
    }
  };
  write(start, '', '', depth);
  return `${lines.join('\n')}\n`;
}

/** The tree as a list, parents first, in the order of the text; undefined when there is no such path. */
export function treeEntries(root: FileTreeNode, { path, depth }: TreeOptions): TreeEntry[] | undefined {
  const start = lookupPath(root, path);
  if (start === undefined) return undefined;
  const totals = treeTotals(start);
  const entries: TreeEntry[] = [];
  const add = (node: FileTreeNode, at: string, left: number): void => {
    const below = node.type === 'dir' ? totals.get(node)! : null;
    entries.push({ ...entryOf(node, at), below });
    if (left === 0) return;
    for (const child of sorted(node)) add(child, at === '' ? child.name : `${at}/${child.name}`, left - 1);
  };
  add(
    start,
    path
      .split('/')
      .filter((name) => name !== '' && name !== '.')
      .join('/'),
    depth,
  );
  return entries;
}

const BOXES = { branch: '\u251c\u2500\u2500 ', last: '\u2514\u2500\u2500 ', line: '\u2502   ' };
const ASCII = { branch: '|-- ', last: '`-- ', line: '|   ' };

function label(node: FileTreeNode, style: TextStyle): string {
  const name =
    printable(node.name === '' ? '/' : clip(node.name)) + (node.type === 'dir' && node.name !== '' ? '/' : '');
  const notes = [
    ...(node.linkName === undefined ? [] : [`-> ${printable(clip(node.linkName))}`]),
    ...(KINDS[node.type] === undefined ? [] : [KINDS[node.type]!]),
    ...(node.names > 1 ? [`${node.names} names`] : []),
    ...(node.hides === undefined ? [] : [`hides that of layer ${node.hides + 1}`]),
    ...(node.opaqueSince === undefined ? [] : [`opaque since layer ${node.opaqueSince + 1}`]),
    ...(node.removedBy === undefined ? [] : [`removed by layer ${node.removedBy + 1}`]),
  ];
  const text = node.removedBy === undefined ? name : style.red(name);
  return notes.length === 0 ? text : `${text} ${style.dim(notes.join(', '))}`;
}

function clip(text: string): string {
  return text.length <= 120 ? text : `${text.slice(0, 117)}...`;
}

const KINDS: Readonly<Partial<Record<FileTreeNode['type'], string>>> = {
  char: 'character device',
  block: 'block device',
  fifo: 'fifo',
  whiteout: 'removes it from layers below',
};

function sorted(node: FileTreeNode): FileTreeNode[] {
  return [...(node.children?.values() ?? [])].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function entryOf(node: FileTreeNode, path: string): Omit<TreeEntry, 'below'> {
  const layerNumber = (index: number | undefined): number | null => (index === undefined ? null : index + 1);
  return {
    path,
    type: node.type,
    layer: node.layer + 1,
    mode: node.mode,
    size: node.size,
    chunks: node.chunks,
    isPrefetched: node.isPrefetched,
    names: node.names,
    linkName: node.linkName ?? null,
    hidesLayer: layerNumber(node.hides),
    opaqueSinceLayer: layerNumber(node.opaqueSince),
    removedByLayer: layerNumber(node.removedBy),
  };
}
