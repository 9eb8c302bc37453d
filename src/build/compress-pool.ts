// The compress workers of a conversion, and the memory that they may use: shared by all layers that are written at once.
import { ByteBudget } from '../layer/budget.ts';
import { WorkerPool } from '../layer/worker-pool.ts';
import { workerUrl } from '../worker-url.ts';
import type { Batch } from './batches.ts';
import type { BatchBuffers, CompressResult, CompressTask } from './compress-batch.ts';
import type { MemberOptions } from './compress-member.ts';
import type { MemberTask } from './compress-worker.ts';

const MIB = 1024 * 1024;
/** Decompressed bytes of batches for each worker: one in work, one waiting for its turn in the file. */
const BYTES_PER_WORKER = 8 * MIB;

/** One compressed batch. Its buffers are only valid until `release`, which must be called once. */
export interface CompressedBatch extends Omit<CompressResult, 'buffers'> {
  readonly plain: Uint8Array;
  readonly compressed: Uint8Array;
  release(): void;
}

/** Workers that compress batches and single members. `close` waits for running tasks. */
export class CompressPool {
  readonly #pool: WorkerPool<CompressTask | MemberTask, CompressResult | Uint8Array>;
  readonly #budget: ByteBudget;
  readonly #spare: BatchBuffers[] = [];
  readonly #maxSpare: number;

  constructor(workers: number) {
    this.#pool = new WorkerPool({
      url: workerUrl('./compress-worker', import.meta.url),
      name: 'compress',
      size: workers,
      idleMs: 10_000,
      maxHeapMb: 256,
      youngHeapMb: 8,
    });
    this.#budget = new ByteBudget(workers * BYTES_PER_WORKER);
    this.#maxSpare = 2 * workers;
  }

  /**
   * Waits until there is memory for the batch, then starts to compress it.
   * @returns the result's promise: whoever calls must wait for it before the tar is closed, and release what it gives.
   */
  async start(
    batch: Batch,
    fd: number,
    options: CompressTask['options'],
  ): Promise<{ readonly done: Promise<CompressedBatch> }> {
    const giveBack = await this.#budget.take(batch.size);
    // Entries stay here: workers need no more than bytes and places.
    const { size, copies, literals, members, chunks, ownMembers } = batch;
    const buffers = this.#spare.pop();
    const task: CompressTask = { batch: { size, copies, literals, members, chunks, ownMembers }, fd, options, buffers };
    const transfer = buffers === undefined ? [] : [buffers.plain, buffers.compressed];
    return { done: this.#finish(this.#pool.run(task, transfer, 'demand'), giveBack) };
  }

  /** Compresses one member. */
  async compress(plain: Uint8Array, options: MemberOptions): Promise<Uint8Array> {
    // A copy, because small buffers share their memory with others, which would move to the worker, too.
    const copy = new Uint8Array(plain);
    return (await this.#pool.run({ plain: copy, options }, [copy.buffer], 'demand')) as Uint8Array;
  }

  async close(): Promise<void> {
    await this.#pool.close();
    this.#spare.length = 0;
  }

  async #finish(running: Promise<CompressResult | Uint8Array>, giveBack: () => void): Promise<CompressedBatch> {
    try {
      const { buffers, ...result } = (await running) as CompressResult;
      return {
        ...result,
        plain: new Uint8Array(buffers.plain, 0, result.plainSize),
        compressed: new Uint8Array(buffers.compressed, 0, result.compressedSize),
        release: () => {
          // Those of an unusual batch are not kept.
          const isUsual = buffers.plain.byteLength + buffers.compressed.byteLength <= 2 * BYTES_PER_WORKER;
          if (isUsual && this.#spare.length < this.#maxSpare) this.#spare.push(buffers);
          giveBack();
        },
      };
    } catch (error) {
      giveBack();
      throw error;
    }
  }
}
