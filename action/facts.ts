// What main finds out about the machine before it changes anything: types only; probe.ts finds out.
import type { RootWay } from './host.ts';

export interface DockerFacts {
  /** Of the server, e.g. `28.0.4`. */
  readonly version: string;
  /** e.g. `overlay2` (a graph driver) or `overlayfs`, `stargz` (a containerd snapshotter). */
  readonly driver: string;
  /** Whether images lie in containerd. */
  readonly containerdStore: boolean;
  /** What the client speaks to: `unix:///var/run/docker.sock`. */
  readonly endpoint: string;
  /** Name of the docker context in use. */
  readonly context: string;
  /** Names of containers that run now: a restart would end them. */
  readonly running: readonly string[];
  /** A word for why the daemon can't take the containerd store (userns-remap, rootless, another machine), or undefined. */
  readonly unfit: string | undefined;
  /** systemd unit that runs it, where there is one. */
  readonly unit: string | undefined;
}

export interface ContainerdFacts {
  /** e.g. `2.1.9`. */
  readonly version: string;
  readonly address: string;
  readonly unit: string | undefined;
  /** Configuration file that it reads. */
  readonly configPath: string;
}

/** The machine, as far as the action cares. */
export interface Facts {
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  readonly root: RootWay;
  /** /dev/fuse is there and may be opened by root. */
  readonly fuse: boolean;
  readonly systemd: boolean;
  /** Why this seems to be a container (`container:` job, ubuntu-slim), or undefined. It may be a privileged one. */
  readonly container: string | undefined;
  /** Root may mount here: CAP_SYS_ADMIN has not been taken away. */
  readonly mayMount: boolean;
  /** A GitHub Enterprise Server, not github.com. */
  readonly ghes: boolean;
  readonly hosted: boolean;
  readonly docker: DockerFacts | undefined;
  readonly containerd: ContainerdFacts | undefined;
  /** `docker buildx` of the runner's user, its version. */
  readonly buildx: string | undefined;
  /** Path of a buildkitd of the runner, or undefined. */
  readonly buildkitd: string | undefined;
}

/** Why nothing can be lazy here, and what the user can do. */
export interface Obstacle {
  readonly reason: string;
  readonly remedy: string;
}
