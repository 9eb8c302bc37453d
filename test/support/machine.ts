// A fresh CI runner for one test: Debian 13 with its own /etc, /var, /run and network, systemd as process 1, sudo, Docker
// 26, containerd 1.7, buildx and compose, in namespaces of this machine. Opening takes about two seconds.
//
//   await using machine = await openMachine({ mounts: [projectDir] });
//   await using registry = await TestRegistry.start({ address: machine.registryAddress, port: REGISTRY_PORT });
//   await machine.run('docker run --rm registry.test:5000/small:latest /bin/true');
//
// Docker knows registry.test:5000 as an insecure registry, in a daemon.json that is "the user's own". For a line with
// delay and rate open a `Link`, give it as `network`, and start registry-main.ts in its server namespace on
// `machine.registryAddress`. There is no way out to the world.
// The real disk is below /var and /home; / is an overlay; /run and /tmp are tmpfs. No limits of memory or CPU (see
// machine-boot.ts). Read results through `machine.path`, before the machine is disposed: then nothing of it is left.
import { randomBytes } from 'node:crypto';
import { readFileSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readDistribution } from '../../script/programs/distribution.ts';
import { image, type ImageName } from './images.ts';
import type { Link } from './link.ts';
import type { MachineMount } from './machine-boot.ts';
import { cgroupMount } from './machine-cgroup.ts';
import { disableUnits, insideRoot, type MachineFile, removePackage, writeFiles } from './machine-files.ts';
import { executeInside } from './machine-execute.ts';
import { type Keeper, startKeeper } from './machine-keeper.ts';
import { hostsFile, joinNetwork, type MachineNetwork } from './machine-network.ts';
import {
  type Inside,
  loginEnv,
  type MachineCommand,
  type MachineProcess,
  type MachineRunOptions,
  type MachineSpawnOptions,
  runInside,
  spawnInside,
} from './machine-process.ts';
import { machineRoot, runnerUser } from './machine-root.ts';
import { needs, requireProgram } from './needs.ts';
import { run, type RunResult } from './run.ts';
import type { JobOptions } from './runner-job.ts';
import { until } from './until.ts';

/** What is there when the machine has booted. */
export interface MachineOptions {
  /** Docker with its CLI and plugins: running, installed but disabled, or not installed. Default: running. */
  readonly docker?: 'running' | 'stopped' | 'absent';
  /** containerd with runc; Docker needs it. Default: running. */
  readonly containerd?: 'running' | 'stopped' | 'absent';
  /** A container named `service` of the image `small:latest` runs, as one of `services:` does. */
  readonly containersRunning?: boolean;
  /** Whether the runner's user may `sudo` without a password. Default: true. */
  readonly sudo?: boolean;
  /** Whether there is a /dev/fuse. Default: true. */
  readonly fuse?: boolean;
  /** Files by their path in the machine; they replace ours (/etc/docker/daemon.json) and the packages'. */
  readonly files?: Readonly<Record<string, MachineFile>>;
  /** Units that may have failed because of `files`; another one is an error. Docker without containerd fails after a minute. */
  readonly mayFail?: readonly string[];
  /** Folders and files of this machine that are there read-only; a string means: at the same path. Not below /tmp. */
  readonly mounts?: readonly (string | MachineMount)[];
  /** The client's end of this link is the machine's network; end the machine first. Default: a pair of devices. */
  readonly network?: Link;
}

/** The port on registry.test that Docker's daemon.json names. */
export const REGISTRY_PORT = 5000;

/** The runner's Node 24, as the machine sees it. */
export const MACHINE_NODE = '/home/runner/externals/node24/bin/node';

const PROGRAMS = ['ip', 'nsenter', 'unshare', 'debootstrap', 'flock', 'losetup'];
const PACKAGES = {
  docker: ['docker.io', 'docker-cli', 'docker-buildx', 'docker-compose'],
  containerd: ['containerd', 'runc'],
};
const UNITS = { docker: ['docker.service', 'docker.socket'], containerd: ['containerd.service'] };
/** Mounted over or made by the system when it boots. */
const NOT_FOR_MOUNTS = /^\/(tmp|proc|sys|dev)(\/|$)/;

/** Use as the `skip` option of a test; `more` is what else it needs, as for `needs`. */
export function machineNeeds(...more: string[]): string | false {
  if (!isDebian()) return 'needs Debian: its packages make the test machine';
  if (cgroupMount() === undefined) return 'needs a cgroup2 filesystem';
  return needs('root', 'fuse', ...PROGRAMS, ...more);
}

function isDebian(): boolean {
  try {
    return readDistribution().id === 'debian';
  } catch {
    return false;
  }
}

/** A machine that has booted. Disposing ends all of its processes and leaves nothing. */
export class Machine implements AsyncDisposable {
  /** Process id of its systemd, on this machine. */
  readonly init: number;
  readonly address: string;
  /** Where a registry has to listen that it reaches as `registry.test`. */
  readonly registryAddress: string;
  readonly #keeper: Keeper;
  readonly #inside: Inside;
  readonly #root: string;

  constructor(keeper: Keeper, network: MachineNetwork) {
    this.init = keeper.init;
    this.address = network.address;
    this.registryAddress = network.registryAddress;
    this.#keeper = keeper;
    this.#inside = { init: keeper.init, cgroup: keeper.options.cgroup };
    this.#root = keeper.root;
  }

  /** Runs a program, or a script of bash, to its end; as the user `runner` unless told. */
  run(command: MachineCommand, options: MachineRunOptions = {}): Promise<RunResult> {
    const env = { ...loginEnv(options.user ?? 'runner'), ...options.env };
    return runInside(this.#inside, command, env, options);
  }

  /** Starts a program that goes on running. */
  spawn(command: MachineCommand, options: MachineSpawnOptions = {}): MachineProcess {
    const env = { ...loginEnv(options.user ?? 'runner'), ...options.env };
    return spawnInside(this.#inside, command, env, options);
  }

  /** What makes a job (runner-job.ts) one of the machine's user `runner`, in /home/runner/work as on a hosted runner. */
  job(): Required<Pick<JobOptions, 'execute' | 'dir' | 'toInside' | 'owner' | 'node' | 'env'>> {
    return {
      execute: (command, options) => executeInside(this.#inside, command, options),
      dir: this.path(runnerUser.home),
      toInside: (path) => this.toInside(path),
      owner: runnerUser,
      node: MACHINE_NODE,
      env: loginEnv('runner'),
    };
  }

  /** The path at which this machine sees a path of the test machine, links followed. Only root can use it. */
  path(path: string): string {
    return insideRoot(this.#root, path);
  }

  /** Turns a path of `path` around; others, which are mounted at the same place, stay. */
  toInside(path: string): string {
    return path.startsWith(`${this.#root}/`) ? path.slice(this.#root.length) : path;
  }

  /** Brings a test image into Docker without a registry, as `NAME:latest`. */
  async loadImage(name: ImageName): Promise<void> {
    const { layoutDir, tag } = await image(name);
    const archive = join(this.#keeper.options.boot.state, `${name}.tar`);
    const target = `docker-archive:${archive}:${name}:latest`;
    await run(requireProgram('skopeo'), ['copy', '--insecure-policy', '--quiet', `oci:${layoutDir}:${tag}`, target]);
    await this.run(['docker', 'load'], { input: readFileSync(archive) });
    rmSync(archive);
  }

  /** What a unit has logged, or everything. */
  async journal(unit?: string): Promise<string> {
    const only = unit === undefined ? [] : ['--unit', unit];
    return (await this.run(['journalctl', '--no-pager', '--output=cat', ...only], { user: 'root' })).stdout;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#keeper[Symbol.asyncDispose]();
  }
}

/** Boots a machine. Only the first call ever on a system takes longer. @throws Error when a unit of it fails. */
export async function openMachine(options: MachineOptions = {}): Promise<Machine> {
  const { docker = 'running', containerd = 'running', fuse = true, network: link } = options;
  if (docker === 'running' && containerd !== 'running') throw new Error('Docker runs only where containerd does');
  const lower = await machineRoot();
  const keeper = await startKeeper({ lower, fuse, mounts: mountsOf(options.mounts ?? []) }, link?.clientNetns);
  try {
    const network =
      link === undefined
        ? await joinNetwork(keeper.init, keeper.options.device)
        : { address: link.clientAddress, registryAddress: link.serverAddress };
    furnish(keeper.root, { ...options, docker, containerd }, network);
    keeper.boot();
    const machine = new Machine(keeper, network);
    await untilRunning(machine, options.mayFail ?? []);
    if (options.containersRunning === true) await startService(machine);
    return machine;
  } catch (error) {
    await keeper[Symbol.asyncDispose]();
    throw error;
  }
}

function mountsOf(mounts: readonly (string | MachineMount)[]): MachineMount[] {
  const all = mounts.map((mount) => (typeof mount === 'string' ? { source: mount, target: mount } : mount));
  const wrong = all.find(
    ({ source, target }) => !source.startsWith('/') || !/^\/./.test(target) || NOT_FOR_MOUNTS.test(target),
  );
  if (wrong !== undefined) {
    throw new Error(`mount ${wrong.source} at ${wrong.target}: must be absolute, and not where the system mounts`);
  }
  return [...all, { source: realpathSync(process.execPath), target: MACHINE_NODE }];
}

function furnish(root: string, options: MachineOptions, { registryAddress }: MachineNetwork): void {
  for (const name of ['docker', 'containerd'] as const) {
    if (options[name] !== 'running') disableUnits(root, UNITS[name]);
    if (options[name] === 'absent') for (const one of PACKAGES[name]) removePackage(root, one);
  }
  const insecure = { 'insecure-registries': [`registry.test:${REGISTRY_PORT}`] };
  writeFiles(root, {
    '/etc/hosts': hostsFile(registryAddress),
    // systemd would take that of the machine that we run on.
    '/etc/machine-id': `${randomBytes(16).toString('hex')}\n`,
    ...(options.docker === 'absent'
      ? {}
      : { '/etc/docker/daemon.json': `${JSON.stringify(insecure, undefined, 2)}\n` }),
    ...options.files,
  });
  if (options.sudo === false) rmSync(insideRoot(root, '/etc/sudoers.d/runner'));
}

async function untilRunning(machine: Machine, mayFail: readonly string[]): Promise<void> {
  await until(async () => {
    const asked = ['systemctl', 'is-system-running', '--wait'];
    const { stdout } = await machine.run(asked, { user: 'root', check: false });
    return /^(running|degraded)$/m.test(stdout);
  }, 'systemd in the test machine');
  const list = ['systemctl', 'list-units', '--plain', '--no-legend', '--state=failed,auto-restart'];
  const broken = (await machine.run(list)).stdout.split('\n').map((line) => line.split(' ')[0] ?? '');
  const wrong = broken.filter((unit) => unit !== '' && !mayFail.includes(unit));
  if (wrong.length === 0) return;
  throw new Error(`${wrong.join(', ')} failed in the test machine: ${(await machine.journal()).slice(-4000)}`);
}

// It ends when Docker asks, as services do: else every restart of Docker would wait ten seconds for it.
async function startService(machine: Machine): Promise<void> {
  await machine.loadImage('small');
  const command = ['/bin/sh', '-c', 'trap exit TERM; /bin/sleep 1000000 & wait'];
  await machine.run(['docker', 'run', '--detach', '--name=service', 'small:latest', ...command]);
}
