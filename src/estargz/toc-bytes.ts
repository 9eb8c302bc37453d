// First step of a lazy mount: brings the compressed TOC of a layer from its registry. The footer is at the end
// and the TOC right before it, so one read of the tail brings both, nearly always. An external TOC comes from whoever
// knows where it lies.
import { FormatError } from '../errors.ts';
import type { RemoteBlob } from '../registry/blob.ts';
import { UnsupportedLayerError } from './errors.ts';
import { LONGEST_FOOTER, parseFooter } from './footer.ts';
import type { Footer } from './footer.ts';
import { MAX_COMPRESSED_TOC_BYTES } from './limits.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

export interface FetchTocOptions {
  /** How many last bytes to read first; from the blob's size unless told. */
  readonly tailLength?: number;
  /** Largest compressed TOC that is read; 64 MiB unless told. */
  readonly maxCompressedSize?: number;
}

/** Brings the compressed TOC of a layer whose footer says that it is a blob of its own. */
export type FetchExternalToc = (signal?: AbortSignal) => Promise<Uint8Array>;

export interface TocBytes {
  readonly footer: Footer;
  /** The gzip members or zstd frames of the TOC, without the footer. May be a view of `tail.bytes`. */
  readonly compressedToc: Uint8Array;
  readonly blobSize: number;
  /** What the first read brought: the blob's bytes from `start` to its end. */
  readonly tail: { readonly start: number; readonly bytes: Uint8Array };
}

/**
 * Reads footer and TOC: one request when the TOC lies in the tail, else one more for what is missing (several at
 * once when that is much). Nothing is decompressed or verified here. Aborting cancels the requests.
 * @throws NotEstargzError, FormatError as parseFooter does; RegistryError as the blob does; what `options.external` throws,
 * UnsupportedLayerError when the TOC is external and there is no `external`.
 */
export async function fetchToc(
  blob: RemoteBlob,
  options: FetchTocOptions & { readonly external?: FetchExternalToc | undefined } = {},
  signal?: AbortSignal,
): Promise<TocBytes> {
  const length = Math.max(LONGEST_FOOTER, options.tailLength ?? tailLengthFor(blob.size));
  const { bytes, blobSize } = await blob.readTail(length, signal);
  if (bytes.length > blobSize || bytes.length < Math.min(LONGEST_FOOTER, blobSize)) {
    throw new FormatError(`got ${bytes.length} last bytes of a blob of ${blobSize}, wanted ${length}`);
  }
  const tail = { start: blobSize - bytes.length, bytes };
  const footer = parseFooter(bytes, blobSize);
  const maxSize = options.maxCompressedSize ?? MAX_COMPRESSED_TOC_BYTES;
  requireAtMost(footer.tocEnd - footer.tocOffset, maxSize);
  const compressedToc =
    footer.format === 'external-toc'
      ? await fetchExternal(options.external, signal)
      : await readToc(blob, footer, tail, signal);
  requireAtMost(compressedToc.length, maxSize);
  return { footer, compressedToc, blobSize, tail };
}

function requireAtMost(size: number, maxSize: number): void {
  if (size > maxSize) throw new FormatError(`compressed TOC of ${size} bytes, wanted ${maxSize} at most`);
}

async function fetchExternal(fetch: FetchExternalToc | undefined, signal?: AbortSignal): Promise<Uint8Array> {
  if (fetch !== undefined) return fetch(signal);
  throw new UnsupportedLayerError('external TOC', 'its TOC is a blob of its own, and nobody says where that is');
}

async function readToc(
  blob: RemoteBlob,
  { tocOffset, tocEnd }: Footer,
  { start, bytes }: TocBytes['tail'],
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const inTail = bytes.subarray(Math.max(0, tocOffset - start), Math.max(0, tocEnd - start));
  const before = tocOffset < start ? await readParts(blob, tocOffset, Math.min(start, tocEnd), signal) : [];
  return before.length === 0 ? inTail : Buffer.concat([...before, inTail]);
}

/** A TOC is near one percent of its layer. A suffix of unknown use is kept small enough to cost little time. */
function tailLengthFor(blobSize: number | undefined): number {
  if (blobSize === undefined) return 256 * KIB;
  return Math.min(Math.max(Math.ceil(blobSize / 100), 64 * KIB), MIB);
}

/** A new connection sends little in its first round trips, so several are faster for what is larger than this. */
function partCount(length: number): number {
  return Math.min(4, Math.ceil(length / (512 * KIB)));
}

async function readParts(blob: RemoteBlob, start: number, end: number, signal?: AbortSignal): Promise<Uint8Array[]> {
  const partLength = Math.ceil((end - start) / partCount(end - start));
  const starts: number[] = [];
  for (let at = start; at < end; at += partLength) starts.push(at);
  // One part that fails makes the others useless.
  const failed = new AbortController();
  const either = signal === undefined ? failed.signal : AbortSignal.any([signal, failed.signal]);
  try {
    return await Promise.all(starts.map((at) => blob.readRange(at, Math.min(at + partLength, end), either)));
  } finally {
    failed.abort();
  }
}
