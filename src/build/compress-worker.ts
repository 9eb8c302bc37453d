// The worker around compressBatch and compressMember.
import { parentPort } from 'node:worker_threads';
import { collectWhenIdle, garbageCollector } from '../garbage.ts';
import { encodeError } from '../layer/error-codec.ts';
import type { WorkerAnswer } from '../layer/worker-pool.ts';
import { compressBatch } from './compress-batch.ts';
import type { CompressResult, CompressTask } from './compress-batch.ts';
import { compressParts } from './compress-member.ts';
import type { MemberOptions } from './compress-member.ts';

/** Bytes that become one member. The parts are transferred. */
export interface MemberTask {
  readonly parts: readonly Uint8Array<ArrayBuffer>[];
  readonly options: MemberOptions;
}

// Each member leaves an object with native memory behind that only a full collection frees, and V8 sees no hurry.
const MEMBERS_BETWEEN_COLLECTIONS = 2000;
const QUIET_MS = 1000;

const idle = collectWhenIdle(QUIET_MS);
const collect = garbageCollector();
let members = 0;

parentPort?.on('message', (task: CompressTask | MemberTask) => {
  try {
    if ('batch' in task) {
      const result = compressBatch(task);
      members += result.memberEnds.length;
      answer({ result }, [result.plain.buffer, result.compressed.buffer, result.digests.buffer]);
    } else {
      const result = compressParts(task.parts, task.options);
      answer({ result }, [result.buffer]);
    }
  } catch (error) {
    answer({ error: encodeError(error) }, []);
  }
  if (members > MEMBERS_BETWEEN_COLLECTIONS) {
    members = 0;
    collect();
  }
  idle();
});

function answer(message: WorkerAnswer<CompressResult | Uint8Array>, transfer: ArrayBuffer[]): void {
  parentPort!.postMessage(message, transfer);
}
