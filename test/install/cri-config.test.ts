// What containerd, of both generations, makes of CRI's settings in the spelling of each version of its configuration.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { parse, type TomlTable } from 'smol-toml';
import {
  type ConfigText,
  criSnapshotters,
  mergeContainerdConfig,
  removeFromContainerdConfig,
} from '../../src/install/containerd-config.ts';
import { containerdProgram } from '../support/containerd.ts';
import { needs, requireProgram } from '../support/needs.ts';
import { run } from '../support/run.ts';

const PATH = '/etc/containerd/config.toml';
const VERSIONS = { '1.7': '1.7.24', '2': '2.1.9' } as const;
type Generation = keyof typeof VERSIONS;

const merge = (text: string | undefined, generation: Generation, cri = true): ConfigText =>
  mergeContainerdConfig(text, PATH, {
    version: VERSIONS[generation],
    socket: '/run/lazypull/snapshotter.sock',
    root: '/var/lib/lazypull',
    platform: 'linux/amd64',
    cri,
    remarks: { added: '# added', rewritten: '# rewritten' },
  });

async function containerd(generation: Generation, ...args: readonly string[]): Promise<string> {
  return (await run(requireProgram(containerdProgram(generation)), args)).stdout;
}

async function dump(t: TestContext, generation: Generation, text: string): Promise<TomlTable> {
  const dir = mkdtempSync(join(tmpdir(), 'lazypull-config-'));
  t.after(() => rmSync(dir, { recursive: true }));
  const path = join(dir, 'config.toml');
  writeFileSync(path, text);
  return parse(await containerd(generation, '--config', path, 'config', 'dump'));
}

/** CRI's table about images, where this generation's dump has it. */
function criOf(config: TomlTable, generation: Generation): TomlTable {
  const plugins = config['plugins'] as Record<string, TomlTable>;
  const table =
    generation === '2' ? plugins['io.containerd.cri.v1.images'] : plugins['io.containerd.grpc.v1.cri']?.['containerd'];
  return table as TomlTable;
}

const V2 = 'version = 2\n';
const texts: Readonly<Record<string, string | undefined>> = {
  'no file': undefined,
  'an empty file': '',
  'version 2 with a part of CRI': `# mine\n${V2}[plugins."io.containerd.grpc.v1.cri".cni]\nbin_dir = "/opt/cni" # here\n`,
  'version 2 with another snapshotter': `${V2}[plugins."io.containerd.grpc.v1.cri".containerd]\nsnapshotter = "native"\n`,
};

for (const generation of ['1.7', '2'] as const) {
  suite(`CRI of containerd ${generation}`, { skip: needs(containerdProgram(generation)) }, () => {
    for (const [name, text] of Object.entries(texts)) {
      test(`uses the snapshotter with ${name}, and not without being told`, async (t) => {
        const merged = merge(text, generation);
        const config = await dump(t, generation, merged.text);
        assert.deepEqual(criSnapshotters(config), ['stargz']);
        assert.equal(criOf(config, generation)['disable_snapshot_annotations'], false);
        assert.deepEqual(merge(merged.text, generation), { text: merged.text, changed: false, told: [] });
        const without = await dump(t, generation, merge(text, generation, false).text);
        assert.ok(!criSnapshotters(without).includes('stargz'));
      });

      test(`is as it was once the snapshotter is out of ${name} again`, async (t) => {
        const before = await dump(t, generation, text ?? '');
        const after = await dump(t, generation, removeFromContainerdConfig(merge(text, generation).text, PATH));
        const proxies = (config: TomlTable): string[] => Object.keys((config['proxy_plugins'] as TomlTable) ?? {});
        assert.deepEqual(proxies(after), proxies(before));
        if (!name.includes('another')) assert.deepEqual(criSnapshotters(after), criSnapshotters(before));
        else assert.deepEqual(criSnapshotters(after), ['overlayfs']);
      });
    }

    test('uses it with the whole default configuration, which is written anew, and says what it replaced', async (t) => {
      const text = await containerd(generation, 'config', 'default');
      const merged = merge(text, generation);
      assert.deepEqual(criSnapshotters(await dump(t, generation, merged.text)), ['stargz']);
      assert.deepEqual(merged.told, [`${PATH}: pods get stargz instead of overlayfs`]);
      assert.match(merged.text, /^# rewritten\n/);
    });

    test('is left alone where it is switched off, and that is said', () => {
      const merged = merge('disabled_plugins = ["cri"]\n', generation);
      assert.match(merged.told[0] ?? '', /disabled_plugins has CRI/);
      assert.deepEqual(criSnapshotters(parse(merged.text)), []);
    });
  });
}

test('comments stay, and the remark stands before what is new', () => {
  const { text } = merge(texts['version 2 with a part of CRI'], '1.7');
  assert.ok(text.startsWith(`${texts['version 2 with a part of CRI']}\n# added\n`));
});

test('version 1 has CRI under its old name', () => {
  const { text } = merge('[grpc]\ngid = 7\n', '1.7');
  const { plugins } = JSON.parse(JSON.stringify(parse(text))) as TomlTable;
  assert.deepEqual(plugins, { cri: { containerd: { snapshotter: 'stargz', disable_snapshot_annotations: false } } });
});

test('a version that nobody knows is refused', () => {
  assert.throws(() => merge('version = 9\n', '2'), /version is not 1, 2 or 3/);
});
