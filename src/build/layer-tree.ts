// What unpacking a layer's tar would leave, found by the rules of our reader (src/estargz/toc-tree.ts), with the entry that
// each name got it from: missing parents appear, a later entry replaces an earlier one of its name, a directory that is named
// again keeps its children, a hard link takes the file that its target is at that moment, or waits for a target that comes later.
import { FormatError } from '../errors.ts';
import { SPARE_IMPLIED_DIRS } from '../estargz/limits.ts';
import { entryError } from './entry-index.ts';
import type { LayerEntry } from './model.ts';
import { baseOf, parentOf } from './paths.ts';

/** An entry and its index in the layer. */
export interface Indexed {
  readonly entry: LayerEntry;
  readonly index: number;
}

/** A name in the tree. */
export interface TreeName {
  /** What gave the name; undefined for a directory that only its children imply. */
  given: Indexed | undefined;
  /** What made the file behind the name: of a hard link, an entry of another name. Undefined for an implied directory. */
  file: Indexed | undefined;
  /** By their last names; undefined for all but directories. */
  readonly children: Map<string, TreeName> | undefined;
}

/**
 * The tree that the entries leave.
 * @throws FormatError with the entry's offset in the tar, when our reader would refuse the tree: something below what is no
 * directory, a hard link to a directory or to nothing, a root that is no directory.
 */
export function buildLayerTree(entries: readonly LayerEntry[]): TreeName {
  const tree = new LayerTree();
  for (const [index, entry] of entries.entries()) tree.add({ entry, index });
  return tree.finish();
}

class LayerTree {
  readonly #root: TreeName = makeDir(undefined);
  readonly #waiting = new Map<string, Indexed>();
  #impliedDirsLeft = SPARE_IMPLIED_DIRS;
  // Entries come by directories, so the last one is mostly the right one.
  #openPath = '';
  #open: TreeName | undefined = this.#root;

  add(given: Indexed): void {
    try {
      this.#impliedDirsLeft += 4;
      if (given.entry.type === 'hardlink') this.#link(given);
      else this.#put(given, given);
    } catch (error) {
      throw withEntry(error, given);
    }
  }

  finish(): TreeName {
    for (const link of this.#waiting.values()) {
      try {
        this.#resolve(link);
      } catch (error) {
        throw withEntry(error, link);
      }
    }
    return this.#root;
  }

  #put(given: Indexed, file: Indexed): void {
    const { path, type } = given.entry;
    if (path === '') {
      if (type !== 'dir') throw new FormatError(`the root is a ${type}, wanted a directory`);
      this.#root.given = given;
      this.#root.file = given;
      return;
    }
    if (this.#waiting.size > 0) this.#waiting.delete(path);
    const siblings = this.#requireDir(parentOf(path));
    const base = baseOf(path);
    const existing = siblings.get(base);
    if (type === 'dir' && existing?.children !== undefined) {
      existing.given = given;
      existing.file = file;
      return;
    }
    siblings.set(base, type === 'dir' ? makeDir(given) : { given, file, children: undefined });
  }

  #link(link: Indexed): void {
    const { path, linkPath } = link.entry;
    if (path === '') throw new FormatError('the root is a hard link, wanted a directory');
    if (path === linkPath) throw new FormatError('a hard link to itself');
    const target = this.#lookup(linkPath!);
    if (target === undefined) this.#waiting.set(path, link);
    else this.#putLink(link, target);
  }

  #putLink(link: Indexed, target: TreeName): void {
    if (target.children !== undefined) throw new FormatError('a hard link to a directory');
    this.#put(link, target.file!);
  }

  // All links on the way to the target at once, so that no chain is walked twice. They stop waiting by it.
  #resolve(link: Indexed): void {
    const chain = new Set<Indexed>();
    for (let current = link; ;) {
      if (chain.has(current)) throw new FormatError('hard links that go in a circle');
      chain.add(current);
      const linkPath = current.entry.linkPath!;
      const target = this.#lookup(linkPath);
      if (target !== undefined) {
        for (const waiting of chain) this.#putLink(waiting, target);
        return;
      }
      const next = this.#waiting.get(linkPath);
      if (next === undefined) {
        throw new FormatError(`a hard link to ${JSON.stringify(linkPath)}, which the layer does not have`);
      }
      current = next;
    }
  }

  #lookup(path: string): TreeName | undefined {
    let name: TreeName | undefined = this.#root;
    for (const part of path === '' ? [] : path.split('/')) name = name?.children?.get(part);
    return name;
  }

  #requireDir(path: string): Map<string, TreeName> {
    if (this.#open === undefined || this.#openPath !== path) {
      this.#open = undefined;
      this.#open = this.#walkTo(path);
      this.#openPath = path;
    }
    return this.#open.children!;
  }

  #walkTo(path: string): TreeName {
    let dir = this.#root;
    for (const part of path === '' ? [] : path.split('/')) {
      const next = dir.children!.get(part) ?? this.#implyDir(dir, part);
      if (next.children === undefined) throw new FormatError(`its parent ${JSON.stringify(part)} is not a directory`);
      dir = next;
    }
    return dir;
  }

  #implyDir(parent: TreeName, base: string): TreeName {
    if (this.#impliedDirsLeft-- === 0) throw new FormatError('too many directories without an entry');
    const dir = makeDir(undefined);
    parent.children!.set(base, dir);
    return dir;
  }
}

function makeDir(given: Indexed | undefined): TreeName {
  return { given, file: given, children: new Map() };
}

function withEntry(error: unknown, { entry }: Indexed): unknown {
  return error instanceof FormatError ? entryError(entry, error.message, error) : error;
}
