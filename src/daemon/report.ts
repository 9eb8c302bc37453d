// What the daemon says of itself, put together from its parts: `lazypull status`, metrics and the health page.
import type { EffectiveConfig } from '../config.ts';
import { VerificationError } from '../errors.ts';
import type { FuseTransport } from '../fuse/transport.ts';
import type { LayerStore } from '../layer/layer-store.ts';
import type { RegistryClient } from '../registry/client.ts';
import type { NotLazy } from '../snapshot/lazy.ts';
import type { Snapshotter } from '../snapshot/snapshotter.ts';
import type { Drain } from './drain.ts';
import type { DaemonCredentials } from './credentials.ts';
import type { ImageReport } from './image-report.ts';
import type { DaemonStatus, Fallback, Totals } from './status.ts';
import { version } from '../version.ts';

/** One socket, or one place in the file system, and what its clients hold. */
export interface Consumer {
  readonly name: string;
  readonly socket: string;
  readonly snapshotter: Pick<Snapshotter, 'status' | 'users' | 'count'>;
}

export interface ReportOptions {
  readonly effective: EffectiveConfig;
  readonly generation: number;
  readonly tier: { readonly tier: 'A' | 'B' | 'D'; readonly reason: string };
  readonly transport: FuseTransport | undefined;
  readonly client: RegistryClient;
  readonly store: LayerStore;
  readonly images: ImageReport;
  readonly credentials: DaemonCredentials;
  readonly consumers: readonly Consumer[];
  readonly drain: Drain;
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
    const { tier, drain } = this.#options;
    if (drain.refusal !== undefined) return { ok: true, detail: `ok, draining: ${drain.refusal}` };
    return {
      ok: true,
      detail: tier.tier === 'D' ? `ok, but nothing is lazy: ${tier.reason}` : `ok, tier ${tier.tier}`,
    };
  }

  async status(): Promise<DaemonStatus> {
    const { effective, generation, tier, transport, store, images, consumers, drain } = this.#options;
    const draining = drain.status();
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
      images: states.flatMap(({ name, status }) => images.images(name, status)),
      history: images.history(),
      credentials: this.#options.credentials.status(),
      fallbacks,
      cache: { ...cache, sizeLimitBytes: effective.config.cache.sizeLimitBytes },
      residentBytes: process.memoryUsage.rss(),
      totals: this.#totals(fallbacks),
      ...(draining === undefined ? {} : { drain: draining }),
    };
  }

  #totals(fallbacks: readonly Fallback[]): Totals {
    const { client, transport, store } = this.#options;
    const { waitedMs, ...used } = store.reads();
    const registry = client.stats();
    const fuse = transport?.stats();
    const kinds: Partial<Record<NotLazy['kind'], number>> = {};
    for (const { kind } of fallbacks) kinds[kind] = (kinds[kind] ?? 0) + 1;
    return {
      registryRequests: registry.requests,
      registryRetries: registry.retries,
      fetchedBytes: registry.bytes,
      transferMs: registry.busyMs,
      reads: fuse?.reads ?? 0,
      readBytes: fuse?.bytes ?? 0,
      faults: fuse?.faults ?? 0,
      waitedMs: Math.round(waitedMs),
      ...used,
      readErrors: fuse?.errors ?? 0,
      verificationErrors: this.#verificationErrors,
      lazyMounts: this.#lazyMounts,
      fallbacks: kinds,
    };
  }
}

type SnapshotterFallback = ReturnType<Snapshotter['status']>['fallbacks'][number];

function fallbackOf({ atMs, imageRef, layerDigest, kind, reason }: SnapshotterFallback): Fallback {
  return { timeSec: Math.floor(atMs / 1000), ref: imageRef ?? '', layer: layerDigest ?? '', kind, reason };
}
