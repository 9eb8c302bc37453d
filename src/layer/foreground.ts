// Whether readers wait for bytes, or did a moment ago. Background work asks before it takes bandwidth.
import { BusyClock } from '../busy-clock.ts';

/** Faults over all layers of a store. */
export class Foreground {
  readonly #clock = new BusyClock();
  #lastMs = -Infinity;
  #waveMs = -Infinity;

  /** Number of faults that wait now. */
  get waiting(): number {
    return this.#clock.count;
  }

  /** Milliseconds in which at least one fault of any layer waited. */
  get waitedMs(): number {
    return this.#clock.totalMs;
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

  /** A fault begins to wait. The function that is returned says that it waits no more. */
  begin(): () => void {
    const end = this.#clock.begin();
    this.#lastMs = performance.now();
    return () => {
      end();
      this.#lastMs = performance.now();
    };
  }

  /** Milliseconds until nobody will have waited for `quietMs`, if no fault comes; 0 when it is quiet. */
  untilQuietMs(quietMs: number): number {
    if (this.waiting > 0) return Math.max(1, quietMs);
    return Math.max(0, Math.ceil(this.#lastMs + quietMs - performance.now()));
  }
}
