// Sets an engine of the action up, or takes it back, from the sources and as the runner's user: the part of a job that
// matters to engines, without the rest. Its arguments are `up ENGINE JOURNAL` or `down JOURNAL`; it prints one JSON.
import { readFileSync, writeFileSync } from 'node:fs';
import { startDaemon } from '../../action/daemon.ts';
import { SETUPS } from '../../action/engine/engines.ts';
import { createHost, findRootWay } from '../../action/host.ts';
import type { EngineName, Inputs } from '../../action/inputs.ts';
import { Journal, undoAll, type UndoStep } from '../../action/journal.ts';
import { probe } from '../../action/probe.ts';
import { undoStep } from '../../action/undo.ts';
import { describeError } from '../../src/errors.ts';
import type { EngineUp } from './engine-machine.ts';

const inputs: Inputs = {
  engine: 'auto',
  config: '',
  configInline: 'background_fill.enabled = false\n',
  registryMirrors: {},
  images: [],
  variants: '',
  buildFiles: [],
  buildArgs: [],
  platforms: [],
  cacheRef: '',
  cache: false,
  cacheKey: '',
  cacheLimitBytes: 0,
  matrix: 'null',
  prefetch: true,
  summary: false,
  strict: false,
  cleanup: true,
  logLevel: 'info',
};

const host = createHost(await findRootWay());

/** `none` starts the daemon and sets nothing up. */
async function up(engine: EngineName | 'none', path: string): Promise<EngineUp> {
  const started = performance.now();
  const save = (steps: readonly UndoStep[]): void => writeFileSync(path, JSON.stringify(steps));
  save([]);
  const journal = new Journal(save);
  const infos: string[] = [];
  const notices: string[] = [];
  const context = {
    host,
    facts: await probe(host, process.env),
    inputs,
    journal,
    env: process.env,
    info: (message: string): void => void infos.push(message),
    notice: (message: string): void => void notices.push(message),
    signal: new AbortController().signal,
  };
  const probed = performance.now();
  await startDaemon(context);
  const mark = journal.mark();
  const daemon = performance.now();
  const made = await (engine === 'none' ? Promise.resolve(undefined) : SETUPS[engine](context)).then(
    (ready) => ({ ready }),
    (error: unknown) => ({ error: describeError(error) }),
  );
  const ended = performance.now();
  const steps = journal.steps.slice(mark);
  const failures = 'error' in made ? await undoAll(journal.take(mark), (step: UndoStep) => undoStep(host, step)) : [];
  const ms = {
    probe: probed - started,
    daemon: daemon - probed,
    engine: ended - daemon,
    undo: performance.now() - ended,
  };
  return { ready: undefined, error: undefined, ...made, steps, failures, infos, notices, ms };
}

async function down(path: string): Promise<string[]> {
  const steps = JSON.parse(readFileSync(path, 'utf8')) as UndoStep[];
  return await undoAll(steps.toReversed(), (step) => undoStep(host, step));
}

const [verb, ...rest] = process.argv.slice(2);
const said = verb === 'up' ? await up(rest[0] as EngineName | 'none', rest[1] ?? '') : await down(rest[0] ?? '');
console.log(JSON.stringify(said));
