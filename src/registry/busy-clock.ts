// How long at least one of several things was under way: the union of their intervals, not their sum. With the bytes that
// came meanwhile it gives the throughput of a link that is often idle.

/** Counts time while something is under way. */
export class BusyClock {
  readonly #now: () => number;
  #busy = 0;
  #sinceMs = 0;
  #pastMs = 0;

  /** `now` gives monotonic milliseconds. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Something begins. The function that is returned says that it has ended; calling it again does nothing. */
  begin(): () => void {
    if (this.#busy++ === 0) this.#sinceMs = this.#now();
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      if (--this.#busy === 0) this.#pastMs += this.#now() - this.#sinceMs;
    };
  }

  /** Milliseconds up to now. */
  get totalMs(): number {
    return this.#pastMs + (this.#busy > 0 ? this.#now() - this.#sinceMs : 0);
  }
}
