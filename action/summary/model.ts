// What the report at the end of a job is made of, and what it says. Plain values: they come from the daemon, the state of
// the action and its cache, and go into markdown and annotations.
import type { DaemonStatus } from '../../src/daemon/status.ts';
import type { Bases } from '../bases/model.ts';
import type { NotLazy } from '../../src/snapshot/lazy.ts';
import type { RestoredCache, SavedCache } from '../cache/model.ts';
import type { RunState } from '../state.ts';

export interface SummaryContext {
  /** undefined when nothing was set up, or the daemon does not answer any more. */
  readonly status: DaemonStatus | undefined;
  readonly run: RunState;
  readonly restored: RestoredCache;
  readonly saved: SavedCache;
  readonly bases?: Bases | undefined;
  /** Where the repository lies: GITHUB_WORKSPACE. */
  readonly workspace: string | undefined;
  readonly env: NodeJS.ProcessEnv;
}

/** Layers of an image that were not lazy, for one reason. */
export interface NotLazyLayers {
  readonly kind: NotLazy['kind'];
  /** The daemon's sentence. */
  readonly reason: string;
  readonly layers: number;
}

/** An image by whatever names and consumers it was pulled. Sizes are bytes; a layer counts in every image that has it. */
export interface ImageReport {
  /** As people write it. */
  readonly name: string;
  /** Every reference it was pulled by. */
  readonly refs: readonly string[];
  readonly lazyLayers: number;
  readonly ordinaryLayers: number;
  /** Compressed size of its lazy layers, and whether that is all there is to know. */
  readonly bytes: number;
  readonly isWholeSize: boolean;
  readonly fetchedBytes: number;
  /** Share of `bytes` that was never fetched; undefined when nothing is lazy. */
  readonly lazyShare: number | undefined;
  /** From being asked for until its lazy layers were mounted. */
  readonly readyMs: number | undefined;
  /** From being asked for until a container or a build step was begun on it, or else until it was read. */
  readonly firstRunMs: number | undefined;
  readonly faults: number;
  readonly waitedMs: number;
  /** Share of the chunks that were read which no reader waited for; undefined when none was read. */
  readonly hitShare: number | undefined;
  readonly requests: number;
  /** Decompressed bytes from the cache of an earlier job. */
  readonly restoredBytes: number;
  readonly notLazy: readonly NotLazyLayers[];
  readonly seconds: ImageSeconds | undefined;
}

/** What an image cost, and what an ordinary pull of it would have. Layers that an image before it brought count there. */
export interface ImageSeconds {
  /** Until it was mounted, and every wait of its layers. Measured. */
  readonly lazyMs: number;
  /** Estimated. */
  readonly ordinaryMs: number;
  /** The difference: negative when being lazy took longer. */
  readonly savedMs: number;
}

/** What the estimate assumes. */
export interface Rates {
  /** Compressed bytes a second from the registry. */
  readonly pullBytesPerSec: number;
  /** Whether this job's own requests say so, or it is assumed. */
  readonly isMeasured: boolean;
  /** Decompressed bytes a second while a layer is unpacked. */
  readonly unpackBytesPerSec: number;
}

/** Every layer once. */
export interface ReportTotals {
  readonly bytes: number;
  readonly fetchedBytes: number;
  readonly lazyShare: number | undefined;
  readonly faults: number;
  readonly waitedMs: number;
  readonly hitShare: number | undefined;
  readonly requests: number;
  readonly restoredBytes: number;
  /** undefined when nothing was lazy. */
  readonly savedMs: number | undefined;
}

export interface Report {
  /** Those asked for first are first. */
  readonly images: readonly ImageReport[];
  readonly totals: ReportTotals;
  readonly rates: Rates;
  /** Layers that were not lazy and that nobody could name an image for. */
  readonly unnamed: readonly NotLazyLayers[];
}

/** A name of an image in a file: as it is written there, e.g. `python:3.12`, and its line, from 1. */
export interface NamedImage {
  readonly image: string;
  readonly line: number;
}
