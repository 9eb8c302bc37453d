// From a blob as it comes to the decompressed bytes of its regions, in order: workers decompress batches of regions ahead,
// and what is too large for a batch is decompressed as a stream. Memory is that of a few batches.
import { availableParallelism } from 'node:os';
import { ByteReader } from '../build/byte-reader.ts';
import { decompress } from '../build/decompress.ts';
import { describeError, FormatError } from '../errors.ts';
import { WorkerPool } from '../layer/worker-pool.ts';
import { workerUrl } from '../worker-url.ts';
import type { InflateResult, InflateTask, RegionFailure } from './verify-inflate-batch.ts';
import type { Region } from './verify-regions.ts';

/** Decompresses batches. */
export type InflatePool = WorkerPool<InflateTask, InflateResult>;

/** A region's bytes. Take all of `pieces` before the next one. */
export interface InflatedRegion {
  /** One, or several when members did not begin where they should: then they were decompressed together. */
  readonly regions: readonly Region[];
  readonly pieces: Iterable<Buffer> | AsyncIterable<Buffer>;
  readonly failure: RegionFailure | undefined;
}

/** More workers would wait for the thread that hashes. */
const MAX_WORKERS = 8;
const DEFAULT_WORKERS = Math.min(MAX_WORKERS, availableParallelism());

const MIB = 1024 * 1024;
/** A batch goes to a worker when it has so many bytes. */
const BATCH_BYTES = MIB / 2;
/** Batches of one layer that are on their way. */
const AHEAD = DEFAULT_WORKERS + 2;
/** A region of more bytes is no part of a batch, and so is one that decompresses to more than the limit. */
const MAX_REGION = 16 * MIB;
const PLAIN_LIMIT = 64 * MIB;
/** Regions that are tried together when members do not begin where they should. */
const MAX_JOINED = 64;

/** Workers for any number of layers. The caller closes it. */
export function openInflatePool(workers: number = DEFAULT_WORKERS): InflatePool {
  const url = workerUrl('./verify-worker', import.meta.url);
  return new WorkerPool({ url, name: 'verify', size: workers, idleMs: 1000, maxHeapMb: 512 });
}

interface Done {
  readonly region: Region;
  readonly compressed: Buffer;
  readonly plain: Buffer;
  readonly failure: RegionFailure | undefined;
}

/** Decompresses the regions of a blob. `reader` stands at the first one's start. @throws what `reader` throws. */
export class RegionInflater {
  readonly #pool: InflatePool;
  readonly #reader: ByteReader;
  readonly #compression: 'gzip' | 'zstd';
  /** Batches that are on their way, in order. */
  readonly #batches: { readonly regions: readonly Region[]; readonly result: Promise<InflateResult> }[] = [];

  constructor(pool: InflatePool, reader: ByteReader, compression: 'gzip' | 'zstd') {
    this.#pool = pool;
    this.#reader = reader;
    this.#compression = compression;
  }

  /** What the regions hold, in order. When it is left early, batches that are on their way are waited for. */
  async *inflate(regions: readonly Region[]): AsyncGenerator<InflatedRegion> {
    try {
      yield* joined(this.#regions(regions), (compressed) => this.#inflateOne(compressed));
    } finally {
      await Promise.allSettled(this.#batches.map(({ result }) => result));
    }
  }

  async *#regions(regions: readonly Region[]): AsyncGenerator<Done | InflatedRegion> {
    let batch: Region[] = [];
    let bytes = 0;
    for (const region of regions) {
      const length = region.end - region.start;
      if (length > MAX_REGION) {
        if (batch.length > 0) await this.#start(batch, bytes);
        [batch, bytes] = [[], 0];
        yield* this.#finish(0);
        yield this.#stream(region, this.#part(length));
        continue;
      }
      batch.push(region);
      bytes += length;
      if (bytes < BATCH_BYTES) continue;
      await this.#start(batch, bytes);
      [batch, bytes] = [[], 0];
      yield* this.#finish(AHEAD);
    }
    if (batch.length > 0) await this.#start(batch, bytes);
    yield* this.#finish(0);
  }

  async #start(regions: readonly Region[], length: number): Promise<void> {
    const read = await this.#reader.read(length);
    if (read.length < length) throw cutBlob(this.#reader.offset);
    const bytes = new Uint8Array(read);
    const origin = regions[0]!.start;
    const ends = regions.map(({ end }) => end - origin);
    const task = { bytes, ends, compression: this.#compression, limit: PLAIN_LIMIT };
    const result = this.#pool.run(task, [bytes.buffer], 'demand');
    result.catch(() => undefined);
    this.#batches.push({ regions, result });
  }

  // Hands out batches until no more than `left` are on their way.
  async *#finish(left: number): AsyncGenerator<Done | InflatedRegion> {
    while (this.#batches.length > left) {
      const { regions, result } = this.#batches[0]!;
      const { bytes, plain, plainEnds, failures } = await result;
      this.#batches.shift();
      const origin = regions[0]!.start;
      for (const [index, region] of regions.entries()) {
        const compressed = Buffer.from(bytes.buffer, region.start - origin, region.end - region.start);
        const start = plainEnds[index - 1] ?? 0;
        const failure = failures.get(index);
        if (failure?.kind === 'large') yield this.#stream(region, pieceOf(compressed));
        else yield { region, compressed, plain: Buffer.from(plain.buffer, start, plainEnds[index]! - start), failure };
      }
    }
  }

  async #inflateOne(compressed: Uint8Array<ArrayBuffer>): Promise<Buffer | undefined> {
    const task = { bytes: compressed, ends: [compressed.length], compression: this.#compression, limit: PLAIN_LIMIT };
    const { plain, failures } = await this.#pool.run(task, [compressed.buffer], 'demand');
    return failures.size === 0 ? Buffer.from(plain.buffer) : undefined;
  }

  #stream(region: Region, bytes: AsyncIterable<Uint8Array>): InflatedRegion {
    const outcome: { failure: RegionFailure | undefined } = { failure: undefined };
    const pieces = inflateStream(bytes, this.#compression, outcome);
    return {
      regions: [region],
      pieces,
      get failure() {
        return outcome.failure;
      },
    };
  }

  async *#part(length: number): AsyncGenerator<Buffer> {
    for (let left = length; left > 0;) {
      const piece = await this.#reader.read(Math.min(left, MIB));
      if (piece.length === 0) throw cutBlob(this.#reader.offset);
      left -= piece.length;
      yield piece;
    }
  }
}

// A region whose members do not end with it is put together with the next ones, as long as that makes it whole.
async function* joined(
  regions: AsyncIterable<Done | InflatedRegion>,
  inflate: (compressed: Uint8Array<ArrayBuffer>) => Promise<Buffer | undefined>,
): AsyncGenerator<InflatedRegion> {
  let open: Done[] = [];
  const giveUp = function* (): Generator<InflatedRegion> {
    for (const { region, failure } of open) yield { regions: [region], pieces: [], failure };
    open = [];
  };
  for await (const next of regions) {
    if (!('region' in next)) {
      yield* giveUp();
      yield next;
    } else if (open.length > 0 && next.failure !== undefined && open.length < MAX_JOINED) {
      open.push(next);
      const all = new Uint8Array(Buffer.concat(open.map(({ compressed }) => compressed)));
      const plain = all.length > MAX_REGION ? undefined : await inflate(all);
      if (plain === undefined) continue;
      yield { regions: open.map(({ region }) => region), pieces: [plain], failure: undefined };
      open = [];
    } else {
      yield* giveUp();
      if (next.failure?.kind === 'cut') open.push(next);
      else yield { regions: [next.region], pieces: [next.plain], failure: next.failure };
    }
  }
  yield* giveUp();
}

async function* inflateStream(
  bytes: AsyncIterable<Uint8Array>,
  compression: 'gzip' | 'zstd',
  outcome: { failure: RegionFailure | undefined },
): AsyncGenerator<Buffer> {
  try {
    yield* decompress(new ByteReader(bytes), compression);
  } catch (error) {
    if (!(error instanceof FormatError) || error instanceof CutBlobError) throw error;
    outcome.failure = { kind: 'damaged', detail: describeError(error) };
    // So that the reader stands behind the region.
    for await (const _ of bytes);
  }
}

async function* pieceOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** The blob ends before its descriptor's size. */
export class CutBlobError extends FormatError {}

function cutBlob(offset: number): CutBlobError {
  return new CutBlobError(`the blob ends at ${offset}`, { offset });
}
