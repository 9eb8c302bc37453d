import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parsePullSecret, type PullSecret } from '../../../src/credentials/kubernetes/pull-secret.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const JSON_TYPE = 'kubernetes.io/dockerconfigjson';

function parse(type: string, data: Record<string, string>): PullSecret {
  const encoded = Object.fromEntries(Object.entries(data).map(([key, text]) => [key, base64(text)]));
  return parsePullSecret({ type, metadata: { namespace: 'a', name: 'b', resourceVersion: '1' }, data: encoded });
}

function parseAuths(auths: unknown): PullSecret {
  return parse(JSON_TYPE, { '.dockerconfigjson': JSON.stringify({ auths }) });
}

const ann = { kind: 'password', username: 'ann', password: 'secret' };

describe('an image pull secret', () => {
  test('of the newer type has auths', () => {
    const entry = { auth: base64('ann:secret'), username: 'other', email: 'x' };
    assert.deepEqual(parseAuths({ 'https://r.io/v1/': entry, '*.r.io:5000/team': { identitytoken: 't' } }), {
      entries: [
        { key: { host: 'r.io', path: [] }, credential: ann },
        { key: { host: '*.r.io:5000', path: ['team'] }, credential: { kind: 'identity-token', identityToken: 't' } },
      ],
      problems: [],
    });
  });

  test('of the older type is the auths themselves', () => {
    const { entries } = parse('kubernetes.io/dockercfg', {
      '.dockercfg': JSON.stringify({ 'r.io': { username: 'ann', password: 'secret' } }),
    });
    assert.deepEqual(entries, [{ key: { host: 'r.io', path: [] }, credential: ann }]);
  });

  test('never names a program that we run', () => {
    const config = { credsStore: 'evil', credHelpers: { 'r.io': 'evil' } };
    const parsed = parse(JSON_TYPE, { '.dockerconfigjson': JSON.stringify(config) });
    assert.deepEqual(parsed, { entries: [], problems: [] });
  });

  test('may have entries without credentials', () => {
    assert.deepEqual(parseAuths({ 'r.io': {}, 's.io': null }), { entries: [], problems: [] });
  });

  const problems: [title: string, secret: PullSecret, message: RegExp][] = [
    ['of another type', parse('Opaque', { '.dockerconfigjson': '{}' }), /another type/],
    ['named like a property of objects', parse('constructor', {}), /another type/],
    ['without its data', parse(JSON_TYPE, { '.dockercfg': '{}' }), /it has no \.dockerconfigjson/],
    ['that is not JSON', parse(JSON_TYPE, { '.dockerconfigjson': 'hush' }), /is not JSON/],
    ['that is a list', parse(JSON_TYPE, { '.dockerconfigjson': '[]' }), /no JSON object/],
    ['with a key that is no registry', parseAuths({ ' ': { auth: base64('a:hush') } }), /" " names no registry/],
    ['with an auth that is none', parseAuths({ 'r.io': { auth: base64('hush') } }), /the auth of r\.io/],
  ];
  for (const [title, secret, message] of problems) {
    test(`${title} has a problem, and no credential`, () => {
      assert.equal(secret.entries.length, 0);
      assert.equal(secret.problems.length, 1);
      assert.match(secret.problems[0] ?? '', message);
      assert.ok(!secret.problems[0]?.includes('hush') && !secret.problems[0]?.includes(base64('hush')));
    });
  }

  test('with one bad entry has the others', () => {
    const { entries, problems } = parseAuths({ 'r.io': { auth: '=' }, 's.io': { auth: base64('ann:secret') } });
    assert.deepEqual(entries, [{ key: { host: 's.io', path: [] }, credential: ann }]);
    assert.equal(problems.length, 1);
  });
});
