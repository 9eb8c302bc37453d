// The FUSE protocol spoken by worker threads on an inherited descriptor of /dev/fuse. The main thread keeps the
// table of files, tells the workers of changes, and answers what they could not.
import { writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { LazypullError } from '../errors.ts';
import type { Logger } from '../log.ts';
import { workerUrl } from '../worker-url.ts';
import { FaultResponder } from './fault-responder.ts';
import { FileTable } from './file-table.ts';
import type { ImageFile } from './image-file.ts';
import { encodeInvalidateName, encodeResend } from './reply.ts';
import type { FuseStats, FuseTransport, TransportOptions } from './transport.ts';
import {
  COUNTERS,
  Counter,
  type FaultMessage,
  GENERATION,
  type ToWorker,
  WORKER_STEP,
  type WorkerSetup,
} from './wire-messages.ts';

/** How long `close` waits for workers that see the end of the mount. */
const CLOSE_MS = 1000;

/** How to serve a connection that is already mounted and settled (session.ts). */
export interface WireOptions extends TransportOptions {
  /** Descriptor of /dev/fuse. Stays open; whoever mounted owns it. */
  readonly fd: number;
  /** Threads that wait for requests. Default 2. */
  readonly workers?: number | undefined;
  /** Whether another process served this connection before and the kernel can send its unanswered requests again. */
  readonly resend: boolean;
  readonly log: Logger;
  /** Called once when the filesystem was unmounted or the connection aborted, unless `close` was called before. */
  readonly onEnd?: () => void;
}

/** Prepares to serve `options.fd`; nothing is served before `start()`. */
export async function startWireTransport(options: WireOptions): Promise<FuseTransport> {
  return new WireTransport(options);
}

class WireTransport implements FuseTransport {
  readonly kind = 'wire';
  readonly mountpoint: string;
  readonly #options: WireOptions;
  readonly #files = new FileTable();
  readonly #responder: FaultResponder;
  readonly #control: Int32Array;
  readonly #counters: Float64Array;
  readonly #workers: Worker[] = [];
  #ended: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: WireOptions) {
    const count = options.workers ?? 2;
    this.#options = options;
    this.mountpoint = options.mountpoint;
    this.#responder = new FaultResponder({ fuseFd: options.fd, onFault: options.onFault, log: options.log });
    this.#control = new Int32Array(new SharedArrayBuffer((WORKER_STEP + count) * Int32Array.BYTES_PER_ELEMENT));
    this.#counters = new Float64Array(new SharedArrayBuffer(count * COUNTERS * Float64Array.BYTES_PER_ELEMENT));
  }

  async start(): Promise<void> {
    if (this.#workers.length > 0) throw new LazypullError('FAILED_PRECONDITION', 'the FUSE transport runs already');
    // Before any worker reads: RESEND repeats everything that was read and not answered, by whomever.
    if (this.#options.resend) writeSync(this.#options.fd, encodeResend());
    const count = this.#options.workers ?? 2;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#ended = promise;
    let alive = count;
    const onExit = (): void => {
      if (--alive > 0) return;
      resolve();
      if (!this.#closed) this.#options.onEnd?.();
    };
    for (let index = 0; index < count; index++) this.#workers.push(this.#startWorker(index, onExit));
  }

  async add(file: ImageFile): Promise<void> {
    this.#files.add(file);
    this.#tell({ type: 'add', file });
  }

  async remove(nodeId: number): Promise<void> {
    const file = this.#files.remove(nodeId);
    if (file === undefined) return;
    this.#tell({ type: 'remove', nodeId });
    await Promise.all(this.#workers.map((_, index) => this.#leaves(index)));
    await this.#responder.settled(nodeId);
    this.#forgetName(file.name);
  }

  stats(): FuseStats {
    const sum = (counter: number): number => {
      let total = 0;
      for (let row = 0; row < this.#counters.length; row += COUNTERS) total += this.#counters[row + counter] as number;
      return total;
    };
    return {
      reads: sum(Counter.READS),
      bytes: sum(Counter.BYTES) + this.#responder.bytes,
      faults: sum(Counter.FAULTS),
      faultBytes: sum(Counter.FAULT_BYTES),
      errors: sum(Counter.ERRORS) + this.#responder.errors,
      pending: this.#responder.pending,
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    const limit = new AbortController();
    const late = sleep(CLOSE_MS, undefined, { signal: limit.signal }).catch(() => {});
    await Promise.race([this.#ended, late]);
    limit.abort();
    for (const worker of this.#workers) worker.unref();
  }

  #startWorker(index: number, onExit: () => void): Worker {
    const workerData: WorkerSetup = {
      fuseFd: this.#options.fd,
      index,
      files: this.#files.all(),
      control: this.#control,
      counters: this.#counters,
    };
    const worker = new Worker(workerUrl('./wire-worker', import.meta.url), {
      name: `fuse-${index}`,
      workerData,
      resourceLimits: { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 2 },
    });
    worker.on('message', (fault: FaultMessage) => this.#responder.handle(fault, this.#files.lookup(fault.nodeId)));
    worker.once('exit', onExit);
    // An error in a worker is a bug. It ends this process, by `uncaughtException`, and the next one begins afresh.
    return worker;
  }

  #tell(message: ToWorker): void {
    for (const worker of this.#workers) worker.postMessage(message, []);
    Atomics.add(this.#control, GENERATION, 1);
  }

  /** Resolves when worker `index` is no longer in a request that it began before now. A blocked one is in none. */
  async #leaves(index: number): Promise<void> {
    const step = Atomics.load(this.#control, WORKER_STEP + index);
    if (step % 2 === 0) return;
    while (Atomics.load(this.#control, WORKER_STEP + index) === step) await sleep(1);
  }

  /** The kernel keeps names for ever; without this a later file of the same name would be taken for the old one. */
  #forgetName(name: string): void {
    if (this.#closed) return;
    this.#responder.notify(encodeInvalidateName(name));
  }
}
