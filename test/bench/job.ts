// A whole CI job that pulls an image and runs python in it, over a line: with the action and without it, from nothing and with
// what an earlier run left in the cache, each on a machine of its own:
// `node test/bench/job.ts [--runs 3] [--rtt 20] [--mbit 200] [--only ordinary,optimized,...] [--config TOML] [--json]`, as root.
// Engines containerd and buildkit are set up only: what Docker's own restart costs is the difference.
import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { imageName } from '../support/action-jobs.ts';
import type { ImageName } from '../support/images.ts';
import type { Step } from '../support/runner-job.ts';
import { medians } from './figures.ts';
import { jobFigures, RUN, type JobFigures } from './job-figures.ts';
import { type JobWorld, openJobWorld } from './job-world.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '3' },
    rtt: { type: 'string', default: '20' },
    mbit: { type: 'string', default: '200' },
    only: { type: 'string', default: '' },
    config: { type: 'string', default: '' },
    json: { type: 'boolean', default: false },
  },
});

const COMMAND = '/usr/bin/python3 /app/main.py';

/** One kind of job. */
interface Variant {
  readonly name: string;
  readonly image?: ImageName;
  /** Inputs of the action; undefined: the job is without it. */
  readonly inputs?: Readonly<Record<string, string>>;
  readonly buildkitd?: boolean;
  /** It runs again behind itself, and finds what the first one saved. */
  readonly again?: string;
}

const ORDINARY = 'ordinary';
const VARIANTS: readonly Variant[] = [
  { name: ORDINARY, image: 'real' },
  { name: 'optimized', image: 'real-esgz-python', inputs: {}, again: 'optimized-hit' },
  { name: 'converted', image: 'real-esgz', inputs: {}, again: 'converted-hit' },
  { name: 'containerd', inputs: { engine: 'containerd' } },
  { name: 'buildkit', inputs: { engine: 'buildkit' }, buildkitd: true },
];

interface Sample extends JobFigures {
  readonly variant: string;
  /** Of the machine, over the minute before: others may be busy too. */
  readonly load: number;
}

const samples: Sample[] = [];
const only = values.only.split(',').filter((name) => name !== '');
const variants = VARIANTS.filter(({ name }) => only.length === 0 || only.includes(name));
const line = { rttMs: Number(values.rtt), bitsPerSec: Number(values.mbit) * 1e6 };
await using world = await openJobWorld(
  line,
  variants.flatMap(({ image }) => image ?? []),
);
for (let round = 0; round < Number(values.runs); round++) {
  for (const variant of round % 2 === 0 ? variants : variants.toReversed()) {
    for (const name of [variant.name, ...(variant.again === undefined ? [] : [variant.again])]) {
      const load = loadavg()[0]!;
      const sample = { variant: name, load, ...(await run(world, variant, `${variant.name}-${round}`, name)) };
      samples.push(sample);
      process.stderr.write(`${JSON.stringify(sample)}\n`);
    }
  }
}
report();

async function run(far: JobWorld, variant: Variant, key: string, name: string): Promise<JobFigures> {
  const { image, inputs, buildkitd = false } = variant;
  const steps: Step[] = [
    ...(inputs === undefined ? [] : [far.jobs.uses({ 'config-inline': values.config, 'cache-key': key, ...inputs })]),
    ...(image === undefined ? [] : [{ id: RUN, run: `docker run --rm ${imageName(image)} ${COMMAND}` }]),
  ];
  const timed = await far.run(steps, { buildkitd });
  await using job = timed.job;
  if (inputs !== undefined) {
    const { engine, 'cache-hit': hit } = job.step('lazypull').outputs;
    const wanted = { engine: inputs['engine'] ?? 'docker', hit: String(name === variant.again) };
    if (engine !== wanted.engine || hit !== wanted.hit) {
      throw new Error(`${name}: engine ${engine}, cache-hit ${hit}, not ${JSON.stringify(wanted)}: ${job.log}`);
    }
  }
  return jobFigures(timed);
}

/** Medians by figure and kind of job. */
function table(): Record<string, Record<string, number>> {
  const rows: Record<string, Record<string, number>> = {};
  for (const variant of new Set(samples.map((sample) => sample.variant))) {
    const own = samples.filter((sample) => sample.variant === variant).map(flat);
    for (const [figure, value] of Object.entries(medians(own))) (rows[figure] ??= {})[variant] = value;
  }
  for (const figure of ['jobMs', 'runMs']) {
    const { [ORDINARY]: ordinary, ...others } = rows[figure] ?? {};
    if (ordinary === undefined) continue;
    rows[`${figure} / ordinary`] = Object.fromEntries(
      Object.entries(others).map(([variant, ms]) => [variant, Number((ms / ordinary).toFixed(3))]),
    );
  }
  return rows;
}

function flat({ phases, ...figures }: Sample): object {
  return { ...figures, ...phases };
}

function report(): void {
  const kernel = readFileSync('/proc/sys/kernel/osrelease', 'utf8').trim();
  const about = { rttMs: line.rttMs, mbit: Number(values.mbit), runs: Number(values.runs), kernel };
  if (values.json) console.log(JSON.stringify({ about, samples, medians: table() }, undefined, 2));
  else {
    console.log(JSON.stringify(about));
    console.table(table());
  }
}
