// What is in an image, and what lazy pulling would make of it, from its manifests and the last bytes of its layers.
import { describeError, FormatError } from '../errors.ts';
import type { ImageDocument, ImageSource } from '../image/model.ts';
import { BASE_DIGEST, BASE_NAME, SOURCE_DIGEST, SOURCE_NAME } from '../oci/annotations.ts';
import { OCI_EMPTY } from '../oci/media-types.ts';
import { formatPlatform, normalizePlatform, type Platform } from '../oci/platform.ts';
import { commandsOf, parseConfigFacts, type ConfigFacts } from './inspect-config.ts';
import { DuplicateFinder } from './inspect-duplicates.ts';
import { inspectLayer, type LayerWithToc } from './inspect-layer.ts';
import type { DocumentFacts, InspectedImage, Inspection, Origin } from './inspect-model.ts';
import { selectImages, type SelectedImage } from './inspect-select.ts';
import type { LayerToc, OpenTocImage } from './inspect-toc.ts';
import { settleAll } from './settle.ts';
import { Slots } from './slots.ts';

export interface InspectOptions {
  /** The images of an index to look at. */
  readonly platforms: readonly Platform[] | 'all';
  /** Where external TOCs are: `REF-esgztoc`. */
  readonly openTocImage?: OpenTocImage | undefined;
}

/** An image with the tables of contents of its layers; undefined for layers that have none that can be read. */
export interface InspectedWithTocs {
  readonly image: InspectedImage;
  readonly tocs: readonly (LayerToc | undefined)[];
}

export interface InspectResult {
  readonly inspection: Inspection;
  /** As `inspection.images`. */
  readonly images: readonly InspectedWithTocs[];
}

/** Layers whose last bytes are asked for at a time. */
const PARALLEL = 4;

/**
 * Looks at an image. No blob is downloaded: of each layer the last bytes are read, of ordinary layers the first four, too.
 * What is wrong with single layers, with config or history is told, not thrown.
 * @throws LazypullError NOT_FOUND when there is no image for a platform; what says that the image can't be reached.
 */
export async function inspectImage(
  source: ImageSource,
  options: InspectOptions,
  signal?: AbortSignal,
): Promise<InspectResult> {
  const { root, images: selected, others } = await selectImages(source, options.platforms, signal);
  const images: InspectedWithTocs[] = [];
  for (const one of selected) images.push(await inspectOne(source, one, options, signal));
  const inspection: Inspection = {
    version: 1,
    name: source.name,
    root: documentFacts(root),
    images: images.map(({ image }) => image),
    others,
  };
  return { inspection, images };
}

async function inspectOne(
  source: ImageSource,
  { document, manifest, platform }: SelectedImage,
  options: InspectOptions,
  signal: AbortSignal | undefined,
): Promise<InspectedWithTocs> {
  const { config: descriptor, layers: descriptors } = manifest;
  const { config, problem } = await readConfig(source, descriptor, signal);
  const layers = await inspectLayers(source, manifest, config, options.openTocImage, signal);
  const image: InspectedImage = {
    manifest: documentFacts(document),
    config: { digest: descriptor.digest, mediaType: descriptor.mediaType, size: descriptor.size },
    platform: platformOf(platform, config),
    created: config?.created ?? null,
    ...origins(document.manifest.annotations ?? {}),
    layers: layers.map(({ layer }) => layer),
    totals: totalsOf(layers),
    problems: [...(problem === undefined ? [] : [problem]), ...countProblems(config, descriptors.length)],
  };
  return { image, tocs: layers.map(({ toc }) => toc) };
}

async function inspectLayers(
  source: ImageSource,
  { layers, mediaType: manifestType }: SelectedImage['manifest'],
  config: ConfigFacts | undefined,
  openTocImage: OpenTocImage | undefined,
  signal: AbortSignal | undefined,
): Promise<LayerWithToc[]> {
  const commands = commandsOf(config?.history, layers.length);
  const failed = new AbortController();
  const either = signal === undefined ? failed.signal : AbortSignal.any([signal, failed.signal]);
  const slots = new Slots(PARALLEL);
  const work = layers.map(async (descriptor, index): Promise<LayerWithToc> => {
    const release = await slots.take();
    try {
      either.throwIfAborted();
      const said = { diffId: config?.diffIds[index], command: commands[index], manifestType };
      const layer = { number: index + 1, descriptor, blob: source.open(descriptor), ...said };
      return await inspectLayer(layer, openTocImage, either);
    } finally {
      release();
    }
  });
  return settleAll(work, () => failed.abort());
}

async function readConfig(
  source: ImageSource,
  descriptor: SelectedImage['manifest']['config'],
  signal: AbortSignal | undefined,
): Promise<{ config?: ConfigFacts; problem?: string }> {
  if (descriptor.mediaType === OCI_EMPTY) return {};
  const bytes = await source.fetch(descriptor, signal);
  try {
    return { config: parseConfigFacts(bytes) };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return { problem: describeError(error) };
  }
}

/** What does not fit between config and manifest. */
export function countProblems(config: ConfigFacts | undefined, layers: number): string[] {
  if (config === undefined) return [];
  const problems: string[] = [];
  const { diffIds, history } = config;
  if (diffIds.length !== layers) problems.push(`image config: ${diffIds.length} diff ids for ${layers} layers`);
  const made = history?.filter(({ isEmpty }) => !isEmpty).length;
  if (made !== undefined && made > 0 && made !== layers) {
    problems.push(`image config: the history has ${made} entries that made a layer, the manifest has ${layers} layers`);
  }
  return problems;
}

function platformOf(named: Platform | undefined, config: ConfigFacts | undefined): string | null {
  const platform = config?.platform;
  if (platform !== undefined && platform.os !== '') return formatPlatform(platform);
  return named === undefined ? null : formatPlatform(normalizePlatform(named));
}

function documentFacts({ descriptor, bytes, manifest }: ImageDocument): DocumentFacts {
  const { digest, mediaType } = descriptor;
  return { digest, mediaType, size: bytes.length, annotations: manifest.annotations ?? {} };
}

function origins(annotations: Readonly<Record<string, string>>): Pick<InspectedImage, 'convertedFrom' | 'base'> {
  const origin = (nameKey: string, digestKey: string): Origin | null => {
    const name = annotations[nameKey] ?? null;
    const digest = annotations[digestKey] ?? null;
    return name === null && digest === null ? null : { name, digest };
  };
  return { convertedFrom: origin(SOURCE_NAME, SOURCE_DIGEST), base: origin(BASE_NAME, BASE_DIGEST) };
}

function totalsOf(layers: readonly LayerWithToc[]): InspectedImage['totals'] {
  const finder = new DuplicateFinder();
  for (const { toc } of layers) if (toc !== undefined) finder.add(toc.json);
  const sum = (of: (layer: LayerWithToc) => number): number => layers.reduce((total, layer) => total + of(layer), 0);
  return {
    size: sum(({ layer }) => layer.size),
    lazyLayers: sum(({ layer }) => (layer.lazypull.lazy ? 1 : 0)),
    startBytes: sum(({ layer }) => layer.startBytes),
    duplicates: finder.found,
  };
}
