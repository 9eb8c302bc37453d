// What there is on this machine, before anything of it is changed: commands that only ask, all at once, each with a time
// limit. The one thing that is done is to load kernel modules, since /dev/fuse may not be there before.
// What the answers mean stands in probe-docker.ts and probe-containerd.ts.
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { Facts, Obstacle } from './facts.ts';
import type { Host } from './host.ts';
import { cachedBuildkitd } from './engine/buildkit-program.ts';
import { containerdFacts } from './probe-containerd.ts';
import { dockerFacts } from './probe-docker.ts';
import { unitFacts } from './probe-units.ts';
import { hasCapability } from './process-text.ts';

/** CAP_SYS_ADMIN, which mount(2) wants. */
const SYS_ADMIN = 21n;
const MODULES = ['fuse', 'erofs', 'loop', 'overlay'];

/** Finds out what there is. `machine` is this one unless told. Does not reject for what is not there. */
export async function probe(
  host: Host,
  env: NodeJS.ProcessEnv,
  machine: { readonly platform: NodeJS.Platform; readonly arch: string } = process,
): Promise<Facts> {
  const { platform, arch } = machine;
  const outside = { platform, arch, root: host.rootWay, ...runnerFacts(env) };
  if (platform !== 'linux') return { ...outside, ...NOTHING };
  const [units, docker, fuse, container, status, buildkitd] = await Promise.all([
    unitFacts(host),
    dockerFacts(host),
    opensFuse(host),
    containerEvidence(host, env),
    host.read('/proc/self/status'),
    findBuildkitd(env),
  ]);
  return {
    ...outside,
    fuse,
    systemd: units.systemd,
    container,
    mayMount: hasCapability('CapBnd', SYS_ADMIN, status ?? ''),
    docker: docker.server === undefined ? undefined : { ...docker.server, ...units.docker(docker.server) },
    containerd: await containerdFacts(host, units.containerd),
    buildx: docker.buildx,
    buildkitd,
  };
}

const NOTHING = {
  fuse: false,
  systemd: false,
  container: undefined,
  mayMount: false,
  docker: undefined,
  containerd: undefined,
  buildx: undefined,
  buildkitd: undefined,
} as const;

/** The first reason why nothing can be lazy here; undefined when something can. What the kernel can mount, the daemon finds out. */
export function obstacleOf(facts: Facts): Obstacle | undefined {
  return OBSTACLES.find(({ holds }) => holds(facts))?.tell(facts);
}

interface KnownObstacle {
  readonly holds: (facts: Facts) => boolean;
  readonly tell: (facts: Facts) => Obstacle;
}

const SYSTEMS: Readonly<Record<string, string>> = { win32: 'Windows', darwin: 'macOS' };

const OBSTACLES: readonly KnownObstacle[] = [
  {
    holds: ({ platform }) => platform !== 'linux',
    tell: ({ platform }) => ({
      reason: `lazy pulling needs Linux, and this runner is ${SYSTEMS[platform] ?? platform}`,
      remedy: "Run the job on Linux (runs-on: ubuntu-latest), or add this to the step: if: runner.os == 'Linux'",
    }),
  },
  {
    holds: ({ arch }) => arch !== 'x64' && arch !== 'arm64',
    tell: ({ arch }) => ({
      reason: `there is no lazypull for this runner's architecture, ${arch}`,
      remedy: 'Run the job on a runner with x64 or arm64.',
    }),
  },
  {
    holds: ({ container, mayMount }) => container !== undefined && !mayMount,
    tell: ({ container }) => ({
      reason: `the steps of this job run in a container that may not mount filesystems (${container})`,
      remedy:
        'Take `container:` off the job and start that image in a step, or use another runner than ubuntu-slim. ' +
        'On a runner of your own, `options: --privileged --device /dev/fuse` does as well.',
    }),
  },
  {
    holds: ({ root }) => root === 'none',
    tell: () => ({
      reason: 'the daemon has to run as root, and `sudo -n` does not let this user',
      remedy: "Give the runner's user passwordless sudo, or run lazypull as a service of this machine.",
    }),
  },
  {
    holds: ({ mayMount }) => !mayMount,
    tell: () => ({
      reason: 'root may not mount filesystems on this machine (CAP_SYS_ADMIN is missing)',
      remedy: 'Use a virtual machine as the runner, or start the container that it runs in with --privileged.',
    }),
  },
  {
    holds: ({ fuse }) => !fuse,
    tell: () => ({
      reason: 'there is no /dev/fuse that can be opened',
      remedy:
        'Load the kernel module on the machine of the runner (modprobe fuse); for a container, add --device /dev/fuse.',
    }),
  },
  {
    holds: ({ docker, containerd, buildx }) => docker === undefined && containerd === undefined && buildx === undefined,
    tell: () => ({
      reason: 'neither Docker nor containerd answers here, and there is no docker buildx',
      remedy: "Start Docker before this step, and let the runner's user use it (group docker).",
    }),
  },
];

/** What the runner says of itself. */
export function runnerFacts(env: NodeJS.ProcessEnv): Pick<Facts, 'ghes' | 'hosted'> {
  const server = env['GITHUB_SERVER_URL'] ?? '';
  const host = URL.canParse(server) ? new URL(server).hostname : 'github.com';
  // Data residency has its own hosts; it is github.com all the same.
  const ghes = host !== 'github.com' && !host.endsWith('.ghe.com');
  return { ghes, hosted: env['RUNNER_ENVIRONMENT'] === 'github-hosted' };
}

/** Opening is what counts: a container may have the file and not the right to it. */
async function opensFuse(host: Host): Promise<boolean> {
  if (host.rootWay === 'none') return await host.exists('/dev/fuse');
  // The daemon says better than modprobe what this kernel can't do.
  await host.try(['modprobe', '-a', ...MODULES], { root: true, timeoutMs: 10_000 });
  // The test comes first: opening for both would make a file of that name.
  const open = 'test -c /dev/fuse && : <>/dev/fuse';
  return (await host.try(['sh', '-c', open], { root: true, timeoutMs: 10_000 })).status === 0;
}

async function containerEvidence(host: Host, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  if (env['KUBERNETES_SERVICE_HOST'] !== undefined) return 'a Kubernetes pod';
  for (const [path, what] of [
    ['/.dockerenv', 'Docker'],
    ['/run/.containerenv', env['ImageOS'] === 'Linux' ? 'ubuntu-slim' : 'Podman'],
  ] as const) {
    if (await host.exists(path)) return what;
  }
  const cgroup = (await host.read('/proc/1/cgroup')) ?? '';
  return /\/(docker|kubepods|libpod|lxc)\b/.exec(cgroup)?.[1];
}

async function findBuildkitd(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder.startsWith('/'));
  const candidates = [...folders.map((folder) => join(folder, 'buildkitd')), ...cachedBuildkitd(env)];
  for (const path of candidates) {
    const runs = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (runs) return path;
  }
  return undefined;
}
