// Configurations of the containerd and the dockerd beside the machine's own: text in, text out.
// containerd gets one of our own making. Docker gets the machine's daemon.json, since mirrors, registries without TLS, name
// servers, proxies and runtimes are the same, without what only one daemon of a machine can have.
// https://docs.docker.com/reference/cli/dockerd/#daemon-configuration-file
import { stringify } from 'smol-toml';
import { CONSUMERS, Place } from '../state.ts';
import { BRIDGE, IsolatedPlace } from './isolated-place.ts';
import { partsOf } from './isolated-range.ts';

/** What differs from runner to runner. */
export interface ContainerdParts {
  readonly job: string;
  /** Of the program that will read it: `1.7.24`. */
  readonly version: string;
  /** As Node has it. */
  readonly arch: string;
}

/** Plugins with places of their own that the machine's containerd perhaps uses, by their names in 1.x and 2.x. */
const DISABLED = [
  'io.containerd.grpc.v1.cri',
  'io.containerd.cri.v1.images',
  'io.containerd.cri.v1.runtime',
  'io.containerd.podsandbox.controller.v1.podsandbox',
  'io.containerd.nri.v1.nri',
];
const GO_ARCH: Readonly<Record<string, string>> = { x64: 'amd64' };

/** containerd's config.toml. Its first line names the job: what a dead job left is another text. */
export function containerdConfig({ job, version, arch }: ContainerdParts): string {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  // Its transfer service, by which `ctr images pull` goes, unpacks for nobody else than who is listed.
  const unpacks = major > 2 || (major === 2 && minor >= 1);
  const config = {
    version: major >= 2 ? 3 : 2,
    root: IsolatedPlace.CONTAINERD_ROOT,
    state: IsolatedPlace.CONTAINERD_STATE,
    disabled_plugins: DISABLED,
    grpc: { address: IsolatedPlace.CONTAINERD_SOCKET },
    proxy_plugins: {
      stargz: {
        type: 'snapshot',
        address: CONSUMERS.isolated,
        exports: { root: Place.ROOT, enable_remote_snapshot_annotations: 'true' },
      },
    },
    plugins: {
      // Else it makes /opt/containerd.
      'io.containerd.internal.v1.opt': { path: `${IsolatedPlace.CONTAINERD_ROOT}/opt` },
      ...(unpacks ? { 'io.containerd.transfer.v1.local': { unpack_config: unpackConfig(arch) } } : {}),
    },
  };
  return `# Made by the lazypull action for ${JSON.stringify(job)}.\n${stringify(config)}`;
}

function unpackConfig(arch: string): Record<string, string>[] {
  const platform = `linux/${GO_ARCH[arch] ?? arch}`;
  return ['stargz', 'overlayfs'].map((snapshotter) => ({ platform, snapshotter, differ: 'walking' }));
}

/** Keys of daemon.json that do not go over, each because of what it would do to one of the two daemons. */
const NOT_OVER: readonly RegExp[] = [
  // Places and sockets, also those that others are told of.
  /^(data-root|graph|exec-root|pidfile|hosts|tls.*|metrics-addr|api-cors-header)$/,
  // What is lazy about it, and what does not go with that.
  /^(storage-driver|storage-opts|containerd.*|cri-containerd|features|userns-remap)$/,
  // Networks of the other one, and rules for packets, which only one daemon may manage; icc=false is such a rule.
  /^(bridge|bip6?|fixed-cidr.*|default-gateway.*|ipv6|default-address-pools)$/,
  /^(iptables|ip6tables|ip-forward.*|ip-masq|icc|userland-proxy|allow-direct-routing|bridge-accept-fwmark)$/,
  // Its containers end with it; it is in no swarm, and plugins run in the other one.
  /^(live-restore|swarm-.*|cluster-.*|node-generic-resources|authorization-plugins)$/,
];

type Fields = Readonly<Record<string, unknown>>;

/** Docker's daemon.json. `machine` is the text of the machine's own; one that is no JSON says nothing. */
export function dockerConfig(machine: string, range: string): string {
  const fields = parseFields(machine);
  const kept = Object.entries(fields).filter(([key]) => !NOT_OVER.some((pattern) => pattern.test(key)));
  const { 'embedded-containerd': _, ...features } = fieldsOf(fields['features']);
  const { pool, poolSize } = partsOf(range);
  const config = {
    ...Object.fromEntries(kept),
    'data-root': IsolatedPlace.DOCKER_ROOT,
    'exec-root': IsolatedPlace.DOCKER_EXEC,
    pidfile: IsolatedPlace.DOCKER_PID,
    hosts: [`unix://${IsolatedPlace.DOCKER_SOCKET}`],
    containerd: IsolatedPlace.CONTAINERD_SOCKET,
    features: { ...features, 'containerd-snapshotter': true },
    'storage-driver': 'stargz',
    // Two daemons that manage rules flush each other's chains; isolated-network.ts makes the few that are needed.
    iptables: false,
    ip6tables: false,
    'userland-proxy': true,
    bridge: BRIDGE,
    'default-address-pools': [{ base: pool, size: poolSize }],
  };
  return `${JSON.stringify(config, undefined, 2)}\n`;
}

function parseFields(text: string): Fields {
  try {
    return fieldsOf(JSON.parse(text));
  } catch {
    return {};
  }
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
