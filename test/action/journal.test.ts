// What has to be undone is known before it is done, newest first, and one failure keeps nothing else from being undone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Journal, undoAll, type UndoStep } from '../../action/journal.ts';

const [one, two, three] = ['/1', '/2', '/3'].map((path): UndoStep => ({ kind: 'remove', path })) as [
  UndoStep,
  UndoStep,
  UndoStep,
];

test('every step is saved when it is noted, and those after a mark are taken newest first and forgotten', () => {
  const saved: string[] = [];
  const journal = new Journal((steps) => void saved.push(JSON.stringify(steps)));
  journal.note(one);
  assert.equal(saved.at(-1), JSON.stringify([one]));
  const mark = journal.mark();
  journal.note(two);
  journal.note(three);
  assert.equal(saved.at(-1), JSON.stringify([one, two, three]));
  assert.deepEqual(journal.take(mark), [three, two]);
  assert.equal(saved.at(-1), JSON.stringify([one]));
  assert.deepEqual(journal.take(), [one]);
  assert.deepEqual([journal.steps, saved.at(-1)], [[], '[]']);
});

test('a step that can not be undone is told, and those before it are undone all the same', async () => {
  const undone: UndoStep[] = [];
  const failures = await undoAll([three, two, one], async (step) => {
    if (step === two) throw new Error('busy');
    undone.push(step);
  });
  assert.deepEqual(failures, ['remove: busy']);
  assert.deepEqual(undone, [three, one]);
});
