// The Go stargz snapshotter plugged into a real containerd, with our registry: what the reference makes of our images.
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startContainerd, untilOutput, type Containerd } from './containerd.ts';
import { treeOfImage, withoutImpliedTimes } from './image-tree.ts';
import { image, type ImageName } from './images.ts';
import { unmountBelow } from './mounts.ts';
import { startStargzPeer, type StargzPeer } from './peers/stargz.ts';
import { TestRegistry } from './registry.ts';
import { diffTrees } from './tree.ts';

export class PeerWorld implements AsyncDisposable {
  readonly dir: string;
  readonly registry: TestRegistry;
  readonly containerd: Containerd;
  readonly peer: StargzPeer;
  readonly #startedSec = Math.floor(Date.now() / 1000);
  #containers = 0;

  constructor(dir: string, registry: TestRegistry, containerd: Containerd, peer: StargzPeer) {
    this.dir = dir;
    this.registry = registry;
    this.containerd = containerd;
    this.peer = peer;
  }

  /** The reference of an image in the registry. */
  ref(name: string): string {
    return `${this.registry.host}/${name}:latest`;
  }

  /** Puts one of the test images into the registry under its own name. */
  async add(name: ImageName): Promise<void> {
    this.registry.content.addLayout((await image(name)).layoutDir, name);
  }

  /** A lazy pull, as people do it with the reference tools. */
  async pullLazily(name: string): Promise<void> {
    await this.containerd.ctrRemote(['images', 'rpull', '--plain-http', this.ref(name)]);
  }

  /** A pull that unpacks with overlayfs. */
  async pullOrdinarily(name: string): Promise<void> {
    const options = ['--plain-http', '--hosts-dir', this.containerd.hostsDir, '--snapshotter', 'overlayfs'];
    await this.containerd.ctr(['images', 'pull', ...options, this.ref(name)], { timeoutMs: 300_000 });
  }

  /** Runs a command in a new container. @returns what it wrote to stdout. */
  container(name: string, command: readonly string[], snapshotter = 'stargz'): Promise<string> {
    return untilOutput(async () => {
      const id = `peer-${process.pid}-${++this.#containers}`;
      const args = ['run', '--rm', '--net-host', '--snapshotter', snapshotter, this.ref(name), id, ...command];
      return (await this.containerd.ctr(args)).stdout;
    });
  }

  /** Lines in which a pulled image under one snapshotter differs from another one that overlayfs unpacked. */
  async differences(name: string, ordinary: string, snapshotter = 'stargz'): Promise<string[]> {
    const unpacked = await treeOfImage(this.containerd, this.ref(ordinary), 'overlayfs', this.dir);
    const seen = await treeOfImage(this.containerd, this.ref(name), snapshotter, this.dir);
    const [right = [], left = []] = withoutImpliedTimes(this.#startedSec, unpacked, seen);
    return diffTrees(left, right);
  }

  /** Digests in the content store. */
  async content(): Promise<Set<string>> {
    return new Set((await this.containerd.ctr(['content', 'ls', '-q'])).stdout.trim().split('\n'));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.containerd.stop();
    await this.peer[Symbol.asyncDispose]();
    await this.registry.close();
    await unmountBelow(this.dir);
    await rm(this.dir, { recursive: true, force: true });
  }
}

/** Starts all of it. `config` is the peer's, in TOML, before its tables. */
export async function startPeerWorld(config = ''): Promise<PeerWorld> {
  const dir = await mkdtemp('/var/tmp/lazypull-peer-');
  const registry = await TestRegistry.start();
  const peer = await startStargzPeer({ dir: join(dir, 'peer'), plainHttp: [registry.host], config });
  const containerd = await startContainerd({
    version: '2',
    dir: join(dir, 'containerd'),
    snapshotterSocket: peer.socketPath,
    snapshotterRoot: join(dir, 'peer', 'root'),
  });
  containerd.addRegistry(registry.host, registry.url);
  return new PeerWorld(dir, registry, containerd, peer);
}
