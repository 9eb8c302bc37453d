// Everything that a lazily pulled container needs, for one test: our registry with real images, a real containerd, and
// a `lazypull daemon` plugged into it.
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DaemonStatus, ImageStatus } from '../../src/daemon/status.ts';
import { startContainerd, untilOutput, type Containerd } from './containerd.ts';
import { startDaemon, type Daemon } from './daemon.ts';
import { treeOfImage, withoutImpliedTimes } from './image-tree.ts';
import { image, type ImageName } from './images.ts';
import { mountsBelow, unmountBelow } from './mounts.ts';
import { TestRegistry } from './registry.ts';
import { run, type RunResult } from './run.ts';
import { diffTrees, type TreeEntry } from './tree.ts';

const CLI = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

export interface WorldOptions {
  readonly version: '1.7' | '2';
  readonly images: readonly ImageName[];
  /** More of the daemon's config.toml; of the world's folder, where it has to name what lies there. */
  readonly config?: string | ((dir: string) => string);
  readonly cri?: { readonly sandboxImage: string };
  /** The registry to use, with its faults and credentials; a plain one unless given. */
  readonly registry?: TestRegistry;
}

export class World implements AsyncDisposable {
  readonly dir: string;
  readonly registry: TestRegistry;
  readonly containerd: Containerd;
  daemon: Daemon;
  #mounted = 0;
  readonly #unpacked = new Map<ImageName, Promise<TreeEntry[]>>();
  readonly #startedSec = Math.floor(Date.now() / 1000);

  constructor(dir: string, registry: TestRegistry, containerd: Containerd, daemon: Daemon) {
    this.dir = dir;
    this.registry = registry;
    this.containerd = containerd;
    this.daemon = daemon;
  }

  /** The reference of an image in the registry. */
  ref(name: ImageName): string {
    return `${this.registry.host}/${name}:latest`;
  }

  /** Runs the `lazypull` command. */
  lazypull(args: readonly string[], check = true): Promise<RunResult> {
    return run(process.execPath, [CLI, ...args], { check });
  }

  /** `lazypull pull` into this containerd. */
  pull(name: ImageName): Promise<RunResult> {
    return this.lazypull([
      'pull',
      '--address',
      this.containerd.socketPath,
      '--socket',
      this.daemon.control,
      '--plain-http',
      this.ref(name),
    ]);
  }

  /** Runs a command in a new container of an image. @returns what it wrote to stdout. */
  async container(name: ImageName, command: readonly string[], snapshotter = 'stargz'): Promise<string> {
    return untilOutput(async () => {
      // runc's state is one for the whole machine, so the id is too.
      const id = `e2e-${process.pid}-${++this.#mounted}`;
      const args = ['run', '--rm', '--net-host', '--snapshotter', snapshotter, this.ref(name), id, ...command];
      return (await this.containerd.ctr(args)).stdout;
    });
  }

  /** Everything that can be seen of an image's root. Read by another process. */
  tree(name: ImageName, snapshotter: string): Promise<TreeEntry[]> {
    return treeOfImage(this.containerd, this.ref(name), snapshotter, this.dir);
  }

  /** Lines in which the lazily mounted image differs from another one that overlayfs unpacked. */
  async differences(lazy: ImageName, ordinary: ImageName): Promise<string[]> {
    const unpacked = await this.#unpack(ordinary);
    const mounted = await this.tree(lazy, 'stargz');
    const [right = [], left = []] = withoutImpliedTimes(this.#startedSec, unpacked, mounted);
    return diffTrees(left, right);
  }

  /** The tree of an ordinary pull; once for each image, since nobody changes it. */
  #unpack(name: ImageName): Promise<TreeEntry[]> {
    const unpack = async (): Promise<TreeEntry[]> => {
      await this.containerd.ctr(this.pullArgs(name, 'overlayfs'), { timeoutMs: 300_000 });
      return this.tree(name, 'overlayfs');
    };
    const tree = this.#unpacked.get(name) ?? unpack();
    this.#unpacked.set(name, tree);
    return tree;
  }

  /** Arguments of `ctr` for an ordinary pull. */
  pullArgs(name: ImageName, snapshotter: string): string[] {
    return [
      'images',
      'pull',
      '--plain-http',
      '--hosts-dir',
      this.containerd.hostsDir,
      '--snapshotter',
      snapshotter,
      this.ref(name),
    ];
  }

  /** What the daemon says of an image. @throws Error when it does not know it. */
  async status(name: ImageName): Promise<ImageStatus & { daemon: DaemonStatus }> {
    const daemon = await this.daemon.status();
    const found = daemon.images.find(({ ref }) => ref === this.ref(name) || ref.startsWith(`${this.ref(name)}@`));
    if (found === undefined) throw new Error(`${this.ref(name)} is not in ${JSON.stringify(daemon.images)}`);
    return { ...found, daemon };
  }

  /** Digests in the content store. */
  async content(): Promise<string[]> {
    return (await this.containerd.ctr(['content', 'ls', '-q'])).stdout.trim().split('\n');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.containerd.stop();
    await this.daemon.stop();
    await this.registry.close();
    await unmountBelow(this.dir);
    await rm(this.dir, { recursive: true, force: true });
  }

  /** Mounts that are left below this world's folder. */
  get mounts(): string[] {
    return mountsBelow(this.dir);
  }
}

/**
 * Starts all of it. Its folder is on the disk of /var/tmp, since EROFS files and overlays want a real one. When a part does
 * not start, the others are ended, the given registry too: a test would wait for it and never tell why.
 */
export async function startWorld(options: WorldOptions): Promise<World> {
  await using started = new AsyncDisposableStack();
  const dir = await mkdtemp('/var/tmp/lazypull-e2e-');
  started.defer(() => rm(dir, { recursive: true, force: true }));
  const registry = options.registry ?? (await TestRegistry.start());
  started.defer(() => registry.close());
  for (const name of options.images) registry.content.addLayout((await image(name)).layoutDir, name);
  const { config } = options;
  const daemon = await startDaemon({
    dir: join(dir, 'lazypull'),
    ...(config === undefined ? {} : { config: typeof config === 'string' ? config : config(dir) }),
  });
  started.defer(async () => {
    await daemon.stop();
  });
  const containerd = await startContainerd({
    version: options.version,
    dir: join(dir, 'containerd'),
    snapshotterSocket: daemon.socket,
    snapshotterRoot: join(daemon.dir, 'root'),
    ...(options.cri === undefined ? {} : { cri: options.cri }),
  });
  containerd.addRegistry(registry.host, registry.url);
  started.move();
  return new World(dir, registry, containerd, daemon);
}
