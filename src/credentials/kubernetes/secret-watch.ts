// Keeps one list of secrets as the API server has it: lists, watches from there, goes on after a watch that ended, and lists
// again after 410 Gone. A server that is away is asked again, more and more slowly; what was known stays.
import { setTimeout as sleep } from 'node:timers/promises';
import { describeError } from '../../errors.ts';
import type { Logger } from '../../log.ts';
import { fieldsOf, stringOf, type Fields } from '../../registry/auth-entry.ts';
import { GoneError, KubernetesApi, type SecretQuery } from './api.ts';
import type { Logins } from './login.ts';

const FIRST_PAUSE_MS = 500;
const MAX_PAUSE_MS = 30_000;

/** Who is told of what there is. */
export interface SecretSink {
  /** All that there are. */
  replace(secrets: readonly Fields[]): void;
  put(secret: Fields): void;
  remove(secret: Fields): void;
}

export interface SecretWatchOptions {
  readonly query: SecretQuery;
  readonly kubeconfigPath: string;
  readonly logins: Logins;
  readonly sink: SecretSink;
  readonly log: Logger;
  /** Instead of half a second. */
  readonly firstPauseMs?: number;
}

export class SecretWatch {
  readonly #options: SecretWatchOptions;
  readonly #closing = new AbortController();
  readonly #asked = Promise.withResolvers<void>();
  readonly #done: Promise<void>;
  #version: string | undefined;
  #failures = 0;
  #failure: string | undefined;

  constructor(options: SecretWatchOptions) {
    this.#options = options;
    this.#done = this.#run();
  }

  /** Resolves when the first list is there, or has failed. */
  get asked(): Promise<void> {
    return this.#asked.promise;
  }

  /** Why what is known may be old; undefined while all is well. */
  get failure(): string | undefined {
    return this.#failure;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#done;
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      try {
        await this.#listAndWatch(signal);
      } catch (error) {
        if (signal.aborted) break;
        if (error instanceof GoneError) this.#version = undefined;
        else this.#failed(error);
      } finally {
        this.#asked.resolve();
      }
      await this.#pause(signal);
    }
  }

  /** One connection: until its watch ends. */
  async #listAndWatch(signal: AbortSignal): Promise<void> {
    const { query, kubeconfigPath, logins, sink } = this.#options;
    await using api = await KubernetesApi.open(kubeconfigPath, logins, signal);
    if (this.#version === undefined) {
      const { items, resourceVersion } = await api.list(query, signal);
      sink.replace(items);
      this.#version = resourceVersion;
      this.#worked();
      this.#asked.resolve();
    }
    for await (const { type, object } of api.watch(query, this.#version, signal)) {
      if (type === 'ADDED' || type === 'MODIFIED') sink.put(object);
      else if (type === 'DELETED') sink.remove(object);
      this.#version = stringOf(fieldsOf(object['metadata'])['resourceVersion']) ?? this.#version;
      this.#worked();
    }
    this.#worked();
  }

  #worked(): void {
    this.#failures = 0;
    if (this.#failure === undefined) return;
    this.#failure = undefined;
    this.#options.log.info('image pull secrets are watched again');
  }

  #failed(error: unknown): void {
    this.#failures += 1;
    const failure = describeError(error);
    // Told once, until it is another or has been well in between.
    if (failure !== this.#failure)
      this.#options.log.warn("image pull secrets can't be watched; those that are known stay", { error: failure });
    this.#failure = failure;
  }

  /** After a watch that ended by itself, a moment; after failures, longer each time. */
  async #pause(signal: AbortSignal): Promise<void> {
    const { firstPauseMs = FIRST_PAUSE_MS } = this.#options;
    const pauseMs = Math.min(MAX_PAUSE_MS, firstPauseMs * 2 ** Math.min(this.#failures, 10));
    await sleep(pauseMs * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => {});
  }
}
