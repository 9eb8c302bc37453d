import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { expandWord, splitWords } from '../../src/dockerfile/shell-words.ts';
import { FormatError } from '../../src/errors.ts';

const values = new Map([
  ['HOME', '/root'],
  ['EMPTY', ''],
  ['FILE', 'a.tar.gz'],
  ['V', '1.2.3'],
]);

suite('words of a Dockerfile', () => {
  for (const [text, expanded] of [
    ['plain', 'plain'],
    ['a"b c"d', 'ab cd'],
    [`'$HOME'`, '$HOME'],
    ['"$HOME"', '/root'],
    ['\\$HOME', '$HOME'],
    ['"a\\tb"', 'a\\tb'],
    ['"a\\"b"', 'a"b'],
    ['a\\', 'a'],
    ['x$UNSET.y', 'x.y'],
    ['$.', '$.'],
    ['$1a', 'a'],
    ['${HOME}x', '/rootx'],
    ['${UNSET:-d}', 'd'],
    ['${EMPTY:-d}', 'd'],
    ['${EMPTY-d}', ''],
    ['${HOME:+o}', 'o'],
    ['${UNSET+o}', ''],
    ['${UNSET:-${HOME}/x}', '/root/x'],
    ['${HOME?no}', '/root'],
    ['${FILE%.*}', 'a.tar'],
    ['${FILE%%.*}', 'a'],
    ['${FILE#*.}', 'tar.gz'],
    ['${FILE##*.}', 'gz'],
    ['${FILE%zip}', 'a.tar.gz'],
    ['${V/./-}', '1-2.3'],
    ['${V//./-}', '1-2-3'],
  ] as const) {
    test(`${text} is ${JSON.stringify(expanded)}`, () => {
      assert.equal(expandWord(text, { escape: '\\', values }), expanded);
    });
  }

  for (const text of [
    '${V//?.}',
    '"open',
    "'open",
    '${HOME',
    '${}',
    '${:-x}',
    '${HOME:=x}',
    '${UNSET?no}',
    '${EMPTY:?no}',
    '${a[1]}',
  ]) {
    test(`${text} is refused`, () => {
      assert.throws(() => expandWord(text, { escape: '\\', values }), FormatError);
    });
  }

  test('the escape character is the one that the file names', () => {
    assert.equal(expandWord('c:\\x`$HOME', { escape: '`', values }), 'c:\\x$HOME');
    assert.equal(expandWord('c:\\x`$HOME', { escape: '\\', values }), 'c:x`/root');
  });

  test('words end at blanks outside of quotes, and are kept raw when asked', () => {
    assert.deepEqual(splitWords('a "b c" d\\ e', { escape: '\\' }), ['a', 'b c', 'd e']);
    assert.deepEqual(splitWords('a "b c" $X', { escape: '\\', raw: true }), ['a', '"b c"', '$X']);
    assert.deepEqual(splitWords('cat <<  EOF x', { escape: '\\', raw: true }), ['cat', '<<  EOF', 'x']);
  });

  test('a pattern of many stars takes no time without end', () => {
    const long = new Map([['A', 'a'.repeat(2000)]]);
    assert.equal(expandWord(`\${A%${'*a'.repeat(20)}b}`, { escape: '\\', values: long }), 'a'.repeat(2000));
  });
});
