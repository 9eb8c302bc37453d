// Arithmetic on read ranges [start, end) of one file: sorted, not empty, not touching each other.
import type { FileRanges } from './profile.ts';

/** The union of ranges in any order, as sorted ranges that do not touch. Empty ones disappear. */
export function unionRanges(ranges: Iterable<readonly [number, number]>): [number, number][] {
  const sorted = [...ranges].filter(([start, end]) => start < end).toSorted((a, b) => a[0] - b[0]);
  const union: [number, number][] = [];
  for (const [start, end] of sorted) {
    const last = union.at(-1);
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end);
    else union.push([start, end]);
  }
  return union;
}

/** Bytes that the ranges cover. */
export function rangesSize(ranges: FileRanges): number {
  return ranges.reduce((sum, [start, end]) => sum + end - start, 0);
}

/** What is in `ranges` and not in `others`. Both sorted and not touching. */
export function subtractRanges(ranges: FileRanges, others: FileRanges): [number, number][] {
  const left: [number, number][] = [];
  let at = 0;
  for (const [start, end] of ranges) {
    let from = start;
    while (at < others.length && others[at]![1] <= start) at++;
    for (let index = at; index < others.length && others[index]![0] < end; index++) {
      const [otherStart, otherEnd] = others[index]!;
      if (otherStart > from) left.push([from, otherStart]);
      from = Math.max(from, otherEnd);
    }
    if (from < end) left.push([from, end]);
  }
  return left;
}
