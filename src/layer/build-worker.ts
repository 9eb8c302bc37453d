// The worker around buildLayer. It is ended when it idles: a large TOC leaves a large heap behind.
import { parentPort } from 'node:worker_threads';
import { buildLayer } from './build-layer.ts';
import type { BuildResult, BuildTask } from './build-layer.ts';
import { encodeError } from './error-codec.ts';
import { rehearseBuild } from './rehearsal.ts';
import type { WorkerAnswer } from './worker-pool.ts';

parentPort?.on('message', (task: BuildTask | 'rehearse') => {
  let answer: WorkerAnswer<BuildResult | undefined>;
  try {
    answer = { result: task === 'rehearse' ? rehearse() : buildLayer(task) };
  } catch (error) {
    answer = { error: encodeError(error) };
  }
  parentPort!.postMessage(answer, []);
});

function rehearse(): undefined {
  rehearseBuild();
}
