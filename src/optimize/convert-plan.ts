// What a source has and what is to become of each of its documents, before a layer is touched: wrong platforms, broken
// manifests and configs are found in the first second, not after an hour of compressing.
import { FormatError, LazypullError } from '../errors.ts';
import { IndexReader } from '../image/index-reader.ts';
import type { ImageDocument, ImageSource } from '../image/model.ts';
import { DOCKER_REFERENCE_DIGEST, DOCKER_REFERENCE_TYPE } from '../oci/annotations.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import type { Digest } from '../oci/digest.ts';
import type { ImageIndex, ImageManifest } from '../oci/manifest.ts';
import { DOCKER_CONFIG, layerCompression, OCI_CONFIG } from '../oci/media-types.ts';
import { formatPlatform, normalizePlatform, selectManifest, type Platform } from '../oci/platform.ts';
import { parseConfigFacts } from './convert-config.ts';

/** A document of the source. */
export type PlanNode = IndexNode | ImageNode | CopyNode;

export interface IndexNode {
  readonly kind: 'index';
  readonly document: ImageDocument & { readonly manifest: ImageIndex };
  /** Places of the entries that the target gets. */
  readonly kept: ReadonlySet<number>;
  /** One for each of them, in their order. */
  readonly children: readonly PlanNode[];
}

/** A container image with layers that can be converted. */
export interface ImageNode {
  readonly kind: 'image';
  readonly document: ImageDocument & { readonly manifest: ImageManifest };
  readonly config: Uint8Array;
  readonly diffIds: readonly Digest[];
  readonly platform: Platform;
}

/** An artifact, an attestation, an image of Windows: it is copied with all that it names. */
export interface CopyNode {
  readonly kind: 'copy';
  readonly document: ImageDocument & { readonly manifest: ImageManifest };
  readonly platform: Platform | undefined;
}

/**
 * Reads all documents and configs that will be converted or copied.
 * @param platforms those of an index to keep; undefined: all.
 * @throws LazypullError NOT_FOUND when a platform is not there; FormatError when a document is malformed.
 */
export async function planConversion(
  source: ImageSource,
  platforms: readonly Platform[] | undefined,
  signal?: AbortSignal,
): Promise<PlanNode> {
  const root = await source.root(signal);
  const planner = new Planner(source, platforms, signal);
  const node = await planner.plan(root, root.descriptor, 0);
  if (platforms !== undefined && node.kind !== 'index') requirePlatforms(node, platforms);
  return node;
}

/** All images of a plan. */
export function* imagesOf(node: PlanNode): Generator<ImageNode> {
  if (node.kind === 'image') yield node;
  else if (node.kind === 'index') for (const child of node.children) yield* imagesOf(child);
}

/** Whether a layer is a tar that lies where the image does: foreign ones of Windows have their own places. */
export function isConvertible({ mediaType }: Descriptor): boolean {
  if (/foreign|nondistributable/.test(mediaType)) return false;
  return layerCompression(mediaType) !== undefined;
}

class Planner {
  readonly #source: ImageSource;
  readonly #platforms: readonly Platform[] | undefined;
  readonly #signal: AbortSignal | undefined;
  readonly #reader: IndexReader;

  constructor(source: ImageSource, platforms: readonly Platform[] | undefined, signal: AbortSignal | undefined) {
    this.#source = source;
    this.#platforms = platforms;
    this.#signal = signal;
    this.#reader = new IndexReader(source, signal);
  }

  /** @param entry how an index describes the document. */
  async plan(document: ImageDocument, entry: Descriptor, depth: number): Promise<PlanNode> {
    const { manifest } = document;
    if (manifest.kind === 'index') return this.#planIndex({ ...document, manifest }, depth);
    return this.#planManifest({ ...document, manifest }, entry);
  }

  async #planIndex(document: IndexNode['document'], depth: number): Promise<IndexNode> {
    const { manifests } = document.manifest;
    const kept = this.#platforms === undefined ? manifests.keys() : keptEntries(document.manifest, this.#platforms);
    const places = [...kept];
    const children: PlanNode[] = [];
    for (const place of places) {
      const entry = manifests[place]!;
      children.push(await this.plan(await this.#read(entry, place, depth), entry, depth + 1));
    }
    return { kind: 'index', document, kept: new Set(places), children };
  }

  async #read(entry: Descriptor, place: number, depth: number): Promise<ImageDocument> {
    try {
      return await this.#reader.read(entry, depth);
    } catch (error) {
      if (!(error instanceof LazypullError) || error.code !== 'UNSUPPORTED') throw error;
      const message = `${this.#source.name}: entry ${place} of the index can't be copied: ${error.message}`;
      throw new LazypullError('UNSUPPORTED', message, { cause: error });
    }
  }

  async #planManifest(document: ImageNode['document'], entry: Descriptor): Promise<ImageNode | CopyNode> {
    const { manifest } = document;
    const copy: CopyNode = { kind: 'copy', document, platform: entry.platform };
    if (isArtifact(manifest, entry) || !manifest.layers.some(isConvertible)) return copy;
    if (entry.platform?.os === 'windows') return copy;
    const config = await this.#source.fetch(manifest.config, this.#signal);
    const { diffIds, platform = entry.platform } = parseConfigFacts(config);
    // Lazily pulled layers are mounted by Linux kernels.
    if (platform === undefined || platform.os === 'windows') return { ...copy, platform };
    if (diffIds.length !== manifest.layers.length) {
      throw new FormatError(
        `${this.#source.name}: the config of ${document.descriptor.digest} has ${diffIds.length} diff ids for ${manifest.layers.length} layers`,
      );
    }
    return { kind: 'image', document, config, diffIds, platform: normalizePlatform(platform) };
  }
}

function isArtifact(manifest: ImageManifest, entry: Descriptor): boolean {
  if (entry.annotations?.[DOCKER_REFERENCE_TYPE] !== undefined) return true;
  const { mediaType } = manifest.config;
  return manifest.artifactType !== undefined || (mediaType !== OCI_CONFIG && mediaType !== DOCKER_CONFIG);
}

/** The entries for the platforms, and attestations of those. */
function keptEntries(index: ImageIndex, platforms: readonly Platform[]): number[] {
  const chosen = new Set(platforms.map((platform) => selectManifest(index, platform).digest));
  return [...index.manifests.entries()]
    .filter(([, { digest, annotations }]) => {
      const about = annotations?.[DOCKER_REFERENCE_DIGEST];
      return about === undefined ? chosen.has(digest) : chosen.has(about as Digest);
    })
    .map(([place]) => place);
}

/** A single image must be of the platform that was asked for. @throws LazypullError NOT_FOUND */
function requirePlatforms(node: ImageNode | CopyNode, platforms: readonly Platform[]): void {
  const { descriptor } = node.document;
  const entry = node.platform === undefined ? descriptor : { ...descriptor, platform: node.platform };
  for (const platform of platforms) {
    const only: ImageIndex = { kind: 'index', mediaType: '', manifests: [entry] };
    const found = selectManifest(only, platform);
    if (found.platform === undefined) {
      throw new LazypullError(
        'NOT_FOUND',
        `the source is one manifest without a platform, not ${formatPlatform(platform)}`,
      );
    }
  }
}
