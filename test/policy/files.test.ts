import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { after, before, beforeEach, suite, test } from 'node:test';
import { formatPlatform } from '../../src/oci/platform.ts';
import { bakeBuilds } from '../../src/policy/bake.ts';
import { interpolate } from '../../src/policy/compose.ts';
import { buildsOf } from '../../src/policy/files.ts';
import type { Builds } from '../../src/policy/model.ts';

let root: string;
let dir: string;
let count = 0;

function write(name: string, text: string): string {
  const path = join(dir, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

/** What each build is, without its Dockerfile's place. */
function facts({ builds }: Builds): unknown[] {
  return builds.map(({ dockerfile, buildArgs, platforms, target, namedContexts }) => {
    return [dockerfile, buildArgs, platforms.map(formatPlatform), target, namedContexts];
  });
}

suite('files that builds are in', () => {
  before(() => {
    root = mkdtempSync(join(tmpdir(), 'lazypull-policy-'));
  });
  beforeEach(() => {
    dir = join(root, `${++count}`);
    mkdirSync(dir);
  });
  after(() => rmSync(root, { recursive: true, force: true }));

  test('a Dockerfile is one build, of which nothing more is known', () => {
    const path = write('Dockerfile.dev', 'FROM a\n');
    assert.deepEqual(facts(buildsOf([path], {})), [['FROM a\n', {}, [], undefined, []]]);
  });

  test('a folder has what builds look for in it, and an empty one is told', () => {
    write('Dockerfile', 'FROM a\n');
    write('compose.yml', 'services:\n  s: {build: sub}\n  t: {image: x}\n');
    write('sub/Dockerfile', 'FROM b\n');
    write('docker-bake.hcl', 'target "x" {}');
    const found = buildsOf([dir], {});
    assert.deepEqual(
      found.builds.map(({ dockerfile }) => dockerfile),
      ['FROM a\n', 'FROM b\n'],
    );
    assert.match(found.remarks[0]?.what ?? '', /HCL is read by bake alone: docker buildx bake --print/);
    mkdirSync(join(dir, 'empty'));
    assert.throws(() => buildsOf([join(dir, 'empty')], {}), /nothing to build in/);
  });

  test('a compose file has contexts, arguments, platforms and targets', () => {
    write('app/D', 'FROM a:$V\n');
    write('.env', 'V=from-file\nW=from-file\n');
    const path = write(
      'compose.yaml',
      [
        'x-args: &args {V: "${V}", N: 1}',
        'services:',
        '  one:',
        '    build:',
        '      context: ./${DIR:-app}',
        '      dockerfile: D',
        '      args: {<<: *args, E: }',
        '      target: end',
        '      platforms: [linux/arm64]',
        '      additional_contexts: {base: docker-image://b}',
        '  two:',
        '    platform: linux/amd64',
        '    build:',
        '      dockerfile_inline: "FROM $$X-${W}"',
        '      args: [A=1=2, E, MISSING]',
        '      additional_contexts: [base=docker-image://b]',
      ].join('\n'),
    );
    assert.deepEqual(facts(buildsOf([path], { W: 'from-environment', E: 'e' })), [
      ['FROM a:$V\n', { V: 'from-file', N: '1', E: 'e' }, ['linux/arm64'], 'end', ['base']],
      ['FROM $X-from-environment', { A: '1=2', E: 'e' }, ['linux/amd64'], undefined, ['base']],
    ]);
  });

  test('what a compose file may build elsewhere is told', () => {
    const path = write(
      'compose.yaml',
      'include: [x.yml]\nservices:\n  far: {build: "https://example.test/x.git"}\n  none: {build: nowhere}\n  more: {extends: {file: x, service: y}}\n',
    );
    const { builds, remarks } = buildsOf([path], {});
    assert.deepEqual(builds, []);
    const told = remarks.map(({ what }) => what).join('\n');
    assert.match(told, /^it includes others: use docker compose config/);
    assert.match(told, /service far: its context is not on this machine: https:/);
    assert.match(told, /service none: can't read \S+nowhere\/Dockerfile: ENOENT/);
    assert.match(told, /service more: it extends another/);
  });

  test('variables of compose have defaults and alternatives', () => {
    const variables = { A: 'a', EMPTY: '' };
    for (const [text, expected] of [
      ['$A-${A}', 'a-a'],
      ['${B:-d}${EMPTY:-d}${EMPTY-d}', 'dd'],
      ['${A:+x}${B+x}', 'x'],
      ['${B:-${A}}', 'a'],
      ['$$A $', '$A $'],
      ['[$B]', '[]'],
    ] as const) {
      assert.equal(interpolate(text, variables), expected);
    }
  });

  test('a bake file that is evaluated has all that a build needs', () => {
    write('app/D', 'FROM a\n');
    const document = {
      group: { default: { targets: ['one'] } },
      target: {
        one: {
          context: join(dir, 'app'),
          dockerfile: 'D',
          args: { V: '1' },
          platforms: ['linux/arm64', 'linux/amd64'],
          target: 'end',
          contexts: { base: 'target:two' },
        },
        two: { 'dockerfile-inline': 'FROM b:${X}' },
        three: { context: 'target:two' },
      },
    };
    const found = buildsOf([write('bake.json', JSON.stringify(document))], {});
    assert.deepEqual(facts(found), [
      ['FROM a\n', { V: '1' }, ['linux/arm64', 'linux/amd64'], 'end', ['base']],
      ['FROM b:${X}', {}, [], undefined, []],
    ]);
    assert.equal(found.builds[0]?.file, relative('', join(dir, 'app', 'D')));
    assert.match(found.builds[1]?.file ?? '', /bake\.json \(two\)$/);
    assert.match(found.remarks[0]?.what ?? '', /target three: its context is not on this machine/);
  });

  test('what bake has escaped for itself is as it was', () => {
    const target = { 'dockerfile-inline': 'ARG V=$$V\nFROM a:$${V}%%{x}\n', args: { V: '$${W}', N: 1 } };
    const { builds, remarks } = bakeBuilds({ target: { x: target } }, 'b.json', dir);
    assert.deepEqual(remarks, []);
    assert.equal(builds[0]?.dockerfile, 'ARG V=$$V\nFROM a:${V}%{x}\n');
    assert.deepEqual(builds[0]?.buildArgs, { V: '${W}', N: '1' });
  });

  test('what only bake can evaluate is told', () => {
    for (const target of [{ inherits: ['x'] }, { matrix: { a: ['b'] } }, { args: { V: '${TAG}' } }]) {
      const { builds, remarks } = bakeBuilds({ target: { x: target } }, 'b.json', dir);
      assert.deepEqual(builds, []);
      assert.match(remarks[0]?.what ?? '', /^target x has .*docker buildx bake --print/);
    }
    assert.throws(
      () => buildsOf(['x.hcl'], {}),
      /HCL is read by bake alone\n {2}Let bake evaluate it: docker buildx bake --print/,
    );
  });

  test('files that can not be read are named, with the reason', () => {
    assert.throws(() => buildsOf([join(dir, 'nowhere')], {}), /can't read \S+nowhere: ENOENT/);
    assert.throws(() => buildsOf([write('x.json', '{ "target"')], {}), /x\.json: not JSON/);
    assert.throws(() => buildsOf([write('x.yml', 'a: [')], {}), /x\.yml: not YAML/);
  });
});
