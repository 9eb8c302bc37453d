// Manifests and indexes of a converted image, from those of the source: what we have nothing to say about stays, fields that
// nobody has specified yet among them. Docker's schema 2 becomes OCI's, because Docker's descriptors can't have annotations.
// https://github.com/opencontainers/image-spec/blob/main/manifest.md, .../image-index.md
import { FormatError } from '../errors.ts';
import { DOCKER_REFERENCE_DIGEST, LAZYPULL_TOC_CHECKSUM, SOURCE_DIGEST, SOURCE_NAME } from '../oci/annotations.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import { digestOf, type Digest } from '../oci/digest.ts';
import { parseJson, requireObject, type JsonObject } from '../oci/json.ts';
import { MAX_MANIFEST_BYTES, parseManifest } from '../oci/manifest.ts';
import { OCI_INDEX, OCI_LAYER_GZIP, OCI_LAYER_TAR, OCI_LAYER_ZSTD, OCI_MANIFEST } from '../oci/media-types.ts';

/** A document that was made, with its descriptor. */
export interface EncodedDocument {
  readonly descriptor: Descriptor;
  readonly bytes: Uint8Array;
}

/** Where a document was converted from. */
export interface SourceMark {
  /** Of an image in a registry; without secrets, as all references. */
  readonly name: string | undefined;
  readonly digest: Digest;
  /** What else the user wants to be said of a document that is made. */
  readonly annotations: Readonly<Record<string, string>>;
}

/** Digests of the source's manifests that became other ones. */
export type ManifestChanges = ReadonlyMap<Digest, Descriptor>;

/** Annotations of a lazily pullable layer begin with these. They are about a blob that is no more. */
const LAYER_ANNOTATIONS = [
  'containerd.io/snapshot/stargz/',
  LAZYPULL_TOC_CHECKSUM,
  'io.containers.estargz.',
  'io.containers.zstd-chunked.',
  'io.github.containers.zstd-chunked.',
];

/** Docker's layers, and what they are called in OCI. */
const OCI_LAYERS: ReadonlyMap<string, string> = new Map([
  ['application/vnd.docker.image.rootfs.diff.tar', OCI_LAYER_TAR],
  ['application/vnd.docker.image.rootfs.diff.tar.gzip', OCI_LAYER_GZIP],
  ['application/vnd.docker.image.rootfs.diff.tar.zstd', OCI_LAYER_ZSTD],
  [
    'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip',
    'application/vnd.oci.image.layer.nondistributable.v1.tar+gzip',
  ],
]);

/** Whether an annotation of a layer is about its blob's being lazily pullable, so that it goes where the blob goes. */
export function isLayerAnnotation(key: string): boolean {
  return LAYER_ANNOTATIONS.some((prefix) => key.startsWith(prefix));
}

/** OCI's name for a layer's media type. */
export function ociLayerType(mediaType: string): string {
  return OCI_LAYERS.get(mediaType) ?? mediaType;
}

/**
 * A manifest with another config and other layers. A layer without annotations is the one that was there, perhaps under
 * OCI's name; all others lose what their old blob was annotated with.
 * @throws FormatError when it has become too large for a registry.
 */
export function rewriteManifest(
  bytes: Uint8Array,
  parts: {
    readonly config: Descriptor;
    readonly layers: readonly Descriptor[];
    readonly source: SourceMark;
    readonly changes: ManifestChanges;
  },
): EncodedDocument {
  const manifest = objectOf(bytes);
  const old = (manifest['layers'] as readonly JsonObject[]).map((layer) => layer);
  return encodeDocument(OCI_MANIFEST, {
    ...manifest,
    config: replaceContent(manifest['config'] as JsonObject, parts.config),
    layers: parts.layers.map((layer, index) => replaceLayer(old[index]!, layer)),
    ...withSubject(manifest, parts.changes),
    annotations: markSource(manifest, parts.source),
  });
}

/**
 * An index whose entries are the ones in `kept`, where they changed with the new manifests.
 * @throws FormatError when it has become too large for a registry.
 */
export function rewriteIndex(
  bytes: Uint8Array,
  parts: { readonly kept: ReadonlySet<number>; readonly changes: ManifestChanges; readonly source: SourceMark },
): EncodedDocument {
  const index = objectOf(bytes);
  const entries = (index['manifests'] as readonly JsonObject[]).filter((_, place) => parts.kept.has(place));
  return encodeDocument(OCI_INDEX, {
    ...index,
    manifests: entries.map((entry) => replaceEntry(entry, parts.changes)),
    ...withSubject(index, parts.changes),
    annotations: markSource(index, parts.source),
  });
}

/** A document of ours. @throws FormatError when it is too large for a registry. */
export function encodeDocument(mediaType: string, document: JsonObject): EncodedDocument {
  const { schemaVersion = 2, mediaType: _old, ...rest } = document;
  const bytes = Buffer.from(JSON.stringify({ schemaVersion, mediaType, ...rest }));
  if (bytes.length > MAX_MANIFEST_BYTES) {
    throw new FormatError(`the new manifest has ${bytes.length} bytes, more than ${MAX_MANIFEST_BYTES}`);
  }
  // What we write, we must be able to read.
  parseManifest(bytes, mediaType);
  return { descriptor: { mediaType, digest: digestOf(bytes), size: bytes.length }, bytes };
}

function objectOf(bytes: Uint8Array): JsonObject {
  return requireObject(parseJson(bytes, 'manifest'), 'manifest');
}

function markSource(document: JsonObject, { name, digest, annotations }: SourceMark): JsonObject {
  const { [SOURCE_NAME]: _name, [SOURCE_DIGEST]: _digest, ...others } = annotationsOf(document);
  const from = { ...(name === undefined ? {} : { [SOURCE_NAME]: name }), [SOURCE_DIGEST]: digest };
  return { ...others, ...annotations, ...from };
}

function withSubject(document: JsonObject, changes: ManifestChanges): JsonObject {
  const subject = document['subject'] as JsonObject | null | undefined;
  const to = changes.get(subject?.['digest'] as Digest);
  return subject == null || to === undefined ? {} : { subject: replaceContent(subject, to) };
}

/** The entry of a manifest that changed, and of an attestation of one. */
function replaceEntry(entry: JsonObject, changes: ManifestChanges): JsonObject {
  const to = changes.get(entry['digest'] as Digest);
  const replaced = to === undefined ? entry : replaceContent(entry, to);
  const annotations = annotationsOf(entry);
  const subject = changes.get(annotations[DOCKER_REFERENCE_DIGEST] as Digest);
  if (subject === undefined) return replaced;
  return { ...replaced, annotations: { ...annotations, [DOCKER_REFERENCE_DIGEST]: subject.digest } };
}

function replaceLayer(old: JsonObject, layer: Descriptor): JsonObject {
  if (layer.annotations === undefined && old['digest'] === layer.digest) {
    return { ...old, mediaType: layer.mediaType };
  }
  const kept = Object.entries(annotationsOf(old)).filter(([key]) => !isLayerAnnotation(key));
  return {
    ...replaceContent(old, layer),
    annotations: { ...Object.fromEntries(kept), ...layer.annotations },
  };
}

/** `data` and `urls` hold or name the old content. */
function replaceContent(old: JsonObject, { mediaType, digest, size }: Descriptor): JsonObject {
  if (old['digest'] === digest) return { ...old, mediaType };
  const { data: _data, urls: _urls, ...rest } = old;
  return { ...rest, mediaType, digest, size };
}

function annotationsOf(document: JsonObject): JsonObject {
  return (document['annotations'] ?? {}) as JsonObject;
}
