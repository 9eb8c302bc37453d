// A test machine with the daemon as a systemd unit and a rootful Podman that finds its layers in the additional layer
// store, all at their usual places: /etc/containers, /var/lib/containers, /var/lib/lazypull.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { json } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { DaemonStatus, ImageStatus } from '../../src/daemon/status.ts';
import { cacheDir } from '../../script/programs/cache.ts';
import { type Machine, MACHINE_NODE, machineNeeds, openMachine, REGISTRY_PORT } from './machine.ts';
import type { MachineProcess } from './machine-process.ts';
import { TestRegistry } from './registry.ts';
import type { RunResult } from './run.ts';
import { until } from './until.ts';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
/** Where the machine sees it: a checkout may lie below /tmp, which the machine mounts over. */
const PROJECT_INSIDE = '/srv/lazypull';
const PODMAN = `${PROJECT_INSIDE}/.tools/containers/podman`;
const LAZYPULL = [MACHINE_NODE, `${PROJECT_INSIDE}/src/cli/main.ts`];
/** Where the store is. */
export const STORE = '/var/lib/lazypull/store';
/** Where layers are mounted. */
const MOUNTS = '/var/lib/lazypull/m';

/** Use as the `skip` option of a test. */
export function podmanMachineNeeds(): string | false {
  return machineNeeds('erofs', 'containers/podman', 'containers/conmon', 'containers/netavark', 'busybox');
}

export class PodmanMachine implements AsyncDisposable {
  readonly machine: Machine;
  readonly registry: TestRegistry;

  private constructor(machine: Machine, registry: TestRegistry) {
    this.machine = machine;
    this.registry = registry;
  }

  /** @param config more of the daemon's config.toml. */
  static async open(config: string): Promise<PodmanMachine> {
    await using started = new AsyncDisposableStack();
    const machine = started.use(
      await openMachine({
        docker: 'absent',
        containerd: 'stopped',
        mounts: [
          { source: PROJECT, target: PROJECT_INSIDE },
          { source: cacheDir, target: cacheDir },
        ],
        files: files(config),
      }),
    );
    const registry = started.use(await TestRegistry.start({ address: machine.registryAddress, port: REGISTRY_PORT }));
    registry.knobs.uploadExactQuery = false; // Podman writes a Location's query in another way
    const world = new PodmanMachine(machine, registry);
    // As on a real system. Podman runs in a mount namespace of its own here, which has to see the daemon's mounts.
    await machine.run(['mount', '--make-rshared', '/'], { user: 'root' });
    await world.systemctl('start');
    started.move();
    return world;
  }

  /** A reference of an image of the registry, as the machine writes it. */
  ref(name: string): string {
    return `registry.test:${REGISTRY_PORT}/${name}:latest`;
  }

  podman(args: readonly string[], check = true): Promise<RunResult> {
    return this.machine.run(this.podmanCommand(args), { user: 'root', check });
  }

  podmanCommand(args: readonly string[]): string[] {
    return [PODMAN, ...args];
  }

  /** `podman run --rm` of a shell command; the image is pulled when it is not there. */
  container(name: string, command: string, check = true): Promise<RunResult> {
    return this.podman(runArguments(this.ref(name), command), check);
  }

  /** The same, and goes on running. */
  spawn(name: string, command: string): MachineProcess {
    return this.machine.spawn([PODMAN, ...runArguments(this.ref(name), command)], { user: 'root' });
  }

  /** `start`, `stop` or `restart` of the daemon; `kill` ends all of its processes and does not wait for anything else. */
  async systemctl(verb: 'start' | 'stop' | 'restart' | 'kill'): Promise<void> {
    const signal = verb === 'kill' ? ['--signal=SIGKILL'] : [];
    await this.machine.run(['systemctl', verb, ...signal, 'lazypull'], { user: 'root' });
    const ended = async (): Promise<boolean> => {
      const { stdout } = await this.machine.run(['systemctl', 'is-active', 'lazypull'], { user: 'root', check: false });
      return /^(inactive|failed)$/m.test(stdout);
    };
    if (verb === 'kill') await until(ended, 'the end of the daemon');
  }

  /** Starts the daemon again with this as the rest of its config.toml. */
  async configure(config: string): Promise<void> {
    await this.machine.run(['tee', '/etc/lazypull/config.toml'], { user: 'root', input: daemonConfig(config) });
    await this.systemctl('restart');
  }

  async status(): Promise<DaemonStatus> {
    const call = request({ socketPath: this.machine.path('/run/lazypull/control.sock'), path: '/v1/status' });
    call.end();
    const [answer] = (await once(call, 'response')) as [IncomingMessage];
    return (await json(answer)) as DaemonStatus;
  }

  /** What the daemon says of an image; undefined when it does not know it. */
  async image(name: string): Promise<ImageStatus | undefined> {
    return (await this.status()).images.find(({ ref }) => ref === this.ref(name));
  }

  /** kill -9 of the serving process. Resolves when the next one answers. */
  async killServing(): Promise<void> {
    const { pid } = await this.status();
    await this.machine.run(['kill', '-9', String(pid)], { user: 'root' });
    await until(async () => {
      const now = await this.status().catch(() => undefined);
      return now !== undefined && now.pid !== pid;
    }, 'the next serving process');
  }

  /** Layers that are mounted. */
  mounts(): string[] {
    const lines = readFileSync(`/proc/${this.machine.init}/mounts`, 'utf8').split('\n');
    return lines.flatMap((line) => line.split(' ')[1] ?? []).filter((path) => path.startsWith(`${MOUNTS}/`));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.machine[Symbol.asyncDispose]();
    await this.registry.close();
  }
}

function runArguments(ref: string, command: string): string[] {
  return ['run', '--rm', '--network=none', '--tls-verify=false', ref, '/bin/sh', '-c', command];
}

function daemonConfig(config: string): string {
  const hosts = `registry.plain_http_hosts = ["registry.test:${REGISTRY_PORT}"]`;
  return `layer_store.path = "${STORE}"\n${hosts}\n${config}\n`;
}

function files(config: string): Record<string, string> {
  const libexec = `${PROJECT_INSIDE}/.tools/containers`;
  return {
    '/etc/lazypull/config.toml': daemonConfig(config),
    '/etc/systemd/system/lazypull.service': `[Service]
Type=notify
NotifyAccess=all
ExecStart=${LAZYPULL.join(' ')} daemon
KillMode=mixed
`,
    '/etc/containers/storage.conf': `[storage]
driver = "overlay"
graphroot = "/var/lib/containers/storage"
runroot = "/run/containers/storage"
[storage.options]
additionallayerstores = ["${STORE}:ref"]
`,
    // The machine's cgroups have no controllers, and it may not raise limits.
    '/etc/containers/containers.conf': `[containers]
pids_limit = 0
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
[engine]
conmon_path = ["${libexec}/conmon"]
helper_binaries_dir = ["${libexec}"]
cgroup_manager = "cgroupfs"
events_logger = "none"
runtime = "runc"
`,
    '/etc/containers/policy.json': '{"default": [{"type": "insecureAcceptAnything"}]}',
    '/etc/containers/registries.conf': '',
  };
}
