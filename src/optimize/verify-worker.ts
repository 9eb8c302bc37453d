// The worker around inflateBatch.
import { parentPort } from 'node:worker_threads';
import { garbageCollector } from '../garbage.ts';
import { encodeError } from '../layer/error-codec.ts';
import type { WorkerAnswer } from '../layer/worker-pool.ts';
import { inflateBatch, type InflateResult, type InflateTask } from './verify-inflate-batch.ts';

// Each region leaves an object with native memory behind that only a full collection frees, and V8 sees no hurry.
const REGIONS_BETWEEN = 1000;
const BYTES_BETWEEN = 64 * 1024 * 1024;

const collect = garbageCollector();
let regions = 0;
let bytes = 0;

parentPort?.on('message', (task: InflateTask) => {
  regions += task.ends.length;
  try {
    const result = inflateBatch(task);
    bytes += result.plain.length;
    parentPort!.postMessage({ result } satisfies WorkerAnswer<InflateResult>, [
      result.bytes.buffer,
      result.plain.buffer,
    ]);
  } catch (error) {
    parentPort!.postMessage({ error: encodeError(error) } satisfies WorkerAnswer<InflateResult>, []);
  }
  if (regions < REGIONS_BETWEEN && bytes < BYTES_BETWEEN) return;
  [regions, bytes] = [0, 0];
  collect();
});
