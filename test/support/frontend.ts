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

export class FrontendWorld implements AsyncDisposable {
  readonly dir: string;
  readonly registry: TestRegistry;
  readonly daemon: Daemon;
  readonly buildkit: Buildkit;
  #contexts = 0;

  constructor(dir: string, registry: TestRegistry, daemon: Daemon, buildkit: Buildkit) {
    this.dir = dir;
    this.registry = registry;
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
  async build({ dockerfile, flags = [], files = {} }: BuildRequest): Promise<RunResult> {
    const folder = join(this.dir, `context-${++this.#contexts}`);
    mkdirSync(folder);
    for (const [name, text] of Object.entries({ ...files, Dockerfile: dockerfile })) {
      writeFileSync(join(folder, name), text);
    }
    const args = ['build', '--progress', 'plain', ...flags, folder];
    const env = await this.buildkit.buildxEnv();
    return run(requireProgram('docker-buildx'), args, { check: false, env, timeoutMs: 120_000 });
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
    await rm(this.dir, { recursive: true, force: true });
  }
}

/** Starts everything, with `small:latest`, and `small:latest-esgz` which was made from it. */
export async function startFrontendWorld(): Promise<FrontendWorld> {
  const dir = await mkdtemp('/var/tmp/lazypull-e2e-');
  const registry = await TestRegistry.start({ knobs: { uploadExactQuery: false } });
  const layout = join(dir, 'frontend');
  await run(process.execPath, [IMAGE_SCRIPT, layout], { timeoutMs: 300_000 });
  registry.content.addLayout(layout, 'frontend');
  const { layoutDir, tag } = await image('small');
  registry.content.addLayout(layoutDir, 'small');
  await convert(`oci:${layoutDir}:${tag}`, `${registry.host}/small:latest-esgz`);
  const daemon = await startDaemon({ dir: join(dir, 'lazypull'), config: CONFIG });
  const buildkit = await startBuildkit({
    dir: join(dir, 'buildkit'),
    snapshotter: 'stargz',
    proxySocket: daemon.socket,
    plainHttp: [registry.host],
  });
  return new FrontendWorld(dir, registry, daemon, buildkit);
}
