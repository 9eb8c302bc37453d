// The files of one FUSE mount, by node id and by name. The main thread has one and every FUSE worker has its own.
import { LazypullError } from '../errors.ts';
import { ROOT_ID } from './abi.ts';
import type { ImageFile } from './image-file.ts';
import type { DirectoryName, NodeAttributes } from './reply.ts';

const NAME_PATTERN = /^[A-Za-z0-9._-]{1,200}$/;
const MAX_NODE_ID = 0xffff_ffff;

/** What a directory listing begins with. */
const DOTS: readonly DirectoryName[] = [
  { nodeId: ROOT_ID, name: '.' },
  { nodeId: ROOT_ID, name: '..' },
];

/** Files by node id and by name, with the rules that keep both unique. */
export class FileTable {
  readonly #byId = new Map<number, ImageFile>();
  readonly #byName = new Map<string, ImageFile>();

  /** @throws LazypullError INVALID_ARGUMENT for a bad name, id or size; ALREADY_EXISTS for one that is taken. */
  add(file: ImageFile): void {
    if (!NAME_PATTERN.test(file.name) || /^\.{1,2}$/.test(file.name)) {
      throw new LazypullError('INVALID_ARGUMENT', `not a file name for a FUSE mount: ${JSON.stringify(file.name)}`);
    }
    if (!Number.isInteger(file.nodeId) || file.nodeId <= ROOT_ID || file.nodeId > MAX_NODE_ID) {
      throw new LazypullError('INVALID_ARGUMENT', `not a FUSE node id: ${file.nodeId}`);
    }
    if (!Number.isSafeInteger(file.size) || file.size < 0) {
      throw new LazypullError('INVALID_ARGUMENT', `${file.name}: not a file size: ${file.size}`);
    }
    if (this.#byId.has(file.nodeId) || this.#byName.has(file.name)) {
      throw new LazypullError('ALREADY_EXISTS', `${file.name}: node ${file.nodeId} or this name is served already`);
    }
    this.#byId.set(file.nodeId, file);
    this.#byName.set(file.name, file);
  }

  /** @returns the file that was there. */
  remove(nodeId: number): ImageFile | undefined {
    const file = this.#byId.get(nodeId);
    if (file === undefined) return undefined;
    this.#byId.delete(nodeId);
    this.#byName.delete(file.name);
    return file;
  }

  lookup(nodeId: number): ImageFile | undefined {
    return this.#byId.get(nodeId);
  }

  lookupName(name: string): ImageFile | undefined {
    return this.#byName.get(name);
  }

  all(): ImageFile[] {
    return [...this.#byId.values()];
  }

  /** Attributes of the root or of a file. */
  attributes(nodeId: number): NodeAttributes | undefined {
    return nodeId === ROOT_ID ? { nodeId, size: 0 } : this.#byId.get(nodeId);
  }

  /** ".", ".." and the files, in the order in which they were added. */
  names(): readonly DirectoryName[] {
    return [...DOTS, ...this.#byId.values()];
  }

  totals(): { files: number; bytes: number } {
    let bytes = 0;
    for (const file of this.#byId.values()) bytes += file.size;
    return { files: this.#byId.size, bytes };
  }
}
