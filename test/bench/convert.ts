// `lazypull convert` beside `ctr-remote image convert`, in turn, on the same image and at the same level: wall time, CPU,
// memory, size. `node test/bench/convert.ts [--runs 3] [--image real] [--format estargz|zstd:chunked] [--level 9] [--json]`.
// Ours is as it is installed (npm run build), from an OCI layout to an OCI layout. The reference's containerd is up, and has
// the image, before the clock starts.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Containerd, startContainerd } from '../support/containerd.ts';
import { importLayout } from '../support/image-convert.ts';
import { image, type ImageName } from '../support/images.ts';
import { requireProgram } from '../support/needs.ts';
import { readLayout } from '../support/oci-layout.ts';
import { costOf, type Cost } from './cost.ts';
import { median } from './figures.ts';
import { BUILT_CLI, missingPeer } from './peers.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '3' },
    image: { type: 'string', default: 'real' },
    format: { type: 'string', default: 'estargz' },
    level: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});

interface Sample extends Cost {
  readonly who: 'lazypull' | 'ctr-remote';
  /** Of the layers together. */
  readonly bytes: number;
}

const isZstd = values.format === 'zstd:chunked';
const level = values.level ?? (isZstd ? '3' : '9');
const { layoutDir } = await image(values.image as ImageName);
const missing = missingPeer('ours');
if (missing !== undefined) throw new Error(missing);
const dir = await mkdtemp('/var/tmp/lazypull-bench-');
const source = 'convert.test/source:latest';
const target = 'convert.test/target:latest';
const samples: Sample[] = [];
try {
  await using containerd = await startContainerd({ version: '2', dir: join(dir, 'containerd') });
  await importLayout(containerd, layoutDir, source, join(dir, 'work'));
  for (let round = 0; round < Number(values.runs); round++) {
    const turns = [ours, (): Promise<Sample> => theirs(containerd)];
    for (const turn of round % 2 === 0 ? turns : turns.toReversed()) {
      const sample = await turn();
      samples.push(sample);
      process.stderr.write(`${JSON.stringify(sample)}\n`);
    }
  }
} finally {
  await rm(dir, { recursive: true, force: true });
}
report();

async function ours(): Promise<Sample> {
  const out = join(dir, 'out');
  await rm(out, { recursive: true, force: true });
  const flags = ['--format', values.format, '--compression-level', level];
  const cost = await costOf([
    process.execPath,
    BUILT_CLI,
    'convert',
    ...flags,
    `oci:${layoutDir}:latest`,
    `oci:${out}`,
  ]);
  const bytes = readLayout(out).layers.reduce((sum, { size }) => sum + size, 0);
  return { who: 'lazypull', ...cost, bytes };
}

async function theirs(containerd: Containerd): Promise<Sample> {
  await containerd.ctr(['images', 'rm', '--sync', target], { check: false });
  const flags = isZstd
    ? ['--zstdchunked', '--zstdchunked-compression-level', level]
    : ['--estargz', '--estargz-compression-level', level];
  const command = [requireProgram('ctr-remote'), '--address', containerd.socketPath, 'images', 'convert', '--oci'];
  const cost = await costOf([...command, ...flags, source, target], [containerd.pid]);
  return { who: 'ctr-remote', ...cost, bytes: await layerBytes(containerd) };
}

/** Of the target's layers. */
async function layerBytes(containerd: Containerd): Promise<number> {
  const { stdout } = await containerd.ctr(['images', 'ls', `name==${target}`]);
  const digest = /sha256:([0-9a-f]{64})/.exec(stdout)?.[1] ?? '';
  const blobs = join(dir, 'containerd', 'root', 'io.containerd.content.v1.content', 'blobs', 'sha256');
  const { layers } = JSON.parse(await readFile(join(blobs, digest), 'utf8')) as { layers: { size: number }[] };
  return layers.reduce((sum, { size }) => sum + size, 0);
}

function report(): void {
  const of = (who: Sample['who'], key: keyof Cost | 'bytes'): number =>
    median(samples.filter((sample) => sample.who === who).map((sample) => sample[key]));
  const keys = ['wallMs', 'cpuMs', 'peakKib', 'bytes'] as const;
  const medians = keys.map((key) => {
    const [own, other] = [of('lazypull', key), of('ctr-remote', key)];
    return [key, { lazypull: Math.round(own), ctrRemote: Math.round(other), ratio: Number((own / other).toFixed(3)) }];
  });
  const { image: name, format, runs } = values;
  const result = { image: name, format, level, runs: Number(runs), medians: Object.fromEntries(medians) as object };
  if (values.json) console.log(JSON.stringify({ ...result, samples }));
  else {
    console.log(`${name} as ${format} at level ${level}, medians of ${runs}: lazypull, ctr-remote, ratio`);
    for (const [key, { lazypull, ctrRemote, ratio }] of medians as [string, Record<string, number>][]) {
      console.log(`  ${key.padEnd(8)} ${lazypull} ${ctrRemote} ${ratio}`);
    }
  }
}
