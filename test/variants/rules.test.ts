import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { FormatError } from '../../src/errors.ts';
import { formatReference, parseReference } from '../../src/oci/reference.ts';
import { candidateOf, parseRule, parseSuffix } from '../../src/variants/rules.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;

function candidate(image: string, rules: readonly (readonly [string, string])[], suffix?: string): string | undefined {
  const patterns = rules.map(([from, to]) => parseRule(from, to));
  const found = candidateOf({ patterns, suffix }, parseReference(image));
  return found && formatReference(found);
}

suite('rules for variants', () => {
  for (const [image, from, to, expected] of [
    ['node:22', 'docker.io/library/node:22', 'ghcr.io/o/node:lazy', 'ghcr.io/o/node:lazy'],
    ['node:22', 'node', 'ghcr.io/o/n', 'ghcr.io/o/n:22'],
    ['node', 'node:latest', 'ghcr.io/o/n', 'ghcr.io/o/n:latest'],
    ['node:22', 'docker.io/library/*', 'ghcr.io/o/mirror/*', 'ghcr.io/o/mirror/node:22'],
    ['a/b:1', 'docker.io/*', 'ghcr.io/o/*', 'ghcr.io/o/a/b:1'],
    ['a/b:1', '*/*', 'r.test/*-*', 'r.test/a-b:1'],
    ['node:22-slim', 'node:*-slim', 'r.test/node:*', 'r.test/node:22'],
    ['node:22', 'docker.io/library/*:*', 'r.test/*:*-lazy', 'r.test/node:22-lazy'],
    [`node:22@${DIGEST}`, 'node:22', 'r.test/node', 'r.test/node:22'],
    [`node@${DIGEST}`, 'node', 'r.test/node:22', 'r.test/node:22'],
  ] as const) {
    test(`${image} by ${from} = ${to} is ${expected}`, () => assert.equal(candidate(image, [[from, to]]), expected));
  }

  for (const [title, image, from, to] of [
    ['another name', 'node', 'python', 'r.test/python'],
    ['another tag', 'node:22', 'node:24', 'r.test/node'],
    ['another registry', 'ghcr.io/library/node', 'docker.io/library/*', 'r.test/*'],
    ['a longer name', 'node-red', 'node', 'r.test/node'],
    ['a sign that is special in patterns of others', 'axb', 'a.b', 'r.test/x'],
    ['a name without a tag to go by', `node@${DIGEST}`, 'node', 'r.test/node'],
    ['a tag pattern for a name without one', `node@${DIGEST}`, 'node:*', 'r.test/node:*'],
    ['itself', 'node:22', 'node', 'docker.io/library/node'],
  ] as const) {
    test(`${title} has none`, () => assert.equal(candidate(image, [[from, to]]), undefined));
  }

  test('the first that matches wins, and the suffix is for what none matches', () => {
    const rules = [
      ['node:22', 'r.test/a'],
      ['docker.io/library/*', 'r.test/b/*'],
    ] as const;
    assert.equal(candidate('node:22', rules, '-esgz'), 'r.test/a:22');
    assert.equal(candidate('node:24', rules, '-esgz'), 'r.test/b/node:24');
    assert.equal(candidate('ghcr.io/o/x', rules, '-esgz'), 'ghcr.io/o/x:latest-esgz');
    assert.equal(candidate(`ghcr.io/o/x:1@${DIGEST}`, rules, '-esgz'), 'ghcr.io/o/x:1-esgz');
    assert.equal(candidate(`ghcr.io/o/x@${DIGEST}`, rules, '-esgz'), undefined);
    assert.equal(candidate('ghcr.io/o/x', rules), undefined);
  });

  test('rules and suffixes that can not be are refused', () => {
    assert.throws(() => parseRule('node', 'r.test/*'), /has more \* than/);
    assert.throws(() => parseRule('Node', 'r.test/node'), FormatError);
    assert.throws(() => parseRule('node', `r.test/node@${DIGEST}`), /a pattern has no digest/);
    assert.throws(
      () => parseRule('No*de', 'r.test/*'),
      (error: Error) => error.message.includes('No*de'),
    );
    assert.equal(parseSuffix('-esgz'), '-esgz');
    for (const text of ['', '/x', 'a b', 'x'.repeat(61)]) assert.throws(() => parseSuffix(text), FormatError);
  });
});
