import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Outcome } from '../../../action/convert/model.ts';
import { countText, outcomeLines, outcomeTitle, shownLine, summaryText } from '../../../action/convert/report.ts';
import { digestNamed } from '../../support/profiles.ts';

const FRESH: Outcome = {
  source: 'docker.io/library/a:1',
  destination: 'r.test/a:1',
  status: 'fresh',
  digest: digestNamed('copy'),
  sourceDigest: digestNamed('source'),
  changed: false,
  uploadedBytes: 0,
  skippedBytes: 0,
  durationMs: 210,
};
const CONVERTED: Outcome = { ...FRESH, status: 'converted', changed: true, uploadedBytes: 1_500_000 };
const FAILED: Outcome = { ...FRESH, status: 'failed', error: 'GET https://r.test: 404\n  | <b>x</b> `y`' };

test('no line of an image is a command of the runner', () => {
  assert.equal(shownLine('a:1', '::add-mask::x'), 'a:1: ::add-mask::x');
  assert.equal(shownLine('a:1', 'x ##[add-mask]y'), 'a:1: x ## [add-mask]y');
  assert.equal(shownLine('a:1', 'x\r::error::y\u001B[2J'), 'a:1: x?::error::y?[2J');
});

test('counts are of what there is', () => {
  assert.equal(countText([FRESH]), '1 image: 1 fresh');
  assert.equal(countText([FRESH, FAILED, CONVERTED, FRESH]), '4 images: 1 converted, 2 fresh, 1 failed');
});

test('a group says what became of its image', () => {
  assert.equal(outcomeTitle(FRESH), 'docker.io/library/a:1 -> r.test/a:1: fresh');
  assert.match(outcomeLines(FRESH, undefined).join('\n'), /^r\.test\/a:1: sha256:\w{64}, made from sha256:\w{64}$/);
  assert.deepEqual(outcomeLines(FAILED, undefined), ['error: GET https://r.test: 404', 'error:   | <b>x</b> `y`']);
});

test('the summary has a row for each image, and errors do not break its table', () => {
  const text = summaryText([CONVERTED, FRESH, FAILED, { ...CONVERTED, changed: false }]);
  const rows = text.split('\n').filter((line) => line.startsWith('| `'));
  assert.deepEqual(
    rows.map((row) => row.split('|').length),
    [8, 8, 8, 8],
  );
  assert.match(rows[0]!, /\| converted \| `sha256:\w{12}` \| 1\.5&nbsp;MB \| 0\.21&nbsp;s \|$/);
  assert.match(rows[2]!, /failed: GET https:\/\/r\.test: 404 &#124; &#60;b&#62;x/);
  assert.match(rows[3]!, /converted, same image/);
});
