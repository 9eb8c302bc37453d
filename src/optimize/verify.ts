// Everything that could be wrong with an image: every blob is downloaded once and compared with what manifest, config and
// table of contents say of it.
import { describeError, FormatError, LazypullError, VerificationError } from '../errors.ts';
import type { ImageSource } from '../image/model.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import { isDigest } from '../oci/digest.ts';
import { layerCompression, OCI_EMPTY } from '../oci/media-types.ts';
import { formatPlatform, normalizePlatform, type Platform } from '../oci/platform.ts';
import { parseConfigFacts, type ConfigFacts } from './inspect-config.ts';
import { selectImages, type SelectedImage } from './inspect-select.ts';
import type { OpenTocImage } from './inspect-toc.ts';
import { countProblems } from './inspect.ts';
import { settleAll } from './settle.ts';
import { Slots } from './slots.ts';
import { compareDescriptor } from './verify-descriptor.ts';
import { Findings } from './verify-findings.ts';
import { openInflatePool, type InflatePool } from './verify-inflate.ts';
import { verifyBlob, type BlobFacts } from './verify-layer.ts';
import type { Verification, VerifiedImage, VerifiedLayer } from './verify-model.ts';

export interface VerifyOptions {
  /** The images of an index to check. */
  readonly platforms: readonly Platform[] | 'all';
  /** Only this layer of each; 1 is the bottom. */
  readonly layer?: number | undefined;
  /** Where external TOCs are: `REF-esgztoc`. */
  readonly openTocImage?: OpenTocImage | undefined;
  readonly onProgress?: ((progress: VerifyProgress) => void) | undefined;
  /** Threads that decompress; one for each processor unless told. */
  readonly workers?: number | undefined;
}

export type VerifyProgress =
  /** The images and how many layers each has. */
  | { readonly kind: 'planned'; readonly layers: number; readonly bytes: number }
  | { readonly kind: 'working'; readonly layer: Descriptor; readonly bytes: number }
  | { readonly kind: 'done'; readonly layer: VerifiedLayer; readonly of: number };

/** Layers that are read at a time: one is decompressed while another begins. */
const PARALLEL = 2;

/**
 * Checks an image. What is wrong is found, not thrown.
 * @throws what says that the image can't be reached or that a document of it is no manifest; NOT_FOUND for platforms and
 * layers that there are not; what `signal` is aborted with.
 */
export async function verifyImage(
  source: ImageSource,
  options: VerifyOptions,
  signal?: AbortSignal,
): Promise<Verification> {
  const begin = performance.now();
  const { root, images } = await selectImages(source, options.platforms, signal);
  const chosen = images.map((image) => ({ image, layers: chooseLayers(image, options.layer) }));
  const blobs = new Map(
    chosen.flatMap(({ layers }) => layers.map(({ descriptor }) => [blobKey(descriptor), descriptor])),
  );
  const bytes = [...blobs.values()].reduce((sum, { size }) => sum + size, 0);
  options.onProgress?.({ kind: 'planned', layers: blobs.size, bytes });
  const pool = openInflatePool(options.workers);
  try {
    const verifier = new LayerVerifier(source, options, pool, signal);
    const verified: VerifiedImage[] = [];
    for (const { image, layers } of chosen) verified.push(await verifyOne(source, image, layers, verifier, signal));
    const ok = verified.every((image) => image.ok);
    const durationMs = performance.now() - begin;
    return { version: 1, name: source.name, digest: root.descriptor.digest, ok, images: verified, bytes, durationMs };
  } finally {
    await pool.close();
  }
}

interface NumberedLayer {
  readonly number: number;
  readonly descriptor: Descriptor;
}

function chooseLayers({ manifest }: SelectedImage, only: number | undefined): NumberedLayer[] {
  const layers = manifest.layers.map((descriptor, index) => ({ number: index + 1, descriptor }));
  if (only === undefined) return layers;
  const chosen = layers.filter(({ number }) => number === only);
  if (chosen.length > 0) return chosen;
  throw new LazypullError('NOT_FOUND', `there is no layer ${only}: the image has ${layers.length}`);
}

async function verifyOne(
  source: ImageSource,
  { manifest, document, platform }: SelectedImage,
  layers: readonly NumberedLayer[],
  verifier: LayerVerifier,
  signal: AbortSignal | undefined,
): Promise<VerifiedImage> {
  const findings = new Findings();
  const config = await readConfig(source, manifest.config, findings, signal);
  for (const problem of countProblems(config, manifest.layers.length)) findings.add('config', problem);
  for (const [index, diffId] of (config?.diffIds ?? []).entries()) {
    if (!isDigest(diffId))
      findings.add(
        'config',
        `diff id ${index + 1}: got ${JSON.stringify(diffId.slice(0, 100))}, wanted a sha256 digest`,
      );
  }
  const verified = await verifier.all(layers, config?.diffIds ?? []);
  const named = config?.platform.os ? config.platform : platform;
  if (config !== undefined && platform !== undefined) comparePlatform(findings, platform, config.platform);
  return {
    manifest: document.descriptor.digest,
    platform: named === undefined ? null : formatPlatform(normalizePlatform(named)),
    ok: findings.list.length === 0 && verified.every(({ ok }) => ok),
    findings: findings.list,
    layers: verified,
  };
}

async function readConfig(
  source: ImageSource,
  descriptor: Descriptor,
  findings: Findings,
  signal: AbortSignal | undefined,
): Promise<ConfigFacts | undefined> {
  // Of a manifest that is no container image.
  if (descriptor.mediaType === OCI_EMPTY) return undefined;
  try {
    return parseConfigFacts(await source.fetch(descriptor, signal));
  } catch (error) {
    signal?.throwIfAborted();
    const isOfConfig =
      error instanceof FormatError ||
      error instanceof VerificationError ||
      (error instanceof LazypullError && error.code === 'NOT_FOUND');
    if (!isOfConfig) throw error;
    findings.add('config', describeError(error));
    return undefined;
  }
}

function comparePlatform(findings: Findings, named: Platform, config: Platform): void {
  const [said, is] = [formatPlatform(normalizePlatform(named)), formatPlatform(normalizePlatform(config))];
  // The variant is often left out of one of them.
  const isSame = said === is || said.startsWith(`${is}/`) || is.startsWith(`${said}/`);
  if (!isSame) findings.compare('manifest', 'platform of the index and of the config', said, is);
}

function blobKey({ digest, size }: Descriptor): string {
  return `${digest} ${size}`;
}

/** Reads each blob once, however many images have it. */
class LayerVerifier {
  readonly #source: ImageSource;
  readonly #options: VerifyOptions;
  readonly #pool: InflatePool;
  readonly #signal: AbortSignal | undefined;
  readonly #blobs = new Map<string, Promise<BlobFacts>>();
  readonly #slots = new Slots(PARALLEL);

  constructor(source: ImageSource, options: VerifyOptions, pool: InflatePool, signal: AbortSignal | undefined) {
    this.#source = source;
    this.#options = options;
    this.#pool = pool;
    this.#signal = signal;
  }

  /** @throws when a blob can't be reached; nothing is read any more then. */
  all(layers: readonly NumberedLayer[], diffIds: readonly string[]): Promise<VerifiedLayer[]> {
    const failed = new AbortController();
    const signal = this.#signal === undefined ? failed.signal : AbortSignal.any([this.#signal, failed.signal]);
    const work = layers.map((layer) => this.#layer(layer, diffIds[layer.number - 1], signal));
    return settleAll(work, () => failed.abort());
  }

  async #layer(
    { number, descriptor }: NumberedLayer,
    diffId: string | undefined,
    signal: AbortSignal,
  ): Promise<VerifiedLayer> {
    const key = blobKey(descriptor);
    let reading = this.#blobs.get(key);
    if (reading === undefined) {
      reading = this.#read(descriptor, signal);
      this.#blobs.set(key, reading);
    }
    const facts = await reading;
    const findings = new Findings();
    for (const { check, message, ...others } of facts.findings.list) findings.add(check, message, others);
    findings.omitted += facts.findings.omitted;
    compareDescriptor(findings, descriptor, facts, diffId);
    const layer = verifiedLayer(number, descriptor, facts, findings);
    this.#options.onProgress?.({ kind: 'done', layer, of: this.#blobs.size });
    return layer;
  }

  async #read(descriptor: Descriptor, signal: AbortSignal): Promise<BlobFacts> {
    const release = await this.#slots.take();
    try {
      signal.throwIfAborted();
      const { openTocImage, onProgress } = this.#options;
      const options = {
        pool: this.#pool,
        // A layer that is no tar is compared with its digest only.
        isLayer: layerCompression(descriptor.mediaType) !== undefined,
        openTocImage,
        onProgress: onProgress && ((bytes: number) => onProgress({ kind: 'working', layer: descriptor, bytes })),
      };
      return await verifyBlob(descriptor, this.#source.open(descriptor), options, signal);
    } finally {
      release();
    }
  }
}

function verifiedLayer(number: number, descriptor: Descriptor, facts: BlobFacts, findings: Findings): VerifiedLayer {
  return {
    number,
    digest: descriptor.digest,
    size: descriptor.size,
    ok: findings.list.length === 0,
    format: facts.format,
    diffId: facts.diffId ?? null,
    uncompressedSize: facts.uncompressedSize ?? null,
    tocDigest: facts.tocDigest ?? null,
    counts: facts.counts,
    findings: findings.list,
    moreFindings: findings.omitted,
    durationMs: facts.durationMs,
  };
}
