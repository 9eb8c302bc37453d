// `lazypull convert` as a process: what it takes, what it says and where, how it ends.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { ConvertReporter } from '../../src/cli/convert-reporter.ts';
import type { ConvertedLayer, ConvertResult } from '../../src/optimize/convert-model.ts';
import { digestNamed } from '../support/profiles.ts';
import { readLayout, type LayoutImage } from '../support/oci-layout.ts';
import { MAIN } from '../support/recording.ts';
import { TestRegistry } from '../support/registry.ts';
import { run, type RunResult } from '../support/run.ts';
import { archiveOf, SampleImage } from '../support/sample-image.ts';
import { until } from '../support/until.ts';

const sample = new SampleImage('cli convert', 20_000);
const ENV = { ...process.env, CI: '', NO_COLOR: '' };

/** A folder with the sample as a layout in `in`, an empty configuration, and a folder for temporary files. */
function scratch(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'lazypull-cli-convert-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  sample.writeLayout(join(folder, 'in'));
  mkdirSync(join(folder, 'tmp'));
  return folder;
}

/** Runs it in such a folder. Temporary files may not be left. */
async function convert(folder: string, args: readonly string[], input?: Uint8Array): Promise<RunResult> {
  const result = await run(process.execPath, [MAIN, 'convert', ...args], {
    check: false,
    cwd: folder,
    env: { ...ENV, TMPDIR: join(folder, 'tmp') },
    ...(input === undefined ? {} : { input }),
  });
  assert.deepEqual(readdirSync(join(folder, 'tmp')), []);
  return result;
}

const annotationsOf = (image: LayoutImage): (readonly string[])[] =>
  image.layers.map(({ annotations }) => Object.keys(annotations ?? {}).toSorted());

suite('lazypull convert', () => {
  test('says what became of each layer, and what the image is', async (t) => {
    const folder = scratch(t);
    const { status, stdout, stderr } = await convert(folder, ['oci:in', 'oci:out:1']);
    assert.equal(status, 0, stderr);
    assert.equal(stderr, '');
    const layer = String.raw`\d/3 sha256:\w{12}  converted  +[\d.]+ k?B -> +[\d.]+ k?B  \d\.\d\d s\n`;
    const last = String.raw`oci:out:1: sha256:\w{64}, 3 layers \(3 converted\), [\d.]+ kB written, \d\.\d\d s\n`;
    assert.match(stdout, new RegExp(`^${layer}${layer}${layer}${last}$`));
    const again = await convert(folder, ['oci:out:1', 'oci:out:2']);
    assert.match(again.stdout, /3 layers \(3 reused\), 0 B written, [\d.]+ kB were there/);
  });

  test('--json writes the whole result', async (t) => {
    const folder = scratch(t);
    const { stdout } = await convert(folder, ['oci:in', 'oci:out', '--json', '--platform', 'linux/arm64']);
    const result = JSON.parse(stdout) as ConvertResult;
    assert.deepEqual(result.source, { name: 'oci:in', digest: sample.index.digest });
    assert.deepEqual(
      result.manifests.map(({ platform }) => platform),
      ['linux/arm64'],
    );
    assert.equal(result.manifests[0]?.layers[0]?.source.size, sample.layers[0]?.size);
  });

  test('reads what docker save writes from a pipe', async (t) => {
    const folder = scratch(t);
    const archive = archiveOf(sample.dockerFiles('app:1'));
    const { status, stderr } = await convert(folder, ['-', 'oci:out'], archive);
    assert.equal(status, 0, stderr);
    assert.equal(readLayout(join(folder, 'out')).layers.length, 3);
  });

  test('writes the image to a pipe, and the lines beside it', async (t) => {
    const folder = scratch(t);
    const { status, stdout, stderr } = await convert(folder, ['oci:in', '-', '--format', 'zstd:chunked']);
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^blobs\//);
    assert.match(stderr, /3\/3 sha256:\w{12} {2}converted[^]*standard output: sha256:/);
  });

  test('writes layers as the flags say', async (t) => {
    const folder = scratch(t);
    const flags = ['--compression-level', '0', '--chunk-size', '8KiB', '--min-chunk-size', '50000', '--jobs', '1'];
    assert.equal((await convert(folder, ['oci:in', 'oci:out', ...flags])).status, 0);
    const [lower] = readLayout(join(folder, 'out')).layers;
    // Level 0 does not compress.
    const blob = readFileSync(lower!.path);
    assert.ok(blob.length > gunzipSync(blob).length);
    const toc = JSON.parse(/\{\s*"version"[^]*\}/.exec(gunzipSync(blob).toString())?.[0] ?? '') as {
      entries: { name: string; chunkSize?: number; innerOffset?: number }[];
    };
    assert.ok(toc.entries.some(({ name, chunkSize }) => name === 'noise' && chunkSize === 8192));
    assert.ok(toc.entries.some(({ innerOffset = 0 }) => innerOffset > 0));
    // How an existing layer was written can't be seen, so it is written again.
    const again = await convert(folder, ['oci:out', 'oci:again', '--chunk-size', '4KiB']);
    assert.match(again.stdout, /3 layers \(3 converted\)/);
  });

  test('says of new documents what it is told to, and nothing of those that stay', async (t) => {
    const folder = scratch(t);
    const flags = ['--annotation', 'org.test.a=x=y', '--annotation', 'org.test.b='];
    assert.equal((await convert(folder, ['oci:in', 'oci:out', ...flags])).status, 0);
    const { stdout } = await convert(folder, ['oci:out', 'oci:again', '--annotation', 'org.test.a=z', '--json']);
    const { source, target } = JSON.parse(stdout) as ConvertResult;
    assert.equal(target.digest, source.digest);
    const index = readFileSync(join(folder, 'again', 'blobs', 'sha256', target.digest.slice(7)), 'utf8');
    const { annotations } = JSON.parse(index) as { annotations: Record<string, string> };
    assert.deepEqual([annotations['org.test.a'], annotations['org.test.b']], ['x=y', '']);
  });

  test('writes layers of Podman', async (t) => {
    const folder = scratch(t);
    assert.equal((await convert(folder, ['oci:in', 'oci:out', '--format', 'zstd:chunked-containers'])).status, 0);
    for (const keys of annotationsOf(readLayout(join(folder, 'out')))) {
      assert.ok(keys.includes('io.github.containers.zstd-chunked.manifest-checksum'), keys.join());
    }
  });

  test('puts tables of contents beside the image, and keeps diff ids', async (t) => {
    const folder = scratch(t);
    const flags = ['--external-toc', '--keep-diff-id'];
    const { status, stderr } = await convert(folder, ['oci:in', 'oci:out:1', ...flags]);
    assert.equal(status, 0, stderr);
    const index = readFileSync(join(folder, 'out', 'index.json'), 'utf8');
    assert.match(index, /"1-esgztoc"/);
    assert.match(index, /"1"/);
  });

  test('puts the files of a profile in front, and says what is not there', async (t) => {
    const folder = scratch(t);
    const manifestDigest = sample.manifest.digest;
    const lines = [
      { path: 'etc/alias', manifestDigest, layerIndex: 1 },
      { path: 'etc/name', manifestDigest, layerIndex: 1 },
      { path: 'noise', manifestDigest, layerIndex: 0 },
    ];
    writeFileSync(join(folder, 'record.json'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    writeFileSync(join(folder, 'list'), '# a list\nla?t\nnot/there\n');
    const flags = ['--profile', 'record.json', '--prefetch-list', 'list', '--platform', 'linux/amd64', '--json'];
    const { stdout, stderr } = await convert(folder, ['oci:in', 'oci:out', ...flags]);
    const { manifests } = JSON.parse(stdout) as ConvertResult;
    assert.deepEqual(
      manifests[0]?.layers.map(({ front }) => front?.files),
      [1, 1, 1],
    );
    assert.equal(stderr, 'warning: no file of linux/amd64 matches not/there\n');
  });
});

suite('lazypull convert refuses', () => {
  const cases: readonly [title: string, args: readonly string[], status: number, message: RegExp][] = [
    ['a missing DST', ['oci:in'], 2, /missing required argument 'DST'/],
    ['a source that is not there', ['oci:nope', 'oci:out'], 2, /there is no folder nope/],
    ['a format that is none', ['oci:in', 'oci:out', '--format', 'tar'], 2, /Allowed choices are estargz, zstd:chunked/],
    [
      'a level that gzip has not',
      ['oci:in', 'oci:out', '--compression-level', '10'],
      2,
      /--compression-level wants a whole number from 0 to 9, got "10"/,
    ],
    [
      'a level that zstd has not',
      ['oci:in', 'oci:out', '--format', 'zstd:chunked', '--compression-level', '0'],
      2,
      /from 1 to 22/,
    ],
    ['a size that is none', ['oci:in', 'oci:out', '--chunk-size', 'big'], 2, /--chunk-size wants a size like/],
    [
      'chunks that are too small',
      ['oci:in', 'oci:out', '--chunk-size', '1KiB'],
      2,
      /--chunk-size wants 4KiB to 32MiB, got 1KiB/,
    ],
    [
      'chunks that are too large',
      ['oci:in', 'oci:out', '--min-chunk-size', '3MiB'],
      2,
      /--min-chunk-size wants 0 to 2MiB/,
    ],
    ['no threads', ['oci:in', 'oci:out', '--jobs', '0'], 2, /--jobs wants a whole number from 1/],
    ['a platform that is none', ['oci:in', 'oci:out', '--platform', '/'], 2, /A platform is written like linux\/arm64/],
    [
      'a platform that is not there',
      ['oci:in', 'oci:out', '--platform', 's390x'],
      1,
      /there is linux\/amd64, linux\/arm64/,
    ],
    [
      'an external TOC with zstd',
      ['oci:in', 'oci:out:1', '--external-toc', '--format', 'zstd:chunked'],
      2,
      /for estargz, not for zstd:chunked/,
    ],
    ['an external TOC without a tag', ['oci:in', 'oci:out', '--external-toc'], 2, /Write oci:out:TAG/],
    ['an external TOC in an archive', ['oci:in', 'oci-archive:out.tar', '--external-toc'], 2, /an archive has one/],
    ['an annotation without a value', ['oci:in', 'oci:out', '--annotation', 'word'], 2, /wants NAME=VALUE, got "word"/],
    [
      'an annotation that would lie about the source',
      ['oci:in', 'oci:out', '--annotation', 'dev.lazypull.source.digest=x'],
      2,
      /says what was converted/,
    ],
    ['kept diff ids with TOCs inside', ['oci:in', 'oci:out', '--keep-diff-id'], 2, /Add --external-toc/],
    [
      'kept diff ids with a list',
      ['oci:in', 'oci:out:1', '--keep-diff-id', '--external-toc', '--prefetch-list', 'list'],
      2,
      /or the profile/,
    ],
    ['a profile that is not there', ['oci:in', 'oci:out', '--profile', 'nope'], 2, /can't read nope: ENOENT/],
    [
      'a profile that is none',
      ['oci:in', 'oci:out', '--profile', 'in/index.json'],
      1,
      /in\/index\.json: profile: version/,
    ],
    ['image and JSON in one pipe', ['oci:in', '-', '--json'], 2, /Leave out --json/],
    ['a broken layer', ['oci:broken', 'oci:out'], 1, new RegExp(`layer ${sample.layers[0]?.digest}`)],
  ];
  for (const [title, args, status, message] of cases) {
    test(title, async (t) => {
      const folder = scratch(t);
      sample.writeLayout(join(folder, 'broken'));
      const blob = join(folder, 'broken', 'blobs', 'sha256', sample.layers[0]!.digest.slice(7));
      writeFileSync(blob, readFileSync(blob).fill(0, 5000, 6000));
      const result = await convert(folder, args);
      assert.match(result.stderr, message);
      assert.ok(result.stderr.startsWith('lazypull: '));
      assert.equal(result.status, status);
      assert.ok(!existsSync(join(folder, 'out')));
      assert.doesNotMatch(result.stdout, /sha256:\w{64}/);
    });
  }
});

for (const [what, args, status] of [
  ['the lines of a conversion, which goes on', ['oci:in', 'oci:out'], 0],
  ['an image, which is no success', ['oci:in', '-'], 1],
] as const) {
  test(`nobody need read ${what}; nothing is left`, async (t) => {
    const folder = scratch(t);
    const child = spawn(process.execPath, [MAIN, 'convert', ...args], {
      cwd: folder,
      env: { ...ENV, TMPDIR: join(folder, 'tmp') },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.destroy();
    const said: Buffer[] = [];
    child.stderr.on('data', (data: Buffer) => said.push(data));
    const [ended] = (await once(child, 'exit')) as [number];
    assert.equal(ended, status, Buffer.concat(said).toString());
    assert.deepEqual(readdirSync(join(folder, 'tmp')), []);
    assert.equal(existsSync(join(folder, 'out', 'index.json')), status === 0);
  });
}

test('nobody need read the lines beside an image on standard output', async (t) => {
  const folder = scratch(t);
  const child = spawn(process.execPath, [MAIN, 'convert', 'oci:in', '-'], {
    cwd: folder,
    env: { ...ENV, TMPDIR: join(folder, 'tmp') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stderr.destroy();
  let bytes = 0;
  child.stdout.on('data', (data: Buffer) => (bytes += data.length));
  const [status] = (await once(child, 'close')) as [number];
  assert.equal(status, 0);
  assert.ok(bytes > 20_000);
  assert.deepEqual(readdirSync(join(folder, 'tmp')), []);
});

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  test(`${signal} ends a conversion with status 130, and nothing is left`, async (t) => {
    const folder = scratch(t);
    await using registry = await TestRegistry.start({ knobs: { bytesPerSec: 2000 } });
    registry.content.addLayout(join(folder, 'in'), 'app');
    const child = spawn(process.execPath, [MAIN, 'convert', `${registry.host}/app:latest`, 'oci:out'], {
      cwd: folder,
      env: { ...ENV, TMPDIR: join(folder, 'tmp') },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const said: Buffer[] = [];
    child.stderr.on('data', (data: Buffer) => said.push(data));
    const closed = once(child, 'close');
    const layer = sample.layers[0]!.digest;
    await until(() => registry.log.some(({ path }) => path.endsWith(layer)), 'the first layer is asked for');
    child.kill(signal);
    const [status] = (await closed) as [number];
    assert.equal(Buffer.concat(said).toString(), 'lazypull: interrupted\n');
    assert.equal(status, 130);
    assert.deepEqual(readdirSync(join(folder, 'tmp')), []);
    assert.deepEqual(readdirSync(folder).toSorted(), ['in', 'tmp']);
  });
}

suite('the reporter of conversions', () => {
  const descriptor = { mediaType: 'x', digest: digestNamed('layer'), size: 1000 };
  const layer: ConvertedLayer = {
    source: descriptor,
    digest: digestNamed('new'),
    size: 2000,
    mediaType: 'x',
    state: 'converted',
    reason: undefined,
    format: 'estargz',
    durationMs: 1500,
    front: { files: 1, bytes: 5000, deferredFiles: 0, deferredBytes: 0 },
  };

  const reports = (env: NodeJS.ProcessEnv, isTTY: boolean, json = false): { lines: string; terminal: string } => {
    let lines = '';
    let terminal = '';
    const reporter = new ConvertReporter({
      json,
      env,
      linesTo: { write: (text) => (lines += text) },
      terminal: { isTTY, write: (text) => (terminal += text) },
    });
    reporter.progress({ kind: 'planned', layers: [{ layer: descriptor, platforms: ['linux/amd64'] }] });
    reporter.progress({ kind: 'working', step: 'reading', layer: descriptor, bytes: 500 });
    reporter.progress({ kind: 'unordered', platform: 'linux/arm64', reason: 'no\u001b[2Jfile' });
    reporter.progress({ kind: 'done', layer });
    reporter.stop();
    return { lines, terminal };
  };

  const WARNING = 'warning: linux/arm64 stays in the order that it has: no?[2Jfile\n';
  const LINE = `1/1 ${descriptor.digest.slice(0, 19)}  converted    1.0 kB ->    2.0 kB  1.50 s  in front 1 file, 5.0 kB\n`;

  test('has a line that changes on a terminal', () => {
    assert.deepEqual(reports({}, true), {
      lines: LINE,
      terminal: `\r\u001b[K0 of 1 layer done; reading 500 B\r\u001b[K${WARNING}`,
    });
  });

  for (const [title, env, isTTY] of [
    ['in a pipe', {}, false],
    ['in CI', { CI: 'true' }, true],
    ['with NO_COLOR', { NO_COLOR: '1' }, true],
  ] as const) {
    test(`has none ${title}`, () => {
      assert.deepEqual(reports(env, isTTY), { lines: LINE, terminal: WARNING });
    });
  }

  test('warns of a layer that stays ordinary', () => {
    let terminal = '';
    const reporter = new ConvertReporter({
      json: true,
      env: {},
      linesTo: { write: () => {} },
      terminal: { isTTY: false, write: (text) => (terminal += text) },
    });
    reporter.progress({ kind: 'done', layer });
    assert.equal(terminal, '');
    reporter.progress({ kind: 'done', layer: { ...layer, state: 'copied', reason: 'a sparse file' } });
    assert.equal(terminal, `warning: ${descriptor.digest.slice(0, 19)} stays ordinary: a sparse file\n`);
  });

  test('has neither it nor lines with --json, but warnings', () => {
    assert.deepEqual(reports({}, true, true), { lines: '', terminal: WARNING });
  });
});
