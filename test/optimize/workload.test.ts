import assert from 'node:assert/strict';
import { test } from 'node:test';
import { workloadOptions, stopRules } from '../../src/cli/workload-flags.ts';
import { FormatError, UserError } from '../../src/errors.ts';
import { parseRunConfig, type RunConfig } from '../../src/optimize/image-config.ts';
import { resolveUser } from '../../src/optimize/image-user.ts';
import { LineWatcher } from '../../src/optimize/line-watcher.ts';
import { encodeSpec, type SpecOptions } from '../../src/optimize/oci-spec.ts';
import { commandOf, environmentOf, parseEnvFile, stopSignalOf } from '../../src/optimize/workload.ts';

const NOTHING: RunConfig = { user: '', env: [], entrypoint: [], cmd: [], workingDir: '', stopSignal: '' };

test('an image config is read, with what Go leaves out or writes as null', () => {
  const parse = (config: unknown): RunConfig => parseRunConfig(Buffer.from(JSON.stringify({ config })));
  const full = { User: 'u', Env: ['A=1'], Entrypoint: ['e'], Cmd: ['c'], WorkingDir: '/w', StopSignal: 'SIGQUIT' };
  assert.deepEqual(parse(full), {
    user: 'u',
    env: ['A=1'],
    entrypoint: ['e'],
    cmd: ['c'],
    workingDir: '/w',
    stopSignal: 'SIGQUIT',
  });
  assert.deepEqual(parse({ Env: null }), NOTHING);
  assert.deepEqual(parse(null), NOTHING);
  assert.deepEqual(parseRunConfig(Buffer.from('{}')), NOTHING);
  for (const config of [{ Env: 'A=1' }, { Cmd: [1] }, { User: 1 }, []]) assert.throws(() => parse(config), FormatError);
});

test('commands are put together as docker does it', () => {
  const image = { ...NOTHING, entrypoint: ['entry'], cmd: ['cmd'] };
  assert.deepEqual(commandOf(image, {}), ['entry', 'cmd']);
  assert.deepEqual(commandOf(image, { args: ['a', 'b'] }), ['entry', 'a', 'b']);
  assert.deepEqual(commandOf(image, { entrypoint: ['e'] }), ['e']);
  assert.deepEqual(commandOf(image, { entrypoint: ['e'], args: ['a'] }), ['e', 'a']);
  assert.deepEqual(commandOf(image, { entrypoint: [], args: ['a'] }), ['a']);
  assert.throws(() => commandOf(NOTHING, {}), UserError);
});

test('a later variable wins, at the place of the first; a name alone is taken from here', () => {
  process.env['LAZYPULL_TEST_SET'] = 'here';
  const image = { ...NOTHING, env: ['A=1', 'PATH=/image'] };
  assert.deepEqual(environmentOf(image, { env: ['A=2', 'LAZYPULL_TEST_SET', 'EMPTY='] }, 'box'), [
    'PATH=/image',
    'HOSTNAME=box',
    'A=2',
    'LAZYPULL_TEST_SET=here',
    'EMPTY=',
  ]);
  assert.deepEqual(environmentOf(image, { env: ['A'] }, 'box'), ['PATH=/image', 'HOSTNAME=box']);
  assert.ok(environmentOf(NOTHING, { terminal: true }, 'box').includes('TERM=xterm'));
  assert.throws(() => environmentOf(NOTHING, { env: ['=1'] }, 'box'), UserError);
});

test('an image takes nothing from the environment of who runs it', () => {
  process.env['LAZYPULL_TEST_SECRET'] = 'secret';
  const image = { ...NOTHING, env: ['LAZYPULL_TEST_SECRET', '=1', '', 'A=1'] };
  assert.deepEqual(environmentOf(image, {}, 'box').slice(2), ['A=1']);
  const asked = environmentOf(image, { env: ['LAZYPULL_TEST_SECRET'] }, 'box');
  assert.ok(asked.includes('LAZYPULL_TEST_SECRET=secret'));
});

test('errors about variables have no values in them', () => {
  const isSilent = (error: unknown): boolean => error instanceof UserError && !error.message.includes('secret');
  assert.throws(() => environmentOf(NOTHING, { env: ['=secret'] }, 'box'), isSilent);
  assert.throws(() => environmentOf(NOTHING, { env: ['A=secret\0'] }, 'box'), isSilent);
  assert.throws(() => parseEnvFile('B=1\nexport A=secret', 'f'), isSilent);
  assert.throws(() => parseEnvFile('B=1\nexport A=secret', 'f'), /f, line 2: not NAME=VALUE/);
});

test('env files have comments and values with anything in them', () => {
  assert.deepEqual(parseEnvFile('# c\nA=1\r\n  B=x # y\n\nC\nD= "q"\n', 'f'), ['A=1', 'B=x # y', 'C', 'D= "q"']);
  assert.throws(() => parseEnvFile('A B=1', 'f'), /f, line 1: not NAME=VALUE/);
});

test('a stop signal is a name or a number', () => {
  const signal = (stopSignal: string): number => stopSignalOf({ ...NOTHING, stopSignal });
  assert.deepEqual(['', 'SIGQUIT', 'int', '9', '0', '99', 'SIGNONE'].map(signal), [15, 3, 2, 9, 15, 15, 15]);
});

const passwd = 'root:x:0:0:root:/root:/bin/sh\napp:x:10:20::/:/bin/sh\n# no\n7:x:30:40::/:\nbroken\n';
const group = 'root:x:0:root\nten:x:10:app,other\nother:x:50:other\neleven:x:11:app\n';

for (const [spec, wanted] of [
  ['', [0, 0, [0]]],
  ['root', [0, 0, [0]]],
  ['app', [10, 20, [20, 10, 11]]],
  ['10', [10, 20, [20, 10, 11]]],
  ['app:ten', [10, 10, [10]]],
  ['app:77', [10, 77, [77]]],
  ['app:', [10, 20, [20, 10, 11]]],
  ['99', [99, 0, [0]]],
  ['99:98', [99, 98, [98]]],
  [':98', [0, 98, [98]]],
  ['7', [30, 40, [40]]],
] as const) {
  test(`the user ${JSON.stringify(spec)} is ${JSON.stringify(wanted)}`, () => {
    const { uid, gid, additionalGids } = resolveUser(spec, passwd, group);
    assert.deepEqual([uid, gid, additionalGids], wanted);
  });
}

test('users and groups that are not there are errors, and ids that can not be', () => {
  for (const spec of ['none', 'app:none', '4294967295', '-1', '99999999999', 'broken']) {
    assert.throws(() => resolveUser(spec, passwd, group), UserError, spec);
  }
  assert.deepEqual(resolveUser('5', '', ''), { uid: 5, gid: 0, additionalGids: [0] });
});

test('a text is found however the output is cut, once, and only within a line', () => {
  const found = (text: string, ...parts: string[]): number => {
    let count = 0;
    const watcher = new LineWatcher(text, () => count++);
    for (const part of parts) watcher.push(Buffer.from(part));
    return count;
  };
  assert.equal(found('listening', 'now lis', 'ten', 'ing on 80'), 1);
  assert.equal(found('listening', 'listening\nlistening\n', 'listening'), 1);
  assert.equal(found('listening', 'lis\ntening', '\nlisten', '\ning'), 0);
  assert.equal(found('\u00e9t\u00e9', 'x \u00e9t', '\u00e9'), 1);
  assert.equal(found('needle', 'x'.repeat(100_000), 'nee', 'dle'), 1);
});

const SPEC: SpecOptions = {
  command: ['run'],
  env: ['A=1'],
  workingDir: '/w',
  user: { uid: 0, gid: 0, additionalGids: [0] },
  hostname: 'box',
  network: 'none',
  terminal: false,
  mounts: [],
  files: [{ source: '/tmp/hosts', target: '/etc/hosts' }],
  cgroup: '/c',
};

interface Spec {
  readonly process: { readonly capabilities: Record<string, string[]>; readonly args: string[] };
  readonly mounts: readonly { readonly destination: string; readonly type: string; readonly options: string[] }[];
  readonly linux: { readonly namespaces: readonly { readonly type: string }[] };
}
const specOf = (options: Partial<SpecOptions>): Spec => JSON.parse(encodeSpec({ ...SPEC, ...options })) as Spec;

test('only root has capabilities, and only the host has a network', () => {
  assert.ok(specOf({}).process.capabilities['effective']!.includes('CAP_CHOWN'));
  assert.ok(!specOf({}).process.capabilities['bounding']!.includes('CAP_SYS_ADMIN'));
  const user = specOf({ user: { uid: 1, gid: 1, additionalGids: [] } }).process.capabilities;
  assert.deepEqual([user['effective'], user['permitted'], user['bounding']!.length > 0], [[], [], true]);
  const namespaces = (network: 'none' | 'host'): string[] =>
    specOf({ network }).linux.namespaces.map(({ type }) => type);
  assert.ok(namespaces('none').includes('network'));
  assert.ok(!namespaces('host').includes('network'));
});

test('what docker hides of the host is hidden', () => {
  const { linux } = JSON.parse(encodeSpec(SPEC)) as { linux: { maskedPaths: string[]; readonlyPaths: string[] } };
  for (const path of [
    '/proc/kcore',
    '/proc/keys',
    '/proc/interrupts',
    '/sys/firmware',
    '/sys/devices/virtual/powercap',
  ])
    assert.ok(linux.maskedPaths.includes(path), path);
  assert.ok(linux.readonlyPaths.includes('/proc/sys'));
});

test("the user's mounts come last, and take the place of ours", () => {
  const mount = {
    type: 'tmpfs',
    source: undefined,
    target: '/etc/hosts',
    readonly: true,
    options: ['size=1m'],
  } as const;
  const { mounts } = specOf({ mounts: [mount] });
  assert.equal(mounts.filter(({ destination }) => destination === '/etc/hosts').length, 1);
  assert.deepEqual(mounts.at(-1), {
    destination: '/etc/hosts',
    type: 'tmpfs',
    source: 'tmpfs',
    options: ['nosuid', 'nodev', 'ro', 'size=1m'],
  });
});

test('flags become options', () => {
  const options = workloadOptions(
    {
      entrypoint: '["a","b"]',
      env: ['X=1'],
      mount: [
        'type=bind,src=/s,dst=/d,ro',
        'type=tmpfs,dst=/t,options=size=1m:mode=700',
        'source=/s,target=/u,readonly=false',
      ],
      volume: ['/s:/v:ro'],
      cwd: '/c',
      netHost: true,
      addHost: ['a:1.2.3.4'],
      addHosts: ['b:::1'],
      dns: ['1.1.1.1'],
      dnsNameservers: ['2.2.2.2'],
    },
    ['cmd'],
  );
  assert.deepEqual(options.entrypoint, ['a', 'b']);
  assert.deepEqual(options.args, ['cmd']);
  assert.deepEqual(options.mounts, [
    { type: 'bind', source: '/s', target: '/d', readonly: true, options: [] },
    { type: 'tmpfs', source: undefined, target: '/t', readonly: false, options: ['size=1m', 'mode=700'] },
    { type: 'bind', source: '/s', target: '/u', readonly: false, options: [] },
    { type: 'bind', source: '/s', target: '/v', readonly: true, options: [] },
  ]);
  assert.equal(options.workingDir, '/c');
  assert.equal(options.network, 'host');
  assert.deepEqual(options.addHosts, ['a:1.2.3.4', 'b:::1']);
  assert.deepEqual(options.dns, ['1.1.1.1', '2.2.2.2']);
});

for (const [what, flags, error] of [
  ['arguments that are no list', { args: 'a b' }, /--args: not a JSON list/],
  ['an entrypoint of numbers', { entrypoint: '[1]' }, /--entrypoint: not a JSON list of strings/],
  ['a mount without a target', { mount: ['type=bind,src=/a'] }, /no absolute dst/],
  ['a mount of another type', { mount: ['type=proc,dst=/a'] }, /type proc/],
  ['a mount with an unknown field', { mount: ['type=bind,src=/a,dst=/b,typo=1'] }, /unknown field "typo"/],
  ['a bind mount of nothing', { mount: ['type=bind,dst=/b'] }, /no src/],
  ['a named volume', { volume: ['name:/b'] }, /no named volumes/],
  ['a volume with a relative target', { volume: ['/a:b'] }, /not SRC:DST/],
  ['a host name with a slash', { hostname: 'a/b' }, /not a host name/],
  ['a name server of two words', { dns: ['1.1.1.1 evil'] }, /not one word/],
  ['an env file that is not there', { envFile: ['/no/such/file'] }, /can't read --env-file/],
] as const) {
  test(`${what} is refused`, () => {
    assert.throws(
      () => workloadOptions(flags, undefined),
      (thrown) => thrown instanceof UserError && error.test(thrown.message),
    );
  });
}

test('a recording ends after ten seconds, unless told otherwise', () => {
  const rules = (flags: Parameters<typeof stopRules>[0]): unknown[] => {
    const { periodMs, line, onSignal, periodIsLimit } = stopRules(flags);
    return [periodMs, line, onSignal, periodIsLimit];
  };
  assert.deepEqual(rules({}), [10_000, undefined, false, false]);
  assert.deepEqual(rules({ period: '30' }), [30_000, undefined, false, false]);
  assert.deepEqual(rules({ period: '2m' }), [120_000, undefined, false, false]);
  assert.deepEqual(rules({ waitOnSignal: true }), [undefined, undefined, true, false]);
  assert.deepEqual(rules({ waitOnSignal: true, period: '1s' }), [1000, undefined, true, false]);
  assert.deepEqual(rules({ waitOnLine: 'up' }), [300_000, 'up', false, true]);
  assert.deepEqual(rules({ waitOnLine: 'up', period: '0.5' }), [500, 'up', false, true]);
  for (const period of ['0', '-1', 'soon', '25h', '']) assert.throws(() => stopRules({ period }), UserError, period);
  for (const waitOnLine of ['', 'a\nb']) assert.throws(() => stopRules({ waitOnLine }), UserError);
});
