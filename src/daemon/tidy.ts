// Gives memory back when work is over. V8 collects only when a heap is full, and glibc keeps what was freed: after a pull
// the serving process would stay three times as large as what it needs, until the next one.
import koffi from 'koffi';
import { garbageCollector } from '../garbage.ts';

/** When to tidy up. */
export interface TidierOptions {
  /** A count that grows while there is work. */
  readonly work: () => number;
  /** How long it must stand still. 12 s unless told: idle workers have ended by then, and no container start waits for us. */
  readonly quietMs?: number;
  /** How often to look. */
  readonly lookMs?: number;
}

/** Tidies up after each burst of work. */
export class Tidier {
  readonly #work: () => number;
  readonly #quietMs: number;
  readonly #timer: NodeJS.Timeout;
  readonly #collect = garbageCollector();
  readonly #trim = trimFunction();
  #seen = 0;
  #seenMs = performance.now();
  #tidy = false;

  constructor({ work, quietMs = 12_000, lookMs = 3000 }: TidierOptions) {
    this.#work = work;
    this.#quietMs = quietMs;
    this.#timer = setInterval(() => this.#look(), lookMs).unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const count = this.#work();
    if (count !== this.#seen) {
      this.#seen = count;
      this.#seenMs = performance.now();
      this.#tidy = false;
    } else if (!this.#tidy && performance.now() - this.#seenMs >= this.#quietMs) {
      this.#tidy = true;
      this.#collect();
      this.#trim();
    }
  }
}

/** malloc_trim(3), on a thread of libuv's pool; other C libraries than glibc have none, and keep less. */
function trimFunction(): () => void {
  try {
    const trim = koffi.load(null).func('int malloc_trim(size_t pad)');
    return () => trim.async(0, () => {});
  } catch {
    return () => {};
  }
}
