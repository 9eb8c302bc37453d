// Where the containerd and the dockerd are that run beside the machine's own. Everything that lasts is below ROOT, which is
// not the daemon's: it goes when the job ends, and the cached layers stay. Everything else is below RUN.

/** Folders, files and sockets. All of them belong to root; the Docker socket is the runner's user's. */
export const IsolatedPlace = {
  ROOT: '/var/lib/lazypull-docker',
  RUN: '/run/lazypull-docker',
  CONTAINERD_ROOT: '/var/lib/lazypull-docker/containerd',
  CONTAINERD_STATE: '/run/lazypull-docker/containerd',
  CONTAINERD_CONFIG: '/run/lazypull-docker/containerd.toml',
  CONTAINERD_SOCKET: '/run/lazypull-docker/containerd.sock',
  CONTAINERD_LOG: '/run/lazypull-docker/containerd.log',
  DOCKER_ROOT: '/var/lib/lazypull-docker/docker',
  /** Docker's database of networks. */
  NETWORKS: '/var/lib/lazypull-docker/docker/network/files/local-kv.db',
  DOCKER_EXEC: '/run/lazypull-docker/docker',
  DOCKER_CONFIG: '/run/lazypull-docker/daemon.json',
  DOCKER_SOCKET: '/run/lazypull-docker/docker.sock',
  DOCKER_PID: '/run/lazypull-docker/docker.pid',
  DOCKER_LOG: '/run/lazypull-docker/dockerd.log',
  /** The addresses that containers get, as `10.213.0.0/16`. As lost as the bridge and the rules after a reboot. */
  RANGE: '/run/lazypull-docker/range',
} as const;

/** Names of the two units. */
export const IsolatedService = {
  CONTAINERD: 'lazypull-action-containerd',
  DOCKERD: 'lazypull-action-dockerd',
} as const;

/** The default bridge of its containers. */
export const BRIDGE = 'lazypull0';
