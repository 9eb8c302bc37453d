// What a conversion is told, what it says while it runs, and what came of it.
import type { LayerEntry, LazyFormat, WriteOptions } from '../build/model.ts';
import type { ImageSource, ImageTarget } from '../image/model.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import type { Digest } from '../oci/digest.ts';
import type { Platform } from '../oci/platform.ts';
import type { ProfiledImage } from './collect-profile.ts';
import type { PlanNode } from './convert-plan.ts';
import type { LayerImports } from './layer-imports.ts';
import type { Profile } from './profile.ts';

export interface ConvertOptions {
  /** How layers are written. */
  readonly layers: Omit<WriteOptions, 'order'>;
  /** Layers that are as wanted already stay as they are. */
  readonly reuse: boolean;
  /** The images of an index to convert, and to keep; undefined: all. */
  readonly platforms: readonly Platform[] | undefined;
  /**
   * What an image's files are ordered by; called once for each image (of a platform). When it gives undefined, or is
   * undefined itself, files stay in the order of their tars and no landmark is written. It may throw a UserError for an
   * image that it does not fit: that matters when it fits none.
   */
  readonly profileOf?: ((image: ProfiledImage) => Profile | undefined | Promise<Profile | undefined>) | undefined;
  /** Where the image with the external TOCs goes: `REF-esgztoc`. Needed with `layers.externalToc`. */
  readonly tocTarget?: ImageTarget | undefined;
  /** On manifests and indexes that are written anew, beside what says where they come from. */
  readonly annotations?: Readonly<Record<string, string>> | undefined;
  /** Where temporary files are made. It must be there. */
  readonly workDir: string;
  /** Threads that compress; one for each processor unless told. */
  readonly jobs?: number | undefined;
  /** Layers that somebody else imports, from the same source, and disposes of after the conversion. */
  readonly imports?: LayerImports | undefined;
  /** Finds the layers that stay as they are, in any order and format, e.g. those of a base image; none unless told. */
  readonly keep?: ((plan: PlanNode, signal: AbortSignal) => Promise<KeptLayers>) | undefined;
}

/** A layer that is not touched, whatever a profile says of it. */
export interface KeptLayer {
  /** For the new manifest: without annotations when it stands in the source just so, else with all that lazy pulling needs. */
  readonly descriptor: Descriptor;
  /** Where its bytes are. */
  readonly bytes: ImageSource;
  /** Images whose repositories may hand it over, the likeliest first. */
  readonly holders: readonly ImageSource[];
  /** The names in it: profiles are about the whole image. */
  readonly entries: () => readonly LayerEntry[];
}

/** By the digest of an image's manifest in the source, and the place of the layer from the bottom up. */
export type KeptLayers = ReadonlyMap<Digest, ReadonlyMap<number, KeptLayer>>;

/** What has become of a layer: written anew, already as wanted, of a kind that is not converted, or not to be touched. */
export type LayerState = 'converted' | 'reused' | 'copied' | 'kept';

export interface ConvertedLayer {
  /** In the source. */
  readonly source: { readonly digest: Digest; readonly size: number; readonly mediaType: string };
  /** In the target. */
  readonly digest: Digest;
  readonly size: number;
  readonly mediaType: string;
  readonly state: LayerState;
  /** Why a layer that is a tar was copied: no table of contents can describe it. */
  readonly reason: string | undefined;
  /** undefined for what was copied. */
  readonly format: LazyFormat | undefined;
  /** From the first byte read to the last one written, with waiting for other layers. */
  readonly durationMs: number;
  /** What stands in front of the landmark, when there was a profile. */
  readonly front: LayerFront | undefined;
}

/** Files of a layer that a profile brought to the front, and large ones behind them of which little is read. Bytes are of the files. */
export interface LayerFront {
  readonly files: number;
  readonly bytes: number;
  readonly deferredFiles: number;
  readonly deferredBytes: number;
}

/** A manifest of the source and what it became. */
export interface ConvertedManifest {
  /** e.g. `linux/amd64`; undefined for what is no container image. */
  readonly platform: string | undefined;
  readonly source: Digest;
  readonly digest: Digest;
  /** `copied`: byte for byte as it was, since nothing in it had to be changed. */
  readonly state: 'converted' | 'copied';
  /** From the bottom up. */
  readonly layers: readonly ConvertedLayer[];
  /** Paths of the profile that the image does not have. */
  readonly missed: readonly string[];
  /** How many files of the profile are in layers that were kept, when there are such layers. */
  readonly inKept?: number | undefined;
}

export interface ConvertResult {
  readonly source: { readonly name: string; readonly digest: Digest };
  readonly target: { readonly name: string; readonly digest: Digest; readonly mediaType: string };
  /** The image with the external TOCs. */
  readonly tocImage: { readonly name: string; readonly digest: Digest } | undefined;
  readonly manifests: readonly ConvertedManifest[];
  /** Bytes of blobs that went to the target, and of those that it had. */
  readonly uploadedBytes: number;
  readonly skippedBytes: number;
  readonly durationMs: number;
}

export type ConvertProgress =
  /** The layers that will be worked on, each digest once, with the platforms that they are of. */
  | {
      readonly kind: 'planned';
      readonly layers: readonly { readonly layer: Descriptor; readonly platforms: readonly string[] }[];
    }
  /** Bytes so far: of the tar for reading and writing, of the blob for uploading. `layer` is that of the source. */
  | {
      readonly kind: 'working';
      readonly step: 'reading' | 'writing' | 'uploading';
      readonly layer: Descriptor;
      readonly bytes: number;
    }
  | { readonly kind: 'done'; readonly layer: ConvertedLayer }
  /** An image stays in the order of its tars, since the profile does not fit it. */
  | { readonly kind: 'unordered'; readonly platform: string; readonly reason: string };
