// `lazypull optimize` and `lazypull profile` as processes, where nothing has to be run: needs no root and no runc.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { encodeProfile, parseProfile } from '../../src/optimize/profile-codec.ts';
import { digestOf, type Digest } from '../../src/oci/digest.ts';
import type { Profile } from '../../src/optimize/profile.ts';
import { rangeBar, shareBar } from '../../src/cli/bars.ts';
import { dir, file } from '../support/entries.ts';
import { frontOf } from '../support/front.ts';
import { blobPath, readLayout } from '../support/oci-layout.ts';
import { profileOf } from '../support/profiles.ts';
import { MAIN } from '../support/recording.ts';
import { run, type RunResult } from '../support/run.ts';
import { buildLayers } from '../support/workload-image.ts';

const LAYERS = [
  [dir('a'), file('a/one', 'one'), file('a/two', 'two'), file('a/three', 'three')],
  [dir('b'), file('b/four', 'four'), file('a/two', 'two again')],
];

suite('lazypull optimize without a run', () => {
  let work = '';
  let layout = '';
  let diffIds: Digest[] = [];

  before(async () => {
    work = mkdtempSync(join(tmpdir(), 'lazypull-cli-optimize-'));
    layout = join(work, 'image');
    mkdirSync(join(work, 'tmp'));
    await buildLayers(layout, LAYERS, {});
    const config = JSON.parse(readFileSync(readLayout(layout).config.path, 'utf8')) as {
      rootfs: { diff_ids: Digest[] };
    };
    diffIds = config.rootfs.diff_ids;
  });
  after(() => {
    assert.deepEqual(readdirSync(join(work, 'tmp')), []);
    rmSync(work, { recursive: true });
  });

  const lazypull = (...args: string[]): Promise<RunResult> =>
    run(process.execPath, [MAIN, ...args], {
      check: false,
      env: { ...process.env, TMPDIR: join(work, 'tmp'), LC_ALL: 'C' },
    });
  const write = (name: string, text: string): string => {
    writeFileSync(join(work, name), text);
    return join(work, name);
  };
  const optimized = async (name: string, ...args: string[]): Promise<ReturnType<typeof frontOf>> => {
    const { status, stderr } = await lazypull('optimize', `oci:${layout}`, `oci:${join(work, name)}`, ...args);
    assert.equal(status, 0, stderr);
    return frontOf(readLayout(join(work, name)));
  };

  test('a prefetch list decides what stands in front, and a pattern without a file is told', async () => {
    const list = write('list', '# first\n/b/*\na/t*\nnot/there\n');
    const out = join(work, 'list.json');
    const { status, stderr } = await lazypull(
      'optimize',
      `oci:${layout}`,
      `oci:${join(work, 'listed')}`,
      '--prefetch-list',
      list,
      '--record-out',
      out,
    );
    assert.equal(status, 0, stderr);
    assert.match(stderr, /warning: no file of linux\/\w+ matches not\/there/);
    assert.deepEqual(frontOf(readLayout(join(work, 'listed'))), [
      { landmark: '.prefetch.landmark', files: ['a/three'] },
      { landmark: '.prefetch.landmark', files: ['b/four', 'a/two'] },
    ]);
    assert.deepEqual(
      parseProfile(readFileSync(out)).files.map(({ path, layer }) => [path, diffIds.indexOf(layer)]),
      [
        ['b/four', 1],
        ['a/three', 0],
        ['a/two', 1],
      ],
    );
  });

  test('without DST, the recording goes to standard output, and nothing else does', async () => {
    const list = write('short-list', 'b/four\n');
    const args = ['optimize', `oci:${layout}`, '--prefetch-list', list, '--record-out', '-'];
    const { status, stdout, stderr } = await lazypull(...args);
    assert.equal(status, 0, stderr);
    assert.deepEqual(
      parseProfile(Buffer.from(stdout)).files.map(({ path }) => path),
      ['b/four'],
    );
  });

  test('a recording of ours and one of the reference tool, merged', async () => {
    const ours = write(
      'ours.json',
      encodeProfile({ ...profileOf({ path: 'a/three', size: 5, layer: diffIds[0]! }), layers: diffIds }),
    );
    const records = [
      { path: 'b/four', layerIndex: 1 },
      { path: 'a/one', layerIndex: 0 },
    ];
    const theirs = write('theirs.json', records.map((record) => JSON.stringify(record)).join('\n'));
    assert.deepEqual(await optimized('merged', '--record-in', ours, '--record-in', theirs), [
      { landmark: '.prefetch.landmark', files: ['a/three', 'a/one'] },
      { landmark: '.prefetch.landmark', files: ['b/four'] },
    ]);
  });

  test('--no-optimize brings nothing to the front', async () => {
    const fronts = await optimized('plain', '--no-optimize');
    assert.deepEqual(
      fronts.map(({ landmark }) => landmark),
      ['none', 'none'],
    );
  });

  test('the images of all platforms of an index get the files in front', async () => {
    const index = join(work, 'index');
    const names = ['amd64', 's390x'];
    const manifests = [];
    for (const architecture of names) {
      await buildLayers(index, LAYERS, { Cmd: [architecture] }, architecture);
      manifests.push({ ...readLayout(index).manifest, platform: { os: 'linux', architecture } });
    }
    writeFileSync(join(index, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests }));
    const nested = JSON.stringify({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.index.v1+json',
      manifests,
    });
    const digest = digestOf(Buffer.from(nested));
    writeFileSync(blobPath(index, digest), nested);
    const root = { mediaType: 'application/vnd.oci.image.index.v1+json', digest, size: nested.length };
    writeFileSync(join(index, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: [root] }));
    const list = write('index-list', 'b/four\n');
    const { status, stdout, stderr } = await lazypull(
      'optimize',
      '--json',
      `oci:${index}`,
      `oci:${join(work, 'index-out')}`,
      '--prefetch-list',
      list,
    );
    assert.equal(status, 0, stderr);
    const { manifests: written } = JSON.parse(stdout) as {
      manifests: { platform: string; layers: { front?: { files: number } }[] }[];
    };
    assert.deepEqual(
      written.map(({ platform, layers }) => [platform, layers.map(({ front }) => front?.files)]),
      names.map((architecture) => [`linux/${architecture}`, [0, 1]]),
    );
  });

  for (const [what, args, error] of [
    ['nothing to write', [], /there is nothing to write/],
    ['a recording where the result goes', ['oci:/x', '--record-out', '-'], /standard output tells of/],
    ['a command before --', ['oci:/x', 'ls'], /unexpected "ls"; the command to run comes after --/],
    ['a command and --no-optimize', ['oci:/x', '--no-optimize', '--', 'ls'], /--no-optimize runs nothing/],
    ['a recording and --no-optimize', ['oci:/x', '--no-optimize', '--record-in', 'f'], /--no-optimize.*cannot be used/],
    ['a command twice', ['oci:/x', '--args', '["a"]', '--', 'b'], /there twice/],
    ['a recording that is not there', ['oci:/x', '--record-in', '/no/such'], /can't read \/no\/such/],
    ['a network that is none', ['oci:/x', '--net', 'bridge'], /Allowed choices are none, host/],
    [
      'kept diff ids and an order',
      ['oci:/x:t', '--record-in', 'f', '--keep-diff-id', '--external-toc'],
      /diff ids can be kept/,
    ],
  ] as const) {
    test(`${what}: status 2, and a word on it`, async () => {
      const { status, stderr } = await lazypull('optimize', `oci:${layout}`, ...args);
      assert.equal(status, 2, stderr);
      assert.match(stderr, error);
    });
  }

  test('a profile that is damaged is told with its name', async () => {
    const path = write('damaged.json', '{"version":1,"layers":[],"workloads":[],"files":[{}]}');
    for (const args of [
      ['optimize', `oci:${layout}`, 'oci:/x', '--record-in', path],
      ['profile', 'show', path],
    ]) {
      const { status, stderr } = await lazypull(...args);
      assert.equal(status, 1);
      assert.match(stderr, /damaged\.json: profile\.files\[0\]/);
    }
  });

  suite('lazypull profile', () => {
    const early = profileOf(
      { path: 'bin/sh', size: 8000, ranges: [[0, 4000]], firstReadMs: 1.5 },
      { path: 'etc/conf', size: 100, firstReadMs: 2500 },
    );
    const late = profileOf(
      {
        path: 'bin/sh',
        size: 8000,
        ranges: [
          [0, 2000],
          [6000, 8000],
        ],
      },
      { path: 'new', size: 10 },
    );
    let a = '';
    let b = '';
    before(() => {
      a = write('a.json', encodeProfile(early));
      b = write('b.json', encodeProfile(late));
    });

    test('show tells what was read of what, and which parts', async () => {
      const { stdout } = await lazypull('profile', 'show', a);
      assert.match(
        stdout,
        /a\.json: 2 files, 4\.1 kB read of their 8\.1 kB \(51 %\)\nworkload {2}run {2}\(0\.10 s\)\n/,
      );
      assert.match(stdout, /^ 1 sha256:\w{12} {6}2 {4}4\.1 kB {2}#{24} {2}100 %$/m);
      assert.match(stdout, /^ 2 sha256:\w{12} {6}0 {7}0 B {2}\.{24} {2}0\.0 %$/m);
      assert.match(
        stdout,
        /^ {4}1\.5 ms {4}4\.0 kB {4}8\.0 kB {2}#{12}\.{12} {2}bin\/sh\n {4}2\.50 s {5}100 B {5}100 B {2}#{24} {2}etc\/conf$/m,
      );
    });

    test('show lists as many files as are asked for, in the order that is', async () => {
      const top = (await lazypull('profile', 'show', '--top', '1', a)).stdout;
      assert.match(top, /bin\/sh\nand 1 more file; --all lists them\n$/);
      const bytes = (await lazypull('profile', 'show', '--sort', 'bytes', b)).stdout;
      assert.ok(bytes.indexOf('bin/sh') < bytes.indexOf('  new'));
      assert.equal((await lazypull('profile', 'show', '--top', 'x', a)).status, 2);
    });

    test('show --json has everything', async () => {
      const [document] = JSON.parse((await lazypull('profile', 'show', '--json', a)).stdout) as [
        { file: string; summary: { readBytes: number }; profile: unknown },
      ];
      assert.equal(document.file, a);
      assert.equal(document.summary.readBytes, 4100);
      assert.deepEqual(document.profile, JSON.parse(JSON.stringify({ ...early, image: undefined })));
    });

    test('merge writes a profile that has both, to a file or to standard output', async () => {
      const out = join(work, 'merged.json');
      const { stdout } = await lazypull('profile', 'merge', a, b);
      assert.equal((await lazypull('profile', 'merge', '-o', out, b, a)).status, 0);
      const merged = parseProfile(readFileSync(out));
      assert.deepEqual(merged.files, parseProfile(Buffer.from(stdout)).files);
      assert.deepEqual(
        merged.files.map(({ path, ranges }) => [path, ranges]),
        [
          [
            'bin/sh',
            [
              [0, 4000],
              [6000, 8000],
            ],
          ],
          ['etc/conf', [[0, 100]]],
          ['new', [[0, 10]]],
        ],
      );
    });

    test('diff tells what came and went, and with --exit-code its status does', async () => {
      const { stdout, status } = await lazypull('profile', 'diff', a, b);
      assert.equal(status, 0);
      assert.match(stdout, /^- {5}100 B {2}etc\/conf$/m);
      assert.match(stdout, /^\+ {6}10 B {2}new$/m);
      assert.match(stdout, /^~ {4}4\.0 kB {2}bin\/sh {2}\(\+2\.0 kB -2\.0 kB\)$/m);
      assert.match(stdout, /1 file more \(10 B\), 1 less \(100 B\), 1 read differently, 0 the same\n$/);
      assert.equal((await lazypull('profile', 'diff', '--exit-code', a, b)).status, 1);
      assert.equal((await lazypull('profile', 'diff', '--exit-code', a, a)).status, 0);
    });

    test('of an image, what stands in front of its layers', async () => {
      const list = write('front-list', 'b/four\na/three\na/one\n');
      await optimized('front', '--prefetch-list', list);
      const { stdout, stderr, status } = await lazypull('profile', 'show', '--json', `oci:${join(work, 'front')}`);
      assert.equal(status, 0, stderr);
      const [{ profile }] = JSON.parse(stdout) as [{ profile: Profile }];
      assert.deepEqual(
        profile.files.map(({ path, ranges, layer }) => [path, ranges, profile.layers.indexOf(layer)]),
        [
          ['a/three', [[0, 5]], 0],
          ['a/one', [[0, 3]], 0],
          ['b/four', [[0, 4]], 1],
        ],
      );
      const plain = await lazypull('profile', 'show', `oci:${layout}`);
      assert.equal(plain.status, 2);
      assert.match(plain.stderr, /has nothing in front/);
    });

    test('a record of the reference tool alone is no profile', async () => {
      const path = write('record', '{"path":"a"}\n');
      const { status, stderr } = await lazypull('profile', 'show', path);
      assert.equal(status, 2);
      assert.match(stderr, /is a record of ctr-remote.*\n {2}Make a profile of it: lazypull optimize --record-in/);
    });
  });
});

test('bars show what is there, however little', () => {
  const style = { empty: '.', part: '+', full: '#' };
  assert.deepEqual(
    [0, 0.001, 0.5, 0.99, 1, 2].map((share) => shareBar(share, 4, style)),
    ['....', '+...', '##..', '###+', '####', '####'],
  );
  assert.equal(rangeBar([[0, 100]], 100, 4, style), '####');
  assert.equal(
    rangeBar(
      [
        [0, 1],
        [50, 75],
      ],
      100,
      4,
      style,
    ),
    '+.#.',
  );
  assert.equal(rangeBar([], 100, 4, style), '....');
  assert.equal(rangeBar([[0, 2]], 2, 4, style), '####');
  assert.equal(rangeBar([], 0, 4, style), '....');
});
