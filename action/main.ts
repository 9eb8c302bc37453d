// The step itself: looks at the machine, starts the daemon, tells an engine of it. Whatever fails is taken back, and the job
// goes on with ordinary pulls.
import { exportVariable, getInput, group, saveState, setFailed, setOutput } from '@actions/core';
import { describeError, LazypullError, UserError } from '../src/errors.ts';
import { downloadCache, loadCache, type CacheContext, type RestoredCache } from './cache.ts';
import { buildValues } from './build-values.ts';
import { obstacleOfDaemon, startDaemon, type DaemonContext, type RunningDaemon } from './daemon.ts';
import { enginesFor, SETUPS } from './engine/engines.ts';
import type { EngineReady } from './engine/model.ts';
import type { Facts, Obstacle } from './facts.ts';
import { createHost, findRootWay, type Host } from './host.ts';
import { readInputs, type EngineName, type Inputs } from './inputs.ts';
import { Journal, undoAll } from './journal.ts';
import { findLazyBases, type LazyBases } from './lazy-bases.ts';
import { obstacleOf, probe } from './probe.ts';
import { pullImages } from './pull-images.ts';
import { SET_UP_VARIABLE, StateKey, type MainResult } from './state.ts';
import { Talk } from './talk.ts';
import { undoStep } from './undo.ts';

const NOT_RESTORED: Omit<RestoredCache, 'why'> = { key: '', layers: 0, chunks: 0, bytes: 0, refused: 0 };

/** What all phases have. */
interface Step {
  readonly host: Host;
  readonly inputs: Inputs;
  readonly env: NodeJS.ProcessEnv;
  readonly journal: Journal;
  readonly talk: Talk;
  readonly signal: AbortSignal;
}

interface SetUp {
  readonly facts: Facts;
  readonly ready: EngineReady;
  readonly daemon: RunningDaemon;
  readonly restored: RestoredCache;
  readonly builds: LazyBases;
}

/** Never rejects. The step fails only with `strict`, or when it is cancelled. */
export async function main(env: NodeJS.ProcessEnv): Promise<void> {
  saveState(StateKey.STARTED, 'true');
  const startedMs = Date.now();
  const talk = new Talk();
  const journal = new Journal();
  const signal = cancellation();
  const host = createHost(await findRootWay());
  let inputs: Inputs | undefined;
  let done: SetUp | undefined;
  try {
    inputs = readInputs();
    done = await setUp({ host, inputs, env, journal, talk, signal });
  } catch (error) {
    // A cancelled step has a few seconds left, post has more.
    if (signal.aborted) setFailed('the step was cancelled');
    else await goOnWithout(error, { host, journal, talk });
  }
  leaveOutputs(done, inputs?.cacheRef ?? '');
  if (signal.aborted) return;
  const result: MainResult = {
    run: {
      engine: done?.ready.engine,
      isolated: done?.ready.isolated ?? false,
      startedMs,
      readyMs: Date.now(),
      notices: talk.notices,
    },
    restored: done?.restored ?? { ...NOT_RESTORED, why: 'nothing was set up' },
    ...(done?.builds.bases === undefined ? {} : { bases: done.builds.bases }),
  };
  saveState(StateKey.RESULT, JSON.stringify(result));
}

async function setUp(step: Step): Promise<SetUp> {
  const { env, talk } = step;
  const facts = await group('Looking at this runner', () => look(step));
  const isFirst = env[SET_UP_VARIABLE] === undefined;
  // What the cache has to say comes when its turn is: the daemon starts meanwhile.
  const cache: CacheContext = { ...step, facts, info: talk.later, notice: talk.notice };
  const downloading = isFirst ? downloadCache(cache) : undefined;
  const context: DaemonContext = { ...step, facts, info: talk.info, notice: talk.notice };
  const daemon = await group('Starting the daemon', () => startLazyDaemon(context));
  const restoring = downloading?.then((downloaded) => loadCache(cache, downloaded));
  const ready = await setUpEngine(step, facts);
  const builds = await lookForBases(step, facts, ready);
  const restored = await group('Restoring what earlier runs of this job read', async () => {
    const outcome = (await restoring) ?? { ...NOT_RESTORED, why: 'an earlier step of this job did it' };
    talk.flush();
    return outcome;
  });
  if (step.inputs.images.length > 0) {
    const { host, inputs } = step;
    const { info, notice } = talk;
    await group('Pulling images', () => pullImages({ host, engine: ready, images: inputs.images, env, info, notice }));
  }
  saveState(StateKey.REPORTS, String(isFirst));
  return { facts, ready, daemon, restored, builds };
}

/** @throws UserError when nothing can be lazy here. */
async function look({ host, env, talk }: Step): Promise<Facts> {
  const facts = await probe(host, env);
  for (const line of factLines(facts)) talk.info(line);
  throwObstacle(obstacleOf(facts));
  return facts;
}

async function startLazyDaemon(context: DaemonContext): Promise<RunningDaemon> {
  const daemon = await startDaemon(context);
  throwObstacle(obstacleOfDaemon(daemon));
  const reason = daemon.tierReason === '' ? '' : `: ${daemon.tierReason}`;
  context.info(`lazypull ${daemon.version}, tier ${daemon.tier}${reason}`);
  return daemon;
}

async function lookForBases(step: Step, { buildx }: Facts, engine: EngineReady): Promise<LazyBases> {
  if (step.inputs.variants === '') return { bases: undefined, env: {} };
  const { info, notice } = step.talk;
  return await group('Finding lazily pullable bases of builds', () =>
    findLazyBases({ ...step, facts: { buildx }, engine, info, notice }),
  );
}

function throwObstacle(obstacle: Obstacle | undefined): void {
  if (obstacle !== undefined) throw new UserError(obstacle.reason, obstacle.remedy);
}

/** The first engine that can be set up. What one that can't has done is taken back before the next one is tried. */
async function setUpEngine(step: Step, facts: Facts): Promise<EngineReady> {
  const { host, inputs, journal, talk, signal } = step;
  const engines = enginesFor(inputs, facts);
  for (const [index, engine] of engines.entries()) {
    const mark = journal.mark();
    try {
      const context = { host, facts, inputs, journal, info: talk.info, notice: talk.notice, signal };
      return await group(`Setting up ${engine}`, () => SETUPS[engine](context));
    } catch (error) {
      const next = engines[index + 1];
      if (signal.aborted || next === undefined) throw error;
      await goOnWith(next, engine, error, { host, journal, talk, mark });
    }
  }
  throw new UserError(
    'there is no engine that can pull lazily',
    "Set input 'engine' to docker, buildkit or containerd.",
  );
}

interface Undo {
  readonly host: Host;
  readonly journal: Journal;
  readonly talk: Talk;
  readonly mark?: number;
}

async function goOnWith(next: EngineName, engine: EngineName, error: unknown, undo: Undo): Promise<void> {
  undo.talk.notice(`${engine} could not be set up: ${describeError(error)} ${next} is tried instead.`);
  await takeBack(undo);
}

/** Nothing is lazy in this job: says why, and leaves everything as it was. */
async function goOnWithout(error: unknown, undo: Undo): Promise<void> {
  const reason = describeError(error);
  undo.talk.notice(`Images are pulled as usual in this job: ${reason}`);
  if (!(error instanceof LazypullError) && error instanceof Error) undo.talk.info(error.stack ?? '');
  await takeBack(undo);
  // Read here: the inputs may be what is wrong.
  if (getInput('strict').toLowerCase() === 'true') setFailed(reason);
}

async function takeBack({ host, journal, talk, mark = 0 }: Undo): Promise<void> {
  if (journal.mark() === mark) return;
  const failures = await group('Taking back what was done', () =>
    undoAll(journal.take(mark), (step) => undoStep(host, step)),
  );
  for (const failure of failures) talk.notice(`could not be taken back: ${failure}`);
}

function leaveOutputs(done: SetUp | undefined, cacheRef: string): void {
  const ready = done?.ready;
  setOutput('engine', ready?.engine ?? '');
  setOutput('snapshotter-socket', ready?.snapshotterSocket ?? '');
  setOutput('containerd-address', ready?.containerdAddress ?? '');
  setOutput('builder', ready?.builder ?? '');
  setOutput('docker-context', ready?.dockerContext ?? '');
  setOutput('tier', done?.daemon.tier ?? '');
  setOutput('cache-hit', String((done?.restored.key ?? '') !== ''));
  const builds = buildValues(ready?.engine, done?.facts.buildx, cacheRef);
  setOutput('build-outputs', builds.outputs);
  setOutput('cache-from', builds.cacheFrom);
  setOutput('cache-to', builds.cacheTo);
  if (ready === undefined) return;
  for (const [name, value] of Object.entries({ ...ready.env, ...done?.builds.env })) exportVariable(name, value);
  exportVariable(SET_UP_VARIABLE, ready.engine);
}

/** The runner sends SIGINT, then SIGTERM, before it kills. */
function cancellation(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => controller.abort(new LazypullError('ABORTED', 'the step was cancelled')));
  }
  return controller.signal;
}

function factLines(facts: Facts): string[] {
  const { platform, arch, hosted, container, docker, containerd, buildx } = facts;
  const where = container === undefined ? '' : `, in a container (${container})`;
  const running = docker === undefined || docker.running.length === 0 ? '' : `; running: ${docker.running.join(', ')}`;
  return [
    `${platform} ${arch}, ${hosted ? 'hosted by GitHub' : 'self-hosted'}${where}`,
    docker === undefined ? 'no Docker' : `Docker ${docker.version}, storage driver ${docker.driver}${running}`,
    containerd === undefined ? 'no containerd' : `containerd ${containerd.version} at ${containerd.address}`,
    buildx === undefined ? 'no docker buildx' : `docker buildx ${buildx}`,
  ];
}
