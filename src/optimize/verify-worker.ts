// The worker around inflateBatch.
import { parentPort } from 'node:worker_threads';
import { encodeError } from '../layer/error-codec.ts';
import type { WorkerAnswer } from '../layer/worker-pool.ts';
import { inflateBatch, type InflateResult, type InflateTask } from './verify-inflate-batch.ts';

parentPort?.on('message', (task: InflateTask) => {
  try {
    const result = inflateBatch(task);
    parentPort!.postMessage({ result } satisfies WorkerAnswer<InflateResult>, [
      result.bytes.buffer,
      result.plain.buffer,
    ]);
  } catch (error) {
    parentPort!.postMessage({ error: encodeError(error) } satisfies WorkerAnswer<InflateResult>, []);
  }
});
