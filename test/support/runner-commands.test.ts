// Workflow commands: tables of lines, and what the runner makes of them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CommandReader, parseCommand } from './runner-commands.ts';
import { Masks } from './runner-masks.ts';

function reader(debug = false): { masks: Masks; reader: CommandReader } {
  const masks = new Masks();
  return { masks, reader: new CommandReader(masks, { workspace: '/w', debug }) };
}

test('lines that are commands are decoded', () => {
  const table: [string, string, Record<string, string>, string][] = [
    ['::notice::text', 'notice', {}, 'text'],
    [
      '  ::warning file=a.ts,line=3,title=A%3A b%2C c::x',
      'warning',
      { file: 'a.ts', line: '3', title: 'A: b, c' },
      'x',
    ],
    ['::error title=::x', 'error', {}, 'x'],
    ['::group::a::b', 'group', {}, 'a::b'],
    ['::error::one%0Atwo%0D%25 %2525', 'error', {}, 'one\ntwo\r% %25'],
    ['::error::%250A', 'error', {}, '%0A'],
    ['::debug::a%3Ab%2C', 'debug', {}, 'a%3Ab%2C'],
    ['::set-output name=a,other=b=c::', 'set-output', { name: 'a', other: 'b=c' }, ''],
    ['before ##[warning line=3;file=a]x%5D', 'warning', { line: '3', file: 'a' }, 'x]'],
  ];
  for (const [line, name, properties, data] of table)
    assert.deepEqual(parseCommand(line), { name, properties, data }, line);
});

test('lines that are none are left alone', () => {
  for (const line of ['', '::', 'x ::notice::text', '::notice text', '::Notice::x', '::no-such::x', '##[unknown]x']) {
    assert.equal(parseCommand(line), undefined, line);
    assert.equal(reader().reader.read(line), line);
  }
});

test('lines and columns of annotations are made to fit', () => {
  const placed = (properties: string) => {
    const { reader: commands } = reader();
    commands.read(`::error ${properties}::x`);
    const { line, endLine, column, endColumn } = commands.annotations[0] ?? {};
    return [line, endLine, column, endColumn];
  };
  assert.deepEqual(placed('line=1,endLine=1,col=2,endColumn=3'), [1, 1, 2, 3]);
  assert.deepEqual(placed('endLine=4'), [4, 4, undefined, undefined]);
  assert.deepEqual(placed('col=4'), [undefined, undefined, undefined, undefined]);
  assert.deepEqual(placed('line=1,endColumn=4'), [1, undefined, 4, 4]);
  assert.deepEqual(placed('line=1,endLine=2,col=4'), [1, 2, undefined, undefined]);
  assert.deepEqual(placed('line=2,endLine=1'), [undefined, undefined, undefined, undefined]);
  assert.deepEqual(placed('line=1,col=4,endColumn=3'), [1, undefined, undefined, undefined]);
  assert.deepEqual(placed('line=one'), [undefined, undefined, undefined, undefined]);
});

test('files of annotations are relative to the workspace when they lie in it', () => {
  for (const [file, wanted] of [
    ['/w/a/b', 'a/b'],
    ['a/b', 'a/b'],
    ['/elsewhere/a', '/elsewhere/a'],
  ]) {
    const { reader: commands } = reader();
    commands.read(`::notice file=${file}::x`);
    assert.equal(commands.annotations[0]?.file, wanted);
  }
});

test('stopped commands are text until the token comes', () => {
  const { reader: commands } = reader();
  const text = '::stop-commands::T0ken\n::error::text\n::other::\n::T0ken::\n::error::real';
  assert.equal(commands.read(text), '::stop-commands::T0ken\n::error::text\n::other::\n::T0ken::\n##[error]real');
  assert.deepEqual(
    commands.annotations.map(({ message }) => message),
    ['real'],
  );
  assert.equal(commands.failed, false);
});

test('a token that stops commands is no command and not empty', () => {
  for (const token of ['', 'notice', 'pause-logging']) {
    const { reader: commands } = reader();
    commands.read(`::stop-commands::${token}\n::notice::still obeyed`);
    assert.equal(commands.failed, true, token);
    assert.equal(commands.annotations.at(-1)?.message, 'still obeyed');
  }
});

test('commands that GitHub has disabled fail the step', () => {
  for (const line of ['::set-env name=A::1', '::add-path::/x', '::set-output::1', '::save-state::1']) {
    const { reader: commands } = reader();
    commands.read(line);
    assert.equal(commands.failed, true, line);
  }
  const { reader: commands } = reader();
  commands.read('::set-output name=a::1\n::save-state name=b::2');
  assert.deepEqual([commands.outputs, commands.state, commands.failed], [{ a: '1' }, { b: '2' }, false]);
});

test('masks hold for what comes after, in all forms, the longest first', () => {
  const { masks, reader: commands } = reader();
  assert.equal(commands.read('abc\n::add-mask::abc\n::add-mask::abcdef\nabcdef abc'), 'abc\n*** ***');
  commands.read('::add-mask::a"b c');
  assert.equal(masks.apply('a"b c a\\"b c a%22b%20c YSJiIGM='), '*** *** *** ***');
  assert.equal(masks.apply('a"b'), 'a"b');
  assert.match(commands.read('::add-mask::  '), /^##\[warning\]Can't add secret mask/);
  assert.equal(masks.apply('a b'), 'a b');
});

test('debug lines are seen in debug logs only', () => {
  assert.equal(reader().reader.read('::debug::x'), '');
  assert.equal(reader(true).reader.read('::debug::x'), '##[debug]x');
});
