// The compress workers of a conversion, and the memory that they may use: shared by all layers that are written at once.
import { ByteBudget } from '../layer/budget.ts';
import { WorkerPool } from '../layer/worker-pool.ts';
import { workerUrl } from '../worker-url.ts';
import type { Batch } from './batches.ts';
import { USUAL_BUFFER } from './compress-batch.ts';
import type { BatchBuffers, CompressResult, CompressTask } from './compress-batch.ts';
import type { MemberOptions } from './compress-member.ts';
import type { MemberTask } from './compress-worker.ts';

/** Buffers for each worker: one in work, one waiting for its turn in the file. */
const BUFFERS_PER_WORKER = 2;

/** One compressed batch. Its bytes are only there until `release`, which must be called once. */
export interface CompressedBatch extends CompressResult {
  release(): void;
}

/** Workers that compress batches and single members. `close` waits for running tasks. */
export class CompressPool {
  readonly #pool: WorkerPool<CompressTask | MemberTask, CompressResult | Uint8Array>;
  readonly #budget: ByteBudget;
  readonly #spare: BatchBuffers[] = [];

  constructor(workers: number) {
    this.#pool = new WorkerPool({
      url: workerUrl('./compress-worker', import.meta.url),
      name: 'compress',
      size: workers,
      idleMs: 10_000,
      maxHeapMb: 256,
      youngHeapMb: 8,
    });
    this.#budget = new ByteBudget(workers * BUFFERS_PER_WORKER * USUAL_BUFFER);
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
    const giveBack = await this.#budget.take(Math.max(USUAL_BUFFER, batch.size));
    // Entries stay here: workers need no more than bytes and places.
    const { size, copies, literals, members, chunks, ownMembers } = batch;
    const buffers = batch.size > USUAL_BUFFER ? undefined : this.#spare.pop();
    const task: CompressTask = { batch: { size, copies, literals, members, chunks, ownMembers }, fd, options, buffers };
    const transfer = buffers === undefined ? [] : [buffers.plain, buffers.compressed];
    return { done: this.#finish(this.#pool.run(task, transfer, 'demand'), giveBack) };
  }

  /** Compresses what the parts are together as one member. The parts may be moved to the worker: they are lost. */
  async compress(parts: readonly Buffer[], options: MemberOptions): Promise<Uint8Array> {
    // Small buffers share their memory with others, which would move with them.
    const own = parts.map((part) => (part.length === part.buffer.byteLength ? ownBytes(part) : new Uint8Array(part)));
    const transfer = own.map(({ buffer }) => buffer);
    return (await this.#pool.run({ parts: own, options }, transfer, 'demand')) as Uint8Array;
  }

  async close(): Promise<void> {
    await this.#pool.close();
    this.#spare.length = 0;
  }

  async #finish(running: Promise<CompressResult | Uint8Array>, giveBack: () => void): Promise<CompressedBatch> {
    try {
      const result = (await running) as CompressResult;
      const release = (): void => {
        const buffers = { plain: result.plain.buffer, compressed: result.compressed.buffer };
        // Those of an unusual batch are not kept. There are never more than the budget has room for.
        if (buffers.plain.byteLength === USUAL_BUFFER) this.#spare.push(buffers);
        giveBack();
      };
      return { ...result, release };
    } catch (error) {
      giveBack();
      throw error;
    }
  }
}

function ownBytes(part: Buffer): Uint8Array<ArrayBuffer> {
  return new Uint8Array(part.buffer as ArrayBuffer);
}
