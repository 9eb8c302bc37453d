// Checks the body of `POST /v1/warm`. The socket belongs to root, but what a manifest said came from a registry.
import { LazypullError } from '../errors.ts';
import { isDigest, type Digest } from '../oci/digest.ts';
import type { ImageManifest } from '../oci/manifest.ts';
import { hasPromise, tocPromiseOf, tocTailOf } from '../oci/toc-promise.ts';
import type { WarmLayer, WarmRequest } from './status.ts';

/** No image has more layers than overlayfs can stack by far; a longer list is a mistake or an attack. */
const MAX_LAYERS = 500;

/** The layers of an image that promise a table of contents; the others will not be mounted. */
export function warmRequestOf(reference: string, { layers }: ImageManifest): WarmRequest {
  const promising = layers.flatMap((layer): WarmLayer[] => {
    const promise = tocPromiseOf(layer);
    const { digest, size } = layer;
    return hasPromise(promise) ? [{ digest, size, ...promise, tocTail: tocTailOf(layer) }] : [];
  });
  return { reference, layers: promising };
}

/** @throws LazypullError INVALID_ARGUMENT that names the wrong field. */
export function parseWarmRequest(body: unknown): WarmRequest {
  if (!isObject(body)) throw invalid('the body is not a JSON object');
  const { reference, layers } = body;
  if (typeof reference !== 'string' || reference === '' || reference.length > 1024) throw invalid('reference');
  if (!Array.isArray(layers) || layers.length > MAX_LAYERS) throw invalid(`layers: a list of at most ${MAX_LAYERS}`);
  return { reference, layers: layers.map((layer: unknown, index) => parseLayer(layer, `layers[${index}]`)) };
}

function parseLayer(layer: unknown, where: string): WarmLayer {
  if (!isObject(layer)) throw invalid(where);
  const digestAt = (key: string): Digest | undefined => {
    const value = layer[key];
    if (value === undefined || (typeof value === 'string' && isDigest(value))) return value;
    throw invalid(`${where}.${key}`);
  };
  const bytesAt = (key: string): number | undefined => {
    const value = layer[key];
    if (value === undefined || (Number.isSafeInteger(value) && (value as number) >= 0)) return value as number;
    throw invalid(`${where}.${key}`);
  };
  const digest = digestAt('digest');
  const size = bytesAt('size');
  if (digest === undefined) throw invalid(`${where}.digest`);
  if (size === undefined) throw invalid(`${where}.size`);
  const promise = { tocDigest: digestAt('tocDigest'), tocChecksum: digestAt('tocChecksum') };
  return { digest, size, ...promise, tocTail: bytesAt('tocTail') };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(what: string): LazypullError {
  return new LazypullError('INVALID_ARGUMENT', `warm request: ${what}`);
}
