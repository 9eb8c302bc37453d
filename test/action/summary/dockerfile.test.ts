import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dockerfileImages } from '../../../action/summary/dockerfile.ts';

/** `IMAGE@LINE` of each. */
function found(text: string): string[] {
  return dockerfileImages(text).map(({ image, line }) => `${image} ${line}`);
}

const DIGEST = `sha256:${'a'.repeat(64)}`;

for (const [what, text, expected] of [
  ['a name', 'FROM python:3.12', ['python:3.12 1']],
  ['a name in small letters, with blanks around', '\n\n  from   python:3.12  \n', ['python:3.12 3']],
  ['a name with a digest', `FROM python@${DIGEST} AS base`, [`python@${DIGEST} 1`]],
  ['lines of Windows', 'FROM a\r\nRUN x\r\nFROM b\r\n', ['a 1', 'b 3']],
  ['flags', 'FROM --platform=$BUILDPLATFORM python:3', ['python:3 1']],
  ['scratch', 'FROM scratch', []],
  ['a stage, whatever its letters', 'FROM a AS Build\nFROM build\nFROM b', ['a 1', 'b 3']],
  ['a stage that comes later', 'FROM b\nFROM a AS b', ['b 1', 'a 2']],
  ['a continued line', 'FROM \\\n  --platform=x \\\n# why\n\n  python:3\nFROM b', ['python:3 1', 'b 6']],
  ['a continued line of another instruction', 'FROM a\nRUN psql -c "select 1 \\\nFROM users"', ['a 1']],
  ['another sign for continuing', '# escape=`\nFROM `\n a\nRUN c:\\\nFROM b', ['a 2', 'b 5']],
  ['a continued line at the end', 'FROM a \\', ['a 1']],
  ['a comment', '# FROM a\nFROM b', ['b 2']],
  ['a here-document', 'FROM a\nRUN <<EOF\nFROM b\nEOF\nFROM c', ['a 1', 'c 5']],
  ['a here-document with tabs and quotes', "FROM a\nCOPY <<-'X' /x\nFROM b\n\tX\nFROM c", ['a 1', 'c 5']],
  ['two here-documents', 'FROM a\nCOPY <<A <<B /x/\nFROM b\nA\nFROM c\nB\nFROM d', ['a 1', 'd 7']],
  ['what only looks like a here-document', 'FROM a\nRUN x <<< y\nFROM b', ['a 1', 'b 3']],
  [
    'images that are copied from or mounted',
    'FROM a\nCOPY --from=b /x /\nRUN --mount=from=c,target=/c x',
    ['a 1', 'b 2', 'c 3'],
  ],
  ['stages that are copied from', 'FROM a AS b\nFROM c\nCOPY --from=b /x /\nCOPY --from=0 /x /', ['a 1', 'c 2']],
  ['an ARG with a default', 'ARG V=3.12\nFROM python:${V}-slim\nFROM node:$V', ['python:3.12-slim 2', 'node:3.12 3']],
  ['an ARG in quotes, made of another', 'ARG A="x" B=${A}y\nFROM r.test/$B', ['r.test/xy 2']],
  ['an ARG without a default', 'ARG V\nFROM python:$V\nFROM b', ['b 3']],
  ['an ARG that nobody has', 'FROM python:$V', []],
  ['an ARG of a stage', 'FROM a\nARG V=1\nFROM b:$V', ['a 1']],
  ['a default in FROM', 'ARG V\nFROM python:${V:-3.11}\nFROM b:${V-2}', ['python:3.11 2', 'b:2 3']],
  ['a default that is not needed', 'ARG V=1\nFROM a:${V:-2}', ['a:1 2']],
  ['an empty ARG', 'ARG V=\nFROM a:${V:-2}\nFROM b:x${V-2}', ['a:2 2', 'b:x 3']],
  ['another value', 'ARG V=1\nFROM a${V:+-slim}\nFROM b${W:+-slim}', ['a-slim 2', 'b 3']],
  ['a whole name', 'ARG BASE=python:3\nFROM ${BASE} AS x', ['python:3 2']],
  ['FROM without a name', 'FROM\nFROM --platform=x\n', []],
  ['nothing', '', []],
] as const) {
  test(`images of a Dockerfile: ${what}`, () => {
    assert.deepEqual(found(text), expected);
  });
}

test('a Dockerfile of many here-documents and continued lines is read in no time to speak of', () => {
  const text = `FROM a\n${'RUN x <<E \\\n'.repeat(20_000)}\nFROM ${'${'.repeat(20_000)}`;
  assert.deepEqual(found(text), ['a 1']);
});
