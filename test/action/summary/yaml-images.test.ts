import assert from 'node:assert/strict';
import { test } from 'node:test';
import { yamlImages } from '../../../action/summary/yaml-images.ts';

function found(text: string, kind: 'compose' | 'workflow' = 'compose'): string[] {
  return yamlImages(text, kind).map(({ image, line }) => `${image} ${line}`);
}

for (const [what, text, expected] of [
  ['a name', 'services:\n  db:\n    image: postgres:17\n', ['postgres:17 3']],
  ['names in quotes', 'image: "a:1"\nimage: \'b:1\'\n"image": c:1', ['a:1 1', 'b:1 2', 'c:1 3']],
  ['a comment behind, and one that is not', 'image: a:1 # image: b\n# image: c\nimage: d#e', ['a:1 1', 'd#e 3']],
  ['a hash in quotes', 'x: "# " \nimage: "a" # b', ['a 2']],
  ['flow style', 'db: { image: a:1, ports: [1] }\nx: {"image": "b", image: c}', ['a:1 1', 'b 2', 'c 2']],
  ['a list', '- image: a\n-   image: b', ['a 1', 'b 2']],
  ['other keys', 'myimage: a\nimage_name: b\nimages: c\nx-image: d', []],
  [
    'a key without a value, a list, an anchor, an alias, a tag',
    'image:\nimage: [a]\nimage: &x b\nimage: *x\nimage: !!str d',
    [],
  ],
  ['no blank behind the colon', 'image:a', []],
  ['text of a block', 'run: |\n  image: a\n\n  image: b\nimage: c', ['c 5']],
  ['text of a folded block with signs', 'x:\n  run: >2-  # why\n    image: a\n  image: c', ['c 4']],
  ['text of a block in a list', '- run: |\n    image: a\n  image: b\n- |\n  image: c\n- image: d', ['b 3', 'd 6']],
  ['a bar in a value', 'command: a | b\n  image: c', ['c 2']],
  ['a variable with a default', 'image: r.test/a:${TAG:-1}', ['r.test/a:1 1']],
  ['a variable with a default in flow style', '{ image: a:${TAG-2} }', ['a:2 1']],
  ['a variable that nobody knows', 'image: a:${TAG}\nimage: $B\nimage: a:${T:?needed}', []],
  ['dollars', 'image: a$$b', []],
  ['lines of Windows', 'image: a\r\nimage: b\r\n', ['a 1', 'b 2']],
] as const) {
  test(`images of a compose file: ${what}`, () => {
    assert.deepEqual(found(text), expected);
  });
}

test('a workflow names images of services and of the job, in both forms', () => {
  const text = [
    'jobs:',
    '  a:',
    '    container: node:22',
    '    services:',
    '      db: { image: postgres:17 }',
    '  b:',
    '    container:',
    '      image: python:3',
    '    steps:',
    '      - run: |',
    '          container: not-this',
    '      - container: ${{ matrix.image }}',
    '      - image: ${{ matrix.image }}:1',
  ].join('\n');
  assert.deepEqual(found(text, 'workflow'), ['node:22 3', 'postgres:17 5', 'python:3 8']);
});

test('a compose file has no containers', () => {
  assert.deepEqual(found('container: a\nimage: b'), ['b 2']);
});

test('a hostile line takes no time to speak of', () => {
  const text = `image: ${'{a'.repeat(50_000)}\nimage: "${'\\'.repeat(100_001)}\n${'- '.repeat(50_000)}|\nimage: b`;
  assert.ok(found(text).length <= 2);
});
