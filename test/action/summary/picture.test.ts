import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ImageReport } from '../../../action/summary/model.ts';
import { pictureOf } from '../../../action/summary/picture.ts';
import { reportOf } from '../../../action/summary/report.ts';
import { imageOf, lazyLayer, ordinaryLayer, statusOf } from '../../support/summary-status.ts';

const [BASE] = reportOf(statusOf([imageOf('r.test/base:1', [lazyLayer('a')], { mountedMs: 1500 })])).images;

function report(name: string, lazyMs: number, ordinaryMs: number): ImageReport {
  return { ...BASE!, name, seconds: { lazyMs, ordinaryMs, savedMs: ordinaryMs - lazyMs } };
}

interface Chart {
  readonly title: string;
  readonly labels: string[];
  readonly top: number;
  /** Slower than ordinary, ordinary, lazy: drawn in this order. */
  readonly bars: number[][];
  readonly height: number;
}

/** Reads a chart as mermaid does, as far as it is used here. */
function chartOf(images: readonly ImageReport[]): Chart | undefined {
  const lines = pictureOf(images);
  if (lines.length === 0) return undefined;
  assert.equal(lines[0], '```mermaid');
  assert.deepEqual(lines.slice(-2), ['```', '']);
  const after = (pattern: RegExp): string[] => lines.flatMap((line) => pattern.exec(line)?.[1] ?? []);
  return {
    title: after(/^ {2}title "([^"]*)"$/)[0] ?? '',
    labels: JSON.parse(after(/^ {2}x-axis (\[.*\])$/)[0] ?? '') as string[],
    top: Number(after(/^ {2}y-axis 0 --> ([\d.]+)$/)[0]),
    bars: after(/^ {2}bar (\[.*\])$/).map((text) => JSON.parse(text) as number[]),
    height: Number(after(/^ {4}height: (\d+)$/)[0]),
  };
}

test('each image has a bar for what it cost, over one for an ordinary pull', () => {
  const chart = chartOf([report('ghcr.io/org/python:3', 1270, 2640), report('node:22', 2800, 14_400)]);
  assert.deepEqual(chart?.labels, ['python:3: 1.3 s, not 2.6 s', 'node:22: 2.8 s, not 14 s']);
  assert.deepEqual(chart?.bars, [
    [0, 0],
    [2.64, 14.4],
    [1.27, 2.8],
  ]);
  assert.equal(chart?.top, 14.4);
  assert.doesNotMatch(chart?.title ?? '', /orange/);
});

test('where laziness took longer, the rest of its bar has another colour, and the title says so', () => {
  const chart = chartOf([report('a:1', 1800, 100), report('b:1', 100, 1000)]);
  assert.deepEqual(chart?.bars, [
    [1.8, 0],
    [0.1, 1],
    [0.1, 0.1],
  ]);
  assert.equal(chart?.top, 1.8);
  assert.match(chart?.title ?? '', /orange where that took longer/);
});

test('what can not be compared has no bar', () => {
  const shared = report('shared:1', 0, 0);
  const [ordinary] = reportOf(statusOf([imageOf('o:1', [ordinaryLayer('o')])])).images;
  assert.equal(chartOf([shared, ordinary!]), undefined);
  assert.deepEqual(chartOf([shared, report('a:1', 1, 1000), ordinary!])?.labels, ['a:1: 0.0 s, not 1.0 s']);
  assert.equal(chartOf([]), undefined);
});

test('of many images those with most to win are shown, in the order of the table', () => {
  const images = Array.from({ length: 40 }, (_, index) =>
    report(`a${index}:1`, 100, index % 2 === 0 ? 1000 + index : 9000 + index),
  );
  const chart = chartOf(images);
  assert.equal(chart?.labels.length, 10);
  assert.deepEqual(
    chart?.labels.map((label) => /^a(\d+)/.exec(label)?.[1]),
    ['21', '23', '25', '27', '29', '31', '33', '35', '37', '39'],
  );
  assert.ok(chart !== undefined && chart.height < 500);
});

test('names of others are labels and nothing else, each one different', () => {
  const hostile = 'r.test/x"]\n  bar [9]\n%%{init}%% ;#35;<b>`:1';
  const long = `r.test/${'y'.repeat(200)}:1`;
  const chart = chartOf([report(hostile, 1000, 2000), report(hostile, 1000, 2000), report(long, 1000, 2000)]);
  assert.equal(chart?.bars.length, 3);
  assert.equal(new Set(chart?.labels).size, 3);
  for (const label of chart?.labels ?? []) {
    assert.match(label, /^[\w.:@?, ()-]+$/);
    assert.ok(label.length < 70, label);
  }
});
