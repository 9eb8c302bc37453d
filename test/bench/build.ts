// A build on a 155 MB base that runs python and pushes, over a line, from nothing each time: ordinarily, by BuildKit's own
// lazy snapshotter in Go, and by ours, on the same bases; every mode in every round, in an order that is drawn anew.
import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { openBuildWorld, type BuildFigures, type BuildMode } from './build-world.ts';
import { median } from './figures.ts';
import { missingPeer } from './peers.ts';

const HELP = `node test/bench/build.ts [--runs 5] [--rtt 20] [--mbit 200] [--only MODE,...] [--json]

Builds "FROM base, RUN python3 /app/main.py" and pushes the result, as root, after script/setup and npm run build.
Modes: ordinary; go-*, ours-*: lazily by the Go snapshotter that is built into BuildKit, and by our daemon, on a base that
ctr-remote converted or put in order for the RUN (reference, reference-optimized), or that we did (converted, optimized);
ours-policy, ours-frontend: the Dockerfile names the ordinary base, and our optimized one is found for it.
Every sample has an empty BuildKit on a disk of its own. Milliseconds; medians, and in brackets the lowest and the highest.
`;

const MODES: readonly BuildMode[] = [
  { name: 'ordinary', engine: 'overlayfs', base: 'ordinary' },
  { name: 'go-reference', engine: 'go', base: 'reference' },
  { name: 'go-reference-optimized', engine: 'go', base: 'reference-optimized' },
  { name: 'go-converted', engine: 'go', base: 'ours' },
  { name: 'go-optimized', engine: 'go', base: 'optimized' },
  { name: 'ours-reference', engine: 'ours', base: 'reference' },
  { name: 'ours-reference-optimized', engine: 'ours', base: 'reference-optimized' },
  { name: 'ours-converted', engine: 'ours', base: 'ours' },
  { name: 'ours-optimized', engine: 'ours', base: 'optimized' },
  { name: 'ours-frontend', engine: 'ours', base: 'optimized', by: 'frontend' },
  { name: 'ours-policy', engine: 'ours', base: 'optimized', by: 'policy' },
];
/** Goals: a mode, the one that it is compared with, and the largest share of its time. */
const GOALS: readonly (readonly [own: string, other: string, share: number])[] = [
  ['ours-reference', 'go-reference', 0.9],
  ['ours-reference-optimized', 'go-reference-optimized', 0.9],
  ['ours-converted', 'go-converted', 0.9],
  ['ours-optimized', 'go-optimized', 0.9],
  ['ours-reference', 'ordinary', 0.2],
  ['ours-reference-optimized', 'ordinary', 0.2],
  ['ours-optimized', 'ordinary', 0.2],
  ['ours-converted', 'ordinary', 0.2],
  ['ours-frontend', 'ordinary', 0.2],
  ['ours-policy', 'ordinary', 0.2],
];

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    rtt: { type: 'string', default: '20' },
    mbit: { type: 'string', default: '200' },
    only: { type: 'string', default: '' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

interface Sample extends BuildFigures {
  readonly mode: string;
  /** Of the machine, over the minute before: others may be busy too. */
  readonly load: number;
}

const samples: Sample[] = [];
if (values.help) process.stdout.write(HELP);
else await measure();

async function measure(): Promise<void> {
  const missing = missingPeer('ours');
  if (missing !== undefined) throw new Error(`there is no built lazypull: ${missing}`);
  const names = values.only.split(',').filter((name) => name !== '');
  const unknown = names.filter((name) => !MODES.some((mode) => mode.name === name));
  if (unknown.length > 0)
    throw new Error(`no mode ${unknown.join(', ')}; there are ${MODES.map(({ name }) => name).join(', ')}`);
  const modes = MODES.filter(({ name }) => names.length === 0 || names.includes(name));
  await using world = await openBuildWorld({ rttMs: Number(values.rtt), bitsPerSec: Number(values.mbit) * 1e6 }, modes);
  for (let round = 0; round < Number(values.runs); round++) {
    for (const mode of shuffled(modes)) {
      const load = loadavg()[0]!;
      const sample = { mode: mode.name, load, ...(await world.build(mode, `${mode.name}-${round}`)) };
      samples.push(sample);
      process.stderr.write(`${JSON.stringify(sample)}\n`);
    }
  }
  report(modes);
}

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

function report(modes: readonly BuildMode[]): void {
  const kernel = readFileSync('/proc/sys/kernel/osrelease', 'utf8').trim();
  const about = { rttMs: Number(values.rtt), mbit: Number(values.mbit), runs: Number(values.runs), kernel };
  const rows = Object.fromEntries(modes.map(({ name }) => [name, rowOf(name)]));
  if (values.json) {
    console.log(JSON.stringify({ about, samples, figures: rows, goals: goals() }, undefined, 2));
    return;
  }
  console.log(JSON.stringify(about));
  console.table(rows);
  console.table(goals());
}

/** Of every figure the median, and where there are several samples their spread. */
function rowOf(mode: string): Record<string, string> {
  const own = samples.filter((sample) => sample.mode === mode);
  const keys = [
    'buildMs',
    'policyMs',
    'resolveMs',
    'frontendMs',
    'baseMs',
    'runMs',
    'exportMs',
    'requests',
    'bytes',
  ] as const;
  return Object.fromEntries(
    keys.flatMap((key) => {
      const numbers = own.flatMap((sample) => sample[key] ?? []);
      if (numbers.length === 0) return [];
      const middle = Math.round(median(numbers));
      return [
        [key, numbers.length === 1 ? `${middle}` : `${middle} (${Math.min(...numbers)}-${Math.max(...numbers)})`],
      ];
    }),
  );
}

/** Ratios of medians of whole builds, where both were measured. */
function goals(): object[] {
  const of = (mode: string): number =>
    median(samples.filter((sample) => sample.mode === mode).map(({ buildMs }) => buildMs));
  return GOALS.flatMap(([own, other, share]) => {
    const ratio = of(own) / of(other);
    if (Number.isNaN(ratio)) return [];
    return [{ ratio: `${own} / ${other}`, is: Number(ratio.toFixed(3)), goal: share, reached: ratio <= share }];
  });
}
