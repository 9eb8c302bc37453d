// The demo's table and picture, from made-up results.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { type DemoResult, demoTable } from '../../script/demo-table.ts';
import { gainPicture } from '../../script/picture.ts';

const result: DemoResult = {
  image: { bytes: 200_000_000 },
  lazy: { pullMs: 500, startMs: 1500, fetchedBytes: 50_000_000 },
  full: { pullMs: 9000, startMs: 1000 },
};
const plain = { title: 'a title', note: undefined, fancy: false };

suite('demo table', () => {
  test('has every figure, the sum included, and bars in proportion', () => {
    const text = demoTable(result, plain);
    for (const figure of ['a title', '200.0 MB', '50.0 MB (25 %)']) assert.ok(text.includes(figure), figure);
    const bars = [...text.matchAll(/(\d+\.\d\d) s {2}(#+)$/gm)].map(([, time, bar]) => [Number(time), bar?.length]);
    const expected = [0.5, 9, 1.5, 1, 2, 10].map((time) => [time, time * 4]);
    assert.deepEqual(bars, expected);
  });

  test('is plain ASCII without colours unless it may be fancy', () => {
    assert.doesNotMatch(demoTable(result, plain), /[^\n -~]/);
    const fancy = demoTable(result, { ...plain, fancy: true });
    assert.ok(fancy.includes('\u001b[32m\u2588\u2588\u001b[0m\n'));
  });

  test('shows the note only when there is one', () => {
    assert.ok(demoTable(result, { ...plain, note: 'mind this' }).endsWith('  mind this\n\n'));
    assert.ok(!demoTable(result, plain).includes('mind this'));
  });
});

suite('picture of the gain', () => {
  test('draws four bars that fit, in proportion, with both sums', () => {
    const svg = gainPicture(result, 'somewhere');
    const widths = [...svg.matchAll(/width="([\d.]+)" height="34"/g)].map(([, width]) => Number(width));
    assert.equal(widths.length, 4);
    const [lazyPull = 0, lazyStart = 0, fullPull = 0, fullStart = 0] = widths;
    assert.equal(fullPull + fullStart, 600);
    assert.deepEqual([lazyPull, lazyStart, fullPull], [30, 90, 540]);
    for (const figure of ['>2.0 s<', '>10.0 s<', '50.0 MB of 200.0 MB', 'somewhere']) assert.ok(svg.includes(figure));
  });

  test('a caption can not leave its element', () => {
    assert.ok(!gainPicture(result, '</text><script>').includes('<script>'));
  });
});
