import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import { suite, test } from 'node:test';
import type { Facts } from '../../action/facts.ts';
import { createHost } from '../../action/host.ts';
import { addressIn, flagOf, parseVersion } from '../../action/probe-containerd.ts';
import { parseDocker } from '../../action/probe-docker.ts';
import { parseUnits } from '../../action/probe-units.ts';
import { obstacleOf, probe } from '../../action/probe.ts';
import { fakeHost, type FakeMachine } from '../support/fake-host.ts';
import { findProgram, needs } from '../support/needs.ts';

const FULL = 'CapEff:\t000001ffffffffff\nCapBnd:\t000001ffffffffff\n';
const CONTAINED = 'CapEff:\t00000000a80425fb\nCapBnd:\t00000000a80425fb\n';
const LINUX = { platform: 'linux', arch: 'x64' } as const;
const ENDPOINT = 'unix:///var/run/docker.sock';

/** `docker info` of a hosted runner, cut to what is read. */
function infoOf(more: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    ServerVersion: '28.0.4',
    Driver: 'overlay2',
    DriverStatus: [['Backing Filesystem', 'extfs']],
    SecurityOptions: ['name=apparmor', 'name=seccomp,profile=builtin', 'name=cgroupns'],
    Name: hostname(),
    OSType: 'linux',
    ClientInfo: { Context: 'default', Plugins: [{ Name: 'buildx', Version: 'v0.36.1' }, { Name: 'compose' }] },
    ...more,
  });
}

const UNITS = `Id=docker.service
ActiveState=active
ExecStart={ path=/usr/bin/dockerd ; argv[]=/usr/bin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock ; ignore_errors=no ; pid=1 }

Id=snap.docker.dockerd.service
ActiveState=inactive

ExecStart={ path=/usr/bin/containerd ; argv[]=/usr/bin/containerd --config /etc/c.toml ; ignore_errors=no }
ActiveState=active
Id=containerd.service
`;

function machine(more: FakeMachine = {}): ReturnType<typeof fakeHost> {
  return fakeHost({
    ...more,
    files: { '/run/systemd/system': '', '/proc/self/status': FULL, '/dev/fuse': '', ...more.files },
    answers: [
      ...(more.answers ?? []),
      [/^docker info/, infoOf()],
      [/^docker ps/, 'one\ntwo\n'],
      [/^docker context/, `${ENDPOINT}\n`],
      [/^systemctl show/, UNITS],
      [/containerd --version/, 'containerd containerd.io v2.2.1 abc\n'],
    ],
  });
}

suite('a hosted runner', () => {
  const env = { RUNNER_ENVIRONMENT: 'github-hosted', GITHUB_SERVER_URL: 'https://github.com', PATH: '' };

  test('is told fact by fact', async () => {
    const { host } = machine();
    assert.deepEqual(await probe(host, env, LINUX), {
      ...LINUX,
      root: 'sudo',
      ghes: false,
      hosted: true,
      fuse: true,
      systemd: true,
      container: undefined,
      mayMount: true,
      docker: {
        version: '28.0.4',
        driver: 'overlay2',
        containerdStore: false,
        endpoint: ENDPOINT,
        context: 'default',
        running: ['one', 'two'],
        unfit: undefined,
        unit: 'docker.service',
      },
      containerd: {
        version: '2.2.1',
        address: '/run/containerd/containerd.sock',
        unit: 'containerd.service',
        configPath: '/etc/c.toml',
      },
      buildx: '0.36.1',
      buildkitd: undefined,
    } satisfies Facts);
    assert.equal(obstacleOf(await probe(host, env, LINUX)), undefined);
  });

  test('docker is asked as the user, modules are loaded as root before /dev/fuse is opened', async () => {
    const { host, commands } = machine();
    await probe(host, env, LINUX);
    assert.ok(commands.includes('docker ps --format {{.Names}}'));
    const order = commands.filter((command) => /modprobe|dev\/fuse/.test(command));
    assert.deepEqual(order, [
      'root: modprobe -a fuse erofs loop overlay',
      'root: sh -c test -c /dev/fuse && : <>/dev/fuse',
    ]);
  });

  test('that is not Linux is not asked anything', async () => {
    for (const platform of ['win32', 'darwin'] as const) {
      const { host, commands } = machine();
      const facts = await probe(host, env, { platform, arch: 'arm64' });
      assert.deepEqual(commands, []);
      assert.match(obstacleOf(facts)?.reason ?? '', platform === 'win32' ? /Windows/ : /macOS/);
      assert.match(obstacleOf(facts)?.remedy ?? '', /runner\.os == 'Linux'/);
    }
  });

  test('of an enterprise server is told from github.com and its data residency', async () => {
    const ghesOf = async (url: string): Promise<boolean> =>
      (await probe(machine().host, { GITHUB_SERVER_URL: url }, { platform: 'win32', arch: 'x64' })).ghes;
    assert.equal(await ghesOf('https://github.example.com'), true);
    assert.equal(await ghesOf('https://org.ghe.com'), false);
    assert.equal(await ghesOf('https://github.com'), false);
  });
});

suite('obstacles', () => {
  const cases: readonly [
    name: string,
    machine: FakeMachine,
    env: Record<string, string>,
    reason: RegExp | undefined,
  ][] = [
    ['nothing', {}, {}, undefined],
    ['a container job', { files: { '/.dockerenv': '', '/proc/self/status': CONTAINED } }, {}, /container.*\(Docker\)/],
    ['a privileged container', { files: { '/.dockerenv': '' } }, {}, undefined],
    [
      'ubuntu-slim',
      { files: { '/run/.containerenv': '', '/proc/self/status': CONTAINED } },
      { ImageOS: 'Linux' },
      /\(ubuntu-slim\)/,
    ],
    ['Podman', { files: { '/run/.containerenv': '', '/proc/self/status': CONTAINED } }, {}, /\(Podman\)/],
    [
      'a pod',
      { files: { '/proc/self/status': CONTAINED } },
      { KUBERNETES_SERVICE_HOST: '10.0.0.1' },
      /\(a Kubernetes pod\)/,
    ],
    [
      'a container that only its cgroup tells',
      { files: { '/proc/1/cgroup': '0::/docker/abc\n', '/proc/self/status': CONTAINED } },
      {},
      /\(docker\)/,
    ],
    ['no sudo', { rootWay: 'none' }, {}, /sudo -n/],
    ['no right to mount', { files: { '/proc/self/status': CONTAINED } }, {}, /CAP_SYS_ADMIN/],
    ['no /dev/fuse', { answers: [[/dev\/fuse/, { status: 1 }]] }, {}, /\/dev\/fuse/],
    [
      'no engine',
      {
        answers: [
          [/^docker/, { status: 127 }],
          [/systemctl/, ''],
        ],
      },
      {},
      /neither Docker nor containerd/,
    ],
    ['modules that can not be loaded', { answers: [[/modprobe/, { status: 1 }]] }, {}, undefined],
  ];

  for (const [name, from, env, reason] of cases) {
    test(`${name}: ${reason === undefined ? 'none' : 'a reason, and what to change'}`, async () => {
      const obstacle = obstacleOf(await probe(machine(from).host, env, LINUX));
      if (reason === undefined) assert.equal(obstacle, undefined);
      else {
        assert.match(obstacle?.reason ?? '', reason);
        assert.match(obstacle?.remedy ?? '', /\w{3,}.*[^.]$|\w{3,}.*\.$/);
      }
    });
  }

  test('an architecture that there is nothing for', async () => {
    const facts = await probe(machine().host, {}, { platform: 'linux', arch: 'ia32' });
    assert.match(obstacleOf(facts)?.reason ?? '', /ia32/);
  });

  test('the first one counts', async () => {
    const facts = await probe(
      machine({ rootWay: 'none', strict: true, files: { '/.dockerenv': '', '/proc/self/status': CONTAINED } }).host,
      {},
      LINUX,
    );
    assert.match(obstacleOf(facts)?.reason ?? '', /container/);
  });
});

suite('what docker says', () => {
  const parse = (info: string, endpoint = ENDPOINT): ReturnType<typeof parseDocker> =>
    parseDocker(info, '', `${endpoint}\n`, hostname());

  test('a containerd store is told by its driver type', () => {
    const DriverStatus = [['driver-type', 'io.containerd.snapshotter.v1']];
    const { server } = parse(infoOf({ Driver: 'stargz', DriverStatus }));
    assert.deepEqual([server?.driver, server?.containerdStore], ['stargz', true]);
  });

  test('a client without a server has buildx', () => {
    assert.deepEqual(parse(infoOf({ ServerVersion: '' })), { buildx: '0.36.1', server: undefined });
  });

  test('no answer, and one that is not JSON, is no Docker', () => {
    for (const text of ['', 'Cannot connect', '[]', 'null'])
      assert.deepEqual(parse(text), { buildx: undefined, server: undefined });
  });

  const unfit: readonly [string, Record<string, unknown>, string, string | undefined][] = [
    ['an ordinary one', {}, ENDPOINT, undefined],
    ['rootless', { SecurityOptions: ['name=rootless'] }, ENDPOINT, 'rootless'],
    ['userns-remap', { SecurityOptions: ['name=userns'] }, ENDPOINT, 'userns-remap'],
    ['over TCP', {}, 'tcp://10.0.0.2:2376', 'another machine'],
    ['by the socket of the machine around the container', { Name: 'the-host' }, ENDPOINT, 'another machine'],
    ['for Windows containers', { OSType: 'windows' }, ENDPOINT, 'not Linux'],
  ];
  for (const [name, fields, endpoint, word] of unfit) {
    test(`${name} is ${word === undefined ? 'fit' : `unfit: ${word}`}`, () => {
      assert.equal(parse(infoOf(fields), endpoint).server?.unfit, word);
    });
  }

  test('a snap is unfit, and a Docker of another machine has no unit here', async () => {
    const snap = UNITS.replace('inactive', 'active').replace('ActiveState=active', 'ActiveState=inactive');
    const facts = await probe(machine({ answers: [[/^systemctl show/, snap]] }).host, {}, LINUX);
    assert.deepEqual([facts.docker?.unit, facts.docker?.unfit], ['snap.docker.dockerd.service', 'snap']);
    const remote = await probe(machine({ answers: [[/^docker context/, 'tcp://10.0.0.2:2376']] }).host, {}, LINUX);
    assert.deepEqual([remote.docker?.unit, remote.docker?.unfit], [undefined, 'another machine']);
  });
});

suite('what systemd and containerd say', () => {
  test('active units with their command lines', () => {
    assert.deepEqual(parseUnits(UNITS), [
      {
        name: 'docker.service',
        command: ['/usr/bin/dockerd', '-H', 'fd://', '--containerd=/run/containerd/containerd.sock'],
      },
      { name: 'containerd.service', command: ['/usr/bin/containerd', '--config', '/etc/c.toml'] },
    ]);
    assert.deepEqual(parseUnits(''), []);
  });

  for (const [args, value] of [
    [['--config', '/a'], '/a'],
    [['-c', '/a'], '/a'],
    [['--config=/a'], '/a'],
    [['-c=/a'], '/a'],
    [['--log-level', 'debug', '-c', '/a'], '/a'],
    [['--configuration', '/a'], undefined],
    [[], undefined],
    [['--config'], undefined],
  ] as const) {
    test(`the flag in ${JSON.stringify(args)}`, () => assert.equal(flagOf(args, 'config', 'c'), value));
  }

  for (const [text, version] of [
    ['containerd github.com/containerd/containerd/v2 v2.1.9 0fd6', '2.1.9'],
    ['containerd github.com/containerd/containerd 1.7.24~ds1 1.7.24~ds1-6', '1.7.24'],
    ['containerd containerd.io 1.7.27 05044ec', '1.7.27'],
    ['containerd github.com/containerd/containerd/v2 v2.4.0-beta.0 3010', '2.4.0'],
    ['bash: containerd: not found', undefined],
  ] as const) {
    test(`${version} in ${JSON.stringify(text)}`, () => assert.equal(parseVersion(text), version));
  }

  test('the address in its configuration counts, where no flag says another', async () => {
    const files = { '/etc/c.toml': 'version = 2\n[grpc]\naddress = "/run/other.sock"\n' };
    assert.equal((await probe(machine({ files }).host, {}, LINUX)).containerd?.address, '/run/other.sock');
    const flagged: FakeMachine = {
      files,
      answers: [[/^systemctl/, UNITS.replace('--config', '-a /flag.sock --config')]],
    };
    assert.equal((await probe(machine(flagged).host, {}, LINUX)).containerd?.address, '/flag.sock');
  });

  test('a configuration without an address, or that is no TOML, has none', () => {
    for (const text of ['', '[grpc]\n', '[grpc]\naddress = ""', 'grpc = 1', '['])
      assert.equal(addressIn(text), undefined);
  });

  test('without a unit a containerd is there when its socket is', async () => {
    const answers: FakeMachine['answers'] = [[/^systemctl/, '']];
    assert.equal((await probe(machine({ answers }).host, {}, LINUX)).containerd, undefined);
    const files = { '/run/containerd/containerd.sock': '' };
    assert.deepEqual((await probe(machine({ answers, files }).host, {}, LINUX)).containerd, {
      version: '2.2.1',
      address: '/run/containerd/containerd.sock',
      unit: undefined,
      configPath: '/etc/containerd/config.toml',
    });
  });
});

suite('this machine', { skip: needs('root', 'fuse') }, () => {
  test('can be probed for real', async () => {
    const facts = await probe(createHost('root'), process.env);
    assert.deepEqual([facts.platform, facts.arch, facts.root, facts.fuse], ['linux', process.arch, 'root', true]);
    assert.equal(facts.mayMount, true);
  });

  test('a buildkitd of the PATH is found', { skip: needs('buildkitd') }, async () => {
    const path = findProgram('buildkitd') ?? '';
    const { buildkitd } = await probe(createHost('root'), { PATH: path.slice(0, path.lastIndexOf('/')) });
    assert.equal(buildkitd, path);
  });
});
