// The worker around buildLayer. It is ended when it idles: a large TOC leaves a large heap behind.
import { parentPort } from 'node:worker_threads';
import { collectWhenIdle } from '../garbage.ts';
import { buildLayer } from './build-layer.ts';
import type { BuildResult, BuildTask } from './build-layer.ts';
import { encodeError } from './error-codec.ts';
import { rehearseBuild } from './rehearsal.ts';
import type { WorkerAnswer } from './worker-pool.ts';

/** The layers of an image come within less, and a collection between two would keep the second waiting. */
const QUIET_MS = 300;

const idle = collectWhenIdle(QUIET_MS);

parentPort?.on('message', (task: BuildTask | 'rehearse') => {
  let answer: WorkerAnswer<BuildResult | undefined>;
  try {
    answer = { result: task === 'rehearse' ? rehearse() : buildLayer(task) };
  } catch (error) {
    answer = { error: encodeError(error) };
  }
  parentPort!.postMessage(answer, []);
  idle();
});

function rehearse(): undefined {
  rehearseBuild();
}
