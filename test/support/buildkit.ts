// A buildkitd of our own for a test, with its built-in stargz snapshotter or another one behind a socket, and the two
// clients that people build with.
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { unmountBelow } from './mounts.ts';
import { requireProgram, toolsDir } from './needs.ts';
import { run, type RunOptions, type RunResult } from './run.ts';

export interface BuildkitOptions {
  /** Folder of its root, socket, configuration and log. Absolute, on a real disk. */
  readonly dir: string;
  /** `stargz` pulls lazily; `overlayfs` does not. */
  readonly snapshotter: 'stargz' | 'overlayfs';
  /** Socket of the snapshotter instead of the built-in one. */
  readonly proxySocket?: string;
  /** Socket of a containerd that keeps snapshots and content and runs the steps, instead of buildkitd by itself. */
  readonly containerdSocket?: string;
  /** Registries (`host:port`) that are spoken to in plain http. */
  readonly plainHttp?: readonly string[];
  /** Network namespace below /run/netns that it and its steps run in. */
  readonly netns?: string;
  /** More of buildkitd.toml, in front of its registries. */
  readonly config?: string;
  /** The registry that is asked in place of Docker Hub. Plain http, too. */
  readonly hub?: string;
  /** More variables, and more flags. */
  readonly env?: Readonly<Record<string, string>>;
  readonly flags?: readonly string[];
}

/** A running buildkitd. Disposing ends it and unmounts what it mounted. */
export class Buildkit implements AsyncDisposable {
  readonly dir: string;
  /** `unix:///...` */
  readonly address: string;
  readonly #child: ChildProcess;

  constructor(dir: string, address: string, child: ChildProcess) {
    this.dir = dir;
    this.address = address;
    this.#child = child;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** What it wrote so far. */
  get log(): string {
    return readFileSync(join(this.dir, 'buildkitd.log'), 'utf8');
  }

  /** `buildctl build` of a Dockerfile in a folder. `flags` say where the result goes. */
  build(context: string, flags: readonly string[], options: RunOptions = {}): Promise<RunResult> {
    return run(requireProgram('buildctl'), this.buildArgs(context, flags), { timeoutMs: 300_000, ...options });
  }

  /** Arguments of `buildctl` for a build, for a shell's pipe. */
  buildArgs(context: string, flags: readonly string[]): string[] {
    const inputs = ['--frontend', 'dockerfile.v0', '--local', `context=${context}`, '--local', `dockerfile=${context}`];
    return ['--addr', this.address, 'build', '--progress', 'plain', ...inputs, ...flags];
  }

  /** The environment with which `docker-buildx` builds on this buildkitd, under the builder name `test`. */
  async buildxEnv(): Promise<NodeJS.ProcessEnv> {
    const config = join(this.dir, 'buildx');
    const env = { ...process.env, BUILDX_CONFIG: config, DOCKER_CONFIG: config, BUILDX_BUILDER: 'test' };
    if (existsSync(config)) return env;
    mkdirSync(config);
    const create = ['create', '--name', 'test', '--driver', 'remote', this.address];
    await run(requireProgram('docker-buildx'), create, { env });
    return env;
  }

  /** Ends it, and leaves everything on disk and mounted as it is. */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill(signal);
    const late = setTimeout(() => this.#child.kill('SIGKILL'), 10_000);
    await ended;
    clearTimeout(late);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await unmountBelow(this.dir);
  }
}

/** Starts buildkitd and waits until it answers. @throws Error with its log when it does not. */
export async function startBuildkit(options: BuildkitOptions): Promise<Buildkit> {
  const { dir } = options;
  mkdirSync(dir, { recursive: true });
  const address = `unix://${join(dir, 'buildkitd.sock')}`;
  const config = join(dir, 'buildkitd.toml');
  const { hub } = options;
  const plainHttp = new Set([...(options.plainHttp ?? []), ...(hub === undefined ? [] : [hub])]);
  const registries = [...plainHttp].map((host) => `[registry."${host}"]\n  http = true\n`);
  if (hub !== undefined) registries.push(`[registry."docker.io"]\n  mirrors = ["${hub}"]\n`);
  writeFileSync(config, [options.config ?? '', ...registries].join('\n'));
  const otel = ['--otel-socket-path', join(dir, 'otel.sock')];
  const args = [...otel, '--root', join(dir, 'root'), '--addr', address, '--config', config, ...workerArgs(options)];
  const path = [join(toolsDir, 'bin'), process.env['PATH'] ?? '', '/usr/sbin', '/sbin'].join(delimiter);
  const env = { ...process.env, PATH: path, OTEL_TRACES_EXPORTER: 'none', ...options.env };
  const log = openSync(join(dir, 'buildkitd.log'), 'a');
  const command = [requireProgram('buildkitd'), ...args, ...(options.flags ?? []), '--debug'];
  if (options.netns !== undefined) command.unshift('nsenter', `--net=/run/netns/${options.netns}`);
  const child = spawn(command[0]!, command.slice(1), { env, stdio: ['ignore', log, log] });
  closeSync(log);
  const buildkit = new Buildkit(dir, address, child);
  for (let tries = 0; !(await answers(buildkit)); tries++) {
    if (child.exitCode === null && tries < 300) await sleep(100);
    else {
      await buildkit[Symbol.asyncDispose]();
      throw new Error(`buildkitd does not answer:\n${buildkit.log.slice(-3000)}`);
    }
  }
  return buildkit;
}

function workerArgs({ snapshotter, proxySocket, containerdSocket }: BuildkitOptions): string[] {
  if (containerdSocket !== undefined) {
    const worker = ['--oci-worker=false', '--containerd-worker=true', '--containerd-worker-net=host'];
    return [
      ...worker,
      `--containerd-worker-addr=${containerdSocket}`,
      `--containerd-worker-snapshotter=${snapshotter}`,
    ];
  }
  const proxy = proxySocket === undefined ? [] : [`--oci-worker-proxy-snapshotter-path=${proxySocket}`];
  const worker = ['--oci-worker=true', '--containerd-worker=false', '--oci-worker-net=host'];
  return [...worker, '--oci-worker-binary=runc', `--oci-worker-snapshotter=${snapshotter}`, ...proxy];
}

async function answers({ dir, address }: Buildkit): Promise<boolean> {
  if (!existsSync(join(dir, 'buildkitd.sock'))) return false;
  const { status } = await run(requireProgram('buildctl'), ['--addr', address, 'debug', 'workers'], { check: false });
  return status === 0;
}
