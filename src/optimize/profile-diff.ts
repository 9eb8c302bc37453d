// What changed between two recordings, e.g. of the image before and after an update. Files are compared by path: layers
// get other digests whenever an image is built again.
import type { Profile, ProfileFile } from './profile.ts';
import { rangesSize, subtractRanges } from './ranges.ts';

/** A file that both profiles have, and read differently. */
export interface ChangedFile {
  readonly path: string;
  readonly before: ProfileFile;
  readonly after: ProfileFile;
  /** Bytes that only the later one read, and that only the earlier one read. */
  readonly addedBytes: number;
  readonly removedBytes: number;
}

export interface ProfileDiff {
  /** In the order of first use, of the later and the earlier profile. */
  readonly added: readonly ProfileFile[];
  readonly removed: readonly ProfileFile[];
  /** Read ranges or size differ. In the order of the later profile. */
  readonly changed: readonly ChangedFile[];
  /** Files that are the same in both. */
  readonly same: number;
}

/** Compares two profiles by path; of a path that several layers have, by the one that was read first. */
export function diffProfiles(before: Profile, after: Profile): ProfileDiff {
  const old = byPath(before);
  const young = byPath(after);
  const changed: ChangedFile[] = [];
  for (const [path, file] of young) {
    const earlier = old.get(path);
    if (earlier === undefined) continue;
    const addedBytes = rangesSize(subtractRanges(file.ranges, earlier.ranges));
    const removedBytes = rangesSize(subtractRanges(earlier.ranges, file.ranges));
    if (addedBytes === 0 && removedBytes === 0 && file.size === earlier.size) continue;
    changed.push({ path, before: earlier, after: file, addedBytes, removedBytes });
  }
  const added = [...young.values()].filter(({ path }) => !old.has(path));
  const removed = [...old.values()].filter(({ path }) => !young.has(path));
  return { added, removed, changed, same: young.size - added.length - changed.length };
}

function byPath({ files }: Profile): Map<string, ProfileFile> {
  const map = new Map<string, ProfileFile>();
  for (const file of files) if (!map.has(file.path)) map.set(file.path, file);
  return map;
}
