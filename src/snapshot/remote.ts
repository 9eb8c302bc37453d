// Remote snapshots: those whose layer is mounted by the lazy side instead of unpacked into a directory of ours. Here
// is which of them hold a mount in this process, since after a restart a mount may be missing until it is wanted.
import { describeError, LazypullError } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { Labels, LazyLayers, MountedLayer, NotLazy } from './lazy.ts';
import type { Snapshot } from './model.ts';

const RESTORES_AT_ONCE = 8;

export class RemoteSnapshots {
  readonly #storeId: string;
  readonly #lazy: LazyLayers;
  readonly #log: Logger;
  readonly #held = new Set<number>();
  readonly #restoring = new Map<number, Promise<string>>();
  readonly #failures = new Map<number, string>();

  constructor(options: { storeId: string; lazy: LazyLayers; log: Logger }) {
    this.#storeId = options.storeId;
    this.#lazy = options.lazy;
    this.#log = options.log;
  }

  /** Why snapshots have no mount, by id. */
  get failures(): ReadonlyMap<number, string> {
    return this.#failures;
  }

  /** Asks for the layer that `labels` name. Rejects only when `signal` is aborted. */
  async mount(id: number, labels: Labels, signal?: AbortSignal): Promise<MountedLayer | NotLazy> {
    try {
      const answer = await this.#lazy.mount(this.#holder(id), labels, signal);
      if (!('notLazy' in answer)) this.#held.add(id);
      return answer;
    } catch (error) {
      signal?.throwIfAborted();
      this.#log.error('mounting a layer failed', { error: stackOf(error) });
      return { notLazy: describeError(error), kind: 'error' };
    }
  }

  /**
   * Where the layer of a remote snapshot is mounted; it is mounted again when it has to be.
   * @throws LazypullError UNAVAILABLE when it can't be mounted now.
   */
  async mountpoint(snapshot: Snapshot, labels: Labels = snapshot.labels): Promise<string> {
    const { id, layerDigest } = snapshot;
    if (layerDigest === undefined) throw new TypeError(`snapshot ${snapshot.name} is not remote`);
    const mounted = this.#held.has(id) ? this.#lazy.lookup(layerDigest) : undefined;
    if (mounted !== undefined) return mounted.mountpoint;
    let restoring = this.#restoring.get(id);
    if (restoring === undefined) {
      restoring = this.#restore(snapshot, labels).finally(() => this.#restoring.delete(id));
      this.#restoring.set(id, restoring);
    }
    return restoring;
  }

  /** Mounts all of `snapshots` again, some at a time. A failure is remembered and tried again when it is wanted. */
  async restoreAll(snapshots: readonly Snapshot[], signal?: AbortSignal): Promise<void> {
    const waiting = snapshots.values();
    const worker = async (): Promise<void> => {
      for (const snapshot of waiting) {
        if (signal?.aborted) return;
        await this.mountpoint(snapshot).catch((error: unknown) => {
          this.#log.warn("can't restore a layer", { snapshot: snapshot.name, error: describeError(error) });
        });
      }
    };
    await Promise.all(Array.from({ length: RESTORES_AT_ONCE }, worker));
  }

  /** Lets go of a removed snapshot's layer, in whatever state it is. Never fails: a mount that stays is logged. */
  async release(snapshot: Snapshot): Promise<void> {
    const { id, layerDigest } = snapshot;
    if (layerDigest === undefined) return;
    await this.#restoring.get(id)?.catch(() => {});
    this.#held.delete(id);
    this.#failures.delete(id);
    await this.#lazy.release(this.#holder(id), layerDigest).catch((error: unknown) => {
      this.#log.warn("can't release a layer", { layer: layerDigest, error: describeError(error) });
    });
  }

  async #restore(snapshot: Snapshot, labels: Labels): Promise<string> {
    const { id, name, layerDigest } = snapshot;
    if (layerDigest === undefined) throw new TypeError(`snapshot ${name} is not remote`);
    const answer = await this.#lazy
      .restore(this.#holder(id), layerDigest, labels)
      .catch((error: unknown): NotLazy => ({ notLazy: describeError(error), kind: 'error' }));
    if ('notLazy' in answer) {
      this.#failures.set(id, answer.notLazy);
      throw new LazypullError(
        'UNAVAILABLE',
        `layer ${layerDigest} of snapshot ${name} is not mounted: ${answer.notLazy}`,
      );
    }
    this.#failures.delete(id);
    this.#held.add(id);
    return answer.mountpoint;
  }

  #holder(id: number): string {
    return `${this.#storeId}/${id}`;
  }
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
