// Brings the layers of one image into a snapshotter, bottom first: by asking the snapshotter to mount each, and where it
// doesn't, by download and unpack. Downloads of layers that will hardly be mounted run ahead, beside each other.
import { randomBytes } from 'node:crypto';
import { VerificationError, LazypullError } from '../errors.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import type { Digest } from '../oci/digest.ts';
import { hasCode, type Connection } from './connection.ts';
import { labelContent, writeContent } from './content.ts';
import { applyLayer } from './diff.ts';
import type { ImageSource } from './image-source.ts';
import { prepareLabels, promisesToc, sourceLabels } from './labels.ts';
import { Snapshots, type Labels, type Mount } from './snapshots.ts';

/** `lazy`: mounted by the snapshotter. `existing`: was there already. `ordinary`: downloaded (or found) and unpacked. */
export type PulledState = 'lazy' | 'existing' | 'ordinary';

export interface PulledLayer {
  readonly digest: Digest;
  /** Compressed bytes. */
  readonly size: number;
  readonly chainId: Digest;
  readonly state: PulledState;
  /** Compressed bytes that this pull downloaded for it. */
  readonly downloadedBytes: number;
  /** From the request to the snapshotter until the layer was usable. */
  readonly durationMs: number;
}

/** The label that a remote snapshotter puts on what it mounts. */
const REMOTE_LABEL = 'containerd.io/snapshot/remote';
/** ALREADY_EXISTS without the snapshot can only be a race with a removal. */
const PREPARE_TRIES = 3;
/** Downloads at a time; more only makes the first, which is waited for, slower. */
const MAX_DOWNLOADS = 6;

export class LayerPuller {
  readonly #connection: Connection;
  readonly #snapshots: Snapshots;
  readonly #source: ImageSource;
  readonly #image: { readonly ref: string; readonly manifestDigest: Digest; readonly layers: readonly Descriptor[] };
  readonly #chain: readonly Digest[];
  readonly #diffIds: readonly Digest[];
  readonly #signal: AbortSignal;
  readonly #downloads = new Map<number, Promise<number>>();
  readonly #onBytes: (index: number, bytes: number) => void;
  #running = 0;
  readonly #queue: (() => void)[] = [];

  constructor(options: {
    readonly connection: Connection;
    readonly snapshotter: string;
    readonly source: ImageSource;
    readonly image: { readonly ref: string; readonly manifestDigest: Digest; readonly layers: readonly Descriptor[] };
    readonly diffIds: readonly Digest[];
    readonly chain: readonly Digest[];
    /** Aborting it ends all downloads. */
    readonly signal: AbortSignal;
    /** Called while a layer is downloaded, with its bytes so far. */
    readonly onBytes: (index: number, bytes: number) => void;
  }) {
    this.#connection = options.connection;
    this.#snapshots = new Snapshots(options.connection, options.snapshotter);
    this.#source = options.source;
    this.#image = options.image;
    this.#diffIds = options.diffIds;
    this.#chain = options.chain;
    this.#signal = options.signal;
    this.#onBytes = options.onBytes;
  }

  /** Makes the layer at `index` a committed snapshot named by its chain id. The layers below it must be there. */
  async pull(index: number): Promise<PulledLayer> {
    const begin = performance.now();
    const { digest, size } = this.#layer(index);
    const chainId = this.#chainId(index);
    const labels = prepareLabels({ ...this.#image, index, chainId });
    const done = (state: PulledState, downloadedBytes: number): PulledLayer => {
      return { digest, size, chainId, state, downloadedBytes, durationMs: performance.now() - begin };
    };
    const prepared = await this.#prepare(chainId, index === 0 ? '' : this.#chainId(index - 1), labels);
    if (!('key' in prepared)) return done(REMOTE_LABEL in prepared.labels ? 'lazy' : 'existing', 0);
    try {
      this.#startDownloads(index);
      const downloaded = await this.#download(index);
      await this.#unpack(index, prepared.key, prepared.mounts, labels);
      return done('ordinary', downloaded);
    } catch (error) {
      await this.#snapshots.remove(prepared.key).catch(() => {});
      throw error;
    }
  }

  /** @returns the labels of the snapshot when it is there now, else the key and mounts of a new one to unpack into. */
  async #prepare(
    chainId: Digest,
    parent: string,
    labels: Labels,
  ): Promise<{ labels: Labels } | { key: string; mounts: readonly Mount[] }> {
    for (let attempt = 1; ; attempt++) {
      const key = `extract-${Date.now()}-${randomBytes(4).toString('hex')} ${chainId}`;
      try {
        return { key, mounts: await this.#snapshots.prepare(key, parent, labels, this.#signal) };
      } catch (error) {
        if (!hasCode(error, 'ALREADY_EXISTS')) throw error;
        const found = await this.#snapshots.lookup(chainId, this.#signal);
        if (found !== undefined) return { labels: found.labels };
        if (attempt === PREPARE_TRIES)
          throw new LazypullError(
            'FAILED_PRECONDITION',
            `the snapshotter says that ${chainId} exists, but has no such snapshot`,
            { cause: error },
          );
      }
    }
  }

  async #unpack(index: number, key: string, mounts: readonly Mount[], labels: Labels): Promise<void> {
    const layer = this.#layer(index);
    const applied = await applyLayer(this.#connection, layer, mounts, this.#signal);
    const promised = this.#diffIds[index] ?? '';
    if (applied !== promised) throw new VerificationError(`unpacked layer ${layer.digest}`, promised, applied);
    try {
      await this.#snapshots.commit(this.#chainId(index), key, labels, this.#signal);
    } catch (error) {
      // Somebody else unpacked the same layer meanwhile: theirs is as good.
      if (!hasCode(error, 'ALREADY_EXISTS')) throw error;
      await this.#snapshots.remove(key).catch(() => {});
    }
    await labelContent(this.#connection, layer.digest, { 'containerd.io/uncompressed': applied }, this.#signal);
  }

  /**
   * The layer at `index` is not lazy, so some above it won't be either: those that promise no table of contents; and when
   * this one did promise one, then this snapshotter mounts nothing, and all of them.
   */
  #startDownloads(index: number): void {
    const all = promisesToc(this.#layer(index));
    for (let above = index; above < this.#image.layers.length; above++)
      if (above === index || all || !promisesToc(this.#layer(above))) void this.#download(above);
  }

  #download(index: number): Promise<number> {
    let download = this.#downloads.get(index);
    if (download === undefined) {
      download = this.#limited(() => this.#fetch(index));
      // Awaited when its turn comes; until then a failure must not be an unhandled one.
      download.catch(() => {});
      this.#downloads.set(index, download);
    }
    return download;
  }

  #fetch(index: number): Promise<number> {
    const descriptor = this.#layer(index);
    const open = (offset: number, signal?: AbortSignal): AsyncIterable<Uint8Array> =>
      this.#counted(index, this.#source.stream(descriptor, offset, signal));
    const labels = sourceLabels(this.#source.reference);
    return writeContent(
      this.#connection,
      { ref: `layer-${descriptor.digest}`, descriptor, labels, open },
      this.#signal,
    );
  }

  async *#counted(index: number, source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    let bytes = 0;
    for await (const piece of source) {
      bytes += piece.length;
      this.#onBytes(index, bytes);
      yield piece;
    }
  }

  async #limited<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= MAX_DOWNLOADS) await new Promise<void>((resolve) => this.#queue.push(resolve));
    this.#running += 1;
    try {
      return await work();
    } finally {
      this.#running -= 1;
      this.#queue.shift()?.();
    }
  }

  #layer(index: number): Descriptor {
    const layer = this.#image.layers[index];
    if (layer === undefined) throw new RangeError(`layer ${index} of ${this.#image.layers.length}`);
    return layer;
  }

  #chainId(index: number): Digest {
    const id = this.#chain[index];
    if (id === undefined) throw new RangeError(`chain id ${index} of ${this.#chain.length}`);
    return id;
  }
}
