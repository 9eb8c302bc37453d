// What unpacking gives, in two opinions: a plain model of an unpacker that obeys every entry as it comes, and the tree that
// our reader sees in a TOC. Files are told apart by where their bytes are in the layer's tar.
import type { LayerEntry } from '../../src/build/model.ts';
import { plainToc } from '../../src/build/plain-toc.ts';
import { parseToc } from '../../src/estargz/parse-toc.ts';
import { FormatError } from '../../src/errors.ts';
import type { TocNode } from '../../src/estargz/model.ts';
import { EntryIndex } from '../../src/build/entry-index.ts';
import { TarScanner } from '../../src/tar/scanner.ts';
import { walkToc } from './toc-tree.ts';

/** Paths to facts, sorted; names of one file name the first of them. */
export type Facts = readonly string[];

/** The entries of a tar, without the check that they make a tree. */
export function indexOf(tar: Buffer): readonly LayerEntry[] {
  const index = new EntryIndex();
  const scanner = new TarScanner(index);
  scanner.push(tar);
  scanner.end();
  return index.entries;
}

/** The tree that our reader sees; undefined when it refuses the entries. */
export function factsOfReader(entries: readonly LayerEntry[]): Facts | undefined {
  try {
    const { root, chunks } = parseToc(plainToc({ entries }, 2 ** 22), { payloadEnd: 2 ** 32 });
    return describe([...walkToc(root)], (node: TocNode) =>
      [
        node.type,
        node.mode,
        node.uid,
        node.mtimeSec,
        node.size,
        node.linkName,
        node.chunkCount && chunks.blobOffset[node.firstChunk],
      ].join(' '),
    );
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

interface Unpacked {
  readonly entry: LayerEntry | undefined;
  readonly children: Map<string, Unpacked> | undefined;
}

/**
 * The tree that an unpacker leaves which makes links and removes what whiteouts name at once, as containerd's does where the
 * filesystem knows no whiteouts. Undefined when it fails.
 */
export function factsOfUnpacking(entries: readonly LayerEntry[]): Facts | undefined {
  const root: Unpacked = { entry: undefined, children: new Map() };
  for (const entry of entries) if (!unpack(root, entry)) return undefined;
  const names: [string, Unpacked][] = [['', root]];
  for (const [path, { children }] of names) {
    for (const [name, child] of children ?? []) names.push([path === '' ? name : `${path}/${name}`, child]);
  }
  return describe(names.slice(1), ({ entry }: Unpacked) => {
    if (entry === undefined) return 'implied';
    const { header, type } = entry;
    return [
      type,
      header.mode,
      header.uid,
      header.mtimeSec,
      header.linkName,
      type === 'reg' && header.size > 0 && entry.dataStart,
    ].join(' ');
  });
}

function unpack(root: Unpacked, entry: LayerEntry): boolean {
  const parts = entry.path.split('/');
  const base = parts.pop()!;
  const parent = parts.reduce<Unpacked | undefined>((dir, name) => {
    if (dir?.children === undefined) return undefined;
    const next = dir.children.get(name) ?? { entry: undefined, children: new Map() };
    dir.children.set(name, next);
    return next;
  }, root);
  if (parent?.children === undefined) return false;
  if (base === '') return true;
  if (base.startsWith('.wh.')) {
    parent.children.delete(base.slice('.wh.'.length));
    return true;
  }
  const target = entry.linkPath?.split('/').reduce<Unpacked | undefined>((at, name) => at?.children?.get(name), root);
  if (entry.type === 'hardlink' && (target === undefined || target.children !== undefined)) return false;
  const existing = parent.children.get(base);
  const made = target ?? { entry, children: entry.type === 'dir' ? (existing?.children ?? new Map()) : undefined };
  parent.children.set(base, made);
  return true;
}

function describe<Node extends object>(
  names: readonly (readonly [string, Node])[],
  facts: (node: Node) => string,
): Facts {
  const sorted = names.toSorted(([a], [b]) => (a < b ? -1 : 1));
  const firstName = new Map<Node, string>();
  return sorted.map(([path, node]) => {
    // What a whiteout is made of means nothing.
    if (path.slice(path.lastIndexOf('/') + 1).startsWith('.wh.')) return path;
    if (!firstName.has(node)) firstName.set(node, path);
    return `${path}: ${facts(node)} = ${firstName.get(node)}`;
  });
}
