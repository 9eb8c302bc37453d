// Prefetch of mounted layers: started for each layer as soon as it is mounted, all at once, and waited for (a bounded
// time) before a container uses them.
import { setTimeout as sleep } from 'node:timers/promises';
import { describeError } from '../errors.ts';
import type { Layer } from '../layer/layer.ts';
import type { Logger } from '../log.ts';
import type { Digest } from '../oci/digest.ts';

export type PrefetchState = 'running' | 'done' | 'failed';

interface Prefetch {
  state: PrefetchState;
  readonly done: Promise<void>;
  readonly abort: AbortController;
}

export class Prefetches {
  readonly #options: { readonly enabled: boolean; readonly waitTimeoutMs: number };
  readonly #log: Logger;
  readonly #byLayer = new Map<Digest, Prefetch>();

  constructor(options: { readonly enabled: boolean; readonly waitTimeoutMs: number }, log: Logger) {
    this.#options = options;
    this.#log = log;
  }

  /** Begins to prefetch; a failure is logged and costs only laziness. */
  start(layer: Layer): void {
    if (!this.#options.enabled || layer.complete) return;
    const abort = new AbortController();
    const done = layer.prefetch(abort.signal).then(
      () => void (prefetch.state = 'done'),
      (error: unknown) => {
        prefetch.state = 'failed';
        if (!abort.signal.aborted)
          this.#log.warn('prefetch failed', { layer: layer.digest, error: describeError(error) });
      },
    );
    const prefetch: Prefetch = { state: 'running', done, abort };
    this.#byLayer.set(layer.digest, prefetch);
  }

  stop(digest: Digest): void {
    this.#byLayer.get(digest)?.abort.abort();
    this.#byLayer.delete(digest);
  }

  state(digest: Digest): PrefetchState | undefined {
    return this.#byLayer.get(digest)?.state;
  }

  /** Resolves when the prefetches of `digests` have ended in whatever way, or the configured time is over. */
  async wait(digests: readonly Digest[], signal?: AbortSignal): Promise<void> {
    const running = digests.flatMap((digest) => {
      const prefetch = this.#byLayer.get(digest);
      return prefetch?.state === 'running' ? [prefetch.done] : [];
    });
    if (running.length === 0 || this.#options.waitTimeoutMs === 0) return;
    const timer = new AbortController();
    const stop = signal === undefined ? timer.signal : AbortSignal.any([timer.signal, signal]);
    const timeout = sleep(this.#options.waitTimeoutMs, undefined, { signal: stop, ref: false }).catch(() => {});
    await Promise.race([Promise.all(running), timeout]);
    timer.abort();
    signal?.throwIfAborted();
  }
}
