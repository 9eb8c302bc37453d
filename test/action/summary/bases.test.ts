import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Bases } from '../../../action/bases/model.ts';
import { basesLines } from '../../../action/summary/bases.ts';
import { summaryText } from '../../../action/summary/markdown.ts';
import { plainCell, tableBelow } from '../../support/markdown-table.ts';

const bases: Bases = {
  total: 32,
  replaced: 1,
  images: [
    { image: 'old:1', place: 'Dockerfile:2', result: 'kept', detail: 'org/old:1 was made from `a|b` <now>' },
    { image: 'node:22', place: 'Dockerfile:1', result: 'replaced', detail: 'ghcr.io/org/node:22' },
    { image: 'lazy:1', place: 'app/Dockerfile:1 and 1 more place', result: 'lazy', detail: '' },
  ],
  remarks: ['compose.yaml: service x: no'],
};

suite('bases of builds in the summary', () => {
  const text = basesLines(bases).join('\n');

  test('a row for each image says what builds use', () => {
    const rows = tableBelow(`# Bases\n${text}`, 'Bases').map((row) => Object.values(row).map(plainCell));
    assert.deepEqual(
      rows.map(([image, place, use]) => [image, place, use?.replace(/&#\d+;/g, '?')]),
      [
        ['old:1', 'Dockerfile:2', 'the image itself: org/old:1 was made from ?a?b? ?now?'],
        ['node:22', 'Dockerfile:1', 'ghcr.io/org/node:22'],
        ['lazy:1', 'app/Dockerfile:1 and 1 more place', 'the image itself: it is lazily pullable'],
      ],
    );
  });

  test('the title counts all, and what has no row is told', () => {
    assert.match(text, /<summary>Bases of builds: 1 of 32 replaced by lazily pullable variants<\/summary>/);
    assert.match(text, /And 29 more/);
    assert.match(text, /- not looked at: compose.yaml: service x: no/);
  });

  test('it stands in the summary only when variants were asked for', () => {
    const context = {
      status: undefined,
      run: { engine: 'docker', isolated: false, startedMs: 0, readyMs: 1, notices: [] },
      restored: { key: '', layers: 0, chunks: 0, bytes: 0, refused: 0, why: '' },
      saved: { outcome: 'off', key: '', layers: 0, bytes: 0, why: '' },
      workspace: undefined,
      env: {},
    } as const;
    assert.match(summaryText({ ...context, bases }), /Bases of builds/);
    assert.doesNotMatch(summaryText(context), /Bases of builds/);
    assert.deepEqual(basesLines(undefined), []);
    assert.deepEqual(basesLines({ total: 0, replaced: 0, images: [], remarks: [] }), []);
  });
});
