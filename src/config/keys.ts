// Every key of the config file, once: its kind, default and text. `lazypull config`, docs/config.md, the error messages
// and the checks all come from these rows.
import { LOG_LEVELS } from '../log.ts';
import * as kinds from './values.ts';

/** One key of the file. `field` is its place in `Config`. */
export interface ConfigKey {
  readonly key: string;
  readonly field: string;
  readonly kind: kinds.Kind;
  /** A value, or where it comes from when it depends on other keys. Stands for itself, already parsed. */
  readonly default: unknown;
  readonly doc: string;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** All keys but those of `[[credentials.provider]]` and `[[snapshotter]]`, in the order of the reference page. Those that others' defaults depend on come first. */
export const KEYS: readonly ConfigKey[] = [
  row(
    'root',
    'root',
    kinds.path(),
    '/var/lib/lazypull',
    'Layer images and snapshots. Wants a disk filesystem (ext4, xfs, btrfs), not an overlay.',
  ),
  row(
    'state_dir',
    'stateDir',
    kinds.path({ maxBytes: 80 }),
    '/run/lazypull',
    'Sockets and mounts. Nothing in it outlives a reboot.',
  ),
  row('log.level', 'log.level', kinds.oneOf(LOG_LEVELS), 'info', 'The least severe lines that are written to stderr.'),
  row(
    'log.format',
    'log.format',
    kinds.oneOf(['json', 'text']),
    'json',
    'One JSON object a line, or plain lines for a person.',
  ),
  row(
    'control.socket',
    'control.socket',
    kinds.socketPath,
    '<state_dir>/control.sock',
    'Where `lazypull status`, `pull` and `restart` reach the daemon. Only root may connect.',
  ),
  row(
    'metrics.address',
    'metrics.address',
    kinds.address,
    '',
    'Serves /metrics and /healthz over TCP too. They are always served on the control socket.',
  ),
  row(
    'metrics.allow_remote',
    'metrics.allowRemote',
    kinds.boolean,
    false,
    'Lets metrics.address be something else than loopback. There is no authentication.',
  ),
  row(
    'fuse.transport',
    'fuse.transport',
    kinds.oneOf(['wire', 'fuse-native']),
    'wire',
    '"wire" speaks to the kernel directly; "fuse-native" needs libfuse 2 and is slower.',
  ),
  row('fuse.workers', 'fuse.workers', kinds.integer(1, 16), 2, 'Threads that answer reads.'),
  row(
    'mount.tier',
    'mount.tier',
    kinds.oneOf(['auto', 'A', 'B', 'off']),
    'auto',
    '"A": EROFS straight from a file (Linux 6.12 and later). "B": EROFS on a loop device. "off": never lazy. "auto" tries A, then B.',
  ),
  row(
    'cache.size_limit',
    'cache.sizeLimitBytes',
    kinds.size,
    0,
    'Layers that nobody uses are deleted, least recently used first, when the cache is larger. 0: no limit.',
  ),
  row(
    'prefetch.enabled',
    'prefetch.enabled',
    kinds.boolean,
    true,
    'Fetch what a layer says it needs at start, as soon as it is mounted.',
  ),
  row(
    'prefetch.default_bytes',
    'prefetch.defaultBytes',
    kinds.size,
    0,
    'How much of the beginning of a layer to prefetch when the layer does not say.',
  ),
  row(
    'prefetch.wait_timeout',
    'prefetch.waitTimeoutMs',
    kinds.duration(0, 10 * MINUTE),
    0,
    'How long a container start waits for the prefetch. 0: it does not wait.',
  ),
  row(
    'background_fill.enabled',
    'backgroundFill.enabled',
    kinds.boolean,
    true,
    'Fetch the rest of every layer while nothing else is asked for.',
  ),
  row(
    'background_fill.quiet',
    'backgroundFill.quietMs',
    kinds.duration(0, 10 * MINUTE),
    2000,
    'How long no read may have missed before the fill goes on.',
  ),
  row(
    'layer_store.path',
    'layerStore.path',
    kinds.path({ optional: true }),
    '',
    'Where Podman, Buildah and CRI-O find layers: the path of additionallayerstores in their storage.conf. "": nowhere.',
  ),
  row(
    'layer_store.timeout',
    'layerStore.timeoutMs',
    kinds.duration(100, 10 * MINUTE),
    10_000,
    'How long they wait for a layer to be mounted before they download it in the ordinary way.',
  ),
  row(
    'verification.allow_unverified',
    'verification.allowUnverified',
    kinds.boolean,
    false,
    'Mount layers whose table of contents no manifest vouches for. Unsafe: whoever can write to the registry can change files.',
  ),
  row(
    'credentials.order',
    'credentials.order',
    kinds.listOf(['cri', 'docker', 'kubernetes', 'provider']),
    ['cri', 'docker', 'kubernetes', 'provider'],
    'Which source is asked first for the credentials of an image. One that is left out is not asked.',
  ),
  row(
    'credentials.kubernetes.enabled',
    'credentials.kubernetes.enabled',
    kinds.boolean,
    false,
    'Watch image pull secrets (kubernetes.io/dockerconfigjson and dockercfg) of a Kubernetes cluster.',
  ),
  row(
    'credentials.kubernetes.kubeconfig',
    'credentials.kubernetes.kubeconfigPath',
    kinds.path({ optional: true }),
    '',
    'How the cluster is reached, read again when it changes. "": the service account of the pod that the daemon runs in.',
  ),
  row(
    'credentials.kubernetes.namespaces',
    'credentials.kubernetes.namespaces',
    kinds.namespaces,
    [],
    'Whose secrets are read. []: all, which wants a ClusterRole.',
  ),
  row(
    'credentials.cri.socket',
    'credentials.cri.socket',
    kinds.optionalSocketPath,
    '',
    'Offers CRI\'s image service here, for `--image-service-endpoint` of kubelet, and remembers the credentials of every pull. "": no.',
  ),
  row(
    'credentials.cri.forward',
    'credentials.cri.forward',
    kinds.path(),
    '/run/containerd/containerd.sock',
    'The socket of the containerd that gets what arrives at credentials.cri.socket.',
  ),
  row(
    'credentials.cri.keep',
    'credentials.cri.keepMs',
    kinds.duration(MINUTE, 8760 * HOUR),
    168 * HOUR,
    'How long credentials of a pull are remembered after they were last used.',
  ),
  row(
    'registry.docker_config',
    'registry.dockerConfigPath',
    kinds.path({ optional: true }),
    '',
    'Docker\'s config.json with the credentials, read again whenever a token is needed. "": $DOCKER_CONFIG/config.json, else ~/.docker/config.json.',
  ),
  row(
    'registry.certs_dir',
    'registry.certsDir',
    kinds.path({ optional: true }),
    '/etc/containerd/certs.d',
    'containerd\'s folder of hosts.toml files. "": none.',
  ),
  row(
    'registry.mirrors',
    'registry.mirrors',
    kinds.mirrors,
    {},
    'Mirrors to try before a host. Tried before what a hosts.toml names.',
  ),
  row(
    'registry.plain_http_hosts',
    'registry.plainHttpHosts',
    kinds.hosts,
    [],
    'Hosts to reach without TLS, besides localhost and 127.*.',
  ),
  row(
    'registry.max_connections_per_host',
    'registry.maxConnectionsPerHost',
    kinds.integer(1, 128),
    16,
    'Connections to one host at a time.',
  ),
  row(
    'registry.connect_timeout',
    'registry.connectTimeoutMs',
    kinds.duration(100, 10 * MINUTE),
    10_000,
    'How long a connection may take to be made.',
  ),
  row(
    'registry.idle_timeout',
    'registry.idleTimeoutMs',
    kinds.duration(100, 10 * MINUTE),
    30_000,
    'How long a request may bring no byte before it is tried again.',
  ),
  row(
    'registry.retries',
    'registry.retries',
    kinds.integer(0, 20),
    5,
    'Tries after the first, for what may succeed later.',
  ),
];

/** The keys of one `[[snapshotter]]` table. */
export const SNAPSHOTTER_KEYS: readonly ConfigKey[] = [
  row('name', 'name', consumerName(), 'containerd', 'Names the consumer in `lazypull status` and in metrics. Unique.'),
  row(
    'socket',
    'socket',
    kinds.socketPath,
    '<state_dir>/snapshotter.sock',
    'The socket of the snapshots service: the `address` of the proxy plugin. With several tables: <state_dir>/<name>.sock.',
  ),
  row('root', 'root', kinds.path(), '<root>/snapshotter/<name>', 'Its snapshots. Never shared between consumers.'),
];

/** The keys of one `[[credentials.provider]]` table. */
export const PROVIDER_KEYS: readonly ConfigKey[] = [
  row('name', 'name', consumerName(), 'provider', 'Names the provider in messages. Unique.'),
  row(
    'command',
    'command',
    kinds.path(),
    '/usr/local/bin/credential-provider',
    "The program. It speaks kubelet's credential provider protocol, credentialprovider.kubelet.k8s.io/v1.",
  ),
  row('args', 'args', kinds.texts, [], 'Its arguments. No secrets: everybody on the machine can see them.'),
  row(
    'env',
    'env',
    kinds.environment,
    {},
    "Added to the daemon's environment for it. No secrets: the file is printed.",
  ),
  row(
    'match_images',
    'matchImages',
    kinds.imagePatterns,
    [],
    'The images that it is asked for: `HOST[:PORT][/PATH]`, with stars for parts of host labels. []: none.',
  ),
  row(
    'cache',
    'cacheMs',
    kinds.duration(0, 24 * HOUR),
    0,
    'How long an answer is kept that does not say so itself. Those of the clouds do.',
  ),
];

function consumerName(): kinds.Kind {
  return {
    name: 'name',
    parse(value) {
      if (typeof value === 'string' && /^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/.test(value)) return value;
      throw new kinds.ValueError('wants 1 to 32 letters, digits, - and _');
    },
    print: (value) => JSON.stringify(value),
  };
}

function row(key: string, field: string, kind: kinds.Kind, fallback: unknown, doc: string): ConfigKey {
  return { key, field, kind, default: fallback, doc };
}
