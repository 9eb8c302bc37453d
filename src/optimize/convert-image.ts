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
import type { ConvertOptions, ConvertProgress } from './convert-model.ts';
import { applyProfile } from './convert-orders.ts';
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
}

/** A layer that is to be converted, with its place in the image. */
interface Tar {
  readonly place: number;
  readonly layer: Descriptor;
  readonly diffId: Digest;
}

/** The same, once its tar is there. */
interface KnownTar extends Tar {
  readonly tar: LayerTar;
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
    const tars = tarsOf(node);
    signal.throwIfAborted();
    await using own = new LayerImports({ source, workDir, onProgress: (layer, bytes) => layers.reading(layer, bytes) });
    const imported = await settleAll(
      tars.map((tar) => {
        const imports = shared?.has(tar.layer) === true ? shared : own;
        return this.#import(tar, imports);
      }),
      abort,
    );
    const { fronts, missed } = await this.#applyProfile(
      node,
      imported.flatMap(({ known }) => known ?? []),
    );
    const kept = imported.flatMap(({ kept: reason }, index): [number, string][] =>
      reason === undefined ? [] : [[tars[index]!.place, reason]],
    );
    return { layers: await this.#convertLayers(node, fronts, new Map(kept)), missed };
  }

  /** A layer that no table of contents can describe is no part of what a profile can name. */
  async #import(tar: Tar, imports: LayerImports): Promise<{ readonly known?: KnownTar; readonly kept?: string }> {
    const { layers, signal } = this.#parts;
    try {
      return {
        known: { ...tar, tar: await layers.import(tar.layer, () => imports.get(tar.layer, tar.diffId, signal)) },
      };
    } catch (error) {
      if (!(error instanceof UnsupportedEntryError)) throw error;
      const { cause } = error;
      return { kept: cause instanceof UnsupportedEntryError ? cause.message : error.message };
    }
  }

  async #applyProfile(
    node: ImageNode,
    known: readonly KnownTar[],
  ): Promise<{ fronts: Map<number, ImportedLayer>; missed: readonly string[] }> {
    const { layers } = this.#parts.options;
    const profile = await this.#profileOf(this.#describe(node, known));
    const tars = known.map(({ tar }) => tar);
    const applied = profile === undefined ? undefined : applyProfile(profile, tars, layers.chunkSize);
    const fronts = known.map(({ place, tar }, index): [number, ImportedLayer] => [
      place,
      { tar, order: applied?.orders[index], front: applied?.fronts[index] },
    ]);
    return { fronts: new Map(fronts), missed: applied?.missed ?? [] };
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

  #describe({ document, platform }: ImageNode, known: readonly KnownTar[]): ProfiledImage {
    const { source } = this.#parts;
    const { digest } = document.descriptor;
    return {
      image: { name: source.name, digest, platform: formatPlatform(platform) },
      layers: known.map(({ diffId }) => diffId),
      view: new ImageView(known.map(({ tar }) => tar)),
    };
  }

  #convertLayers(
    node: ImageNode,
    imported: ReadonlyMap<number, ImportedLayer>,
    kept: ReadonlyMap<number, string>,
  ): Promise<LayerOutcome[]> {
    const { layers, abort } = this.#parts;
    const { manifest, bytes } = node.document;
    return settleAll(
      manifest.layers.map((layer, place) => {
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

function tarsOf({ document, diffIds }: ImageNode): Tar[] {
  return document.manifest.layers.flatMap((layer, place) =>
    isConvertible(layer) ? [{ place, layer, diffId: diffIds[place]! }] : [],
  );
}
