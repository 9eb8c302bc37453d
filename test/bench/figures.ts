// Numbers that benchmarks share.
import { readFileSync } from 'node:fs';

/** The middle value, or the mean of the two middle ones; NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >>> 1;
  if (sorted.length === 0) return Number.NaN;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Medians of the numbers by their names, over all samples that have them. */
export function medians(samples: readonly object[]): Record<string, number> {
  const all: Record<string, number[]> = {};
  for (const [name, value] of samples.flatMap((sample) => Object.entries(sample) as [string, unknown][])) {
    if (typeof value === 'number') (all[name] ??= []).push(value);
  }
  return Object.fromEntries(Object.entries(all).map(([name, numbers]) => [name, median(numbers)]));
}

/** Resident memory of processes together in KiB, shared pages counted once among them (proportional set size). */
export function residentKib(pids: readonly number[]): number {
  let sum = 0;
  for (const pid of pids) sum += Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1]);
  return sum;
}
