// The tree of a layer while its TOC is read, entry by entry, as an extracted tar would grow: missing parents
// appear, a later entry replaces an earlier one of its name, a directory that is named again keeps its children.
// A hard link takes the inode that its target has at that moment; one whose target comes later waits for it.
import { FormatError } from '../errors.ts';
import { SPARE_IMPLIED_DIRS } from './limits.ts';
import type { TocNode } from './model.ts';

/** Fields of a new node; the rest are zero. */
export type NodeFields = Partial<TocNode> & Pick<TocNode, 'type' | 'mode'>;

/** A node with no names yet. One function for all, so that all have one shape. */
export function makeNode(fields: NodeFields): TocNode {
  return {
    type: fields.type,
    mode: fields.mode,
    uid: fields.uid ?? 0,
    gid: fields.gid ?? 0,
    mtimeSec: fields.mtimeSec ?? 0,
    size: fields.size ?? 0,
    nlink: 0,
    linkName: fields.linkName,
    devMajor: fields.devMajor ?? 0,
    devMinor: fields.devMinor ?? 0,
    xattrs: fields.xattrs,
    children: fields.type === 'dir' ? (fields.children ?? new Map()) : undefined,
    firstChunk: 0,
    chunkCount: 0,
  };
}

interface WaitingLink {
  readonly path: readonly string[];
  readonly target: readonly string[];
  readonly entryIndex: number;
}

/** Grows by `add` and `link`; whole after `finish`. Paths are those of PathReader, borrowed: names from the root. */
export class TocTree {
  #root: TocNode = makeNode({ type: 'dir', mode: 0o755 });
  readonly #waiting = new Map<string, WaitingLink>();
  #impliedDirsLeft = SPARE_IMPLIED_DIRS;
  /** The directories above what was added last, below the root: their names and what they hold. So none of them was replaced. */
  readonly #openNames: string[] = [];
  readonly #open: Map<string, TocNode>[] = [];

  get root(): TocNode {
    return this.#root;
  }

  /** @throws FormatError when a parent of the path is no directory, or the root would be none. */
  add(path: readonly string[], node: TocNode): void {
    const base = path.at(-1);
    if (base === undefined) {
      if (node.type !== 'dir') throw new FormatError(`type: the root is a ${node.type}, wanted a dir`);
      this.#root = makeNode({ ...node, children: this.#root.children });
      return;
    }
    this.#impliedDirsLeft += 4;
    if (this.#waiting.size > 0) this.#waiting.delete(path.join('/'));
    const siblings = this.#requireParent(path);
    const existing = node.type === 'dir' ? siblings.get(base) : undefined;
    siblings.set(base, existing?.type === 'dir' ? makeNode({ ...node, children: existing.children }) : node);
  }

  /** @throws FormatError when the target is a directory, the link itself, or below no directory. */
  link(path: readonly string[], target: readonly string[], entryIndex: number): void {
    if (path.length === 0) throw new FormatError('type: the root is a hardlink, wanted a dir');
    if (target.length === path.length && target.every((name, i) => name === path[i])) {
      throw new FormatError('linkName: a hard link to itself');
    }
    const node = this.#lookup(target);
    if (node === undefined) this.#wait({ path: [...path], target: [...target], entryIndex });
    else this.#addLink(path, node);
  }

  #wait(link: WaitingLink): void {
    this.#impliedDirsLeft += 4;
    this.#waiting.set(link.path.join('/'), link);
  }

  /**
   * Gives the waiting links their inodes. `onError` gets the index of the entry and what is wrong with it.
   * @throws what `onError` returns, when a target is missing, is a directory, or links go in a circle.
   */
  finish(onError: (entryIndex: number, error: FormatError) => Error): void {
    for (const link of this.#waiting.values()) {
      try {
        this.#resolve(link);
      } catch (error) {
        throw error instanceof FormatError ? onError(link.entryIndex, error) : error;
      }
    }
  }

  // Resolves all links on the way to the target at once, so that no chain is walked twice. They stop waiting by it.
  #resolve(link: WaitingLink): void {
    const chain = new Set<WaitingLink>();
    let node: TocNode | undefined;
    for (let current = link; node === undefined;) {
      if (chain.has(current)) throw new FormatError('linkName: hard links that go in a circle');
      chain.add(current);
      node = this.#lookup(current.target);
      if (node !== undefined) break;
      const next = this.#waiting.get(current.target.join('/'));
      if (next === undefined) throw new FormatError('linkName: no entry has this name');
      current = next;
    }
    for (const { path } of chain) this.#addLink(path, node);
  }

  #addLink(path: readonly string[], node: TocNode): void {
    if (node.type === 'dir') throw new FormatError('linkName: a hard link to a directory');
    this.add(path, node);
  }

  #lookup(path: readonly string[]): TocNode | undefined {
    let node: TocNode | undefined = this.#root;
    for (const name of path) node = node?.children?.get(name);
    return node;
  }

  // The entries of the directory that holds the path's last name. Walks from where the path leaves the one before it.
  #requireParent(path: readonly string[]): Map<string, TocNode> {
    let depth = 0;
    while (depth < path.length - 1 && path[depth] === this.#openNames[depth]) depth++;
    this.#keepOpen(depth);
    let children = depth === 0 ? this.#root.children : this.#open[depth - 1];
    for (; depth < path.length - 1; depth++) {
      const name = path[depth] ?? '';
      children = (children?.get(name) ?? this.#implyDir(children, name)).children;
      if (children === undefined) throw new FormatError(`name: its parent ${JSON.stringify(name)} is not a directory`);
      this.#openNames.push(name);
      this.#open.push(children);
    }
    if (children === undefined) throw new FormatError('name: the root is not a directory');
    return children;
  }

  #keepOpen(depth: number): void {
    while (this.#open.length > depth) {
      this.#open.pop();
      this.#openNames.pop();
    }
  }

  #implyDir(siblings: Map<string, TocNode> | undefined, name: string): TocNode {
    if (this.#impliedDirsLeft-- === 0) throw new FormatError('name: too many directories without an entry');
    const node = makeNode({ type: 'dir', mode: 0o755 });
    siblings?.set(name, node);
    return node;
  }
}
