// The builds of test/fixtures/builds on a machine with our daemon, in one of three ways: as they are, with our frontend, with
// a source policy. Dockerfiles name images of Docker Hub; our registry answers for it.
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Buildkit, startBuildkit } from './buildkit.ts';
import { type Daemon, startDaemon } from './daemon.ts';
import type { RunnableConfig } from './flat-image.ts';
import { addToolchains } from './image-toolchains.ts';
import { image } from './images.ts';
import { unmountBelow } from './mounts.ts';
import { requireProgram } from './needs.ts';
import { type Project } from './projects.ts';
import { TestRegistry } from './registry.ts';
import { run } from './run.ts';

export const ways = ['ordinary', 'frontend', 'policy'] as const;
export type Way = (typeof ways)[number];

const BUILDS = fileURLToPath(new URL('../fixtures/builds', import.meta.url));
const CLI = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

/** Layouts of the two images that builds name in a syntax line. */
export interface Frontends {
  readonly ours: string;
  readonly dockerfile: string;
}

/** What a build wrote, and what was said about its images. */
export interface ProjectBuild {
  readonly output: string;
  /** The lines of `lazypull policy`; empty in the other ways. */
  readonly policy: string;
}

/** Digests of blobs. */
export interface Fetched {
  readonly whole: ReadonlySet<string>;
  readonly parts: ReadonlySet<string>;
}

export class ProjectBuilds implements AsyncDisposable {
  readonly dir: string;
  readonly way: Way;
  readonly registry: TestRegistry;
  readonly daemon: Daemon;
  readonly buildkit: Buildkit;

  private constructor(dir: string, way: Way, registry: TestRegistry, daemon: Daemon, buildkit: Buildkit) {
    this.dir = dir;
    this.way = way;
    this.registry = registry;
    this.daemon = daemon;
    this.buildkit = buildkit;
  }

  static async start(way: Way, frontends: Frontends): Promise<ProjectBuilds> {
    const dir = await mkdtemp('/var/tmp/lazypull-e2e-');
    const registry = await TestRegistry.start({ knobs: { uploadExactQuery: false } });
    addToolchains(registry, (await image('toolchains')).layoutDir);
    addToolchains(registry, (await image('toolchains-esgz')).layoutDir, 'mirror/');
    registry.content.addLayout(frontends.ours, 'frontend');
    registry.content.addLayout(frontends.dockerfile, 'docker/dockerfile');
    const { digest = '' } = registry.content.lookup('docker/dockerfile', 'latest') ?? {};
    registry.content.tag('docker/dockerfile', '1', digest);
    writeFileSync(join(dir, 'variants.toml'), mappingTo(registry.host));
    const mirrors = `[registry.mirrors]\n"docker.io" = ["${registry.url}"]\n`;
    writeFileSync(join(dir, 'policy.toml'), `registry.certs_dir = ""\nregistry.retries = 0\n${mirrors}`);
    const config = `background_fill.enabled = false\nregistry.certs_dir = ""\n${mirrors}`;
    const daemon = await startDaemon({ dir: join(dir, 'lazypull'), config });
    const place = { dir: join(dir, 'buildkit'), snapshotter: 'stargz', proxySocket: daemon.socket } as const;
    const buildkit = await startBuildkit({ ...place, hub: registry.host });
    // Once, before several builds want it at the same time.
    await buildkit.buildxEnv();
    return new ProjectBuilds(dir, way, registry, daemon, buildkit);
  }

  /** Builds and pushes what a project makes. @throws Error with BuildKit's words when that fails. */
  async build(project: Project): Promise<ProjectBuild> {
    const policy = this.way === 'policy' ? await this.#policyFor(project) : undefined;
    const folder = join(BUILDS, project.folder);
    const args = project.kind === 'build' ? this.#buildArgs(project) : this.#bakeArgs(project.kind);
    const env = await this.#environment();
    if (policy !== undefined) env['EXPERIMENTAL_BUILDKIT_SOURCE_POLICY'] = policy.file;
    const { stderr } = await run(requireProgram('docker-buildx'), args, { env, cwd: folder, timeoutMs: 300_000 });
    return { output: stderr, policy: policy?.lines ?? '' };
  }

  /** Starts what images start, each as a step of one build on top of it. @returns what they printed, among other things. */
  async start(images: Readonly<Record<string, RunnableConfig>>): Promise<string> {
    const stages = Object.entries(images).map(([name, { Entrypoint = [], Cmd = [] }], index) => {
      const command = JSON.stringify([...Entrypoint, ...Cmd]);
      return `FROM ${this.registry.host}/${name}:latest AS s${index}\nRUN ${command}\n`;
    });
    const mounts = stages.map((_, index) => `--mount=from=s${index},target=/s${index}`);
    const last = `FROM busybox:stable\nRUN ${mounts.join(' ')} true\n`;
    const args = ['build', '--progress', 'plain', '-'];
    const options = { env: await this.#environment(), input: stages.join('') + last, timeoutMs: 300_000 };
    return (await run(requireProgram('docker-buildx'), args, options)).stderr;
  }

  /** Blobs that somebody downloaded since the start: in one piece, and in parts. */
  get fetched(): Fetched {
    const blobs = this.registry.log.filter(({ method, path }) => method === 'GET' && path.includes('/blobs/sha256:'));
    const digests = (isWhole: boolean): Set<string> =>
      new Set(blobs.flatMap(({ path, range }) => ((range === undefined) === isWhole ? [basename(path)] : [])));
    return { whole: digests(true), parts: digests(false) };
  }

  /** Digests of an image's layers; none when the registry does not have it. */
  async layers(repository: string, tag: string): Promise<string[]> {
    const found = this.registry.content.lookup(repository, tag);
    if (found === undefined) return [];
    const text = Buffer.concat(await Array.fromAsync(found.content.read(0, found.content.size))).toString();
    return (JSON.parse(text) as { layers: { digest: string }[] }).layers.map(({ digest }) => digest);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.buildkit[Symbol.asyncDispose]();
    await this.daemon.stop();
    await this.registry.close();
    await unmountBelow(this.dir);
    await rm(this.dir, { recursive: true, force: true });
  }

  get #output(): string {
    return 'push=true,registry.insecure=true,oci-mediatypes=true';
  }

  #buildArgs({ name, flags = [], buildArgs = [] }: Project): string[] {
    const target = `type=image,name=${this.registry.host}/${name}:latest,${this.#output}`;
    const args = [...buildArgs, ...this.#frontendArgs()].flatMap((arg) => ['--build-arg', arg]);
    return ['build', '--progress', 'plain', '--provenance=false', '--output', target, ...flags, ...args, '.'];
  }

  #bakeArgs(kind: 'bake' | 'compose'): string[] {
    const file = kind === 'bake' ? 'docker-bake.hcl' : 'compose.yaml';
    const sets = [`*.output=type=image,${this.#output}`, ...this.#frontendArgs().map((arg) => `*.args.${arg}`)];
    return ['bake', '--progress', 'plain', '--provenance=false', '-f', file, ...sets.flatMap((set) => ['--set', set])];
  }

  #frontendArgs(): string[] {
    if (this.way !== 'frontend') return [];
    return [
      `BUILDKIT_SYNTAX=${this.registry.host}/frontend:latest`,
      `LAZYPULL_MAPPING=${mappingTo(this.registry.host)}`,
    ];
  }

  async #policyFor({
    name,
    folder,
    kind,
    flags = [],
    buildArgs = [],
  }: Project): Promise<{ file: string; lines: string }> {
    const file = join(this.dir, `${name}.json`);
    const options = ['--mapping', join(this.dir, 'variants.toml'), '--config', join(this.dir, 'policy.toml')];
    const args = buildArgs.flatMap((arg) => ['--build-arg', arg]);
    const env = await this.#environment();
    const cwd = join(BUILDS, folder);
    const policy = [CLI, 'policy', ...options, ...flags, ...args, '--output', file];
    if (kind !== 'bake') return { file, lines: (await run(process.execPath, policy, { cwd, env })).stdout };
    const print = ['bake', '-f', 'docker-bake.hcl', '--print'];
    const { stdout: input } = await run(requireProgram('docker-buildx'), print, { cwd, env });
    return { file, lines: (await run(process.execPath, [...policy, '-'], { cwd, env, input })).stdout };
  }

  async #environment(): Promise<NodeJS.ProcessEnv> {
    const own = { REGISTRY: this.registry.host, BUILDX_BAKE_ENTITLEMENTS_FS: '0' };
    return { ...(await this.buildkit.buildxEnv()), ...own };
  }
}

function mappingTo(host: string): string {
  return `[variants]\n"docker.io/*" = "${host}/mirror/*"\n`;
}
