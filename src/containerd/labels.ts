// The labels of a pull: on content, so that containerd's garbage collector follows from the image to its parts, and on
// snapshots, so that a remote snapshotter knows which layer to mount. The names are containerd's and stargz-snapshotter's.
import { LAZYPULL_TOC_CHECKSUM } from '../oci/annotations.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import type { Digest } from '../oci/digest.ts';
import type { ImageIndex, ImageManifest } from '../oci/manifest.ts';
import { isIndexType, isManifestType } from '../oci/media-types.ts';
import type { ImageReference } from '../oci/reference.ts';
import { hasPromise, tocPromiseOf, tocTailOf } from '../oci/toc-promise.ts';
import type { Labels } from './snapshots.ts';

/** containerd refuses a label whose key and value are longer together. */
const MAX_LABEL_BYTES = 4096;
/** Our own: bytes of the compressed layer, so that the daemon needs no request to learn them. */
const SIZE_LABEL = 'containerd.io/snapshot/remote/lazypull.size';
/** Our own: how many last bytes of the layer hold its table of contents. */
const TAIL_LABEL = 'containerd.io/snapshot/remote/lazypull.toc-tail';
/** On a snapshot: the chain id that it is prepared for. */
const TARGET_LABEL = 'containerd.io/snapshot.ref';
const INHERITED = 'containerd.io/snapshot/';

/** On every content: which repository has it, so that a later push can mount it from there. */
export function sourceLabels(reference: ImageReference): Labels {
  return { [`containerd.io/distribution.source.${reference.registry}`]: reference.repository };
}

/** From a manifest to its config and layers. Layers that are not in the content store do no harm. */
export function manifestLabels(manifest: ImageManifest): Labels {
  const labels: Record<string, string> = { 'containerd.io/gc.ref.content.config': manifest.config.digest };
  for (const [index, layer] of manifest.layers.entries())
    labels[`containerd.io/gc.ref.content.l.${index}`] = layer.digest;
  return labels;
}

/** From an index to its manifests. */
export function indexLabels(index: ImageIndex): Labels {
  const labels: Record<string, string> = {};
  for (const [at, entry] of index.manifests.entries()) {
    const kind = isManifestType(entry.mediaType) || isIndexType(entry.mediaType) ? 'm.' : '';
    labels[`containerd.io/gc.ref.content.${kind}${at}`] = entry.digest;
  }
  return labels;
}

/** From a config to the top snapshot. */
export function snapshotRefLabels(snapshotter: string, topChainId: Digest): Labels {
  return { [`containerd.io/gc.ref.snapshot.${snapshotter}`]: topChainId };
}

/** What Prepare is called with for the layer at `index`: everything that lets a snapshotter mount it instead of us unpacking it. */
export function prepareLabels(image: {
  readonly ref: string;
  readonly manifestDigest: Digest;
  readonly layers: readonly Descriptor[];
  readonly index: number;
  readonly chainId: Digest;
}): Labels {
  const { ref, manifestDigest, layers, index, chainId } = image;
  const layer = layers[index];
  if (layer === undefined) throw new RangeError(`layer ${index} of ${layers.length}`);
  const inherited = Object.entries(layer.annotations ?? {}).filter(([key]) => key.startsWith(INHERITED));
  const fromHere = layers.slice(index).map(({ digest }) => digest);
  const labels: [string, string][] = [
    // Annotations first: what follows is ours to say, not the manifest's.
    ...inherited,
    [TARGET_LABEL, chainId],
    ['containerd.io/snapshot/remote/stargz.reference', ref],
    ['containerd.io/snapshot/remote/stargz.digest', layer.digest],
    ['containerd.io/snapshot/cri.image-ref', ref],
    ['containerd.io/snapshot/cri.layer-digest', layer.digest],
    ['containerd.io/snapshot/cri.manifest-digest', manifestDigest],
    [SIZE_LABEL, String(layer.size)],
    ...tocLabels(layer),
    ...['containerd.io/snapshot/remote/stargz.layers', 'containerd.io/snapshot/cri.image-layers'].map(
      (key): [string, string] => [key, joinWithin(fromHere, MAX_LABEL_BYTES - key.length)],
    ),
  ];
  return Object.fromEntries(labels.filter(([key, value]) => Buffer.byteLength(key + value) <= MAX_LABEL_BYTES));
}

/** Whether the manifest vouches for a table of contents of this layer: without one it can't be mounted lazily. */
export function promisesToc(layer: Descriptor): boolean {
  return hasPromise(tocPromiseOf(layer));
}

// The TOC digest is among the inherited annotations; these are not, or not under keys that are inherited.
function tocLabels(layer: Descriptor): [string, string][] {
  const { tocChecksum } = tocPromiseOf(layer);
  const tail = tocTailOf(layer);
  return [
    ...(tocChecksum === undefined ? [] : [[LAZYPULL_TOC_CHECKSUM, tocChecksum] satisfies [string, string]]),
    ...(tail === undefined ? [] : [[TAIL_LABEL, String(tail)] satisfies [string, string]]),
  ];
}

/** As many digests as fit, never a part of one. */
function joinWithin(digests: readonly string[], maxBytes: number): string {
  let joined = '';
  for (const digest of digests) {
    const longer = joined === '' ? digest : `${joined},${digest}`;
    if (longer.length > maxBytes) break;
    joined = longer;
  }
  return joined;
}
