import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadConfig, resolveConfig, type Config } from '../../src/config.ts';
import { KEYS } from '../../src/config/keys.ts';
import { configReference, printConfig } from '../../src/config/print.ts';
import { UserError } from '../../src/errors.ts';

const DEFAULTS: Config = {
  root: '/var/lib/lazypull',
  stateDir: '/run/lazypull',
  log: { level: 'info', format: 'json' },
  snapshotters: [
    { name: 'containerd', socket: '/run/lazypull/snapshotter.sock', root: '/var/lib/lazypull/snapshotter/containerd' },
  ],
  control: { socket: '/run/lazypull/control.sock' },
  metrics: { address: '', allowRemote: false },
  fuse: { transport: 'wire', workers: 2 },
  mount: { tier: 'auto' },
  cache: { sizeLimitBytes: 0 },
  prefetch: { enabled: true, defaultBytes: 0, waitTimeoutMs: 0 },
  backgroundFill: { enabled: true, quietMs: 2000 },
  layerStore: { path: '', timeoutMs: 10_000 },
  verification: { allowUnverified: false },
  credentials: {
    order: ['cri', 'docker', 'kubernetes', 'provider'],
    kubernetes: { enabled: false, kubeconfigPath: '', namespaces: [] },
    cri: { socket: '', forward: '/run/containerd/containerd.sock', keepMs: 604_800_000 },
    providers: [],
  },
  registry: {
    dockerConfigPath: '',
    certsDir: '/etc/containerd/certs.d',
    mirrors: {},
    plainHttpHosts: [],
    maxConnectionsPerHost: 16,
    connectTimeoutMs: 10_000,
    idleTimeoutMs: 30_000,
    retries: 5,
  },
};

test('an empty file gives the documented defaults', () => {
  assert.deepEqual(resolveConfig('', undefined).config, DEFAULTS);
});

test('every key of the file arrives in its field', () => {
  const { config } = resolveConfig(FULL, '/c.toml');
  assert.deepEqual(config, {
    root: '/data',
    stateDir: '/run/x',
    log: { level: 'debug', format: 'text' },
    snapshotters: [
      { name: 'containerd', socket: '/run/x/containerd.sock', root: '/data/snapshotter/containerd' },
      { name: 'buildkit', socket: '/run/bk.sock', root: '/bk' },
    ],
    control: { socket: '/run/x/c.sock' },
    metrics: { address: '0.0.0.0:9100', allowRemote: true },
    fuse: { transport: 'fuse-native', workers: 4 },
    mount: { tier: 'B' },
    cache: { sizeLimitBytes: 10 * 2 ** 30 },
    prefetch: { enabled: false, defaultBytes: 5_000_000, waitTimeoutMs: 1500 },
    backgroundFill: { enabled: false, quietMs: 60_000 },
    layerStore: { path: '/srv/store', timeoutMs: 3000 },
    verification: { allowUnverified: true },
    credentials: {
      order: ['kubernetes', 'provider', 'docker', 'cri'],
      kubernetes: { enabled: true, kubeconfigPath: '/etc/kube.conf', namespaces: ['team-a', 'default'] },
      cri: { socket: '/run/x/cri.sock', forward: '/run/k3s/containerd.sock', keepMs: 3_600_000 },
      providers: [
        {
          name: 'ecr',
          command: '/opt/ecr',
          args: ['get-credentials', '-v=2'],
          env: { AWS_PROFILE: 'pull "er"' },
          matchImages: ['*.dkr.ecr.*.test', 'r.test:5000/team'],
          cacheMs: 300_000,
        },
      ],
    },
    registry: {
      dockerConfigPath: '/etc/docker.json',
      certsDir: '',
      mirrors: { 'docker.io': ['https://mirror.test/x'] },
      plainHttpHosts: ['registry.test:5000'],
      maxConnectionsPerHost: 3,
      connectTimeoutMs: 1000,
      idleTimeoutMs: 2000,
      retries: 0,
    },
  } satisfies Config);
});

test('the test above sets every key that there is, to something else than the default', () => {
  const { entries } = resolveConfig(FULL, '/c.toml');
  const byDefault = entries.filter((entry) => entry.source === 'default').map((entry) => entry.key);
  assert.deepEqual(byDefault, ['snapshotter.0.socket', 'snapshotter.0.root']);
  for (const spec of KEYS)
    assert.notDeepEqual(entries.find((entry) => entry.key === spec.key)?.value, spec.default, spec.key);
});

test('flags win over the file, the file over the defaults, and each value says where it came from', () => {
  const { entries } = resolveConfig('root = "/data"\n[log]\nlevel = "warn"\n', '/c.toml', { 'log.level': 'trace' });
  const origin = (key: string): unknown => {
    const entry = entries.find((one) => one.key === key);
    return [entry?.value, entry?.source, entry?.line];
  };
  assert.deepEqual(origin('root'), ['/data', 'file', 1]);
  assert.deepEqual(origin('log.level'), ['trace', 'flag', undefined]);
  assert.deepEqual(origin('log.format'), ['json', 'default', undefined]);
});

const BAD: readonly (readonly [title: string, toml: string, message: RegExp])[] = [
  ['an unknown key', '[fuse]\nworker = 2', /^\/c\.toml:2: fuse\.worker: no such key; did you mean fuse\.workers\?/m],
  ['an unknown key that is like no other', 'xyzzy_plugh_abc = 1', /c\.toml:1: xyzzy_plugh_abc: no such key$/m],
  [
    'an unknown table',
    '[prefetcher]\nenabled = true',
    /:2: prefetcher\.enabled: no such key; did you mean prefetch\.enabled\?/,
  ],
  [
    'an unknown key of a snapshotter',
    '[[snapshotter]]\nsoket = "/a"',
    /:2: snapshotter\.0\.soket: no such key; did you mean socket\?/,
  ],
  ['a value where a table belongs', 'fuse = 3', /:1: fuse: no such key/],
  ['a wrong type', '[fuse]\nworkers = "two"', /:2: fuse\.workers: wants an integer from 1 to 16, got "two"/],
  ['a number out of range', '[fuse]\n\nworkers = 0', /:3: fuse\.workers: wants an integer from 1 to 16, got 0/],
  [
    'a word that is not one of the words',
    'log.level = "loud"',
    /:1: log\.level: wants one of "trace", "debug".*got "loud"/,
  ],
  ['a relative path', 'root = "var"', /root: wants an absolute path, got "var"/],
  ['a path that climbs', 'root = "/a/../b"', /root: wants an absolute path/],
  ['a socket path that the kernel would cut', `control.socket = "/${'a'.repeat(103)}"`, /at most 103 bytes, got 104/],
  ['a size without sense', 'cache.size_limit = "10 bananas"', /cache\.size_limit: wants a size/],
  ['a negative size', 'cache.size_limit = -1', /wants a size/],
  ['a duration without a unit', 'background_fill.quiet = 5', /wants a duration with a unit/],
  ['a duration out of range', 'background_fill.quiet = "2h"', /wants 0ms to 10m, got "2h"/],
  ['a boolean as text', 'prefetch.enabled = "yes"', /wants true or false, got "yes"/],
  [
    'a metrics address that is not loopback',
    'metrics.address = "0.0.0.0:9100"',
    /:1: metrics\.address: is not a loopback address.*allow_remote/,
  ],
  ['a metrics address without a port', 'metrics.address = "localhost"', /wants "host:port"/],
  [
    'a mirror with a password',
    'registry.mirrors = { "docker.io" = ["https://u:hunter2@m.test"] }',
    /without user, password/,
  ],
  ['a mirror that is no URL', 'registry.mirrors = { "docker.io" = ["m.test"] }', /wants http/],
  ['a mirror that is no list', 'registry.mirrors = { "docker.io" = "https://m.test" }', /wants a list of URLs/],
  [
    'a source of credentials that there is not',
    'credentials.order = ["kubernets"]',
    /:1: credentials\.order: wants a list of "cri", "docker", "kubernetes", "provider".*got \["kubernets"\]/,
  ],
  [
    'pull secrets that the order leaves out',
    'credentials.order = ["docker"]\ncredentials.kubernetes.enabled = true',
    /:2: credentials\.kubernetes\.enabled: is set, but credentials\.order leaves "kubernetes" out/,
  ],
  [
    "CRI's image service that the order leaves out",
    'credentials.order = ["docker"]\ncredentials.cri.socket = "/a"',
    /:2: credentials\.cri\.socket: is set, but .* "cri" out/,
  ],
  [
    'a provider that the order leaves out',
    'credentials.order = ["docker"]\n[[credentials.provider]]\nname = "a"',
    /credentials\.provider: is set, but .* "provider" out/,
  ],
  ['a source of credentials that is named twice', 'credentials.order = ["cri", "cri"]', /each at most once/],
  [
    'an unknown key of Kubernetes',
    '[credentials.kubernetes]\nkubconfig = "/a"',
    /:2: credentials\.kubernetes\.kubconfig: no such key; did you mean credentials\.kubernetes\.kubeconfig\?/,
  ],
  [
    'a namespace that is none',
    '[credentials.kubernetes]\nnamespaces = ["Team A"]',
    /:2: credentials\.kubernetes\.namespaces: wants a list of namespaces/,
  ],
  [
    'a time to keep credentials that is too short',
    'credentials.cri.keep = "1s"',
    /credentials\.cri\.keep: wants 1m to/,
  ],
  [
    'an unknown key of a provider',
    '[[credentials.provider]]\nname = "a"\nmatch_image = ["r.io"]',
    /:3: credentials\.provider\.0\.match_image: no such key; did you mean match_images\?/,
  ],
  [
    'a provider pattern with a scheme',
    '[[credentials.provider]]\nmatch_images = ["https://r.io"]',
    /:2: credentials\.provider\.0\.match_images: wants a list of image patterns/,
  ],
  [
    'a variable with a name that is none',
    '[[credentials.provider]]\nenv = { "A=B" = "c" }',
    /:2: credentials\.provider\.0\.env: wants a table of variables/,
  ],
  [
    'two providers with one name',
    '[[credentials.provider]]\nname = "a"\n[[credentials.provider]]\nname = "a"',
    /:4: credentials\.provider\.1\.name: is the same as credentials\.provider\.0\.name/,
  ],
  ['providers as a table', '[credentials.provider]\nname = "a"', /credentials\.provider\.name: no such key/],
  [
    'two consumers with one name',
    '[[snapshotter]]\nname = "a"\n[[snapshotter]]\nname = "a"\nsocket = "/b"',
    /:4: snapshotter\.1\.name: is the same as snapshotter\.0\.name/,
  ],
  [
    'two consumers with one store',
    '[[snapshotter]]\nname="a"\nroot="/r"\n[[snapshotter]]\nname="b"\nroot="/r"',
    /:6: snapshotter\.1\.root: is the same/,
  ],
  ['snapshotter as a table', '[snapshotter]\nname = "a"', /no such key|wants one or more/],
  ['text that is not TOML', 'root = ', /^\/c\.toml:1:\d+: not TOML/],
];

for (const [title, toml, message] of BAD) {
  test(`${title} is refused with its key and line`, () => {
    assert.throws(
      () => resolveConfig(toml, '/c.toml'),
      (error) => error instanceof UserError && message.test(error.message),
      title,
    );
  });
}

test('no message repeats a password of a mirror', () => {
  assert.throws(
    () => resolveConfig('registry.mirrors = { "docker.io" = ["https://u:hunter2@m.test"] }', '/c.toml'),
    (error) => error instanceof UserError && !error.message.includes('hunter2'),
  );
});

test('all problems of a file are told at once', () => {
  assert.throws(
    () => resolveConfig('root = "a"\nstate_dir = "b"\n', '/c.toml'),
    /c\.toml:1: root: .*\n\/c\.toml:2: state_dir:/,
  );
});

test('an unknown override is refused', () => {
  assert.throws(
    () => resolveConfig('', undefined, { 'log.leve': 'info' }),
    /log\.leve: no such key; did you mean log\.level\?/,
  );
});

test('the printed configuration gives the same configuration again', () => {
  for (const text of ['', FULL]) {
    const effective = resolveConfig(text, '/c.toml');
    assert.deepEqual(resolveConfig(printConfig(effective), '/again.toml').config, effective.config);
  }
});

test('the printed configuration says where each value came from', () => {
  const printed = printConfig(resolveConfig('root = "/data"', '/c.toml', { 'log.level': 'debug' }));
  assert.match(printed, /^root = "\/data" # \/c\.toml:1$/m);
  assert.match(printed, /^level = "debug" # flag$/m);
  assert.match(printed, /^workers = 2 # default$/m);
});

test('docs/config.md has the reference as the code has it', () => {
  const page = readFileSync(new URL('../../docs/config.md', import.meta.url), 'utf8');
  assert.ok(page.includes(configReference()), 'run: lazypull config --reference, and put it into docs/config.md');
});

test('an explicit path must be there, the default one need not', (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'lazypull-config-'));
  t.after(() => rmSync(dir, { recursive: true }));
  assert.throws(() => loadConfig(join(dir, 'none.toml')), /can't read the config file .*none\.toml: ENOENT/);
  assert.throws(() => loadConfig(dir), /can't read the config file .*EISDIR/);
  writeFileSync(join(dir, 'a.toml'), 'fuse.workers = 3');
  const effective = loadConfig(join(dir, 'a.toml'));
  assert.equal(effective.config.fuse.workers, 3);
  assert.equal(effective.path, join(dir, 'a.toml'));
});

const FULL = `
root = "/data"
state_dir = "/run/x/"
[log]
level = "debug"
format = "text"
[control]
socket = "/run/x/c.sock"
[metrics]
address = "0.0.0.0:9100"
allow_remote = true
[fuse]
transport = "fuse-native"
workers = 4
[mount]
tier = "B"
[cache]
size_limit = "10GiB"
[prefetch]
enabled = false
default_bytes = "5 MB"
wait_timeout = "1.5s"
[background_fill]
enabled = false
quiet = "1m"
[verification]
allow_unverified = true
[layer_store]
path = "/srv/store"
timeout = "3s"
[registry]
docker_config = "/etc/docker.json"
certs_dir = ""
plain_http_hosts = ["registry.test:5000"]
max_connections_per_host = 3
connect_timeout = "1s"
idle_timeout = "2s"
retries = 0
[registry.mirrors]
"docker.io" = ["https://mirror.test/x"]
[credentials]
order = ["kubernetes", "provider", "docker", "cri"]
[credentials.kubernetes]
enabled = true
kubeconfig = "/etc/kube.conf"
namespaces = ["team-a", "default"]
[credentials.cri]
socket = "/run/x/cri.sock"
forward = "/run/k3s/containerd.sock"
keep = "1h"
[[credentials.provider]]
name = "ecr"
command = "/opt/ecr"
args = ["get-credentials", "-v=2"]
env = { AWS_PROFILE = 'pull "er"' }
match_images = ["*.dkr.ecr.*.test", "r.test:5000/team"]
cache = "5m"
[[snapshotter]]
name = "containerd"
[[snapshotter]]
name = "buildkit"
socket = "/run/bk.sock"
root = "/bk"
`;
