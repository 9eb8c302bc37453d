// What script/demo runs once everything is in place: one image, pulled and run both ways, and a table of what it took.
//   node script/demo.ts [--json] [--plain-http] [IMAGE [COMMAND...]]
import { createReadStream } from 'node:fs';
import { parseArgs } from 'node:util';
import { formatReference, parseReference } from '../src/oci/reference.ts';
import { containerdProgram } from '../test/support/containerd.ts';
import { findProgram, needs } from '../test/support/needs.ts';
import { readLayout } from '../test/support/oci-layout.ts';
import { type Place, registryPlace, samplePlace } from './demo-place.ts';
import { makeSample, type Sample, SAMPLE_CONTENT, SAMPLE_NOTE } from './demo-sample.ts';
import { type LazySide, NothingLazyError, runLazily, runOrdinarily } from './demo-sides.ts';
import { type DemoResult, demoTable } from './demo-table.ts';

const EXIT_INTERRUPTED = 130;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false }, 'plain-http': { type: 'boolean', default: false } },
});
const [imageArg, ...command] = positionals;

// Whatever runs is ended, then everything is taken down in order. A second signal changes nothing.
const interrupt = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => {
    if (!interrupt.signal.aborted) say('interrupted, cleaning up');
    interrupt.abort();
  });
}

try {
  requireMachine();
  await using place =
    imageArg === undefined ? await openSample() : registryPlace(nameOf(imageArg), values['plain-http']);
  const { result, lazy } = await compare(place);
  const title = imageArg === undefined ? `${SAMPLE_CONTENT}, ${place.line}` : `${place.lazyRef}, ${place.line}`;
  const note = imageArg === undefined ? SAMPLE_NOTE : undefined;
  const fancy = process.stdout.isTTY && !process.env['NO_COLOR'];
  process.stdout.write(values.json ? `${JSON.stringify(result)}\n` : demoTable(result, { title, note, fancy }));
  const ordinary = lazy.pulled.layers.filter(({ state }) => state !== 'lazy').length;
  if (ordinary > 0)
    say(`${ordinary} of ${lazy.pulled.layers.length} layers have no table of contents: pulled ordinarily`);
} catch (error) {
  if (!interrupt.signal.aborted) say(error instanceof Error ? error.message : String(error));
  process.exitCode = interrupt.signal.aborted ? EXIT_INTERRUPTED : error instanceof NothingLazyError ? 2 : 1;
}

async function compare(place: Place): Promise<{ result: DemoResult; lazy: LazySide }> {
  const { signal } = interrupt;
  say('with lazypull: lazypull pull, ctr run');
  const lazy = await runLazily(place, command, signal);
  say(`pulled in ${seconds(lazy.pullMs)}, first output after ${seconds(lazy.startMs)}: ${firstLine(lazy.output)}`);
  say('as always: ctr images pull, ctr run');
  const full = await runOrdinarily(place, command, signal);
  say(`pulled in ${seconds(full.pullMs)}, first output after ${seconds(full.startMs)}: ${firstLine(full.output)}`);
  const bytes = place.ordinaryBytes ?? lazy.pulled.layers.reduce((sum, { size }) => sum + size, 0);
  const round = Math.round;
  return {
    lazy,
    result: {
      image: { bytes },
      lazy: { pullMs: round(lazy.pullMs), startMs: round(lazy.startMs), fetchedBytes: lazy.fetchedBytes },
      full: { pullMs: round(full.pullMs), startMs: round(full.startMs) },
    },
  };
}

async function openSample(): Promise<Place> {
  if (findProgram('ctr-remote') === undefined) {
    throw new Error(
      'ctr-remote, which makes the sample lazy, is not to be had on this distribution: name an eStargz image instead (script/demo IMAGE)',
    );
  }
  const sample = await makeSample(say, interrupt.signal);
  await readOnce(sample);
  return samplePlace(sample, say);
}

// So that the registry's disk, which is this machine's, is in neither side's time.
async function readOnce(sample: Sample): Promise<void> {
  for (const layout of [sample.lazy, sample.ordinary]) {
    for (const { path } of readLayout(layout).layers) await createReadStream(path).forEach(() => {});
  }
}

function requireMachine(): void {
  const containerd = findProgram(containerdProgram('2')) === undefined ? '1.7' : '2';
  const missing = needs('root', 'fuse', 'nsenter', 'runc', containerdProgram(containerd));
  if (missing !== false) throw new Error(`this machine can't run the demo: it ${missing}`);
}

function nameOf(text: string): string {
  const reference = parseReference(text);
  const tagged = reference.tag === undefined && reference.digest === undefined;
  return formatReference(tagged ? { ...reference, tag: 'latest' } : reference);
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
