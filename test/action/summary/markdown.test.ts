import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_ROWS } from '../../../action/summary/image-table.ts';
import { summaryText } from '../../../action/summary/markdown.ts';
import type { SummaryContext } from '../../../action/summary/model.ts';
import type { DaemonStatus } from '../../../src/daemon/status.ts';
import { sampleStatus } from '../../support/daemon-status.ts';
import { plainCell, tableBelow } from '../../support/markdown-table.ts';
import { imageOf, lazyLayer, ordinaryLayer, statusOf } from '../../support/summary-status.ts';

const RUN = { engine: 'docker', isolated: false, startedMs: 1000, readyMs: 5300, notices: [] } as const;
const TIMES = { askedMs: 1000, mountedMs: 1100, startedMs: 1400 };

function contextOf(status: DaemonStatus | undefined, more: Partial<SummaryContext> = {}): SummaryContext {
  return {
    status,
    run: RUN,
    restored: { key: '', layers: 0, chunks: 0, bytes: 0, refused: 0, why: 'the first run' },
    saved: { outcome: 'saved', key: 'key-2', layers: 2, bytes: 3_000_000, why: '' },
    workspace: undefined,
    env: {},
    ...more,
  };
}

function rowsOf(text: string): Record<string, string>[] {
  const rows = tableBelow(text, 'Lazy pulls');
  return rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, plainCell(cell).replaceAll('&nbsp;', ' ')])),
  );
}

/** The text between a summary line and the end of its details. */
function details(text: string, title: string): string {
  return new RegExp(`<summary>${title}</summary>\n\n([^]*?)\n\n</details>`).exec(text)?.[1] ?? '';
}

test('a row has the figures of its image', () => {
  const text = summaryText(
    contextOf(statusOf([imageOf('ghcr.io/org/a:1', [lazyLayer('a', { restoredBytes: 5000 })], TIMES)])),
  );
  assert.deepEqual(rowsOf(text), [
    {
      image: 'ghcr.io/org/a:1',
      size: '10.0 MB',
      fetched: '1.0 MB',
      lazy: '90 %',
      'ready after': '0.10 s',
      'first run after': '0.40 s',
      waits: '2 in 0.10 s',
      'there in time': '80 %',
      requests: '4',
      'from cache': '5.0 kB',
      saved: 'about 0.2 s',
    },
  ]);
});

test('ordinary images and layers are told apart, and the last row has all', () => {
  const images = [
    imageOf('a:1', [lazyLayer('a'), ordinaryLayer('b')], TIMES),
    imageOf('b:1', [ordinaryLayer('c')], { askedMs: 2000, startedMs: 9000 }),
    imageOf('c:1', [lazyLayer('a', { faults: 0 })], { askedMs: 3000, mountedMs: 3001 }),
  ];
  const [partly, ordinary, shared, all, ...more] = rowsOf(summaryText(contextOf(statusOf(images))));
  assert.deepEqual([partly?.['size'], partly?.['lazy']], ['10.0 MB + ?', '90 % (1 of 2 layers)']);
  assert.deepEqual(Object.values(ordinary ?? {}), ['b:1', '?', 'all', 'no', '-', '7.00 s', '-', '-', '-', '-']);
  assert.deepEqual([shared?.['saved'], shared?.['first run after']], ['shared', '-']);
  assert.deepEqual(
    [all?.['image'], all?.['size'], all?.['requests']],
    ['**All, each layer once**', '10.0 MB + ?', '4'],
  );
  assert.deepEqual(more, []);
});

test('a table without anything from a cache has no column for it, and one image has no row of all', () => {
  const rows = rowsOf(summaryText(contextOf(statusOf([imageOf('a:1', [lazyLayer('a')], TIMES)]))));
  assert.equal(rows.length, 1);
  assert.equal('from cache' in rows[0]!, false);
});

const LOSS = lazyLayer('a', { waitedMs: 9000, fetchedBytes: 9_500_000 });
const EVEN = lazyLayer('a', { waitedMs: 300 });
const { size: _, ...UNSIZED } = lazyLayer('a');
for (const [what, status, expected] of [
  [
    'a gain',
    statusOf([imageOf('a:1', [lazyLayer('a', { waitedMs: 0 })], TIMES)]),
    '**About 0.3 s saved.** 1 image of 10.0 MB ran on 1.0 MB of it: 90 % never had to come. Setting up took 4.3 s.',
  ],
  [
    'a loss',
    statusOf([imageOf('a:1', [LOSS], TIMES)]),
    '**About 8.7 s slower than an ordinary pull.** 1 image of 10.0 MB ran on 9.5 MB of it: 5 % never had to come. Setting up took 4.3 s.',
  ],
  [
    'neither',
    statusOf([imageOf('a:1', [EVEN], TIMES)]),
    '**As fast as an ordinary pull.** 1 image of 10.0 MB ran on 1.0 MB of it: 90 % never had to come. Setting up took 4.3 s.',
  ],
  [
    'an image that was never ready',
    statusOf([imageOf('a:1', [UNSIZED])]),
    '**How much was saved is not known.** 1 image of 0 B ran on 1.0 MB of it. Setting up took 4.3 s.',
  ],
  [
    'nothing lazy',
    statusOf([imageOf('a:1', [ordinaryLayer('a')])]),
    '**Nothing was lazy.** The image was pulled in the ordinary way; why, and what to do, is below.',
  ],
  [
    'nothing lazy of two',
    statusOf([imageOf('a:1', [ordinaryLayer('a')]), imageOf('b:1', [ordinaryLayer('a')])]),
    '**Nothing was lazy.** All 2 images were pulled in the ordinary way; why, and what to do, is below.',
  ],
  ['no image', statusOf([]), 'No image was pulled through lazypull in this job.'],
  [
    'no daemon',
    undefined,
    'The daemon did not answer at the end of the job, so there are no figures. Its log is in the log of this step.',
  ],
] as const) {
  test(`the first sentence tells of ${what}`, () => {
    const [heading, empty, sentence] = summaryText(contextOf(status)).split('\n');
    assert.deepEqual([heading, empty, sentence], ['### Lazy pulls', '', expected]);
  });
}

test('the first sentence tells of the cache and of ordinary images beside lazy ones', () => {
  const images = [
    imageOf('a:1', [lazyLayer('a', { restoredBytes: 2e6 })], TIMES),
    imageOf('b:1', [ordinaryLayer('b')]),
  ];
  const text = summaryText(contextOf(statusOf(images)));
  assert.match(
    text,
    / 2\.0 MB came from the cache of an earlier job\. 1 image came in the ordinary way; why is below\. /,
  );
});

test('where nothing was set up, one line says why', () => {
  const run = { ...RUN, engine: undefined, notices: ['No /dev/fuse here. Run `modprobe fuse` <first>.'] };
  const text = summaryText(contextOf(undefined, { run }));
  assert.equal(
    text,
    '### Lazy pulls\n\nNothing was set up, and images are pulled as always. No /dev/fuse here. Run &#96;modprobe fuse&#96; &#60;first&#62;.\n\n',
  );
  assert.match(summaryText(contextOf(undefined, { run: { ...run, notices: [] } })), /as always\.\n/);
  const many = Array.from({ length: 11 }, (_, index) => `n${index}.`);
  assert.match(summaryText(contextOf(undefined, { run: { ...run, notices: many } })), / n9\.\n/);
});

test('notices of main are listed, but not without end', () => {
  const notices = Array.from({ length: 13 }, (_, index) => `notice ${index}`);
  const text = summaryText(contextOf(statusOf([]), { run: { ...RUN, notices } }));
  assert.match(text, /\n- notice 0\n[^]*\n- notice 9\n- and 3 more, in the log of this step\n/);
  assert.doesNotMatch(summaryText(contextOf(statusOf([]))), /\n- /);
});

test('reads that failed and bytes that were wrong are not hidden in details', () => {
  const status = statusOf([]);
  const totals = { ...status.totals, readErrors: 1, verificationErrors: 2 };
  const text = summaryText(contextOf({ ...status, totals }));
  assert.match(
    text,
    /\n\*\*Something went wrong:\*\* 1 read of files failed \(EIO\)\. 2 chunks came with the wrong digest/,
  );
  assert.doesNotMatch(summaryText(contextOf(status)), /went wrong/);
});

test('every reason has a row with what to do', () => {
  const kinds = [
    'no-labels',
    'not-estargz',
    'unverifiable',
    'invalid',
    'registry',
    'unsupported',
    'disk',
    'error',
  ] as const;
  const layers = kinds.map((kind) => ordinaryLayer(kind, kind, `said by ${kind} | <x>`));
  const fallbacks = [{ timeSec: 1, ref: '', layer: '', kind: 'no-labels', reason: 'whose?' }] as const;
  const rows = details(
    summaryText(contextOf(statusOf([imageOf('a:1', layers)], { fallbacks }))),
    'What was not lazy, and why',
  ).split('\n');
  assert.equal(rows.length, 2 + kinds.length + 1);
  assert.equal(new Set(rows.map((row) => row.split(' | ')[2])).size, 1 + 1 + kinds.length);
  assert.match(
    rows[2]!,
    /^\| `a:1` \| 1 of 8 \| the client named no layer \| .+ \| said by no-labels &#124; &#60;x&#62; \|$/,
  );
  assert.match(rows.at(-1)!, /^\| \(not named\) \| 1 \| .* \| whose\? \|$/);
  for (const row of rows) assert.equal(row.replaceAll(/[^|]/g, '').length, 6);
});

test('a reason that is newer than this report is an unforeseen one', () => {
  const layer = ordinaryLayer('a', 'from the future' as never);
  assert.match(
    details(summaryText(contextOf(statusOf([imageOf('a:1', [layer])]))), 'What was not lazy, and why'),
    /unforeseen error/,
  );
});

test('the arithmetic is shown with the figures of the job, and a loss has its sign', () => {
  const gain = details(
    summaryText(contextOf(statusOf([imageOf('a:1', [lazyLayer('a')], TIMES)]))),
    'What the figures mean',
  );
  // 10 MB at 50 MB/s, 30 MB at 150 MB/s; 0.1 s to mount, 0.1 s of waits.
  assert.match(gain, /= 0\.4 s - 0\.2 s = 0\.2 s\n/);
  assert.match(gain, /arrive at 50\.0 MB\/s \(assumed: .*\).* unpacked at 150\.0 MB\/s/);
  const totals = { ...statusOf([]).totals, fetchedBytes: 20e6, registryRequests: 10, transferMs: 2000 };
  const loss = details(
    summaryText(contextOf(statusOf([imageOf('a:1', [LOSS], TIMES)], { totals }))),
    'What the figures mean',
  );
  assert.match(loss, /arrive at 10\.0 MB\/s \(measured: .*\)/);
  assert.match(loss, /= 1\.2 s - 9\.1 s = -7\.9 s\n/);
});

test('the run has its engine, caches, versions and traffic', () => {
  const run = { ...RUN, engine: 'containerd', isolated: true } as const;
  const restored = { key: 'key|1', layers: 1, chunks: 2, bytes: 3000, refused: 1, why: '' };
  const text = details(summaryText(contextOf(sampleStatus(), { run, restored })), 'About this run');
  assert.deepEqual(text.split('\n').slice(2), [
    "| Engine | containerd, beside the machine's own |",
    '| Set up in | 4.30 s |',
    '| Cache of an earlier job | 1 layer, 2 chunks, 3.0 kB, 1 file refused or cut short, from <code>key&#124;1</code> |',
    '| Cache for the next job | 2 layers, 3.0 MB as `key-2` |',
    '| lazypull | 0.1.0, restarted 3 times |',
    '| Mounts | tier A (EROFS mounts from a file), transport wire |',
    '| Registries | 11 requests, 1 tried again, 1.1 kB in 0.40 s |',
    '| Reads | 200 of 400.0 kB, 3 had to wait |',
  ]);
});

for (const [outcome, expected] of [
  ['saved', '2 layers, 3.0 MB as `key-2`'],
  ['unchanged', 'the one of before stays: so it is'],
  ['empty', 'nothing to save: so it is'],
  ['off', 'off: so it is'],
  ['failed', 'not saved: so it is'],
] as const) {
  test(`a cache for the next job that is ${outcome}`, () => {
    const saved = { outcome, key: 'key-2', layers: 2, bytes: 3_000_000, why: 'so it is' };
    const text = details(summaryText(contextOf(undefined, { saved })), 'About this run');
    assert.ok(text.includes(`| Cache for the next job | ${expected} |`), text);
    assert.ok(text.includes('| Cache of an earlier job | none: the first run |'), text);
  });
}

test('thousands of images with long and hostile names make a summary that GitHub takes', () => {
  const evil = '|`<script>[x](y)\n### z\n```\n</details>'.repeat(2000);
  const images = Array.from({ length: 2000 }, (_, index) =>
    imageOf(`${index}${evil}`, [lazyLayer(`l${index}`), ordinaryLayer(`o${index}`, 'registry', evil)], TIMES),
  );
  const run = { ...RUN, notices: Array.from({ length: 500 }, () => evil) };
  const restored = { key: evil, layers: 1, chunks: 1, bytes: 1, refused: 0, why: evil };
  const text = summaryText(contextOf({ ...statusOf(images), tierReason: evil, version: evil }, { run, restored }));
  assert.ok(Buffer.byteLength(text) < 200_000, String(Buffer.byteLength(text)));
  assert.equal(rowsOf(text).length, MAX_ROWS + 1);
  assert.match(text, /\nAnd 1970 more, which the last row counts\.\n/);
  assert.match(text, /\nAnd 1970 more: `lazypull status`/);
  assert.doesNotMatch(text, /<script|\n### z/);
  assert.equal(text.split('</details>').length, 4);
  assert.equal(text.split('```').length, 5);
});

test('a registry that sends whole layers is told of, and one that sends what was asked for is not', () => {
  const image = imageOf('a:1', [lazyLayer('a')], TIMES);
  const text = (fetchedBytes: number): string => {
    const status = statusOf([image]);
    return summaryText(contextOf({ ...status, totals: { ...status.totals, fetchedBytes } }));
  };
  assert.match(text(12_100_000), /12\.1.MB came in all: a registry sent whole layers/);
  assert.doesNotMatch(text(1_500_000), /came in all/);
});
