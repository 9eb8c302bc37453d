// The end of the job: says what was saved, keeps what was read for the next run, and leaves the machine as it was. It never
// fails a job that has done its work.
import { getState, group, isDebug, warning } from '@actions/core';
import type { DaemonStatus } from '../src/daemon/status.ts';
import { describeError } from '../src/errors.ts';
import { saveCache, type SavedCache } from './cache.ts';
import { daemonStatus } from './control.ts';
import { createHost, findRootWay, type Host, nameOf } from './host.ts';
import { readInputs, type Inputs } from './inputs.ts';
import { undoAll, type UndoStep } from './journal.ts';
import { runnerFacts } from './probe.ts';
import { lastLines } from './process-text.ts';
import { Place, StateKey, type MainResult } from './state.ts';
import { annotateOrdinary, writeSummary } from './summary.ts';
import { Talk } from './talk.ts';
import { undoStep } from './undo.ts';

const NOT_SAVED: Omit<SavedCache, 'why'> = { outcome: 'off', key: '', layers: 0, bytes: 0 };
const LOG_LINES = 400;

interface End {
  readonly host: Host;
  /** undefined when they are wrong, which main has told. */
  readonly inputs: Inputs | undefined;
  readonly env: NodeJS.ProcessEnv;
  readonly talk: Talk;
}

/** Never rejects. */
export async function post(env: NodeJS.ProcessEnv): Promise<void> {
  const talk = new Talk();
  const host = createHost(await findRootWay());
  const result = JSON.parse(getState(StateKey.RESULT) || 'null') as MainResult | null;
  const end: End = { host, inputs: inputsIfRight(), env, talk };
  // Uploading takes as long as cleaning up, and needs nothing that is taken away there.
  const daemonDone = Promise.withResolvers<void>();
  const reported = attempt('the report', () => report(end, result, daemonDone.resolve));
  await Promise.race([reported, daemonDone.promise]);
  // What a main that failed or died has left goes in any case.
  if (end.inputs?.cleanup === false && result?.run.engine !== undefined) {
    talk.info('Everything stays as it is: cleanup is false.');
  } else {
    await attempt('the clean-up', () => cleanUp(end));
  }
  await reported;
  talk.flush();
}

async function report(end: End, result: MainResult | null, daemonDone: () => void): Promise<void> {
  // Main did not come to its end.
  if (result === null) return;
  const { host, inputs, env, talk } = end;
  const wasSetUp = result.run.engine !== undefined;
  if (wasSetUp && getState(StateKey.REPORTS) !== 'true') return;
  const status = wasSetUp ? await statusOrReason(end, result.run.readyMs) : undefined;
  if (wasSetUp && (isDebug() || status === undefined)) await showLog(host, talk);
  const saved = await keep(end, result, status, daemonDone);
  const context = { status, ...result, saved, env, workspace: env['GITHUB_WORKSPACE'] };
  await annotateOrdinary(context, talk.notice);
  if (inputs?.summary !== false) await writeSummary(context);
}

/** A daemon that does not answer at the end of the job has not served its last steps, either. */
async function statusOrReason({ host, talk }: End, readyMs: number): Promise<DaemonStatus | undefined> {
  const status = await daemonStatus(host).catch((error: unknown) => talk.info(describeError(error)));
  if (status !== undefined) {
    // A serving process that was replaced is another generation, and nobody noticed.
    if (status.generation === 0 && status.startedSec * 1000 > readyMs)
      talk.notice('The lazypull daemon died during the job and was started again. Figures are those since then.');
    return status;
  }
  const log = lastLines((await host.read(Place.LOG)) ?? '', 1);
  talk.notice(`The lazypull daemon has ended during the job. Its last words: ${log || 'none'}`);
  return undefined;
}

async function keep(
  end: End,
  { restored }: MainResult,
  status: DaemonStatus | undefined,
  daemonDone: () => void,
): Promise<SavedCache> {
  const { host, inputs, env, talk } = end;
  if (inputs === undefined || status === undefined) return { ...NOT_SAVED, why: 'there is no daemon to ask' };
  const { later: info, notice } = talk;
  const facts = { arch: process.arch, ghes: runnerFacts(env).ghes };
  return await saveCache({ host, inputs, facts, env, info, notice, daemonDone }, restored.key);
}

async function showLog(host: Host, talk: Talk): Promise<void> {
  const text = (await host.read(Place.LOG)) ?? '';
  await group('Log of the daemon', () => {
    talk.info(text === '' ? 'There is none.' : lastLines(text, LOG_LINES));
    return Promise.resolve();
  });
}

async function cleanUp({ host, talk }: End): Promise<void> {
  const steps = JSON.parse(getState(StateKey.JOURNAL) || '[]') as UndoStep[];
  if (steps.length === 0) return;
  const failures = await group('Leaving the machine as it was', () =>
    undoAll(steps.toReversed(), async (step) => {
      talk.info(stepText(step));
      await undoStep(host, step);
    }),
  );
  for (const failure of failures) warning(`could not be taken back: ${failure}`, { title: 'lazypull' });
}

function stepText(step: UndoStep): string {
  if (step.kind === 'file') return `back as it was: ${step.path}`;
  if (step.kind === 'remove') return `remove ${step.path}`;
  if (step.kind === 'restart') return `restart ${step.units.join(', ')}`;
  return step.kind === 'command' ? nameOf(step.command) : `stop ${step.name}`;
}

function inputsIfRight(): Inputs | undefined {
  try {
    return readInputs();
  } catch {
    return undefined;
  }
}

async function attempt(what: string, action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    warning(`${what} of lazypull failed: ${describeError(error)}`, { title: 'lazypull' });
  }
}
