// The job summary of what a real daemon tells of a job on a real containerd: lazy, ordinary and removed images.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { annotateOrdinary } from '../../action/summary.ts';
import { summaryText } from '../../action/summary/markdown.ts';
import { reportOf } from '../../action/summary/report.ts';
import { containerdProgram } from '../support/containerd.ts';
import { tableBelow, plainCell } from '../support/markdown-table.ts';
import { needs } from '../support/needs.ts';
import { TestRegistry } from '../support/registry.ts';
import { startWorld } from '../support/world.ts';

const LAZY = 'small-esgz';
const ORDINARY = 'small';

suite('the summary of a job', { skip: needs('root', 'fuse', 'erofs', containerdProgram('2'), 'skopeo') }, () => {
  test('tells lazy and ordinary images apart, also when they are gone', async () => {
    const registry = await TestRegistry.start({ knobs: { latencyMs: 40 } });
    const config = 'background_fill.enabled = false\nprefetch.enabled = false\n';
    await using world = await startWorld({ version: '2', images: [LAZY, ORDINARY], registry, config });
    for (const name of [LAZY, ORDINARY] as const) {
      await world.pull(name);
      await world.container(name, ['/bin/md5sum', '/data/4096']);
    }
    await world.containerd.ctr(['images', 'rm', '--sync', world.ref(LAZY)]);
    const status = await world.daemon.status();

    const { images, totals } = reportOf(status);
    const [lazy, ordinary] = images;
    assert.equal(images.length, 2);
    assert.ok(lazy !== undefined && ordinary !== undefined);
    assert.deepEqual([lazy.ordinaryLayers, ordinary.lazyLayers], [0, 0]);
    assert.ok(lazy.isWholeSize && lazy.fetchedBytes > 0 && lazy.fetchedBytes < lazy.bytes);
    assert.ok(lazy.lazyShare !== undefined && lazy.lazyShare > 0 && lazy.lazyShare < 1);
    assert.ok(lazy.readyMs !== undefined && lazy.firstRunMs !== undefined && lazy.readyMs <= lazy.firstRunMs);
    assert.ok(ordinary.firstRunMs !== undefined && ordinary.firstRunMs > 0);
    // A round trip for the tables of contents, and one for the first read.
    assert.ok(lazy.seconds !== undefined && lazy.seconds.lazyMs >= 80);
    assert.equal(totals.savedMs, lazy.seconds.savedMs);
    assert.equal(ordinary.seconds, undefined);
    assert.deepEqual([...new Set(ordinary.notLazy.map(({ kind }) => kind))], ['not-estargz']);

    const run = { engine: 'containerd', isolated: false, startedMs: 0, readyMs: 900, notices: [] } as const;
    const restored = { key: '', layers: 0, chunks: 0, bytes: 0, refused: 0, why: '' };
    const saved = { outcome: 'off', key: '', layers: 0, bytes: 0, why: '' } as const;
    const workspace = await mkdtemp(join(tmpdir(), 'lazypull-workspace-'));
    try {
      const context = { status, run, restored, saved, workspace, env: {} };
      const rows = tableBelow(summaryText(context), 'Lazy pulls');
      assert.deepEqual(
        rows.map((row) => [plainCell(row['image']), row['lazy'] === 'no']),
        [
          [world.ref(LAZY), false],
          [world.ref(ORDINARY), true],
          ['**All, each layer once**', false],
        ],
      );
      await writeFile(join(workspace, 'Dockerfile'), `FROM ${world.ref(LAZY)}\nFROM ${world.ref(ORDINARY)}\n`);
      const places: unknown[] = [];
      await annotateOrdinary(context, (_, { file, startLine }) => void places.push([file, startLine]));
      assert.deepEqual(places, [['Dockerfile', 2]]);
    } finally {
      await rm(workspace, { recursive: true });
    }
  });
});
