// How long at least one of several things was under way: the union of their intervals, not their sum. Ten readers that
// wait for the same second are one second that a job was slower; bytes by the time in which any request ran are the
// throughput of a link that is often idle.

/** Counts time while something is under way. */
export class BusyClock {
  readonly #now: () => number;
  #count = 0;
  #sinceMs = 0;
  #pastMs = 0;

  /** `now` gives monotonic milliseconds. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** How many things are under way. */
  get count(): number {
    return this.#count;
  }

  /** Something begins. The function that is returned says that it has ended; calling it again does nothing. */
  begin(): () => void {
    if (this.#count++ === 0) this.#sinceMs = this.#now();
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      if (--this.#count === 0) this.#pastMs += this.#now() - this.#sinceMs;
    };
  }

  /** Milliseconds up to now. */
  get totalMs(): number {
    return this.#pastMs + (this.#count > 0 ? this.#now() - this.#sinceMs : 0);
  }
}
