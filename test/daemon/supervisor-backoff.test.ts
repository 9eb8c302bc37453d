// Pauses between serving processes that die.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Backoff } from '../../src/daemon/supervisor-backoff.ts';

const pauses = (count: number, everyMs: number, wasReady: boolean): number[] => {
  const backoff = new Backoff();
  return Array.from({ length: count }, (_, index) => backoff.nextPauseMs(index * everyMs, wasReady));
};

test('five failed starts are repeated at once, later ones after growing pauses that end at 30 s', () => {
  assert.deepEqual(pauses(12, 1000, false), [0, 0, 0, 0, 0, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
});

test('twenty deaths of processes that served are repeated at once, and the next is not', () => {
  assert.deepEqual(pauses(21, 1000, true), [...Array.from({ length: 20 }, () => 0), 1000]);
});

test('a minute without a death makes the next restart quick again, and less does not', () => {
  assert.equal(Math.max(...pauses(100, 60_001, false)), 0);
  assert.equal(pauses(100, 60_000, false).at(-1), 30_000);
});
