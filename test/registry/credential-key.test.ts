import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compareKeys, matchesKey, parseCredentialKey } from '../../src/registry/credential-key.ts';

/** Whether a key is for `host/repository`. */
function matches(text: string, image: string): boolean {
  const slash = image.indexOf('/');
  const key = parseCredentialKey(text);
  assert.ok(key !== undefined, text);
  return matchesKey(key, { registry: image.slice(0, slash), repository: image.slice(slash + 1) });
}

describe('the key of a credential', () => {
  const cases: [key: string, image: string, expected: boolean][] = [
    ['r.io', 'r.io/a/b', true],
    ['R.io', 'r.io/a/b', true],
    ['r.io', 'evil-r.io/a/b', false],
    ['r.io', 'r.io.evil/a/b', false],
    ['https://r.io/v1/', 'r.io/a', true],
    ['https://r.io/v2/', 'r.io/a', true],
    ['http://r.io', 'r.io/a', true],
    ['r.io/team', 'r.io/team', true],
    ['r.io/team', 'r.io/team/app', true],
    ['r.io/team/*', 'r.io/team/app', true],
    ['r.io/team', 'r.io/teamwork/app', false],
    ['r.io/team', 'r.io/other/team', false],
    ['r.io/team/app', 'r.io/team', false],
    ['r.io:5000', 'r.io:5000/a', true],
    ['r.io:5000', 'r.io/a', false],
    ['r.io', 'r.io:5000/a', false],
    ['*.r.io', 'a.r.io/x', true],
    ['*.r.io', 'a.b.r.io/x', false],
    ['*.r.io', 'r.io/x', false],
    ['*.r.io', 'a.r.io:5000/x', false],
    ['*.r.io:5000', 'a.r.io:5000/x', true],
    ['*.dkr.ecr.*.amazonaws.com', '1.dkr.ecr.eu-west-1.amazonaws.com/x', true],
    ['*.dkr.ecr.*.amazonaws.com', '1.dkr.ecr.eu.evil.com/x', false],
    ['pre*post.io', 'pre-and-post.io/x', true],
    ['pre*post.io', 'prepos.io/x', false],
    ['a*a.io', 'a.io/x', false],
    ['index.docker.io', 'docker.io/library/x', true],
    ['https://index.docker.io/v1/', 'docker.io/library/x', true],
    ['docker.io/me', 'docker.io/library/x', false],
    ['[::1]:5000', '[::1]:5000/a', true],
  ];
  for (const [key, image, expected] of cases) {
    test(`${key} is ${expected ? '' : 'not '}for ${image}`, () => assert.equal(matches(key, image), expected));
  }

  for (const text of ['', '/path', 'https://', 'a b', 'user@host', 'ho\nst']) {
    test(`${JSON.stringify(text)} names no host`, () => assert.equal(parseCredentialKey(text), undefined));
  }

  test('with the longer path goes first, then the one without stars', () => {
    const sorted = ['*.io', 'r.io', '*.io/a', 'r.io/a', 'r.io/a/b']
      .map((text) => ({ text, key: parseCredentialKey(text)! }))
      .toSorted((a, b) => compareKeys(a.key, b.key));
    assert.deepEqual(
      sorted.map(({ text }) => text),
      ['r.io/a/b', 'r.io/a', '*.io/a', 'r.io', '*.io'],
    );
  });
});
