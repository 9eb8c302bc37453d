// The layer cache: opens layer images from disk, or builds them from the tables of contents in registries, and
// owns what all layers share (workers, budgets, background fill, checkpoints, eviction). One for a daemon; only one
// process may have a root open.
import { openSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { LazypullError } from '../errors.ts';
import { silentLogger } from '../log.ts';
import type { Digest } from '../oci/digest.ts';
import { workerUrl } from '../worker-url.ts';
import { currentBootId } from './bitmap-file.ts';
import { BuildTurns } from './build-turns.ts';
import { evictLayers, listCachedLayers, removeLayerDir, TEMPORARY_PREFIX, touchLayer } from './eviction.ts';
import type { CachedLayer } from './eviction.ts';
import { Filler } from './filler.ts';
import { KeyedLock } from '../keyed-lock.ts';
import { HotHistory } from './hot-history.ts';
import type { LayerUse } from './hot-history.ts';
import { folderName, imagePathOf, openLive } from './layer-files.ts';
import type { LoadedLayer } from './layer-files.ts';
import { Layer } from './layer.ts';
import { loadLayer, makeLayer } from './obtain.ts';
import type { Workshop } from './obtain.ts';
import { checkPromise, requirePromise } from './promise.ts';
import { SharedJobs } from './shared-job.ts';
import { newShared } from './store-context.ts';
import type { StoreContext } from './store-context.ts';
import type { LayerStoreOptions, OpenLayerRequest } from './store-options.ts';
import { WorkerPool } from './worker-pool.ts';

/** What readers of all layers did. */
export interface StoreReads {
  readonly usedChunks: number;
  /** Decompressed bytes of these chunks. */
  readonly usedBytes: number;
  readonly hitChunks: number;
  /** Milliseconds in which at least one reader waited. */
  readonly waitedMs: number;
}

interface Entry {
  readonly layer: Layer;
  holders: number;
}

const CHUNK_HEAP_MB = 128;
const BUILD_HEAP_MB = 2048;
/** A build is as fast with this as with V8's own choice, and 25 MB smaller. */
const BUILD_YOUNG_HEAP_MB = 8;
/** Long enough that the workers which rehearsed at the start are there for the first pulls of a job. */
const REHEARSED_IDLE_MS = 60_000;
/** A chunk worker makes few objects, and many buffers that lie elsewhere. */
const CHUNK_YOUNG_HEAP_MB = 4;
const ROOM_CHECK_MS = 2000;

/** The layer cache below one folder. `await using`, or `close`. */
export class LayerStore implements AsyncDisposable {
  readonly #options: LayerStoreOptions;
  readonly #layersDir: string;
  readonly #context: StoreContext;
  readonly #workshop: Workshop;
  readonly #filler: Filler;
  readonly #hot = new HotHistory();
  readonly #entries = new Map<Digest, Entry>();
  readonly #jobs = new SharedJobs<Entry>();
  readonly #locks = new KeyedLock();
  readonly #ticker: NodeJS.Timeout;
  readonly #sizeLimitBytes: number;
  #fillEnabled: boolean;
  #closedReads = NO_READS;
  #room = { checkedMs: -Infinity, left: true };
  #closed = false;

  private constructor(options: LayerStoreOptions, layersDir: string) {
    this.#options = options;
    this.#layersDir = layersDir;
    const log = options.log ?? silentLogger;
    const { bootId = currentBootId(), neighbours = true } = options;
    this.#context = { log, ...newPools(options), ...newShared(), bootId, neighbours };
    const { opaqueXattr = 'trusted', toc } = options;
    this.#workshop = { context: this.#context, layersDir, opaqueXattr, toc };
    this.#filler = new Filler({
      log,
      foreground: this.#context.foreground,
      quietMs: options.fill?.quietMs ?? 1000,
      layers: () => this.layers(),
      hasRoom: () => this.#hasRoom(),
    });
    this.#fillEnabled = options.fill?.enabled ?? true;
    this.#sizeLimitBytes = options.sizeLimitBytes || Infinity;
    this.#ticker = setInterval(() => void this.#tick(), options.checkpointMs ?? 5000).unref();
  }

  /** Opens the cache below `root`, which it makes; what a crash left half-made is deleted. */
  static async open(options: LayerStoreOptions): Promise<LayerStore> {
    const layersDir = join(resolve(options.root), 'layers');
    await mkdir(layersDir, { recursive: true, mode: 0o700 });
    const rubbish = (await readdir(layersDir)).filter((name) => name.startsWith(TEMPORARY_PREFIX));
    await Promise.all(rubbish.map((name) => rm(join(layersDir, name), { recursive: true, force: true })));
    return new LayerStore(options, layersDir);
  }

  /**
   * Opens a layer: from disk when it is known there, else from its blob. Callers of one digest share one Layer, and
   * each calls `dispose` on it. Aborting ends this caller's wait, and the work when nobody else waits for it.
   * @throws NotEstargzError, UnsupportedLayerError, FormatError: the layer can't be mounted lazily.
   * @throws UnverifiableLayerError when nobody vouches for it, VerificationError when its table of contents is not the
   * promised one, LazypullError NOT_FOUND when it is not on disk and there is no blob, RegistryError, the disk's error.
   */
  async openLayer(request: OpenLayerRequest, signal?: AbortSignal): Promise<Layer> {
    const { digest, tocDigest, tocChecksum, allowUnverified = false, blob, externalToc, packed } = request;
    if (!allowUnverified) requirePromise(digest, request);
    const sources = [blob, externalToc, packed].map((source) => source !== undefined);
    const key = [digest, tocDigest, tocChecksum, allowUnverified, ...sources].join(' ');
    for (;;) {
      this.#requireOpen();
      const entry = await this.#jobs.join(
        key,
        (job) => this.#locks.run(digest, () => this.#open(request, job)),
        signal,
      );
      // The last holder may have closed it in the meantime.
      if (this.#entries.get(digest) !== entry) continue;
      entry.holders++;
      if (blob !== undefined) entry.layer.setBlob(blob);
      return entry.layer;
    }
  }

  /** Makes the workers that build layers fast before somebody waits for them. */
  async rehearse(): Promise<void> {
    this.#context.chunkPool.warm();
    await this.#context.buildPool.rehearse('rehearse');
  }

  /** An open layer; undefined when it is not open. Takes no hold of it. */
  lookup(digest: Digest): Layer | undefined {
    return this.#entries.get(digest)?.layer;
  }

  /** The open layers. */
  layers(): Layer[] {
    return [...this.#entries.values()].map(({ layer }) => layer);
  }

  /** What the layers were used for, for hot packs. */
  get hot(): HotHistory {
    return this.#hot;
  }

  /** What this job has used of the open layers. One that was only loaded has no blob yet: nobody asked for it. */
  uses(): Map<Digest, LayerUse> {
    const used = this.layers().filter((layer) => layer.hasBlob);
    return new Map(used.map((layer) => [layer.digest, useOf(layer)]));
  }

  /** What readers did, over all layers that are or were open. One that is opened again counts again. */
  reads(): StoreReads {
    const used = this.layers().reduce((sum, layer) => addReads(sum, layer.stats()), this.#closedReads);
    return { ...used, waitedMs: this.#context.foreground.waitedMs };
  }

  /** Folder of a layer, absolute, whether it is there or not. */
  folderOf(digest: Digest): string {
    return join(this.#layersDir, folderName(digest));
  }

  /** The boot whose `live` bitmaps count. */
  get bootId(): string {
    return this.#context.bootId;
  }

  /** All layers on disk, least recently used first. */
  cached(): Promise<CachedLayer[]> {
    return listCachedLayers(this.#layersDir);
  }

  /** Prefetches all layers of an image at once. A layer that fails is logged: faults will tell. @throws the signal's reason. */
  async prefetchAll(layers: readonly Layer[], signal?: AbortSignal): Promise<void> {
    await Promise.all(
      layers.map((layer) =>
        layer.prefetch(signal).catch((error: unknown) => {
          this.#context.log.warn('prefetch failed', { layer: layer.digest, error });
        }),
      ),
    );
    signal?.throwIfAborted();
  }

  /** Lets the background go on, for the layers that asked for it. */
  resumeFill(): void {
    this.#fillEnabled = true;
    this.#startFill();
  }

  /** Stops the background at once, for all layers; what has come stays. Fault waves still stream their layer. */
  async pauseFill(): Promise<void> {
    this.#fillEnabled = false;
    await this.#filler.pause();
  }

  /** Why the background gave up (a full disk, the size limit); undefined when it did not. The next `startFill` of a layer tries again. */
  get fillStoppedBy(): string | undefined {
    return this.#filler.stoppedBy;
  }

  /** Checkpoints of all open layers. @throws the disk's error. */
  async flush(): Promise<void> {
    await Promise.all(this.layers().map((layer) => layer.checkpoint()));
  }

  /** Deletes least recently used layers that are not open until `limitBytes` are kept. Returns what it deleted. */
  async evict(limitBytes: number = this.#sizeLimitBytes): Promise<CachedLayer[]> {
    if (limitBytes === Infinity) return [];
    const remove = (layer: CachedLayer): Promise<boolean> =>
      this.#locks.run(layer.digest, async () => {
        if (this.#entries.has(layer.digest)) return false;
        await removeLayerDir(this.#layersDir, layer.dir);
        this.#context.log.info('evicted a layer', { layer: layer.digest, bytes: layer.bytes });
        return true;
      });
    return this.#locks.run('evict', async () => evictLayers(await this.cached(), limitBytes, remove));
  }

  /** What lies on disk now. `bytes` are allocated ones. */
  async usage(): Promise<{ layers: number; bytes: number }> {
    const cached = await this.cached();
    return { layers: cached.length, bytes: cached.reduce((sum, layer) => sum + layer.bytes, 0) };
  }

  /** Checkpoints and closes everything. Layers may not be used any more. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#ticker);
    await this.#filler.close();
    await this.#jobs.idle();
    const layers = this.layers();
    this.#entries.clear();
    const closed = await Promise.allSettled(layers.map((layer) => layer.close()));
    await Promise.all([this.#context.chunkPool.close(), this.#context.buildPool.close()]);
    for (const result of closed) if (result.status === 'rejected') throw result.reason;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #open(request: OpenLayerRequest, signal: AbortSignal): Promise<Entry> {
    const open = this.#entries.get(request.digest);
    if (open !== undefined) {
      checkPromise(open.layer.record, request);
      return open;
    }
    const dir = this.folderOf(request.digest);
    const workshop = this.#workshop;
    const onDisk = await loadLayer(workshop, request, dir);
    const loaded = onDisk ?? (await makeLayer(workshop, request, dir, signal));
    // What was known was of another image, perhaps of another table of contents.
    if (onDisk === undefined) this.#hot.forget(request.digest);
    await touchLayer(dir);
    const layer = await this.#openFiles(request, dir, loaded);
    const entry: Entry = { layer, holders: 0 };
    if (signal.aborted || this.#closed) {
      await layer.close();
      throw new LazypullError('ABORTED', `nobody waits for layer ${request.digest} any more`);
    }
    this.#entries.set(request.digest, entry);
    void this.#evictQuietly();
    return entry;
  }

  async #openFiles(request: OpenLayerRequest, dir: string, loaded: LoadedLayer): Promise<Layer> {
    const liveFd = await openLive(dir, loaded.record, this.#context.bootId, loaded.bitmap);
    return new Layer({
      context: this.#context,
      dir,
      loaded,
      imageFd: openSync(imagePathOf(dir), 'r+'),
      liveFd,
      allowUnverified: request.allowUnverified ?? false,
      prefetchBytes: this.#options.prefetchBytes ?? 0,
      readsKnown: this.#hot.readsKnown(loaded.record.digest),
      restoredBytes: this.#hot.restoredBytes(loaded.record.digest),
      onWave: (layer) => this.#filler.hurry(layer),
      onStartFill: () => {
        this.#context.foreground.expect();
        this.#startFill();
      },
      onComplete: (layer) => void this.#completed(layer),
      onDispose: (layer) => this.#release(layer),
    });
  }

  async #release(layer: Layer): Promise<void> {
    const entry = this.#entries.get(layer.digest);
    if (entry?.layer !== layer || entry.holders === 0) return;
    entry.holders--;
    await this.#locks.run(layer.digest, async () => {
      if (entry.holders > 0 || this.#entries.get(layer.digest) !== entry) return;
      this.#entries.delete(layer.digest);
      this.#closedReads = addReads(this.#closedReads, layer.stats());
      if (layer.hasBlob) this.#hot.noteUse(layer.digest, useOf(layer));
      await touchLayer(layer.dir);
      await layer.close();
    });
  }

  async #completed(layer: Layer): Promise<void> {
    try {
      await layer.checkpoint();
      this.#context.log.debug('layer complete', { layer: layer.digest });
      if (this.#entries.get(layer.digest)?.layer === layer) this.#options.onComplete?.(layer);
    } catch (error) {
      this.#context.log.warn('checkpoint failed', { layer: layer.digest, error });
    }
  }

  async #tick(): Promise<void> {
    for (const layer of this.layers()) {
      await layer.checkpoint().catch((error: unknown) => {
        this.#context.log.warn('checkpoint failed', { layer: layer.digest, error });
      });
    }
  }

  async #hasRoom(): Promise<boolean> {
    const limit = this.#sizeLimitBytes;
    if (limit === Infinity || performance.now() - this.#room.checkedMs < ROOM_CHECK_MS) return this.#room.left;
    await this.#evictQuietly();
    this.#room = { checkedMs: performance.now(), left: (await this.usage()).bytes < limit };
    return this.#room.left;
  }

  async #evictQuietly(): Promise<void> {
    await this.evict().catch((error: unknown) => this.#context.log.warn('eviction failed', { error }));
  }

  #startFill(): void {
    if (this.#fillEnabled && !this.#closed) this.#filler.start();
  }

  #requireOpen(): void {
    if (this.#closed) throw new LazypullError('ABORTED', 'the layer store is closed');
  }
}

const NO_READS = { usedChunks: 0, usedBytes: 0, hitChunks: 0 };

function addReads(sum: typeof NO_READS, { usedChunks, usedBytes, hitChunks }: typeof NO_READS): typeof NO_READS {
  return {
    usedChunks: sum.usedChunks + usedChunks,
    usedBytes: sum.usedBytes + usedBytes,
    hitChunks: sum.hitChunks + hitChunks,
  };
}

function useOf(layer: Layer): LayerUse {
  return { chunks: layer.usedChunks(), observed: layer.observed, isAnonymous: layer.isAnonymous };
}

type Workers = Pick<StoreContext, 'chunkPool' | 'buildPool' | 'buildTurns'>;

function newPools({ chunkWorkers, workerIdleMs }: LayerStoreOptions): Workers {
  const cores = availableParallelism();
  const buildWorkers = Math.min(4, cores);
  const idleMs = workerIdleMs ?? 10_000;
  const urlOf = (name: string): URL => workerUrl(`./${name}-worker`, import.meta.url);
  return {
    buildTurns: new BuildTurns(buildWorkers),
    chunkPool: new WorkerPool({
      url: urlOf('chunk'),
      name: 'chunk',
      size: chunkWorkers ?? Math.min(4, cores),
      idleMs,
      maxHeapMb: CHUNK_HEAP_MB,
      youngHeapMb: CHUNK_YOUNG_HEAP_MB,
    }),
    buildPool: new WorkerPool({
      url: urlOf('build'),
      name: 'build',
      size: buildWorkers,
      idleMs,
      rehearsedIdleMs: workerIdleMs ?? REHEARSED_IDLE_MS,
      maxHeapMb: BUILD_HEAP_MB,
      youngHeapMb: BUILD_YOUNG_HEAP_MB,
    }),
  };
}
