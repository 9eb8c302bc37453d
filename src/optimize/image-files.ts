// Files of an image as a profile names them, where nobody ran anything: whole, in a given order.
import type { Digest } from '../oci/digest.ts';
import type { ViewEntry } from './image-view.ts';
import type { ProfileFile } from './profile.ts';

/** A regular file as one that is read from its first byte to its last; undefined for everything else. */
export function wholeFile(
  { layer, entry }: ViewEntry,
  layers: readonly Digest[],
  firstReadMs: number,
): ProfileFile | undefined {
  const digest = layers[layer];
  if (entry.type !== 'reg' || digest === undefined) return undefined;
  const { size } = entry.header;
  // A hard link is the file that it names.
  return { path: entry.path, layer: digest, size, ranges: size === 0 ? [] : [[0, size]], firstReadMs };
}
