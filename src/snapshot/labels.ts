// The labels that tell a snapshotter which layer of which image a snapshot is to be. Two sets are in use: the one of
// the stargz snapshotter's clients (nerdctl, ctr-remote, BuildKit) and the one of containerd's CRI and transfer
// service. BuildKit repeats each label with a `.<id>` suffix for the time of one operation.
import { LAZYPULL_TOC_CHECKSUM } from '../oci/annotations.ts';
import { isDigest, type Digest } from '../oci/digest.ts';
import type { TocPromise } from '../oci/toc-promise.ts';
import type { Labels } from './lazy.ts';

/** Names the committed snapshot that the client would make, by chain id. Its presence asks for a remote snapshot. */
export const REF_LABEL = 'containerd.io/snapshot.ref';
/** On every remote snapshot that we commit; BuildKit tests for its presence. */
export const REMOTE_LABEL = 'containerd.io/snapshot/remote';
export const REMOTE_VALUE = 'remote snapshot';

const PREFIX = 'containerd.io/snapshot';
const IMAGE_REF = [`${PREFIX}/remote/stargz.reference`, `${PREFIX}/cri.image-ref`];
const LAYER_DIGEST = [`${PREFIX}/remote/stargz.digest`, `${PREFIX}/cri.layer-digest`];
const IMAGE_LAYERS = [`${PREFIX}/remote/stargz.layers`, `${PREFIX}/cri.image-layers`];
const MANIFEST_DIGEST = [`${PREFIX}/cri.manifest-digest`];
const TOC_DIGEST = [`${PREFIX}/stargz/toc.digest`];
const PREFETCH = [`${PREFIX}/remote/stargz.prefetch`];
const URLS = [`${PREFIX}/remote/urls`];
// Of our own client: what only the layer's descriptor says, which others do not pass on.
const SIZE = [`${PREFIX}/remote/lazypull.size`];
const TOC_CHECKSUM = [LAZYPULL_TOC_CHECKSUM];
const TOC_TAIL = [`${PREFIX}/remote/lazypull.toc-tail`];

const MAX_REFERENCE = 4096;
const MAX_NEIGHBOURS = 1024;

/** The layer that a set of labels names. Nothing in it is verified: it says where to look, and what to expect. */
export interface LayerSource extends TocPromise {
  /** Image reference as the client wrote it, with tag, digest or both. */
  readonly imageRef: string;
  /** References under which later clients asked for the same layer; they may come with newer credentials. */
  readonly otherRefs: readonly string[];
  readonly layerDigest: Digest;
  readonly manifestDigest: Digest | undefined;
  /** Other layers of the same image, as far as a label of 4096 bytes can hold them. */
  readonly neighbours: readonly Digest[];
  /** Size of the blob in bytes: a hint of our own clients. */
  readonly size: number | undefined;
  /** How many last bytes of the blob hold footer and TOC: another one. */
  readonly tocTail: number | undefined;
  /** Bytes at the start of the blob that the client wants prefetched. */
  readonly prefetchSize: number | undefined;
  /** Other places of the blob, from the descriptor. */
  readonly urls: readonly string[];
}

/** @returns undefined when the labels name no layer or no image, in a form that can be used. */
export function parseLayerSource(labels: Labels): LayerSource | undefined {
  const refs = values(labels, IMAGE_REF).filter((ref) => ref.length <= MAX_REFERENCE);
  const [imageRef, ...otherRefs] = new Set(refs);
  const layerDigest = digest(labels, LAYER_DIGEST);
  if (imageRef === undefined || layerDigest === undefined) return undefined;
  return {
    imageRef,
    otherRefs,
    layerDigest,
    tocDigest: digest(labels, TOC_DIGEST),
    tocChecksum: digest(labels, TOC_CHECKSUM),
    manifestDigest: digest(labels, MANIFEST_DIGEST),
    neighbours: neighbours(labels, layerDigest),
    size: bytes(labels, SIZE),
    tocTail: bytes(labels, TOC_TAIL),
    prefetchSize: bytes(labels, PREFETCH),
    urls: list(labels, URLS).filter((url) => /^https?:\/\//.test(url)),
  };
}

/** Values of the labels in `keys`, most trusted first: as they are, then with a suffix. Empty ones say nothing. */
function values(labels: Labels, keys: readonly string[]): string[] {
  const plain = keys.map((key) => (Object.hasOwn(labels, key) ? labels[key] : undefined));
  const suffixed = Object.entries(labels)
    .filter(([name]) => keys.some((key) => name.startsWith(`${key}.`)))
    .map(([, value]) => value);
  return [...plain, ...suffixed].filter((value): value is string => value !== undefined && value !== '');
}

function list(labels: Labels, keys: readonly string[]): string[] {
  return (values(labels, keys)[0] ?? '').split(',').filter((item) => item !== '');
}

function digest(labels: Labels, keys: readonly string[]): Digest | undefined {
  const first = values(labels, keys)[0];
  return first !== undefined && isDigest(first) ? first : undefined;
}

function bytes(labels: Labels, keys: readonly string[]): number | undefined {
  const first = values(labels, keys)[0];
  return first !== undefined && /^[0-9]{1,15}$/.test(first) ? Number(first) : undefined;
}

/** The client cuts the list at the label's size limit, so its last digest may be half a digest: it is dropped. */
function neighbours(labels: Labels, self: Digest): Digest[] {
  const all = list(labels, IMAGE_LAYERS).filter((item) => isDigest(item));
  return [...new Set(all)].filter((item) => item !== self).slice(0, MAX_NEIGHBOURS);
}

/** Labels as they are stored: an empty value is no label. Safe for any key, `__proto__` too. */
export function normalizeLabels(labels: Labels): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== ''));
}

/** Whether a field path of an Update is one that containerd lets change. */
export function isLabelPath(path: string): boolean {
  return path === 'labels' || path.startsWith('labels.');
}

/**
 * The labels after an Update. No path replaces them all, as `labels` does; `labels.<key>` sets one, or deletes it
 * when `update` has no value or an empty one for it.
 */
export function updateLabels(current: Labels, update: Labels, paths: readonly string[]): Labels {
  let result = new Map(Object.entries(paths.length === 0 ? update : current));
  for (const path of paths) {
    if (path === 'labels') result = new Map(Object.entries(update));
    else {
      const key = path.slice('labels.'.length);
      result.set(key, Object.hasOwn(update, key) ? (update[key] ?? '') : '');
    }
  }
  return normalizeLabels(Object.fromEntries(result));
}
