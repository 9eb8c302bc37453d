// How an optimized image starts: one of `lazypull optimize` beside one of `ctr-remote images optimize`, of the same image and
// the same workload, over a link, under our snapshotter and under the reference's, in turn, everything wiped between samples.
// `node test/bench/optimize.ts [--runs 3] [--rtt 20] [--mbit 200] [--peers go,ours] [--background] [--json]`, as root.
import { mkdtemp, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { parseArgs } from 'node:util';
import { image } from '../support/images.ts';
import { toolsDir } from '../support/needs.ts';
import { run } from '../support/run.ts';
import { openFarRegistry } from './far.ts';
import { median } from './figures.ts';
import { BUILT_CLI, missingPeer, type PeerName } from './peers.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '3' },
    rtt: { type: 'string', default: '20' },
    mbit: { type: 'string', default: '200' },
    peers: { type: 'string', default: 'go,ours' },
    background: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});

const IMAGES = ['lazypull', 'ctr-remote'] as const;
const COMMAND = ['/usr/bin/python3', '/app/main.py'];

interface Figures {
  readonly pullMs: number;
  readonly runMs: number;
  readonly startMs: number;
  /** Bytes at the registry when the pull has ended, and when the container has. */
  readonly pullBytes: number;
  readonly bytes: number;
  readonly requests: number;
}

interface Sample extends Figures {
  /** The snapshotter, and who optimized the image. */
  readonly peer: PeerName;
  readonly image: (typeof IMAGES)[number];
}

const say = (text: string): void => void process.stderr.write(`${text}\n`);
const peers = (values.peers.split(',') as PeerName[]).filter((peer) => {
  const missing = missingPeer(peer);
  if (missing !== undefined) say(`${peer} is missing: ${missing}`);
  return missing === undefined;
});
const dir = await mkdtemp('/var/tmp/lazypull-bench-');
const samples: Sample[] = [];
try {
  const layouts = { lazypull: await optimized(), 'ctr-remote': (await image('real-esgz-python')).layoutDir };
  const line = { rttMs: Number(values.rtt), bitsPerSec: Number(values.mbit) * 1e6 };
  await using far = await openFarRegistry(line, layouts);
  for (let round = 0; round < Number(values.runs); round++) {
    const turns = peers.flatMap((peer) => IMAGES.map((name) => ({ peer, name })));
    for (const { peer, name } of round % 2 === 0 ? turns : turns.toReversed()) {
      await using client = await far.open(peer, { background: values.background });
      const before = await far.traffic();
      const pullMs = await client.pull(name);
      const pulled = await far.traffic();
      const runMs = await client.container(name, COMMAND);
      const after = await far.traffic();
      samples.push({
        peer,
        image: name,
        pullMs,
        runMs,
        startMs: pullMs + runMs,
        pullBytes: pulled.bytes - before.bytes,
        bytes: after.bytes - before.bytes,
        requests: after.requests - before.requests,
      });
      say(JSON.stringify(samples.at(-1)));
    }
  }
} finally {
  await rm(dir, { recursive: true, force: true });
}
report();

/** @returns the layout of the image that `lazypull optimize` made, as the recipe of real-esgz-python did. */
async function optimized(): Promise<string> {
  const out = join(dir, 'out');
  const { layoutDir } = await image('real');
  const env = { ...process.env, PATH: [join(toolsDir, 'bin'), process.env['PATH']].join(delimiter) };
  const args = [BUILT_CLI, 'optimize', '--period', '8', `oci:${layoutDir}`, `oci:${out}:latest`, '--', ...COMMAND];
  const started = performance.now();
  await run(process.execPath, args, { env, timeoutMs: 15 * 60_000 });
  say(`lazypull optimize took ${Math.round((performance.now() - started) / 1000)} s`);
  return out;
}

function report(): void {
  const keys = ['pullMs', 'runMs', 'startMs', 'pullBytes', 'bytes', 'requests'] as const;
  const rows = peers.flatMap((peer) =>
    keys.map((key) => {
      const [own = Number.NaN, other = Number.NaN] = IMAGES.map((name) =>
        median(samples.filter((one) => one.peer === peer && one.image === name).map((one) => one[key])),
      );
      return {
        snapshotter: peer,
        figure: key,
        lazypull: own,
        'ctr-remote': other,
        ratio: Number((own / other).toFixed(2)),
      };
    }),
  );
  const about = { rttMs: Number(values.rtt), mbit: Number(values.mbit), runs: Number(values.runs) };
  if (values.json) console.log(JSON.stringify({ about, samples, medians: rows }, undefined, 2));
  else {
    console.log(JSON.stringify(about));
    console.table(rows);
  }
}
