// One open layer: its sparse image on disk, the bitmap of what is there, and the ways to get what is missing.
// Made by LayerStore; everything here runs on the main thread and never blocks.
import { close } from 'node:fs';
import { promisify } from 'node:util';
import { BusyClock } from '../busy-clock.ts';
import { LazypullError } from '../errors.ts';
import type { Digest } from '../oci/digest.ts';
import type { RemoteBlob } from '../registry/blob.ts';
import { Checkpoints } from './checkpoints.ts';
import type { StoreTarget } from './chunk-worker.ts';
import { layerClosedError } from './errors.ts';
import { FaultHistory } from './fault-history.ts';
import type { FirstUse } from './fault-history.ts';
import { Fetcher } from './fetcher.ts';
import { Flights } from './flight.ts';
import { imagePathOf } from './layer-files.ts';
import type { LoadedLayer } from './layer-files.ts';
import type { LayerStats } from './layer-stats.ts';
import { newCounters } from './member-store.ts';
import type { FetchState } from './member-store.ts';
import { membersOf } from './members.ts';
import {
  chunksBetween,
  lastChunkBeside,
  PREFETCH_PARALLEL,
  PREFETCH_SPAN_BYTES,
  READ_AHEAD_PARALLEL,
  READ_AHEAD_SPAN_BYTES,
  WAVE_AGAIN_MS,
} from './policy.ts';
import { countPresent, hasChunk, missingChunks } from './presence.ts';
import type { ChunkPresence } from './presence.ts';
import { ReadAhead } from './read-ahead.ts';
import type { LayerRecord } from './record.ts';
import type { StoreContext } from './store-context.ts';
import { noteUse, UsedChunks } from './used-chunks.ts';

/** A read of the layer image that found chunks missing. */
export interface LayerFault {
  readonly imageOffset: number;
  readonly length: number;
}

export interface LayerParts {
  readonly context: StoreContext;
  readonly dir: string;
  readonly loaded: LoadedLayer;
  readonly imageFd: number;
  readonly liveFd: number;
  readonly allowUnverified: boolean;
  /** Bytes of the blob to prefetch when the layer says nothing of it. */
  readonly prefetchBytes: number;
  /** Whether a hot pack has brought what a job reads of it. */
  readonly readsKnown: boolean;
  /** Decompressed bytes that hot packs brought before it was opened. */
  readonly restoredBytes: number;
  /** A fault wave, or completion: the store acts on it. */
  readonly onWave: (layer: Layer) => void;
  readonly onComplete: (layer: Layer) => void;
  readonly onStartFill: () => void;
  readonly onDispose: (layer: Layer) => Promise<void>;
}

const closeAsync = promisify(close);

/** An open layer. Stays valid until `dispose`; callers of LayerStore.openLayer share it. */
export class Layer {
  readonly digest: Digest;
  readonly record: LayerRecord;
  /** The layer's folder, absolute. */
  readonly dir: string;
  /** The layer image. Complete, it is an ordinary EROFS image that may be mounted as it is. */
  readonly imagePath: string;
  /** A read-write descriptor of the layer image, closed by `dispose`. */
  readonly fd: number;
  /** Size of the layer image in bytes. */
  readonly imageSize: number;
  /** Shared with FUSE workers. */
  readonly presence: ChunkPresence;
  readonly #parts: LayerParts;
  readonly #state: FetchState;
  readonly #fetcher: Fetcher;
  readonly #history: FaultHistory;
  readonly #used: UsedChunks;
  readonly #waits = new BusyClock();
  readonly #readAhead: ReadAhead;
  readonly #closing = new AbortController();
  readonly #base: { chunks: number; bytes: number };
  readonly #fileBytes: number;
  #startSetAsked = false;
  #readsKnown: boolean;
  #observed = true;
  #restoredBytes: number;
  #blob: RemoteBlob | undefined;
  #wave = false;
  #completed: boolean;
  readonly #checkpoints: Checkpoints;
  #fillWanted = false;

  constructor(parts: LayerParts) {
    const { record, chunks, bitmap } = parts.loaded;
    const { table, imageOffset } = chunks;
    this.#parts = parts;
    this.digest = record.digest;
    this.record = record;
    this.dir = parts.dir;
    this.imagePath = imagePathOf(parts.dir);
    this.fd = parts.imageFd;
    this.imageSize = record.imageSize;
    this.#used = new UsedChunks(table.size);
    this.presence = { count: table.count, imageOffset, size: table.size, bitmap, use: this.#used.use };
    this.#base = countPresent(this.presence);
    this.#fileBytes = table.size.reduce((sum, size) => sum + size, 0);
    this.#completed = this.#base.chunks === table.count;
    this.#readsKnown = parts.readsKnown;
    this.#restoredBytes = parts.restoredBytes;
    this.#history = new FaultHistory(table.count);
    this.#readAhead = new ReadAhead(record.payloadEnd);
    this.#state = this.#fetchState();
    this.#fetcher = new Fetcher(this.#state);
    const { counters } = this.#state;
    this.#checkpoints = new Checkpoints({ dir: this.dir, record, fd: this.fd, bitmap }, () => counters.storedChunks);
  }

  /** Whether every chunk is stored and verified. */
  get complete(): boolean {
    return this.#completed;
  }

  /** Whether a fault wave showed that most of the layer is wanted. */
  get wave(): boolean {
    return this.#wave;
  }

  /** Whether every chunk has a digest that it is checked against. */
  get verifiable(): boolean {
    return this.record.verifiable;
  }

  /** Size of the compressed layer in bytes. */
  get blobSize(): number {
    return this.record.blobSize;
  }

  /** Whether the background should fetch the rest. */
  get fillWanted(): boolean {
    return this.#fillWanted;
  }

  get hasBlob(): boolean {
    return this.#blob !== undefined;
  }

  /** Where missing chunks come from. */
  get blob(): RemoteBlob | undefined {
    return this.#blob;
  }

  /** Whether a registry has given some of it to somebody without credentials. */
  get isAnonymous(): boolean {
    return this.record.isAnonymous === true || this.#blob?.isAnonymous === true;
  }

  /** For the store's background fill. */
  get fetcher(): Fetcher {
    return this.#fetcher;
  }

  /** Gives the layer its source, or a newer one; requests under way keep theirs. @throws LazypullError when it is another blob. */
  setBlob(blob: RemoteBlob): void {
    if (blob.digest !== this.digest) {
      throw new LazypullError('INVALID_ARGUMENT', `layer ${this.digest}: can't be read from blob ${blob.digest}`);
    }
    this.#blob = blob;
  }

  /**
   * Makes every chunk present that overlaps [imageOffset, imageOffset + length) of the layer image.
   * @throws VerificationError when the registry gives other bytes twice, RegistryError, the disk's error (ENOSPC),
   * LazypullError UNAVAILABLE without a blob, ABORTED after dispose. The reader gets EIO; a later fault tries again.
   */
  async fault({ imageOffset, length }: LayerFault): Promise<void> {
    const missing = (): number[] => missingChunks(this.presence, imageOffset, length);
    const wanted = missing();
    if (wanted.length === 0) return;
    const { foreground } = this.#parts.context;
    this.#history.note(wanted);
    // A reader that comes by FUSE has said so already.
    for (const chunk of wanted) noteUse(this.#used.use, chunk);
    const ends = [foreground.begin(), this.#waits.begin()];
    try {
      const arrived = this.#fetcher.demand(missing, this.#history.recent());
      this.#lookAhead(wanted);
      await arrived;
    } finally {
      for (const end of ends) end();
    }
  }

  /**
   * Lets `store` put verified chunks into the layer image, beside everything else that goes on; `close` waits for it.
   * @param readsKnown whether they are what a job reads: then neither landmark nor start set is followed any more.
   * @throws what `store` throws; LazypullError ABORTED when the layer is closed.
   */
  async restore(
    store: (target: StoreTarget) => Promise<{ readonly storedChunks: number; readonly storedBytes: number }>,
    readsKnown: boolean,
  ): Promise<void> {
    this.#closing.signal.throwIfAborted();
    const { storedChunks, storedBytes } = await this.#fetcher.track(store(this.#state.target));
    // Not before: a pack that is refused knows nothing.
    if (readsKnown) this.#readsKnown = true;
    this.#state.counters.storedChunks += storedChunks;
    this.#state.counters.storedBytes += storedBytes;
    this.#restoredBytes += storedBytes;
    if (storedChunks > 0) this.#noteStored();
  }

  /**
   * Fetches what the layer's landmark names, or the configured first bytes when it is silent. Faults go beside it. A layer
   * of which it is known what a job reads has that already, and nothing is guessed.
   * Aborting keeps what has come. @throws as `fault` does; the signal's reason.
   */
  async prefetch(signal?: AbortSignal): Promise<void> {
    if (this.#readsKnown) return;
    const { prefetchEnd, payloadEnd } = this.record;
    const end = prefetchEnd === 'none' ? 0 : Math.min(payloadEnd, prefetchEnd ?? this.#parts.prefetchBytes);
    const { from, end: endChunk } = chunksBetween(this.#state.target.chunks.table, 0, end);
    const limits = { fromChunk: from, endChunk, maxBytes: PREFETCH_SPAN_BYTES, gapBytes: 0 };
    const count = (bytes: number): void => void (this.#state.counters.prefetchedBytes += bytes);
    await this.#fetcher.speculate(limits, PREFETCH_PARALLEL, { count, signal });
  }

  /**
   * Fetches what a starting container wants first, once, beside its faults. A layer that names its own prefetch range
   * has it in there, as has one of which it is known what a job reads. @throws as `fault` does.
   */
  async fetchStartSet(): Promise<void> {
    if (this.#startSetAsked || this.#readsKnown || typeof this.record.prefetchEnd === 'number') return;
    this.#startSetAsked = true;
    const { bitmap } = this.presence;
    await this.#fetcher.demand(() => this.record.startChunks.filter((chunk) => !hasChunk(bitmap, chunk)));
  }

  /** Asks for the rest in the background, while nobody waits (when the store's fill is on). */
  startFill(): void {
    this.#fillWanted = true;
    this.#parts.onStartFill();
  }

  /** The background begins no further request for this layer. */
  pauseFill(): void {
    this.#fillWanted = false;
  }

  stats(): LayerStats {
    const { storedChunks, storedBytes, ...counters } = this.#state.counters;
    const used = this.#used.count();
    return {
      ...counters,
      chunks: this.presence.count,
      presentChunks: this.#base.chunks + storedChunks,
      presentBytes: this.#base.bytes + storedBytes,
      fileBytes: this.#fileBytes,
      blobSize: this.record.blobSize,
      faults: this.#history.faults,
      waitedMs: this.#waits.totalMs,
      usedChunks: used.chunks,
      usedBytes: used.bytes,
      hitChunks: Math.max(0, used.chunks - this.#history.distinctChunks),
      restoredBytes: this.#restoredBytes,
    };
  }

  /** The chunk that a reader wanted last. */
  get readerChunk(): number {
    return this.#history.lastChunk;
  }

  /** Chunks in the order in which faults first wanted them: the raw material of access profiles. */
  firstUse(): FirstUse {
    return this.#history.firstUse();
  }

  /** Chunks that were read since the layer was opened, also those that were there, in the order of their first read. */
  usedChunks(): Uint32Array {
    return this.#used.order();
  }

  /** When a chunk was first read, in milliseconds since the epoch; undefined when none was. */
  get firstReadMs(): number | undefined {
    return this.#used.firstReadMs;
  }

  /** Whether all reads come by us: those of a layer that is mounted straight from the disk do not. */
  get observed(): boolean {
    return this.#observed;
  }

  /** The layer image was mounted without FUSE. */
  noteUnobserved(): void {
    this.#observed = false;
  }

  /**
   * Makes what is stored now outlive a reboot: syncs the image, then writes the bitmap. Does nothing when nothing is new.
   * @throws the disk's error; from then on this layer writes no checkpoint, since the kernel may have dropped pages.
   */
  checkpoint(): Promise<void> {
    return this.#checkpoints.write();
  }

  /** Gives back what one call of LayerStore.openLayer took. After the last one no thread may use `fd` any more. */
  dispose(): Promise<void> {
    return this.#parts.onDispose(this);
  }

  /** For the store: ends all requests, writes a checkpoint and closes the files. */
  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort(layerClosedError(this.digest));
    await this.#fetcher.idle();
    await this.checkpoint().catch((error: unknown) => {
      this.#parts.context.log.warn('checkpoint failed', { layer: this.digest, error });
    });
    await Promise.all([closeAsync(this.fd), closeAsync(this.#parts.liveFd)]);
  }

  #fetchState(): FetchState {
    const { context, loaded, imageFd, liveFd, allowUnverified } = this.#parts;
    return {
      digest: this.digest,
      context,
      target: {
        chunks: loaded.chunks,
        bitmap: loaded.bitmap,
        imageFd,
        liveFd,
        allowMissingDigest: allowUnverified && !this.record.verifiable,
      },
      flights: new Flights(),
      closing: this.#closing.signal,
      requireBlob: () => this.#requireBlob(),
      counters: newCounters(),
      onStored: () => this.#noteStored(),
    };
  }

  #requireBlob(): RemoteBlob {
    if (this.#blob !== undefined) return this.#blob;
    throw new LazypullError('UNAVAILABLE', `layer ${this.digest}: chunks are missing and no registry is known for it`);
  }

  #noteStored(): void {
    if (this.#completed || this.#base.chunks + this.#state.counters.storedChunks < this.presence.count) return;
    this.#completed = true;
    this.#parts.onComplete(this);
  }

  #lookAhead(wanted: readonly number[]): void {
    const { table } = this.#state.target.chunks;
    const members = membersOf(table, wanted);
    const ahead = this.#readAhead.note(members[0]!.blobStart, members.at(-1)!.blobEnd);
    const { foreground } = this.#parts.context;
    const again = foreground.hadWave(WAVE_AGAIN_MS);
    if (!this.#wave && this.#history.isWave(this.#state.counters.demandBytes, this.record.payloadEnd, again)) {
      this.#wave = true;
      foreground.noteWave();
      this.#parts.onWave(this);
    }
    if (ahead !== undefined) {
      const { from, end } = chunksBetween(table, ahead.start, ahead.end);
      this.#speculate(from, end);
    }
    const last = lastChunkBeside(table, wanted[0]!);
    if (last !== undefined) this.#speculate(last, last + 1);
  }

  #speculate(fromChunk: number, endChunk: number): void {
    const limits = { fromChunk, endChunk, maxBytes: READ_AHEAD_SPAN_BYTES, gapBytes: 0 };
    const count = (bytes: number): void => void (this.#state.counters.readAheadBytes += bytes);
    this.#fetcher.speculate(limits, READ_AHEAD_PARALLEL, { count }).catch((error: unknown) => {
      this.#parts.context.log.debug('read-ahead stopped', { layer: this.digest, error });
    });
  }
}
