// The FUSE node ids of layers. The kernel knows a served file by its id for as long as the FUSE mount lives, which is
// longer than a serving process lives: the next process must give every layer the id that it had. It must do so
// before it can open any database, because a killed process keeps its locks while one of its threads waits for an
// answer from FUSE; so what is needed to serve the layers again stands here, in a plain file.
import { readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { isDigest, type Digest } from '../oci/digest.ts';
import type { Labels } from '../snapshot/lazy.ts';

const FIRST = 2; // 1 is the root directory

/** A layer that the kernel may ask for. */
export interface KnownNode {
  readonly id: number;
  /** Where the layer comes from. */
  readonly labels: Labels;
}

export class NodeIds {
  readonly #path: string;
  readonly #nodes: Map<Digest, KnownNode>;
  #next: number;
  #writing: Promise<void> = Promise.resolve();

  private constructor(path: string, nodes: Map<Digest, KnownNode>, next: number) {
    this.#path = path;
    this.#nodes = nodes;
    this.#next = next;
  }

  /** Reads the ids that an earlier process of the same FUSE mount gave. A missing or damaged file is an empty one. */
  static open(path: string): NodeIds {
    const nodes = new Map<Digest, KnownNode>();
    const { next, nodes: known } = readJson(path);
    for (const [digest, node] of Object.entries(known ?? {})) {
      if (isDigest(digest) && isKnownNode(node)) nodes.set(digest, node);
    }
    const first = Number.isSafeInteger(next) ? (next as number) : FIRST;
    return new NodeIds(path, nodes, Math.max(first, FIRST, ...[...nodes.values()].map(({ id }) => id + 1)));
  }

  /** The id of a layer; given once, never given to another layer. Resolves when it would survive this process. */
  async require(digest: Digest, labels: Labels): Promise<number> {
    const known = this.#nodes.get(digest);
    if (known !== undefined) return known.id;
    const id = this.#next++;
    this.#nodes.set(digest, { id, labels: withoutLists(labels) });
    await this.#save();
    return id;
  }

  /** The layer is served no longer. Its id is not given again: the kernel may still know it. */
  async forget(digest: Digest): Promise<void> {
    if (this.#nodes.delete(digest)) await this.#save();
  }

  /** All layers that have an id. */
  entries(): [Digest, KnownNode][] {
    return [...this.#nodes];
  }

  #save(): Promise<void> {
    const write = async (): Promise<void> => {
      await writeFile(
        `${this.#path}.new`,
        JSON.stringify({ next: this.#next, nodes: Object.fromEntries(this.#nodes) }),
        { mode: 0o600 },
      );
      await rename(`${this.#path}.new`, this.#path);
    };
    this.#writing = this.#writing.then(write, write);
    return this.#writing;
  }
}

/** The lists of an image's other layers are long, and not needed for a layer that is mounted. */
function withoutLists(labels: Labels): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([key]) => !/\.(image-)?layers(\.|$)/.test(key)));
}

function isKnownNode(value: unknown): value is KnownNode {
  if (typeof value !== 'object' || value === null) return false;
  const { id, labels } = value as Partial<KnownNode>;
  const isLabels = typeof labels === 'object' && Object.values(labels).every((label) => typeof label === 'string');
  return Number.isSafeInteger(id) && (id as number) >= FIRST && isLabels;
}

function readJson(path: string): { next?: unknown; nodes?: object } {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
