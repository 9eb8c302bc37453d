// The lazy side of the snapshotter: labels name a layer, the layer store brings its table of contents, and the layer
// image is mounted. Here is which layers are mounted and for whom. Where a layer's bytes come from is sources.ts, how it
// is mounted is layer-mounts.ts.
import { describeError, FormatError, LazypullError } from '../errors.ts';
import type { Layer } from '../layer/layer.ts';
import type { LayerStore } from '../layer/layer-store.ts';
import type { Logger } from '../log.ts';
import { checkPromise, keepsPromise } from '../layer/promise.ts';
import type { Digest } from '../oci/digest.ts';
import { hasPromise, type TocPromise } from '../oci/toc-promise.ts';
import { parseLayerSource, type LayerSource } from '../snapshot/labels.ts';
import type { Labels, LazyLayers, MountedLayer, NotLazy } from '../snapshot/lazy.ts';
import { KeyedLock } from '../keyed-lock.ts';
import type { LayerMounts, LayerMount } from './layer-mounts.ts';
import { explain } from './not-lazy.ts';
import { Prefetches, type PrefetchState } from './prefetches.ts';
import type { BlobSources } from './sources.ts';
import type { WarmLayer } from './status.ts';
import { WarmLayers } from './warm-layers.ts';

export interface LazyLayersOptions {
  readonly store: LayerStore;
  /** Undefined when this machine can't mount layers lazily; `unsupported` says why. */
  readonly mounts: LayerMounts | undefined;
  readonly unsupported: string;
  readonly sources: BlobSources;
  readonly allowUnverified: boolean;
  readonly prefetch: { readonly enabled: boolean; readonly waitTimeoutMs: number };
  /** Why nothing new is mounted lazily at the moment; undefined when it is. Layers are restored all the same. */
  readonly refusal?: () => string | undefined;
  readonly log: Logger;
  /** Told of every request's outcome, for metrics. */
  readonly onMount?: (seconds: number, outcome: 'lazy' | 'ordinary') => void;
  /** Told of a layer that nobody holds any more, while it is still open. */
  readonly onRelease?: (held: HeldLayer) => void;
}

/** A layer that somebody holds. */
export interface HeldLayer {
  readonly layer: Layer;
  readonly mount: LayerMount;
  readonly holders: Set<string>;
  readonly prefetch: PrefetchState | undefined;
}

const NO_PROMISE =
  "the client passed no TOC digest for this layer: it is an ordinary one, or zstd:chunked of Podman's kind, which is lazy by `lazypull pull`";

export class MountedLayers implements LazyLayers {
  readonly #options: LazyLayersOptions;
  readonly #held = new Map<Digest, { layer: Layer; mount: LayerMount; holders: Set<string> }>();
  readonly #lock = new KeyedLock();
  readonly #warm: WarmLayers;
  readonly #prefetches: Prefetches;

  constructor(options: LazyLayersOptions) {
    this.#options = options;
    this.#prefetches = new Prefetches(options.prefetch, options.log);
    this.#warm = new WarmLayers(options.store, options.log);
  }

  async mount(holder: string, labels: Labels, signal?: AbortSignal): Promise<MountedLayer | NotLazy> {
    const started = performance.now();
    const refusal = this.#options.refusal?.();
    const answer: MountedLayer | NotLazy =
      refusal === undefined ? await this.#mount(holder, labels, signal) : { notLazy: refusal, kind: 'unsupported' };
    this.#options.onMount?.((performance.now() - started) / 1000, 'notLazy' in answer ? 'ordinary' : 'lazy');
    return answer;
  }

  async #mount(holder: string, labels: Labels, signal?: AbortSignal): Promise<MountedLayer | NotLazy> {
    const source = parseLayerSource(labels);
    if (source === undefined) {
      return { notLazy: 'the client did not say which layer of which image it wants', kind: 'no-labels' };
    }
    const { mounts, unsupported, allowUnverified } = this.#options;
    if (mounts === undefined) return { notLazy: unsupported, kind: 'unsupported' };
    if (!hasPromise(source) && !allowUnverified) return { notLazy: NO_PROMISE, kind: 'not-estargz' };
    this.#warmNeighbours(source);
    try {
      const layer = await this.#lock.run(source.layerDigest, () =>
        this.#hold(holder, { source, labels }, mounts, signal),
      );
      return { layerDigest: layer.digest, mountpoint: mounts.mountpoint(layer.digest) };
    } catch (error) {
      signal?.throwIfAborted();
      return explain(error);
    }
  }

  restore(holder: string, _layerDigest: Digest, labels: Labels, signal?: AbortSignal): Promise<MountedLayer | NotLazy> {
    return this.#mount(holder, labels, signal);
  }

  lookup(layerDigest: Digest): MountedLayer | undefined {
    const held = this.#held.get(layerDigest);
    return held === undefined ? undefined : { layerDigest, mountpoint: held.mount.mountpoint };
  }

  refresh(layerDigest: Digest, labels: Labels): void {
    const source = parseLayerSource(labels);
    const layer = this.#held.get(layerDigest)?.layer;
    if (source?.layerDigest !== layerDigest || layer === undefined || layer.complete) return;
    try {
      this.#options.sources.attach(layer, source);
    } catch (error) {
      // The labels are the client's to choose; the layer goes on reading from where it did.
      this.#options.log.warn('new labels name no place', { layer: layerDigest, error: describeError(error) });
    }
  }

  async ready(layerDigests: readonly Digest[], signal?: AbortSignal): Promise<void> {
    const lost = layerDigests.find((digest) => !this.#held.has(digest));
    if (lost !== undefined) throw new LazypullError('UNAVAILABLE', `layer ${lost} is not mounted`);
    if (this.#options.prefetch.enabled) this.#fetchStartSets(layerDigests);
    await this.#prefetches.wait(layerDigests, signal);
  }

  #fetchStartSets(layerDigests: readonly Digest[]): void {
    for (const digest of layerDigests) {
      this.#held
        .get(digest)
        ?.layer.fetchStartSet()
        .catch((error: unknown) => {
          this.#options.log.debug('start set not fetched', { layer: digest, error: describeError(error) });
        });
    }
  }

  async release(holder: string, layerDigest: Digest): Promise<void> {
    await this.#lock.run(layerDigest, async () => {
      const held = this.#held.get(layerDigest);
      if (held === undefined) return;
      held.holders.delete(holder);
      if (held.holders.size > 0) return;
      this.#options.onRelease?.({ ...held, prefetch: this.#prefetches.state(layerDigest) });
      this.#held.delete(layerDigest);
      this.#prefetches.stop(layerDigest);
      await this.#options.mounts?.detach(held.mount);
      await held.layer.dispose();
    });
    await this.#options.store.evict();
  }

  /** Begins to bring the TOCs of layers that will be mounted in a moment. */
  warm(reference: string, layers: readonly WarmLayer[]): void {
    if (this.#options.mounts === undefined || this.#options.refusal?.() !== undefined) return;
    for (const layer of layers) {
      const { digest } = layer;
      if (this.#held.has(digest)) continue;
      void this.#lock.run(digest, async () => {
        if (this.#held.has(digest)) return;
        const where = this.#options.sources.request({ ...layer, imageRef: reference, layerDigest: digest });
        await this.#warm.begin({ ...where, digest, tocDigest: layer.tocDigest, tocChecksum: layer.tocChecksum });
      });
    }
  }

  /**
   * Serves layers again that an earlier serving process of the same FUSE mount had mounted, from local data alone,
   * before the kernel's requests are answered. Whoever holds them says so later, by `restore`.
   */
  async adopt(): Promise<void> {
    const { mounts, store, log, sources } = this.#options;
    if (mounts === undefined) return;
    await Promise.all(
      mounts.inherited().map(async ([digest, { labels }]) => {
        const source = parseLayerSource(labels);
        try {
          if (source === undefined) throw new FormatError('its labels are damaged');
          const layer = await store.openLayer({ digest, ...sources.request(source), ...this.#trustOf(source) });
          this.#held.set(digest, { layer, mount: await mounts.attach(layer, labels), holders: new Set() });
          layer.startFill();
        } catch (error) {
          log.error('a mounted layer is lost', { layer: digest, error: describeError(error) });
        }
      }),
    );
  }

  /** Unmounts what was adopted and nobody holds. */
  async dropUnheld(): Promise<void> {
    const unheld = [...this.#held].filter(([, held]) => held.holders.size === 0).map(([digest]) => digest);
    await Promise.all(unheld.map((digest) => this.release('', digest)));
  }

  /** All layers that somebody holds. */
  *held(): Generator<HeldLayer> {
    for (const [digest, held] of this.#held) yield { ...held, prefetch: this.#prefetches.state(digest) };
  }

  lookupHeld(digest: Digest): HeldLayer | undefined {
    const held = this.#held.get(digest);
    return held === undefined ? undefined : { ...held, prefetch: this.#prefetches.state(digest) };
  }

  /** Unmounts everything. Containers that still run lose the layers. */
  async close(): Promise<void> {
    this.#warm.close();
    const all = [...this.#held];
    this.#held.clear();
    await Promise.all(
      all.map(async ([digest, { mount, layer }]) => {
        this.#prefetches.stop(digest);
        await this.#options.mounts?.detach(mount);
        await layer.dispose();
      }),
    );
  }

  async #hold(
    holder: string,
    { source, labels }: { source: LayerSource; labels: Labels },
    mounts: LayerMounts,
    signal?: AbortSignal,
  ): Promise<Layer> {
    const digest = source.layerDigest;
    const held = this.#held.get(digest);
    if (held !== undefined) {
      checkPromise(held.layer.record, this.#trustOf(source));
      held.holders.add(holder);
      return held.layer;
    }
    const layer = await this.#open(source, signal);
    try {
      checkPromise(layer.record, this.#trustOf(source));
      const mount = await mounts.attach(layer, labels);
      this.#held.set(digest, { layer, mount, holders: new Set([holder]) });
    } catch (error) {
      await layer.dispose();
      throw error;
    }
    this.#prefetches.start(layer);
    layer.startFill();
    return layer;
  }

  async #open(source: LayerSource, signal?: AbortSignal): Promise<Layer> {
    const { sources, store } = this.#options;
    const digest = source.layerDigest;
    const warm = this.#warm.take(digest);
    if (warm !== undefined && keepsPromise(warm.record, source)) {
      sources.attach(warm, source);
      return warm;
    }
    // Made from another TOC than the promised one: who let go of it last lets it be made anew.
    await warm?.dispose();
    return store.openLayer({ digest, ...sources.request(source), ...this.#trustOf(source) }, signal);
  }

  #trustOf({ tocDigest, tocChecksum }: LayerSource): TocPromise & { readonly allowUnverified: boolean } {
    return { tocDigest, tocChecksum, allowUnverified: this.#options.allowUnverified };
  }

  /** The labels of one layer name the others: when one has a TOC, they have one too, mostly. */
  #warmNeighbours(source: LayerSource): void {
    if (!hasPromise(source)) return;
    this.warm(
      source.imageRef,
      source.neighbours.map((digest) => ({ digest })),
    );
  }
}
