// `lazypull inspect` as a process: what it takes, what it says and where, how it ends.
import assert from 'node:assert/strict';
import { suite, test, type TestContext } from 'node:test';
import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { inspectionText, layerBar } from '../../src/cli/inspect-text.ts';
import { textStyle } from '../../src/cli/text-style.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { inspectImage } from '../../src/optimize/inspect.ts';
import type { Inspection } from '../../src/optimize/inspect-model.ts';
import { CheckedImage, partsOf, type ImageParts } from '../support/checked-image.ts';
import { dir, file, noise } from '../support/entries.ts';
import { buildEstargz } from '../support/estargz.ts';
import { MAIN } from '../support/recording.ts';
import { run, type RunResult } from '../support/run.ts';
import { tarOf } from '../support/tar.ts';

const LOWER = buildEstargz([dir('usr'), file('usr/tool', noise(20_000)), file('usr/first', 'first')], {
  chunkSize: 8192,
  prioritized: ['usr/first'],
});
const ORDINARY = gzipSync(tarOf([file('plain', 'plain')]));
const PARTS: ImageParts = {
  layers: [
    { ...partsOf(LOWER), createdBy: 'COPY usr /usr # \u001b[31m' },
    { blob: ORDINARY, diffId: digestOf(tarOf([file('plain', 'plain')])), createdBy: 'RUN make' },
  ],
};
const ENV = { PATH: process.env['PATH'], LANG: 'C.UTF-8' };

const inspect = (...args: string[]): Promise<RunResult> =>
  run(process.execPath, [MAIN, 'inspect', ...args], { check: false, env: ENV });

function imageIn(t: TestContext): CheckedImage {
  const image = new CheckedImage(PARTS);
  t.after(() => image[Symbol.dispose]());
  return image;
}

suite('lazypull inspect', () => {
  test('has a line and a bar for each layer, a summary, and why a layer is not lazy', async (t) => {
    const image = imageIn(t);
    const { stdout, stderr, status } = await inspect('--platform', 'linux/amd64', `oci:${image.folder}`);
    assert.deepEqual([status, stderr], [0, '']);
    const lines = stdout.split('\n');
    assert.equal(lines[0], `oci:${image.folder}`);
    assert.match(stdout, /^linux\/amd64 {2}manifest sha256:[0-9a-f]{12}$/m);
    assert.match(stdout, /^ {3}layer +size +format +lazy +files +chunks +TOC +prefetch +start$/m);
    assert.match(
      stdout,
      /^1 {2}sha256:\w{12} +2[\d.]+ kB +estargz +yes +2 +4 +[\d.]+ B +[\d.]+ B +[\d.]+ k?B {2}COPY usr \/usr # \?\[31m$/m,
    );
    assert.match(stdout, /^2 {2}sha256:\w{12} +\d+ B +gzip +no +- +- +- +- +\d+ B {2}RUN make$/m);
    assert.match(stdout, /^1 {2}\u2588\u2591+\u2592+$/m);
    assert.match(stdout, /^2 layers, [\d.]+ kB; 1 lazy: a container starts after [\d.]+ k?B \([\d.]+ %\)$/m);
    assert.match(stdout, /^layer 2 is not lazy: an ordinary gzip layer without a table of contents$/m);
    assert.ok(!stdout.includes('\u001b'));
  });

  test('--layer describes one', async (t) => {
    const { stdout, status } = await inspect('--all-platforms', '--layer', '1', `oci:${imageIn(t).folder}`);
    assert.equal(status, 0);
    assert.match(stdout, /^TOC +sha256:[0-9a-f]{64}$/m);
    assert.match(stdout, /^chunks +4, 5 B to 8.2 kB, median \d\.\d kB$/m);
    assert.match(stdout, /^ +20.0 kB +3 chunks +usr\/tool$/m);
    assert.match(stdout, /^ +5 B +1 chunk {2}prefetched {2}usr\/first$/m);
  });

  test('--json has everything, and --layer and --tree in it', async (t) => {
    const image = imageIn(t);
    const { stdout } = await inspect('--all-platforms', '--json', '--tree', '--layer', '1', `oci:${image.folder}`);
    const inspection = JSON.parse(stdout) as Inspection & { images: { tree: { path: string; layer: number }[] }[] };
    assert.deepEqual([inspection.version, inspection.root.digest], [1, image.root]);
    const [found] = inspection.images;
    assert.deepEqual(
      found!.layers.map(({ number }) => number),
      [1],
    );
    assert.deepEqual(
      found!.tree.map(({ path }) => path),
      ['', 'usr', 'usr/first', 'usr/tool'],
    );
  });

  test('--tree draws files with their layer, size and chunks, and says what it does not know', async (t) => {
    const { stdout, stderr, status } = await inspect('--all-platforms', '--tree', '/usr', `oci:${imageIn(t).folder}`);
    assert.equal(status, 0);
    assert.deepEqual(stdout.split('\n').slice(1), [
      'layer       size  chunks  prefetched',
      '    1    20.0 kB          0 %         usr/',
      '    1        5 B       1  all         \u251c\u2500\u2500 first',
      '    1    20.0 kB       3              \u2514\u2500\u2500 tool',
      '',
    ]);
    assert.equal(stderr, 'layer 2 (gzip) is not in the tree: it has no table of contents that can be read\n');
  });

  test('--depth cuts the tree', async (t) => {
    const { stdout } = await inspect('--all-platforms', '--tree', '--depth', '1', `oci:${imageIn(t).folder}`);
    assert.match(stdout, /\u2514\u2500\u2500 usr\/ {2}2 files\n$/);
  });

  test('takes a single blob', async (t) => {
    const path = join(imageIn(t).folder, 'layer.esgz');
    writeFileSync(path, LOWER.blob);
    const { stdout, status } = await inspect(`blob:${path}`);
    assert.equal(status, 0);
    assert.match(stdout, /estargz +no/);
    assert.match(stdout, /layer 1 is not lazy: its descriptor has no annotation/);
  });

  const refused: [title: string, args: (folder: string) => string[], status: number, said: RegExp][] = [
    ['a layer that there is not', (folder) => ['--layer', '3', `oci:${folder}`], 2, /--layer 3: the image has 2/],
    ['a path that there is not', (folder) => ['--tree', 'x/y', `oci:${folder}`], 2, /"x\/y" is not in the layers/],
    ['a depth without a tree', (folder) => ['--depth', '3', `oci:${folder}`], 2, /--depth is for --tree/],
    ['all platforms and one', (folder) => ['--platform', 'linux/arm64', `oci:${folder}`], 2, /cannot be used with/],
    ['a blob that there is not', (folder) => [`blob:${folder}/nothing`], 2, /can't read .*nothing/],
    ['a folder as a blob', (folder) => [`blob:${folder}`], 2, /is not a file/],
    ['no image', () => [], 2, /missing required argument/],
  ];
  for (const [title, args, status, said] of refused) {
    test(`refuses ${title}`, async (t) => {
      const { folder } = imageIn(t);
      const result = await inspect('--all-platforms', ...args(folder));
      assert.equal(result.status, status);
      assert.match(result.stderr, said);
    });
  }
});

suite('the text', () => {
  const plain = textStyle({}, { LANG: 'C' });

  async function inspected(): Promise<Inspection> {
    using image = new CheckedImage(PARTS);
    await using source = await image.open();
    return (await inspectImage(source, { platforms: 'all' })).inspection;
  }

  test('is ASCII where the locale is, and without colours but on a terminal', async () => {
    const inspection = await inspected();
    assert.match(inspectionText(inspection, plain), /^[\n\x20-\x7e]+$/);
    const colours = (env: NodeJS.ProcessEnv): boolean =>
      inspectionText(inspection, textStyle({ isTTY: true, columns: 100 }, env)).includes('\u001b[');
    assert.deepEqual([colours({}), colours({ NO_COLOR: '1' }), colours({ TERM: 'dumb' })], [true, false, false]);
  });

  test('is no wider than the terminal, but for tables that have no room', async () => {
    const inspection = await inspected();
    for (const columns of [110, 140]) {
      const style = textStyle({ isTTY: true, columns }, { NO_COLOR: '1' });
      const rows = inspectionText(inspection, style)
        .split('\n')
        .filter((line) => /^\d {2}sha256/.test(line));
      for (const row of rows) assert.ok(row.length <= columns, row);
    }
  });

  test('a bar shows what is prefetched, what is left, and the table of contents', async () => {
    const [layer] = (await inspected()).images[0]!.layers;
    const bar = layerBar(layer!, layer!.size, plain);
    assert.match(bar, /^#\.{30,38}\+{1,8}$/);
    assert.equal(bar.length, 40);
    assert.equal(layerBar(layer!, 4 * layer!.size, plain).length, 10);
    const ordinary = (await inspected()).images[0]!.layers[1]!;
    assert.equal(layerBar(ordinary, ordinary.size, plain), '#'.repeat(40));
  });
});
