// Background fill: while nobody waits, the missing rest of all layers comes in long ranges, in blob order, one
// request at a time, layers in turn. A fault stops it at once. A layer with a fault wave does not wait for quiet:
// its rest is wanted now.
import { setTimeout as sleep } from 'node:timers/promises';
import { describeError } from '../errors.ts';
import type { Logger } from '../log.ts';
import { isDiskFull } from './errors.ts';
import type { Foreground } from './foreground.ts';
import type { Layer } from './layer.ts';
import type { Span } from './members.ts';
import { FILL_GAP_BYTES, FILL_SPAN_BYTES, WAVE_PARALLEL, WAVE_SPAN_BYTES } from './policy.ts';

/** A layer whose registry failed is left alone for so long, and twice as long each further time. */
const FIRST_RETRY_MS = 5000;
const MAX_RETRY_MS = 300_000;
/** How often a filler with nothing to do looks again. */
const IDLE_MS = 500;

export interface FillerOptions {
  readonly log: Logger;
  readonly foreground: Foreground;
  /** Quiet time after the last fault before the fill goes on. */
  readonly quietMs: number;
  /** Layers that may be filled, in a stable order. */
  readonly layers: () => Iterable<Layer>;
  /** Whether the cache may grow. */
  readonly hasRoom: () => Promise<boolean>;
}

interface Trouble {
  untilMs: number;
  waitMs: number;
}

/** Fills layers until it is stopped. One for a store. */
export class Filler {
  readonly #options: FillerOptions;
  readonly #trouble = new WeakMap<Layer, Trouble>();
  readonly #waves = new Set<Promise<void>>();
  readonly #closing = new AbortController();
  #stopper: AbortController | undefined;
  #loop: Promise<void> | undefined;
  #last: Layer | undefined;
  #stoppedBy: string | undefined;

  constructor(options: FillerOptions) {
    this.#options = options;
  }

  /** Why the fill gave up, e.g. a full disk; undefined while it does not. `start` tries again. */
  get stoppedBy(): string | undefined {
    return this.#stoppedBy;
  }

  get running(): boolean {
    return this.#loop !== undefined;
  }

  start(): void {
    if (this.#loop !== undefined || this.#closing.signal.aborted) return;
    this.#stoppedBy = undefined;
    const stopper = new AbortController();
    this.#stopper = stopper;
    this.#loop = this.#run(stopper.signal).finally(() => {
      this.#loop = undefined;
    });
  }

  /** Stops the background at once; what has come stays, and waves go on. */
  async pause(): Promise<void> {
    this.#stopper?.abort();
    await this.#loop;
  }

  /** Stops all for good. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all([this.pause(), ...this.#waves]);
  }

  /** Streams the rest of a layer now, beside faults, also while the background is paused. */
  hurry(layer: Layer): void {
    const { signal } = this.#closing;
    if (signal.aborted) return;
    this.#options.log.info('fault wave: the whole layer is streamed', { layer: layer.digest });
    const lanes = Array.from({ length: WAVE_PARALLEL }, () => this.#fillAll(layer, signal));
    const work = Promise.all(lanes).then(
      () => {},
      (error: unknown) => this.#note(layer, error, signal),
    );
    this.#waves.add(work);
    void work.finally(() => this.#waves.delete(work));
  }

  async #fillAll(layer: Layer, signal: AbortSignal): Promise<void> {
    for (;;) {
      const span = nextWaveSpan(layer);
      if (span === undefined || signal.aborted) return;
      await layer.fetcher.stream(span, { signal, uncut: true });
    }
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && this.#stoppedBy === undefined) {
      const untilQuietMs = this.#options.foreground.untilQuietMs(this.#options.quietMs);
      const next = untilQuietMs === 0 ? this.#pick() : undefined;
      if (next === undefined) {
        await sleep(untilQuietMs > 0 ? untilQuietMs : IDLE_MS, undefined, { signal, ref: false }).catch(() => {});
        continue;
      }
      this.#last = next.layer;
      await this.#fillSpan(next.layer, next.span, signal);
    }
  }

  async #fillSpan(layer: Layer, span: Span, signal: AbortSignal): Promise<void> {
    try {
      const pauseMs = (): number => this.#options.foreground.untilQuietMs(this.#options.quietMs);
      await layer.fetcher.stream(span, { signal, pauseMs });
      this.#trouble.delete(layer);
      if (!(await this.#options.hasRoom())) this.#giveUp('the cache has reached its size limit');
    } catch (error) {
      this.#note(layer, error, signal);
    }
  }

  // The next layer in turn that has something to fetch.
  #pick(): { layer: Layer; span: Span } | undefined {
    const layers = [...this.#options.layers()];
    const after = this.#last === undefined ? 0 : layers.indexOf(this.#last) + 1;
    for (const layer of [...layers.slice(after), ...layers.slice(0, after)]) {
      if (layer.complete || !layer.fillWanted || !layer.hasBlob) continue;
      if ((this.#trouble.get(layer)?.untilMs ?? 0) > performance.now()) continue;
      const span = nextSpan(layer);
      if (span !== undefined) return { layer, span };
    }
    return undefined;
  }

  #note(layer: Layer, error: unknown, signal: AbortSignal): void {
    if (signal.aborted) return;
    if (isDiskFull(error)) return this.#giveUp(describeError(error));
    const waitMs = Math.min(MAX_RETRY_MS, (this.#trouble.get(layer)?.waitMs ?? FIRST_RETRY_MS / 2) * 2);
    this.#trouble.set(layer, { waitMs, untilMs: performance.now() + waitMs });
    this.#options.log.warn('background fill pauses for a layer', { layer: layer.digest, waitMs, error });
  }

  #giveUp(reason: string): void {
    this.#stoppedBy = reason;
    this.#options.log.warn('background fill stopped', { reason });
  }
}

function nextSpan(layer: Layer, fromChunk = 0, maxBytes = FILL_SPAN_BYTES): Span | undefined {
  const endChunk = layer.presence.count;
  return layer.fetcher.nextSpan({ fromChunk, endChunk, maxBytes, gapBytes: FILL_GAP_BYTES });
}

// From where the reader is to the end, then what it left behind: who reads in order finds its bytes on their way.
function nextWaveSpan(layer: Layer): Span | undefined {
  return nextSpan(layer, layer.readerChunk, WAVE_SPAN_BYTES) ?? nextSpan(layer, 0, WAVE_SPAN_BYTES);
}
