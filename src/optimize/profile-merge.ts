// Several recordings become one: a union of what was read, in an order that is fair to all of them.
import type { Digest } from '../oci/digest.ts';
import { canonicalProfile } from './profile-codec.ts';
import type { Profile, ProfileFile } from './profile.ts';
import { unionRanges } from './ranges.ts';

/** Keeps the order of files whose times are equal, through rounding to microseconds. */
const STEP_MS = 0.001;

interface MergedFile {
  readonly file: ProfileFile;
  readonly ranges: (readonly [number, number])[];
  rankSum: number;
  msSum: number;
  /** How many of the profiles have it. */
  count: number;
}

/**
 * Unites profiles: every file of every one, with the union of its ranges. Files stand in the order of their mean rank
 * (the place in the order of first use) over the profiles that have them; of equal ones, first what more profiles have,
 * then by path. So the order of the arguments plays no part for files, and each argument counts once: a profile that was
 * merged before counts as one. `firstReadMs` is the mean time, raised where the order needs it.
 */
export function mergeProfiles(profiles: readonly Profile[]): Profile {
  const merged = new Map<string, MergedFile>();
  for (const profile of profiles) {
    for (const [rank, file] of canonicalProfile(profile).files.entries()) {
      const key = `${file.layer} ${file.path}`;
      const one = merged.get(key) ?? { file, ranges: [], rankSum: 0, msSum: 0, count: 0 };
      merged.set(key, one);
      one.ranges.push(...file.ranges);
      one.rankSum += rank;
      one.msSum += file.firstReadMs;
      one.count++;
    }
  }
  const ordered = [...merged.entries()].toSorted(([keyA, a], [keyB, b]) => compare(a, b) || (keyA < keyB ? -1 : 1));
  let lastMs = -STEP_MS;
  const files = ordered.map(([, { file, ranges, msSum, count }]) => {
    lastMs = Math.max(lastMs + STEP_MS, msSum / count);
    return { ...file, ranges: unionRanges(ranges), firstReadMs: lastMs };
  });
  return canonicalProfile({
    version: 1,
    image: sameImage(profiles),
    layers: mergeLayers(profiles),
    workloads: profiles.flatMap(({ workloads }) => workloads),
    files,
  });
}

function compare(a: MergedFile, b: MergedFile): number {
  const byRank = a.rankSum / a.count - b.rankSum / b.count;
  if (byRank !== 0 || a.file.path === b.file.path) return byRank;
  return b.count - a.count || (a.file.path < b.file.path ? -1 : 1);
}

function sameImage(profiles: readonly Profile[]): Profile['image'] {
  const first = profiles[0]?.image;
  return profiles.every(({ image }) => image?.digest === first?.digest) ? first : undefined;
}

/** Layers of images that have some in common: each once, where the first profile that has it puts it. */
function mergeLayers(profiles: readonly Profile[]): Digest[] {
  return [...new Set(profiles.flatMap(({ layers }) => layers))];
}
