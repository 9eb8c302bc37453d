// Tables of contents that are not in their layers: they are the layers of one more image, `<tag>-esgztoc` in the same
// repository, each annotated with the layer that it belongs to. What comes is trusted by the TOC digest of that layer.
// Specification: docs/estargz.md of stargz-snapshotter, "Optional: external TOC".
import { describeError, FormatError, LazypullError, RegistryError } from '../errors.ts';
import type { FetchExternalToc } from '../estargz/toc-bytes.ts';
import { TOC_LAYER_DIGEST } from '../oci/annotations.ts';
import type { Digest } from '../oci/digest.ts';
import type { ImageManifest } from '../oci/manifest.ts';
import { formatReference, type ImageReference } from '../oci/reference.ts';
import type { RegistryClient } from '../registry/client.ts';

const TAG_SUFFIX = '-esgztoc';
/** The layers of one pull ask within less; a tag that moves is seen by the next. */
const KEEP_MS = 10_000;

/** Finds them, with one request for the manifest however many layers of an image ask. */
export class ExternalTocs {
  readonly #client: RegistryClient;
  /** By name of the TOC image; manifests, and those that are on their way. */
  readonly #manifests = new Map<string, Promise<ImageManifest>>();

  constructor(client: RegistryClient) {
    this.#client = client;
  }

  /**
   * Fetches the compressed TOC of `layer`, when it is called.
   * @throws FormatError when there is a TOC image, but not with this layer; RegistryError, VerificationError.
   */
  of(image: ImageReference, layer: Digest): FetchExternalToc {
    return async (signal) => {
      const tocImage = tocImageOf(image);
      const { layers } = await this.#manifest(tocImage);
      signal?.throwIfAborted();
      const descriptor = layers.find(({ annotations }) => annotations?.[TOC_LAYER_DIGEST] === layer);
      if (descriptor !== undefined) return this.#client.fetchBlob(tocImage, descriptor, signal);
      throw new FormatError(`external TOC: image ${formatReference(tocImage)} has none for layer ${layer}`);
    };
  }

  // Shared, so it is not aborted with one of its callers. It ends by the client's own timeouts.
  #manifest(tocImage: ImageReference): Promise<ImageManifest> {
    const name = formatReference(tocImage);
    const known = this.#manifests.get(name);
    if (known !== undefined) return known;
    const fetched = this.#fetch(tocImage);
    this.#manifests.set(name, fetched);
    const forget = (): void => void this.#manifests.delete(name);
    fetched.then(() => setTimeout(forget, KEEP_MS).unref(), forget);
    return fetched;
  }

  async #fetch(tocImage: ImageReference): Promise<ImageManifest> {
    const name = formatReference(tocImage);
    try {
      const { manifest } = await this.#client.fetchManifest(tocImage);
      if (manifest.kind === 'image') return manifest;
      throw new FormatError(`external TOC: ${name} is an index, wanted an image`);
    } catch (error) {
      if (!(error instanceof RegistryError)) throw error;
      const { method, url, status, diagnostics, retryable } = error;
      const facts = { method, url, diagnostics, retryable, cause: error, ...(status === undefined ? {} : { status }) };
      throw new RegistryError(`external TOC: image ${name} can't be read: ${describeError(error)}`, facts);
    }
  }
}

/** @throws LazypullError UNSUPPORTED for a reference without a tag: there is no name to look under. */
function tocImageOf({ registry, repository, tag, digest }: ImageReference): ImageReference {
  if (tag === undefined && digest !== undefined) {
    const name = formatReference({ registry, repository, digest });
    throw new LazypullError('UNSUPPORTED', `external TOC: ${name} has no tag, by which its TOC image is named`);
  }
  return { registry, repository, tag: `${tag ?? 'latest'}${TAG_SUFFIX}` };
}
