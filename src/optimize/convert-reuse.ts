// Whether a layer is as wanted already. What its annotations promise is checked in the blob: footer, table of contents and
// its digest, which are a few ranges; that it would be mounted; and with a profile, the order of its files.
import type { LayerEntry, LayerOrder, LazyFormat } from '../build/model.ts';
import { orderEntries } from '../build/order.ts';
import { cleanPath } from '../build/paths.ts';
import { LazypullError, type ErrorCode } from '../errors.ts';
import { decodeToc } from '../estargz/decode-toc.ts';
import { NO_PREFETCH_LANDMARK, parseToc, PREFETCH_LANDMARK } from '../estargz/parse-toc.ts';
import { fetchToc } from '../estargz/toc-bytes.ts';
import type { ImageSource } from '../image/model.ts';
import { CONTAINERS_MANIFEST_CHECKSUM, TOC_DIGEST } from '../oci/annotations.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import { parseDigest } from '../oci/digest.ts';
import { parseJson, requireArray, requireObject } from '../oci/json.ts';
import { whyNotLazy } from './inspect-lazy.ts';

const MAX_ENTRIES = 20_000_000;
const BROKEN: ReadonlySet<ErrorCode> = new Set(['FORMAT', 'VERIFICATION', 'UNSUPPORTED']);

/**
 * The JSON of a layer's table of contents, when the layer has the wanted format with the TOC inside; undefined when it has
 * not, whatever is wrong with it: then it is written anew.
 * @throws RegistryError and others when the source can't be read.
 */
export async function readWantedToc(
  layer: Descriptor,
  wanted: LazyFormat,
  source: ImageSource,
  signal?: AbortSignal,
): Promise<Uint8Array | undefined> {
  const isContainers = wanted === 'zstd:chunked-containers';
  const promised = layer.annotations?.[isContainers ? CONTAINERS_MANIFEST_CHECKSUM : TOC_DIGEST];
  if (promised === undefined) return undefined;
  try {
    const { footer, compressedToc } = await fetchToc(source.open(layer), {}, signal);
    if (footer.format !== wanted) return undefined;
    const digest = parseDigest(promised);
    const { tocJson } = decodeToc(compressedToc, {
      compression: wanted === 'estargz' ? 'gzip' : 'zstd',
      size: footer.tocSize,
      ...(isContainers ? { checksum: digest } : { expected: digest }),
    });
    // Of chunks without digests, for one, nothing is served.
    const toc = parseToc(tocJson, { payloadEnd: footer.payloadEnd, format: wanted });
    return whyNotLazy(toc) === undefined ? tocJson : undefined;
  } catch (error) {
    if (error instanceof LazypullError && BROKEN.has(error.code)) return undefined;
    throw error;
  }
}

/** Whether the blob with this table of contents begins as an order wants it: the same files before the same landmark. */
export function hasOrder(toc: Uint8Array, entries: readonly LayerEntry[], order: LayerOrder): boolean {
  const { landmark, entries: planned } = orderEntries(entries, order);
  const wanted = planned.slice(0, landmark?.index).map(({ path }) => path);
  const front = frontOf(toc);
  if (front === undefined || front.landmark !== landmark?.name) return false;
  return front.paths.length === wanted.length && wanted.every((path, index) => path === front.paths[index]);
}

function frontOf(toc: Uint8Array): { readonly paths: readonly string[]; readonly landmark: string } | undefined {
  const paths: string[] = [];
  const { entries } = requireObject(parseJson(toc, 'TOC'), 'TOC');
  for (const value of requireArray(entries, 'TOC.entries', MAX_ENTRIES)) {
    const { name, type } = requireObject(value, 'TOC.entries');
    if (type === 'chunk') continue;
    const path = cleanPath(String(name));
    if (path === PREFETCH_LANDMARK || path === NO_PREFETCH_LANDMARK) return { paths, landmark: path };
    paths.push(path);
  }
  return undefined;
}
