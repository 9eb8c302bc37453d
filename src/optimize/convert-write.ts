// The documents of a converted image, once its layers are in the target: configs, manifests, then the indexes that name them.
import type { ImageTarget } from '../image/model.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import { digestOf, type Digest } from '../oci/digest.ts';
import { OCI_CONFIG, OCI_MANIFEST } from '../oci/media-types.ts';
import { formatPlatform } from '../oci/platform.ts';
import { hasPromise, tocPromiseOf } from '../oci/toc-promise.ts';
import { rewriteConfig } from './convert-config.ts';
import { rewriteIndex, rewriteManifest, type EncodedDocument, type SourceMark } from './convert-documents.ts';
import { hasUrls, type ImageOutcome } from './convert-image.ts';
import type { ConvertedManifest } from './convert-model.ts';
import type { CopyNode, ImageNode, IndexNode, PlanNode } from './convert-plan.ts';
import type { Uploads } from './convert-uploads.ts';

export interface DocumentWriterParts {
  readonly target: ImageTarget;
  readonly uploads: Uploads;
  /** The source's name in a registry. */
  readonly sourceName: string | undefined;
  /** For every document that is made. */
  readonly annotations: Readonly<Record<string, string>>;
  /** By the digest of the source's manifest. */
  readonly images: ReadonlyMap<Digest, ImageOutcome>;
  readonly signal: AbortSignal;
}

/** Writes the documents of one plan, each once. */
export class DocumentWriter {
  readonly #parts: DocumentWriterParts;
  readonly #written = new Map<Digest, EncodedDocument>();
  readonly #nodes = new Map<Digest, PlanNode>();
  /** Documents that became other ones. */
  readonly #changes = new Map<Digest, Descriptor>();
  #root: Digest | undefined;
  /** In the order of the source. */
  readonly manifests: ConvertedManifest[] = [];

  constructor(parts: DocumentWriterParts) {
    this.#parts = parts;
  }

  /** Writes all that the root names. @returns the root, which is for `finish` to write. */
  async write(root: PlanNode): Promise<EncodedDocument> {
    this.#register(root);
    this.#root = root.document.descriptor.digest;
    return await this.#document(root);
  }

  #register(node: PlanNode): void {
    this.#nodes.set(node.document.descriptor.digest, node);
    if (node.kind === 'index') for (const child of node.children) this.#register(child);
  }

  async #document(node: PlanNode): Promise<EncodedDocument> {
    const { digest } = node.document.descriptor;
    const known = this.#written.get(digest);
    if (known !== undefined) return known;
    await this.#subjectFirst(node);
    const made = await this.#make(node);
    this.#written.set(digest, made);
    if (made.descriptor.digest !== digest) this.#changes.set(digest, made.descriptor);
    return made;
  }

  #make(node: PlanNode): Promise<EncodedDocument> {
    if (node.kind === 'index') return this.#index(node);
    return node.kind === 'image' ? this.#image(node) : this.#copy(node);
  }

  /** What a manifest is about comes before it. Digests make no circles. */
  async #subjectFirst({ document }: PlanNode): Promise<void> {
    const subject = document.manifest.kind === 'image' ? document.manifest.subject : undefined;
    const node = subject === undefined ? undefined : this.#nodes.get(subject.digest);
    if (node !== undefined) await this.#document(node);
  }

  async #index({ document, kept, children }: IndexNode): Promise<EncodedDocument> {
    const { target, signal } = this.#parts;
    for (const child of children) await target.putDocument(await this.#document(child), signal);
    const isWhole = kept.size === document.manifest.manifests.length;
    if (isWhole && children.every((child) => !this.#changes.has(child.document.descriptor.digest))) return document;
    return rewriteIndex(document.bytes, { kept, changes: this.#changes, source: this.#mark(document.descriptor) });
  }

  async #image(node: ImageNode): Promise<EncodedDocument> {
    const { images, uploads } = this.#parts;
    const { document, platform } = node;
    const { layers, missed, inKept } = images.get(document.descriptor.digest)!;
    const isSame =
      document.manifest.mediaType === OCI_MANIFEST &&
      layers.every(({ descriptor }, place) => isUnchanged(descriptor, document.manifest.layers[place]!));
    if (isSame) await uploads.copy(document.manifest.config);
    const made = isSame ? document : await this.#rewrite(node, layers);
    this.manifests.push({
      platform: formatPlatform(platform),
      source: document.descriptor.digest,
      digest: made.descriptor.digest,
      state: isSame ? 'copied' : 'converted',
      layers: layers.map(({ layer }) => layer),
      missed,
      ...(inKept === undefined ? {} : { inKept }),
    });
    return made;
  }

  async #rewrite({ document, config, diffIds }: ImageNode, layers: ImageOutcome['layers']): Promise<EncodedDocument> {
    const ids = layers.map((outcome, place) => outcome.diffIds?.target ?? diffIds[place]!);
    const isSame = ids.every((id, place) => id === diffIds[place]);
    // Builds that name the source resolve it to its root, whatever their platform.
    const source = isLazy(document.manifest.layers, layers) ? this.#root : undefined;
    const bytes = isSame ? config : rewriteConfig(config, { diffIds: ids, source });
    const descriptor = { mediaType: OCI_CONFIG, digest: digestOf(bytes), size: bytes.length };
    await this.#parts.uploads.bytes(bytes, descriptor);
    return rewriteManifest(document.bytes, {
      config: descriptor,
      layers: layers.map((outcome) => outcome.descriptor),
      source: this.#mark(document.descriptor),
      changes: this.#changes,
    });
  }

  async #copy({ document, platform }: CopyNode): Promise<EncodedDocument> {
    const { uploads } = this.#parts;
    const { config, layers } = document.manifest;
    await uploads.copy(config);
    for (const [place, layer] of layers.entries()) if (!hasUrls(document.bytes, place)) await uploads.copy(layer);
    const { digest } = document.descriptor;
    this.manifests.push({
      platform: platform === undefined || platform.os === 'unknown' ? undefined : formatPlatform(platform),
      source: digest,
      digest,
      state: 'copied',
      layers: [],
      missed: [],
    });
    return document;
  }

  #mark({ digest }: Descriptor): SourceMark {
    const { sourceName, annotations } = this.#parts;
    return { name: sourceName, digest, annotations };
  }
}

/** A layer that is not lazy hides all above it, so the lowest one decides. */
function isLazy([old]: readonly Descriptor[], [lowest]: ImageOutcome['layers']): boolean {
  const now = lowest?.descriptor;
  return old !== undefined && now !== undefined && hasPromise(tocPromiseOf(isUnchanged(now, old) ? old : now));
}

function isUnchanged(now: Descriptor, before: Descriptor): boolean {
  return now.annotations === undefined && now.digest === before.digest && now.mediaType === before.mediaType;
}
