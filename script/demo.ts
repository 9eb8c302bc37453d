// What script/demo runs once everything is in place: one image, pulled and run both ways, and a table of what it took.
//   node script/demo.ts [--json] [--plain-http] [IMAGE [COMMAND...]]
import { createReadStream } from 'node:fs';
import { parseArgs } from 'node:util';
import { formatReference, parseReference } from '../src/oci/reference.ts';
import { needs } from '../test/support/needs.ts';
import { readLayout } from '../test/support/oci-layout.ts';
import { type Place, registryPlace, samplePlace } from './demo-place.ts';
import { makeSample, type Sample, SAMPLE_CONTENT, SAMPLE_NOTE } from './demo-sample.ts';
import { containerdNeeded, type LazySide, NothingLazyError, runLazily, runOrdinarily } from './demo-sides.ts';
import { type DemoResult, demoTable } from './demo-table.ts';

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;
const EXIT_INTERRUPTED = 130;

// Whatever runs is ended, then everything is taken down in order. A second signal changes nothing.
const interrupt = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => {
    if (!interrupt.signal.aborted) say('interrupted, cleaning up');
    interrupt.abort();
  });
}

try {
  await main();
} catch (error) {
  if (!interrupt.signal.aborted) say(error instanceof Error ? error.message : String(error));
  process.exitCode = interrupt.signal.aborted ? EXIT_INTERRUPTED : exitCodeOf(error);
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false }, 'plain-http': { type: 'boolean', default: false } },
  });
  const [image, ...command] = positionals;
  const missing = needs('root', 'fuse', 'nsenter', 'runc', containerdNeeded());
  if (missing !== false) throw new Error(`this machine can't run the demo: it ${missing}`);
  await using place = image === undefined ? await openSample() : registryPlace(fullName(image), values['plain-http']);
  const { result, lazy } = await compare(place, command);
  if (values.json) return void process.stdout.write(`${JSON.stringify(result)}\n`);
  const title = `${image === undefined ? SAMPLE_CONTENT : place.lazyRef}, ${place.line}`;
  const fancy = process.stdout.isTTY && !process.env['NO_COLOR'];
  process.stdout.write(demoTable(result, { title, note: image === undefined ? SAMPLE_NOTE : noteOf(lazy), fancy }));
}

async function compare(
  place: Place,
  command: readonly string[],
): Promise<{ readonly result: DemoResult; readonly lazy: LazySide }> {
  const { signal } = interrupt;
  say('with lazypull: lazypull pull, ctr run');
  const lazy = await runLazily(place, command, signal);
  say(`pulled in ${seconds(lazy.pullMs)}, first output after ${seconds(lazy.startMs)}: ${firstLine(lazy.output)}`);
  say('as always: ctr images pull, ctr run');
  const full = await runOrdinarily(place, command, signal);
  say(`pulled in ${seconds(full.pullMs)}, first output after ${seconds(full.startMs)}: ${firstLine(full.output)}`);
  const bytes = place.ordinaryBytes ?? lazy.pulled.layers.reduce((sum, { size }) => sum + size, 0);
  const round = Math.round;
  const result = {
    image: { bytes },
    lazy: { pullMs: round(lazy.pullMs), startMs: round(lazy.startMs), fetchedBytes: lazy.fetchedBytes },
    full: { pullMs: round(full.pullMs), startMs: round(full.startMs) },
  };
  return { result, lazy };
}

async function openSample(): Promise<Place> {
  const sample = await makeSample(say, interrupt.signal);
  await readOnce(sample);
  return await samplePlace(sample, say);
}

// So that the registry's disk, which is this machine's, is in neither side's time.
async function readOnce(sample: Sample): Promise<void> {
  for (const layout of [sample.lazy, sample.ordinary]) {
    for (const { path } of readLayout(layout).layers) await createReadStream(path).forEach(() => {});
  }
}

function noteOf({ pulled }: LazySide): string | undefined {
  const ordinary = pulled.layers.filter(({ state }) => state !== 'lazy').length;
  if (ordinary === 0) return undefined;
  return `${ordinary} of ${pulled.layers.length} layers have no table of contents, and were pulled as always.`;
}

/** With the registry and the tag that people leave out, as containerd wants it. */
function fullName(text: string): string {
  const reference = parseReference(text);
  const bare = reference.tag === undefined && reference.digest === undefined;
  return formatReference(bare ? { ...reference, tag: 'latest' } : reference);
}

function exitCodeOf(error: unknown): number {
  const isUsage = error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
  return isUsage || error instanceof NothingLazyError ? EXIT_USAGE : EXIT_FAILED;
}

function say(text: string): void {
  process.stderr.write(`demo: ${text}\n`);
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}

function firstLine(output: string): string {
  return output.split('\n')[0]?.slice(0, 100) || '(none)';
}
