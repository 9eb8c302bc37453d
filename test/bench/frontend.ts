// What the frontend adds to a build: the same build without it, with it for the first time on a machine, and again, in turn.
// `node test/bench/frontend.ts [--runs 3] [--latency 20] [--mbit 200] [--json]`. The base has been read before, so that the
// difference is the frontend's: its own image, pulled lazily, and the questions for a variant. The delay is the registry's
// for each answer, the rate is each connection's.
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startFrontendWorld, writeFrontendImage, type FrontendWorld } from '../support/frontend.ts';
import { median } from './figures.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '3' },
    latency: { type: 'string', default: '20' },
    mbit: { type: 'string', default: '200' },
    json: { type: 'boolean', default: false },
  },
});

interface Sample {
  readonly withoutMs: number;
  readonly coldMs: number;
  readonly warmMs: number;
  /** Of the frontend's image, when it has started once. */
  readonly fetchedBytes: number;
  readonly requests: number;
}

const dir = await mkdtemp('/var/tmp/lazypull-bench-');
const samples: Sample[] = [];
try {
  const layout = join(dir, 'frontend');
  await writeFrontendImage(layout);
  for (let round = 0; round < Number(values.runs); round++) {
    await using world = await startFrontendWorld(layout);
    const sample = await measure(world);
    samples.push(sample);
    process.stderr.write(`${JSON.stringify(sample)}\n`);
  }
} finally {
  await rm(dir, { recursive: true, force: true });
}
report();

async function measure(world: FrontendWorld): Promise<Sample> {
  const variant = `${world.registry.host}/small:latest-esgz`;
  const withFrontend = `# syntax=${world.frontend} suffix=-esgz\nFROM ${world.base}\n`;
  // Client, builder and base are ready.
  await build(world, `FROM ${variant}\n`);
  world.registry.knobs.latencyMs = Number(values.latency);
  world.registry.knobs.bytesPerSec = Number(values.mbit) * 125_000;
  const withoutMs = await build(world, `FROM ${variant}\n`);
  const coldMs = await build(world, withFrontend);
  const layers = (await world.lazyImage(world.frontend))?.layers ?? [];
  const warmMs = await build(world, withFrontend);
  const sum = (key: 'fetchedBytes' | 'requests'): number => layers.reduce((total, layer) => total + layer[key], 0);
  return { withoutMs, coldMs, warmMs, fetchedBytes: sum('fetchedBytes'), requests: sum('requests') };
}

async function build(world: FrontendWorld, dockerfile: string): Promise<number> {
  const started = performance.now();
  const { status, stderr } = await world.build({ dockerfile: `${dockerfile}RUN md5sum /data/4097\n` });
  if (status !== 0) throw new Error(`a build failed: ${stderr.slice(-2000)}`);
  return Math.round(performance.now() - started);
}

function report(): void {
  const of = (key: keyof Sample): number => median(samples.map((sample) => sample[key]));
  const [without, cold, warm] = [of('withoutMs'), of('coldMs'), of('warmMs')];
  const added = { warmAddedMs: warm - without, coldAddedMs: cold - without };
  const figures = { without, cold, warm, ...added, fetchedBytes: of('fetchedBytes'), requests: of('requests') };
  if (values.json) console.log(JSON.stringify(figures));
  else for (const [name, value] of Object.entries(figures)) console.log(`${name.padEnd(14)}${value}`);
}
