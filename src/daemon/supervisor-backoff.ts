// How long to wait before a serving process that died is started again.

/** This long without a death, and earlier ones are forgotten. */
const QUIET_MS = 60_000;
/** What a death costs: one before the process served weighs more, since starting again is likely to end the same way. */
const COST_UNREADY = 4;
const COST_READY = 1;
/** What is forgiven: 5 failed starts or 20 deaths of processes that served. Containers wait for their reads meanwhile. */
const BUDGET = 20;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;

/** Counts deaths that follow each other. */
export class Backoff {
  #spent = 0;
  #lastMs = Number.NEGATIVE_INFINITY;

  /**
   * Counts a death at `nowMs` and says how many milliseconds to wait before the next start: none within the budget,
   * then 1 s, doubling up to 30 s, until there was no death for a minute.
   */
  nextPauseMs(nowMs: number, wasReady: boolean): number {
    if (nowMs - this.#lastMs > QUIET_MS) this.#spent = 0;
    this.#lastMs = nowMs;
    this.#spent += wasReady ? COST_READY : COST_UNREADY;
    const steps = Math.ceil((this.#spent - BUDGET) / COST_UNREADY);
    return steps <= 0 ? 0 : Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(steps - 1, 10));
  }
}
