// An image wherever it lies: a registry, an OCI layout or archive, docker's archive, a pipe, containerd's content store.
// Whoever reads or writes images sees only these two interfaces.
import type { Descriptor } from '../oci/descriptor.ts';
import type { ImageIndex, ImageManifest } from '../oci/manifest.ts';
import type { ImageReference } from '../oci/reference.ts';
import type { RemoteBlob } from '../registry/blob.ts';

/** A manifest or index with the exact bytes that its digest is of. */
export interface ImageDocument {
  readonly descriptor: Descriptor;
  readonly bytes: Uint8Array;
  readonly manifest: ImageManifest | ImageIndex;
}

/** One image that can be read. Everything that comes out of it but `open` is verified against its digest. */
export interface ImageSource extends AsyncDisposable {
  /** How a person would name it, e.g. `ghcr.io/org/app:1` or `oci:out:latest`. Without secrets. */
  readonly name: string;
  /** The registry's name for it; undefined when it lies elsewhere. */
  readonly reference: ImageReference | undefined;
  /** What the name means: an index or a manifest. */
  root(signal?: AbortSignal): Promise<ImageDocument>;
  /** A manifest or index that an index names. */
  document(descriptor: Descriptor, signal?: AbortSignal): Promise<ImageDocument>;
  /** A small blob, e.g. a config. @throws FormatError when it is larger than 64 MiB. */
  fetch(descriptor: Descriptor, signal?: AbortSignal): Promise<Uint8Array>;
  /** A blob of any size from its first byte; the last piece comes only when the digest is right. */
  stream(descriptor: Descriptor, signal?: AbortSignal): AsyncIterable<Uint8Array>;
  /** A blob to be read in ranges. Not verified. */
  open(descriptor: Descriptor): RemoteBlob;
}

export interface PutOptions {
  /** Bytes that the target has taken so far. */
  readonly onProgress?: (bytes: number) => void;
}

/** A place where one image is written. Children go first: blobs, then manifests, then the index that names them. */
export interface ImageTarget extends AsyncDisposable {
  readonly name: string;
  readonly reference: ImageReference | undefined;
  /**
   * Whether the target has a blob, or could take it over without bytes from us: from `from`, when that is another repository
   * of the same registry (cross-repository mount).
   */
  has(descriptor: Descriptor, from?: ImageSource, signal?: AbortSignal): Promise<boolean>;
  /** Writes a blob. `open` gives its bytes from an offset on; it is called again after a failure. The target verifies the digest. */
  putBlob(
    descriptor: Descriptor,
    open: (offset: number) => AsyncIterable<Uint8Array>,
    options?: PutOptions,
    signal?: AbortSignal,
  ): Promise<void>;
  /** Writes a manifest or index by its digest. */
  putDocument(
    document: { readonly descriptor: Descriptor; readonly bytes: Uint8Array },
    signal?: AbortSignal,
  ): Promise<void>;
  /** Gives the image its name and makes it visible, all at once. Without this call, nothing of it is. */
  finish(root: { readonly descriptor: Descriptor; readonly bytes: Uint8Array }, signal?: AbortSignal): Promise<void>;
}
