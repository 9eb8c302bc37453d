// How long somebody waited: the union of the waits, not their sum. Ten readers that wait for the same second are one
// second that a job was slower.

export class WaitClock {
  #waiting = 0;
  #sinceMs = 0;
  #doneMs = 0;

  /** Number of those who wait now. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Somebody begins to wait; times are those of performance.now(). */
  enter(nowMs: number = performance.now()): void {
    if (this.#waiting++ === 0) this.#sinceMs = nowMs;
  }

  /** One of those who `enter`ed waits no more. */
  leave(nowMs: number = performance.now()): void {
    if (--this.#waiting === 0) this.#doneMs += nowMs - this.#sinceMs;
  }

  /** Milliseconds in which at least one waited, until now. */
  totalMs(nowMs: number = performance.now()): number {
    return this.#doneMs + (this.#waiting > 0 ? nowMs - this.#sinceMs : 0);
  }
}
