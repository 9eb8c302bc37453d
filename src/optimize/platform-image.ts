// The image of one platform out of a source: what is needed to run it, and nothing of its layers yet.
import { FormatError, LazypullError } from '../errors.ts';
import { IndexReader } from '../image/index-reader.ts';
import type { ImageDocument, ImageSource } from '../image/model.ts';
import { parseDigest, type Digest } from '../oci/digest.ts';
import { parseJson, requireArray, requireObject } from '../oci/json.ts';
import type { ImageManifest } from '../oci/manifest.ts';
import { layerCompression } from '../oci/media-types.ts';
import { formatPlatform, normalizePlatform, selectManifest, type Platform } from '../oci/platform.ts';

/** An image that could be run on its platform. */
export interface PlatformImage {
  readonly document: ImageDocument;
  readonly manifest: ImageManifest;
  /** The JSON of its config. */
  readonly config: Uint8Array;
  /** As the config has it. */
  readonly platform: Platform;
  /** From the bottom up, one for each layer of the manifest. */
  readonly diffIds: readonly Digest[];
}

/**
 * Finds the image for a platform.
 * @throws LazypullError NOT_FOUND when there is none, UNSUPPORTED when it is no container image.
 */
export async function openPlatformImage(
  source: ImageSource,
  platform: Platform,
  signal?: AbortSignal,
): Promise<PlatformImage> {
  let document = await source.root(signal);
  const reader = new IndexReader(source, signal);
  for (let depth = 0; document.manifest.kind === 'index'; depth++) {
    document = await reader.read(selectManifest(document.manifest, platform), depth);
  }
  const { manifest } = document;
  const foreign = manifest.layers.find(({ mediaType }) => layerCompression(mediaType) === undefined);
  if (foreign !== undefined) {
    throw new LazypullError('UNSUPPORTED', `${source.name}: a layer of type ${foreign.mediaType} can't be unpacked`);
  }
  const config = await source.fetch(manifest.config, signal);
  const { os, architecture, variant, diffIds } = parseConfig(config);
  if (diffIds.length !== manifest.layers.length) {
    throw new FormatError(`image config: ${diffIds.length} diff ids for ${manifest.layers.length} layers`);
  }
  const own = normalizePlatform({ os, architecture, ...(variant === undefined ? {} : { variant }) });
  return { document, manifest, config, platform: own, diffIds };
}

/** `linux/amd64` and so on, as profiles have it. */
export function platformName({ platform }: PlatformImage): string {
  return formatPlatform(platform);
}

function parseConfig(bytes: Uint8Array): Platform & { readonly diffIds: Digest[] } {
  const where = 'image config';
  const document = requireObject(parseJson(bytes, where), where);
  const text = (key: string): string => (typeof document[key] === 'string' ? document[key] : '');
  const rootfs = requireObject(document['rootfs'], `${where}.rootfs`);
  const diffIds = requireArray(rootfs['diff_ids'], `${where}.rootfs.diff_ids`, 1000).map((id) =>
    parseDigest(String(id)),
  );
  const variant = text('variant');
  return { os: text('os'), architecture: text('architecture'), diffIds, ...(variant === '' ? {} : { variant }) };
}
