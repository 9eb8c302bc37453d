// Pull and first runs of a 4-layer image over a link, ours beside the Go snapshotter, in turn, everything wiped between
// samples: `node test/bench/pull.ts [--runs 3] [--rtt 20] [--mbit 200] [--image real-esgz] [--peers go,ours] [--json]`.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { image, type ImageName } from '../support/images.ts';
import { type Client, openFarRegistry } from './far.ts';
import { median, residentKib } from './figures.ts';
import { missingPeer, type PeerName } from './peers.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '3' },
    rtt: { type: 'string', default: '20' },
    mbit: { type: 'string', default: '200' },
    image: { type: 'string', default: 'real-esgz' },
    peers: { type: 'string', default: 'go,ours' },
    background: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});

/** One sample: milliseconds, requests and bytes at the registry, resident KiB of all processes of the snapshotter. */
interface Sample {
  readonly peer: PeerName;
  readonly pullMs: number;
  readonly pullRequests: number;
  readonly pullBytes: number;
  readonly pythonMs: number;
  readonly pythonRequests: number;
  readonly nodeMs: number;
  readonly nodeRequests: number;
  readonly totalBytes: number;
  readonly againMs: number;
  readonly residentKib: number;
}

const name = values.image as ImageName;
const { layoutDir } = await image(name);
const say = (text: string): void => void process.stderr.write(`${text}\n`);
const line = { rttMs: Number(values.rtt), bitsPerSec: Number(values.mbit) * 1e6 };
await using far = await openFarRegistry(line, { [name]: layoutDir });

const samples: Sample[] = [];
const peers = (values.peers.split(',') as PeerName[]).filter((peer) => {
  const missing = missingPeer(peer);
  if (missing !== undefined) say(`${peer} is missing: ${missing}`);
  return missing === undefined;
});
for (let round = 0; round < Number(values.runs); round++) {
  for (const peer of round % 2 === 0 ? peers : peers.toReversed()) {
    await using client = await far.open(peer, { background: values.background });
    const sample = await sampleOf(peer, client);
    samples.push(sample);
    say(JSON.stringify(sample));
  }
}
report();

async function sampleOf(peer: PeerName, client: Client): Promise<Sample> {
  const before = await far.traffic();
  const pullMs = await client.pull(name);
  const pulled = await far.traffic();
  const pythonMs = await client.container(name, ['/usr/bin/python3', '-c', 'print(1)']);
  const python = await far.traffic();
  const nodeMs = await client.container(name, ['/usr/local/bin/node', '-e', 'console.log(1)']);
  const node = await far.traffic();
  const againMs = await client.container(name, ['/usr/bin/python3', '-c', 'print(1)']);
  return {
    peer,
    pullMs,
    pullRequests: pulled.requests - before.requests,
    pullBytes: pulled.bytes - before.bytes,
    pythonMs,
    pythonRequests: python.requests - pulled.requests,
    nodeMs,
    nodeRequests: node.requests - python.requests,
    totalBytes: node.bytes - before.bytes,
    againMs,
    residentKib: residentKib(await client.peer.pids()),
  };
}

function report(): void {
  const keys = Object.keys(samples[0] ?? {}).filter((key) => key !== 'peer') as (keyof Omit<Sample, 'peer'>)[];
  const of = (peer: PeerName, key: keyof Omit<Sample, 'peer'>): number =>
    median(samples.filter((sample) => sample.peer === peer).map((sample) => sample[key]));
  const table = keys.map((key) => ({
    figure: key,
    go: of('go', key),
    ours: of('ours', key),
    ratio: of('ours', key) / of('go', key),
  }));
  const kernel = readFileSync('/proc/sys/kernel/osrelease', 'utf8').trim();
  const about = {
    image: name,
    rttMs: Number(values.rtt),
    mbit: Number(values.mbit),
    runs: Number(values.runs),
    kernel,
  };
  if (values.json) console.log(JSON.stringify({ about, samples, medians: table }, undefined, 2));
  else {
    console.log(JSON.stringify(about));
    console.table(table.map(({ figure, go, ours, ratio }) => ({ figure, go, ours, ratio: Number(ratio.toFixed(2)) })));
  }
}
