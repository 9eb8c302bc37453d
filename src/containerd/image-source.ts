// What a pull needs of a registry: one image of it. The registry client is behind it.
import type { Descriptor } from '../oci/descriptor.ts';
import type { ImageIndex, ImageManifest } from '../oci/manifest.ts';
import type { ImageReference } from '../oci/reference.ts';

/** A document as the registry has it: its bytes are what the descriptor's digest is of. */
export interface Document<Parsed> {
  readonly descriptor: Descriptor;
  readonly bytes: Uint8Array;
  readonly parsed: Parsed;
}

export interface ResolvedImage {
  /** When the reference names an index (several platforms): it, and those in it on the way to the manifest. */
  readonly indexes: readonly Document<ImageIndex>[];
  readonly manifest: Document<ImageManifest>;
}

export interface ImageSource {
  readonly reference: ImageReference;
  /** The manifest for the wanted platform. @throws RegistryError, LazypullError NOT_FOUND for the platform */
  resolve(signal?: AbortSignal): Promise<ResolvedImage>;
  /** A small blob, verified. */
  fetch(descriptor: Descriptor, signal?: AbortSignal): Promise<Uint8Array>;
  /** The bytes of a blob from `offset` on. Whoever stores them verifies them. */
  stream(descriptor: Descriptor, offset: number, signal?: AbortSignal): AsyncIterable<Uint8Array>;
}
