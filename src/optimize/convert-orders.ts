// Which layer each file of a profile is put in front of, and which large files come behind the landmark instead: a reader
// fetches everything before the landmark at once, so that is to be what will be read.
import type { LayerOrder, LayerTar } from '../build/model.ts';
import type { Digest } from '../oci/digest.ts';
import type { LayerFront } from './convert-model.ts';
import { followLink, ImageView } from './image-view.ts';
import type { FileRanges, Profile, ProfileFile } from './profile.ts';

/**
 * A file is put behind the landmark when less than this share of its bytes lies in chunks that the workload touched. In
 * front, it would be fetched whole before anything that comes after it; behind, a start that reads it fetches those chunks
 * alone, and over this share one long request is as good as several short ones.
 */
export const DEFER_BELOW_SHARE = 0.5;
/** Of fewer chunks than this there is too little to leave out: a part of a chunk can't be fetched. */
export const DEFER_FROM_CHUNKS = 3;

/** What is needed of a layer. */
export type OrderedLayer = Pick<LayerTar, 'diffId' | 'entries' | 'fd'>;

/** A profile, applied to an image. */
export interface AppliedProfile {
  /** For each layer, from the bottom up. */
  readonly orders: readonly LayerOrder[];
  readonly fronts: readonly LayerFront[];
  /** Paths that the image does not have, in the profile's order. */
  readonly missed: readonly string[];
}

/**
 * The orders of all layers of an image, from the bottom up. A file goes to the layer that the profile names, when the image
 * has that layer with that file; else to the top-most layer that has the path in a container's view.
 * @param chunkSize bytes of the chunks that the layers will be written with.
 */
export function applyProfile(profile: Profile, layers: readonly OrderedLayer[], chunkSize: number): AppliedProfile {
  const places = new FilePlaces(layers);
  const plans = layers.map(() => new LayerPlan());
  const missed: string[] = [];
  for (const file of profile.files) {
    const found = places.find(file);
    if (found.length === 0) missed.push(file.path);
    const deferred = isDeferred(file, chunkSize);
    for (const { layer, path, size } of found) plans[layer]!.add(path, size, deferred);
  }
  return { orders: plans.map(({ order }) => order), fronts: plans.map(({ front }) => front), missed };
}

/** Whether little of a large file was read. Counted in chunks: what lies in a chunk that was touched is fetched anyway. */
export function isDeferred({ size, ranges }: Pick<ProfileFile, 'size' | 'ranges'>, chunkSize: number): boolean {
  if (Math.ceil(size / chunkSize) < DEFER_FROM_CHUNKS) return false;
  return touchedBytes(ranges, size, chunkSize) < size * DEFER_BELOW_SHARE;
}

function touchedBytes(ranges: FileRanges, size: number, chunkSize: number): number {
  let bytes = 0;
  let counted = 0;
  for (const [start, end] of ranges) {
    const from = Math.max(counted, start - (start % chunkSize));
    const to = Math.min(size, Math.ceil(end / chunkSize) * chunkSize);
    if (to > from) bytes += to - from;
    counted = Math.max(counted, to);
  }
  return bytes;
}

interface FilePlace {
  readonly layer: number;
  readonly path: string;
  readonly size: number;
}

class FilePlaces {
  readonly #layers: readonly OrderedLayer[];
  readonly #byDiffId = new Map<Digest, number[]>();
  readonly #sizes = new Map<number, ReadonlyMap<string, number>>();
  #view: ImageView | undefined;

  constructor(layers: readonly OrderedLayer[]) {
    this.#layers = layers;
    for (const [index, { diffId }] of layers.entries()) {
      this.#byDiffId.set(diffId, [...(this.#byDiffId.get(diffId) ?? []), index]);
    }
  }

  /** Several when the image has the layer several times: it is one blob. */
  find({ path, layer }: ProfileFile): readonly FilePlace[] {
    const own = (this.#byDiffId.get(layer) ?? []).flatMap((index) => this.#inLayer(index, path));
    if (own.length > 0) return own;
    this.#view ??= new ImageView(this.#layers);
    // Files are recorded by the names in their layers; another build may have a folder of them behind a symlink.
    const found = this.#view.resolve(path);
    if (found?.entry.type !== 'reg') return [];
    const { diffId } = this.#layers[found.layer]!;
    return this.#byDiffId.get(diffId)!.flatMap((index) => this.#inLayer(index, found.path));
  }

  #inLayer(layer: number, path: string): FilePlace[] {
    let sizes = this.#sizes.get(layer);
    if (sizes === undefined) this.#sizes.set(layer, (sizes = fileSizes(this.#layers[layer]!)));
    const size = sizes.get(path);
    return size === undefined ? [] : [{ layer, path, size }];
  }
}

/** All names of regular files, hard links with the size of what they name. */
function fileSizes({ entries }: OrderedLayer): Map<string, number> {
  const last = new Map(entries.map((entry) => [entry.path, entry] as const));
  const sizes = new Map<string, number>();
  for (const [path, entry] of last) {
    const file = entry.type === 'hardlink' ? followLink(entry, last) : entry;
    if (file?.type === 'reg') sizes.set(path, file.header.size);
  }
  return sizes;
}

/** Grows by `add`. */
class LayerPlan {
  readonly #prioritized: string[] = [];
  readonly #deferred: string[] = [];
  readonly #seen = new Set<string>();
  #bytes = 0;
  #deferredBytes = 0;

  add(path: string, size: number, deferred: boolean): void {
    if (this.#seen.has(path)) return;
    this.#seen.add(path);
    if (deferred) {
      this.#deferred.push(path);
      this.#deferredBytes += size;
    } else {
      this.#prioritized.push(path);
      this.#bytes += size;
    }
  }

  get order(): LayerOrder {
    return { prioritized: this.#prioritized, deferred: this.#deferred };
  }

  get front(): LayerFront {
    return {
      files: this.#prioritized.length,
      bytes: this.#bytes,
      deferredFiles: this.#deferred.length,
      deferredBytes: this.#deferredBytes,
    };
  }
}
