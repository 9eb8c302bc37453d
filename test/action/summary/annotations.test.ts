import assert from 'node:assert/strict';
import { test } from 'node:test';
import { annotationsOf, MAX_ANNOTATIONS, needsCopy } from '../../../action/summary/annotations.ts';
import type { ImageReport, NotLazyLayers } from '../../../action/summary/model.ts';
import type { ImageSource } from '../../../action/summary/sources.ts';

const DIGEST = `sha256:${'ab'.repeat(32)}`;
const OTHER = `sha256:${'cd'.repeat(32)}`;
const ENV = {
  GITHUB_REPOSITORY_OWNER: 'My-Org',
  GITHUB_ACTION_REPOSITORY: 'somebody/lazypull',
  GITHUB_ACTION_REF: 'v1.2',
};

type Pulled = Pick<ImageReport, 'refs' | 'lazyLayers' | 'notLazy'>;

function ordinary(...refs: string[]): Pulled {
  return { refs, lazyLayers: 0, notLazy: [reason('not-estargz')] };
}

function reason(kind: NotLazyLayers['kind']): NotLazyLayers {
  return { kind, reason: 'because', layers: 1 };
}

function named(image: string, kind: ImageSource['kind'] = 'dockerfile', file = 'Dockerfile'): ImageSource {
  return { image, kind, file, line: 7 };
}

test('a line that names an ordinary image gets a notice with a step that makes a copy', () => {
  const [only, ...more] = annotationsOf([ordinary('docker.io/library/python:3.12')], [named('python:3.12')], ENV);
  assert.deepEqual(more, []);
  assert.deepEqual(only?.properties, { title: 'python:3.12 is not lazy', file: 'Dockerfile', startLine: 7 });
  assert.deepEqual(only.message.split('\n').slice(1), [
    "- { uses: somebody/lazypull/action/convert@v1.2, with: { images: 'python:3.12', to: 'ghcr.io/my-org/mirror' } }",
    'Then write here: ghcr.io/my-org/mirror/python:3.12',
  ]);
});

test('without the variables of a runner, and with odd ones, names of the documentation stand in', () => {
  for (const env of [
    {},
    { GITHUB_REPOSITORY_OWNER: "a' }", GITHUB_ACTION_REPOSITORY: 'x', GITHUB_ACTION_REF: 'a b' },
  ]) {
    const [only] = annotationsOf([ordinary('quay.io/org/a:1')], [named('quay.io/org/a:1')], env);
    assert.match(
      only?.message ?? '',
      /uses: OWNER\/lazypull\/action\/convert@v1, with: \{ images: 'quay\.io\/org\/a:1', to: 'ghcr\.io\/my-org\/mirror' \}/,
    );
    assert.match(only?.message ?? '', /write here: ghcr\.io\/my-org\/mirror\/org\/a:1$/);
  }
});

test('an image that is named by its digest alone gets a copy with a tag', () => {
  const [only] = annotationsOf([ordinary(`docker.io/library/a@${DIGEST}`)], [named(`a@${DIGEST}`)], ENV);
  const copy = 'ghcr.io/my-org/mirror/a:abababababab';
  assert.ok(only?.message.includes(`images: 'a@${DIGEST} -> ${copy}'`), only?.message);
  assert.ok(only?.message.endsWith(copy));
});

for (const [pulled, written, isFound] of [
  ['docker.io/library/python:3', 'python:3', true],
  ['docker.io/library/python:3', 'index.docker.io/python:3', true],
  ['docker.io/library/python:latest', 'python', true],
  [`docker.io/library/python:3@${DIGEST}`, 'python:3', true],
  ['docker.io/library/python:3', `python:3@${DIGEST}`, true],
  [`docker.io/library/python@${DIGEST}`, `python:3@${DIGEST}`, true],
  ['docker.io/library/python:3', 'python:3.1', false],
  [`docker.io/library/python:3@${OTHER}`, `python:3@${DIGEST}`, false],
  [`docker.io/library/python@${DIGEST}`, 'python', false],
  ['quay.io/library/python:3', 'python:3', false],
  ['docker.io/library/python:3', 'not a reference', false],
  ['not a reference', 'python:3', false],
] as const) {
  test(`${pulled.slice(0, 40)} is ${isFound ? '' : 'not '}what ${written.slice(0, 40)} names`, () => {
    assert.equal(annotationsOf([ordinary(pulled)], [named(written)], ENV).length, isFound ? 1 : 0);
  });
}

test('one notice for each image, at a Dockerfile rather than at a compose file or a workflow', () => {
  const sources = [
    named('a', 'workflow', 'w.yml'),
    named('a', 'compose', 'c.yml'),
    named('a'),
    named('b', 'compose', 'c.yml'),
  ];
  const files = annotationsOf([ordinary('a:latest'), ordinary('b:latest')], sources, ENV).map(
    ({ properties }) => properties.file,
  );
  assert.deepEqual(files, ['Dockerfile', 'c.yml']);
});

test('there are no more notices than GitHub shows', () => {
  const names = Array.from({ length: MAX_ANNOTATIONS + 1 }, (_, index) => `a${index}:1`);
  const sources = names.map((name) => named(name));
  assert.equal(
    annotationsOf(
      names.map((name) => ordinary(name)),
      sources,
      ENV,
    ).length,
    MAX_ANNOTATIONS,
  );
});

test('only what wants a copy is told of', () => {
  assert.equal(needsCopy(ordinary('a')), true);
  assert.equal(needsCopy({ lazyLayers: 0, notLazy: [reason('registry'), reason('unverifiable')] }), true);
  assert.equal(needsCopy({ lazyLayers: 1, notLazy: [reason('not-estargz')] }), false);
  assert.equal(needsCopy({ lazyLayers: 0, notLazy: [reason('registry')] }), false);
  assert.equal(needsCopy({ lazyLayers: 0, notLazy: [] }), false);
  assert.deepEqual(annotationsOf([{ ...ordinary('a:1'), lazyLayers: 2 }], [named('a:1')], ENV), []);
});

test('a copy whose name would be too long is not proposed, and the others are', () => {
  const long = `quay.io/${'x'.repeat(240)}:1`;
  const found = annotationsOf([ordinary(long), ordinary('a:1')], [named(long), named('a:1')], ENV);
  assert.deepEqual(
    found.map(({ properties }) => properties.title),
    ['a:1 is not lazy'],
  );
});
