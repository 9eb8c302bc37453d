// The manifests of an image that are to be looked at: of one platform, of some, or of all.
import { FormatError } from '../errors.ts';
import { IndexReader } from '../image/index-reader.ts';
import type { ImageDocument, ImageSource } from '../image/model.ts';
import { DOCKER_REFERENCE_TYPE } from '../oci/annotations.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import type { ImageIndex, ImageManifest } from '../oci/manifest.ts';
import { isIndexType, isManifestType } from '../oci/media-types.ts';
import { formatPlatform, isRunnable, normalizePlatform, selectManifest, type Platform } from '../oci/platform.ts';
import type { OtherManifest } from './inspect-model.ts';

/** A manifest with the platform that the index says it is for. */
export interface SelectedImage {
  readonly document: ImageDocument;
  readonly manifest: ImageManifest;
  readonly platform: Platform | undefined;
}

export interface Selection {
  readonly root: ImageDocument;
  readonly images: readonly SelectedImage[];
  readonly others: readonly OtherManifest[];
}

/** An index that names far more images than there are platforms is an attack. */
const MAX_IMAGES = 200;

/**
 * Finds the images of these platforms, or all that can be run.
 * @throws LazypullError NOT_FOUND when there is none of a platform.
 */
export async function selectImages(
  source: ImageSource,
  platforms: readonly Platform[] | 'all',
  signal?: AbortSignal,
): Promise<Selection> {
  const root = await source.root(signal);
  const reader = new IndexReader(source, signal);
  const images: SelectedImage[] = [];
  const others: OtherManifest[] = [];
  const visit = async (document: ImageDocument, platform: Platform | undefined, depth: number): Promise<void> => {
    const { manifest } = document;
    if (manifest.kind === 'image') {
      if (images.length === MAX_IMAGES) throw new FormatError(`${source.name}: more than ${MAX_IMAGES} images`);
      images.push({ document, manifest, platform });
      return;
    }
    const chosen = chooseEntries(manifest, platforms);
    for (const entry of manifest.manifests) {
      if (!chosen.has(entry)) others.push(otherManifest(entry));
      else await visit(await reader.read(entry, depth), entry.platform, depth + 1);
    }
  };
  await visit(root, undefined, 0);
  return { root, images, others };
}

function chooseEntries(index: ImageIndex, platforms: readonly Platform[] | 'all'): Set<Descriptor> {
  if (platforms !== 'all') return new Set(platforms.map((platform) => selectManifest(index, platform)));
  const isDocument = ({ mediaType }: Descriptor): boolean => isManifestType(mediaType) || isIndexType(mediaType);
  return new Set(index.manifests.filter((entry) => isRunnable(entry) && isDocument(entry)));
}

function otherManifest(entry: Descriptor): OtherManifest {
  const { digest, mediaType, platform } = entry;
  return {
    digest,
    mediaType,
    platform: platform === undefined ? null : formatPlatform(normalizePlatform(platform)),
    kind: kindOf(entry),
  };
}

function kindOf(entry: Descriptor): OtherManifest['kind'] {
  if (entry.annotations?.[DOCKER_REFERENCE_TYPE] !== undefined) return 'attestation';
  if (isIndexType(entry.mediaType)) return 'index';
  return isManifestType(entry.mediaType) && isRunnable(entry) ? 'image' : 'artifact';
}
