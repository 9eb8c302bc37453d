// What outlives a serving process: which layers clients hold and how often, and the node ids that the kernel knows. One
// small file, replaced as a whole. A damaged one is an empty one: layers are found again when somebody asks for them.
import { readFileSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { isDigest, type Digest } from '../oci/digest.ts';
import type { Labels } from '../snapshot/lazy.ts';

/** What is known of a layer, from the manifest and the config of its image. */
export interface StoredLayer {
  /** Its place in the image, from the bottom. */
  readonly index: number;
  /** Of the blob. */
  readonly digest: Digest;
  readonly size: number;
  readonly compression: 'none' | 'gzip' | 'zstd';
  /** As the config says; nobody has compared it. */
  readonly diffId: Digest;
  /** What the lazy side needs to mount it. */
  readonly labels: Labels;
}

/** A place in the tree: a reference, or a layer of it by the digest of its TOC. */
export interface Place {
  readonly reference: string;
  readonly tocDigest?: Digest | undefined;
}

/** A layer that a client looked up. */
export interface HeldLayer extends Required<Place> {
  readonly tocDigest: Digest;
  readonly layer: StoredLayer;
  /** How often clients said that they use it, less how often they said that they don't. */
  uses: number;
}

const VERSION = 1;
/** Directories that are known by number; beyond it the oldest that nobody holds is forgotten, and found again by its path. */
const MAX_PLACES = 20_000;
/** Changes that a client may have asked for and not yet heard of, when a serving process dies. */
const MAX_RECENT = 256;

interface StateFile {
  readonly version: number;
  readonly next: number;
  readonly places: readonly (readonly [number: number, reference: string, tocDigest?: Digest])[];
  readonly held: readonly HeldLayer[];
  readonly recent: readonly string[];
}

export class StoreState {
  readonly #path: string;
  readonly #places = new Map<number, Place>();
  readonly #numbers = new Map<string, number>();
  readonly #held = new Map<string, HeldLayer>();
  readonly #recent = new Set<string>();
  #next = 1;
  #writing: Promise<void> = Promise.resolve();
  #queued: Promise<void> | undefined;

  private constructor(path: string) {
    this.#path = path;
  }

  /**
   * Reads the file. `continues` says that the kernel's mount is the one that an earlier process served: then node ids keep
   * their meaning. Else layers that were looked up and never used are let go.
   */
  static open(path: string, continues: boolean): StoreState {
    const state = new StoreState(path);
    const file = readState(path);
    if (file === undefined) return state;
    if (continues) {
      state.#next = file.next;
      for (const [number, reference, tocDigest] of file.places) state.#put(number, { reference, tocDigest });
      for (const unique of file.recent) state.#recent.add(unique);
    }
    for (const held of file.held) {
      if (held.uses === 0 && !continues) continue;
      state.#held.set(keyOf(held), held);
      state.#numberOf({ reference: held.reference });
      state.#numberOf({ reference: held.reference, tocDigest: held.tocDigest });
    }
    return state;
  }

  /** The number of a place. Given once; resolves when it would survive this process. */
  async number(place: Place): Promise<number> {
    const known = this.#numbers.get(keyOf(place));
    if (known !== undefined) return known;
    const number = this.#numberOf(place);
    await this.#save();
    return number;
  }

  place(number: number): Place | undefined {
    return this.#places.get(number);
  }

  /** The number of a place that has one. */
  lookupNumber(place: Place): number | undefined {
    return this.#numbers.get(keyOf(place));
  }

  lookup(reference: string, tocDigest: Digest): HeldLayer | undefined {
    return this.#held.get(keyOf({ reference, tocDigest }));
  }

  /** Lower layers of an image before those above them. */
  held(): HeldLayer[] {
    return [...this.#held.values()].sort((a, b) => a.layer.index - b.layer.index);
  }

  /** A client looked a layer up. */
  async hold(held: HeldLayer): Promise<void> {
    this.#held.set(keyOf(held), held);
    this.#numberOf({ reference: held.reference });
    this.#numberOf({ reference: held.reference, tocDigest: held.tocDigest });
    await this.#save();
  }

  /**
   * Counts a use more or less of a layer. Below one use the layer is held no longer.
   * @param unique the request, which is counted once, whichever process sees it.
   */
  async count(held: HeldLayer, by: 1 | -1, unique: bigint): Promise<void> {
    held.uses = Math.max(0, held.uses + by);
    if (by < 0 && held.uses === 0) this.#held.delete(keyOf(held));
    this.#recent.add(String(unique));
    for (const oldest of this.#recent) {
      if (this.#recent.size <= MAX_RECENT) break;
      this.#recent.delete(oldest);
    }
    await this.#save();
  }

  /** The layer is held no longer, whatever was counted. */
  async drop(held: HeldLayer): Promise<void> {
    this.#held.delete(keyOf(held));
    await this.#save();
  }

  /** Whether a request was counted already. */
  wasCounted(unique: bigint): boolean {
    return this.#recent.has(String(unique));
  }

  #numberOf(place: Place): number {
    const known = this.#numbers.get(keyOf(place));
    if (known !== undefined) return known;
    const number = this.#next++;
    this.#put(number, place);
    this.#forgetOldest();
    return number;
  }

  #put(number: number, place: Place): void {
    this.#places.set(number, place);
    this.#numbers.set(keyOf(place), number);
  }

  #forgetOldest(): void {
    if (this.#places.size <= MAX_PLACES) return;
    const needed = new Set([...this.#held.values()].flatMap((held) => [held.reference, keyOf(held)]));
    for (const [number, place] of this.#places) {
      if (needed.has(keyOf(place))) continue;
      this.#places.delete(number);
      this.#numbers.delete(keyOf(place));
      return;
    }
  }

  /** Everything that is known when it begins to write; callers that come meanwhile share the next write. */
  #save(): Promise<void> {
    if (this.#queued !== undefined) return this.#queued;
    const write = async (): Promise<void> => {
      this.#queued = undefined;
      await this.#write();
    };
    this.#queued = this.#writing.then(write, write);
    this.#writing = this.#queued;
    return this.#queued;
  }

  async #write(): Promise<void> {
    const state: StateFile = {
      version: VERSION,
      next: this.#next,
      places: [...this.#places].map(([number, { reference, tocDigest }]) =>
        tocDigest === undefined ? [number, reference] : [number, reference, tocDigest],
      ),
      held: this.held(),
      recent: [...this.#recent],
    };
    const file = await open(`${this.#path}.new`, 'w', 0o600);
    try {
      await file.writeFile(JSON.stringify(state));
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(`${this.#path}.new`, this.#path);
  }
}

/** A reference has no spaces. */
function keyOf({ reference, tocDigest }: Place): string {
  return tocDigest === undefined ? reference : `${reference} ${tocDigest}`;
}

function readState(path: string): StateFile | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isState(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

// Only we write there; the look is for what another version or a broken disk may leave.
function isState(value: unknown): value is StateFile {
  if (typeof value !== 'object' || value === null) return false;
  const { version, next, places, held, recent } = value as Partial<StateFile>;
  return (
    version === VERSION &&
    Number.isSafeInteger(next) &&
    Array.isArray(places) &&
    places.every((place: unknown) => Array.isArray(place) && Number.isSafeInteger(place[0])) &&
    Array.isArray(held) &&
    held.every(isHeld) &&
    Array.isArray(recent)
  );
}

function isHeld(value: unknown): value is HeldLayer {
  const { reference, tocDigest, layer, uses } = (value ?? {}) as Partial<HeldLayer>;
  return (
    typeof reference === 'string' &&
    typeof tocDigest === 'string' &&
    isDigest(tocDigest) &&
    Number.isSafeInteger(uses) &&
    typeof layer === 'object' &&
    isDigest(layer.digest) &&
    isDigest(layer.diffId) &&
    Number.isSafeInteger(layer.index) &&
    Number.isSafeInteger(layer.size) &&
    typeof layer.labels === 'object'
  );
}
