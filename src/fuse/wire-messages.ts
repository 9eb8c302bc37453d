// What the main thread and the FUSE workers say to each other, and the memory that they share.
import type { ImageFile } from './image-file.ts';

/** Main thread to worker. Read before every request, so a table is never older than the request that needs it. */
export type ToWorker =
  | { readonly type: 'add'; readonly file: ImageFile }
  | { readonly type: 'remove'; readonly nodeId: number };

/** Worker to main thread: a read that waits for chunks. */
export interface FaultMessage {
  readonly unique: bigint;
  readonly nodeId: number;
  readonly imageOffset: number;
  readonly length: number;
}

/** What a worker gets when it starts. */
export interface WorkerSetup {
  readonly fuseFd: number;
  readonly index: number;
  readonly files: readonly ImageFile[];
  readonly control: Int32Array;
  readonly counters: Float64Array;
}

/** Slot 0 of `control`: how many times the table of files changed. */
export const GENERATION = 0;
/** Slot 1 + index of `control`: odd while that worker handles a request. */
export const WORKER_STEP = 1;

/** Counters of one worker, a row of `counters`. Only that worker writes them. */
export const Counter = { READS: 0, BYTES: 1, FAULTS: 2, FAULT_BYTES: 3, ERRORS: 4 } as const;
export const COUNTERS = 5;
