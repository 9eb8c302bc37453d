// From a layer's tar to a lazily pullable blob. The main thread cuts the stream into batches, workers read and compress
// them, and the main thread appends the results in order: so it knows every offset for the TOC, and takes the digests.
// The blob is the same for any number of workers (see batches.ts).
import { availableParallelism } from 'node:os';
import { LazypullError } from '../errors.ts';
import type { Logger } from '../log.ts';
import { silentLogger } from '../log.ts';
import { CompressPool } from './compress-pool.ts';
import type { LayerTar, WriteOptions, WrittenLayer } from './model.ts';
import { writeBlob } from './write-blob.ts';

export interface LayerWriterOptions {
  /** Compress workers; one for each processor unless told. */
  readonly workers?: number;
  readonly log?: Logger;
}

/** Writes layers, several at a time when it is asked to, with one set of workers. Disposing it ends them. */
export class LayerWriter implements AsyncDisposable {
  readonly #pool: CompressPool;
  readonly #log: Logger;

  constructor(options: LayerWriterOptions = {}) {
    this.#pool = new CompressPool(options.workers ?? availableParallelism());
    this.#log = options.log ?? silentLogger;
  }

  /**
   * Writes one layer to a new file at `target.path`. When it fails or is aborted, the file is gone, and `tar` may be
   * disposed: nothing uses it any more. `onProgress` gets the decompressed bytes that are done.
   * @throws LazypullError INVALID_ARGUMENT for options that contradict each other or are out of range.
   * @throws FormatError when the tar has what the format can't hold, or ends too early.
   * @throws VerificationError when the tar is not what was imported.
   * @throws an error of node:fs when the file can't be written.
   */
  async write(
    tar: LayerTar,
    options: WriteOptions,
    target: { readonly path: string },
    signal?: AbortSignal,
    onProgress?: (bytes: number) => void,
  ): Promise<WrittenLayer> {
    checkOptions(options);
    signal?.throwIfAborted();
    const started = performance.now();
    const written = await writeBlob({ pool: this.#pool, tar, options, path: target.path, signal, onProgress });
    this.#log.debug('wrote a layer', {
      digest: written.descriptor.digest,
      format: options.format,
      bytes: written.descriptor.size,
      tarBytes: tar.size,
      ms: Math.round(performance.now() - started),
    });
    return written;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool.close();
  }
}

const MAX_CHUNK_SIZE = 1024 ** 3;
const MAX_MIN_CHUNK_SIZE = 16 * 1024 ** 2;

function checkOptions({ format, level, chunkSize, minChunkSize, externalToc, lossless, order }: WriteOptions): void {
  const isGzip = format === 'estargz';
  requireInteger('level', level, isGzip ? 0 : 1, isGzip ? 9 : 22);
  requireInteger('chunkSize', chunkSize, 1, MAX_CHUNK_SIZE);
  requireInteger('minChunkSize', minChunkSize, 0, MAX_MIN_CHUNK_SIZE);
  if (!isGzip && minChunkSize > 0) refuse(`minChunkSize is for estargz, not for ${format}`);
  if (!isGzip && externalToc) refuse(`externalToc is for estargz, not for ${format}`);
  // Inside the blob the TOC of an estargz is a file of the tar.
  if (isGzip && lossless && !externalToc) refuse('a lossless estargz has an external TOC');
  if (lossless && order !== undefined) refuse('a lossless blob keeps the order of its tar');
}

function requireInteger(name: string, value: number, min: number, max: number): void {
  if (!Number.isInteger(value) || value < min || value > max) refuse(`${name}: got ${value}, wanted ${min} to ${max}`);
}

function refuse(message: string): never {
  throw new LazypullError('INVALID_ARGUMENT', message);
}
