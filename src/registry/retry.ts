// When to try again, and how long to wait: exponential back-off with full jitter, the registry's Retry-After when it
// gives one, at once after a connection that broke (usually a kept-alive one that the server had closed).
import { setTimeout as sleep } from 'node:timers/promises';
import { RegistryError } from '../errors.ts';
import { RetryLaterError } from './errors.ts';

export interface RetryPolicy {
  /** Tries after the first one, without progress in between. */
  readonly retries: number;
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;
  /** A registry that wants to be left alone for longer than this fails at once. */
  readonly maxRetryAfterMs: number;
}

export const DEFAULT_RETRY: RetryPolicy = {
  retries: 5,
  baseDelayMs: 200,
  maxDelayMs: 10_000,
  maxRetryAfterMs: 60_000,
};

/** The memory of one operation that is tried several times. */
export class Backoff {
  readonly #policy: RetryPolicy;
  readonly #onRetry: (error: RegistryError) => void;
  #failures = 0;

  constructor(policy: RetryPolicy, onRetry: (error: RegistryError) => void) {
    this.#policy = policy;
    this.#onRetry = onRetry;
  }

  /** Something worth having arrived: the count starts again. */
  progress(): void {
    this.#failures = 0;
  }

  /**
   * Waits before the next try.
   * @throws the error itself, when another try is no use or there were enough; the signal's reason when aborted.
   */
  async pause(error: unknown, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (!(error instanceof RegistryError) || !error.retryable) throw error;
    this.#failures += 1;
    if (this.#failures > this.#policy.retries) throw error;
    const delayMs = this.#delayMs(error);
    if (delayMs === undefined) throw error;
    this.#onRetry(error);
    if (delayMs > 0) await abortable(sleep(delayMs), signal);
  }

  #delayMs(error: RegistryError): number | undefined {
    const { baseDelayMs, maxDelayMs, maxRetryAfterMs } = this.#policy;
    const jittered = Math.random() * Math.min(maxDelayMs, baseDelayMs * 2 ** (this.#failures - 1));
    if (error instanceof RetryLaterError) {
      return error.retryAfterMs > maxRetryAfterMs ? undefined : error.retryAfterMs + jittered;
    }
    return error.status === undefined && this.#failures === 1 ? 0 : jittered;
  }
}

/** Tries until `attempt` succeeds or `Backoff` gives up. */
export async function retrying<T>(
  policy: RetryPolicy,
  onRetry: (error: RegistryError) => void,
  attempt: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const backoff = new Backoff(policy, onRetry);
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      await backoff.pause(error, signal);
    }
  }
}

/** Settles like `promise`, or rejects with the signal's reason: for waiting on work that others share. */
export async function abortable<T>(promise: Promise<T>, signal?: AbortSignal): Promise<T> {
  // Who aborts does not hear of a later failure.
  promise.catch(() => {});
  signal?.throwIfAborted();
  if (signal === undefined) return promise;
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => aborted.reject(signal.reason as Error);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
