// The worker around hot-read.ts and hot-write.ts: everything about hot packs that reads, hashes or writes.
import { parentPort } from 'node:worker_threads';
import { collectWhenIdle } from '../garbage.ts';
import { encodeError } from './error-codec.ts';
import { openPack, storePacked } from './hot-read.ts';
import type { OpenedPack, StorePackResult, StorePackTask } from './hot-read.ts';
import { surveyLayer, writePack } from './hot-write.ts';
import type { CannotSave, Survey, SurveyTask, WritePackTask } from './hot-write.ts';
import type { WorkerAnswer } from './worker-pool.ts';

/** What the hot workers do, each with what it takes and what it gives. */
export interface HotWork {
  readonly open: { readonly task: number; readonly result: OpenedPack };
  readonly store: { readonly task: StorePackTask; readonly result: StorePackResult };
  readonly survey: { readonly task: SurveyTask; readonly result: Survey | CannotSave };
  readonly write: { readonly task: WritePackTask; readonly result: number };
}

/** One piece of work. */
export type HotTask = {
  readonly [Kind in keyof HotWork]: { readonly kind: Kind; readonly task: HotWork[Kind]['task'] };
}[keyof HotWork];
export type HotResult = HotWork[keyof HotWork]['result'];

const QUIET_MS = 1000;

const idle = collectWhenIdle(QUIET_MS);

parentPort?.on('message', (message: HotTask) => void answer(message));

async function answer(message: HotTask): Promise<void> {
  let said: WorkerAnswer<HotResult>;
  try {
    said = { result: await work(message) };
  } catch (error) {
    said = { error: encodeError(error) };
  }
  parentPort!.postMessage(said, []);
  idle();
}

async function work({ kind, task }: HotTask): Promise<HotResult> {
  if (kind === 'open') return openPack(task);
  if (kind === 'store') return storePacked(task);
  return kind === 'survey' ? surveyLayer(task) : writePack(task);
}
