import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { basesOf, MAX_IMAGES, MAX_REMARKS } from '../../../action/bases/model.ts';
import type { Decision } from '../../../src/policy/model.ts';

const place = { file: 'Dockerfile', line: 3, kind: 'from' } as const;
const variant = `ghcr.io/org/node:22@sha256:${'1'.repeat(64)}`;

function decision(image: string, outcome: Decision['outcome'], places: Decision['places'] = [place]): Decision {
  return { image, places, outcome };
}

const replaced = { result: 'replaced', variant, source: `sha256:${'2'.repeat(64)}` } as const;
const kept = { result: 'kept', reason: 'stale', message: 'it is old' } as const;

suite('what is kept for the summary', () => {
  test('an image has its place and what becomes of it; what is not replaced comes first', () => {
    const decisions = [
      decision('lazy', { result: 'lazy' }),
      decision('node:22', replaced, [place, { ...place, line: 9 }]),
      decision('old', kept, []),
    ];
    const remarks = [
      { file: 'compose.yaml', line: undefined, what: 'no' },
      { file: 'Dockerfile', line: 7, what: 'A is not known' },
    ];
    assert.deepEqual(basesOf({ decisions, remarks }), {
      total: 3,
      replaced: 1,
      images: [
        { image: 'old', place: '', result: 'kept', detail: 'it is old' },
        { image: 'node:22', place: 'Dockerfile:3 and 1 more place', result: 'replaced', detail: variant },
        { image: 'lazy', place: 'Dockerfile:3', result: 'lazy', detail: '' },
      ],
      remarks: ['compose.yaml: no', 'Dockerfile:7: A is not known'],
    });
  });

  test('whatever a repository names, it fits into one variable of a process', () => {
    const long = '\u4e2d\u0001\u007f"'.repeat(100_000);
    const decisions = Array.from({ length: 1000 }, () => decision(long, { ...kept, message: long }));
    const remarks = Array.from({ length: 1000 }, () => ({ file: long, line: 1, what: long }));
    const bases = basesOf({ decisions, remarks });
    assert.deepEqual([bases.total, bases.images.length, bases.remarks.length], [1000, MAX_IMAGES, MAX_REMARKS]);
    assert.ok(Buffer.byteLength(JSON.stringify(bases)) < 100 * 1024);
  });
});
