import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { type ConfigParts, daemonConfig, daemonEnvironment } from '../../action/daemon-config.ts';
import { parseDockerSettings } from '../../action/docker-settings.ts';
import { CONSUMERS } from '../../action/state.ts';
import { type Config, resolveConfig } from '../../src/config.ts';

type Parts = Partial<Omit<ConfigParts, 'inputs'>> & { readonly inputs?: Partial<ConfigParts['inputs']> };

function make({ inputs, ...more }: Parts = {}): ReturnType<typeof daemonConfig> {
  return daemonConfig({
    text: '',
    where: "input 'config-inline'",
    inputs: { registryMirrors: {}, prefetch: true, logLevel: 'info', ...inputs },
    docker: { mirrors: [], insecure: [] },
    env: { HOME: '/home/runner' },
    freeBytes: 20 * 2 ** 30,
    ...more,
  });
}

const configOf = (parts: Parts = {}): Config => resolveConfig(make(parts).text, 'made').config;

suite("the daemon's configuration", () => {
  test('without anything of the user has the places, the consumers and the login of the runner', () => {
    const config = configOf();
    assert.equal(config.root, '/var/lib/lazypull');
    assert.equal(config.stateDir, '/run/lazypull');
    assert.equal(config.control.socket, '/run/lazypull/control.sock');
    assert.deepEqual(config.snapshotters, [
      { name: 'containerd', socket: CONSUMERS.containerd, root: '/var/lib/lazypull/snapshotter/containerd' },
      { name: 'isolated', socket: CONSUMERS.isolated, root: '/var/lib/lazypull/snapshotter/isolated' },
      { name: 'buildkit', socket: CONSUMERS.buildkit, root: '/var/lib/lazypull/snapshotter/buildkit' },
    ]);
    assert.equal(config.registry.dockerConfigPath, '/home/runner/.docker/config.json');
    assert.equal(config.cache.sizeLimitBytes, 10 * 2 ** 30);
    assert.equal(config.prefetch.enabled, true);
    assert.deepEqual(config.log, { level: 'info', format: 'text' });
  });

  test('keeps what the user says, but the places of the action', () => {
    const { text, replaced } = make({
      text: `root = "/elsewhere"
state_dir = "/run/elsewhere"
log.level = "warn"
cache.size_limit = "3GiB"
prefetch.enabled = false
registry.docker_config = "/secret/config.json"
registry.retries = 2
[[snapshotter]]
name = "mine"
`,
    });
    assert.deepEqual(replaced, ['root', 'state_dir', 'snapshotter']);
    const { config } = resolveConfig(text, 'made');
    assert.equal(config.root, '/var/lib/lazypull');
    assert.deepEqual(
      config.snapshotters.map(({ name }) => name),
      ['containerd', 'isolated', 'buildkit'],
    );
    assert.equal(config.log.level, 'warn');
    assert.equal(config.cache.sizeLimitBytes, 3 * 2 ** 30);
    assert.equal(config.prefetch.enabled, false);
    assert.equal(config.registry.dockerConfigPath, '/secret/config.json');
    assert.equal(config.registry.retries, 2);
  });

  for (const [text, message] of [
    ['cache.size_limit = "many"', /^input 'config-inline':1: cache\.size_limit: wants a size/],
    ['\n\nfuse.wrokers = 2', /^input 'config-inline':3: fuse\.wrokers: no such key; did you mean fuse\.workers/],
    ['root = ', /^input 'config-inline':1:\d+: not TOML/],
  ] as const) {
    test(`names the input and the line of what is wrong in ${JSON.stringify(text)}`, () => {
      assert.throws(() => make({ text }), { code: 'CONFIG', message });
    });
  }

  test('DOCKER_CONFIG wins over HOME', () => {
    const config = configOf({ env: { HOME: '/home/runner', DOCKER_CONFIG: '/tmp/docker' } });
    assert.equal(config.registry.dockerConfigPath, '/tmp/docker/config.json');
  });

  test('mirrors of the inputs come first, then those of the file, then those of Docker, each once', () => {
    const config = configOf({
      text: '[registry.mirrors]\n"docker.io" = ["https://file.test"]\n"quay.io" = ["http://quay.test"]\n',
      inputs: { registryMirrors: { 'docker.io': ['input.test', 'https://docker.test'] } },
      docker: { mirrors: ['https://docker.test', 'https://last.test'], insecure: ['registry.test:5000'] },
    });
    assert.deepEqual(config.registry.mirrors, {
      'docker.io': ['https://input.test', 'https://docker.test', 'https://file.test', 'https://last.test'],
      'quay.io': ['http://quay.test'],
    });
    assert.deepEqual(config.registry.plainHttpHosts, ['registry.test:5000']);
  });

  test('a mirror that is no URL is refused as an input', () => {
    assert.throws(() => make({ inputs: { registryMirrors: { 'docker.io': ['https://a b'] } } }), { code: 'CONFIG' });
  });

  test('the log follows the input, the debugging of the job, and the file where the input says nothing', () => {
    assert.equal(configOf({ inputs: { logLevel: 'error' }, text: 'log.level = "warn"' }).log.level, 'error');
    assert.equal(configOf({ env: { RUNNER_DEBUG: '1' } }).log.level, 'debug');
    assert.equal(configOf({ env: { RUNNER_DEBUG: '1' }, inputs: { logLevel: 'trace' } }).log.level, 'trace');
    assert.equal(configOf({ env: { RUNNER_DEBUG: '0' } }).log.level, 'info');
  });

  test('prefetching is turned off by the input, and not turned on against the file', () => {
    assert.equal(configOf({ inputs: { prefetch: false } }).prefetch.enabled, false);
    assert.equal(configOf({ text: 'prefetch.enabled = false' }).prefetch.enabled, false);
  });

  test('the cache has a limit on a disk that is almost full, too', () => {
    assert.equal(configOf({ freeBytes: 0 }).cache.sizeLimitBytes, 2 ** 30);
  });
});

suite("the daemon's environment", () => {
  test('has what credential helpers and networks need', () => {
    const env = {
      PATH: '/bin',
      HOME: '/home/runner',
      HTTPS_PROXY: 'http://proxy.test',
      no_proxy: 'localhost',
      AWS_ACCESS_KEY_ID: 'id',
      GOOGLE_APPLICATION_CREDENTIALS: '/key.json',
      DOCKER_CONFIG: '/d',
      XDG_CONFIG_HOME: '/x',
    };
    assert.deepEqual(daemonEnvironment(env), env);
  });

  test('has nothing of the job', () => {
    const env = {
      RUNNER_TRACKING_ID: 'x',
      ACTIONS_RUNTIME_TOKEN: 'x',
      GITHUB_TOKEN: 'x',
      INPUT_CONFIG: 'x',
      STATE_started: 'x',
      NODE_OPTIONS: '--inspect',
      LD_PRELOAD: '/x.so',
      MY_SECRET: 'x',
    };
    assert.deepEqual(daemonEnvironment(env), {});
  });
});

suite("Docker's registries", () => {
  test('mirrors and hosts without TLS', () => {
    const text =
      '{"registry-mirrors":["https://m.test","no url"],"insecure-registries":["r.test:5000","10.0.0.0/8","r2"]}';
    assert.deepEqual(parseDockerSettings(text), { mirrors: ['https://m.test'], insecure: ['r.test:5000', 'r2'] });
  });

  for (const text of ['', '[]', 'null', '{"registry-mirrors":"x","insecure-registries":[1]}', '{']) {
    test(`${JSON.stringify(text)} says nothing`, () => {
      assert.deepEqual(parseDockerSettings(text), { mirrors: [], insecure: [] });
    });
  }
});
