// Whether readers wait for bytes, or did a moment ago. Background work asks before it takes bandwidth.

/** Faults over all layers of a store. */
export class Foreground {
  #waiting = 0;
  #lastMs = -Infinity;
  #waveMs = -Infinity;

  /** Number of faults that wait now. */
  get waiting(): number {
    return this.#waiting;
  }

  /** A wave of faults began. */
  noteWave(): void {
    this.#waveMs = performance.now();
  }

  /** Whether a wave of faults began less than `withinMs` ago. */
  hadWave(withinMs: number): boolean {
    return performance.now() - this.#waveMs < withinMs;
  }

  /** Readers are about to come: a layer was mounted, and a container is started from it next. */
  expect(): void {
    this.#lastMs = performance.now();
  }

  enter(): void {
    this.#waiting++;
    this.#lastMs = performance.now();
  }

  leave(): void {
    this.#waiting--;
    this.#lastMs = performance.now();
  }

  /** Milliseconds until nobody will have waited for `quietMs`, if no fault comes; 0 when it is quiet. */
  untilQuietMs(quietMs: number): number {
    if (this.#waiting > 0) return Math.max(1, quietMs);
    return Math.max(0, Math.ceil(this.#lastMs + quietMs - performance.now()));
  }
}
