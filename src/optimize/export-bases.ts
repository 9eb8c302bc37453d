// The base image of a built one, and those of its layers that an export does not touch: the lowest ones, as the base has
// them, when they can be pulled lazily as they are. A layer is the base's by its diff id, so that it is found again in
// archives that have it in another compression.
import { LazypullError, UserError, describeError } from '../errors.ts';
import type { LazyFormat } from '../build/model.ts';
import type { ImageSource } from '../image/model.ts';
import { CONTAINERS_MANIFEST_CHECKSUM, TOC_DIGEST } from '../oci/annotations.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import type { Digest } from '../oci/digest.ts';
import type { PackagedImage } from '../oci/package-url.ts';
import { formatPlatform, normalizePlatform, type Platform } from '../oci/platform.ts';
import { formatReference, type ImageReference } from '../oci/reference.ts';
import { isLayerAnnotation, ociLayerType } from './convert-documents.ts';
import type { KeptLayer, KeptLayers } from './convert-model.ts';
import { imagesOf, isConvertible, type ImageNode, type PlanNode } from './convert-plan.ts';
import { readWantedToc } from './convert-reuse.ts';
import { candidatesOf, distinctCandidates } from './export-candidates.ts';
import { openPlatformImage, type PlatformImage } from './platform-image.ts';
import { entriesOfToc } from './toc-entries.ts';

/** What is known of bases before the image is looked at. */
export interface BaseHints {
  /** Named by the user: no others are looked for, and each must be a base. */
  readonly named: readonly ImageReference[];
  /** Named by the build elsewhere, e.g. in its metadata. */
  readonly found: readonly PackagedImage[];
}

/** The base of one image, with what becomes of its layers. */
export interface FoundBase {
  readonly platform: string;
  readonly name: string;
  readonly digest: Digest;
  readonly layers: number;
  /** Layers that are not lazily pullable, and are therefore converted. */
  readonly converted: number;
}

export interface BaseFinderParts {
  readonly source: ImageSource;
  readonly open: (reference: ImageReference) => ImageSource;
  readonly hints: BaseHints;
  /** Gets the base of each image that has one, and why a candidate could not be looked at when an image has none. */
  readonly onBase: (base: FoundBase) => void;
  readonly onUnknown: (platform: string, reasons: readonly string[]) => void;
}

interface Candidate {
  readonly image: PlatformImage;
  readonly from: ImageSource;
}

/** Finds the layers of a plan that are its bases'. */
export class BaseFinder {
  readonly #parts: BaseFinderParts;

  constructor(parts: BaseFinderParts) {
    this.#parts = parts;
  }

  /**
   * The layers to keep.
   * @throws UserError when a named image is no base; what its registry throws. Candidates that the image names itself
   *   may be gone or private: then it is as if there were none.
   */
  async find(plan: PlanNode, signal: AbortSignal): Promise<KeptLayers> {
    const { hints } = this.#parts;
    const images = [...imagesOf(plan)];
    if (hints.named.length > 0) return await this.#findNamed(images, signal);
    const candidates = distinctCandidates([...(await this.#ownCandidates(plan, signal)), ...hints.found]);
    const kept = new Map<Digest, ReadonlyMap<number, KeptLayer>>();
    for (const node of images) {
      const reasons: string[] = [];
      const opened = await Promise.all(
        candidates
          .filter(({ platform }) => platform === undefined || isSame(platform, node.platform))
          .map(({ reference }) => this.#try(reference, node, reasons, signal)),
      );
      const base = longest(opened.filter((one) => one !== undefined));
      const layers = base === undefined ? undefined : await this.#tryToKeep(node, base, reasons, signal);
      if (layers === undefined) this.#parts.onUnknown(formatPlatform(node.platform), reasons);
      else kept.set(node.document.descriptor.digest, layers);
    }
    return kept;
  }

  async #findNamed(images: readonly ImageNode[], signal: AbortSignal): Promise<KeptLayers> {
    const { named } = this.#parts.hints;
    const opened: (readonly (Candidate | undefined)[])[] = [];
    for (const node of images) {
      opened.push(await Promise.all(named.map((reference) => this.#open(reference, node, signal))));
    }
    for (const [index, reference] of named.entries()) {
      if (opened.some((ofImage) => ofImage[index] !== undefined)) continue;
      throw new UserError(
        `${formatReference(reference)} is not the base of ${this.#parts.source.name}: its layers are not the lowest ones`,
        'Name the image of the last FROM, by the digest that it had when the image was built; or leave out --base.',
      );
    }
    const kept = new Map<Digest, ReadonlyMap<number, KeptLayer>>();
    for (const [index, node] of images.entries()) {
      const base = longest(opened[index]!.filter((one) => one !== undefined));
      if (base === undefined) this.#parts.onUnknown(formatPlatform(node.platform), []);
      else kept.set(node.document.descriptor.digest, await this.#keep(node, base, signal));
    }
    return kept;
  }

  /** What a build says of itself must not hold up its export. */
  async #ownCandidates(plan: PlanNode, signal: AbortSignal): Promise<PackagedImage[]> {
    try {
      return await candidatesOf(plan, this.#parts.source, signal);
    } catch (error) {
      if (!(error instanceof LazypullError) || error.code !== 'FORMAT') throw error;
      return [];
    }
  }

  #try(
    reference: ImageReference,
    node: ImageNode,
    reasons: string[],
    signal: AbortSignal,
  ): Promise<Candidate | undefined> {
    return attempt(formatReference(reference), reasons, signal, () => this.#open(reference, node, signal));
  }

  #tryToKeep(
    node: ImageNode,
    base: Candidate,
    reasons: string[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<number, KeptLayer> | undefined> {
    return attempt(base.from.name, reasons, signal, () => this.#keep(node, base, signal));
  }

  /** The image, when the node's begins with its layers. */
  async #open(reference: ImageReference, node: ImageNode, signal: AbortSignal): Promise<Candidate | undefined> {
    const from = this.#parts.open(reference);
    let image: PlatformImage;
    try {
      image = await openPlatformImage(from, node.platform, signal);
    } catch (error) {
      // A base of other platforms, and what is no image of Linux, is not this one's.
      if (error instanceof LazypullError && ['NOT_FOUND', 'UNSUPPORTED'].includes(error.code)) return undefined;
      throw error;
    }
    const { diffIds } = image;
    const isBase = diffIds.length > 0 && diffIds.every((diffId, place) => diffId === node.diffIds[place]);
    return isBase ? { image, from } : undefined;
  }

  async #keep(
    node: ImageNode,
    { image, from }: Candidate,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<number, KeptLayer>> {
    const { source, onBase } = this.#parts;
    const own = node.document.manifest.layers;
    const layers = await Promise.all(
      image.manifest.layers.map((layer, place) => keptLayer(own[place]!, layer, { source, from }, signal)),
    );
    const kept = layers.flatMap((layer, place): [number, KeptLayer][] => (layer === undefined ? [] : [[place, layer]]));
    onBase({
      platform: formatPlatform(node.platform),
      name: from.name,
      digest: image.document.descriptor.digest,
      layers: layers.length,
      converted: layers.length - kept.length,
    });
    return new Map(kept);
  }
}

/** What `work` gives, or undefined, with the reason, when a registry or what it has is not in order. */
async function attempt<T>(
  name: string,
  reasons: string[],
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof LazypullError)) throw error;
    reasons.push(`${name}: ${describeError(error)}`);
    return undefined;
  }
}

/** The base's layer in the place of the image's own; undefined when it is not lazily pullable. */
async function keptLayer(
  own: Descriptor,
  layer: Descriptor,
  { source, from }: { readonly source: ImageSource; readonly from: ImageSource },
  signal: AbortSignal,
): Promise<KeptLayer | undefined> {
  const format = promisedFormat(layer);
  if (format === undefined || !isConvertible(layer)) return undefined;
  const isThere = own.digest === layer.digest;
  const bytes = isThere ? source : from;
  const toc = await readWantedToc(layer, format, bytes, signal);
  if (toc === undefined) return undefined;
  const { digest, size } = layer;
  const annotations = Object.fromEntries(
    Object.entries(layer.annotations ?? {}).filter(([key]) => isLayerAnnotation(key)),
  );
  const isWhole = isThere && Object.entries(annotations).every(([key, value]) => own.annotations?.[key] === value);
  const descriptor = { mediaType: ociLayerType(layer.mediaType), digest, size };
  return {
    descriptor: isWhole ? descriptor : { ...descriptor, annotations },
    bytes,
    holders: isThere ? [from, source] : [from],
    entries: () => entriesOfToc(toc),
  };
}

function promisedFormat({ annotations, mediaType }: Descriptor): LazyFormat | undefined {
  if (annotations?.[CONTAINERS_MANIFEST_CHECKSUM] !== undefined) return 'zstd:chunked-containers';
  if (annotations?.[TOC_DIGEST] === undefined) return undefined;
  return mediaType.endsWith('zstd') ? 'zstd:chunked' : 'estargz';
}

function longest(candidates: readonly Candidate[]): Candidate | undefined {
  const count = ({ image }: Candidate): number => image.diffIds.length;
  return candidates.toSorted((a, b) => count(b) - count(a))[0];
}

function isSame(a: Platform, b: Platform): boolean {
  return formatPlatform(normalizePlatform(a)) === formatPlatform(normalizePlatform(b));
}
