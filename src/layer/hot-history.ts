// What the layers of a store were used for, also when nobody has them open any more: which chunks were read, and what a
// hot pack of an earlier job brought. Hot packs are made of it. In memory, bounded; a restart forgets it.
import type { Digest } from '../oci/digest.ts';
import { MAX_PACK_CHUNKS } from './hot-pack.ts';

/** Chunks that a job read of a layer. */
export interface LayerUse {
  /** In the order of their first use. */
  readonly chunks: Uint32Array;
  /** Whether all reads were seen: those of a layer that is mounted straight from the disk are not. */
  readonly observed: boolean;
  /** Whether a registry gave the layer to somebody without credentials. */
  readonly isAnonymous: boolean;
}

/** What a hot pack brought. */
export interface Restored {
  readonly chunks: Uint32Array;
  /** Whether these are what a job read. */
  readonly readsKnown: boolean;
}

/** The same, with how much of it was not there before: decompressed bytes. */
export interface RestoredPack extends Restored {
  readonly bytes: number;
}

/** What to save of a layer. */
export interface HotChoice {
  readonly digest: Digest;
  readonly chunks: Uint32Array;
  readonly readsKnown: boolean;
  readonly isAnonymous: boolean;
}

/** No job uses as many layers; 16 MiB of indexes. */
const MAX_LAYERS = 1024;
const MAX_CHUNKS = 4 * MAX_PACK_CHUNKS;

export class HotHistory {
  /** Oldest first. */
  readonly #used = new Map<Digest, LayerUse>();
  readonly #restored = new Map<Digest, RestoredPack>();

  /** A layer is closed that this job used. What it was used for before counts on. */
  noteUse(digest: Digest, use: LayerUse): void {
    const merged = mergeUses(this.#used.get(digest), use);
    this.#used.delete(digest);
    this.#used.set(digest, merged);
    trim(this.#used);
  }

  /** A pack was loaded. Without any chunk and without knowledge it says nothing. */
  noteRestored(digest: Digest, restored: RestoredPack): void {
    const bytes = this.restoredBytes(digest) + restored.bytes;
    this.#restored.delete(digest);
    this.#restored.set(digest, { ...restored, bytes });
    trim(this.#restored);
  }

  /** The layer was built anew: its chunks have other numbers, or are gone. */
  forget(digest: Digest): void {
    this.#used.delete(digest);
    this.#restored.delete(digest);
  }

  /** Whether a pack has brought what a job reads of the layer, so that nothing has to be guessed. */
  readsKnown(digest: Digest): boolean {
    return this.#restored.get(digest)?.readsKnown ?? false;
  }

  /** Decompressed bytes that packs brought of the layer. */
  restoredBytes(digest: Digest): number {
    return this.#restored.get(digest)?.bytes ?? 0;
  }

  /** What to save: of the layers in `open`, which are in use now, and of those that were. In the order of their use. */
  choices(open: ReadonlyMap<Digest, LayerUse>): HotChoice[] {
    const digests = new Set([...this.#used.keys(), ...open.keys()]);
    return [...digests].map((digest) => {
      const [before, now] = [this.#used.get(digest), open.get(digest)];
      const use = now === undefined ? before! : mergeUses(before, now);
      const { chunks, readsKnown } = choose(use, this.#restored.get(digest));
      return { digest, chunks, readsKnown, isAnonymous: use.isAnonymous };
    });
  }
}

// Reads that were not seen may be the same as last time. A layer that nobody read keeps what it had: the next job may be
// the one that starts a container from it.
function choose(use: LayerUse, restored: Restored | undefined): Restored {
  if (use.chunks.length === 0) return restored ?? { chunks: new Uint32Array(), readsKnown: false };
  const chunks = use.observed || restored === undefined ? use.chunks : mergeOrders(use.chunks, restored.chunks);
  return { chunks: chunks.slice(0, MAX_PACK_CHUNKS), readsKnown: true };
}

function mergeUses(before: LayerUse | undefined, now: LayerUse): LayerUse {
  if (before === undefined) return now;
  return {
    chunks: mergeOrders(before.chunks, now.chunks),
    observed: before.observed && now.observed,
    isAnonymous: before.isAnonymous || now.isAnonymous,
  };
}

/** The first order, then what only the second has. */
function mergeOrders(first: Uint32Array, second: Uint32Array): Uint32Array {
  return Uint32Array.from(new Set([...first, ...second]));
}

function trim(map: Map<Digest, { readonly chunks: Uint32Array }>): void {
  let chunks = [...map.values()].reduce((sum, one) => sum + one.chunks.length, 0);
  for (const [digest, one] of map) {
    if (map.size <= MAX_LAYERS && chunks <= MAX_CHUNKS) return;
    map.delete(digest);
    chunks -= one.chunks.length;
  }
}
