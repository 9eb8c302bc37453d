// A registry at the far end of a link, and at the near end, for each sample, a fresh containerd with one of the snapshotters.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startContainerd, type Containerd } from '../support/containerd.ts';
import { createLink, type Link, type LinkOptions } from '../support/link.ts';
import { unmountBelow } from '../support/mounts.ts';
import { BUILT_CLI, startPeer, type Peer, type PeerName } from './peers.ts';

const REGISTRY = fileURLToPath(new URL('../support/registry-main.ts', import.meta.url));
const PORT = 5000;
/** A daemon has been up for a while when a job pulls; what it does at its start is not the pull's time. */
const SETTLE_MS = 3000;

/** What the registry has sent since it was started. */
export interface Traffic {
  readonly requests: number;
  readonly bytes: number;
}

/** The registry with its line. Disposing ends both. */
export class FarRegistry implements AsyncDisposable {
  /** `host:port`, to be reached from the client's end. */
  readonly host: string;
  readonly link: Link;
  readonly #registry: ChildProcess;

  constructor(host: string, link: Link, registry: ChildProcess) {
    this.host = host;
    this.link = link;
    this.#registry = registry;
  }

  async traffic(): Promise<Traffic> {
    const script = `fetch('http://${this.host}/_stats').then(r=>r.text()).then(t=>process.stdout.write(t))`;
    return JSON.parse((await this.link.runAt('server', process.execPath, ['-e', script])).stdout) as Traffic;
  }

  /** A fresh containerd and snapshotter, which have nothing, some seconds after their start. */
  async open(name: PeerName, options: { background: boolean }): Promise<Client> {
    const dir = await mkdtemp('/var/tmp/lazypull-bench-');
    const netns = this.link.clientNetns;
    const where = { dir: join(dir, 'peer'), netns, plainHttpHost: this.host };
    const peer = await startPeer(name, { ...where, background: options.background });
    const containerd = await startContainerd({
      version: '2',
      dir: join(dir, 'containerd'),
      netns,
      snapshotterSocket: peer.socket,
    });
    containerd.addRegistry(this.host, `http://${this.host}`);
    await sleep(SETTLE_MS);
    return new Client(dir, this, peer, containerd);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const exit = once(this.#registry, 'exit');
    this.#registry.kill();
    await exit;
    await this.link[Symbol.asyncDispose]();
  }
}

/** Serves OCI layouts by name at the far end. */
export async function openFarRegistry(
  link: LinkOptions,
  layouts: Readonly<Record<string, string>>,
): Promise<FarRegistry> {
  const line = await createLink(link);
  const host = `${line.serverAddress}:${PORT}`;
  const served = Object.entries(layouts).flatMap(([name, layoutDir]) => ['--layout', `${layoutDir}=${name}`]);
  const command = [`--net=/run/netns/${line.serverNetns}`, process.execPath, REGISTRY, ...served, '--listen', host];
  const registry = spawn('nsenter', command, { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(registry.stdout, 'data');
  return new FarRegistry(host, line, registry);
}

/** The near end of one sample. Disposing leaves nothing of it. */
export class Client implements AsyncDisposable {
  readonly peer: Peer;
  readonly #dir: string;
  readonly #far: FarRegistry;
  readonly #containerd: Containerd;
  #containers = 0;

  constructor(dir: string, far: FarRegistry, peer: Peer, containerd: Containerd) {
    this.#dir = dir;
    this.#far = far;
    this.peer = peer;
    this.#containerd = containerd;
  }

  /** A lazy pull by the client that belongs to the snapshotter. @returns milliseconds. */
  pull(name: string): Promise<number> {
    const ref = this.#ref(name);
    const { control } = this.peer;
    const { socketPath } = this.#containerd;
    if (control === undefined) {
      return timed(() => this.#containerd.ctrRemote(['images', 'rpull', '--plain-http', ref]));
    }
    const args = ['pull', '--plain-http', '--address', socketPath, '--socket', control, ref];
    return timed(() => this.#far.link.runAt('client', process.execPath, [BUILT_CLI, ...args]));
  }

  /** Runs a command in a new container, to its end. @returns milliseconds. */
  container(name: string, command: readonly string[]): Promise<number> {
    const id = `bench-${process.pid}-${++this.#containers}`;
    const args = ['run', '--rm', '--net-host', '--snapshotter', 'stargz', this.#ref(name), id, ...command];
    return timed(() => this.#containerd.ctr(args));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#containerd.stop();
    await this.peer.stop();
    await unmountBelow(this.#dir);
    await rm(this.#dir, { recursive: true, force: true });
  }

  #ref(name: string): string {
    return `${this.#far.host}/${name}:latest`;
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return Math.round(performance.now() - started);
}
