// The stage of a benchmark: the test registry in a process of its own, at the other end of a link or on this machine,
// and for each sample a fresh containerd with our daemon as it is installed (the built JavaScript).
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startContainerd, type Containerd } from '../support/containerd.ts';
import { startDaemon, type Daemon } from '../support/daemon.ts';
import { image, type ImageName } from '../support/images.ts';
import { createLink, type Link, type LinkOptions } from '../support/link.ts';
import { unmountBelow } from '../support/mounts.ts';
import { run } from '../support/run.ts';
import { BUILT_CLI } from './peers.ts';

const REGISTRY = fileURLToPath(new URL('../support/registry-main.ts', import.meta.url));
const PORT = 5000;
/** Another build can be measured: LAZYPULL_BENCH_CLI is the path of its main.js. */
const CLI = process.env['LAZYPULL_BENCH_CLI'] ?? BUILT_CLI;

/** A registry that serves images, near or far. */
export class Stage implements AsyncDisposable {
  /** `host:port` of the registry. */
  readonly host: string;
  readonly #registry: ChildProcess;
  readonly #link: Link | undefined;

  constructor(host: string, registry: ChildProcess, link: Link | undefined) {
    this.host = host;
    this.#registry = registry;
    this.#link = link;
  }

  /** A fresh containerd and daemon, which know nothing yet. `config` is more of the daemon's configuration. */
  async open(config = ''): Promise<Scene> {
    const dir = await mkdtemp('/var/tmp/lazypull-bench-');
    const netns = this.#link === undefined ? {} : { netns: this.#link.clientNetns };
    const toml = `log.level = "info"\nregistry.plain_http_hosts = ["${this.host}"]\n${config}`;
    const daemon = await startDaemon({ dir: join(dir, 'daemon'), main: CLI, config: toml, ...netns });
    const containerd = await startContainerd({
      version: '2',
      dir: join(dir, 'containerd'),
      snapshotterSocket: daemon.socket,
      ...netns,
    });
    containerd.addRegistry(this.host, `http://${this.host}`);
    return new Scene(dir, this.host, daemon, containerd, this.#link);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const exit = once(this.#registry, 'exit');
    this.#registry.kill();
    await exit;
    await this.#link?.[Symbol.asyncDispose]();
  }
}

/** One containerd with its daemon. Disposing leaves nothing. */
export class Scene implements AsyncDisposable {
  readonly dir: string;
  readonly daemon: Daemon;
  readonly containerd: Containerd;
  readonly #host: string;
  readonly #link: Link | undefined;
  #count = 0;

  constructor(dir: string, host: string, daemon: Daemon, containerd: Containerd, link: Link | undefined) {
    this.dir = dir;
    this.daemon = daemon;
    this.containerd = containerd;
    this.#host = host;
    this.#link = link;
  }

  /** `lazypull pull`. */
  async pullLazily(name: string): Promise<void> {
    const { socketPath } = this.containerd;
    const options = ['--plain-http', '--address', socketPath, '--socket', this.daemon.control];
    const args = [CLI, 'pull', ...options, this.#ref(name)];
    await (this.#link?.runAt('client', process.execPath, args) ?? run(process.execPath, args));
  }

  /** `ctr images pull`, unpacked by overlayfs. */
  async pullOrdinarily(name: ImageName): Promise<void> {
    const options = ['--plain-http', '--hosts-dir', this.containerd.hostsDir, '--snapshotter', 'overlayfs'];
    await this.containerd.ctr(['images', 'pull', ...options, this.#ref(name)], { timeoutMs: 600_000 });
  }

  /** Runs a command in a new container, to its end. */
  async container(name: ImageName, snapshotter: string, command: readonly string[]): Promise<void> {
    const id = `bench-${process.pid}-${++this.#count}`;
    const args = ['run', '--rm', '--net-host', '--snapshotter', snapshotter, this.#ref(name), id, ...command];
    await this.containerd.ctr(args, { timeoutMs: 600_000 });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.containerd.stop();
    await this.daemon.stop();
    await unmountBelow(this.dir);
    await rm(this.dir, { recursive: true, force: true });
  }

  #ref(name: string): string {
    return `${this.#host}/${name}:latest`;
  }
}

/** Serves `images`, and whatever lies in the OCI layouts of `layouts` by name, behind a link when one is described. */
export async function openStage(
  images: readonly ImageName[],
  options: { link?: LinkOptions; layouts?: Readonly<Record<string, string>> } = {},
): Promise<Stage> {
  const built = await Promise.all(images.map(async (name) => [name, (await image(name)).layoutDir] as const));
  const layouts = [...built, ...Object.entries(options.layouts ?? {})];
  const link = options.link === undefined ? undefined : await createLink(options.link);
  const listen = link === undefined ? '127.0.0.1:0' : `${link.serverAddress}:${PORT}`;
  const served = layouts.flatMap(([name, layoutDir]) => ['--layout', `${layoutDir}=${name}`]);
  const command = [process.execPath, REGISTRY, ...served, '--listen', listen];
  if (link !== undefined) command.unshift('nsenter', `--net=/run/netns/${link.serverNetns}`);
  const registry = spawn(command[0]!, command.slice(1), { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(registry.stdout, 'data')) as [Buffer];
  const { host } = JSON.parse(line.toString()) as { host: string };
  return new Stage(host, registry, link);
}
