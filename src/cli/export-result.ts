// What came of an export: the conversion's result with how each layer came into the registries, and what later steps of a
// build read of it.
import type { TagsTarget, Transfer } from '../image/tags-target.ts';
import type { Digest } from '../oci/digest.ts';
import { parseManifest } from '../oci/manifest.ts';
import { parsePlatform } from '../oci/platform.ts';
import { formatReference, type ImageReference } from '../oci/reference.ts';
import type { ConvertedLayer, ConvertedManifest, ConvertResult } from '../optimize/convert-model.ts';
import type { FoundBase } from '../optimize/export-bases.ts';
import type { ExportedImage } from './build-metadata.ts';

/** As --json writes it. */
export interface ExportResult extends ConvertResult {
  readonly tags: readonly { readonly name: string; readonly digest: Digest }[];
  /** Of the images whose base is known. */
  readonly bases: readonly FoundBase[];
  readonly manifests: readonly ExportedManifest[];
}

export interface ExportedManifest extends ConvertedManifest {
  readonly layers: readonly ExportedLayer[];
}

/** A layer, and what had to be done to have it in the registries; undefined for one that lies elsewhere. */
export interface ExportedLayer extends ConvertedLayer {
  readonly transfer: Transfer | undefined;
}

/** The result of a conversion into several names. */
export function exportResult(
  converted: ConvertResult,
  target: TagsTarget,
  { tags, bases }: { readonly tags: readonly ImageReference[]; readonly bases: readonly FoundBase[] },
): ExportResult {
  const { digest } = converted.target;
  const manifests = converted.manifests.map((manifest) => ({
    ...manifest,
    layers: manifest.layers.map((layer) => ({ ...layer, transfer: target.transferOf(layer.digest) })),
  }));
  return {
    ...converted,
    uploadedBytes: target.uploadedBytes,
    tags: tags.map((tag) => ({ name: formatReference(tag), digest })),
    bases,
    manifests,
  };
}

/** What a build's metadata says of the image. */
export function exportedImage(
  target: TagsTarget,
  { manifests }: ExportResult,
  tags: readonly ImageReference[],
): ExportedImage {
  const { descriptor, bytes } = target.root;
  const manifest = parseManifest(bytes, descriptor.mediaType);
  if (manifest.kind === 'index') return { descriptor, config: undefined, tags };
  const platform = manifests.find(({ digest }) => digest === descriptor.digest)?.platform;
  return {
    descriptor: platform === undefined ? descriptor : { ...descriptor, platform: parsePlatform(platform) },
    config: manifest.config.digest,
    tags,
  };
}
