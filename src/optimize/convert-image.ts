// The layers of one image. With a profile all of them must be known before the first can be written, so their tars lie on
// the disk together: those of one image at a time.
import type { LayerTar } from '../build/model.ts';
import { UserError } from '../errors.ts';
import type { ImageSource } from '../image/model.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import type { Digest } from '../oci/digest.ts';
import { parseJson } from '../oci/json.ts';
import { formatPlatform } from '../oci/platform.ts';
import { UnsupportedEntryError } from '../tar/errors.ts';
import type { ProfiledImage } from './collect-profile.ts';
import type { ImportedLayer, LayerConverter } from './convert-layers.ts';
import type { ConvertOptions, ConvertProgress, KeptLayer, KeptLayers } from './convert-model.ts';
import { applyProfile, type OrderedLayer } from './convert-orders.ts';
import type { LayerOutcome } from './convert-outcome.ts';
import { isConvertible, type ImageNode } from './convert-plan.ts';
import { ImageView } from './image-view.ts';
import { LayerImports } from './layer-imports.ts';
import type { Profile } from './profile.ts';
import { settleAll } from './settle.ts';
import { Slots } from './slots.ts';

export interface ImageConverterParts {
  readonly source: ImageSource;
  readonly layers: LayerConverter;
  readonly kept: KeptLayers;
  readonly options: Pick<ConvertOptions, 'layers' | 'profileOf' | 'workDir' | 'imports'>;
  readonly signal: AbortSignal;
  /** Ends everything that is under way. */
  readonly abort: () => void;
  /** How many images there are. */
  readonly imageCount: number;
  readonly onProgress: (progress: ConvertProgress) => void;
}

/** What the layers of an image have become, from the bottom up. */
export interface ImageOutcome {
  readonly layers: readonly LayerOutcome[];
  readonly missed: readonly string[];
  /** Files of the profile in layers that are kept; undefined when none are, or there is no profile. */
  readonly inKept?: number | undefined;
}

const NOTHING = { files: 0, deferredFiles: 0 };

/** A layer that is to be converted, with its place in the image. */
interface Tar {
  readonly place: number;
  readonly layer: Descriptor;
  readonly diffId: Digest;
}

/** A layer whose names are known: the same, once its tar is there, or one that is kept. */
interface KnownLayer {
  readonly place: number;
  readonly layer: OrderedLayer;
  readonly tar: LayerTar | undefined;
}

/** Converts the layers of images. */
export class ImageConverter {
  readonly #parts: ImageConverterParts;
  readonly #turn = new Slots(1);
  #misfits = 0;

  constructor(parts: ImageConverterParts) {
    this.#parts = parts;
  }

  /** @throws errors that name the layer, when nothing of the image is under way any more. */
  async convert(node: ImageNode): Promise<ImageOutcome> {
    const { profileOf, imports } = this.#parts.options;
    if (profileOf === undefined && imports === undefined) {
      return { layers: await this.#convertLayers(node, new Map(), new Map()), missed: [] };
    }
    const release = await this.#turn.take();
    try {
      return await this.#convertImported(node);
    } finally {
      release();
    }
  }

  async #convertImported(node: ImageNode): Promise<ImageOutcome> {
    const { source, layers, options, signal, abort } = this.#parts;
    const { workDir, imports: shared } = options;
    const left = this.#keptOf(node);
    const tars = tarsOf(node).filter(({ place }) => !left.has(place));
    signal.throwIfAborted();
    await using own = new LayerImports({ source, workDir, onProgress: (layer, bytes) => layers.reading(layer, bytes) });
    const imported = await settleAll(
      tars.map((tar) => {
        const imports = shared?.has(tar.layer) === true ? shared : own;
        return this.#import(tar, imports);
      }),
      abort,
    );
    const known = [...imported.flatMap(({ known: one }) => one ?? []), ...namesOf(node, left)];
    const { fronts, ...applied } = await this.#applyProfile(
      node,
      known.toSorted((a, b) => a.place - b.place),
    );
    const kept = imported.flatMap(({ kept: reason }, index): [number, string][] =>
      reason === undefined ? [] : [[tars[index]!.place, reason]],
    );
    return { layers: await this.#convertLayers(node, fronts, new Map(kept)), ...applied };
  }

  #keptOf({ document }: ImageNode): ReadonlyMap<number, KeptLayer> {
    return this.#parts.kept.get(document.descriptor.digest) ?? new Map();
  }

  /** A layer that no table of contents can describe is no part of what a profile can name. */
  async #import(tar: Tar, imports: LayerImports): Promise<{ readonly known?: KnownLayer; readonly kept?: string }> {
    const { layers, signal } = this.#parts;
    try {
      const read = await layers.import(tar.layer, () => imports.get(tar.layer, tar.diffId, signal));
      return { known: { place: tar.place, layer: read, tar: read } };
    } catch (error) {
      if (!(error instanceof UnsupportedEntryError)) throw error;
      const { cause } = error;
      return { kept: cause instanceof UnsupportedEntryError ? cause.message : error.message };
    }
  }

  async #applyProfile(
    node: ImageNode,
    known: readonly KnownLayer[],
  ): Promise<{ fronts: Map<number, ImportedLayer>; missed: readonly string[]; inKept: number | undefined }> {
    const { chunkSize } = this.#parts.options.layers;
    const profile = await this.#profileOf(this.#describe(node, known));
    const ordered = known.map(({ layer }) => layer);
    const applied = profile === undefined ? undefined : applyProfile(profile, ordered, chunkSize);
    const fronts = known.flatMap(({ place, tar }, index): [number, ImportedLayer][] =>
      tar === undefined ? [] : [[place, { tar, order: applied?.orders[index], front: applied?.fronts[index] }]],
    );
    const inKept = known.map(({ tar }, index) => (tar === undefined ? (applied?.fronts[index] ?? NOTHING) : NOTHING));
    const hasKept = applied !== undefined && known.some(({ tar }) => tar === undefined);
    return {
      fronts: new Map(fronts),
      missed: applied?.missed ?? [],
      inKept: hasKept ? inKept.reduce((sum, { files, deferredFiles }) => sum + files + deferredFiles, 0) : undefined,
    };
  }

  async #profileOf(image: ProfiledImage): Promise<Profile | undefined> {
    const { options, imageCount, onProgress } = this.#parts;
    try {
      return await options.profileOf?.(image);
    } catch (error) {
      // A list for one platform says nothing of another.
      if (!(error instanceof UserError) || ++this.#misfits === imageCount) throw error;
      onProgress({ kind: 'unordered', platform: image.image.platform, reason: error.message.split('\n')[0] ?? '' });
      return undefined;
    }
  }

  #describe({ document, platform }: ImageNode, known: readonly KnownLayer[]): ProfiledImage {
    const { source } = this.#parts;
    const { digest } = document.descriptor;
    return {
      image: { name: source.name, digest, platform: formatPlatform(platform) },
      layers: known.map(({ layer }) => layer.diffId),
      view: new ImageView(known.map(({ layer }) => layer)),
    };
  }

  #convertLayers(
    node: ImageNode,
    imported: ReadonlyMap<number, ImportedLayer>,
    kept: ReadonlyMap<number, string>,
  ): Promise<LayerOutcome[]> {
    const { layers, abort } = this.#parts;
    const { manifest, bytes } = node.document;
    const left = this.#keptOf(node);
    return settleAll(
      manifest.layers.map((layer, place) => {
        const own = left.get(place);
        if (own !== undefined) return layers.leave(layer, own);
        const reason = kept.get(place);
        if (reason !== undefined) return layers.keep(layer, reason);
        if (!isConvertible(layer)) return layers.copy(layer, hasUrls(bytes, place));
        return layers.convert({ layer, diffId: node.diffIds[place]!, imported: imported.get(place) });
      }),
      abort,
    );
  }
}

/** Whether a layer of a manifest has its own places to be fetched from, as Windows' have: registries don't take it. */
export function hasUrls(manifestBytes: Uint8Array, place: number): boolean {
  const { layers } = parseJson(manifestBytes, 'manifest') as { layers: readonly { urls?: unknown }[] };
  const urls = layers[place]?.urls;
  return Array.isArray(urls) && urls.length > 0;
}

/** Nobody reads the bytes of a layer that is kept. */
function namesOf({ diffIds }: ImageNode, kept: ReadonlyMap<number, KeptLayer>): KnownLayer[] {
  return [...kept].map(([place, { entries }]) => {
    return { place, layer: { diffId: diffIds[place]!, entries: entries(), fd: -1 }, tar: undefined };
  });
}

function tarsOf({ document, diffIds }: ImageNode): Tar[] {
  return document.manifest.layers.flatMap((layer, place) =>
    isConvertible(layer) ? [{ place, layer, diffId: diffIds[place]! }] : [],
  );
}
