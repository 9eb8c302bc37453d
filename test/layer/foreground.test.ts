// Background work gives way while a reader waits, and only then when it need not be quiet afterwards.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Foreground } from '../../src/layer/foreground.ts';

test('it is not quiet while anybody waits, however short the quiet has to be', () => {
  const foreground = new Foreground();
  assert.equal(foreground.untilQuietMs(0), 0);
  const ends = [foreground.begin(), foreground.begin()];
  assert.equal(foreground.waiting, 2);
  ends[0]!();
  assert.equal(foreground.untilQuietMs(0), 1);
  assert.equal(foreground.untilQuietMs(500), 500);
  ends[1]!();
  assert.equal(foreground.waiting, 0);
  assert.equal(foreground.untilQuietMs(0), 0);
});

test('it is quiet some time after the last reader, and after somebody is expected', () => {
  const foreground = new Foreground();
  assert.equal(foreground.untilQuietMs(60_000), 0);
  foreground.begin()();
  assert.ok(foreground.untilQuietMs(60_000) > 0);
  const other = new Foreground();
  other.expect();
  assert.ok(other.untilQuietMs(60_000) > 0);
});
