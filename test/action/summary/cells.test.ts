import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { codeCell, detailsOf, markdownTable, textCell } from '../../../action/summary/cells.ts';

/** What GitHub gives a meaning to, in a cell or in a sentence. */
const MARKUP = /[\\`*_{}[\]<>|~$@\n\r]|#(?!\d+;)|&(?!#\d+;)/;

for (const [text, expected] of [
  ['plain text, 100 %', 'plain text, 100 %'],
  ['a|b', 'a&#124;b'],
  ['<b>x</b>', '&#60;b&#62;x&#60;/b&#62;'],
  ['[x](javascript:y)', '&#91;x&#93;(javascript:y)'],
  ['`code` **b** _i_ ~s~', '&#96;code&#96; &#42;&#42;b&#42;&#42; &#95;i&#95; &#126;s&#126;'],
  ['&lt; #1 @you $x$', '&#38;lt; &#35;1 &#64;you &#36;x&#36;'],
  ['two\n  lines\r\nthree', 'two lines three'],
  ['\u001B[2J\u202Ex', '?&#91;2J?x'],
] as const) {
  test(`text in a cell: ${JSON.stringify(text)}`, () => {
    assert.equal(textCell(text), expected);
  });
}

test('no text is markup, and none is long', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
      assert.doesNotMatch(textCell(text), MARKUP);
      assert.ok(textCell(text, 20).length <= 20 * 6);
    }),
  );
});

test('text that is too long is cut, and not in the middle of a character', () => {
  assert.equal(textCell('x'.repeat(300)), 'x'.repeat(300));
  assert.equal(textCell('x'.repeat(301)), `${'x'.repeat(297)}...`);
  assert.equal(textCell(`${'x'.repeat(6)}\u{1F600}yyyy`, 10), 'xxxxxx...');
});

test('a name is code, and stays a name when it is none', () => {
  assert.equal(codeCell('ghcr.io/org/a-b_c:1.2@sha256:00'), '`ghcr.io/org/a-b_c:1.2@sha256:00`');
  assert.equal(codeCell('a`|<b>'), '<code>a&#96;&#124;&#60;b&#62;</code>');
  assert.equal(codeCell('abcdefghijk', 10), '<code>abcdefg...</code>');
  assert.equal(codeCell(''), '<code></code>');
});

test('figures stand to the right and stay with their units', () => {
  assert.deepEqual(
    markdownTable(
      [{ title: 'A' }, { title: 'B', isFigure: true }],
      [
        ['1 MB', '1 MB + ?'],
        ['x', '24 in 0.63 s'],
        ['', '3 of 4 layers, 2 min 5 s'],
      ],
    ),
    [
      '| A | B |',
      '|---|---:|',
      '| 1 MB | 1&nbsp;MB + ? |',
      '| x | 24 in 0.63&nbsp;s |',
      '|  | 3 of 4 layers, 2&nbsp;min 5&nbsp;s |',
    ],
  );
});

test('details have empty lines around what is markdown', () => {
  assert.deepEqual(detailsOf('More', ['- a']), [
    '<details>',
    '<summary>More</summary>',
    '',
    '- a',
    '',
    '</details>',
    '',
  ]);
});
