// The texts are also given to containerd itself, of both generations: what it makes of them is what counts.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { parse } from 'smol-toml';
import { type ConfigText, mergeContainerdConfig } from '../../src/install/containerd-config.ts';
import { containerdProgram } from '../support/containerd.ts';
import { needs, requireProgram } from '../support/needs.ts';
import { run } from '../support/run.ts';

const SOCKET = '/run/lazypull/snapshotter.sock';
const VERSIONS = { '1.7': '1.7.24', '2': '2.1.9' } as const;
type Generation = keyof typeof VERSIONS;

interface Dump {
  imports?: string[];
  version: number;
  disabled_plugins: string[];
  proxy_plugins: Record<string, { type: string; address: string; exports: Record<string, string> }>;
  plugins: Record<string, Record<string, unknown>>;
}

const merge = (text: string | undefined, generation: Generation): ConfigText =>
  mergeContainerdConfig(text, '/etc/containerd/config.toml', {
    version: VERSIONS[generation],
    socket: SOCKET,
    root: '/var/lib/lazypull',
    platform: 'linux/amd64',
  });

/** What a real containerd reads in a text. */
async function dump(t: TestContext, generation: Generation, text: string): Promise<Dump> {
  const dir = mkdtempSync(join(tmpdir(), 'lazypull-config-'));
  t.after(() => rmSync(dir, { recursive: true }));
  mkdirSync(join(dir, 'conf.d'));
  writeFileSync(
    join(dir, 'conf.d', 'more.toml'),
    'version = 2\n[proxy_plugins.imported]\ntype = "snapshot"\naddress = "/i"\n',
  );
  const path = join(dir, 'config.toml');
  writeFileSync(path, text.replaceAll('@DIR@', dir));
  const { stdout } = await run(requireProgram(containerdProgram(generation)), ['--config', path, 'config', 'dump']);
  const read = JSON.parse(JSON.stringify(parse(stdout))) as Dump;
  // It lists them in no order.
  read.imports?.sort();
  return read;
}

/** Entries of the transfer service, `PLATFORM SNAPSHOTTER DIFFER`. */
function unpackOf({ plugins }: Dump): string[] {
  const { unpack_config } = plugins['io.containerd.transfer.v1.local'] as { unpack_config: Record<string, string>[] };
  return unpack_config.map(({ platform, snapshotter, differ }) => `${platform} ${snapshotter} ${differ}`);
}

const BOTH = ['linux/amd64 overlayfs walking', 'linux/amd64 stargz walking'];
const DEBIAN = `# of the package
version = 2

[plugins]
  [plugins."io.containerd.grpc.v1.cri"]
    [plugins."io.containerd.grpc.v1.cri".cni]
      bin_dir = "/usr/lib/cni"
`;
const DOCKER = `#   Copyright\n\ndisabled_plugins = ["cri"]\n\n#[grpc]\n#  address = "/run/containerd/containerd.sock"\n`;

const texts: Record<string, string | undefined> = {
  'no file': undefined,
  'an empty file': '',
  'a file of comments': '# nothing here\n',
  "Debian's file": DEBIAN,
  "Docker's file, which has no version": DOCKER,
  'version 1': 'version = 1\n[plugins.cri]\nsandbox_image = "pause:1"',
  'another proxy plugin':
    'version = 2\n[proxy_plugins.other]\ntype = "snapshot"\naddress = "/o"\n[proxy_plugins.other.exports]\nroot = "/x"\n',
  'a table of proxy plugins':
    'version = 2\n[proxy_plugins]\n[proxy_plugins.other]\ntype = "snapshot"\naddress = "/o"\n',
  'inline tables': 'version = 2\nproxy_plugins = { other = { type = "snapshot", address = "/o" } } # mine\n',
  'dotted keys': 'version = 2\nproxy_plugins.other.type = "snapshot"\nproxy_plugins.other.address = "/o"\n',
  imports: 'version = 2\nimports = ["@DIR@/conf.d/*.toml"]\n',
  'lines that end as on Windows': 'version = 2\r\n[grpc]\r\n  gid = 1001\r\n',
};

for (const generation of ['1.7', '2'] as const) {
  suite(`containerd ${generation} reads`, { skip: needs(containerdProgram(generation)) }, () => {
    for (const [name, text] of Object.entries(texts)) {
      test(`${name}, with the snapshotter in it`, async (t) => {
        const before = await dump(t, generation, text ?? '');
        const merged = merge(text, generation);
        const after = await dump(t, generation, merged.text);
        assert.deepEqual([merged.changed, merged.told], [true, []]);
        assert.deepEqual(after.proxy_plugins['stargz'], {
          ...after.proxy_plugins['stargz'],
          type: 'snapshot',
          address: SOCKET,
          exports: { address: SOCKET, root: '/var/lib/lazypull', enable_remote_snapshot_annotations: 'true' },
        });
        if (generation === '2') assert.deepEqual(unpackOf(after), BOTH);
        // Nothing else has another value now.
        const rest = (all: Dump): Dump => {
          const copy = structuredClone(all);
          // 2.x leaves the empty table out.
          copy.proxy_plugins ??= {};
          delete copy.proxy_plugins['stargz'];
          if (generation === '2') delete copy.plugins['io.containerd.transfer.v1.local']!['unpack_config'];
          return copy;
        };
        const paths = (all: Dump): unknown =>
          JSON.parse(JSON.stringify(all).replaceAll(/[^"]*lazypull-config-[^/"]+/g, '@'));
        assert.deepEqual(paths(rest(after)), paths(rest(before)));
        assert.deepEqual(merge(merged.text, generation), { text: merged.text, changed: false, told: [] });
      });
    }

    test('what it is told in an imported file', async (t) => {
      const { proxy_plugins } = await dump(t, generation, merge(texts['imports'], generation).text);
      assert.deepEqual(Object.keys(proxy_plugins).toSorted(), ['imported', 'stargz']);
    });
  });
}

test('version 3 stays version 3', { skip: needs(containerdProgram('2')) }, async (t) => {
  const merged = merge('version = 3\ndisabled_plugins = ["io.containerd.grpc.v1.cri"]\n', '2');
  const after = await dump(t, '2', merged.text);
  assert.deepEqual([after.version, after.disabled_plugins], [3, ['io.containerd.grpc.v1.cri']]);
  assert.ok(after.proxy_plugins['stargz']);
});

test('a new file has the version that its containerd likes best, another one keeps its own', () => {
  assert.equal(parse(merge(undefined, '1.7').text)['version'], 2);
  assert.equal(parse(merge('', '2').text)['version'], 3);
  assert.equal(parse(merge(DOCKER, '2').text)['version'], undefined);
  assert.equal(parse(merge(DEBIAN, '2').text)['version'], 2);
});

test('comments stay where nothing has to be replaced', () => {
  for (const text of [DEBIAN, DOCKER]) {
    const merged = merge(text, '2').text;
    assert.ok(merged.startsWith(text));
    assert.match(merged, /\n# Added by lazypull /);
  }
});

test('a plugin of our name with another socket is replaced, and told', () => {
  const other = `# gone
version = 2
[proxy_plugins.stargz]
type = "snapshot"
address = "/run/containerd-stargz-grpc/containerd-stargz-grpc.sock"
[proxy_plugins.stargz.exports]
root = "/var/lib/containerd-stargz-grpc"
[proxy_plugins.nydus]
type = "snapshot"
address = "/n"
`;
  const merged = merge(other, '1.7');
  assert.match(merged.text, /^# Written by lazypull [^\n]* without the comments[^\n]* lies beside this one/);
  assert.doesNotMatch(merged.text, /grpc\.sock|# gone/);
  assert.equal(merged.told.length, 1);
  assert.match(
    merged.told[0]!,
    /config\.toml: proxy_plugins\.stargz .* instead of the one at \/run\/containerd-stargz/,
  );
  const { proxy_plugins } = parse(merged.text) as unknown as Dump;
  assert.equal(proxy_plugins['nydus']?.address, '/n');
  assert.deepEqual(proxy_plugins['stargz']?.exports['root'], '/var/lib/lazypull');
});

test('one with our socket keeps what else it says, and needs nothing but the annotations', () => {
  const mine = (exports: string): string =>
    `version = 2\n[proxy_plugins.stargz]\ntype = "snapshot"\naddress = "${SOCKET}"\n[proxy_plugins.stargz.exports]\n${exports}`;
  const complete = mine('root = "/mine"\nenable_remote_snapshot_annotations = "true"\n');
  assert.deepEqual(merge(complete, '1.7'), { text: complete, changed: false, told: [] });
  const merged = merge(mine('root = "/mine"\n'), '1.7');
  assert.deepEqual([merged.changed, merged.told], [true, []]);
  const { proxy_plugins } = parse(merged.text) as unknown as Dump;
  assert.deepEqual(
    { ...proxy_plugins['stargz']?.exports },
    {
      root: '/mine',
      enable_remote_snapshot_annotations: 'true',
    },
  );
});

test("entries of somebody's own for the transfer service stay", { skip: needs(containerdProgram('2')) }, async (t) => {
  const table = `[plugins."io.containerd.transfer.v1.local"]\nmax_concurrent_downloads = 7\n`;
  const entry = `[[plugins."io.containerd.transfer.v1.local".unpack_config]]\nplatform = "linux/arm64"\nsnapshotter = "native"\ndiffer = "walking"\n`;
  const inline = `${table}unpack_config = [{ platform = "linux/arm64", snapshotter = "native", differ = "walking" }]\n`;
  for (const text of [table + entry, inline]) {
    const after = await dump(t, '2', merge(`version = 3\n${text}`, '2').text);
    assert.deepEqual(unpackOf(after), ['linux/arm64 native walking', 'linux/amd64 stargz walking']);
    assert.equal(after.plugins['io.containerd.transfer.v1.local']?.['max_concurrent_downloads'], 7);
  }
  const present = merge(`version = 3\n${table}`, '2').text;
  assert.deepEqual(unpackOf(await dump(t, '2', present)), BOTH);
});

test('values keep their types when the file is written anew', () => {
  const text = `version = 2
oom_score = -999
ratio = 1.0
big = 9007199254740993
when = 2024-01-02T03:04:05Z
[proxy_plugins.stargz]
type = "snapshot"
address = "/old"
`;
  const merged = merge(text, '1.7').text;
  for (const line of [
    'oom_score = -999',
    'ratio = 1.0',
    'big = 9007199254740993',
    /when = 2024-01-02T03:04:05(\.000)?Z/,
  ])
    assert.match(merged, typeof line === 'string' ? new RegExp(`^${line.replaceAll('.', '\\.')}$`, 'm') : line);
});

const WRONG: readonly (readonly [what: string, text: string, message: RegExp])[] = [
  ['no TOML', 'version = 2\n[plugins\nkey = "s3cret"\n', /config\.toml, line 2: .+\n {2}Correct \/etc\/containerd/],
  ['a key twice', 'version = 2\nroot = "/s3cret"\nroot = "/b"\n', /config\.toml, line 3: /],
  ['proxy_plugins that are no table', 'proxy_plugins = 1\n', /proxy_plugins is not a table/],
  ['plugins that are no table', 'plugins = ["s3cret"]\n', /config\.toml: plugins is not a table/],
  [
    'an unpack_config that is no list',
    '[plugins."io.containerd.transfer.v1.local"]\nunpack_config = 1\n',
    /unpack_config is not an array of tables/,
  ],
];

for (const [what, text, message] of WRONG) {
  test(`${what}: an error that says where and quotes nothing`, () => {
    assert.throws(
      () => merge(text, '2'),
      (error: Error & { code: string }) => {
        assert.equal(error.code, 'CONFIG');
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, /s3cret/);
        return true;
      },
    );
  });
}
