// The snapshotter's rules: containerd's overlay snapshotter, and on top of it the remote snapshots. A client that
// passes the label containerd.io/snapshot.ref offers to skip a layer's download; when the layer can be mounted, the
// new snapshot is committed at once and the answer is ALREADY_EXISTS. Then the client looks for a committed snapshot
// with that label and parent, under any name. See containerd's docs/remote-snapshotter.md.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describeError, LazypullError } from '../errors.ts';
import { silentLogger, type Logger } from '../log.ts';
import { SnapshotDirectories } from './directories.ts';
import { parseFilters } from './filter.ts';
import { ImageClock, isUnpacking, type ImageTimes } from './image-times.ts';
import { KeyedLock } from '../keyed-lock.ts';
import type { Digest } from '../oci/digest.ts';
import { parseLayerSource, REF_LABEL, REMOTE_LABEL, REMOTE_VALUE } from './labels.ts';
import type { Labels, LazyLayers } from './lazy.ts';
import type { Mount, Snapshot, SnapshotInfo, Usage } from './model.ts';
import { mountsOf, probeOverlay, requireOverlayPath, type OverlayNeeds } from './mounts.ts';
import { RemoteSnapshots } from './remote.ts';
import { FallbackReport } from './report.ts';
import { statusOf, type SnapshotterStatus } from './status.ts';
import { SnapshotStore } from './store.ts';
import { diskUsage } from './usage.ts';
import { usersOf, type SnapshotUser } from './users.ts';

export interface SnapshotterOptions {
  /** A directory of this snapshotter alone, on a filesystem that can be an overlay's upper layer. Made when missing. */
  readonly root: string;
  readonly lazy: LazyLayers;
  readonly log?: Logger;
  /** What overlayfs needs here; probed unless given. */
  readonly overlay?: OverlayNeeds;
  /** What an earlier serving process knew of the images. */
  readonly clock?: ImageClock;
  /** A lazy layer of an image was removed, and this snapshotter has let go of it. */
  readonly onRemoved?: (removed: RemovedLayer) => void;
}

/** A lazy layer that a client removed with its snapshot. */
export interface RemovedLayer {
  readonly imageRef: string;
  readonly layerDigest: Digest;
  /** Of the image. */
  readonly times: ImageTimes;
}

/** The snapshots of one consumer. Methods reject with LazypullErrors whose codes are those of containerd's errdefs. */
export class Snapshotter {
  readonly #store: SnapshotStore;
  readonly #directories: SnapshotDirectories;
  readonly #remote: RemoteSnapshots;
  readonly #lazy: LazyLayers;
  readonly #overlay: OverlayNeeds;
  readonly #log: Logger;
  readonly #fallbacks = new FallbackReport();
  readonly #refs = new KeyedLock();
  readonly #clock: ImageClock;
  readonly #onRemoved: SnapshotterOptions['onRemoved'];

  private constructor(options: SnapshotterOptions, directories: SnapshotDirectories) {
    this.#log = options.log ?? silentLogger;
    this.#lazy = options.lazy;
    this.#overlay = options.overlay ?? probeOverlay();
    this.#clock = options.clock ?? new ImageClock();
    this.#onRemoved = options.onRemoved;
    this.#directories = directories;
    this.#store = new SnapshotStore(join(options.root, 'metadata.db'));
    this.#remote = new RemoteSnapshots({ storeId: this.#store.storeId, lazy: this.#lazy, log: this.#log });
  }

  /** @throws UserError when the root is no path for an overlay mount, or its database can't be used. */
  static async open(options: SnapshotterOptions): Promise<Snapshotter> {
    requireOverlayPath(options.root);
    const directories = await SnapshotDirectories.open(options.root, options.log ?? silentLogger);
    return new Snapshotter(options, directories);
  }

  /**
   * After a start: mounts the layers of all remote snapshots again. Requests may come meanwhile; they wait for the
   * layers that they need. A layer that can't be mounted stops nothing but the containers that need it.
   */
  async restore(signal?: AbortSignal): Promise<void> {
    const remote = this.#store.list().filter((snapshot) => snapshot.layerDigest !== undefined);
    await this.#remote.restoreAll(remote, signal);
  }

  /**
   * A writable snapshot on top of `parent` (empty for none).
   * @throws LazypullError ALREADY_EXISTS also when the layer that the labels name is mounted now.
   */
  async prepare(key: string, parent: string, labels: Labels, signal?: AbortSignal): Promise<Mount[]> {
    const snapshot = this.#store.create('active', key, parent, labels);
    const ref = snapshot.labels[REF_LABEL];
    if (ref !== undefined) this.#tell(snapshot.labels, (imageRef) => this.#clock.asked(imageRef));
    return this.#orDiscard(snapshot, async () => {
      if (ref === undefined) return this.#setUp(snapshot, signal);
      const queue = JSON.stringify([ref, parent]);
      if (await this.#refs.run(queue, () => this.#becomeRemote(snapshot, ref, signal))) {
        throw new LazypullError('ALREADY_EXISTS', `remote snapshot for ${ref} already exists`);
      }
      return this.#setUp(snapshot, signal);
    });
  }

  /** A read-only snapshot on top of `parent` (empty for none). */
  async view(key: string, parent: string, labels: Labels, signal?: AbortSignal): Promise<Mount[]> {
    const snapshot = this.#store.create('view', key, parent, labels);
    return this.#orDiscard(snapshot, () => this.#setUp(snapshot, signal));
  }

  /** The mounts of an active or view snapshot, again. */
  async mounts(key: string, signal?: AbortSignal): Promise<Mount[]> {
    const snapshot = this.#store.require(key);
    const lower = await this.#lowerDirectories(snapshot, { use: true }, signal);
    return this.#mountsOf(snapshot, lower);
  }

  /** Makes an active snapshot a committed one under another name, with other labels. */
  async commit(name: string, key: string, labels: Labels, signal?: AbortSignal): Promise<void> {
    const snapshot = this.#store.require(key);
    if (snapshot.kind !== 'active') throw new LazypullError('FAILED_PRECONDITION', `snapshot ${key} is not active`);
    const usage = await diskUsage(this.#directories.fs(snapshot.id), signal);
    this.#store.commit(snapshot, name, labels, usage);
  }

  async remove(key: string): Promise<void> {
    const snapshot = this.#store.remove(key);
    const { layerDigest, createdMs } = snapshot;
    if (layerDigest === undefined) {
      this.#directories.remove(snapshot.id);
      return;
    }
    await this.#remote.release(snapshot);
    this.#tell(snapshot.labels, (imageRef) => {
      const times = this.#clock.lookup(imageRef) ?? { askedMs: createdMs, mountedMs: createdMs };
      this.#onRemoved?.({ imageRef, layerDigest, times });
      this.#clock.removed(imageRef);
    });
  }

  async stat(key: string): Promise<SnapshotInfo> {
    return this.#store.require(key);
  }

  /** Changes labels: all of them, or those that `paths` name (`labels.<key>`; no value deletes). */
  async update(name: string, labels: Labels, paths: readonly string[]): Promise<SnapshotInfo> {
    const snapshot = this.#store.update(name, labels, paths);
    if (snapshot.layerDigest !== undefined) this.#lazy.refresh(snapshot.layerDigest, snapshot.labels);
    return snapshot;
  }

  /** Snapshots that any of `filters` lets through; all without filters. Parents come before their children. */
  async list(filters: readonly string[]): Promise<SnapshotInfo[]> {
    return this.#store.list().filter(parseFilters(filters));
  }

  async usage(key: string, signal?: AbortSignal): Promise<Usage> {
    const { id, kind, usage } = this.#store.require(key);
    return kind === 'active' ? diskUsage(this.#directories.fs(id), signal) : usage;
  }

  /** Removes what removed snapshots left, also those of a process that died. */
  async cleanup(): Promise<void> {
    await this.#directories.removeOrphans(() => this.#store.ids());
  }

  status(): SnapshotterStatus {
    return statusOf(this.#store, this.#remote.failures, { fallbacks: this.#fallbacks.entries(), clock: this.#clock });
  }

  /** Who stands on lazy layers now. */
  users(): SnapshotUser[] {
    return usersOf(this.#store);
  }

  /** All snapshots. */
  count(): number {
    return this.#store.ids().size;
  }

  /** Waits for removals and closes the database. Mounted layers stay mounted. May be called twice. */
  async close(): Promise<void> {
    await this.#directories.settled();
    this.#store.close();
  }

  /** Whether a committed remote snapshot stands for `ref` on this parent now. Runs alone for each such pair. */
  async #becomeRemote(snapshot: Snapshot, ref: string, signal?: AbortSignal): Promise<boolean> {
    signal?.throwIfAborted();
    const { id, parent, labels } = snapshot;
    const existing = this.#store.findRemote(ref, parent);
    if (existing !== undefined) return this.#joinRemote(snapshot, existing);

    const layer = await this.#remote.mount(id, labels, signal);
    if ('notLazy' in layer) {
      this.#fallbacks.add(labels, layer);
      const source = parseLayerSource(labels);
      this.#log.info('layer is not lazy', {
        image: source?.imageRef,
        layer: source?.layerDigest,
        reason: layer.notLazy,
      });
      return false;
    }
    try {
      const { layerDigest } = layer;
      const remoteLabels = { ...labels, [REMOTE_LABEL]: REMOTE_VALUE };
      this.#store.commitRemote(snapshot, `remote/${id}/${ref}`, remoteLabels, { layerDigest, ref });
    } catch (error) {
      await this.#remote.release({ ...snapshot, layerDigest: layer.layerDigest });
      throw error;
    }
    this.#fallbacks.clear(labels);
    this.#tell(labels, (imageRef) => this.#clock.mounted(imageRef));
    return true;
  }

  /**
   * Another client (or namespace) has this layer already. A chain id says nothing of a layer that nobody has unpacked,
   * so only the same blob counts as the same; another blob takes the ordinary way, where containerd verifies it.
   */
  async #joinRemote(snapshot: Snapshot, existing: Snapshot): Promise<boolean> {
    const { labels } = snapshot;
    const { layerDigest } = existing;
    if (layerDigest === undefined || parseLayerSource(labels)?.layerDigest !== layerDigest) {
      const notLazy = `another blob, ${layerDigest}, is mounted for the same chain of layers`;
      this.#fallbacks.add(labels, { notLazy, kind: 'error' });
      return false;
    }
    try {
      await this.#remote.mountpoint(existing, labels);
    } catch (error) {
      this.#fallbacks.add(labels, { notLazy: describeError(error), kind: 'error' });
      return false;
    }
    this.#lazy.refresh(layerDigest, labels);
    this.#fallbacks.clear(labels);
    this.#tell(labels, (imageRef) => this.#clock.joined(imageRef));
    return true;
  }

  /** Directories and mounts of a new snapshot. Its root belongs to whom the parent's root belongs. */
  async #setUp(snapshot: Snapshot, signal?: AbortSignal): Promise<Mount[]> {
    // A layer that is about to be unpacked reads next to nothing of its parents: no reason to wait for prefetch.
    const unpacking = snapshot.labels[REF_LABEL] !== undefined;
    if (!unpacking && !isUnpacking(snapshot.name)) this.#noteStart(snapshot);
    const lower = await this.#lowerDirectories(snapshot, { use: !unpacking }, signal);
    const owner = lower[0] === undefined ? undefined : await stat(lower[0]);
    signal?.throwIfAborted();
    const kind = snapshot.kind === 'view' ? 'view' : 'active';
    await this.#directories.create(snapshot.id, kind, owner);
    return this.#mountsOf(snapshot, lower);
  }

  /** @throws LazypullError UNAVAILABLE when a parent's layer is not mounted and can't be. */
  async #lowerDirectories(snapshot: Snapshot, options: { use: boolean }, signal?: AbortSignal): Promise<string[]> {
    if (snapshot.kind === 'committed') {
      throw new LazypullError('FAILED_PRECONDITION', `snapshot ${snapshot.name} is committed: it has no mounts`);
    }
    const ancestors = this.#store.ancestors(snapshot);
    const lower = await Promise.all(
      ancestors.map(async (ancestor) =>
        ancestor.layerDigest === undefined ? this.#directories.fs(ancestor.id) : this.#remote.mountpoint(ancestor),
      ),
    );
    const layers = ancestors.flatMap(({ layerDigest }) => layerDigest ?? []);
    if (options.use && layers.length > 0) await this.#lazy.ready(layers, signal);
    return lower;
  }

  /** The image that a new snapshot stands on is that of the nearest layer that names one: build steps name none. */
  #noteStart(snapshot: Snapshot): void {
    const named = this.#store.ancestors(snapshot).find(({ labels }) => parseLayerSource(labels) !== undefined);
    if (named !== undefined) this.#tell(named.labels, (imageRef) => this.#clock.started(imageRef));
  }

  #tell(labels: Labels, what: (imageRef: string) => void): void {
    const imageRef = parseLayerSource(labels)?.imageRef;
    if (imageRef !== undefined) what(imageRef);
  }

  #mountsOf(snapshot: Snapshot, lower: readonly string[]): Mount[] {
    const { id } = snapshot;
    const kind = snapshot.kind === 'view' ? 'view' : 'active';
    const paths = { kind, fs: this.#directories.fs(id), work: this.#directories.work(id), lower } as const;
    return mountsOf(paths, this.#overlay);
  }

  /** Takes a new snapshot back when it could not be set up, since its client will never hear of it. */
  async #orDiscard<T>(snapshot: Snapshot, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (this.#store.find(snapshot.name)?.id === snapshot.id) this.#store.remove(snapshot.name);
      if (!this.#store.ids().has(snapshot.id)) this.#directories.remove(snapshot.id);
      throw error;
    }
  }
}
