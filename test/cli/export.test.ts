// `lazypull export` as a process: what it takes, what it says and where, what it leaves, how it ends.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { ExportResult } from '../../src/cli/export-result.ts';
import { encodeProfile } from '../../src/optimize/profile-codec.ts';
import { basePartsOf, buildOn, materialsOf, type BaseParts, type BuildOptions } from '../support/built-image.ts';
import { ConvertWorld } from '../optimize/conversions.ts';
import { digestNamed, profileOf } from '../support/profiles.ts';
import { MAIN } from '../support/recording.ts';
import { TestRegistry } from '../support/registry.ts';
import { run, type RunResult } from '../support/run.ts';
import { archiveOf, SampleImage } from '../support/sample-image.ts';
import { until } from '../support/until.ts';

const sample = new SampleImage('cli export', 20_000);
let registry: TestRegistry;
let world: ConvertWorld;
let base: BaseParts;
let baseDigest: string;
let count = 0;

/** A folder of its own, with what was built as `built.tar` and `built/`. */
function scratch(options: BuildOptions = {}): string {
  const folder = mkdtempSync(join(world.dir, 'export-'));
  mkdirSync(join(folder, 'tmp'));
  const { image, root } = buildOn(base, options);
  image.writeLayout(join(folder, 'built'), ['latest'], root);
  writeFileSync(join(folder, 'built.tar'), archiveOf(image.layoutFiles(['latest'], root)));
  return folder;
}

/** A name that nothing was pushed as. */
const fresh = (): string => `${registry.host}/app-${++count}`;

const envOf = (folder: string): NodeJS.ProcessEnv => ({
  ...process.env,
  CI: '',
  NO_COLOR: '',
  DOCKER_CONFIG: folder,
  TMPDIR: join(folder, 'tmp'),
});

/** Runs it. Temporary files may not be left. */
async function exportImage(folder: string, args: readonly string[], input?: Uint8Array): Promise<RunResult> {
  const result = await run(process.execPath, [MAIN, 'export', ...args], {
    check: false,
    cwd: folder,
    env: envOf(folder),
    ...(input === undefined ? {} : { input }),
  });
  assert.deepEqual(readdirSync(join(folder, 'tmp')), []);
  return result;
}

const provenance = (): object =>
  materialsOf([`pkg:docker/${registry.host.replace(':', '%3A')}/base@1?platform=linux%2Famd64`, baseDigest]);

const tagsOf = (name: string): string[] => [
  ...registry.content.repository(name.slice(registry.host.length + 1)).tags.keys(),
];

before(async () => {
  registry = await TestRegistry.start();
  world = new ConvertWorld();
  sample.writeLayout(world.path('sample'));
  const to = `${registry.host}/base:1`;
  baseDigest = (await world.convert(`oci:${world.path('sample')}`, to)).target.digest;
  await using source = await world.source(to);
  base = await basePartsOf(source);
});
after(async () => {
  await world[Symbol.asyncDispose]();
  await registry.close();
});

suite('lazypull export', () => {
  test('writes the digest of each tag to standard output, and everything else beside it', async () => {
    const folder = scratch({ provenance: provenance() });
    const name = fresh();
    const input = readFileSync(join(folder, 'built.tar'));
    const { status, stdout, stderr } = await exportImage(folder, ['-', '-t', `${name}:1`, '--tag', name], input);
    assert.equal(status, 0, stderr);
    const [first = '', second = '', ...rest] = stdout.split('\n');
    assert.match(first, new RegExp(`^${name}:1@sha256:[0-9a-f]{64}$`));
    assert.equal(second, first.replace(':1@', ':latest@'));
    assert.deepEqual(rest, ['']);
    assert.deepEqual(tagsOf(name), ['1', 'latest']);
    assert.match(stderr, /linux\/amd64: 3 layers of 127\.0\.0\.1:\d+\/base:1@sha256:\w{64} stay as they are/);
    assert.match(stderr, /sha256:\w{12} {2}kept {6}mounted +[\d.]+ k?B -> +[\d.]+ k?B/);
    assert.match(stderr, /sha256:\w{12} {2}converted uploaded +[\d.]+ k?B -> +[\d.]+ k?B/);
    assert.match(stderr, /: sha256:\w{64}, 4 layers \(1 converted, 3 kept\), /);
  });

  for (const [title, args, transfers] of [
    ['an archive by its path', ['built.tar'], 4],
    ['a folder by its path', ['built'], 4],
    ['the same as a location', ['oci:built:latest'], 4],
  ] as const) {
    test(`takes ${title}`, async () => {
      const folder = scratch();
      const name = fresh();
      const { stdout, stderr } = await exportImage(folder, [...args, '-t', name, '--json']);
      const result = JSON.parse(stdout) as ExportResult;
      assert.equal(result.manifests[0]?.layers.length, transfers);
      assert.deepEqual(result.tags, [{ name: `${name}:latest`, digest: result.target.digest }]);
      assert.match(stderr, /no base image is known; --base names it/);
    });
  }

  test('--json says of each layer what became of it and what had to be done', async () => {
    const folder = scratch({ provenance: provenance() });
    const name = fresh();
    const args = ['built.tar', '-t', name, '--json'];
    const first = JSON.parse((await exportImage(folder, args)).stdout) as ExportResult;
    const ways = ({ manifests }: ExportResult): string[] =>
      manifests[0]!.layers.map(({ state, transfer }) => `${state} ${transfer}`);
    assert.deepEqual(ways(first), ['kept mounted', 'kept mounted', 'kept mounted', 'converted uploaded']);
    assert.ok(first.uploadedBytes > 50_000);
    assert.deepEqual(
      first.bases.map(({ platform, layers, converted }) => ({ platform, layers, converted })),
      [{ platform: 'linux/amd64', layers: 3, converted: 0 }],
    );
    const again = JSON.parse((await exportImage(folder, args)).stdout) as ExportResult;
    assert.deepEqual(ways(again), ['kept present', 'kept present', 'kept present', 'converted present']);
    assert.equal(again.uploadedBytes, 0);
    assert.equal(again.target.digest, first.target.digest);
  });

  test("tells the build's metadata and the iidfile what was pushed", async () => {
    const folder = scratch();
    const name = fresh();
    const document = { 'buildx.build.ref': 'x/y/z', 'buildx.build.provenance': provenance() };
    writeFileSync(join(folder, 'build.json'), JSON.stringify(document));
    const flags = ['--metadata-file', 'build.json', '--iidfile', 'iid'];
    const { status, stdout, stderr } = await exportImage(folder, ['built.tar', '-t', name, ...flags]);
    assert.equal(status, 0, stderr);
    // The base is in the metadata alone.
    assert.match(stderr, /3 kept/);
    const digest = stdout.trim().split('@')[1]!;
    const metadata = JSON.parse(readFileSync(join(folder, 'build.json'), 'utf8')) as Record<string, unknown>;
    assert.equal(metadata['containerimage.digest'], digest);
    assert.equal(metadata['buildx.build.ref'], 'x/y/z');
    assert.equal(metadata['image.name'], `${name}:latest`);
    const found = registry.content.lookup(name.slice(registry.host.length + 1), 'latest');
    assert.equal(found?.digest, digest);
    const { size, platform } = metadata['containerimage.descriptor'] as { size: number; platform: object };
    assert.equal(size, found.content.size);
    assert.deepEqual(platform, { os: 'linux', architecture: 'amd64' });
    assert.equal(readFileSync(join(folder, 'iid'), 'utf8'), digest);
    assert.deepEqual(readdirSync(folder).toSorted(), ['build.json', 'built', 'built.tar', 'iid', 'tmp']);
  });

  test('waits for the metadata of a build that closes its pipe before', async () => {
    const folder = scratch();
    const child = spawn(process.execPath, [MAIN, 'export', '-', '-t', fresh(), '--metadata-file', 'build.json'], {
      cwd: folder,
      env: envOf(folder),
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    const said: Buffer[] = [];
    child.stderr.on('data', (data: Buffer) => said.push(data));
    const ended = once(child, 'close');
    await new Promise<void>((resolve) => child.stdin.end(readFileSync(join(folder, 'built.tar')), resolve));
    const document = { 'buildx.build.ref': 'late', 'buildx.build.provenance': provenance() };
    writeFileSync(join(folder, 'build.new'), JSON.stringify(document));
    await run('mv', [join(folder, 'build.new'), join(folder, 'build.json')]);
    await ended;
    const text = Buffer.concat(said).toString();
    assert.match(text, /3 kept/);
    const metadata = JSON.parse(readFileSync(join(folder, 'build.json'), 'utf8')) as Record<string, unknown>;
    assert.equal(metadata['buildx.build.ref'], 'late');
    assert.match(String(metadata['containerimage.digest']), /^sha256:/);
  });

  test('puts files of a profile in front, and says which it did not find and which it left in the base', async () => {
    const folder = scratch({ provenance: provenance() });
    const files = [
      { path: 'app/c', size: 1 },
      { path: 'of/another/image', size: 1 },
      { path: 'noise', layer: base.diffIds[0]!, size: 20_000 },
    ];
    const profile = profileOf(...files);
    writeFileSync(
      join(folder, 'start.json'),
      encodeProfile({ ...profile, layers: [...profile.layers, base.diffIds[0]!] }),
    );
    const { stderr } = await exportImage(folder, ['built.tar', '-t', fresh(), '--profile', 'start.json']);
    assert.match(stderr, /in front 1 file, 1 B/);
    assert.match(stderr, /warning: linux\/amd64 has not 1 file of the profile: of\/another\/image/);
    assert.match(stderr, /1 file of the profile is in layers of the base, which keep their order; --rewrite-base/);
    const args = ['built.tar', '-t', fresh(), '--profile', 'start.json', '--rewrite-base', '--json'];
    const { manifests } = JSON.parse((await exportImage(folder, args)).stdout) as ExportResult;
    assert.deepEqual(
      manifests[0]?.layers.map(({ state, front }) => [state, front?.files]),
      [
        ['converted', 1],
        ['converted', 0],
        ['converted', 0],
        ['converted', 1],
      ],
    );
  });

  test('takes what docker save writes, with the base named', async () => {
    const folder = scratch();
    const name = fresh();
    const archive = archiveOf(sample.dockerFiles('app:1'));
    const { status, stderr } = await exportImage(folder, ['-', '-t', name], archive);
    assert.equal(status, 0, stderr);
    assert.match(stderr, /3 layers \(3 converted\)/);
  });
});

suite('lazypull export ends without a push', () => {
  const app = 'REGISTRY/refused:1';
  const cases: readonly [
    title: string,
    args: readonly string[],
    input: ((archive: Buffer) => Buffer) | undefined,
    status: number,
    message: RegExp,
  ][] = [
    ['without a tag', ['built.tar'], undefined, 2, /required option '-t, --tag <REF>' not specified/],
    [
      'with a digest in a tag',
      ['built.tar', '-t', `${app}@${digestNamed('x')}`],
      undefined,
      2,
      /has a digest, and what is exported has a digest of its own/,
    ],
    ['with a tag that is none', ['built.tar', '-t', 'Upper/App'], undefined, 2, /--tag: not an image reference/],
    ['when the build wrote nothing', ['-', '-t', app], () => Buffer.alloc(0), 1, /the build wrote nothing/],
    [
      'when the pipe ends within a blob',
      ['-', '-t', app],
      (archive) => archive.subarray(0, archive.length / 2),
      1,
      /the build's output is not whole: .*Nothing was pushed/,
    ],
    [
      'when the pipe ends between two blobs',
      ['-', '-t', app],
      (archive) => archive.subarray(0, archive.indexOf('index.json')),
      1,
      /the build's output is not whole: .*no image.*Nothing was pushed/,
    ],
    [
      'for a file that is not there',
      ['./none.tar', '-t', app],
      undefined,
      2,
      /there is no file or folder \.\/none\.tar/,
    ],
    ['for a base that is not it', ['built.tar', '-t', app, '--base', 'REGISTRY/other:1'], undefined, 2, /not the base/],
    ['for a base that is not there', ['built.tar', '-t', app, '--base', 'REGISTRY/gone:1'], undefined, 1, /404/],
    [
      'for a base that is to be rewritten',
      ['built.tar', '-t', app, '--base', 'REGISTRY/base:1', '--rewrite-base'],
      undefined,
      2,
      /--rewrite-base leaves nothing for --base/,
    ],
    ['for a target without metadata', ['built.tar', '-t', app, '--target', 'x'], undefined, 2, /Add --metadata-file/],
    [
      'for metadata that is none',
      ['built.tar', '-t', app, '--metadata-file', 'built.tar'],
      undefined,
      2,
      /built\.tar is not a JSON object/,
    ],
    ['for a profile that is not there', ['built.tar', '-t', app, '--profile', 'no'], undefined, 2, /can't read no/],
    ['for a list of nothing', ['built.tar', '-t', app, '--prefetch-list', 'list'], undefined, 2, /names no file/],
    ['for a platform that is not there', ['built', '-t', app, '--platform', 's390x'], undefined, 1, /s390x/],
  ];
  for (const [title, args, input, status, message] of cases) {
    test(title, async () => {
      const folder = scratch();
      registry.addImage('other', '1', [], { rootfs: { diff_ids: [] } });
      writeFileSync(join(folder, 'list'), 'nothing/like/this\n');
      const words = args.map((word) => word.replace('REGISTRY', registry.host));
      const result = await exportImage(folder, words, input?.(readFileSync(join(folder, 'built.tar'))));
      assert.match(result.stderr, message);
      assert.equal(result.status, status, result.stderr);
      assert.equal(result.stdout, '');
      assert.deepEqual(tagsOf(`${registry.host}/refused`), []);
    });
  }

  test('when the registry refuses, with what to do', async () => {
    const folder = scratch();
    await using locked = await TestRegistry.start({ auth: { kind: 'basic', username: 'a', password: 'secret-word' } });
    const metadata = { 'containerimage.digest': 'old' };
    writeFileSync(join(folder, 'build.json'), JSON.stringify(metadata));
    const args = ['built.tar', '-t', `${locked.host}/app:1`, '--metadata-file', 'build.json'];
    const { status, stderr, stdout } = await exportImage(folder, args);
    assert.equal(status, 1, stderr);
    assert.match(stderr, /401/);
    assert.match(stderr, /docker login/);
    assert.equal(stdout, '');
    assert.deepEqual(JSON.parse(readFileSync(join(folder, 'build.json'), 'utf8')), metadata);
  });

  test('when it is interrupted: tags mean what they meant', async () => {
    const folder = scratch();
    const name = fresh();
    assert.equal((await exportImage(folder, ['built.tar', '-t', name])).status, 0);
    const repository = name.slice(registry.host.length + 1);
    const before = registry.content.lookup(repository, 'latest')?.digest;
    writeFileSync(join(folder, 'list'), 'app/c\n');
    registry.forget();
    registry.knobs.latencyMs = 300;
    const child = spawn(process.execPath, [MAIN, 'export', 'built.tar', '-t', name, '--prefetch-list', 'list'], {
      cwd: folder,
      env: envOf(folder),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const said: Buffer[] = [];
    child.stderr.on('data', (data: Buffer) => said.push(data));
    const ended = once(child, 'close');
    await until(() => registry.log.some(({ method }) => method === 'POST' || method === 'HEAD'), 'a blob is asked for');
    child.kill('SIGINT');
    const [status] = (await ended) as [number];
    registry.knobs.latencyMs = 0;
    assert.match(Buffer.concat(said).toString(), /lazypull: interrupted\n$/);
    assert.equal(status, 130);
    assert.equal(registry.content.lookup(repository, 'latest')?.digest, before);
    assert.deepEqual(readdirSync(join(folder, 'tmp')), []);
    // What it would have been.
    assert.equal((await exportImage(folder, ['built.tar', '-t', name, '--prefetch-list', 'list'])).status, 0);
    assert.notEqual(registry.content.lookup(repository, 'latest')?.digest, before);
  });
});
