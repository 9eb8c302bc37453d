// One layer, without downloading it: its last bytes, which have footer and table of contents where there is one; of other
// layers a few bytes at either end.
import { sniffCompression } from '../build/decompress.ts';
import { ByteReader } from '../build/byte-reader.ts';
import { describeError, FormatError, LazypullError, VerificationError } from '../errors.ts';
import { NotEstargzError } from '../estargz/errors.ts';
import { LONGEST_FOOTER } from '../estargz/footer.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import { layerCompression } from '../oci/media-types.ts';
import { hasPromise, tocPromiseOf, tocTailOf } from '../oci/toc-promise.ts';
import type { RemoteBlob } from '../registry/blob.ts';
import { layerContents, prefetchBytes } from './inspect-contents.ts';
import { lazypullVerdict, stargzSnapshotterVerdict, type LazyFacts } from './inspect-lazy.ts';
import type { InspectedLayer, StoredFormat } from './inspect-model.ts';
import { fetchLayerToc, readLayerToc, type FetchedToc, type LayerToc, type OpenTocImage } from './inspect-toc.ts';

/** A layer and what manifest and config say of it. */
export interface LayerToInspect {
  /** 1 is the bottom. */
  readonly number: number;
  readonly descriptor: Descriptor;
  readonly blob: RemoteBlob;
  /** The media type of the manifest. */
  readonly manifestType: string;
  readonly diffId: string | undefined;
  readonly command: string | undefined;
}

/** A layer, and its table of contents when it has one that can be read. */
export interface LayerWithToc {
  readonly layer: InspectedLayer;
  readonly toc: LayerToc | undefined;
}

/** A layer that promises no table of contents rarely has one: as much is read as tells that, and little more. */
const SMALL_TAIL = Math.max(LONGEST_FOOTER, 512);
const MAGIC_SIZE = 4;
const MAX_TAIL_HINT = 8 * 1024 * 1024;

type Problem = { readonly problem: string };

/**
 * Looks at a layer. What is wrong with it is told, not thrown.
 * @throws RegistryError and what else says that the image can't be reached; what `signal` is aborted with.
 */
export async function inspectLayer(
  layer: LayerToInspect,
  openTocImage: OpenTocImage | undefined,
  signal?: AbortSignal,
): Promise<LayerWithToc> {
  const { descriptor, manifestType } = layer;
  const annotations = descriptor.annotations ?? {};
  const { format, toc } = await readStored(layer, openTocImage, signal);
  const facts: LazyFacts = { format, manifestType, annotations, toc };
  const lazypull = lazypullVerdict(facts);
  const read = toc === undefined || 'problem' in toc ? undefined : toc;
  return {
    toc: read,
    layer: {
      number: layer.number,
      digest: descriptor.digest,
      mediaType: descriptor.mediaType,
      size: descriptor.size,
      annotations,
      diffId: layer.diffId ?? null,
      command: layer.command ?? null,
      format,
      lazypull,
      stargzSnapshotter: stargzSnapshotterVerdict(facts),
      startBytes: lazypull.lazy && read !== undefined ? startBytes(read) : descriptor.size,
      contents: read === undefined ? null : layerContents(read),
      problems: problemsOf(layer, format, toc),
    },
  };
}

/** Footer, table of contents and prefetch range. */
function startBytes(toc: LayerToc): number {
  const { footer, compressedToc, blobSize } = toc;
  const external = footer.format === 'external-toc' ? compressedToc.length : 0;
  return Math.min(blobSize, prefetchBytes(toc)) + blobSize - footer.payloadEnd + external;
}

interface Stored {
  readonly format: StoredFormat;
  readonly toc: LayerToc | Problem | undefined;
}

async function readStored(
  { descriptor, blob }: LayerToInspect,
  openTocImage: OpenTocImage | undefined,
  signal: AbortSignal | undefined,
): Promise<Stored> {
  if (layerCompression(descriptor.mediaType) === undefined) return { format: 'other', toc: undefined };
  let fetched: FetchedToc;
  let format: StoredFormat = 'unreadable';
  const openImage: OpenTocImage | undefined =
    openTocImage &&
    ((abort) => {
      // Asked for only by this footer.
      format = 'external-toc';
      return openTocImage(abort);
    });
  try {
    fetched = await fetchLayerToc(blob, { tailLength: tailLength(descriptor), openTocImage: openImage }, signal);
  } catch (error) {
    if (error instanceof NotEstargzError) return { format: await sniff(blob, signal), toc: undefined };
    return { format: kindOf(error) ?? format, toc: problem(error) };
  }
  ({ format } = fetched.footer);
  try {
    return { format, toc: readLayerToc(fetched) };
  } catch (error) {
    return { format, toc: problem(error) };
  }
}

function tailLength(descriptor: Descriptor): number | undefined {
  if (!hasPromise(tocPromiseOf(descriptor))) return SMALL_TAIL;
  // A manifest may say anything.
  const hint = tocTailOf(descriptor);
  return hint === undefined ? undefined : Math.min(hint, MAX_TAIL_HINT);
}

async function sniff(blob: RemoteBlob, signal: AbortSignal | undefined): Promise<StoredFormat> {
  const end = Math.min(MAGIC_SIZE, blob.size ?? MAGIC_SIZE);
  const head = end === 0 ? new Uint8Array() : await blob.readRange(0, end, signal);
  const compression = await sniffCompression(
    new ByteReader(
      (async function* () {
        yield head;
      })(),
    ),
  );
  return compression === 'none' ? 'tar' : compression;
}

// Errors that are about the layer's bytes. Others, e.g. of a registry that is not there, are about all of the image.
function problem(error: unknown): Problem {
  const isOfLayer =
    error instanceof FormatError ||
    error instanceof VerificationError ||
    (error instanceof LazypullError && (error.code === 'UNSUPPORTED' || error.code === 'NOT_FOUND'));
  if (!isOfLayer) throw error;
  return { problem: describeError(error) };
}

function kindOf(error: unknown): StoredFormat | undefined {
  return error instanceof LazypullError && error.code === 'UNSUPPORTED' ? 'external-toc' : undefined;
}

function problemsOf({ descriptor }: LayerToInspect, format: StoredFormat, toc: Stored['toc']): string[] {
  const problems: string[] = [];
  if (toc !== undefined && 'problem' in toc) problems.push(toc.problem);
  const said = layerCompression(descriptor.mediaType);
  const is = compressionOf(format);
  if (is !== undefined && said !== undefined && said !== is) {
    problems.push(
      `the media type ${descriptor.mediaType} does not fit: the blob is ${is === 'none' ? 'not compressed' : is}`,
    );
  }
  return problems;
}

function compressionOf(format: StoredFormat): 'none' | 'gzip' | 'zstd' | undefined {
  if (format === 'other' || format === 'unreadable') return undefined;
  if (format === 'tar') return 'none';
  return format.startsWith('zstd') ? 'zstd' : 'gzip';
}
