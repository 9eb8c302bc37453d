// Checks the body of `POST /v1/warm`. The socket belongs to root, but what a manifest said came from a registry.
import { LazypullError } from '../errors.ts';
import { TOC_DIGEST } from '../oci/annotations.ts';
import { isDigest } from '../oci/digest.ts';
import type { ImageManifest } from '../oci/manifest.ts';
import type { WarmRequest } from './status.ts';

/** No image has more layers than overlayfs can stack by far; a longer list is a mistake or an attack. */
const MAX_LAYERS = 500;

/** The layers of an image that promise a table of contents; the others will not be mounted. */
export function warmRequestOf(reference: string, { layers }: ImageManifest): WarmRequest {
  const promising = layers.flatMap(({ digest, size, annotations }) => {
    const tocDigest = annotations?.[TOC_DIGEST];
    return tocDigest !== undefined && isDigest(tocDigest) ? [{ digest, size, tocDigest }] : [];
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

function parseLayer(layer: unknown, where: string): WarmRequest['layers'][number] {
  if (!isObject(layer)) throw invalid(where);
  const { digest, size, tocDigest } = layer;
  if (typeof digest !== 'string' || !isDigest(digest)) throw invalid(`${where}.digest`);
  if (!Number.isSafeInteger(size) || (size as number) < 0) throw invalid(`${where}.size`);
  if (tocDigest === undefined) return { digest, size: size as number };
  if (typeof tocDigest !== 'string' || !isDigest(tocDigest)) throw invalid(`${where}.tocDigest`);
  return { digest, size: size as number, tocDigest };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(what: string): LazypullError {
  return new LazypullError('INVALID_ARGUMENT', `warm request: ${what}`);
}
