// The additional layer store as a tree: names are references and digests, and looking up a file of a layer mounts the
// layer. No data comes this way: `diff` is a symlink to the mount.
import { Errno, ROOT_ID } from '../fuse/abi.ts';
import type { FuseTree, TreeChange, TreeEntry, TreeNode } from '../fuse/tree.ts';
import { isDigest, type Digest } from '../oci/digest.ts';
import type { Blobs } from './blobs.ts';
import type { Holds } from './holds.ts';
import { encodeInfo } from './info.ts';
import {
  decodeReferenceName,
  encodeReferenceName,
  isLayerFile,
  LAYER_FILES,
  USE_FILE,
  type LayerFile,
} from './names.ts';
import type { HeldLayer, Place, StoreState } from './state.ts';

/** A node id is the number of a place times 4, plus what of it: the directory, or one of the layer's files. */
const PARTS = 4;
const DIRECTORY = 0;

export class StoreTree implements FuseTree {
  readonly #state: StoreState;
  readonly #holds: Holds;
  readonly #blobs: Pick<Blobs, 'read'>;

  constructor(parts: { state: StoreState; holds: Holds; blobs: Pick<Blobs, 'read'> }) {
    this.#state = parts.state;
    this.#holds = parts.holds;
    this.#blobs = parts.blobs;
  }

  async lookup(parent: number, name: string, pid: number): Promise<TreeNode | undefined> {
    const place = this.#directory(parent);
    if (place === undefined) return undefined;
    if (place === 'root') {
      const reference = decodeReferenceName(name);
      return reference === undefined ? undefined : directory(await this.#state.number({ reference }));
    }
    const { reference, tocDigest } = place;
    if (tocDigest === undefined) {
      return isDigest(name) ? directory(await this.#state.number({ reference, tocDigest: name })) : undefined;
    }
    if (!isLayerFile(name)) return undefined;
    const held = await this.#holds.lookup(reference, tocDigest);
    if (held === undefined) return undefined;
    if (name === 'diff' && !(await this.#holds.offer(held, pid))) return undefined;
    return this.#file(parent, name, held);
  }

  node(nodeId: number): TreeNode | undefined {
    if (this.#directory(nodeId) !== undefined) return { nodeId, type: 'directory', size: 0 };
    const found = this.#layerFile(nodeId);
    return found === undefined ? undefined : this.#file(nodeId - (nodeId % PARTS), found.file, found.held);
  }

  readlink(nodeId: number): string | undefined {
    const found = this.#layerFile(nodeId);
    return found?.file === 'diff' ? this.#holds.mountpoint(found.held) : undefined;
  }

  async read(nodeId: number, offset: number, size: number): Promise<Uint8Array | undefined> {
    const found = this.#layerFile(nodeId);
    if (found === undefined || found.file === 'diff') return undefined;
    const { held } = found;
    if (found.file === 'blob') return await this.#blobs.read(held, offset, size);
    return encodeInfo(held.tocDigest, held.layer).subarray(offset, offset + size);
  }

  /** What is held; what could be looked up is not listed. */
  list(nodeId: number): readonly TreeEntry[] | undefined {
    const place = this.#directory(nodeId);
    if (place === undefined) return undefined;
    const held = this.#state.held();
    if (place === 'root') {
      const references = [...new Set(held.map(({ reference }) => reference))];
      return references.flatMap((reference) => this.#entry({ reference }, encodeReferenceName(reference)));
    }
    const { reference, tocDigest } = place;
    const layers = held.filter((one) => one.reference === reference);
    if (tocDigest === undefined) {
      return layers.flatMap((one) => this.#entry({ reference, tocDigest: one.tocDigest }, one.tocDigest));
    }
    if (!layers.some((one) => one.tocDigest === tocDigest)) return [];
    return LAYER_FILES.map((name, index) => ({ nodeId: nodeId + index + 1, type: typeOf(name), name }));
  }

  async create({ parent, name, ...change }: TreeChange): Promise<number> {
    const place = this.#directory(parent);
    if (place === undefined) return Errno.ESTALE;
    if (place === 'root' || place.tocDigest === undefined || name !== USE_FILE) return Errno.EACCES;
    await this.#holds.use(place.reference, place.tocDigest, change);
    return Errno.ENOENT;
  }

  async removeDirectory({ parent, name, ...change }: TreeChange): Promise<number> {
    const place = this.#directory(parent);
    if (place === undefined) return Errno.ESTALE;
    if (place === 'root' || place.tocDigest !== undefined || !isDigest(name)) return Errno.EACCES;
    await this.#holds.release(place.reference, name, change);
    return Errno.ENOENT;
  }

  #directory(nodeId: number): Place | 'root' | undefined {
    if (nodeId === ROOT_ID) return 'root';
    return nodeId % PARTS === DIRECTORY ? this.#state.place(nodeId / PARTS) : undefined;
  }

  #layerFile(nodeId: number): { file: LayerFile; held: HeldLayer } | undefined {
    const file = LAYER_FILES[(nodeId % PARTS) - 1];
    const { reference, tocDigest }: Partial<Place> = this.#state.place(Math.floor(nodeId / PARTS)) ?? {};
    if (file === undefined || reference === undefined || tocDigest === undefined) return undefined;
    const held = this.#state.lookup(reference, tocDigest);
    return held === undefined ? undefined : { file, held };
  }

  #file(directoryId: number, name: LayerFile, held: HeldLayer): TreeNode | undefined {
    const nodeId = directoryId + LAYER_FILES.indexOf(name) + 1;
    const size = this.#sizeOf(name, held);
    return size === undefined ? undefined : { nodeId, type: typeOf(name), size };
  }

  #sizeOf(name: LayerFile, held: HeldLayer): number | undefined {
    if (name === 'blob') return held.layer.size;
    if (name === 'info') return encodeInfo(held.tocDigest, held.layer).length;
    return this.#holds.mountpoint(held)?.length;
  }

  #entry(place: { reference: string; tocDigest?: Digest }, name: string): TreeEntry[] {
    const number = this.#state.lookupNumber(place);
    return number === undefined ? [] : [{ nodeId: number * PARTS, type: 'directory', name }];
  }
}

function directory(number: number): TreeNode {
  return { nodeId: number * PARTS, type: 'directory', size: 0 };
}

function typeOf(name: LayerFile): TreeNode['type'] {
  return name === 'diff' ? 'symlink' : 'file';
}
