// Pull and first runs of a 4-layer image over a link, ours beside the Go snapshotter, in turn, everything wiped between
// samples: `node test/bench/pull.ts [--runs 3] [--rtt 20] [--mbit 200] [--image real-esgz] [--peers go,ours] [--json]`.
import { mkdtemp, rm } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { startContainerd, type Containerd } from '../support/containerd.ts';
import { image, type ImageName } from '../support/images.ts';
import { createLink, type Link } from '../support/link.ts';
import { unmountBelow } from '../support/mounts.ts';
import { run } from '../support/run.ts';
import { BUILT_CLI, missingPeer, startPeer, type Peer, type PeerName } from './peers.ts';
import { median, residentKib } from './figures.ts';

const PORT = 5000;
/** A daemon has been up for a while when a job pulls; what it does at its start is not the pull's time. */
const SETTLE_MS = 3000;
const REGISTRY = fileURLToPath(new URL('../support/registry-main.ts', import.meta.url));
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
await using link = await createLink({ rttMs: Number(values.rtt), bitsPerSec: Number(values.mbit) * 1e6 });
const host = `${link.serverAddress}:${PORT}`;
const registry = spawn(
  'nsenter',
  [
    `--net=/run/netns/${link.serverNetns}`,
    process.execPath,
    REGISTRY,
    '--layout',
    `${layoutDir}=${name}`,
    '--listen',
    host,
  ],
  { stdio: ['ignore', 'pipe', 'inherit'] },
);
await once(registry.stdout, 'data');

const samples: Sample[] = [];
try {
  const peers = (values.peers.split(',') as PeerName[]).filter((peer) => {
    const missing = missingPeer(peer);
    if (missing !== undefined) say(`${peer} is missing: ${missing}`);
    return missing === undefined;
  });
  for (let round = 0; round < Number(values.runs); round++) {
    for (const peer of round % 2 === 0 ? peers : peers.toReversed()) {
      const sample = await measure(peer, link);
      samples.push(sample);
      say(JSON.stringify(sample));
    }
  }
} finally {
  registry.kill();
}
report();

async function measure(name: PeerName, link: Link): Promise<Sample> {
  const dir = await mkdtemp('/var/tmp/lazypull-bench-');
  const netns = link.clientNetns;
  const peer = await startPeer(name, {
    dir: join(dir, 'peer'),
    netns,
    plainHttpHost: host,
    background: values.background,
  });
  const containerd = await startContainerd({
    version: '2',
    dir: join(dir, 'containerd'),
    netns,
    snapshotterSocket: peer.socket,
  });
  containerd.addRegistry(host, `http://${host}`);
  try {
    return await sampleOf(name, peer, containerd);
  } finally {
    say(
      readFileSync(join(dir, 'peer', name === 'ours' ? 'daemon.log' : 'log'), 'utf8')
        .split('\n')
        .filter((l) => l.includes('TRACE'))
        .join('\n'),
    );
    await containerd.stop();
    await peer.stop();
    await unmountBelow(dir);
    await rm(dir, { recursive: true, force: true });
  }
}

async function sampleOf(name: PeerName, peer: Peer, containerd: Containerd): Promise<Sample> {
  await sleep(SETTLE_MS);
  const before = await stats();
  const pullMs = await timed(() => pull(peer, containerd));
  const pulled = await stats();
  const pythonMs = await timed(() => container(containerd, 'p1', ['/usr/bin/python3', '-c', 'print(1)']));
  const python = await stats();
  const nodeMs = await timed(() => container(containerd, 'n1', ['/usr/local/bin/node', '-e', 'console.log(1)']));
  const node = await stats();
  const againMs = await timed(() => container(containerd, 'p2', ['/usr/bin/python3', '-c', 'print(1)']));
  return {
    peer: name,
    pullMs,
    pullRequests: pulled.requests - before.requests,
    pullBytes: pulled.bytes - before.bytes,
    pythonMs,
    pythonRequests: python.requests - pulled.requests,
    nodeMs,
    nodeRequests: node.requests - python.requests,
    totalBytes: node.bytes - before.bytes,
    againMs,
    residentKib: residentKib(await peer.pids()),
  };
}

async function pull(peer: Peer, containerd: Containerd): Promise<void> {
  const ref = `${host}/${name}:latest`;
  if (peer.control === undefined) {
    await containerd.ctrRemote(['images', 'rpull', '--plain-http', ref]);
    return;
  }
  const args = [BUILT_CLI, 'pull', '--plain-http', '--address', containerd.socketPath, '--socket', peer.control, ref];
  await link.runAt('client', process.execPath, args);
}

async function container(containerd: Containerd, id: string, command: readonly string[]): Promise<void> {
  const ref = `${host}/${name}:latest`;
  await containerd.ctr(['run', '--rm', '--net-host', '--snapshotter', 'stargz', ref, id, ...command]);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return Math.round(performance.now() - started);
}

async function stats(): Promise<{ requests: number; bytes: number }> {
  const script = `fetch('http://${host}/_stats').then(r=>r.text()).then(t=>process.stdout.write(t))`;
  const { stdout } = await run('nsenter', [`--net=/run/netns/${link.serverNetns}`, process.execPath, '-e', script]);
  return JSON.parse(stdout) as { requests: number; bytes: number };
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
