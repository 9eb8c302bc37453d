// The pool of hot workers, in which each kind of work has its own task and its own result.
import { workerUrl } from '../worker-url.ts';
import type { HotResult, HotTask, HotWork } from './hot-worker.ts';
import { WorkerPool } from './worker-pool.ts';

const IDLE_MS = 2000;
/** A worker holds a chunk, a table of contents, and a table of chunks outside of its heap. */
const HEAP_MB = 256;

/** Workers for the hot packs of one store. `await using`, or `close`. */
export class HotWorkers implements AsyncDisposable {
  /** How many there may be. */
  readonly size: number;
  readonly #pool: WorkerPool<HotTask, HotResult>;

  constructor(size: number) {
    this.size = size;
    const url = workerUrl('./hot-worker', import.meta.url);
    this.#pool = new WorkerPool({ url, name: 'hot', size, idleMs: IDLE_MS, maxHeapMb: HEAP_MB });
  }

  /** Does one piece of work. @throws what it throws; LazypullError ABORTED after `close`. */
  async run<Kind extends keyof HotWork>(kind: Kind, task: HotWork[Kind]['task']): Promise<HotWork[Kind]['result']> {
    // The pool takes and gives any kind. Which result belongs to which task is said in HotWork alone.
    return await this.#pool.run({ kind, task } as HotTask, [], 'demand');
  }

  /** Does `work` for all items, as many at once as there are workers, in order. @throws the first that `work` throws. */
  async forEach<Item>(items: readonly Item[], work: (item: Item, index: number) => Promise<void>): Promise<void> {
    const left = items.entries();
    const lane = async (): Promise<void> => {
      for (const [index, item] of left) await work(item, index);
    };
    await Promise.all(Array.from({ length: this.size }, lane));
  }

  async close(): Promise<void> {
    await this.#pool.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
