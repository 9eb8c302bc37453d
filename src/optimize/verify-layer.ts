// One layer's blob, downloaded once and compared with everything that it says of itself: its footer, its table of contents,
// the tar in it. What manifest and config say of it comes later (verify-descriptor.ts), so that one blob of several images
// is downloaded once.
import { createHash } from 'node:crypto';
import { ByteReader } from '../build/byte-reader.ts';
import { sniffCompression } from '../build/decompress.ts';
import { describeError, FormatError, LazypullError, RegistryError } from '../errors.ts';
import { NotEstargzError } from '../estargz/errors.ts';
import type { Footer } from '../estargz/footer.ts';
import type { ZstdSpan } from '../estargz/zstd-footer.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import type { Digest } from '../oci/digest.ts';
import { tocTailOf } from '../oci/toc-promise.ts';
import type { RemoteBlob } from '../registry/blob.ts';
import type { StoredFormat } from './inspect-model.ts';
import { fetchLayerToc, readLayerToc, type FetchedToc, type LayerToc, type OpenTocImage } from './inspect-toc.ts';
import { Findings } from './verify-findings.ts';
import { CutBlobError, type InflatePool } from './verify-inflate.ts';
import type { LayerCounts } from './verify-model.ts';
import { checkPayload, type PayloadFacts } from './verify-payload.ts';
import { promisedTarSplit, tarSplitOf } from './verify-tar-split.ts';

/** What is known of a blob after it was read. */
export interface BlobFacts {
  readonly format: StoredFormat;
  readonly diffId: Digest | undefined;
  readonly uncompressedSize: number | undefined;
  /** Undefined for ordinary layers. */
  readonly footer: Footer | undefined;
  readonly tarSplit: ZstdSpan | undefined;
  /** Of the TOC's JSON, and of the compressed TOC; undefined when there is none that can be read. */
  readonly tocDigest: Digest | undefined;
  readonly tocChecksum: Digest | undefined;
  readonly counts: LayerCounts;
  readonly findings: Findings;
  readonly durationMs: number;
}

export interface VerifyBlobOptions {
  readonly pool: InflatePool;
  readonly openTocImage: OpenTocImage | undefined;
  /** Whether it is a container layer at all: of other blobs only size and digest are compared. */
  readonly isLayer: boolean;
  /** Bytes of the blob so far. */
  readonly onProgress?: ((bytes: number) => void) | undefined;
}

const MAX_TAIL_HINT = 8 * 1024 * 1024;

/**
 * Checks a blob. What is wrong with it is found, not thrown.
 * @throws what says that the blob can't be reached; what `signal` is aborted with.
 */
export async function verifyBlob(
  descriptor: Descriptor,
  blob: RemoteBlob,
  options: VerifyBlobOptions,
  signal?: AbortSignal,
): Promise<BlobFacts> {
  const begin = performance.now();
  const findings = new Findings();
  const { fetched, toc } = options.isLayer
    ? await readToc(descriptor, blob, findings, options.openTocImage, signal)
    : {};
  const stream = new CountedStream(blob, descriptor, options.onProgress, fetched, signal);
  const read = await readBlob(stream, { fetched, toc, options, findings, size: descriptor.size }, signal);
  return {
    ...read,
    footer: fetched?.footer,
    tarSplit: fetched === undefined ? undefined : tarSplitOf(fetched),
    tocDigest: toc?.digest,
    tocChecksum: toc?.checksum,
    findings,
    durationMs: performance.now() - begin,
  };
}

interface ReadJob {
  readonly fetched: FetchedToc | undefined;
  readonly toc: LayerToc | undefined;
  readonly options: VerifyBlobOptions;
  readonly findings: Findings;
  readonly size: number;
}

async function readBlob(
  stream: CountedStream,
  { fetched, toc, options, findings, size }: ReadJob,
  signal: AbortSignal | undefined,
): Promise<Pick<BlobFacts, 'format' | 'diffId' | 'uncompressedSize' | 'counts'>> {
  const reader = new ByteReader(stream.pieces());
  let format: StoredFormat = options.isLayer ? (fetched?.footer.format ?? 'unreadable') : 'other';
  let payload: PayloadFacts | undefined;
  try {
    if (options.isLayer && fetched === undefined) {
      const compression = await sniffCompression(reader);
      format = compression === 'none' ? 'tar' : compression;
    }
    if (options.isLayer)
      payload = await checkPayload({ reader, format, toc, size, pool: options.pool, findings }, signal);
    for await (const _ of reader.rest());
    stream.compare(findings, toc);
  } catch (error) {
    signal?.throwIfAborted();
    // What kept us from the footer was the same.
    if (fetched === undefined) findings.list.length = 0;
    addReadError(findings, error);
  } finally {
    await reader.close();
  }
  const { diffId, size: uncompressedSize, counts = NOTHING_COUNTED } = payload ?? {};
  return { format, diffId, uncompressedSize, counts };
}

const NOTHING_COUNTED: LayerCounts = { entries: 0, chunks: 0, members: 0 };

async function readToc(
  descriptor: Descriptor,
  blob: RemoteBlob,
  findings: Findings,
  openTocImage: OpenTocImage | undefined,
  signal: AbortSignal | undefined,
): Promise<{ fetched?: FetchedToc; toc?: LayerToc }> {
  const hint = tocTailOf(descriptor);
  const tailLength = hint === undefined ? undefined : Math.min(hint, MAX_TAIL_HINT);
  let fetched: FetchedToc | undefined;
  try {
    fetched = await fetchLayerToc(blob, { tailLength, openTocImage }, signal);
    return { fetched, toc: readLayerToc(fetched) };
  } catch (error) {
    signal?.throwIfAborted();
    // An ordinary layer.
    if (error instanceof NotEstargzError) return {};
    if (error instanceof FormatError)
      findings.add(fetched === undefined ? 'footer' : 'toc', describeError(error), offsetOf(error));
    // What is wrong with reading the blob shows when all of it is read.
    else if (error instanceof LazypullError && isMissingToc(error)) findings.add('toc', describeError(error));
    else if (!isOfBlob(error)) throw error;
    return fetched === undefined ? {} : { fetched };
  }
}

function isMissingToc({ code }: LazypullError): boolean {
  return code === 'NOT_FOUND' || code === 'UNSUPPORTED';
}

function offsetOf({ offset }: FormatError): { readonly offset: number | null } {
  return { offset: offset ?? null };
}

/** @throws what is not about the blob but about reaching it. */
function addReadError(findings: Findings, error: unknown): void {
  if (!isOfBlob(error)) throw error;
  const offset = error instanceof CutBlobError ? error.offset : undefined;
  findings.add('blob', describeError(error), { offset: offset ?? null });
}

function isOfBlob(error: unknown): boolean {
  return (
    error instanceof FormatError ||
    (error instanceof LazypullError && error.code === 'NOT_FOUND') ||
    // Another size than the descriptor's is neither a status nor worth another try.
    (error instanceof RegistryError && !error.retryable && (error.status === undefined || error.status === 404))
  );
}

/** A part of the blob that is hashed by itself. */
class HashedRange {
  readonly start: number;
  readonly end: number;
  readonly #hash = createHash('sha256');

  constructor(start: number, end: number) {
    this.start = start;
    this.end = end;
  }

  update(piece: Uint8Array, offset: number): void {
    const from = Math.max(0, this.start - offset);
    const to = Math.min(piece.length, this.end - offset);
    if (from < to) this.#hash.update(piece.subarray(from, to));
  }

  digest(): string {
    return `sha256:${this.#hash.digest('hex')}`;
  }
}

/** The bytes of a blob as they come, counted and hashed; those of the TOC and of the tar-split also by themselves. */
class CountedStream {
  readonly #blob: RemoteBlob;
  readonly #descriptor: Descriptor;
  readonly #onProgress: ((bytes: number) => void) | undefined;
  readonly #signal: AbortSignal | undefined;
  readonly #all: HashedRange;
  readonly #toc: HashedRange;
  readonly #tarSplit: HashedRange | undefined;
  #offset = 0;

  constructor(
    blob: RemoteBlob,
    descriptor: Descriptor,
    onProgress: ((bytes: number) => void) | undefined,
    fetched: FetchedToc | undefined,
    signal: AbortSignal | undefined,
  ) {
    this.#blob = blob;
    this.#descriptor = descriptor;
    this.#onProgress = onProgress;
    this.#signal = signal;
    this.#all = new HashedRange(0, descriptor.size);
    this.#toc = new HashedRange(fetched?.footer.tocOffset ?? 0, fetched?.footer.tocEnd ?? 0);
    const split = fetched === undefined ? undefined : tarSplitOf(fetched);
    this.#tarSplit = split && new HashedRange(split.offset, split.offset + split.compressedSize);
  }

  async *pieces(): AsyncGenerator<Uint8Array> {
    const { size } = this.#descriptor;
    if (size === 0) return;
    for await (const piece of this.#blob.streamRange(0, size, this.#signal)) {
      this.#signal?.throwIfAborted();
      for (const range of [this.#all, this.#toc, this.#tarSplit]) range?.update(piece, this.#offset);
      this.#offset += piece.length;
      this.#onProgress?.(this.#offset);
      yield piece;
    }
  }

  /** Adds what differs, when all pieces were taken. */
  compare(findings: Findings, toc: LayerToc | undefined): void {
    const { digest, size } = this.#descriptor;
    findings.compare('blob', 'size', String(size), String(this.#offset));
    findings.compare('blob', 'digest', digest, this.#all.digest());
    if (toc === undefined) return;
    const { start, end } = this.#toc;
    // A lazy reader trusts the promised digest, but this says that the place gives different bytes at different times.
    if (start < end) {
      const again = this.#toc.digest();
      findings.compare('toc', 'the table of contents, read a second time', toc.checksum, again, { offset: start });
    }
    const promised = promisedTarSplit(toc.json);
    if (this.#tarSplit === undefined || promised === undefined) return;
    findings.compare('toc', 'the tar-split', promised, this.#tarSplit.digest(), { offset: this.#tarSplit.start });
  }
}
