// Builds on lazily pulled bases: our registry, a daemon, and a buildkitd that mounts by it, either by itself (OCI worker) or
// through a containerd. Each of the three can be ended and started again over what it left on disk. Beside it, on request, a
// buildkitd with overlayfs: what a build makes there, from the same image in ordinary layers, is what it has to make here.
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImageStatus, LayerState } from '../../src/daemon/status.ts';
import { type Build, readProgress } from './build-progress.ts';
import { type Buildkit, startBuildkit } from './buildkit.ts';
import { type Containerd, containerdProgram, startContainerd } from './containerd.ts';
import { type Daemon, startDaemon } from './daemon.ts';
import { image, type ImageName } from './images.ts';
import { mountsBelow, unmountBelow } from './mounts.ts';
import { needs, requireProgram } from './needs.ts';
import { TestRegistry } from './registry.ts';
import { run, type RunOptions } from './run.ts';
import { until } from './until.ts';

/** Who holds BuildKit's snapshots: buildkitd with our socket, or containerd 2 with our plugin. */
export type BuildWorker = 'oci' | 'containerd';

export interface BuildWorldOptions {
  readonly images: readonly ImageName[];
  /** Default `oci`. */
  readonly worker?: BuildWorker;
  /** More of the daemon's configuration. Nothing is fetched in the background unless it says so. */
  readonly config?: string;
  /** Of buildkitd. */
  readonly flags?: readonly string[];
}

const DAEMON = 'background_fill.enabled = false\nregistry.certs_dir = ""\n';
// A difference that BuildKit can't take from the overlay is then an error, instead of a comparison of whole trees.
const ENVIRONMENT = { BUILDKIT_DEBUG_FORCE_OVERLAY_DIFF: 'true' };

/** What a test file with a world needs. */
export function buildWorldNeeds(...more: string[]): string | false {
  return needs('root', 'fuse', 'erofs', 'runc', 'buildkitd', 'buildctl', containerdProgram('2'), ...more);
}

interface Parts {
  daemon: Daemon;
  containerd: Containerd | undefined;
  buildkit: Buildkit;
}

export class BuildWorld implements AsyncDisposable {
  readonly dir: string;
  readonly registry: TestRegistry;
  readonly worker: BuildWorker;
  readonly #options: BuildWorldOptions;
  #parts: Parts | undefined;
  #ordinary: Promise<Buildkit> | undefined;
  #contexts = 0;

  private constructor(dir: string, registry: TestRegistry, options: BuildWorldOptions) {
    this.dir = dir;
    this.registry = registry;
    this.worker = options.worker ?? 'oci';
    this.#options = options;
  }

  /** Its folder is on the disk of /var/tmp, since EROFS files and overlays want a real one. */
  static async start(options: BuildWorldOptions): Promise<BuildWorld> {
    const registry = await TestRegistry.start({ knobs: { uploadExactQuery: false } });
    for (const name of options.images) registry.content.addLayout((await image(name)).layoutDir, name);
    const world = new BuildWorld(await mkdtemp('/var/tmp/lazypull-e2e-'), registry, options);
    try {
      await world.#startAll();
    } catch (error) {
      await world[Symbol.asyncDispose]();
      throw error;
    }
    return world;
  }

  get daemon(): Daemon {
    return this.#running.daemon;
  }

  get buildkit(): Buildkit {
    return this.#running.buildkit;
  }

  ref(name: string): string {
    return `${this.registry.host}/${name}:latest`;
  }

  /** A folder with these files. */
  context(files: Readonly<Record<string, string | Uint8Array>>): string {
    const folder = join(this.dir, `context-${++this.#contexts}`);
    mkdirSync(folder);
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    return folder;
  }

  /** Builds a Dockerfile, or a folder that has one. @throws Error when the build fails, unless `check` is false. */
  async build(dockerfile: string, flags: readonly string[] = [], options: RunOptions = {}): Promise<Build> {
    return await buildOn(this.buildkit, this.#folder(dockerfile), flags, options);
  }

  /** The same on another BuildKit. */
  async buildOn(buildkit: Buildkit, dockerfile: string, flags: readonly string[] = []): Promise<Build> {
    return await buildOn(buildkit, this.#folder(dockerfile), flags, {});
  }

  /** The same on overlayfs: nothing is lazy there. */
  async buildOrdinarily(dockerfile: string, flags: readonly string[] = []): Promise<Build> {
    this.#ordinary ??= startBuildkit({
      dir: join(this.dir, 'ordinary'),
      snapshotter: 'overlayfs',
      plainHttp: [this.registry.host],
      env: ENVIRONMENT,
    });
    return await buildOn(await this.#ordinary, this.#folder(dockerfile), flags, {});
  }

  async buildctl(...args: string[]): Promise<string> {
    return (await run(requireProgram('buildctl'), ['--addr', this.buildkit.address, ...args])).stdout;
  }

  /** Whole blobs of layers that somebody fetched from a repository since the last `registry.forget()`. */
  wholeBlobs(repository: string): string[] {
    const isLayer = (path: string, bytes: number): boolean =>
      path.startsWith(`/v2/${repository}/blobs/`) && bytes > 10_000;
    return this.registry.log.flatMap(({ method, path, range, bytes }) =>
      method === 'GET' && range === undefined && isLayer(path, bytes) ? [path] : [],
    );
  }

  /** What the daemon says of an image; undefined when it has no layer of it. */
  async lookup(ref: string): Promise<ImageStatus | undefined> {
    return (await this.daemon.status()).images.find((found) => found.ref.startsWith(ref));
  }

  /** How the layers of an image are there, bottom first; none when the daemon has none. */
  async states(ref: string): Promise<LayerState[]> {
    return (await this.lookup(ref))?.layers.map(({ state }) => state) ?? [];
  }

  /** Ends buildkitd, or kills it, and starts it over what it left. */
  async restartBuildkit(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const parts = this.#running;
    await parts.buildkit.stop(signal);
    parts.buildkit = await this.#startBuildkit(parts);
  }

  /** Ends the whole daemon, or kills it with the process that serves, and starts it over what it left. */
  async restartDaemon(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const parts = this.#running;
    if (signal === 'SIGTERM') await parts.daemon.stop();
    else await killAll(parts.daemon);
    parts.daemon = await this.#startDaemon();
  }

  /** A machine that knows nothing: everything ends, and what it had on disk is gone. The registry stays. */
  async wipe(): Promise<void> {
    await this.#endAll();
    for (const name of readdirSync(this.dir)) {
      if (!name.startsWith('context-')) await rm(join(this.dir, name), { recursive: true });
    }
    await this.#startAll();
  }

  /** Mounts of layers: EROFS ones below the daemon's root. */
  get layerMounts(): string[] {
    return mountsBelow(join(this.daemon.dir, 'root', 'm'));
  }

  /** Files of layers that the serving process has open. */
  async openLayers(): Promise<string[]> {
    const fds = join('/proc', String(await this.daemon.servingPid()), 'fd');
    const layers = join(this.daemon.dir, 'root', 'layers');
    return readdirSync(fds)
      .map((fd) => targetOf(join(fds, fd)))
      .filter((target) => target.startsWith(`${layers}/`));
  }

  /**
   * Nobody uses a layer any more: waits until the daemon has let go of mounts, files, folders and rows. Its cache on disk stays.
   * @throws Error when something is held.
   */
  async untilNothingIsHeld(): Promise<void> {
    const root = join(this.daemon.dir, 'root', 'snapshotter');
    const folders = (): string[] => readdirSync(root).flatMap((name) => readdirSync(join(root, name, 'snapshots')));
    await until(() => this.layerMounts.length === 0, 'the mounts of layers to go');
    await until(() => folders().length === 0, 'the folders of snapshots to go');
    const { consumers, images } = await this.daemon.status();
    const rows = consumers.reduce((sum, { snapshots }) => sum + snapshots, 0);
    assert.deepEqual({ rows, images, open: await this.openLayers() }, { rows: 0, images: [], open: [] });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await (await this.#ordinary?.catch(() => undefined))?.[Symbol.asyncDispose]();
    await this.#endAll();
    await this.registry.close();
    await unmountBelow(this.dir);
    await rm(this.dir, { recursive: true, force: true });
  }

  get #running(): Parts {
    if (this.#parts === undefined) throw new Error('nothing runs: the world was disposed, or did not start');
    return this.#parts;
  }

  #folder(dockerfile: string): string {
    return dockerfile.startsWith('/') ? dockerfile : this.context({ Dockerfile: dockerfile });
  }

  async #startAll(): Promise<void> {
    const daemon = await this.#startDaemon();
    const containerd = this.worker === 'oci' ? undefined : await this.#startContainerd(daemon);
    this.#parts = { daemon, containerd, buildkit: await this.#startBuildkit({ daemon, containerd }) };
  }

  #startDaemon(): Promise<Daemon> {
    return startDaemon({ dir: join(this.dir, 'lazypull'), config: DAEMON + (this.#options.config ?? '') });
  }

  #startContainerd(daemon: Daemon): Promise<Containerd> {
    const root = join(daemon.dir, 'root');
    const dir = join(this.dir, 'containerd');
    return startContainerd({ version: '2', dir, snapshotterSocket: daemon.socket, snapshotterRoot: root });
  }

  #startBuildkit({ daemon, containerd }: Pick<Parts, 'daemon' | 'containerd'>): Promise<Buildkit> {
    return startBuildkit({
      dir: join(this.dir, 'buildkit'),
      snapshotter: 'stargz',
      ...(containerd === undefined ? { proxySocket: daemon.socket } : { containerdSocket: containerd.socketPath }),
      plainHttp: [this.registry.host],
      env: ENVIRONMENT,
      flags: this.#options.flags ?? [],
    });
  }

  async #endAll(): Promise<void> {
    const parts = this.#parts;
    this.#parts = undefined;
    await parts?.buildkit[Symbol.asyncDispose]();
    await parts?.containerd?.stop();
    await parts?.daemon.stop();
  }
}

async function killAll(daemon: Daemon): Promise<void> {
  const serving = await daemon.servingPid();
  process.kill(daemon.pid, 'SIGKILL');
  process.kill(serving, 'SIGKILL');
  // The supervisor's end is told by its exit; that of the process that serves shows in /proc.
  await daemon.stop();
}

/** @throws Error with what the steps wrote when the build fails, unless `check` is false. */
async function buildOn(
  buildkit: Buildkit,
  folder: string,
  flags: readonly string[],
  options: RunOptions,
): Promise<Build> {
  const rawjson = ['--progress', 'rawjson', ...flags];
  const { status, stderr } = await buildkit.build(folder, rawjson, { ...options, check: false });
  const build = readProgress(stderr);
  if (status === 0 || options.check === false) return build;
  throw new Error(`the build of ${folder} failed: status ${status}: ${build.output.slice(-3000)}`);
}

function targetOf(link: string): string {
  try {
    return readlinkSync(link);
  } catch {
    // It was closed while we looked.
    return '';
  }
}
