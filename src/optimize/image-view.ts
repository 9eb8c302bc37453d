// The files that a container of an image sees: its layers merged, with whiteouts, as overlayfs would. From the indexes of
// the layers' tars alone, so that nothing is read (and recorded) by looking.
// https://github.com/opencontainers/image-spec/blob/main/layer.md#whiteouts
import { readSync } from 'node:fs';
import type { LayerEntry, LayerTar } from '../build/model.ts';
import { FormatError } from '../errors.ts';

const WHITEOUT = '.wh.';
const OPAQUE = '.wh..wh..opq';
/** As the kernel follows them. */
const MAX_SYMLINKS = 40;

/** A name in the image and the layer that gives it. */
export interface ViewEntry {
  readonly path: string;
  /** From the bottom, 0 is the lowest. */
  readonly layer: number;
  /** Of a hard link, the file that it names. */
  readonly entry: LayerEntry;
}

interface Node {
  value: ViewEntry | undefined;
  readonly children: Map<string, Node>;
}

/** What is needed of a layer. */
export type ViewLayer = Pick<LayerTar, 'entries' | 'fd'>;

/** The merged names of an image. */
export class ImageView {
  readonly #layers: readonly ViewLayer[];
  readonly #root: Node = { value: undefined, children: new Map() };

  /** @param layers from the bottom up. */
  constructor(layers: readonly ViewLayer[]) {
    this.#layers = layers;
    for (const [index, layer] of layers.entries()) this.#apply(layer, index);
  }

  /** The entry at exactly `path` (as LayerEntry.path); symlinks are not followed. */
  lookup(path: string): ViewEntry | undefined {
    return this.#find(path === '' ? [] : path.split('/'))?.value;
  }

  /** The entry that a process finds at `path`, with symlinks followed, also in the middle. */
  resolve(path: string): ViewEntry | undefined {
    const todo = path.split('/').toReversed();
    const done: string[] = [];
    for (let links = 0; todo.length > 0;) {
      const name = todo.pop()!;
      if (name === '' || name === '.') continue;
      if (name === '..') {
        done.pop();
        continue;
      }
      done.push(name);
      const entry = this.#find(done)?.value?.entry;
      if (entry?.type !== 'symlink') continue;
      if (++links > MAX_SYMLINKS) return undefined;
      const target = entry.header.linkName.toString();
      done.pop();
      if (target.startsWith('/')) done.length = 0;
      for (const part of target.split('/').toReversed()) todo.push(part);
    }
    return this.#find(done)?.value;
  }

  /** Every name, in the order in which the layers have them: the lowest layer first. */
  *entries(): Generator<ViewEntry> {
    const nodes = [this.#root];
    for (let node = nodes.pop(); node !== undefined; node = nodes.pop()) {
      if (node.value !== undefined) yield node.value;
      // One by one: a folder may have more files than a call may have arguments.
      for (const child of [...node.children.values()].toReversed()) nodes.push(child);
    }
  }

  /**
   * The content of a small regular file, symlinks followed; undefined when there is none.
   * @throws FormatError when it is larger than `maxBytes` or its tar is cut.
   */
  read(path: string, maxBytes: number): Buffer | undefined {
    const found = this.resolve(path);
    if (found?.entry.type !== 'reg') return undefined;
    const { header, dataStart } = found.entry;
    if (header.size > maxBytes) throw new FormatError(`${path}: ${header.size} bytes, more than ${maxBytes}`);
    const bytes = Buffer.alloc(header.size);
    for (let at = 0; at < bytes.length;) {
      const got = readSync(this.#layers[found.layer]!.fd, bytes, at, bytes.length - at, dataStart + at);
      if (got === 0) throw new FormatError(`${path}: the tar ends inside it`, { offset: dataStart + at });
      at += got;
    }
    return bytes;
  }

  #find(parts: readonly string[]): Node | undefined {
    let node: Node | undefined = this.#root;
    for (const name of parts) node = node?.children.get(name);
    return node;
  }

  /** Whiteouts first: they are about the layers below, whatever the order in the tar. */
  #apply(layer: ViewLayer, index: number): void {
    const own = new Map<string, LayerEntry>();
    for (const entry of layer.entries) {
      const [parent, name] = splitPath(entry.path);
      if (name === OPAQUE) this.#find(parent)?.children.clear();
      else if (name.startsWith(WHITEOUT)) this.#find(parent)?.children.delete(name.slice(WHITEOUT.length));
      else own.set(entry.path, entry);
    }
    for (const [path, entry] of own) {
      const target = entry.type === 'hardlink' ? followLink(entry, own) : entry;
      if (target !== undefined) this.#put(path, { path, layer: index, entry: target });
    }
  }

  #put(path: string, value: ViewEntry): void {
    let node = this.#root;
    for (const name of path === '' ? [] : path.split('/')) {
      let child = node.children.get(name);
      if (child === undefined) {
        child = { value: undefined, children: new Map() };
        node.children.set(name, child);
      }
      // A directory of this layer that has no entry of its own hides a file or symlink below.
      if (node.value !== undefined && node.value.entry.type !== 'dir') node.value = undefined;
      node = child;
    }
    node.value = value;
    if (value.entry.type !== 'dir') node.children.clear();
  }
}

function splitPath(path: string): [parent: string[], name: string] {
  const parts = path.split('/');
  const name = parts.pop() ?? '';
  return [parts, name];
}

/** What a hard link names in its own layer; undefined where that is nothing, or a circle. */
export function followLink(link: LayerEntry, own: ReadonlyMap<string, LayerEntry>): LayerEntry | undefined {
  let entry: LayerEntry | undefined = link;
  for (const seen = new Set<LayerEntry>(); entry?.type === 'hardlink';) {
    if (seen.has(entry)) return undefined;
    seen.add(entry);
    entry = own.get(entry.linkPath ?? '');
  }
  return entry;
}
