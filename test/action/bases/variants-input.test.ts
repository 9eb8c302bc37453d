import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { parseVariants } from '../../../action/bases/variants-input.ts';

suite('the input variants', () => {
  for (const [text, kind] of [
    ['-esgz', 'suffix'],
    ['_lazy.1', 'suffix'],
    ['variants.toml', 'path'],
    ['.github/variants.toml', 'path'],
    ['-dir/variants.toml', 'path'],
    ['suffix = "-esgz"', 'text'],
    ['[variants]\n"a" = "b"', 'text'],
    ['{"suffix": "-esgz"}', 'text'],
  ] as const) {
    test(`${JSON.stringify(text)} is a ${kind}`, () => {
      const value = { suffix: { suffix: text }, path: { path: text }, text: { text } }[kind];
      assert.deepEqual(parseVariants(text), { kind, ...value });
    });
  }
});
