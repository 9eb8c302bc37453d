// The worker around buildLayer. It is ended when it idles: a large TOC leaves a large heap behind.
import { parentPort } from 'node:worker_threads';
import { buildLayer } from './build-layer.ts';
import type { BuildResult, BuildTask } from './build-layer.ts';
import { encodeError } from './error-codec.ts';
import type { WorkerAnswer } from './worker-pool.ts';

parentPort?.on('message', (task: BuildTask) => {
  let answer: WorkerAnswer<BuildResult>;
  try {
    answer = { result: buildLayer(task) };
  } catch (error) {
    answer = { error: encodeError(error) };
  }
  parentPort!.postMessage(answer, []);
});
