// Where the demo's images come from, and where its programs run: our registry with the sample at the other end of a
// link (or on loopback, where a machine has no TUN devices), or whatever registry an image of the user's is in.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createLink, type Link, linkNeeds } from '../test/support/link.ts';
import { needs } from '../test/support/needs.ts';
import { readLayout } from '../test/support/oci-layout.ts';
import { run } from '../test/support/run.ts';
import type { Sample } from './demo-sample.ts';

/** A registry as the client's side sees it. */
export interface Place extends AsyncDisposable {
  /** The image in its lazy form, and in its ordinary form; the same when there is only one. */
  readonly lazyRef: string;
  readonly ordinaryRef: string;
  /** Size of the ordinary form, when it is known beforehand. */
  readonly ordinaryBytes: number | undefined;
  /** Set when the registry speaks plain HTTP. */
  readonly plainHttp: boolean;
  /** Folder of hosts.toml files for this registry; undefined for none. */
  readonly hostsDir: string | undefined;
  /** Network namespace of the client. */
  readonly netns: string | undefined;
  /** What lies between client and registry, for the reader. */
  readonly line: string;
  /** Bytes that the registry has sent so far; undefined when it does not say. */
  sentBytes(): Promise<number | undefined>;
}

const REGISTRY = fileURLToPath(new URL('../test/support/registry-main.ts', import.meta.url));
const CERTS_DIR = '/etc/containerd/certs.d';
const PORT = 5000;
const RTT_MS = 20;
const MBIT = 200;

/** Serves the sample. */
export async function samplePlace(sample: Sample, say: (text: string) => void): Promise<Place> {
  await using stack = new AsyncDisposableStack();
  const missing = linkNeeds.filter((name) => needs(name) !== false);
  const link =
    missing.length === 0 ? stack.use(await createLink({ rttMs: RTT_MS, bitsPerSec: MBIT * 1e6 })) : undefined;
  if (link === undefined) say(`no link between the two sides, because this machine lacks ${missing.join(', ')}`);
  const host = await startRegistry(sample, link, stack);
  const close = stack.move();
  return {
    lazyRef: `${host}/estargz:latest`,
    ordinaryRef: `${host}/gzip:latest`,
    ordinaryBytes: readLayout(sample.ordinary).layers.reduce((sum, { size }) => sum + size, 0),
    plainHttp: true,
    hostsDir: undefined,
    netns: link?.clientNetns,
    line: link === undefined ? 'over loopback, without a link' : `over a link of ${RTT_MS} ms and ${MBIT} Mbit/s`,
    sentBytes: () => askRegistry(host, link),
    [Symbol.asyncDispose]: () => close.disposeAsync(),
  };
}

/** The registry of an image, in full form, as this machine reaches it. */
export function registryPlace(ref: string, plainHttp: boolean): Place {
  return {
    lazyRef: ref,
    ordinaryRef: ref,
    ordinaryBytes: undefined,
    plainHttp,
    hostsDir: existsSync(CERTS_DIR) ? CERTS_DIR : undefined,
    netns: undefined,
    line: "over this machine's network",
    sentBytes: async () => undefined,
    [Symbol.asyncDispose]: async () => {},
  };
}

async function startRegistry(sample: Sample, link: Link | undefined, stack: AsyncDisposableStack): Promise<string> {
  const listen = link === undefined ? '127.0.0.1:0' : `${link.serverAddress}:${PORT}`;
  const layouts = ['--layout', `${sample.lazy}=estargz`, '--layout', `${sample.ordinary}=gzip`];
  const command = [process.execPath, REGISTRY, ...layouts, '--listen', listen];
  if (link !== undefined) command.unshift('nsenter', `--net=/run/netns/${link.serverNetns}`);
  const [program = '', ...args] = command;
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exit = once(child, 'exit');
  stack.defer(async () => {
    child.kill('SIGTERM');
    await exit;
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return (JSON.parse(line.toString()) as { host: string }).host;
}

// Asked from its own side, so that the question is not on the link.
async function askRegistry(host: string, link: Link | undefined): Promise<number> {
  const script = `fetch('http://${host}/_stats').then((r) => r.text()).then((t) => process.stdout.write(t))`;
  const args = ['-e', script];
  const { stdout } = await (link?.runAt('server', process.execPath, args) ?? run(process.execPath, args));
  return (JSON.parse(stdout) as { bytes: number }).bytes;
}
