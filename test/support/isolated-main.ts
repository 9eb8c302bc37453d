// What main and post do with a containerd and a dockerd beside the machine's own, for tests inside of a test machine:
//   node isolated-main.ts up docker|containerd   starts the daemon and the engine; prints an IsolatedUp
//   node isolated-main.ts down                   takes back the steps on its standard input; prints what it could not
import { text } from 'node:stream/consumers';
import { startDaemon } from '../../action/daemon.ts';
import { setUpIsolatedContainerd, setUpIsolatedDocker } from '../../action/engine/isolated.ts';
import type { EngineReady } from '../../action/engine/model.ts';
import { createHost, findRootWay } from '../../action/host.ts';
import type { Inputs } from '../../action/inputs.ts';
import { Journal, undoAll, type UndoStep } from '../../action/journal.ts';
import { probe } from '../../action/probe.ts';
import { undoStep } from '../../action/undo.ts';

/** What `up` says. */
export interface IsolatedUp {
  readonly ready: EngineReady;
  /** Oldest first. */
  readonly steps: readonly UndoStep[];
  /** Infos and notices. */
  readonly said: readonly string[];
}

const inputs = {
  config: '',
  configInline: 'background_fill.enabled = false\n',
  registryMirrors: {},
  images: [],
  prefetch: false,
  logLevel: 'debug',
  cleanup: true,
} as unknown as Inputs;

async function up(engine: string): Promise<IsolatedUp> {
  const host = createHost(await findRootWay());
  const journal = new Journal(() => {});
  const said: string[] = [];
  const say = (line: string): void => void said.push(line);
  const facts = await probe(host, process.env);
  const context = { host, facts, inputs, journal, info: say, notice: say, signal: new AbortController().signal };
  await startDaemon({ ...context, env: process.env });
  const setUp = engine === 'docker' ? setUpIsolatedDocker : setUpIsolatedContainerd;
  return { ready: await setUp(context), steps: journal.steps, said };
}

async function down(): Promise<string[]> {
  const host = createHost(await findRootWay());
  const steps = JSON.parse(await text(process.stdin)) as UndoStep[];
  return await undoAll(steps.toReversed(), (step) => undoStep(host, step));
}

if (import.meta.main) {
  const [what, engine = 'docker'] = process.argv.slice(2);
  console.log(JSON.stringify(what === 'up' ? await up(engine) : await down()));
}
