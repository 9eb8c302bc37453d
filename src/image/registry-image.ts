// Images in registries, to be read and written: the registry client with one reference.
import { FormatError, UserError } from '../errors.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import { familiarReference, formatReference, type ImageReference } from '../oci/reference.ts';
import type { RemoteBlob } from '../registry/blob.ts';
import type { RegistryClient } from '../registry/client.ts';
import type { RegistryPusher } from '../registry/push.ts';
import type { ImageDocument, ImageSource, ImageTarget, PutOptions } from './model.ts';
import { documentOf, requireContent } from './verified.ts';

/** The client stays the caller's to close. */
export class RegistryImageSource implements ImageSource {
  readonly name: string;
  readonly reference: ImageReference;
  readonly #client: RegistryClient;

  constructor(client: RegistryClient, reference: ImageReference) {
    this.#client = client;
    this.reference = reference;
    this.name = formatReference(reference);
  }

  async root(signal?: AbortSignal): Promise<ImageDocument> {
    const { descriptor, bytes, manifest } = await this.#client.fetchManifest(this.reference, {}, signal);
    return { descriptor, bytes, manifest };
  }

  async document(descriptor: Descriptor, signal?: AbortSignal): Promise<ImageDocument> {
    const { digest, size } = descriptor;
    const { bytes } = await this.#client.fetchManifest(this.reference, { digest }, signal);
    if (bytes.length !== size) {
      throw new FormatError(`${this.name}: ${digest} has ${bytes.length} bytes, its descriptor says ${size}`);
    }
    return documentOf(descriptor, bytes);
  }

  fetch(descriptor: Descriptor, signal?: AbortSignal): Promise<Uint8Array> {
    return this.#client.fetchBlob(this.reference, descriptor, signal);
  }

  stream(descriptor: Descriptor, signal?: AbortSignal): AsyncIterable<Uint8Array> {
    return this.#client.streamBlob(this.reference, descriptor, {}, signal);
  }

  open({ digest, size }: Descriptor): RemoteBlob {
    return this.#client.openBlob(this.reference, digest, size);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Nothing is held between requests.
  }
}

/** Blobs and manifests by digest are in the repository as soon as they are put; the tag comes with `finish`. */
export class RegistryImageTarget implements ImageTarget {
  readonly name: string;
  readonly reference: ImageReference;
  readonly #pusher: RegistryPusher;

  /** The client stays the caller's to close. */
  constructor(client: RegistryClient, reference: ImageReference) {
    this.reference = reference;
    this.name = formatReference(reference);
    this.#pusher = client.pusher(reference);
  }

  async has(descriptor: Descriptor, from?: ImageSource, signal?: AbortSignal): Promise<boolean> {
    if (await this.#pusher.hasBlob(descriptor, signal)) return true;
    const { registry, repository } = from?.reference ?? {};
    if (repository === undefined || registry !== this.reference.registry) return false;
    if (repository === this.reference.repository) return false;
    return this.#pusher.mountBlob(descriptor, repository, signal);
  }

  putBlob(
    descriptor: Descriptor,
    open: (offset: number) => AsyncIterable<Uint8Array>,
    options: PutOptions = {},
    signal?: AbortSignal,
  ): Promise<void> {
    return this.#pusher.pushBlob({ descriptor, open, onProgress: options.onProgress }, signal);
  }

  async putDocument(
    document: { readonly descriptor: Descriptor; readonly bytes: Uint8Array },
    signal?: AbortSignal,
  ): Promise<void> {
    const { bytes, descriptor } = document;
    requireContent(descriptor, bytes, 'manifest to push');
    await this.#pusher.pushManifest({ bytes, mediaType: descriptor.mediaType }, descriptor.digest, signal);
  }

  async finish(
    root: { readonly descriptor: Descriptor; readonly bytes: Uint8Array },
    signal?: AbortSignal,
  ): Promise<void> {
    const { bytes, descriptor } = root;
    const { digest, tag } = this.reference;
    requireContent(descriptor, bytes, 'manifest to push');
    if (digest !== undefined && digest !== descriptor.digest) {
      throw new UserError(
        `the image is ${descriptor.digest}, it can't be pushed as ${this.name}`,
        `Name a tag, e.g. ${familiarReference({ registry: this.reference.registry, repository: this.reference.repository, tag: tag ?? 'latest' })}.`,
      );
    }
    const name = tag ?? digest ?? 'latest';
    await this.#pusher.pushManifest({ bytes, mediaType: descriptor.mediaType }, name, signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pusher[Symbol.asyncDispose]();
  }
}
