// Image manifests and indexes, OCI's and Docker's schema 2 alike. Parsing checks everything that later code relies on.
// https://github.com/opencontainers/image-spec/blob/main/manifest.md, .../image-index.md
import { FormatError, LazypullError } from '../errors.ts';
import { parseAnnotations, parseDescriptor, type Descriptor } from './descriptor.ts';
import { optionalString, parseJson, requireArray, requireObject, type JsonObject } from './json.ts';
import { DOCKER_LIST, DOCKER_MANIFEST, isIndexType, isManifestType, OCI_INDEX, OCI_MANIFEST } from './media-types.ts';

/** One image for one platform. */
export interface ImageManifest {
  readonly kind: 'image';
  readonly mediaType: string;
  readonly config: Descriptor;
  /** From the bottom up. */
  readonly layers: readonly Descriptor[];
  readonly annotations?: Readonly<Record<string, string>>;
  readonly artifactType?: string;
  readonly subject?: Descriptor;
}

/** The same image for several platforms. */
export interface ImageIndex {
  readonly kind: 'index';
  readonly mediaType: string;
  readonly manifests: readonly Descriptor[];
  readonly annotations?: Readonly<Record<string, string>>;
}

/** containerd and the registries refuse more. */
export const MAX_MANIFEST_BYTES: number = 4 << 20;
/** Far more than overlayfs can stack, so that a hostile manifest costs little. */
const MAX_LAYERS = 1000;
const MAX_INDEX_ENTRIES = 10_000;

/**
 * Parses a manifest or an index. `contentType` is what the registry or the descriptor called it.
 * @throws FormatError when it is malformed or ambiguous; LazypullError UNSUPPORTED for Docker schema 1 and unknown types.
 */
export function parseManifest(bytes: Uint8Array, contentType?: string): ImageManifest | ImageIndex {
  if (bytes.length > MAX_MANIFEST_BYTES) {
    throw new FormatError(`manifest: ${bytes.length} bytes, more than ${MAX_MANIFEST_BYTES}`);
  }
  const document = requireObject(parseJson(bytes, 'manifest'), 'manifest');
  // Both shapes in one document would let two readers see two images (CVE-2021-41190).
  if ('manifests' in document && ('layers' in document || 'config' in document)) {
    throw new FormatError('manifest: both an index and an image');
  }
  const mediaType = mediaTypeOf(document, contentType);
  if (document['schemaVersion'] !== 2) throw new FormatError('manifest: schemaVersion is not 2');
  return isIndexType(mediaType) ? parseIndex(document, mediaType) : parseImage(document, mediaType);
}

function parseImage(document: JsonObject, mediaType: string): ImageManifest {
  const layers = requireArray(document['layers'], 'manifest.layers', MAX_LAYERS);
  const artifactType = optionalString(document, 'artifactType', 'manifest');
  const annotations = parseAnnotations(document['annotations'], 'manifest');
  return {
    kind: 'image',
    mediaType,
    config: parseDescriptor(document['config'], 'manifest.config'),
    layers: layers.map((layer, index) => parseDescriptor(layer, `manifest.layers[${index}]`)),
    ...(annotations === undefined ? {} : { annotations }),
    ...(artifactType === undefined ? {} : { artifactType }),
    ...(document['subject'] == null ? {} : { subject: parseDescriptor(document['subject'], 'manifest.subject') }),
  };
}

function parseIndex(document: JsonObject, mediaType: string): ImageIndex {
  const entries = requireArray(document['manifests'], 'index.manifests', MAX_INDEX_ENTRIES);
  const annotations = parseAnnotations(document['annotations'], 'index');
  return {
    kind: 'index',
    mediaType,
    manifests: entries.map((entry, index) => parseDescriptor(entry, `index.manifests[${index}]`)),
    ...(annotations === undefined ? {} : { annotations }),
  };
}

/** The document's own media type; where it has none, the content type, else its shape. */
function mediaTypeOf(document: JsonObject, contentType: string | undefined): string {
  const claimed = contentType?.split(';')[0]?.trim().toLowerCase();
  const own = optionalString(document, 'mediaType', 'manifest');
  if (document['schemaVersion'] === 1) throw unsupported('Docker schema 1; push the image again with a newer client');
  const known = (type: string | undefined): type is string =>
    type !== undefined && (isIndexType(type) || isManifestType(type));
  if (own !== undefined && !known(own)) throw unsupported(own);
  if (own !== undefined && known(claimed) && own !== claimed) {
    throw new FormatError(`manifest: the registry calls it ${claimed}, it calls itself ${own}`);
  }
  const mediaType = own ?? (known(claimed) ? claimed : undefined);
  const hasEntries = 'manifests' in document;
  if (mediaType === undefined) return hasEntries ? OCI_INDEX : OCI_MANIFEST;
  if (hasEntries !== isIndexType(mediaType)) {
    throw new FormatError(
      `manifest: ${mediaType} ${hasEntries ? 'with a list of manifests' : 'without its manifests'}`,
    );
  }
  return mediaType;
}

function unsupported(what: string): LazypullError {
  return new LazypullError('UNSUPPORTED', `manifest type is not supported: ${what.slice(0, 200)}`);
}

/** Whether annotations on descriptors survive in this kind of document: Docker's formats have none. */
export function keepsAnnotations(mediaType: string): boolean {
  return mediaType !== DOCKER_LIST && mediaType !== DOCKER_MANIFEST;
}
