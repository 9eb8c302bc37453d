// Several recordings become one: a union of what was read, in an order that is fair to all of them.
import { FormatError } from '../errors.ts';
import type { Digest } from '../oci/digest.ts';
import { canonicalProfile } from './profile-codec.ts';
import type { Profile, ProfileFile } from './profile.ts';
import { unionRanges } from './ranges.ts';

interface MergedFile {
  readonly file: ProfileFile;
  readonly ranges: (readonly [number, number])[];
  rankSum: number;
  microsSum: number;
  /** How many of the profiles have it. */
  count: number;
}

/**
 * Unites profiles: every file of every one, with the union of its ranges. Files stand in the order of their mean rank
 * (the place in the order of first use) over the profiles that have them; of equal ones, first what more profiles have,
 * then by path. So the order of the arguments plays no part for files, and each argument counts once: a profile that was
 * merged before counts as one. `firstReadMs` is the mean time, raised where the order needs it.
 * @throws FormatError when two profiles tell different sizes of one file of one layer.
 */
export function mergeProfiles(profiles: readonly Profile[]): Profile {
  const merged = new Map<string, MergedFile>();
  for (const profile of profiles) {
    for (const [rank, file] of canonicalProfile(profile).files.entries()) {
      const key = `${file.layer} ${file.path}`;
      const one = merged.get(key) ?? { file, ranges: [], rankSum: 0, microsSum: 0, count: 0 };
      merged.set(key, one);
      if (one.file.size !== file.size) {
        throw new FormatError(
          `profiles: ${JSON.stringify(file.path)} has ${one.file.size} and ${file.size} bytes in one layer`,
        );
      }
      for (const range of file.ranges) one.ranges.push(range);
      one.rankSum += rank;
      one.microsSum += Math.round(file.firstReadMs * 1000); // whole numbers: sums do not depend on the order
      one.count++;
    }
  }
  const ordered = [...merged.entries()].toSorted(([keyA, a], [keyB, b]) => compare(a, b) || (keyA < keyB ? -1 : 1));
  let lastMicros = -1;
  const files = ordered.map(([, { file, ranges, microsSum, count }]) => {
    lastMicros = Math.max(lastMicros + 1, Math.round(microsSum / count));
    const { path, layer, size } = file;
    return { path, layer, size, ranges: unionRanges(ranges), firstReadMs: lastMicros / 1000 };
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
  const byRank = a.rankSum / a.count - b.rankSum / b.count || b.count - a.count;
  if (byRank !== 0 || a.file.path === b.file.path) return byRank;
  return a.file.path < b.file.path ? -1 : 1;
}

function sameImage(profiles: readonly Profile[]): Profile['image'] {
  const first = profiles[0]?.image;
  return profiles.every(({ image }) => image?.digest === first?.digest) ? first : undefined;
}

/** Layers of images that have some in common: each once, where the first profile that has it puts it. */
function mergeLayers(profiles: readonly Profile[]): Digest[] {
  return [...new Set(profiles.flatMap(({ layers }) => layers))];
}
