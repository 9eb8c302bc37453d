// A node of a cluster for one test: a machine whose containerd serves CRI, a registry with a pause image and one that is big
// enough to be read for a while, and bundles of two versions of lazypull that can be installed there.
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DaemonStatus } from '../../src/daemon/status.ts';
import { version } from '../../src/version.ts';
import { containerdProgram } from './containerd.ts';
import { Cri } from './cri.ts';
import { addLayeredImage, busyboxLayer } from './layered-image.ts';
import { type Machine, MACHINE_NODE, openMachine, REGISTRY_PORT } from './machine.ts';
import { requireProgram } from './needs.ts';
import { addNoiseImage, type NoiseImage } from './noise-image.ts';
import { TestRegistry } from './registry.ts';
import { run, type RunResult } from './run.ts';
import { until } from './until.ts';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
/** Where the machine sees the bundles. */
const IMAGE_ROOT = '/srv/image-root';
const CONTAINER_LOG = '/run/installer.log';
/** Of what containerd gives by itself; SYS_CHROOT is left. */
const DROPPED: readonly string[] =
  'CHOWN DAC_OVERRIDE FOWNER FSETID MKNOD NET_RAW SETGID SETUID SETFCAP SETPCAP NET_BIND_SERVICE KILL AUDIT_WRITE'
    .split(' ')
    .map((name) => `CAP_${name}`);
const BUNDLES = { now: '/srv/lazypull-now', next: '/srv/lazypull-next' } as const;
export const NEXT_VERSION: string = `${version}9`;
export const CONTAINERD_TOML = '/etc/containerd/config.toml';
const HOST = `registry.test:${REGISTRY_PORT}`;

/** As a distribution writes it, with a comment that is to survive, and what a machine in namespaces needs. */
const CONFIG = `# The node's own words.
version = 2
imports = ["/etc/containerd/conf.d/*.toml"]

[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${HOST}/pause:latest" # none from the internet
  restrict_oom_score_adj = true
  disable_apparmor = true
  [plugins."io.containerd.grpc.v1.cri".registry]
    config_path = "/etc/containerd/certs.d"
`;

/** The same for containerd 2.x, in a file that is of version 2 all the same. */
const CONFIG_2 = `[plugins."io.containerd.cri.v1.runtime"]
  restrict_oom_score_adj = true
  disable_apparmor = true
`;

/** A machine on a system with cgroup v1 has no CPU controller, and runc minds being asked for shares of it; 0 asks for none. */
const RUNC = `#!/bin/sh
for word; do
  [ "$previous" = --bundle ] && sed -i -E 's/"shares":[0-9]+/"shares":0/' "$word/config.json"
  previous=$word
done
exec /usr/sbin/runc "$@"
`;

/** What one looks at when nothing may have changed. */
const STATE = `
find /etc -xdev -printf '%p %y %m %u:%g %l\\n' | sort
find /etc -xdev -type f -exec sha256sum {} + | sort
ls -d /opt/lazypull /run/lazypull /var/lib/lazypull /usr/local/bin/lazypull 2>/dev/null || true
findmnt -rno TARGET | grep lazypull || true
pgrep -af 'lazypull[.]js' || true
`;

export class NodeMachine implements AsyncDisposable {
  readonly machine: Machine;
  readonly registry: TestRegistry;
  readonly image: NoiseImage;
  readonly cri: Cri;

  constructor(machine: Machine, registry: TestRegistry, image: NoiseImage, cri: Cri) {
    this.machine = machine;
    this.registry = registry;
    this.image = image;
    this.cri = cri;
  }

  /** The image as the machine names it. */
  get ref(): string {
    return `${HOST}/noise:latest`;
  }

  /** Runs the `lazypull` of a bundle, before it is installed. */
  bundled(bundle: keyof typeof BUNDLES, ...args: readonly string[]): Promise<RunResult> {
    const command = [MACHINE_NODE, `${BUNDLES[bundle]}/lazypull.js`, ...args];
    return this.machine.run(command, { user: 'root', check: false });
  }

  /**
   * Runs the command of a bundle in a container with the rights of the DaemonSet's installer. Detached, as kubelet's are: the
   * container sees containerd restart. @returns its exit status, and what it wrote to both of its streams.
   */
  async contained(...args: readonly string[]): Promise<{ readonly status: number; readonly output: string }> {
    const caps = DROPPED.flatMap((name) => ['--cap-drop', name]);
    const mount = ['--mount', 'type=bind,src=/,dst=/host,options=rbind:rw', '--with-ns', 'pid:/proc/1/ns/pid'];
    const ctr = ['ctr', 'run', '--detach', '--log-uri', `file://${CONTAINER_LOG}`, '--read-only', ...mount, ...caps];
    const command = ['/lazypull/node', '/lazypull/lazypull.js', ...args, '--host', '/host'];
    await this.machine.run([...ctr, '--rootfs', IMAGE_ROOT, 'installer', ...command], { user: 'root' });
    const asked = { user: 'root', check: false } as const;
    const ended = async (): Promise<boolean> => / STOPPED/.test((await this.machine.run('ctr tasks ls', asked)).stdout);
    await until(ended, 'the installer');
    const { status } = await this.machine.run('ctr tasks rm installer', asked);
    const output = await this.out(`ctr containers rm installer; cat ${CONTAINER_LOG}; rm ${CONTAINER_LOG}`);
    return { status, output };
  }

  /** Runs the installed command. */
  lazypull(...args: readonly string[]): Promise<RunResult> {
    return this.machine.run(['/usr/local/bin/lazypull', ...args], { user: 'root', check: false });
  }

  async status(): Promise<DaemonStatus> {
    return JSON.parse((await this.lazypull('status', '--json')).stdout) as DaemonStatus;
  }

  /** The standard output of a script, as root. */
  async out(script: string): Promise<string> {
    return (await this.machine.run(script, { user: 'root' })).stdout.trim();
  }

  /** Lines that are the same when the machine is. */
  async state(): Promise<Set<string>> {
    return new Set((await this.out(STATE)).split('\n'));
  }

  /** Containers that start after this call have nothing of this one's. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.cri[Symbol.dispose]();
    await this.machine[Symbol.asyncDispose]();
    await this.registry.close();
  }
}

/** Folders of both bundles; making them takes some seconds. */
export class Bundles implements Disposable {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'lazypull-bundles-'));

  static async make(): Promise<Bundles> {
    const bundles = new Bundles();
    try {
      await bundles.#fill();
    } catch (error) {
      bundles[Symbol.dispose]();
      throw error;
    }
    return bundles;
  }

  async #fill(): Promise<void> {
    const [now, next] = [join(this.folder, 'now'), join(this.folder, 'next')];
    await run(process.execPath, [join(PROJECT, 'ncc.config.js'), now, 'lazypull'], { timeoutMs: 120_000 });
    cpSync(now, next, { recursive: true });
    const quoted = new RegExp(`(['"])${version.replaceAll('.', '\\.')}\\1`, 'g');
    let changed = 0;
    for (const path of globSync(join(next, '*.js'))) {
      const text = readFileSync(path, 'utf8');
      writeFileSync(
        path,
        text.replaceAll(quoted, () => (changed++, JSON.stringify(NEXT_VERSION))),
      );
    }
    if (changed === 0) throw new Error(`the bundle does not say its version, ${version}`);
    makeImageRoot(join(this.folder, 'image'), now);
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Where the machine sees containerd 2.x, which takes the place of its own. */
const CONTAINERD_2 = '/srv/containerd-2';
const CONTAINERD_2_UNIT = `[Service]
Environment=PATH=${CONTAINERD_2}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
ExecStart=
ExecStart=${CONTAINERD_2}/containerd
`;

/** The files of the daemon's image, with the libraries of this machine. */
function makeImageRoot(folder: string, bundle: string): void {
  for (const name of ['proc', 'sys', 'dev', 'run', 'host']) mkdirSync(join(folder, name), { recursive: true });
  cpSync(bundle, join(folder, 'lazypull'), { recursive: true });
  cpSync(process.execPath, join(folder, 'lazypull/node'));
  const said = execFileSync('ldd', [process.execPath], { encoding: 'utf8' });
  for (const [, path = ''] of said.matchAll(/(?:=> |^\s*)(\/\S+) \(0x/gm)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    copyFileSync(path, join(folder, path));
  }
}

/** Boots a node without lazypull. */
export async function openNode(bundles: Bundles, generation: '1.7' | '2' = '1.7'): Promise<NodeMachine> {
  const programs = dirname(realpathSync(requireProgram(containerdProgram('2'))));
  await using started = new AsyncDisposableStack();
  const machine = started.use(
    await openMachine({
      docker: 'absent',
      files: {
        [CONTAINERD_TOML]: generation === '2' ? CONFIG + CONFIG_2 : CONFIG,
        [`/etc/containerd/certs.d/${HOST}/hosts.toml`]: `server = "http://${HOST}"\n[host."http://${HOST}"]\n`,
        '/usr/local/sbin/runc': { content: RUNC, mode: 0o755 },
        // So that the folder is there.
        '/etc/containerd/conf.d/README': 'What config.toml imports.\n',
        ...(generation === '2' ? { '/etc/systemd/system/containerd.service.d/2.conf': CONTAINERD_2_UNIT } : {}),
      },
      mounts: [
        ...(['now', 'next'] as const).map((name) => ({ source: join(bundles.folder, name), target: BUNDLES[name] })),
        { source: join(bundles.folder, 'image'), target: IMAGE_ROOT },
        ...(generation === '2' ? [{ source: programs, target: CONTAINERD_2 }] : []),
      ],
    }),
  );
  const registry = await TestRegistry.start({ address: machine.registryAddress, port: REGISTRY_PORT });
  started.defer(() => registry.close());
  const command = ['/bin/sleep', '1000000'];
  addLayeredImage(registry, 'pause', [busyboxLayer('sleep')], { estargz: true, command });
  const image = addNoiseImage(registry, 'noise', { count: 12, size: 1 << 20 });
  const cri = await Cri.connect(machine.path('/run/containerd/containerd.sock'), '/var/log/pods');
  started.move();
  return new NodeMachine(machine, registry, image, cri);
}
