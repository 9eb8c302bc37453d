// What the daemon says of itself, put together from its parts: `lazypull status`, metrics and the health page.
import type { EffectiveConfig } from '../config.ts';
import { VerificationError } from '../errors.ts';
import type { FuseTransport } from '../fuse/transport.ts';
import type { LayerStore } from '../layer/layer-store.ts';
import type { RegistryClient } from '../registry/client.ts';
import type { NotLazy } from '../snapshot/lazy.ts';
import type { Snapshotter } from '../snapshot/snapshotter.ts';
import type { MountedLayers } from './lazy-layers.ts';
import type { DaemonStatus, Fallback, ImageStatus, LayerStatus, Totals } from './status.ts';
import { version } from '../version.ts';

/** One socket and its snapshots. */
export interface Consumer {
  readonly name: string;
  readonly socket: string;
  readonly snapshotter: Snapshotter;
}

export interface ReportOptions {
  readonly effective: EffectiveConfig;
  readonly generation: number;
  readonly tier: { readonly tier: 'A' | 'B' | 'D'; readonly reason: string };
  readonly transport: FuseTransport | undefined;
  readonly client: RegistryClient;
  readonly store: LayerStore;
  readonly layers: MountedLayers;
  readonly consumers: readonly Consumer[];
}

export class Report {
  readonly #options: ReportOptions;
  readonly #startedSec = Math.floor(Date.now() / 1000);
  #lazyMounts = 0;
  #verificationErrors = 0;

  constructor(options: ReportOptions) {
    this.#options = options;
  }

  mounted(outcome: 'lazy' | 'ordinary'): void {
    if (outcome === 'lazy') this.#lazyMounts++;
  }

  faultFailed(error: unknown): void {
    if (error instanceof VerificationError) this.#verificationErrors++;
  }

  /** The first line of the log. */
  summary(): Record<string, unknown> {
    const { tier, transport, generation } = this.#options;
    return { version, tier: tier.tier, tierReason: tier.reason, transport: transport?.kind ?? 'none', generation };
  }

  health(): { ok: boolean; detail: string } {
    const { tier } = this.#options;
    return {
      ok: true,
      detail: tier.tier === 'D' ? `ok, but nothing is lazy: ${tier.reason}` : `ok, tier ${tier.tier}`,
    };
  }

  async status(): Promise<DaemonStatus> {
    const { effective, generation, tier, transport, store, consumers } = this.#options;
    const states = consumers.map(({ name, socket, snapshotter }) => ({ name, socket, status: snapshotter.status() }));
    const fallbacks = states.flatMap(({ status }) => status.fallbacks.map(fallbackOf));
    const cache = await store.usage();
    return {
      version,
      pid: process.pid,
      startedSec: this.#startedSec,
      generation,
      tier: tier.tier,
      tierReason: tier.reason,
      transport: transport?.kind ?? 'none',
      consumers: states.map(({ name, socket, status }) => {
        const { view, active, committed } = status.snapshots;
        return { name, socket, snapshots: view + active + committed };
      }),
      images: states.flatMap(({ name, status }) => this.#images(name, status)),
      fallbacks,
      cache: { ...cache, sizeLimitBytes: effective.config.cache.sizeLimitBytes },
      residentBytes: process.memoryUsage.rss(),
      totals: this.#totals(fallbacks),
    };
  }

  /** Remote layers of each image, and after them those that fell back. */
  #images(consumer: string, status: ReturnType<Snapshotter['status']>): ImageStatus[] {
    const images = new Map<string, LayerStatus[]>();
    const layersOf = (ref: string): LayerStatus[] => {
      const layers = images.get(ref) ?? [];
      images.set(ref, layers);
      return layers;
    };
    for (const { imageRef, layers } of status.images) {
      layersOf(imageRef).push(...layers.map(({ layerDigest, problem }) => this.#layer(layerDigest, problem)));
    }
    for (const { imageRef, layerDigest, kind, reason } of status.fallbacks) {
      if (imageRef === undefined || layerDigest === undefined) continue;
      layersOf(imageRef).push({ ...NO_BYTES, digest: layerDigest, state: 'ordinary', kind, reason });
    }
    return [...images].map(([ref, layers]) => ({ ref, consumer, layers }));
  }

  #layer(digest: LayerStatus['digest'], problem: string | undefined): LayerStatus {
    const held = this.#options.layers.lookupHeld(digest);
    if (held === undefined) {
      return {
        ...NO_BYTES,
        digest,
        state: 'lazy',
        ...(problem === undefined ? {} : { reason: problem, kind: 'error' }),
      };
    }
    const { layer, prefetch } = held;
    const stats = layer.stats();
    return {
      digest,
      size: layer.blobSize,
      state: layer.complete ? 'complete' : 'lazy',
      presentBytes: stats.presentBytes,
      imageBytes: stats.fileBytes,
      fetchedBytes: stats.fetchedBytes,
      faults: stats.faults,
      ...(prefetch === undefined ? {} : { prefetch: { state: prefetch, bytes: stats.prefetchedBytes } }),
    };
  }

  #totals(fallbacks: readonly Fallback[]): Totals {
    const { client, transport } = this.#options;
    const registry = client.stats();
    const fuse = transport?.stats();
    const kinds: Partial<Record<NotLazy['kind'], number>> = {};
    for (const { kind } of fallbacks) kinds[kind] = (kinds[kind] ?? 0) + 1;
    return {
      registryRequests: registry.requests,
      registryRetries: registry.retries,
      fetchedBytes: registry.bytes,
      reads: fuse?.reads ?? 0,
      readBytes: fuse?.bytes ?? 0,
      faults: fuse?.faults ?? 0,
      readErrors: fuse?.errors ?? 0,
      verificationErrors: this.#verificationErrors,
      lazyMounts: this.#lazyMounts,
      fallbacks: kinds,
    };
  }
}

const NO_BYTES = { presentBytes: 0, imageBytes: 0, fetchedBytes: 0, faults: 0 };

type SnapshotterFallback = ReturnType<Snapshotter['status']>['fallbacks'][number];

function fallbackOf({ atMs, imageRef, layerDigest, kind, reason }: SnapshotterFallback): Fallback {
  return { timeSec: Math.floor(atMs / 1000), ref: imageRef ?? '', layer: layerDigest ?? '', kind, reason };
}
