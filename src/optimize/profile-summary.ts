// What there is to say about a profile in numbers.
import type { Digest } from '../oci/digest.ts';
import type { Profile, ProfileFile } from './profile.ts';
import { rangesSize } from './ranges.ts';

/** How much of a number of files was read. */
export interface ReadShare {
  readonly files: number;
  readonly readBytes: number;
  /** Bytes of these files, read or not. */
  readonly fileBytes: number;
}

/** A layer of a profile's image, from the bottom up. */
export interface LayerShare extends ReadShare {
  readonly digest: Digest;
}

export interface ProfileSummary extends ReadShare {
  readonly layers: readonly LayerShare[];
}

/** Counts files and bytes, in all and for each layer, also for those of which nothing was read. */
export function summarizeProfile({ layers, files }: Profile): ProfileSummary {
  const byLayer = Map.groupBy(files, ({ layer }) => layer);
  const shares = [...new Set(layers)].map((digest) => Object.assign({ digest }, shareOf(byLayer.get(digest) ?? [])));
  return { ...shareOf(files), layers: shares };
}

function shareOf(files: readonly ProfileFile[]): ReadShare {
  let readBytes = 0;
  let fileBytes = 0;
  for (const { ranges, size } of files) {
    readBytes += rangesSize(ranges);
    fileBytes += size;
  }
  return { files: files.length, readBytes, fileBytes };
}
