// `lazypull pull`: what containerd's own pull does, with the labels that a remote snapshotter needs, which `ctr` does
// not pass. Manifest and config go into the content store; layers are mounted where the snapshotter can, else unpacked.
import type { Descriptor } from '../oci/descriptor.ts';
import type { Digest } from '../oci/digest.ts';
import { formatReference } from '../oci/reference.ts';
import type { Connection } from './connection.ts';
import { lookupContent, readContent, writeContent } from './content.ts';
import { chainIds, MAX_CONFIG_BYTES, parseDiffIds } from './image-config.ts';
import type { ImageSource, ResolvedImage } from './image-source.ts';
import { putImage } from './images.ts';
import { requireSnapshotter } from './introspection.ts';
import { indexLabels, manifestLabels, snapshotRefLabels, sourceLabels } from './labels.ts';
import { LayerPuller, type PulledLayer } from './layer-puller.ts';
import { withLease } from './lease.ts';
import type { Labels } from './snapshots.ts';

export interface PullOptions {
  readonly connection: Connection;
  readonly snapshotter: string;
  readonly source: ImageSource;
  readonly onProgress?: (progress: PullProgress) => void;
  /** Called as soon as the manifest is known, e.g. to let the daemon fetch all tables of contents meanwhile. */
  readonly onResolved?: (image: ResolvedImage) => void;
  readonly signal?: AbortSignal;
}

/** What happens during a pull, for a person to watch. */
export type PullProgress =
  | { readonly kind: 'resolved'; readonly manifestDigest: Digest; readonly layers: readonly Descriptor[] }
  | { readonly kind: 'downloading'; readonly index: number; readonly bytes: number }
  | { readonly kind: 'layer'; readonly index: number; readonly layer: PulledLayer };

export interface PullResult {
  /** Full name of the image record. */
  readonly name: string;
  /** What the record points to: the index where there is one, else the manifest. */
  readonly target: Descriptor;
  readonly manifestDigest: Digest;
  /** Bottom first. */
  readonly layers: readonly PulledLayer[];
  readonly downloadedBytes: number;
  readonly durationMs: number;
}

/**
 * Pulls an image into containerd. Everything is held by a lease until the image record holds it; when it fails or is aborted,
 * the next garbage collection takes what was stored.
 * @throws RegistryError, VerificationError, LazypullError, UserError; what `signal` was aborted with.
 */
export async function pullLazily(options: PullOptions): Promise<PullResult> {
  const { connection, snapshotter, source, signal } = options;
  const begin = performance.now();
  const name = formatReference(source.reference);
  const resolved = Promise.all([source.resolve(signal), requireSnapshotter(connection, snapshotter, signal)]);
  // Awaited under the lease, which is made meanwhile; until then a failure must not be an unhandled one.
  resolved.catch(() => {});
  const { image, layers } = await withLease(
    connection,
    async (leased) => {
      const [image] = await resolved;
      options.onResolved?.(image);
      const { descriptor, parsed } = image.manifest;
      options.onProgress?.({ kind: 'resolved', manifestDigest: descriptor.digest, layers: parsed.layers });
      const layers = await pullContents({ ...options, connection: leased }, image, name);
      await putImage(leased, { name, target: targetOf(image), labels: {} }, signal);
      return { image, layers };
    },
    signal,
  );
  const downloadedBytes = layers.reduce((sum, layer) => sum + layer.downloadedBytes, 0);
  const manifestDigest = image.manifest.descriptor.digest;
  const durationMs = performance.now() - begin;
  return { name, target: targetOf(image), manifestDigest, layers, downloadedBytes, durationMs };
}

/** What the image record points to. */
function targetOf({ manifest, indexes }: ResolvedImage): Descriptor {
  return indexes[0]?.descriptor ?? manifest.descriptor;
}

async function pullContents(options: PullOptions, image: ResolvedImage, name: string): Promise<PulledLayer[]> {
  const { connection, snapshotter, source } = options;
  const { manifest } = image;
  // Whatever fails first ends everything else.
  const failed = new AbortController();
  const signal = options.signal === undefined ? failed.signal : AbortSignal.any([options.signal, failed.signal]);
  try {
    const config = await bringConfig(connection, source, manifest.parsed.config, signal);
    const diffIds = parseDiffIds(config, manifest.parsed.layers.length);
    const chain = chainIds(diffIds);
    const top = chain.at(-1);
    const configLabels = {
      ...sourceLabels(source.reference),
      ...(top === undefined ? {} : snapshotRefLabels(snapshotter, top)),
    };
    // Side by side: the lease holds all of it until the image record does.
    const [layers] = await Promise.all([
      pullLayers({ ...options, signal }, image, name, diffIds, chain),
      store(connection, 'config', manifest.parsed.config, config, configLabels, signal),
      storeDocuments(connection, source, image, signal),
    ]);
    return layers;
  } catch (error) {
    failed.abort(error);
    throw options.signal?.aborted === true ? options.signal.reason : error;
  }
}

async function pullLayers(
  options: PullOptions & { readonly signal: AbortSignal },
  { manifest }: ResolvedImage,
  name: string,
  diffIds: readonly Digest[],
  chain: readonly Digest[],
): Promise<PulledLayer[]> {
  const { onProgress } = options;
  const puller = new LayerPuller({
    ...options,
    image: { ref: name, manifestDigest: manifest.descriptor.digest, layers: manifest.parsed.layers },
    diffIds,
    chain,
    onBytes: (index, bytes) => onProgress?.({ kind: 'downloading', index, bytes }),
  });
  const layers: PulledLayer[] = [];
  for (const index of manifest.parsed.layers.keys()) {
    const layer = await puller.pull(index);
    onProgress?.({ kind: 'layer', index, layer });
    layers.push(layer);
  }
  return layers;
}

/** The config, from containerd when another tag or platform brought it already. */
async function bringConfig(
  connection: Connection,
  source: ImageSource,
  config: Descriptor,
  signal: AbortSignal,
): Promise<Uint8Array> {
  if ((await lookupContent(connection, config.digest, signal)) !== undefined)
    return readContent(connection, config.digest, MAX_CONFIG_BYTES, signal);
  return source.fetch(config, signal);
}

async function storeDocuments(
  connection: Connection,
  source: ImageSource,
  image: ResolvedImage,
  signal: AbortSignal,
): Promise<void> {
  const { manifest, indexes } = image;
  const from = sourceLabels(source.reference);
  await store(
    connection,
    'manifest',
    manifest.descriptor,
    manifest.bytes,
    { ...from, ...manifestLabels(manifest.parsed) },
    signal,
  );
  // The outermost last, as the image record comes after it: nothing refers to what is not there yet.
  for (const index of indexes.toReversed())
    await store(connection, 'index', index.descriptor, index.bytes, { ...from, ...indexLabels(index.parsed) }, signal);
}

async function store(
  connection: Connection,
  kind: string,
  descriptor: Descriptor,
  bytes: Uint8Array,
  labels: Labels,
  signal: AbortSignal,
): Promise<void> {
  const open = (offset: number): Uint8Array[] => [bytes.subarray(offset)];
  await writeContent(connection, { ref: `${kind}-${descriptor.digest}`, descriptor, labels, open }, signal);
}
