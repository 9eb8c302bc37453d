// How long to wait before a serving process that died is started again.

/** This long without a death, and earlier ones are forgotten. */
const QUIET_MS = 60_000;
/** So many deaths are answered at once: containers wait for their reads meanwhile. */
const QUICK_RESTARTS = 5;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;

/** Counts deaths that follow each other. */
export class Backoff {
  #deaths = 0;
  #lastMs = Number.NEGATIVE_INFINITY;

  /**
   * Counts a death at `nowMs` and says how many milliseconds to wait before the next start: none for the first five,
   * then 1 s, doubling up to 30 s, until there was none for a minute.
   */
  nextPauseMs(nowMs: number): number {
    if (nowMs - this.#lastMs > QUIET_MS) this.#deaths = 0;
    this.#lastMs = nowMs;
    this.#deaths++;
    const slow = this.#deaths - QUICK_RESTARTS;
    return slow <= 0 ? 0 : Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(slow - 1, 10));
  }
}
