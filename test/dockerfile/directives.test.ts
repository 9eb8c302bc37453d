import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { escapeCharacter, syntaxOf } from '../../src/dockerfile/directives.ts';

suite('parser directives', () => {
  for (const [title, text, image, cmdline, line] of [
    ['an ordinary one', '# syntax=docker/dockerfile:1\nFROM a', 'docker/dockerfile:1', 'docker/dockerfile:1', 1],
    ['one with words', '#syntax = x/y:1 a b  \nFROM a', 'x/y:1', 'x/y:1 a b', 1],
    ['after the escape', '# escape=`\n# SYNTAX=x\nFROM a', 'x', 'x', 2],
    ['after a shebang', '#!/usr/bin/env x\n# syntax=y\n', 'y', 'y', 2],
    ['after a byte order mark', '\uFEFF# syntax=y\n', 'y', 'y', 1],
    ['in another language', '// syntax=y z\nlet x', 'y', 'y z', 1],
    ['in JSON', '{ "syntax": "y", "x": 1 }', 'y', 'y', 1],
    ['with carriage returns', '# syntax=y\r\nFROM a\r\n', 'y', 'y', 1],
  ] as const) {
    test(`${title} is found`, () => assert.deepEqual(syntaxOf(text), { image, cmdline, line }));
  }

  for (const [title, text] of [
    ['after a comment', '# hello\n# syntax=y\n'],
    ['after an unknown directive', '# foo=bar\n# syntax=y\n'],
    ['after an empty line', '\n# syntax=y\n'],
    ['after an instruction', 'FROM a\n# syntax=y\n'],
    ['in JSON that is something else', '{ "syntax": 1 }'],
  ] as const) {
    test(`${title} there is none`, () => assert.equal(syntaxOf(text), undefined));
  }

  test('the escape character is a backslash, unless a directive makes it a backtick', () => {
    assert.equal(escapeCharacter(['# escape=`']), '`');
    assert.equal(escapeCharacter(['# syntax=x', '#Escape = `']), '`');
    assert.equal(escapeCharacter(['# escape=\\']), '\\');
    assert.equal(escapeCharacter(['# comment', '# escape=`']), '\\');
    assert.equal(escapeCharacter(['FROM a', '# escape=`']), '\\');
  });
});
