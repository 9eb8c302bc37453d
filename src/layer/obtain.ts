// How a layer's folder comes to be: read from disk when it can be trusted there, else built from the table of
// contents in its blob, under a temporary name, and renamed when whole.
import { randomUUID } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { FormatError, LazypullError, VerificationError } from '../errors.ts';
import { fetchToc } from '../estargz/toc-bytes.ts';
import type { FetchExternalToc, FetchTocOptions, TocBytes } from '../estargz/toc-bytes.ts';
import type { TocPromise } from '../oci/toc-promise.ts';
import type { BuildResult } from './build-layer.ts';
import { removeLayerDir, TEMPORARY_PREFIX } from './eviction.ts';
import { loadLayerDir } from './layer-files.ts';
import type { LoadedLayer } from './layer-files.ts';
import { initialBitmap } from './presence.ts';
import { checkPromise } from './promise.ts';
import type { LayerRecord, OpaqueXattr } from './record.ts';
import type { StoreContext } from './store-context.ts';
import type { OpenLayerRequest } from './store-options.ts';
import { footerBytesOf } from './toc-file.ts';

/** No table of contents is larger, so no tail has to be. */
const MAX_TAIL_HINT = 8 * 1024 * 1024;

/** Where and how layers are made. */
export interface Workshop {
  readonly context: StoreContext;
  readonly layersDir: string;
  readonly opaqueXattr: OpaqueXattr;
  readonly toc: FetchTocOptions | undefined;
}

/**
 * The layer in `dir`; undefined when it has to be built: it is not there, not to be trusted, or was made from another
 * table of contents than the one promised now (a manifest that lied before must not keep a later one from its layer).
 * @throws VerificationError for another table of contents when there is no blob; UnverifiableLayerError.
 */
export async function loadLayer(
  { context, opaqueXattr }: Workshop,
  request: OpenLayerRequest,
  dir: string,
): Promise<LoadedLayer | undefined> {
  try {
    const loaded = await loadLayerDir(dir, request.digest, context.bootId);
    if (loaded.record.opaqueXattr !== opaqueXattr) return undefined;
    checkPromise(loaded.record, request);
    requireSize(loaded.record, request.blob?.size);
    return loaded;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    const again = error instanceof FormatError || (error instanceof VerificationError && request.blob !== undefined);
    if (!again) throw error;
    context.log.warn('a cached layer is not used', { layer: request.digest, error });
    return undefined;
  }
}

// The promise says nothing of the blob's size: one that a pack made up would fail every read of what is missing.
function requireSize({ digest, blobSize }: LayerRecord, wanted: number | undefined): void {
  if (wanted === undefined || wanted === blobSize) return;
  throw new FormatError(`layer ${digest}: made for a blob of ${blobSize} bytes, it has ${wanted}`);
}

/** Makes the layer in `dir` from its blob or from a hot pack, in place of what is there. @throws as LayerStore.openLayer does. */
export async function makeLayer(
  { context, layersDir, opaqueXattr, toc }: Workshop,
  request: OpenLayerRequest,
  dir: string,
  signal: AbortSignal,
): Promise<LoadedLayer> {
  const { digest, allowUnverified = false, blob, packed } = request;
  if (blob === undefined && packed === undefined)
    throw new LazypullError('NOT_FOUND', `layer ${digest} is not on disk`);
  const { buildPool, buildTurns, chunkPool, bootId } = context;
  buildPool.warm();
  chunkPool.warm();
  const temporary = join(layersDir, `${TEMPORARY_PREFIX}build-${randomUUID()}`);
  const promise: TocPromise = { tocDigest: request.tocDigest, tocChecksum: request.tocChecksum };
  const facts = { dir: temporary, digest, promise, allowUnverified, opaqueXattr, bootId };
  const build = ({ footer, blobSize, compressedToc, tail }: TocBytes): Promise<BuildResult> => {
    // Copies of their own, since they may be views of the whole tail, and move to the worker.
    const moved = { compressedToc: new Uint8Array(compressedToc), footerBytes: new Uint8Array(footerBytesOf(tail)) };
    const isAnonymous = packed === undefined ? blob?.isAnonymous : packed.isAnonymous;
    const known = isAnonymous === undefined ? {} : { isAnonymous };
    const transfer = [moved.compressedToc.buffer, moved.footerBytes.buffer];
    return buildPool.run({ ...facts, ...known, footer, blobSize, ...moved }, transfer, 'demand');
  };
  const fetch = async (): Promise<TocBytes> => packed?.toc ?? fetchToc(blob!, tocOptions(request, toc), signal);
  try {
    const { record, chunks } = await buildTurns.run(packed?.toc.blobSize ?? blob?.size, fetch, build);
    signal.throwIfAborted();
    await removeLayerDir(layersDir, dir);
    await rename(temporary, dir);
    return { record, chunks, bitmap: initialBitmap(chunks.table) };
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw error;
  }
}

function tocOptions(
  { externalToc, tailLength }: OpenLayerRequest,
  options: FetchTocOptions = {},
): FetchTocOptions & { external: FetchExternalToc | undefined } {
  // A manifest may say anything.
  const hint = Math.min(tailLength ?? 0, MAX_TAIL_HINT);
  return { ...(hint > 0 ? { tailLength: hint } : {}), ...options, external: externalToc };
}
