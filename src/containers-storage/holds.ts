// The layers that clients look up, use and let go of. A lookup mounts the layer, within a time limit, and holds it; what
// clients say of their use decides when it is let go. A layer that can't be mounted is no error for them: they download it.
import { describeError } from '../errors.ts';
import { KeyedLock } from '../keyed-lock.ts';
import type { Logger } from '../log.ts';
import type { Digest } from '../oci/digest.ts';
import { ImageClock } from '../snapshot/image-times.ts';
import type { LazyLayers, MountedLayer, NotLazy } from '../snapshot/lazy.ts';
import type { RemovedLayer } from '../snapshot/snapshotter.ts';
import type { SnapshotterStatus } from '../snapshot/status.ts';
import type { SnapshotUser } from '../snapshot/users.ts';
import type { ImageLayers } from './image-layers.ts';
import { Refusals } from './refusals.ts';
import type { HeldLayer, StoreState, StoredLayer } from './state.ts';
import { statusOf, usersOf } from './status.ts';

export interface HoldsOptions {
  readonly state: StoreState;
  readonly lazy: LazyLayers;
  readonly images: Pick<ImageLayers, 'require'>;
  /** Of what was thrown while an image was asked for. */
  readonly explain: (error: unknown) => NotLazy;
  /** Whether a process sees a mount at a path. */
  readonly sees: (pid: number, mountpoint: string) => boolean;
  /** How long a lookup may take. */
  readonly timeoutMs: number;
  readonly log: Logger;
  /** What an earlier serving process knew of the images. */
  readonly clock?: ImageClock;
  /** A client let go of a layer. */
  readonly onRemoved?: (removed: RemovedLayer) => void;
}

const RESTORES_AT_ONCE = 8;

const UNSEEN: NotLazy = {
  notLazy:
    "the client's mount namespace does not get the daemon's mounts: start it in the daemon's, or in one with slave propagation",
  kind: 'unsupported',
};

export class Holds {
  readonly #options: HoldsOptions;
  readonly #clock: ImageClock;
  readonly #lock = new KeyedLock();
  readonly #refusals = new Refusals();
  /** Keys of layers that this process holds on the lazy side. */
  readonly #mounted = new Set<string>();
  readonly #problems = new Map<string, string>();

  constructor(options: HoldsOptions) {
    this.#options = options;
    this.#clock = options.clock ?? new ImageClock();
  }

  /** The layer, mounted and held from now on; undefined when the client has to download it. Takes no longer than the limit. */
  async lookup(reference: string, tocDigest: Digest): Promise<HeldLayer | undefined> {
    const key = keyOf(reference, tocDigest);
    return await this.#lock.run(key, async () => {
      const known = this.#options.state.lookup(reference, tocDigest);
      if (known !== undefined && this.#mounted.has(key)) return known;
      if (this.#refusals.has(reference, tocDigest)) return undefined;
      this.#clock.asked(reference);
      const signal = AbortSignal.timeout(this.#options.timeoutMs);
      try {
        return await this.#mount(known ?? (await this.#resolve(reference, tocDigest, signal)), signal);
      } catch (error) {
        this.#refuse(reference, tocDigest, signal.aborted ? this.#late() : this.#options.explain(error));
        return undefined;
      }
    });
  }

  /** Where a held layer is mounted. */
  mountpoint({ layer }: HeldLayer): string | undefined {
    return this.#options.lazy.lookup(layer.digest)?.mountpoint;
  }

  /**
   * A client is about to use the layer's mount. @returns whether it can: one in a mount namespace that the mount does not
   * reach would find an empty directory, and take it for the layer.
   */
  async offer(held: HeldLayer, pid: number): Promise<boolean> {
    const mountpoint = this.mountpoint(held);
    if (mountpoint === undefined || !this.#options.sees(pid, mountpoint)) {
      if (held.uses === 0) await this.#drop(held);
      this.#refuse(held.reference, held.tocDigest, UNSEEN, held.layer.digest);
      return false;
    }
    this.#accept(held);
    if (held.uses > 0) await this.#ready(held);
    return true;
  }

  async #ready({ reference, layer }: HeldLayer): Promise<void> {
    this.#clock.started(reference);
    await this.#options.lazy.ready([layer.digest]).catch((error: unknown) => {
      this.#options.log.debug('not prefetched', { layer: layer.digest, error: describeError(error) });
    });
  }

  /** A client uses the layer once more. Nothing happens when nobody looked it up. */
  async use(reference: string, tocDigest: Digest, change: { unique: bigint; resent: boolean }): Promise<void> {
    const { state } = this.#options;
    await this.#lock.run(keyOf(reference, tocDigest), async () => {
      const held = state.lookup(reference, tocDigest);
      if (held === undefined || (change.resent && state.wasCounted(change.unique))) return;
      await state.count(held, 1, change.unique);
    });
  }

  /** A client uses the layer once less; when it was the last use, the layer is unmounted soon after. */
  async release(reference: string, tocDigest: Digest, change: { unique: bigint; resent: boolean }): Promise<void> {
    const { state } = this.#options;
    const key = keyOf(reference, tocDigest);
    await this.#lock.run(key, async () => {
      const held = state.lookup(reference, tocDigest);
      if (held === undefined || (change.resent && state.wasCounted(change.unique))) return;
      await state.count(held, -1, change.unique);
      if (state.lookup(reference, tocDigest) === undefined) void this.#lock.run(key, () => this.#letGo(held));
    });
  }

  /** After a start: holds again what was held. A layer that can't be mounted is tried again when it is looked up. */
  async restore(): Promise<void> {
    const waiting = this.#options.state.held().values();
    const worker = async (): Promise<void> => {
      for (const { reference, tocDigest } of waiting) await this.lookup(reference, tocDigest);
    };
    await Promise.all(Array.from({ length: RESTORES_AT_ONCE }, worker));
  }

  /** Images that clients use. */
  users(): SnapshotUser[] {
    return usersOf(this.#options.state.held());
  }

  /** All layers that are held. */
  count(): number {
    return this.#options.state.held().length;
  }

  /** In the words of a snapshotter, whose place the store takes in `lazypull status`. */
  status(): SnapshotterStatus {
    return statusOf(this.#options.state.held(), {
      problemOf: ({ reference, tocDigest }) => this.#problems.get(keyOf(reference, tocDigest)),
      fallbacks: this.#refusals.entries(),
      clock: this.#clock,
    });
  }

  async #resolve(reference: string, tocDigest: Digest, signal: AbortSignal): Promise<HeldLayer> {
    const layer: StoredLayer = await this.#options.images.require(reference, tocDigest, signal);
    return { reference, tocDigest, layer, uses: 0 };
  }

  async #mount(held: HeldLayer, signal: AbortSignal): Promise<HeldLayer | undefined> {
    const { lazy, state } = this.#options;
    const { reference, tocDigest, layer } = held;
    const key = keyOf(reference, tocDigest);
    const known = state.lookup(reference, tocDigest) !== undefined;
    const answer: MountedLayer | NotLazy = known
      ? await lazy.restore(holderOf(key), layer.digest, layer.labels, signal)
      : await lazy.mount(holderOf(key), layer.labels, signal);
    if ('notLazy' in answer) {
      this.#refuse(reference, tocDigest, answer, layer.digest);
      return undefined;
    }
    this.#mounted.add(key);
    this.#accept(held);
    this.#clock.mounted(reference);
    if (!known) await state.hold({ ...held, layer: { ...layer, labels: withoutLists(layer.labels) } });
    return state.lookup(reference, tocDigest);
  }

  #accept({ reference, tocDigest }: HeldLayer): void {
    this.#problems.delete(keyOf(reference, tocDigest));
    this.#refusals.clear(reference, tocDigest);
  }

  /** Nobody has said that he uses the layer. */
  async #drop(held: HeldLayer): Promise<void> {
    await this.#lock.run(keyOf(held.reference, held.tocDigest), async () => {
      if (held.uses > 0) return;
      await this.#options.state.drop(held);
      await this.#letGo(held);
    });
  }

  #refuse(reference: string, tocDigest: Digest, why: NotLazy, blob?: Digest): void {
    const known = this.#options.state.lookup(reference, tocDigest);
    if (known !== undefined) this.#problems.set(keyOf(reference, tocDigest), why.notLazy);
    this.#refusals.add({ reference, tocDigest, blob: blob ?? known?.layer.digest, why });
    this.#options.log.warn('a layer is not mounted', { image: reference, toc: tocDigest, reason: why.notLazy });
  }

  #late(): NotLazy {
    return {
      notLazy: `the registry did not bring what a mount needs within layer_store.timeout (${this.#options.timeoutMs} ms)`,
      kind: 'registry',
    };
  }

  async #letGo({ reference, tocDigest, layer }: HeldLayer): Promise<void> {
    const key = keyOf(reference, tocDigest);
    // Somebody looked it up again meanwhile.
    if (this.#options.state.lookup(reference, tocDigest) !== undefined || !this.#mounted.delete(key)) return;
    this.#problems.delete(key);
    try {
      await this.#options.lazy.release(holderOf(key), layer.digest);
    } catch (error) {
      this.#options.log.error("can't let go of a layer", { layer: layer.digest, error: describeError(error) });
    }
    const times = this.#clock.lookup(reference) ?? { askedMs: Date.now() };
    this.#options.onRemoved?.({ imageRef: reference, layerDigest: layer.digest, times });
    this.#clock.removed(reference);
  }
}

function keyOf(reference: string, tocDigest: Digest): string {
  return `${reference} ${tocDigest}`;
}

/** Among the ids of snapshots, which the lazy side also knows holders by, none has a slash and a space. */
function holderOf(key: string): string {
  return `layer-store/${key}`;
}

/** The lists of an image's other layers are long, and of no use for one that is mounted. */
function withoutLists(labels: StoredLayer['labels']): StoredLayer['labels'] {
  return Object.fromEntries(Object.entries(labels).filter(([key]) => !/\.(image-)?layers$/.test(key)));
}
