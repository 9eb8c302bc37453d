// An image in memory, as the client side of a pull sees a registry: for tests of what a pull does with containerd.
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { Document, ImageSource, ResolvedImage } from '../../src/containerd/image-source.ts';
import { LazypullError } from '../../src/errors.ts';
import type { Descriptor } from '../../src/oci/descriptor.ts';
import { digestOf, type Digest } from '../../src/oci/digest.ts';
import { parseManifest, type ImageIndex, type ImageManifest } from '../../src/oci/manifest.ts';
import { parseReference, type ImageReference } from '../../src/oci/reference.ts';

export interface MemoryImageOptions {
  /** Uncompressed tars, bottom first. */
  readonly layers: readonly Uint8Array[];
  readonly command?: readonly string[];
  /** Annotations of each layer's descriptor. */
  readonly annotations?: readonly Readonly<Record<string, string>>[];
  /** Puts an index with this manifest, and an attestation, above it. */
  readonly index?: boolean;
  /** What the config says instead of the real diff ids. */
  readonly diffIds?: readonly Digest[];
}

export class MemoryImage implements ImageSource {
  readonly reference: ImageReference;
  readonly blobs: Map<Digest, Uint8Array> = new Map();
  /** Digests that were streamed, in the order of asking. */
  readonly streamed: Digest[] = [];
  /** How long each piece of a stream takes. */
  delayMs = 0;
  readonly #resolved: ResolvedImage;

  constructor(reference: string, options: MemoryImageOptions) {
    this.reference = parseReference(reference);
    const layers = options.layers.map((tar, index) => {
      const annotations = options.annotations?.[index];
      const descriptor = this.#add(gzipSync(tar), 'application/vnd.oci.image.layer.v1.tar+gzip');
      return annotations === undefined ? descriptor : { ...descriptor, annotations };
    });
    const config = this.#addJson('application/vnd.oci.image.config.v1+json', {
      architecture: 'amd64',
      os: 'linux',
      config: { Cmd: options.command ?? ['/bin/sh'] },
      rootfs: { type: 'layers', diff_ids: options.diffIds ?? options.layers.map(digestOf) },
    });
    const type = 'application/vnd.oci.image.manifest.v1+json';
    const manifest = this.#document<ImageManifest>(
      this.#addJson(type, { schemaVersion: 2, mediaType: type, config, layers }),
    );
    this.#resolved = { manifest, indexes: options.index === true ? [this.#index(manifest)] : [] };
  }

  get layers(): readonly Descriptor[] {
    return this.#resolved.manifest.parsed.layers;
  }

  get resolved(): ResolvedImage {
    return this.#resolved;
  }

  resolve(): Promise<ResolvedImage> {
    return Promise.resolve(this.#resolved);
  }

  fetch(descriptor: Descriptor): Promise<Uint8Array> {
    return Promise.resolve(this.#require(descriptor.digest));
  }

  async *stream(descriptor: Descriptor, offset: number, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
    this.streamed.push(descriptor.digest);
    const bytes = this.#require(descriptor.digest);
    for (let at = offset; at < bytes.length; at += 65_536) {
      if (this.delayMs > 0) await sleep(this.delayMs, undefined, signal === undefined ? {} : { signal });
      yield bytes.subarray(at, at + 65_536);
    }
  }

  #index(manifest: Document<ImageManifest>): Document<ImageIndex> {
    const mediaType = 'application/vnd.oci.image.index.v1+json';
    const attestation = {
      ...manifest.descriptor,
      digest: digestOf(Buffer.from('attestation')),
      platform: { os: 'unknown', architecture: 'unknown' },
    };
    const manifests = [{ ...manifest.descriptor, platform: { os: 'linux', architecture: 'amd64' } }, attestation];
    return this.#document<ImageIndex>(this.#addJson(mediaType, { schemaVersion: 2, mediaType, manifests }));
  }

  #document<Parsed>(descriptor: Descriptor): Document<Parsed> {
    const bytes = this.#require(descriptor.digest);
    return { descriptor, bytes, parsed: parseManifest(bytes, descriptor.mediaType) as Parsed };
  }

  #addJson(mediaType: string, document: object): Descriptor {
    return this.#add(Buffer.from(JSON.stringify(document)), mediaType);
  }

  #add(bytes: Uint8Array, mediaType: string): Descriptor {
    const digest = digestOf(bytes);
    this.blobs.set(digest, bytes);
    return { mediaType, digest, size: bytes.length };
  }

  #require(digest: Digest): Uint8Array {
    const bytes = this.blobs.get(digest);
    if (bytes === undefined) throw new LazypullError('NOT_FOUND', `no blob ${digest}`);
    return bytes;
  }
}
