// One image for all that the daemon says of it: under a tag and under a digest, for containerd and for BuildKit, there
// and removed. Counts belong to layers and grow, so of two views of a layer the larger counts are the newer ones.
import type { DaemonStatus, ImageStatus, ImageTimeline, LayerStatus } from '../../src/daemon/status.ts';
import { FormatError } from '../../src/errors.ts';
import type { Digest } from '../../src/oci/digest.ts';
import { familiarReference, parseReference, type ImageReference } from '../../src/oci/reference.ts';
import { shortDigest } from '../../src/cli/format.ts';

export interface MergedImage {
  readonly name: string;
  readonly refs: readonly string[];
  /** Bottom first, each once. */
  readonly layers: readonly LayerStatus[];
  readonly timeline: ImageTimeline;
}

interface Group {
  readonly images: ImageStatus[];
  readonly names: ImageReference[];
}

/** All images of a status, those asked for first first. */
export function mergeImages(status: Pick<DaemonStatus, 'images' | 'history'>): MergedImage[] {
  const all = [...status.images, ...status.history];
  const newest = newestLayers(all);
  return groupImages(all)
    .map((group) => mergeGroup(group, newest))
    .sort((a, b) => a.timeline.askedMs - b.timeline.askedMs);
}

/** Whether two references mean one image: by digest where both have one, else by tag. */
export function sameImage(a: ImageReference, b: ImageReference): boolean {
  if (a.registry !== b.registry || a.repository !== b.repository) return false;
  if (a.digest !== undefined && b.digest !== undefined) return a.digest === b.digest;
  const [tagA, tagB] = [a, b].map(({ tag, digest }) => tag ?? (digest === undefined ? 'latest' : undefined));
  return tagA !== undefined && tagA === tagB;
}

/** A reference as a value; undefined for what is none. */
export function referenceOf(text: string): ImageReference | undefined {
  try {
    return parseReference(text);
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

/** What is no reference goes by its beginning: a name may be of any length. */
const MAX_UNPARSED = 300;

/** Names with a digest go first: they connect a tag with names that have only the digest. */
function groupImages(images: readonly ImageStatus[]): Group[] {
  const groups: Group[] = [];
  const unparsed = new Map<string, Group>();
  const parsed = images.map((image) => ({ image, name: referenceOf(image.ref) }));
  for (const { image, name } of parsed.sort((a, b) => rank(a.name) - rank(b.name))) {
    const beginning = image.ref.slice(0, MAX_UNPARSED);
    const known =
      name === undefined
        ? unparsed.get(beginning)
        : groups.find(({ names }) => names.some((other) => sameImage(other, name)));
    const group = known ?? { images: [], names: [] };
    group.images.push(image);
    if (name === undefined) unparsed.set(beginning, group);
    else group.names.push(name);
    if (known === undefined) groups.push(group);
  }
  return groups;
}

function rank(name: ImageReference | undefined): number {
  if (name?.digest === undefined) return 2;
  return name.tag === undefined ? 1 : 0;
}

function mergeGroup({ images, names }: Group, newest: ReadonlyMap<Digest, LayerStatus>): MergedImage {
  const longestFirst = [...images].sort((a, b) => b.layers.length - a.layers.length);
  const layers = new Map<Digest, LayerStatus>();
  for (const layer of longestFirst.flatMap((image) => image.layers)) {
    // One consumer that downloaded the layer has downloaded all of it.
    if (layers.get(layer.digest)?.state !== 'ordinary') layers.set(layer.digest, viewOf(layer, newest));
  }
  return {
    name: nameOf(names) ?? images[0]?.ref ?? '',
    refs: [...new Set(images.map(({ ref }) => ref))],
    layers: [...layers.values()],
    timeline: timelineOf(images.map(({ timeline }) => timeline)),
  };
}

/** A layer that one image has lazily may be ordinary in another: only lazy ones have counts. */
function viewOf(layer: LayerStatus, newest: ReadonlyMap<Digest, LayerStatus>): LayerStatus {
  return layer.state === 'ordinary' ? layer : { ...layer, ...newest.get(layer.digest) };
}

function nameOf(names: readonly ImageReference[]): string | undefined {
  const { tag, digest, ...name } = names.find((one) => one.tag !== undefined) ?? names[0] ?? {};
  if (!('registry' in name)) return undefined;
  if (tag === undefined && digest !== undefined) return `${familiarReference(name)}@${shortDigest(digest)}`;
  return familiarReference({ ...name, tag: tag ?? 'latest' });
}

/** The first life in which something was started, or read. */
function timelineOf(timelines: readonly ImageTimeline[]): ImageTimeline {
  const sorted = [...timelines].sort((a, b) => a.askedMs - b.askedMs);
  const started = sorted.find(({ startedMs }) => startedMs !== undefined);
  const read = sorted.find(({ firstReadMs }) => firstReadMs !== undefined);
  const timeline = started ?? read ?? sorted[0];
  if (timeline === undefined) throw new TypeError('an image without a timeline');
  return timeline;
}

/** Lazy layers by digest, every count as high as anybody saw it. */
function newestLayers(images: readonly ImageStatus[]): Map<Digest, LayerStatus> {
  const newest = new Map<Digest, LayerStatus>();
  for (const layer of images.flatMap(({ layers }) => layers)) {
    if (layer.state === 'ordinary') continue;
    const known = newest.get(layer.digest);
    newest.set(layer.digest, known === undefined ? layer : newer(known, layer));
  }
  return newest;
}

function newer(a: LayerStatus, b: LayerStatus): LayerStatus {
  const [older, latest] = a.usedChunks + a.fetchedBytes > b.usedChunks + b.fetchedBytes ? [b, a] : [a, b];
  const merged: LayerStatus = { ...older, ...latest };
  const max = (key: CountKey): number => Math.max(a[key], b[key]);
  const counts = Object.fromEntries(COUNT_KEYS.map((key) => [key, max(key)])) as Record<CountKey, number>;
  return { ...merged, ...counts };
}

const COUNT_KEYS = [
  'presentBytes',
  'imageBytes',
  'fetchedBytes',
  'requests',
  'faults',
  'waitedMs',
  'usedChunks',
  'usedBytes',
  'hitChunks',
  'restoredBytes',
] as const;
type CountKey = (typeof COUNT_KEYS)[number];
