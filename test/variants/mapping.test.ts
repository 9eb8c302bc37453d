import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { UserError } from '../../src/errors.ts';
import { parseMapping, readMapping } from '../../src/variants/mapping.ts';

const PATTERNS = [
  { from: { name: 'docker.io/library/node', tag: '22' }, to: { name: 'ghcr.io/o/node', tag: undefined } },
  { from: { name: 'docker.io/library/*', tag: undefined }, to: { name: 'ghcr.io/o/*', tag: undefined } },
];

suite('the mapping file', () => {
  test('TOML and JSON say the same, in their order', () => {
    const toml = 'suffix = "-esgz"\n[variants]\n"node:22" = "ghcr.io/o/node"\n"docker.io/library/*" = "ghcr.io/o/*"\n';
    const json = JSON.stringify({
      suffix: '-esgz',
      variants: { 'node:22': 'ghcr.io/o/node', 'docker.io/library/*': 'ghcr.io/o/*' },
    });
    for (const text of [toml, json]) {
      assert.deepEqual(parseMapping(text, 'm'), { patterns: PATTERNS, suffix: '-esgz' });
    }
  });

  test('an empty file has no rules, and an empty suffix is none', () => {
    for (const text of ['', '{}', 'suffix = ""']) {
      assert.deepEqual(parseMapping(text, 'm'), { patterns: [], suffix: undefined });
    }
  });

  for (const [title, text, message] of [
    ['no TOML', 'suffix = "-x"\n[variants\n', /^m:2:\d+: not TOML: /],
    ['a name that is none', '[variants]\n"node" = "r.test/n"\n"No" = "r.test/x"\n', /^m:3: not an image reference/],
    ['a target that is none', '[variants]\n"node" = "R/x y"\n', /^m:2: not an image reference/],
    ['a target that is no text', '[variants]\n\n"node" = 1\n', /^m:3: the variant of node is no text/],
    ['stars from nowhere', '[variants]\n"node" = "r.test/*"\n', /^m:2: .* has more \* than/],
    ['a wrong suffix', '# c\nsuffix = "/"\n', /^m:2: not the end of a tag/],
    ['a suffix that is no text', 'suffix = 1', /^m:1: suffix is no text/],
    ['an unknown key', 'sufix = "-x"\n', /^m:1: unknown key sufix/],
    ['a table that is none', 'variants = 1\n', /^m:1: variants is no table/],
    ['no JSON', '{ "suffix" }', /^m: not JSON: /],
    ['a wrong name in JSON', '{"variants": {"No": "r.test/x"}}', /^m: not an image reference/],
  ] as const) {
    test(`${title} is refused, with the line and an example`, () => {
      assert.throws(
        () => parseMapping(text, 'm'),
        (error) => {
          assert.ok(error instanceof UserError);
          assert.match(error.message, message);
          assert.match(error.fix ?? '', /"docker\.io\/library\/\*" = /);
          return true;
        },
      );
    });
  }

  test('a file that is not there is named', () => {
    assert.throws(() => readMapping('/nowhere/m.toml'), /can't read the mapping \/nowhere\/m\.toml: ENOENT/);
  });
});
