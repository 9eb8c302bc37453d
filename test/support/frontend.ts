// Builds with our gateway frontend: its image in a registry, a buildkitd that mounts by our daemon, and images with and
// without a lazily pullable variant.
import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ImageStatus } from '../../src/daemon/status.ts';
import { startBuildkit, type Buildkit } from './buildkit.ts';
import { convert } from './convert-cli.ts';
import { startDaemon, type Daemon } from './daemon.ts';
import { image } from './images.ts';
import { requireProgram } from './needs.ts';
import { TestRegistry } from './registry.ts';
import { run, type RunResult } from './run.ts';

const IMAGE_SCRIPT = fileURLToPath(new URL('../../buildkit-frontend/image/main.ts', import.meta.url));
const CONFIG = 'background_fill.enabled = false\nregistry.certs_dir = ""\n';

export interface BuildRequest {
  readonly dockerfile: string;
  readonly flags?: readonly string[];
  /** Other files of the context. */
  readonly files?: Readonly<Record<string, string>>;
}

interface Registries {
  readonly registry: TestRegistry;
  readonly closed: TestRegistry;
}

export class FrontendWorld implements AsyncDisposable {
  readonly dir: string;
  readonly registry: TestRegistry;
  /** Nothing in it can be read: nobody has its password. */
  readonly closed: TestRegistry;
  readonly daemon: Daemon;
  readonly buildkit: Buildkit;
  #contexts = 0;

  constructor(dir: string, registries: Registries, daemon: Daemon, buildkit: Buildkit) {
    this.dir = dir;
    this.registry = registries.registry;
    this.closed = registries.closed;
    this.daemon = daemon;
    this.buildkit = buildkit;
  }

  /** The frontend's image. */
  get frontend(): string {
    return `${this.registry.host}/frontend:latest`;
  }

  /** The ordinary base image. */
  get base(): string {
    return `${this.registry.host}/small:latest`;
  }

  /** `docker buildx build`; whether it fails is the caller's to see. */
  build({ dockerfile, flags = [], files = {} }: BuildRequest): Promise<RunResult> {
    const folder = this.context({ ...files, Dockerfile: dockerfile });
    return this.buildx(['build', '--progress', 'plain', ...flags, folder]);
  }

  /** A folder with these files. */
  context(files: Readonly<Record<string, string>>): string {
    const folder = join(this.dir, `context-${++this.#contexts}`);
    mkdirSync(folder);
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    return folder;
  }

  /** `docker buildx`, in a folder. */
  async buildx(args: readonly string[], cwd?: string): Promise<RunResult> {
    const env = await this.buildkit.buildxEnv();
    const options = { check: false, env, timeoutMs: 120_000, ...(cwd === undefined ? {} : { cwd }) };
    return run(requireProgram('docker-buildx'), args, options);
  }

  /** What was fetched of a repository in one piece since the last `registry.forget()`. */
  wholeBlobs(repository: string): string[] {
    const isWhole = (path: string, bytes: number): boolean =>
      path.startsWith(`/v2/${repository}/blobs/`) && bytes > 10_000;
    return this.registry.log
      .filter(({ method, path, range, bytes }) => method === 'GET' && range === undefined && isWhole(path, bytes))
      .map(({ path }) => path);
  }

  /** What the daemon says of an image; undefined when nobody asked it for a layer. */
  async lazyImage(reference: string): Promise<ImageStatus | undefined> {
    return (await this.daemon.status()).images.find(({ ref }) => ref.startsWith(reference));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.buildkit[Symbol.asyncDispose]();
    await this.daemon.stop();
    await this.registry.close();
    await this.closed.close();
    await rm(this.dir, { recursive: true, force: true });
  }
}

/** The frontend's image as an OCI layout. */
export async function writeFrontendImage(layout: string): Promise<void> {
  await run(process.execPath, [IMAGE_SCRIPT, layout], { timeoutMs: 300_000 });
}

/**
 * Starts everything, with `small:latest`, and `small:latest-esgz` which was made from it. `built` is a layout with the
 * frontend's image; it is made anew unless given.
 */
export async function startFrontendWorld(built?: string): Promise<FrontendWorld> {
  const dir = await mkdtemp('/var/tmp/lazypull-e2e-');
  const registry = await TestRegistry.start({ knobs: { uploadExactQuery: false, namesAccepted: true } });
  const layout = built ?? join(dir, 'frontend');
  if (built === undefined) await writeFrontendImage(layout);
  registry.content.addLayout(layout, 'frontend');
  const { layoutDir, tag } = await image('small');
  registry.content.addLayout(layoutDir, 'small');
  await convert(`oci:${layoutDir}:${tag}`, `${registry.host}/small:latest-esgz`);
  const closed = await TestRegistry.start({ auth: { kind: 'basic', username: 'somebody', password: 'else' } });
  const daemon = await startDaemon({ dir: join(dir, 'lazypull'), config: CONFIG });
  const buildkit = await startBuildkit({
    dir: join(dir, 'buildkit'),
    snapshotter: 'stargz',
    proxySocket: daemon.socket,
    plainHttp: [registry.host, closed.host],
  });
  return new FrontendWorld(dir, { registry, closed }, daemon, buildkit);
}
