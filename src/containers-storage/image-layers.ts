// Which layer of an image a client means. It names the image by a reference and the layer by the digest of its TOC, which
// it took from the manifest that it trusts; we find blob and diff id in the manifest and config of the same reference.
// What is found needs no trust: a layer whose TOC has another digest is never mounted.
import { parseDiffIds } from '../containerd/image-config.ts';
import { prepareLabels } from '../containerd/labels.ts';
import { LazypullError } from '../errors.ts';
import type { Digest } from '../oci/digest.ts';
import type { ImageManifest } from '../oci/manifest.ts';
import { layerCompression } from '../oci/media-types.ts';
import type { Platform } from '../oci/platform.ts';
import { parseReference } from '../oci/reference.ts';
import { tocPromiseOf } from '../oci/toc-promise.ts';
import type { RegistryClient } from '../registry/client.ts';
import type { StoredLayer } from './state.ts';

/** A client asks for all layers of an image within moments; a tag may mean another image later. */
const FRESH_MS = 10_000;
const MAX_IMAGES = 32;

interface KnownImage {
  readonly manifest: ImageManifest;
  readonly manifestDigest: Digest;
  readonly diffIds: readonly Digest[];
  readonly sinceMs: number;
}

export class ImageLayers {
  readonly #client: Pick<RegistryClient, 'resolveImage' | 'fetchBlob'>;
  readonly #platform: Platform;
  readonly #images = new Map<string, Promise<KnownImage>>();

  constructor(client: Pick<RegistryClient, 'resolveImage' | 'fetchBlob'>, platform: Platform) {
    this.#client = client;
    this.#platform = platform;
  }

  /**
   * The layer of `reference` whose TOC has the digest.
   * @throws LazypullError NOT_FOUND when the image has no such layer, UNSUPPORTED for the digest of a blob; what the
   * registry client throws.
   */
  async require(reference: string, tocDigest: Digest, signal: AbortSignal): Promise<StoredLayer> {
    const asked = performance.now();
    const image = await this.#image(reference, signal);
    const found = findLayer(reference, image, tocDigest);
    if (found !== undefined) return found;
    if (image.manifest.layers.some(({ digest }) => digest === tocDigest)) throw askedByBlob(tocDigest);
    // Perhaps the tag was moved, and the client has seen the newer image.
    if (image.sinceMs < asked) this.#images.delete(reference);
    const again = await this.#image(reference, signal);
    const layer = findLayer(reference, again, tocDigest);
    if (layer !== undefined) return layer;
    throw new LazypullError(
      'NOT_FOUND',
      `${reference} has no layer for this platform whose table of contents is ${tocDigest}; it was asked for that one`,
    );
  }

  async #image(reference: string, signal: AbortSignal): Promise<KnownImage> {
    const known = this.#images.get(reference);
    if (known !== undefined) {
      const image = await known.catch(() => undefined);
      signal.throwIfAborted();
      if (image !== undefined && performance.now() - image.sinceMs < FRESH_MS) return image;
    }
    const asking = this.#ask(reference, signal);
    this.#images.delete(reference);
    this.#images.set(reference, asking);
    const oldest = this.#images.keys().next().value;
    if (this.#images.size > MAX_IMAGES && oldest !== undefined) this.#images.delete(oldest);
    try {
      return await asking;
    } catch (error) {
      if (this.#images.get(reference) === asking) this.#images.delete(reference);
      throw error;
    }
  }

  async #ask(text: string, signal: AbortSignal): Promise<KnownImage> {
    const sinceMs = performance.now();
    const reference = parseReference(text);
    const { manifest, descriptor } = await this.#client.resolveImage(reference, this.#platform, signal);
    const config = await this.#client.fetchBlob(reference, manifest.config, signal);
    const diffIds = parseDiffIds(config, manifest.layers.length);
    return { manifest, manifestDigest: descriptor.digest, diffIds, sinceMs };
  }
}

function findLayer(
  reference: string,
  { manifest, manifestDigest, diffIds }: KnownImage,
  wanted: Digest,
): StoredLayer | undefined {
  for (const [index, descriptor] of manifest.layers.entries()) {
    const { tocDigest, tocChecksum } = tocPromiseOf(descriptor);
    const diffId = diffIds[index];
    if (diffId === undefined || (tocDigest !== wanted && tocChecksum !== wanted)) continue;
    const { digest, size, mediaType } = descriptor;
    const labels = prepareLabels({
      ref: reference,
      manifestDigest,
      layers: manifest.layers,
      index,
      chainId: diffId,
    });
    return { index, digest, size, compression: layerCompression(mediaType) ?? 'gzip', diffId, labels };
  }
  return undefined;
}

function askedByBlob(digest: Digest): LazypullError {
  return new LazypullError(
    'UNSUPPORTED',
    `the client asked for layer ${digest} by its blob, as Podman before 5.1 does: that one would trust the diff id of a ` +
      'layer that nobody has read; use Podman 5.1 or later',
  );
}
