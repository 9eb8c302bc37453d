// Draining: the daemon mounts nothing new lazily, and brings everything that containers use at full speed, so that they need
// no registry any more. When it is to go for good it serves what is mounted as a caretaker until the last snapshot is
// removed, and then ends by itself. What was asked for lies in a file: neither a crash nor a reboot forgets it.
import { readFileSync, rmSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describeError } from '../errors.ts';
import { completeLayer } from '../layer/complete.ts';
import type { Layer } from '../layer/layer.ts';
import type { Logger } from '../log.ts';
import type { Digest } from '../oci/digest.ts';
import type { SnapshotUser } from '../snapshot/users.ts';
import type { HeldLayer } from './lazy-layers.ts';
import type { DrainedLayer, DrainStatus, DrainUser } from './status.ts';

/** How often to look for layers that are in use and not complete, and for the last snapshot. */
const LOOK_MS = 1000;
/** A layer that could not be brought is tried again after so many looks. */
const RETRY_LOOKS = 5;
/** So many looks without a snapshot, one after the other: clients remove one, and tidy up behind it with another call. */
const EMPTY_LOOKS = 3;

/** What was asked for. */
export interface DrainWish {
  readonly sinceSec: number;
  /** Whether the daemon ends for good when nothing is left. */
  readonly retire: boolean;
}

/** Snapshots that containers, build steps and the like stand on, of one consumer. */
export interface DrainConsumer {
  readonly name: string;
  readonly users: () => readonly SnapshotUser[];
  /** All snapshots, also those that nobody uses. */
  readonly count: () => number;
}

export interface DrainOptions {
  /** Where the wish is kept. */
  readonly file: string;
  readonly consumers: () => readonly DrainConsumer[];
  readonly lookup: (digest: Digest) => HeldLayer | undefined;
  readonly log: Logger;
  /** Ends the daemon. */
  readonly leave: () => void;
  readonly lookMs?: number;
}

/** The daemon's intention to go, and the work that it makes. */
export class Drain {
  readonly #options: DrainOptions;
  readonly #failures = new Map<Digest, { readonly error: string; looksLeft: number }>();
  #wish: DrainWish | undefined;
  #work: AbortController | undefined;
  #loop: Promise<void> = Promise.resolve();

  constructor(options: DrainOptions) {
    this.#options = options;
    this.#wish = readWish(options.file);
  }

  /** Why nothing is mounted lazily; undefined while the daemon does not drain. */
  get refusal(): string | undefined {
    if (this.#wish === undefined) return undefined;
    return this.#wish.retire ? 'the daemon is about to be removed' : 'the daemon drains (lazypull drain)';
  }

  /** Goes on with what an earlier process was asked for. */
  start(): void {
    if (this.#wish === undefined || this.#work !== undefined) return;
    const work = new AbortController();
    this.#work = work;
    this.#loop = this.#run(work.signal);
  }

  /** Begins to drain. One that is to end for good stays so until it is cancelled. @throws the disk's error. */
  async begin({ retire }: { readonly retire: boolean }): Promise<void> {
    const { file, log } = this.#options;
    const wish = {
      sinceSec: this.#wish?.sinceSec ?? Math.floor(Date.now() / 1000),
      retire: retire || this.#wish?.retire === true,
    };
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(`${file}.tmp`, `${JSON.stringify(wish)}\n`, { mode: 0o600 });
    await rename(`${file}.tmp`, file);
    if (this.#wish?.retire !== wish.retire) log.info('draining', { ...wish });
    this.#wish = wish;
    this.#failures.clear();
    this.start();
  }

  /** Mounts lazily again. */
  async cancel(): Promise<void> {
    rmSync(this.#options.file, { force: true });
    this.#wish = undefined;
    await this.close();
  }

  /** Ends the work; the wish stays. */
  async close(): Promise<void> {
    this.#work?.abort();
    await this.#loop;
    this.#work = undefined;
  }

  /** Undefined while the daemon does not drain. */
  status(): DrainStatus | undefined {
    if (this.#wish === undefined) return undefined;
    const users = this.#options
      .consumers()
      .flatMap(({ name, users }) => users().map((user) => this.#userStatus(name, user)));
    return { ...this.#wish, users };
  }

  #userStatus(consumer: string, { key, imageRef, layers }: SnapshotUser): DrainUser {
    const drained = layers.map((digest) => this.#layerStatus(digest));
    const state = drained.some(({ missingBytes }) => missingBytes !== 0)
      ? 'incomplete'
      : drained.some(({ throughFuse }) => throughFuse)
        ? 'complete'
        : 'independent';
    return { consumer, key, ...(imageRef === undefined ? {} : { ref: imageRef }), state, layers: drained };
  }

  #layerStatus(digest: Digest): DrainedLayer {
    const held = this.#options.lookup(digest);
    const error = this.#failures.get(digest)?.error;
    if (held === undefined) return { digest, throughFuse: true, missingBytes: -1, error: 'it is not mounted' };
    const { layer, mount } = held;
    const { presentBytes, fileBytes } = layer.stats();
    const missingBytes = layer.complete ? 0 : Math.max(1, fileBytes - presentBytes);
    const throughFuse = mount.nodeId !== undefined;
    return { digest, throughFuse, missingBytes, ...(error === undefined || layer.complete ? {} : { error }) };
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { lookMs = LOOK_MS, consumers, leave, log } = this.#options;
    for (let empty = 0; !signal.aborted;) {
      await this.#completeAll(signal);
      const isEmpty = consumers().every(({ count }) => count() === 0);
      empty = isEmpty && this.#wish?.retire === true ? empty + 1 : 0;
      if (empty === EMPTY_LOOKS) {
        log.info('nothing is left to serve: the daemon ends');
        leave();
        return;
      }
      await sleep(lookMs, undefined, { signal, ref: false }).catch(() => {});
    }
  }

  /** One layer after the other, each with all that the line gives: what is complete counts, what is half there does not. */
  async #completeAll(signal: AbortSignal): Promise<void> {
    for (const layer of this.#incomplete()) {
      if (signal.aborted) return;
      const failure = this.#failures.get(layer.digest);
      if (failure !== undefined && failure.looksLeft-- > 0) continue;
      try {
        await completeLayer(layer, signal);
        this.#failures.delete(layer.digest);
      } catch (error) {
        if (signal.aborted) return;
        this.#options.log.warn('a layer that is in use can not be completed', { layer: layer.digest, error });
        this.#failures.set(layer.digest, { error: describeError(error), looksLeft: RETRY_LOOKS });
      }
    }
  }

  #incomplete(): Set<Layer> {
    const digests = this.#options.consumers().flatMap(({ users }) => users().flatMap(({ layers }) => layers));
    const held = digests.flatMap((digest) => this.#options.lookup(digest)?.layer ?? []);
    return new Set(held.filter((layer) => !layer.complete && layer.hasBlob));
  }
}

/** A file that can't be read asks for nothing. */
function readWish(file: string): DrainWish | undefined {
  try {
    const { sinceSec, retire } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    return typeof sinceSec === 'number' && typeof retire === 'boolean' ? { sinceSec, retire } : undefined;
  } catch {
    return undefined;
  }
}
