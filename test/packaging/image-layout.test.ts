// The layout of the daemon's image: the same files give the same digest, whatever their times and owners are.
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { writeLayout } from '../../packaging/image/layout.ts';
import { ARCHITECTURES, NODE_VERSION } from '../../packaging/image/programs.ts';
import { digestOf } from '../../src/oci/digest.ts';

interface Descriptor {
  readonly digest: string;
  readonly size: number;
  readonly platform?: object;
  readonly annotations?: object;
}

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'lazypull-layout-'));
  t.after(() => rmSync(path, { recursive: true }));
  return path;
}

/** A layout of one small file for each layer, with that time. */
function makeLayout(t: TestContext, mtimeSec: number, text = 'program'): string {
  const dir = folder(t);
  const layers = ['libraries', 'runtime'].map((name) => {
    const path = join(dir, name, 'lazypull', name);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, name === 'runtime' ? text : name);
    chmodSync(path, mtimeSec % 2 === 0 ? 0o755 : 0o775);
    utimesSync(path, mtimeSec, mtimeSec);
    return join(dir, name);
  });
  const layout = join(dir, 'layout');
  writeLayout(
    layout,
    ARCHITECTURES.map(({ oci }) => ({ architecture: oci, layers, labels: { is: oci } })),
  );
  return layout;
}

function blob(layout: string, { digest, size }: Descriptor): unknown {
  const bytes = readFileSync(join(layout, 'blobs', ...digest.split(':')));
  assert.equal(digestOf(bytes), digest);
  assert.equal(bytes.length, size);
  return JSON.parse(bytes.toString('utf8')) as unknown;
}

function indexOf(layout: string): string {
  return readFileSync(join(layout, 'index.json'), 'utf8');
}

test('two builds have the same digest, and other files another one', (t) => {
  assert.equal(indexOf(makeLayout(t, 1_000_000_000)), indexOf(makeLayout(t, 1_700_000_001)));
  assert.notEqual(indexOf(makeLayout(t, 1_000_000_000)), indexOf(makeLayout(t, 1_000_000_000, 'other')));
});

test('an index names one image for each architecture, with its own configuration', (t) => {
  const layout = makeLayout(t, 0);
  const { manifests: tagged } = JSON.parse(indexOf(layout)) as { manifests: [Descriptor] };
  assert.deepEqual(tagged[0].annotations, { 'org.opencontainers.image.ref.name': 'latest' });
  const { manifests } = blob(layout, tagged[0]) as { manifests: Descriptor[] };
  assert.deepEqual(
    manifests.map(({ platform }) => platform),
    [
      { architecture: 'amd64', os: 'linux' },
      { architecture: 'arm64', os: 'linux' },
    ],
  );
  for (const [index, manifest] of manifests.entries()) {
    const { config, layers } = blob(layout, manifest) as { config: Descriptor; layers: Descriptor[] };
    const document = blob(layout, config) as {
      architecture: string;
      config: Record<string, unknown>;
      rootfs: { diff_ids: string[] };
    };
    const { oci } = ARCHITECTURES[index]!;
    assert.equal(document.architecture, oci);
    assert.deepEqual(document.config['Entrypoint'], ['/lazypull/node', '/lazypull/lazypull.js']);
    assert.deepEqual(document.config['Labels'], { is: oci });
    assert.deepEqual(
      document.rootfs.diff_ids,
      layers.map(({ digest }) => digest),
    );
  }
});

test('Node is the one that script/setup brings', () => {
  const setup = readFileSync(new URL('../../script/setup', import.meta.url), 'utf8');
  assert.equal(/^node_version=(.*)$/m.exec(setup)?.[1], NODE_VERSION);
});
