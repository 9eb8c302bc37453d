import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as fc from 'fast-check';
import { imagesOf } from '../../src/dockerfile/images.ts';
import type { DockerfileImages, ImagesOptions } from '../../src/dockerfile/model.ts';
import { formatPlatform, parsePlatform } from '../../src/oci/platform.ts';
import { parseReference } from '../../src/oci/reference.ts';

const platform = parsePlatform('linux/arm64');
const buildPlatform = parsePlatform('linux/amd64');

function look(text: string, options: Partial<ImagesOptions> = {}): DockerfileImages {
  return imagesOf(text, { platform, buildPlatform, ...options });
}

/** `LINE KIND REFERENCE PLATFORM`; the platform only where it is not the target's. */
function uses(text: string, options: Partial<ImagesOptions> = {}): string[] {
  return look(text, options).uses.map(({ line, kind, reference, platform: own, onBuild }) => {
    const other = formatPlatform(own) === 'linux/arm64' ? '' : ` ${formatPlatform(own)}`;
    return `${line} ${onBuild ? 'onbuild ' : ''}${kind} ${reference}${other}`;
  });
}

suite('images of a Dockerfile', () => {
  for (const [title, text, expected] of [
    ['FROM names one', 'FROM node:22\n', ['1 from node:22']],
    ['stages and scratch are none', 'FROM a AS b\nFROM b\nFROM scratch\nCOPY --from=b / /\n', ['1 from a']],
    ['COPY names one, unless it is a stage', 'FROM a\nCOPY --from=b:1 / /\n', ['1 from a', '2 copy b:1']],
    ['COPY may name a stage by its number', 'FROM a\nFROM c\nCOPY --from=0 / /\n', ['1 from a', '2 from c']],
    ['names of stages are in any case for COPY', 'FROM a AS B\nFROM c\nCOPY --from=b / /\n', ['1 from a', '2 from c']],
    [
      'mounts name some',
      'FROM a\nRUN --mount=type=bind,from=b,target=/x --mount=from=c y\n',
      ['1 from a', '2 mount b', '2 mount c'],
    ],
    ['a mount without a name has none', 'FROM a\nRUN --mount=type=cache,target=/x y\n', ['1 from a']],
    ['fields of a mount may be quoted', 'FROM a\nRUN --mount=\'"from=b",target=/x\' y\n', ['1 from a', '2 mount b']],
    ['ONBUILD is marked', 'FROM a\nONBUILD COPY --from=b / /\n', ['1 from a', '2 onbuild copy b']],
    ['stages that nobody needs have none', 'FROM a AS x\nFROM b\n', ['2 from b']],
    ['text of here-documents names none', 'FROM a\nRUN <<E\nFROM b\nE\n', ['1 from a']],
    ['a stage of the same name hides the former', 'FROM a AS x\nFROM b AS x\nFROM x\n', ['2 from b']],
    ['a stage may have the name of its base', 'FROM node AS node\nFROM node\n', ['1 from node']],
    ['a flag that is no platform is passed over', 'FROM --x=y a\n', ['1 from a']],
    [
      'ARG after FROM is of another scope',
      'ARG V=1\nFROM a:$V AS x\nARG V=2\nFROM b:$V\nCOPY --from=x / /\n',
      ['2 from a:1', '4 from b:1'],
    ],
  ] as const) {
    test(title, () => assert.deepEqual(uses(text), expected));
  }

  test('variables have defaults, of which later ones may use earlier ones, and build arguments win', () => {
    const text = 'ARG V=22 O="slim"\nARG T=${V}-${O}\nFROM node:${T}\n';
    assert.deepEqual(uses(text), ['3 from node:22-slim']);
    assert.deepEqual(uses(text, { buildArgs: { V: '24' } }), ['3 from node:24-slim']);
    assert.deepEqual(uses(text, { buildArgs: { T: 'x' } }), ['3 from node:x']);
    assert.deepEqual(uses('FROM node:$T\n', { buildArgs: { T: 'x' } }), []);
  });

  test('platform variables need no ARG, and are replaced by build arguments', () => {
    const text = 'FROM --platform=$BUILDPLATFORM a AS b\nFROM x-$TARGETARCH\nCOPY --from=b / /\n';
    assert.deepEqual(uses(text), ['1 from a linux/amd64', '2 from x-arm64']);
    assert.deepEqual(uses(text, { buildArgs: { TARGETARCH: 'other' } }), ['1 from a linux/amd64', '2 from x-other']);
    assert.deepEqual(uses('FROM a-$TARGETSTAGE as end\n'), ['1 from a-end']);
  });

  test('images of COPY are for the platform that is built, also in a stage for another one', () => {
    assert.deepEqual(uses('FROM --platform=linux/amd64 a\nCOPY --from=b / /\n'), ['1 from a linux/amd64', '2 copy b']);
  });

  test('a target has what it needs, by name or number; without one every stage may count', () => {
    const text = 'FROM a AS one\nFROM b AS two\nCOPY --from=three-image / /\nFROM c\n';
    assert.deepEqual(uses(text), ['4 from c']);
    assert.deepEqual(uses(text, { target: 'ONE' }), ['1 from a']);
    assert.deepEqual(uses(text, { target: '1' }), ['2 from b', '3 copy three-image']);
    assert.deepEqual(uses(text, { everyStage: true }).length, 4);
    const wrong = look(text, { target: 'nowhere' });
    assert.deepEqual([wrong.uses, wrong.unresolved], [[], [{ line: 1, what: 'there is no stage "nowhere"' }]]);
  });

  test('named contexts win over images and stages', () => {
    const text = 'FROM node:22 AS build\nCOPY --from=tools / /\nFROM a\nCOPY --from=build / /\n';
    const all = ['1 from node:22', '2 copy tools', '3 from a'];
    assert.deepEqual(uses(text), all);
    assert.deepEqual(uses(text, { namedContexts: ['docker.io/library/node:22'] }), all.slice(1));
    assert.deepEqual(uses(text, { namedContexts: ['tools:latest', 'docker.io/library/a'] }), ['1 from node:22']);
    assert.deepEqual(uses(text, { namedContexts: ['build'] }), ['3 from a']);
    assert.deepEqual(uses(text, { namedContexts: ['node:23'] }), all);
    assert.deepEqual(uses(text, { namedContexts: ['a::linux/arm64'] }), all.slice(0, 2));
    assert.deepEqual(uses(text, { namedContexts: ['a::linux/amd64'] }), all);
  });

  for (const [title, text, line] of [
    ['a variable without a value', 'FROM $NOWHERE\n', 1],
    ['a substitution that is none', 'FROM a:${V:=1}\n', 1],
    ['a platform that is none', 'FROM --platform=a/b/c/d x\n', 1],
    ['a name that is none', 'FROM Node\n', 1],
    ['words that are not AS', 'FROM a IS b\n', 1],
    ['a variable in --from', 'FROM a\nCOPY --from=$X / /\n', 2],
    ['a variable in a mount', 'FROM a\nRUN --mount=from=$X,target=/x y\n', 2],
    ['a stage that is not there', 'FROM a\nCOPY --from=7 / /\n', 2],
    ['a here-document without an end', 'FROM a\nRUN <<E\n', 2],
    ['a default that is no text', 'ARG V="x\nFROM a\n', 1],
  ] as const) {
    test(`${title} is told, with its line`, () => {
      const { unresolved } = look(text);
      assert.deepEqual(
        unresolved.map((found) => found.line),
        [line],
      );
      assert.notEqual(unresolved[0]?.what, '');
    });
  }

  test('stages come with their bases, names and whether they are needed', () => {
    assert.deepEqual(look('ARG V=1\nFROM a:$V AS One\nFROM b\n').stages, [
      { name: 'one', base: 'a:1', line: 2, needed: false },
      { name: undefined, base: 'b', line: 3, needed: true },
    ]);
  });

  test('whatever a file says, nothing is thrown, every image can be looked up, and every line is there', () => {
    const words = ['FROM', 'ARG', 'COPY', 'RUN', 'ONBUILD', '--from=', '--mount=', '--platform=', 'a', 'A=', 'AS', 'b'];
    const signs = [
      ' ',
      '\n',
      '\\',
      '`',
      '"',
      "'",
      '$',
      '{',
      '}',
      '<<',
      '-',
      '#',
      'escape=',
      '%',
      '/',
      ':',
      ',',
      '\t',
      '[',
      '=',
    ];
    const text = fc.array(fc.oneof(fc.constantFrom(...words, ...signs, ...signs), fc.string({ maxLength: 3 })), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(text, fc.boolean(), (parts, everyStage) => {
        const file = parts.join('');
        const lines = file.split('\n').length;
        const { uses: found, unresolved, stages } = look(file, { everyStage });
        for (const { reference } of found) parseReference(reference);
        for (const { line } of [...found, ...unresolved, ...stages]) assert.ok(line >= 1 && line <= lines);
      }),
      { numRuns: 3000 },
    );
  });

  test('what is no Dockerfile has nothing', () => {
    for (const text of ['', '\n# only a comment\n', 'RUN x\n']) {
      assert.deepEqual(look(text), { stages: [], uses: [], unresolved: [], syntax: undefined });
    }
  });
});
