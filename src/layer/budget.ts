// Bytes that may be in memory at once between the registry and the chunk workers. It makes memory independent of
// the size of a layer: who waits here does not read from its connection, and TCP slows the sender down.

/** A counting semaphore over bytes, first come first served. */
export class ByteBudget {
  readonly #limit: number;
  readonly #waiting: { bytes: number; resolve: () => void }[] = [];
  #used = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get used(): number {
    return this.#used;
  }

  /** Waits for `bytes` of room; more than the whole budget counts as the whole budget. Returns what gives it back (once). */
  async take(bytes: number): Promise<() => void> {
    const share = Math.min(bytes, this.#limit);
    if (this.#waiting.length > 0 || this.#used + share > this.#limit) {
      await new Promise<void>((resolve) => this.#waiting.push({ bytes: share, resolve }));
    } else this.#used += share;
    let given = false;
    return () => {
      if (given) return;
      given = true;
      this.#used -= share;
      this.#admit();
    };
  }

  #admit(): void {
    for (;;) {
      const next = this.#waiting[0];
      if (next === undefined || this.#used + next.bytes > this.#limit) return;
      this.#waiting.shift();
      this.#used += next.bytes;
      next.resolve();
    }
  }
}
