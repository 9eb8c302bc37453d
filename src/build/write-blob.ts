// One blob: its payload batch by batch, then what its format has at the end.
import { createHash } from 'node:crypto';
import { VerificationError } from '../errors.ts';
import type { Digest } from '../oci/digest.ts';
import { BatchAppender } from './append-batch.ts';
import { BlobFile } from './blob-file.ts';
import { batchRules, cutBatches } from './batches.ts';
import type { Batch } from './batches.ts';
import type { CompressedBatch, CompressPool } from './compress-pool.ts';
import { requireKnownTar, withKnownTypes } from './containers-entries.ts';
import { dialectOf } from './dialects.ts';
import type { Dialect } from './dialects.ts';
import { landmarkEntry, losslessStream, orderedStream } from './layer-stream.ts';
import type { Piece } from './layer-stream.ts';
import type { LayerTar, WriteOptions, WrittenLayer } from './model.ts';
import { orderEntries } from './order.ts';

/** What a blob is made of and where it goes. */
export interface BlobJob {
  readonly pool: CompressPool;
  readonly tar: LayerTar;
  readonly options: WriteOptions;
  readonly path: string;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: ((bytes: number) => void) | undefined;
}

/** @throws as LayerWriter.write does. Nothing of the job runs any more when the promise is settled. */
export async function writeBlob(job: BlobJob): Promise<WrittenLayer> {
  const { options, tar, pool } = job;
  const { pieces, missed } = streamOf(tar, options);
  const dialect = dialectOf(options);
  await using blob = await BlobFile.create(job.path);
  const plain = new PlainStream();
  await writePayload(job, pieces, dialect, blob, plain);
  if (options.lossless) plain.requireSame(tar);
  const ending = await dialect.finish(pool, blob.size, (bytes) => plain.update(bytes));
  for (const bytes of ending.bytes) await blob.append(bytes);
  job.signal?.throwIfAborted();
  const { digest, size } = await blob.finish();
  const { diffId, size: uncompressedSize } = plain.finish();
  return {
    path: job.path,
    descriptor: { mediaType: dialect.mediaType, digest, size, annotations: ending.annotations(uncompressedSize) },
    diffId,
    uncompressedSize,
    tocDigest: ending.tocDigest,
    format: options.format,
    externalToc: ending.externalToc(digest),
    missed,
  };
}

// The stream, and the paths of the order that are not in it.
function streamOf(tar: LayerTar, options: WriteOptions): { pieces: Iterable<Piece>; missed: readonly string[] } {
  const { format, lossless, chunkSize } = options;
  const isContainers = format === 'zstd:chunked-containers';
  if (lossless) {
    if (isContainers) requireKnownTar(tar);
    return { pieces: losslessStream(tar, chunkSize), missed: [] };
  }
  const { entries, landmark, missed } = orderEntries(tar.entries, options.order);
  const known = isContainers ? withKnownTypes(entries) : entries;
  const all = landmark === undefined ? known : known.toSpliced(landmark.index, 0, landmarkEntry(landmark.name));
  return { pieces: orderedStream(all, chunkSize), missed };
}

// Starts batches as long as there is memory, and appends each when all before it are there.
async function writePayload(
  job: BlobJob,
  pieces: Iterable<Piece>,
  dialect: Dialect,
  blob: BlobFile,
  plain: PlainStream,
): Promise<void> {
  const { pool, tar, signal } = job;
  const { level, minChunkSize } = job.options;
  const options = { compression: dialect.compression, level, minChunkSize };
  const appender = new BatchAppender(blob, dialect);
  const failed = new AbortController();
  let appended = Promise.resolve();
  const append = async (before: Promise<void>, batch: Batch, done: Promise<CompressedBatch>): Promise<void> => {
    // Both must be settled before the tar may be closed, whatever happens.
    const [earlier, result] = await Promise.allSettled([before, done]);
    try {
      if (earlier.status === 'rejected') throw earlier.reason;
      if (result.status === 'rejected') throw result.reason;
      signal?.throwIfAborted();
      await appender.append(batch, result.value);
      plain.update(result.value.plain);
      job.onProgress?.(plain.size);
    } catch (error) {
      failed.abort();
      throw error;
    } finally {
      if (result.status === 'fulfilled') result.value.release();
    }
  };
  try {
    for (const batch of cutBatches(pieces, batchRules(minChunkSize, dialect.closesChunks))) {
      if (failed.signal.aborted || signal?.aborted === true) break;
      const { done } = await pool.start(batch, tar.fd, options);
      appended = append(appended, batch, done);
      appended.catch(() => {});
    }
  } finally {
    await appended;
  }
  signal?.throwIfAborted();
}

/** The decompressed blob, as it goes by. */
class PlainStream {
  size = 0;
  readonly #hash = createHash('sha256');

  update(bytes: Uint8Array): void {
    this.#hash.update(bytes);
    this.size += bytes.length;
  }

  /** @throws VerificationError when what came so far is not the tar. */
  requireSame(tar: LayerTar): void {
    const digest: Digest = `sha256:${this.#hash.copy().digest('hex')}`;
    if (digest !== tar.diffId) throw new VerificationError('the lossless blob', tar.diffId, digest);
  }

  finish(): { readonly diffId: Digest; readonly size: number } {
    return { diffId: `sha256:${this.#hash.digest('hex')}`, size: this.size };
  }
}
