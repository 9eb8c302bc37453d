// Command files: names and values as the runner reads them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAction } from './runner-action.ts';
import { parsePairs } from './runner-files.ts';

test('names and values are read', () => {
  const table: [string, [string, string][]][] = [
    ['', []],
    ['\n\n', []],
    ['a=1', [['a', '1']]],
    [
      'a=1\nb=\n',
      [
        ['a', '1'],
        ['b', ''],
      ],
    ],
    ['a=b=c<<d', [['a', 'b=c<<d']]],
    [
      'a<<E\n1\n2\nE\nb=3',
      [
        ['a', '1\n2'],
        ['b', '3'],
      ],
    ],
    ['a<<E\nE', [['a', '']]],
    ['a<<E\n\nE\n', [['a', '']]],
    ['a<<E\nb=1\n E\nE\n', [['a', 'b=1\n E']]],
    ['a<<=E\n1\n=E', [['a', '1']]],
    [
      'a=1\na=2',
      [
        ['a', '1'],
        ['a', '2'],
      ],
    ],
  ];
  for (const [text, pairs] of table) assert.deepEqual(parsePairs(text), pairs, JSON.stringify(text));
});

test('what is neither a pair nor a delimited value is an error', () => {
  for (const text of ['a', 'a\nb=1', '<<E\n1\nE', 'a<<\n1\n', 'a<<E\n1\n', 'a<<E\n1\nE ', 'a<<E']) {
    assert.throws(() => parsePairs(text), /^Error: Invalid (format|value)/, JSON.stringify(text));
  }
});

const ACTION = `
name: N
description: D
inputs:
  plain: { description: P, required: true }
  flag: { default: true, deprecationMessage: use plain }
outputs:
  out: { description: O }
runs: { using: node24, main: dist/index.js, post: dist/post.js, post-if: success() }
`;

test('every field of action.yml is read', () => {
  assert.deepEqual(parseAction(ACTION), {
    name: 'N',
    description: 'D',
    inputs: {
      plain: { description: 'P', required: true, default: undefined, deprecation: undefined },
      flag: { description: undefined, required: false, default: 'true', deprecation: 'use plain' },
    },
    outputs: { out: 'O' },
    using: 'node24',
    main: 'dist/index.js',
    post: 'dist/post.js',
    postIf: 'success()',
  });
  assert.equal(parseAction(ACTION.replace(', post-if: success()', '')).postIf, 'always()');
});

test('an action.yml that GitHub would not run is an error that says where', () => {
  const table: [string, string, RegExp][] = [
    ['node24', 'composite', /^Error: action\.yml: runs\.using is composite; this runner has node20, node24$/],
    ['main: dist/index.js', 'pre: x', /runs\.pre/],
    ['main: dist/index.js,', '', /runs\.main: undefined is not a text/],
    ['name: N\n', '', /name: undefined is not a text/],
    ['runs:', 'run:', /runs: undefined is not a map/],
    ['{ description: O }', 'O', /outputs\.out: "O" is not a map/],
  ];
  for (const [from, to, error] of table) assert.throws(() => parseAction(ACTION.replace(from, to)), error, to);
});
