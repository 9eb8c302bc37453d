// From the daemon's status to the figures of the report: a row for each image, and totals in which every layer counts once.
import type { DaemonStatus, ImageTimeline, LayerStatus } from '../../src/daemon/status.ts';
import type { Digest } from '../../src/oci/digest.ts';
import { mergeImages, type MergedImage } from './merge.ts';
import type { ImageReport, ImageSeconds, NotLazyLayers, Rates, Report, ReportTotals } from './model.ts';
import { ratesOf, secondsOf } from './seconds.ts';

/**
 * The report of a job that began at `sinceMs`, in milliseconds since the epoch. A machine that has had other jobs may have
 * images of theirs, which the daemon mounts again when it starts: they count when this job uses them.
 */
export function reportOf(status: DaemonStatus, sinceMs = 0): Report {
  const rates = ratesOf(status.totals);
  const merged = mergeImages(status).filter(({ layers, timeline }) => layers.length > 0 && lastOf(timeline) >= sinceMs);
  const counted = new Set<Digest>();
  const images = merged.map((image) => imageReport(image, takeOwn(image, counted), rates));
  const layers = new Map(merged.flatMap((image) => lazyOf(image)).map((layer) => [layer.digest, layer]));
  const unnamed = status.fallbacks.filter(({ ref }) => ref === '');
  return {
    images,
    totals: totalsOf([...layers.values()], images),
    rates,
    unnamed: gather(unnamed),
  };
}

function lastOf({ askedMs, startedMs = 0, firstReadMs = 0 }: ImageTimeline): number {
  return Math.max(askedMs, startedMs, firstReadMs);
}

/** The lazy layers of an image that no image before it has. */
function takeOwn(image: MergedImage, counted: Set<Digest>): LayerStatus[] {
  const own = lazyOf(image).filter(({ digest }) => !counted.has(digest));
  for (const { digest } of own) counted.add(digest);
  return own;
}

function lazyOf({ layers }: Pick<MergedImage, 'layers'>): LayerStatus[] {
  return layers.filter(({ state }) => state !== 'ordinary');
}

function imageReport(image: MergedImage, own: readonly LayerStatus[], rates: Rates): ImageReport {
  const { name, refs, layers, timeline } = image;
  const lazy = lazyOf(image);
  const firstMs = timeline.startedMs ?? timeline.firstReadMs;
  return {
    name,
    refs,
    lazyLayers: lazy.length,
    ordinaryLayers: layers.length - lazy.length,
    isWholeSize: layers.every(({ state, size }) => state !== 'ordinary' && size !== undefined),
    ...countsOf(lazy),
    readyMs: since(timeline.askedMs, timeline.mountedMs),
    firstRunMs: since(timeline.askedMs, firstMs),
    notLazy: gather(layers),
    seconds: secondsOf(image, own, rates),
  };
}

type Counts = Omit<ReportTotals, 'savedMs'>;

function countsOf(lazy: readonly LayerStatus[]): Counts {
  const sum = (of: (layer: LayerStatus) => number): number => lazy.reduce((total, layer) => total + of(layer), 0);
  const bytes = sum(({ size = 0 }) => size);
  const fetchedOfKnown = sum(({ size, fetchedBytes }) => (size === undefined ? 0 : Math.min(size, fetchedBytes)));
  const used = sum(({ usedChunks }) => usedChunks);
  return {
    bytes,
    fetchedBytes: sum(({ fetchedBytes }) => fetchedBytes),
    lazyShare: bytes === 0 ? undefined : 1 - fetchedOfKnown / bytes,
    faults: sum(({ faults }) => faults),
    waitedMs: sum(({ waitedMs }) => waitedMs),
    hitShare: used === 0 ? undefined : sum(({ hitChunks }) => hitChunks) / used,
    requests: sum(({ requests }) => requests),
    restoredBytes: sum(({ restoredBytes }) => restoredBytes),
  };
}

function totalsOf(lazy: readonly LayerStatus[], images: readonly ImageReport[]): ReportTotals {
  const seconds = images.flatMap((image): ImageSeconds[] => (image.seconds === undefined ? [] : [image.seconds]));
  const savedMs = seconds.length === 0 ? undefined : seconds.reduce((sum, one) => sum + one.savedMs, 0);
  return { ...countsOf(lazy), savedMs };
}

/** Clocks of a machine may be set back. */
function since(fromMs: number, toMs: number | undefined): number | undefined {
  return toMs === undefined ? undefined : Math.max(0, toMs - fromMs);
}

/** Of a message of somebody else's; the summary shows less. */
const MAX_REASON = 1000;

/** Reasons with the number of layers that have them; the most frequent first. */
function gather(layers: readonly Partial<Pick<LayerStatus, 'kind' | 'reason'>>[]): NotLazyLayers[] {
  const groups = new Map<string, NotLazyLayers>();
  for (const { kind, reason: whole = '' } of layers) {
    if (kind === undefined) continue;
    const reason = whole.slice(0, MAX_REASON);
    const key = `${kind}\n${reason}`;
    const known = groups.get(key);
    groups.set(key, { kind, reason, layers: (known?.layers ?? 0) + 1 });
  }
  return [...groups.values()].sort((a, b) => b.layers - a.layers);
}
