// The FUSE node ids of layers. The kernel knows a served file by its id for as long as the FUSE mount lives, which is
// longer than a serving process lives: the next process must give every layer the id that it had.
import { readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { isDigest, type Digest } from '../oci/digest.ts';

const FIRST = 2; // 1 is the root directory

export class NodeIds {
  readonly #path: string;
  readonly #ids: Map<Digest, number>;
  #next: number;
  #writing: Promise<void> = Promise.resolve();

  private constructor(path: string, ids: Map<Digest, number>) {
    this.#path = path;
    this.#ids = ids;
    this.#next = Math.max(FIRST, ...[...ids.values()].map((id) => id + 1));
  }

  /** Reads the ids that an earlier process of the same FUSE mount gave. A missing or damaged file is an empty one. */
  static open(path: string): NodeIds {
    const ids = new Map<Digest, number>();
    for (const [digest, id] of Object.entries(readJson(path))) {
      if (isDigest(digest) && Number.isSafeInteger(id) && (id as number) >= FIRST) ids.set(digest, id as number);
    }
    return new NodeIds(path, ids);
  }

  /** The id of a layer; given once, never given to another layer. Resolves when the id would survive this process. */
  async require(digest: Digest): Promise<number> {
    const known = this.#ids.get(digest);
    if (known !== undefined) return known;
    const id = this.#next++;
    this.#ids.set(digest, id);
    await this.#save();
    return id;
  }

  /** All layers that have an id. */
  get digests(): Iterable<Digest> {
    return this.#ids.keys();
  }

  #save(): Promise<void> {
    const write = async (): Promise<void> => {
      await writeFile(`${this.#path}.new`, JSON.stringify(Object.fromEntries(this.#ids)));
      await rename(`${this.#path}.new`, this.#path);
    };
    this.#writing = this.#writing.then(write, write);
    return this.#writing;
  }
}

function readJson(path: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
