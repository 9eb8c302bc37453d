// An image of a registry, for a pull: the registry client with one reference and one platform.
import { FormatError } from '../errors.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import type { ImageIndex } from '../oci/manifest.ts';
import { selectManifest, type Platform } from '../oci/platform.ts';
import { formatReference, type ImageReference } from '../oci/reference.ts';
import type { RegistryClient } from '../registry/client.ts';
import type { Document, ImageSource, ResolvedImage } from './image-source.ts';

/** Indexes in indexes. */
const MAX_INDEX_DEPTH = 3;

export class RegistrySource implements ImageSource {
  readonly reference: ImageReference;
  readonly #client: RegistryClient;
  readonly #platform: Platform;

  /** The client stays the caller's to close. */
  constructor(client: RegistryClient, reference: ImageReference, platform: Platform) {
    this.#client = client;
    this.reference = reference;
    this.#platform = platform;
  }

  async resolve(signal?: AbortSignal): Promise<ResolvedImage> {
    const indexes: Document<ImageIndex>[] = [];
    let fetched = await this.#client.fetchManifest(this.reference, {}, signal);
    for (;;) {
      const { descriptor, bytes, manifest } = fetched;
      if (manifest.kind === 'image') return { indexes, manifest: { descriptor, bytes, parsed: manifest } };
      if (indexes.length === MAX_INDEX_DEPTH)
        throw new FormatError(`${formatReference(this.reference)}: more than ${MAX_INDEX_DEPTH} indexes in each other`);
      indexes.push({ descriptor, bytes, parsed: manifest });
      const { digest } = selectManifest(manifest, this.#platform);
      fetched = await this.#client.fetchManifest(this.reference, { digest }, signal);
    }
  }

  fetch(descriptor: Descriptor, signal?: AbortSignal): Promise<Uint8Array> {
    return this.#client.fetchBlob(this.reference, descriptor, signal);
  }

  stream(descriptor: Descriptor, offset: number, signal?: AbortSignal): AsyncIterable<Uint8Array> {
    return this.#client.streamBlob(this.reference, descriptor, { offset }, signal);
  }
}
