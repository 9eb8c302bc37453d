import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contentPrefix, entryKey, isEntryKey, keyPrefix, type KeyFacts } from '../../../action/cache/key.ts';

const ENV = {
  GITHUB_REPOSITORY: 'owner/repository',
  GITHUB_WORKFLOW: 'CI',
  GITHUB_WORKFLOW_REF: 'owner/repository/.github/workflows/ci.yml@refs/heads/main',
  GITHUB_JOB: 'test',
  GITHUB_RUN_ID: '42',
};
const prefix = (facts: Partial<KeyFacts> = {}): string =>
  keyPrefix({ platform: 'linux', arch: 'x64', cacheKey: '', matrix: 'null', env: ENV, ...facts });
const withEnv = (env: NodeJS.ProcessEnv): string => prefix({ env: { ...ENV, ...env } });

test('a prefix says what, for which machine and of which job it is', () => {
  assert.match(prefix(), /^lazypull-v1-linux-x64-test-[0-9a-f]{16}-$/);
  assert.match(prefix({ arch: 'arm64', cacheKey: 'shared' }), /^lazypull-v1-linux-arm64-shared-[0-9a-f]{16}-$/);
});

const OTHERS: readonly (readonly [what: string, env: NodeJS.ProcessEnv])[] = [
  ['repository', { GITHUB_REPOSITORY: 'owner/other' }],
  ['workflow', { GITHUB_WORKFLOW_REF: 'owner/repository/.github/workflows/other.yml@refs/heads/main' }],
  ['job', { GITHUB_JOB: 'lint' }],
];
for (const [what, env] of OTHERS) {
  test(`another ${what} is another cache, unless both give one cache-key`, () => {
    assert.notEqual(withEnv(env), prefix());
    assert.equal(prefix({ cacheKey: 'one', env: { ...ENV, ...env } }), prefix({ cacheKey: 'one' }));
  });
}

test('jobs of a matrix have a cache each, unless they give one cache-key', () => {
  const [one, other] = ['{"python":"3.13"}', '{"python":"3.14"}'] as const;
  assert.equal(new Set([prefix(), prefix({ matrix: one }), prefix({ matrix: other })]).size, 3);
  assert.equal(prefix({ matrix: one, cacheKey: 'k' }), prefix({ matrix: other, cacheKey: 'k' }));
});

test('a branch, a run and a job without a matrix find what the default branch saved', () => {
  const env = {
    GITHUB_WORKFLOW_REF: 'owner/repository/.github/workflows/ci.yml@refs/pull/7/merge',
    GITHUB_RUN_ID: '43',
  };
  assert.equal(withEnv(env), prefix());
  assert.equal(prefix({ matrix: '' }), prefix());
});

test('no prefix begins another one, whatever words are given', () => {
  const prefixes = ['a', 'a-b', 'a-b-c', 'a,b', 'a b', ''].map((cacheKey) => prefix({ cacheKey }));
  for (const one of prefixes) {
    assert.deepEqual(
      prefixes.filter((other) => other.startsWith(one)),
      [one],
    );
  }
});

test('a key is one that the service takes, whatever is given', () => {
  const env = { ...ENV, GITHUB_JOB: 'x'.repeat(600), GITHUB_RUN_ID: '7,8' };
  for (const cacheKey of ['', ',,,', '\n', 'k'.repeat(600), '\u{1f680}']) {
    const key = entryKey(prefix({ cacheKey, env }), '0123456789abcdef', env);
    assert.match(key, /^[\w.-]{1,512}$/);
  }
});

test('the same content of another run is another key', () => {
  const key = (run: string): string => entryKey('p-', 'c', { GITHUB_RUN_ID: run });
  assert.equal(key('1'), 'p-c-1');
  assert.notEqual(key('1'), key('2'));
});

test('a key is known by its prefix and its form, and its content by what it begins with', () => {
  const [mine, hash] = [prefix(), '0123456789abcdef'];
  for (const run of ['42', '', 'x,y']) {
    const key = entryKey(mine, hash, { GITHUB_RUN_ID: run });
    assert.equal(isEntryKey(mine, key), true, key);
    assert.ok(key.startsWith(contentPrefix(mine, hash)));
  }
  for (const other of [
    '',
    mine,
    `${mine}${hash}`,
    `${mine}${hash}-`,
    `${mine}${hash}-4\n::error::2`,
    `${mine}0123-42`,
    `x${mine}${hash}-42`,
    `${prefix({ cacheKey: 'other' })}${hash}-42`,
    `${mine}${hash}-${'4'.repeat(41)}`,
  ]) {
    assert.equal(isEntryKey(mine, other), false, other);
  }
});
