import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { RegistryError, UserError } from '../../src/errors.ts';
import { createLogger } from '../../src/log.ts';
import { describeError } from '../../src/errors.ts';
import type { RegistryAuth } from '../support/registry-auth.ts';
import { TestRegistry } from '../support/registry.ts';
import { addRandomBlob, makeClient, referenceTo, temporaryFolder } from './clients.ts';

const USER = { username: 'somebody', password: 's3cret:with:colons' };
const AUTH = Buffer.from(`${USER.username}:${USER.password}`).toString('base64');

function configFor(registry: TestRegistry, entry: object): string {
  return JSON.stringify({ auths: { [registry.host]: entry } });
}

describe('a registry with bearer tokens', () => {
  test('costs one 401 and one token, and nothing more for the next request', async () => {
    await using registry = await TestRegistry.start({ auth: { kind: 'token' } });
    await using client = makeClient();
    const layer = registry.addBlob('a/b', Buffer.from('layer'));
    registry.addImage('a/b', 'v1', [layer]);
    await client.fetchManifest(referenceTo(registry));
    assert.deepEqual(
      registry.log.map(({ path, status }) => [path, status]),
      [
        ['/v2/a/b/manifests/v1', 401],
        ['/token', 200],
        ['/v2/a/b/manifests/v1', 200],
      ],
    );
    registry.forget();
    await client.fetchBlob(referenceTo(registry), layer);
    assert.equal(registry.requests(), 1);
  });

  test('costs a second repository no 401, only its token', async () => {
    await using registry = await TestRegistry.start({ auth: { kind: 'token' } });
    await using client = makeClient();
    registry.addImage('a/b', 'v1', []);
    registry.addImage('c/d', 'v1', []);
    await client.fetchManifest(referenceTo(registry));
    registry.forget();
    await client.fetchManifest(referenceTo(registry, 'c/d:v1'));
    assert.deepEqual(
      registry.log.map(({ path }) => path),
      ['/token', '/v2/c/d/manifests/v1'],
    );
    assert.match(registry.log[0]?.query ?? '', /scope=repository%3Ac%2Fd%3Apull/);
  });

  test('costs many requests at once one 401 and one token', async () => {
    await using registry = await TestRegistry.start({ auth: { kind: 'token' }, knobs: { latencyMs: 5 } });
    await using client = makeClient();
    const blobs = Array.from({ length: 10 }, () => addRandomBlob(registry, 1000));
    const read = await Promise.all(
      blobs.map(({ digest }) => client.openBlob(referenceTo(registry), digest, 1000).readRange(0, 1000)),
    );
    assert.deepEqual(
      read.map((bytes) => Buffer.from(bytes)),
      blobs.map(({ bytes }) => bytes),
    );
    assert.equal(registry.gate.tokensIssued, 1);
    assert.equal(registry.requests(), 12);
  });

  test('is asked for a new token when it refuses the old one, once for all', async () => {
    await using registry = await TestRegistry.start({ auth: { kind: 'token' } });
    await using client = makeClient();
    const { bytes, digest } = addRandomBlob(registry, 1000);
    const blob = client.openBlob(referenceTo(registry), digest, 1000);
    await blob.readRange(0, 10);
    registry.gate.expireTokens();
    const parts = await Promise.all([0, 1, 2, 3].map((part) => blob.readRange(part * 10, part * 10 + 10)));
    assert.deepEqual(Buffer.concat(parts), bytes.subarray(0, 40));
    assert.equal(registry.gate.tokensIssued, 2);
  });

  test('is asked for a new token before the old one expires, so that it never refuses', async () => {
    await using registry = await TestRegistry.start({ auth: { kind: 'token', expiresInSec: 0.2 } });
    await using client = makeClient();
    const { digest } = addRandomBlob(registry, 1000);
    const blob = client.openBlob(referenceTo(registry), digest, 1000);
    await blob.readRange(0, 10);
    registry.forget();
    await new Promise((resolve) => setTimeout(resolve, 250));
    await blob.readRange(0, 10);
    assert.deepEqual(
      registry.log.map(({ path, status }) => [path === '/token', status]),
      [
        [true, 200],
        [false, 206],
      ],
    );
  });

  test('gets name and password at its token endpoint, and the token elsewhere', async () => {
    await using registry = await TestRegistry.start({ auth: { kind: 'token', ...USER } });
    using folder = temporaryFolder();
    await using client = makeClient({
      dockerConfigPath: folder.write('config.json', configFor(registry, { auth: AUTH })),
    });
    registry.addImage('a/b', 'v1', []);
    await client.fetchManifest(referenceTo(registry));
    assert.deepEqual(
      registry.log.map(({ path, authorization }) => [path, authorization]),
      [
        ['/v2/a/b/manifests/v1', undefined],
        ['/token', 'Basic'],
        ['/v2/a/b/manifests/v1', 'Bearer'],
      ],
    );
  });

  test('gets an identity token by POST', async () => {
    await using registry = await TestRegistry.start({ auth: { kind: 'token', ...USER, identityToken: 'refresh-me' } });
    using folder = temporaryFolder();
    const config = configFor(registry, { auth: AUTH, identitytoken: 'refresh-me' });
    await using client = makeClient({ dockerConfigPath: folder.write('config.json', config) });
    registry.addImage('a/b', 'v1', []);
    await client.fetchManifest(referenceTo(registry));
    assert.deepEqual([registry.log[1]?.method, registry.log[1]?.authorization], ['POST', undefined]);
  });

  test('may point to a token endpoint elsewhere, which gets the credentials of the registry', async () => {
    await using tokens = await TestRegistry.start({ auth: { kind: 'token', ...USER } });
    await using registry = await TestRegistry.start({ auth: { kind: 'token', realm: `${tokens.url}/token` } });
    using folder = temporaryFolder();
    await using client = makeClient({ dockerConfigPath: folder.write('config.json', configFor(registry, USER)) });
    registry.addImage('a/b', 'v1', []);
    // The registry does not know the other's tokens: what matters is who was asked, and that there is no loop.
    await assert.rejects(client.fetchManifest(referenceTo(registry)), { status: 401 });
    assert.deepEqual(
      tokens.log.map(({ path, authorization }) => [path, authorization]),
      [['/token', 'Basic']],
    );
    assert.equal(registry.requests(), 2);
  });

  for (const realm of ['http://169.254.169.254/token', 'http://[fe80::1]/token', 'file:///etc/passwd', 'nonsense']) {
    test(`is not followed to the token endpoint ${realm}`, async () => {
      await using registry = await TestRegistry.start({ auth: { kind: 'token', realm } });
      await using client = makeClient();
      registry.addImage('a/b', 'v1', []);
      await assert.rejects(client.fetchManifest(referenceTo(registry)), (error: RegistryError) => {
        assert.match(error.message, /link-local|not an https URL/);
        return !error.retryable;
      });
      assert.equal(registry.requests(), 1);
    });
  }
});

describe('a registry with basic authentication', () => {
  test('gets name and password with the second request and all later ones', async () => {
    await using registry = await TestRegistry.start({ auth: { kind: 'basic', ...USER } });
    using folder = temporaryFolder();
    await using client = makeClient({
      dockerConfigPath: folder.write('config.json', configFor(registry, { auth: AUTH })),
    });
    registry.addImage('a/b', 'v1', []);
    await client.fetchManifest(referenceTo(registry));
    await client.fetchManifest(referenceTo(registry));
    assert.deepEqual(
      registry.log.map(({ authorization }) => authorization),
      [undefined, 'Basic', 'Basic'],
    );
  });

  test('is an error without credentials, after one request', async () => {
    await using registry = await TestRegistry.start({ auth: { kind: 'basic', ...USER } });
    await using client = makeClient();
    await assert.rejects(client.fetchManifest(referenceTo(registry)), { status: 401, diagnostics: ['UNAUTHORIZED'] });
    assert.equal(registry.requests(), 1);
  });

  test('is served after a later login, without a restart', async () => {
    await using registry = await TestRegistry.start({ auth: { kind: 'basic', ...USER } });
    using folder = temporaryFolder();
    const dockerConfigPath = folder.write('config.json', configFor(registry, { ...USER, password: 'old' }));
    await using client = makeClient({ dockerConfigPath });
    registry.addImage('a/b', 'v1', []);
    await assert.rejects(client.fetchManifest(referenceTo(registry)), { status: 401 });
    folder.write('config.json', configFor(registry, USER));
    await client.fetchManifest(referenceTo(registry));
  });
});

describe('secrets', () => {
  const doors: [title: string, auth: RegistryAuth][] = [
    ['wrong password at the token endpoint', { kind: 'token', username: 'x', password: 'y' }],
    ['wrong password at the registry', { kind: 'basic', username: 'x', password: 'y' }],
    ['right password, but nothing there', { kind: 'token', ...USER }],
  ];
  for (const [title, auth] of doors) {
    test(`are in no error and in no log: ${title}`, async () => {
      await using registry = await TestRegistry.start({ auth });
      using folder = temporaryFolder();
      const lines: string[] = [];
      const log = createLogger({ level: 'trace', format: 'json', write: (line) => lines.push(line) });
      const dockerConfigPath = folder.write('config.json', configFor(registry, { auth: AUTH }));
      await using client = makeClient({ dockerConfigPath, log, retry: { retries: 1 } });
      registry.failures.set(1, 503);
      const failure: unknown = await client.fetchManifest(referenceTo(registry)).catch((error: unknown) => error);
      assert.ok(failure instanceof RegistryError);
      const told = `${describeError(failure)} ${failure.stack} ${JSON.stringify(failure)} ${lines.join('')}`;
      assert.ok(lines.length > 0);
      for (const secret of [USER.password, AUTH, 'Bearer ', 'Basic ']) assert.ok(!told.includes(secret), told);
    });
  }

  test('are not quoted from a config.json that is broken', async () => {
    await using registry = await TestRegistry.start({ auth: { kind: 'token' } });
    using folder = temporaryFolder();
    const dockerConfigPath = folder.write('config.json', `{"auths":{"${registry.host}":{"password":"${USER.password}"`);
    await using client = makeClient({ dockerConfigPath });
    const failure: unknown = await client.fetchManifest(referenceTo(registry)).catch((error: unknown) => error);
    assert.ok(failure instanceof UserError);
    assert.ok(!`${failure.message} ${String(failure.cause)}`.includes(USER.password));
  });
});

describe('whether anybody could have had a blob', () => {
  const basic: RegistryAuth = { kind: 'basic', ...USER };
  const token: RegistryAuth = { kind: 'token' };
  const secretToken: RegistryAuth = { kind: 'token', ...USER };
  const cases: readonly [string, { auth?: RegistryAuth; login: boolean; redirect?: boolean; expected: boolean }][] = [
    ['yes, where nobody asks who it is', { login: true, expected: true }],
    ['yes, with a token for nobody', { auth: token, login: false, expected: true }],
    ['not known to be so, with a token for somebody', { auth: secretToken, login: true, expected: false }],
    ['not known to be so, with a password', { auth: basic, login: true, expected: false }],
    ['yes, behind a redirect after a token for nobody', { auth: token, login: false, redirect: true, expected: true }],
    ['not so, behind a redirect after a password', { auth: basic, login: true, redirect: true, expected: false }],
  ];
  for (const [title, { auth, login, redirect = false, expected }] of cases) {
    test(title, async () => {
      using folder = temporaryFolder();
      await using registry = await TestRegistry.start({
        ...(auth === undefined ? {} : { auth }),
        ...(redirect ? { knobs: { redirectTo: 'cdn' } } : {}),
      });
      const dockerConfigPath = folder.write('config.json', login ? configFor(registry, { auth: AUTH }) : '{}');
      await using client = makeClient({ dockerConfigPath });
      const { digest } = addRandomBlob(registry, 1000);
      const blob = client.openBlob(referenceTo(registry), digest);
      assert.equal(blob.isAnonymous, undefined);
      await blob.readTail(10);
      assert.equal(blob.isAnonymous, expected);
      await blob.readRange(0, 100);
      assert.equal(blob.isAnonymous, expected, 'also when the redirect was remembered');
    });
  }

  test('is not known of a host that gets headers from the configuration', async () => {
    using folder = temporaryFolder();
    await using registry = await TestRegistry.start();
    mkdirSync(join(folder.path, registry.host));
    folder.write(
      join(registry.host, 'hosts.toml'),
      `[host."${registry.url}"]\n  capabilities = ["pull", "resolve"]\n  [host."${registry.url}".header]\n    x-key = "1"\n`,
    );
    await using client = makeClient({ certsDirs: [folder.path] });
    const { digest } = addRandomBlob(registry, 1000);
    const blob = client.openBlob(referenceTo(registry), digest);
    await blob.readTail(10);
    assert.equal(registry.log[0]?.headers['x-key'], '1');
    assert.equal(blob.isAnonymous, false);
  });
});
