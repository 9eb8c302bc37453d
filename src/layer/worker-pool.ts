// A few workers that do one task each at a time, demand before speculation. Workers are started when there is
// work and ended when they idle, so that their memory goes back.
import { Worker } from 'node:worker_threads';
import type { Transferable } from 'node:worker_threads';
import { LazypullError } from '../errors.ts';
import { decodeError } from './error-codec.ts';
import type { ErrorRecord } from './error-codec.ts';

/** Demand has a reader waiting; speculation has none yet. */
export type Priority = 'demand' | 'speculation';

/** What a worker posts for each task. */
export type WorkerAnswer<Result> = { readonly result: Result } | { readonly error: ErrorRecord };

interface Job<Task, Result> {
  readonly task: Task;
  readonly transfer: Transferable[];
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
  /** How long its worker may idle after it. */
  readonly idleMs: number;
}

interface Seat<Task, Result> {
  readonly worker: Worker;
  job: Job<Task, Result> | undefined;
  idleTimer: NodeJS.Timeout | undefined;
}

export interface PoolOptions {
  readonly url: URL;
  /** For messages and thread names. */
  readonly name: string;
  readonly size: number;
  readonly idleMs: number;
  /** The same for workers that have rehearsed and not worked yet; `idleMs` unless told. */
  readonly rehearsedIdleMs?: number;
  /** Heap limit of a worker; a hostile input ends its worker, not the process. */
  readonly maxHeapMb: number;
  /** Heap for new objects; V8's own default, up to 64 MiB and more, unless told. */
  readonly youngHeapMb?: number;
}

/** Workers of one kind. `close` waits for running tasks; queued ones are rejected. */
export class WorkerPool<Task, Result> {
  readonly #options: PoolOptions;
  readonly #seats = new Set<Seat<Task, Result>>();
  readonly #queues: Record<Priority, Job<Task, Result>[]> = { demand: [], speculation: [] };
  #closed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** Number of live workers. */
  get size(): number {
    return this.#seats.size;
  }

  /**
   * Runs one task. `transfer` moves with it.
   * @throws what the worker threw; LazypullError ABORTED when the pool is closed; UNAVAILABLE when the worker died.
   */
  run(task: Task, transfer: Transferable[], priority: Priority): Promise<Result> {
    return this.#enqueue(task, transfer, priority, this.#options.idleMs);
  }

  /** Starts a worker when there is none, so that the first task does not wait for it. */
  warm(): void {
    if (this.#seats.size === 0 && !this.#closed) this.#rest(this.#start());
  }

  /** Starts all workers that there may be, and gives `task` to each. Failures show when there is real work. */
  async rehearse(task: Task): Promise<void> {
    const { size, idleMs, rehearsedIdleMs = idleMs } = this.#options;
    const runs = Array.from({ length: size - this.#seats.size }, () =>
      this.#enqueue(task, [], 'speculation', rehearsedIdleMs),
    );
    await Promise.allSettled(runs);
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const queue of Object.values(this.#queues)) {
      for (const job of queue.splice(0)) job.reject(this.#closedError());
    }
    await Promise.all([...this.#seats].map((seat) => this.#end(seat)));
  }

  #enqueue(task: Task, transfer: Transferable[], priority: Priority, idleMs: number): Promise<Result> {
    if (this.#closed) return Promise.reject(this.#closedError());
    return new Promise((resolve, reject) => {
      this.#queues[priority].push({ task, transfer, resolve, reject, idleMs });
      this.#dispatch();
    });
  }

  #dispatch(): void {
    for (;;) {
      const queue = this.#queues.demand.length > 0 ? this.#queues.demand : this.#queues.speculation;
      if (queue.length === 0) return;
      const seat = [...this.#seats].find(({ job }) => job === undefined) ?? this.#startIfRoom();
      if (seat === undefined) return;
      const job = queue.shift()!;
      clearTimeout(seat.idleTimer);
      seat.job = job;
      seat.worker.ref();
      seat.worker.postMessage(job.task, job.transfer);
    }
  }

  #startIfRoom(): Seat<Task, Result> | undefined {
    return this.#seats.size < this.#options.size ? this.#start() : undefined;
  }

  #start(): Seat<Task, Result> {
    const { url, name, maxHeapMb, youngHeapMb } = this.#options;
    const young = youngHeapMb === undefined ? {} : { maxYoungGenerationSizeMb: youngHeapMb };
    const worker = new Worker(url, { name, resourceLimits: { maxOldGenerationSizeMb: maxHeapMb, ...young } });
    const seat: Seat<Task, Result> = { worker, job: undefined, idleTimer: undefined };
    this.#seats.add(seat);
    worker.on('message', (answer: WorkerAnswer<Result>) => this.#answer(seat, answer));
    worker.on('error', (error) => this.#lose(seat, error));
    worker.on('exit', (code) => this.#lose(seat, new Error(`exit code ${code}`)));
    return seat;
  }

  #answer(seat: Seat<Task, Result>, answer: WorkerAnswer<Result>): void {
    const { job } = seat;
    this.#rest(seat, job?.idleMs);
    if ('error' in answer) job?.reject(decodeError(answer.error));
    else job?.resolve(answer.result);
    this.#dispatch();
  }

  #rest(seat: Seat<Task, Result>, idleMs: number = this.#options.idleMs): void {
    seat.job = undefined;
    seat.worker.unref();
    seat.idleTimer = setTimeout(() => void this.#end(seat), idleMs).unref();
  }

  // Ends a worker between tasks; a busy one (on close) ends after its task, so that no pwrite goes to a closed descriptor.
  async #end(seat: Seat<Task, Result>): Promise<void> {
    clearTimeout(seat.idleTimer);
    const { job } = seat;
    if (job !== undefined) await new Promise<void>((resolve) => onSettled(seat.worker, resolve));
    this.#seats.delete(seat);
    await seat.worker.terminate();
  }

  #lose(seat: Seat<Task, Result>, cause: unknown): void {
    const { job } = seat;
    seat.job = undefined;
    clearTimeout(seat.idleTimer);
    if (!this.#seats.delete(seat) && job === undefined) return;
    job?.reject(new LazypullError('UNAVAILABLE', `a ${this.#options.name} worker died`, { cause }));
    this.#dispatch();
  }

  #closedError(): LazypullError {
    return new LazypullError('ABORTED', `the ${this.#options.name} workers were closed`);
  }
}

function onSettled(worker: Worker, done: () => void): void {
  worker.once('message', done);
  worker.once('exit', done);
}
