// Images in containerd's content store, to be read and written over its socket. What is written is held by a lease until
// the image record holds it.
import { Connection, hasCode } from '../containerd/connection.ts';
import { lookupContent, streamContent, writeContent } from '../containerd/content.ts';
import { lookupImage, putImage, type ImageRecord } from '../containerd/images.ts';
import { indexLabels, manifestLabels } from '../containerd/labels.ts';
import { openLease, type Lease } from '../containerd/lease.ts';
import { FormatError, LazypullError, UserError } from '../errors.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import { parseDigest, type Digest } from '../oci/digest.ts';
import { MAX_MANIFEST_BYTES, parseManifest } from '../oci/manifest.ts';
import { familiarReference, formatReference, type ImageReference } from '../oci/reference.ts';
import type { RemoteBlob } from '../registry/blob.ts';
import { wrongSize } from './file-range.ts';
import type { ImageDocument, ImageSource, ImageTarget, PutOptions } from './model.ts';
import { StreamedBlob } from './streamed-blob.ts';
import { documentOf, readVerified, requireContent, requireSmall, verified } from './verified.ts';

type Document = { readonly descriptor: Descriptor; readonly bytes: Uint8Array };

/** Which containerd, and which of its namespaces. */
export interface ContainerdAccess {
  readonly address: string;
  readonly namespace: string;
}

/** Opens an image by its name there, as it is or in full. @throws UserError when containerd has none. */
export async function openContainerdSource(
  name: string,
  reference: ImageReference,
  access: ContainerdAccess,
  signal?: AbortSignal,
): Promise<ImageSource> {
  const connection = await Connection.open(access);
  try {
    for (const candidate of new Set([name, formatReference(reference)])) {
      const record = await lookupImage(connection, candidate, signal);
      if (record !== undefined) return new ContainerdSource(connection, record, reference);
    }
    throw new UserError(
      `containerd has no image ${formatReference(reference)} in the namespace ${access.namespace}`,
      'List them with `ctr -n NAMESPACE images ls`. Docker uses the namespace moby, Kubernetes k8s.io.',
    );
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** Opens containerd for an image that is to be written. @throws UserError when it does not answer. */
export async function openContainerdTarget(
  reference: ImageReference,
  access: ContainerdAccess,
  signal?: AbortSignal,
): Promise<ImageTarget> {
  if (reference.digest !== undefined) {
    throw new UserError(`containerd:${formatReference(reference)} has a digest, which only the result can have`);
  }
  const connection = await Connection.open(access);
  try {
    return new ContainerdTarget(connection, await openLease(connection, signal), reference);
  } catch (error) {
    connection.close();
    throw error;
  }
}

class ContainerdSource implements ImageSource {
  readonly name: string;
  readonly reference: undefined;
  readonly #connection: Connection;
  readonly #target: ImageRecord['target'];
  readonly #image: ImageReference;

  constructor(connection: Connection, record: ImageRecord, image: ImageReference) {
    this.#connection = connection;
    this.#target = record.target;
    this.#image = image;
    this.name = `containerd:${record.name}`;
  }

  async root(signal?: AbortSignal): Promise<ImageDocument> {
    const { digest, mediaType, size } = this.#target;
    return this.document({ mediaType, digest: parseDigest(digest), size }, signal);
  }

  async document(descriptor: Descriptor, signal?: AbortSignal): Promise<ImageDocument> {
    if (descriptor.size > MAX_MANIFEST_BYTES) {
      throw new FormatError(`${this.name}: manifest ${descriptor.digest} of ${descriptor.size} bytes is too large`);
    }
    return documentOf(descriptor, await this.fetch(descriptor, signal));
  }

  async fetch(descriptor: Descriptor, signal?: AbortSignal): Promise<Uint8Array> {
    requireSmall(descriptor, this.name);
    return readVerified(() => this.#pieces(descriptor, 0, descriptor.size, signal), descriptor, this.name);
  }

  stream(descriptor: Descriptor, signal?: AbortSignal): AsyncIterable<Uint8Array> {
    return verified(this.#pieces(descriptor, 0, descriptor.size, signal), descriptor, this.name);
  }

  open(descriptor: Descriptor): RemoteBlob {
    return new StreamedBlob(descriptor, (start, end, signal) => this.#pieces(descriptor, start, end, signal));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#connection.close();
  }

  async *#pieces(
    { digest, size }: Descriptor,
    start: number,
    end: number,
    signal?: AbortSignal,
  ): AsyncGenerator<Uint8Array> {
    const info = await lookupContent(this.#connection, digest, signal);
    if (info === undefined) throw this.#missing(digest);
    if (info.size !== size) throw wrongSize(digest, info.size, size);
    yield* streamContent(this.#connection, digest, { start, end }, signal);
  }

  #missing(digest: Digest): LazypullError {
    const reference = familiarReference(this.#image);
    return new UserError(
      `${this.name}: containerd does not have ${digest}. Images that were pulled lazily, or for one platform only, are not there in full`,
      `Read it from the registry: write ${reference} instead of containerd:${reference}.`,
    );
  }
}

class ContainerdTarget implements ImageTarget {
  readonly name: string;
  readonly reference: undefined;
  readonly #connection: Connection;
  readonly #lease: Lease;
  readonly #record: string;

  constructor(connection: Connection, lease: Lease, reference: ImageReference) {
    this.#connection = connection;
    this.#lease = lease;
    this.#record = formatReference(reference);
    this.name = `containerd:${this.#record}`;
  }

  async has(descriptor: Descriptor, _from?: ImageSource, signal?: AbortSignal): Promise<boolean> {
    const info = await lookupContent(this.#connection, descriptor.digest, signal);
    if (info === undefined) return false;
    try {
      // Not only to know: a write of what is there puts it under the lease, so that it stays.
      await this.#write(descriptor, gone, {}, signal);
      return true;
    } catch (error) {
      if (hasCode(error, 'NOT_FOUND')) return false;
      throw error;
    }
  }

  async putBlob(
    descriptor: Descriptor,
    open: (offset: number) => AsyncIterable<Uint8Array>,
    options: PutOptions = {},
    signal?: AbortSignal,
  ): Promise<void> {
    const counted = async function* (offset: number): AsyncGenerator<Uint8Array> {
      let at = offset;
      for await (const piece of open(offset)) {
        yield piece;
        at += piece.length;
        options.onProgress?.(at);
      }
    };
    await this.#write(descriptor, counted, {}, signal);
  }

  async putDocument({ bytes, descriptor }: Document, signal?: AbortSignal): Promise<void> {
    requireContent(descriptor, bytes, 'manifest to write');
    const manifest = parseManifest(bytes, descriptor.mediaType);
    const labels = manifest.kind === 'index' ? indexLabels(manifest) : manifestLabels(manifest);
    await this.#write(descriptor, (offset) => [bytes.subarray(offset)], labels, signal);
  }

  async finish(root: Document, signal?: AbortSignal): Promise<void> {
    await this.putDocument(root, signal);
    await putImage(this.#lease.connection, { name: this.#record, target: root.descriptor, labels: {} }, signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#lease[Symbol.asyncDispose]();
    this.#connection.close();
  }

  async #write(
    descriptor: Descriptor,
    open: (offset: number) => AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    labels: Readonly<Record<string, string>>,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const blob = { ref: `lazypull-${descriptor.digest}`, descriptor, labels, open };
    await writeContent(this.#lease.connection, blob, signal);
  }
}

function gone(): never {
  throw new LazypullError('NOT_FOUND', 'content went away');
}
