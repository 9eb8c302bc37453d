import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { parseCommand, type Recipe } from '../../../action/convert/inputs.ts';
import { planItems } from '../../../action/convert/items.ts';
import { argumentsFor, markOf, RECIPE_ANNOTATION } from '../../../action/convert/recipe.ts';
import { UserError } from '../../../src/errors.ts';

const PLAIN: Recipe = {
  format: 'estargz',
  platforms: [],
  optimize: false,
  command: undefined,
  period: '10s',
  profiles: [],
};
const folder = mkdtempSync(join(tmpdir(), 'lazypull-recipe-'));
after(() => rmSync(folder, { recursive: true }));
const recording = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

suite('the mark of a recipe', () => {
  test('is another one for everything that makes another image', async () => {
    const recipes: Recipe[] = [
      PLAIN,
      { ...PLAIN, format: 'zstd:chunked' },
      { ...PLAIN, platforms: ['linux/amd64'] },
      { ...PLAIN, optimize: true },
      { ...PLAIN, optimize: true, period: '20s' },
      { ...PLAIN, optimize: true, command: ['a', 'b'] },
      { ...PLAIN, optimize: true, command: ['a b'] },
      { ...PLAIN, profiles: [recording('a', 'one')] },
      { ...PLAIN, profiles: [recording('b', 'two')] },
    ];
    const marks = await Promise.all(recipes.map(markOf));
    assert.equal(new Set(marks).size, recipes.length);
  });

  test('is the same for what makes the same image', async () => {
    const one = { ...PLAIN, platforms: ['linux/arm64', 'linux/amd64'], profiles: [recording('c', 'one')] };
    const two = { ...one, platforms: one.platforms.toReversed(), profiles: [recording('d', 'one')], period: '1m' };
    assert.equal(await markOf(one), await markOf(two));
  });

  test('needs recordings that can be read', async () => {
    await assert.rejects(markOf({ ...PLAIN, profiles: [join(folder, 'none')] }), (error) => {
      assert.ok(error instanceof UserError);
      assert.match(error.message, /can't read .*none: ENOENT[^]*actions\/checkout/);
      return true;
    });
  });
});

suite('the command line', () => {
  const [item] = planItems(['alpine:3 -> r.test/a:1'], { to: '', suffix: '' });
  const images = ['docker.io/library/alpine:3', 'r.test/a:1'];
  const mark = `sha256:${'ab'.repeat(32)}` as const;
  const common = ['--json', '--format', 'estargz', '--annotation', `${RECIPE_ANNOTATION}=${mark}`];

  test('converts', () => {
    const recipe = { ...PLAIN, platforms: ['linux/amd64'], profiles: ['p', 'q'] };
    const flags = ['--platform', 'linux/amd64', '--profile', 'p', '--profile', 'q'];
    assert.deepEqual(argumentsFor(item!, recipe, mark), ['convert', ...common, ...flags, ...images]);
  });

  test('optimizes, with the workload after two dashes', () => {
    const recipe = { ...PLAIN, optimize: true, profiles: ['p'], command: ['sh', '-c', '--json'] };
    const flags = ['--period', '10s', '--record-in', 'p'];
    const wanted = ['optimize', ...common, ...flags, ...images, '--', 'sh', '-c', '--json'];
    assert.deepEqual(argumentsFor(item!, recipe, mark), wanted);
    const own = argumentsFor(item!, { ...recipe, command: undefined, profiles: [] }, mark);
    assert.deepEqual(own, ['optimize', ...common, '--period', '10s', ...images]);
  });
});

suite('a workload', () => {
  for (const [text, words] of [
    ['', undefined],
    ['python3 -c pass', ['python3', '-c', 'pass']],
    ['  a   b ', ['', 'a', 'b', '']],
    ['["sh","-c","a && b"]', ['sh', '-c', 'a && b']],
  ] as const) {
    // getInput takes blanks around a value away.
    test(JSON.stringify(text), () =>
      assert.deepEqual(
        parseCommand(text.trim()),
        words?.filter((word) => word !== ''),
      ),
    );
  }
  for (const text of ['sh -c "a b"', 'a && b', 'a $HOME', 'a > b', '["a"', '[]', '["a",1]', '[["a"]]']) {
    test(`${text} is refused`, () => assert.throws(() => parseCommand(text), UserError));
  }
});
