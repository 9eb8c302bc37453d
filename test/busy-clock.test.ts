// Time in which something was under way.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BusyClock } from '../src/busy-clock.ts';

function clockAt(): { clock: BusyClock; at: (ms: number) => void } {
  let now = 0;
  return { clock: new BusyClock(() => now), at: (ms) => void (now = ms) };
}

test('time in which two things overlap counts once, and idle time does not count', () => {
  const { clock, at } = clockAt();
  at(10);
  const first = clock.begin();
  at(20);
  const second = clock.begin();
  at(30);
  first();
  at(40);
  second();
  at(100);
  assert.equal(clock.totalMs, 30);
  const third = clock.begin();
  at(105);
  third();
  assert.equal(clock.totalMs, 35);
});

test('what is still under way counts up to now', () => {
  const { clock, at } = clockAt();
  clock.begin();
  at(7);
  assert.equal(clock.totalMs, 7);
});

test('saying twice that something has ended ends nothing else', () => {
  const { clock, at } = clockAt();
  const first = clock.begin();
  clock.begin();
  first();
  first();
  at(50);
  assert.equal(clock.totalMs, 50);
});
