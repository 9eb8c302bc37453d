import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { lineOf } from '../../src/config/lines.ts';
import { editDistance, nearestWord } from '../../src/config/nearest.ts';
import { formatDuration, formatSize, parseDuration, parseSize, ValueError } from '../../src/config/values.ts';

test('sizes are read with binary and decimal units', () => {
  const table: readonly (readonly [unknown, number])[] = [
    [0, 0],
    [4096, 4096],
    ['4096', 4096],
    ['10GiB', 10 * 2 ** 30],
    ['10 GiB', 10 * 2 ** 30],
    ['1.5MiB', 1_572_864],
    ['500MB', 500_000_000],
    ['7kib', 7168],
    ['1TB', 1e12],
  ];
  for (const [text, bytes] of table) assert.equal(parseSize(text), bytes, String(text));
});

test('what is not a size is refused', () => {
  for (const text of ['', 'GiB', '-1', '1e9', '10Gb/s', '1..5MB', true, [1], null, 1.5e300, '99999999TiB'])
    assert.throws(() => parseSize(text), ValueError, String(text));
});

test('durations are read with their unit', () => {
  const table: readonly (readonly [unknown, number])[] = [
    [0, 0],
    ['0', 0],
    ['500ms', 500],
    ['10s', 10_000],
    ['1.5s', 1500],
    ['2 m', 120_000],
    ['1h', 3_600_000],
  ];
  for (const [text, ms] of table) assert.equal(parseDuration(text), ms, String(text));
});

test('what is not a duration is refused', () => {
  for (const text of ['', 10, '10', 's', '-1s', '1d', true, null])
    assert.throws(() => parseDuration(text), ValueError, String(text));
});

test('what is printed is read as the same number', () => {
  fc.assert(fc.property(fc.nat({ max: 2 ** 50 }), (bytes) => parseSize(formatSize(bytes)) === bytes));
  fc.assert(fc.property(fc.nat({ max: 2 ** 40 }), (ms) => parseDuration(formatDuration(ms)) === ms));
  assert.equal(formatSize(10 * 2 ** 30), '10GiB');
  assert.equal(formatDuration(90_000), '90s');
});

test('the nearest word is found, and none is when none is near', () => {
  assert.equal(editDistance('kitten', 'sitting'), 3);
  assert.equal(editDistance('', 'abc'), 3);
  assert.equal(nearestWord('socet', ['root', 'socket', 'name']), 'socket');
  assert.equal(nearestWord('zzzzz', ['root', 'socket', 'name']), undefined);
});

test('lines of keys are found in tables, arrays of tables and dotted keys', () => {
  const text = '# c\na = 1\n[b]\nc = 2\n[b."x.y"]\n[[s]]\nn = 1\n[[s]]\nn = 2\nd.e = 3\n';
  assert.equal(lineOf(text, 'a'), 2);
  assert.equal(lineOf(text, 'b.c'), 4);
  assert.equal(lineOf(text, 's.0.n'), 7);
  assert.equal(lineOf(text, 's.1.n'), 9);
  assert.equal(lineOf(text, 's.1.d.e'), 10);
  assert.equal(lineOf(text, 's.1.missing'), 8);
  assert.equal(lineOf(text, 'nowhere'), undefined);
});
