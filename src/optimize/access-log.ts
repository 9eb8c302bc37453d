// What a workload asked for, while it runs: for every file the ranges that were read, in the order of the first read.
// Times are those at which the kernel's request arrived; of one that comes again, the first counts.
import type { RecordedFile } from './record-job.ts';
import { unionRanges } from './ranges.ts';

interface Access {
  readonly firstReadMs: number;
  readonly ranges: [number, number][];
}

/** United when so many have come: one file read at random does not fill the memory. */
const MOST_RANGES = 4096;

/** Collects reads of one recording. */
export class AccessLog {
  readonly #files = new Map<string, { layer: number; tarOffset: number; access: Access }>();
  readonly #now: () => number;
  #startedMs: number;
  #lastMs = 0;
  #open = false;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#startedMs = now();
  }

  /** From now on reads count, and times are from here. */
  start(): void {
    this.#startedMs = this.#now();
    this.#open = true;
  }

  /** No later read counts. @returns the length of the recording in milliseconds. */
  stop(): number {
    this.#open = false;
    return this.#now() - this.#startedMs;
  }

  /**
   * A read of [start, end) of the file whose payload begins at `tarOffset` of a layer's tar. Layers are numbered from
   * the bottom.
   */
  read(layer: number, tarOffset: number, start: number, end: number): void {
    if (!this.#open) return;
    const key = `${layer} ${tarOffset}`;
    const known = this.#files.get(key);
    if (known !== undefined) {
      addRange(known.access.ranges, start, end);
      return;
    }
    // Two files are never first read at the same time, so that the order survives the rounding to microseconds.
    this.#lastMs = Math.max(this.#lastMs + 0.001, this.#now() - this.#startedMs);
    this.#files.set(key, { layer, tarOffset, access: { firstReadMs: this.#lastMs, ranges: [[start, end]] } });
  }

  /** In the order of the first read; ranges are sorted and do not touch. */
  files(): RecordedFile[] {
    return [...this.#files.values()].map(({ layer, tarOffset, access }) => {
      return { layer, tarOffset, firstReadMs: access.firstReadMs, ranges: unionRanges(access.ranges) };
    });
  }
}

function addRange(ranges: [number, number][], start: number, end: number): void {
  const last = ranges.at(-1);
  if (last !== undefined && start >= last[0] && start <= last[1]) {
    last[1] = Math.max(last[1], end);
    return;
  }
  ranges.push([start, end]);
  if (ranges.length >= MOST_RANGES && ranges.length % MOST_RANGES === 0) {
    const united = unionRanges(ranges);
    ranges.length = 0;
    for (const range of united) ranges.push(range);
  }
}
