// The worker around compressBatch and compressMember.
import { parentPort } from 'node:worker_threads';
import { collectWhenIdle } from '../garbage.ts';
import { encodeError } from '../layer/error-codec.ts';
import type { WorkerAnswer } from '../layer/worker-pool.ts';
import { compressBatch } from './compress-batch.ts';
import type { CompressResult, CompressTask } from './compress-batch.ts';
import { compressMember } from './compress-member.ts';
import type { MemberOptions } from './compress-member.ts';

/** Bytes that become one member. The parts are transferred. */
export interface MemberTask {
  readonly parts: readonly Uint8Array<ArrayBuffer>[];
  readonly options: MemberOptions;
}

/** Buffers of compressed members lie outside of V8's heap, which sees little reason to let them go. */
const QUIET_MS = 1000;

const idle = collectWhenIdle(QUIET_MS);

parentPort?.on('message', (task: CompressTask | MemberTask) => {
  try {
    if ('batch' in task) {
      const result = compressBatch(task);
      answer({ result }, [result.plain.buffer, result.compressed.buffer, result.digests.buffer]);
    } else answer({ result: compressMember(Buffer.concat(task.parts), task.options) }, []);
  } catch (error) {
    answer({ error: encodeError(error) }, []);
  }
  idle();
});

function answer(message: WorkerAnswer<CompressResult | Uint8Array>, transfer: ArrayBuffer[]): void {
  parentPort!.postMessage(message, transfer);
}
