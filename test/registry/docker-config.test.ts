import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import { delimiter } from 'node:path';
import { describe, test } from 'node:test';
import type { Credential } from '../../src/registry/credentials.ts';
import { defaultDockerConfigPath, DockerConfigCredentials } from '../../src/registry/docker-config.ts';
import { temporaryFolder } from './clients.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const password = (username: string, secret: string): Credential => ({ kind: 'password', username, password: secret });

/** Looks up a registry in a config.json, with helper programs in the PATH. */
async function lookup(config: object, registry: string, helpers: Record<string, string> = {}): Promise<unknown> {
  using folder = temporaryFolder();
  for (const [name, script] of Object.entries(helpers)) {
    chmodSync(folder.write(`docker-credential-${name}`, `#!/bin/sh\n${script}\n`), 0o755);
  }
  const path = process.env['PATH'] ?? '';
  process.env['PATH'] = `${folder.path}${delimiter}${path}`;
  try {
    const source = new DockerConfigCredentials(folder.write('config.json', JSON.stringify(config)));
    return (await Array.fromAsync(source.lookup({ registry, repository: 'a/b' })))[0];
  } finally {
    process.env['PATH'] = path;
  }
}

describe("Docker's config.json", () => {
  const hub = 'https://index.docker.io/v1/';
  const cases: [title: string, config: object, registry: string, expected: Credential | undefined][] = [
    ['an auth in base64', { auths: { 'r.io': { auth: base64('u:p:w') } } }, 'r.io', password('u', 'p:w')],
    ['an auth with padding', { auths: { 'r.io': { auth: base64('u:p\0\0') } } }, 'r.io', password('u', 'p')],
    ['name and password', { auths: { 'r.io': { username: 'u', password: 'p' } } }, 'r.io', password('u', 'p')],
    [
      'a key with scheme and path',
      { auths: { 'https://r.io/v1/': { auth: base64('u:p') } } },
      'r.io',
      password('u', 'p'),
    ],
    ['a port', { auths: { 'r.io:5000': { auth: base64('u:p') } } }, 'r.io:5000', password('u', 'p')],
    ['another port', { auths: { 'r.io:5000': { auth: base64('u:p') } } }, 'r.io', undefined],
    ['Docker Hub', { auths: { [hub]: { auth: base64('u:p') } } }, 'docker.io', password('u', 'p')],
    ['Docker Hub, short', { auths: { 'index.docker.io': { auth: base64('u:p') } } }, 'docker.io', password('u', 'p')],
    ['another registry', { auths: { 'r.io': { auth: base64('u:p') } } }, 'evil.r.io', undefined],
    ['an entry that is empty', { auths: { 'r.io': {} } }, 'r.io', undefined],
    ['no auths', {}, 'r.io', undefined],
    [
      'an identity token',
      { auths: { 'r.io': { auth: base64('u:'), identitytoken: 't' } } },
      'r.io',
      { kind: 'identity-token', identityToken: 't' },
    ],
    [
      'a registry token',
      { auths: { 'r.io': { registrytoken: 't' } } },
      'r.io',
      { kind: 'registry-token', registryToken: 't' },
    ],
  ];
  for (const [title, config, registry, expected] of cases) {
    test(`is read: ${title}`, async () => assert.deepEqual(await lookup(config, registry), expected));
  }

  test('that is missing has no credentials', async () => {
    const source = new DockerConfigCredentials('/nonexistent/config.json');
    assert.deepEqual(await Array.fromAsync(source.lookup({ registry: 'r.io', repository: 'a/b' })), []);
  });

  test('with an auth that is no user:password is an error that does not quote it', async () => {
    await assert.rejects(lookup({ auths: { 'r.io': { auth: base64('hush') } } }, 'r.io'), (error: Error) => {
      assert.ok(!error.message.includes('hush') && !error.message.includes(base64('hush')));
      return true;
    });
  });

  test('is where DOCKER_CONFIG says, else at home', () => {
    assert.equal(defaultDockerConfigPath({ DOCKER_CONFIG: '/a' }), '/a/config.json');
    assert.match(defaultDockerConfigPath({}), /\/\.docker\/config\.json$/);
  });
});

describe('a credential helper', () => {
  const answer = (username: string): string =>
    `read host; echo "{\\"Username\\":\\"${username}\\",\\"Secret\\":\\"for $host\\"}"`;

  test('for a registry comes before the store for all', async () => {
    const config = { credHelpers: { 'r.io': 'one' }, credsStore: 'all' };
    const helpers = { one: answer('one'), all: answer('all') };
    assert.deepEqual(await lookup(config, 'r.io', helpers), password('one', 'for r.io'));
    assert.deepEqual(await lookup(config, 'other.io', helpers), password('all', 'for other.io'));
  });

  test('is asked for Docker Hub by its old name', async () => {
    const expected = password('all', 'for https://index.docker.io/v1/');
    assert.deepEqual(await lookup({ credsStore: 'all' }, 'docker.io', { all: answer('all') }), expected);
  });

  test('may have an identity token', async () => {
    const helpers = { all: answer('<token>') };
    const expected = { kind: 'identity-token', identityToken: 'for r.io' };
    assert.deepEqual(await lookup({ credsStore: 'all' }, 'r.io', helpers), expected);
  });

  test('that has nothing leaves it to the file', async () => {
    const helpers = { all: 'echo credentials not found in native keychain; exit 1' };
    assert.equal(await lookup({ credsStore: 'all' }, 'r.io', helpers), undefined);
    const config = { credsStore: 'all', auths: { 'r.io': { auth: base64('u:p') } } };
    assert.deepEqual(await lookup(config, 'r.io', helpers), password('u', 'p'));
  });

  const broken: [title: string, helpers: Record<string, string>, message: RegExp][] = [
    ['is not installed', {}, /can't run docker-credential-all: ENOENT/],
    ['fails', { all: 'echo secret; exit 3' }, /docker-credential-all failed for r\.io \(3\)/],
    ['answers nonsense', { all: 'echo secret' }, /gave no credential/],
  ];
  for (const [title, helpers, message] of broken) {
    test(`that ${title} is an error for the user, without its output`, async () => {
      await assert.rejects(lookup({ credsStore: 'all' }, 'r.io', helpers), (error: Error) => {
        assert.match(error.message, message);
        assert.ok(!error.message.includes('secret'));
        return true;
      });
    });
  }

  test('has a name, not a path', async () => {
    await assert.rejects(lookup({ credsStore: '../evil' }, 'r.io'), { code: 'CONFIG' });
  });
});
