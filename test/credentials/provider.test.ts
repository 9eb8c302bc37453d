// Credential providers: real programs that speak kubelet's protocol.
import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { ProviderConfig } from '../../src/config.ts';
import { parseProviderResponse } from '../../src/credentials/provider-protocol.ts';
import { ProviderCredentials } from '../../src/credentials/provider.ts';
import type { Credential } from '../../src/registry/credentials.ts';
import { temporaryFolder } from '../registry/clients.ts';

const HEAD = { apiVersion: 'credentialprovider.kubelet.k8s.io/v1', kind: 'CredentialProviderResponse' };
const AUTH = { 'r.io': { username: 'ann', password: 'secret' } };

/** A provider that writes down each request and answers with `response`, or with what the shell `script` says. */
function provider(
  folder: ReturnType<typeof temporaryFolder>,
  response: object | string,
  config: Partial<ProviderConfig> = {},
): { config: ProviderConfig; requests: () => unknown[] } {
  const log = join(folder.path, 'requests');
  const answer =
    typeof response === 'string' ? response : `cat <<'END'\n${JSON.stringify({ ...HEAD, ...response })}\nEND`;
  const command = folder.write('provider', `#!/bin/sh\ncat >> ${log}\necho >> ${log}\n${answer}\n`);
  chmodSync(command, 0o755);
  const requests = (): unknown[] =>
    existsSync(log)
      ? readFileSync(log, 'utf8')
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as unknown)
      : [];
  const defaults = { name: 'test', command, args: [], env: {}, matchImages: ['r.io', '*.r.io'], cacheMs: 0 };
  return { config: { ...defaults, ...config }, requests };
}

function lookup(source: ProviderCredentials, registry: string, repository = 'team/app'): Promise<Credential[]> {
  return Array.fromAsync(source.lookup({ registry, repository }));
}

const ann: Credential = { kind: 'password', username: 'ann', password: 'secret' };

describe('a credential provider', () => {
  test('is asked for an image as kubelet asks, and its answer is the credential', async () => {
    using folder = temporaryFolder();
    const { config, requests } = provider(folder, { cacheKeyType: 'Image', cacheDuration: '0s', auth: AUTH });
    assert.deepEqual(await lookup(new ProviderCredentials(config), 'r.io'), [ann]);
    assert.deepEqual(requests(), [
      { apiVersion: HEAD.apiVersion, kind: 'CredentialProviderRequest', image: 'r.io/team/app' },
    ]);
  });

  test('is not asked for images that its patterns do not name', async () => {
    using folder = temporaryFolder();
    const { config, requests } = provider(folder, { cacheKeyType: 'Image', auth: AUTH });
    assert.deepEqual(await lookup(new ProviderCredentials(config), 'other.io'), []);
    assert.deepEqual(requests(), []);
  });

  test('gets arguments and environment', async () => {
    using folder = temporaryFolder();
    const script = `echo "{\\"apiVersion\\":\\"${HEAD.apiVersion}\\",\\"kind\\":\\"${HEAD.kind}\\",\\"cacheKeyType\\":\\"Image\\",\\"auth\\":{\\"r.io\\":{\\"username\\":\\"$1\\",\\"password\\":\\"$SECRET_NAME\\"}}}"`;
    const { config } = provider(folder, script, { args: ['get'], env: { SECRET_NAME: 'of-env' } });
    assert.deepEqual(await lookup(new ProviderCredentials(config), 'r.io'), [
      { kind: 'password', username: 'get', password: 'of-env' },
    ]);
  });

  const kinds: [cacheKeyType: string, targets: [string, string][], runs: number][] = [
    [
      'Image',
      [
        ['r.io', 'a'],
        ['r.io', 'a'],
        ['r.io', 'b'],
        ['x.r.io', 'a'],
      ],
      3,
    ],
    [
      'Registry',
      [
        ['r.io', 'a'],
        ['r.io', 'b'],
        ['x.r.io', 'a'],
      ],
      2,
    ],
    [
      'Global',
      [
        ['r.io', 'a'],
        ['r.io', 'b'],
        ['x.r.io', 'a'],
      ],
      1,
    ],
  ];
  for (const [cacheKeyType, targets, runs] of kinds) {
    test(`has its answer kept for the ${cacheKeyType}, as long as it says`, async () => {
      using folder = temporaryFolder();
      const { config, requests } = provider(folder, { cacheKeyType, cacheDuration: '1h30m', auth: AUTH });
      let nowMs = 0;
      const source = new ProviderCredentials(config, () => nowMs);
      for (const [registry, repository] of targets) await lookup(source, registry, repository);
      assert.equal(requests().length, runs);
      nowMs = 90 * 60_000 - 1;
      for (const [registry, repository] of targets) await lookup(source, registry, repository);
      assert.equal(requests().length, runs);
      nowMs += 1;
      for (const [registry, repository] of targets) await lookup(source, registry, repository);
      assert.equal(requests().length, 2 * runs);
    });
  }

  test('that does not say how long is kept as the configuration says', async () => {
    using folder = temporaryFolder();
    const { config, requests } = provider(folder, { cacheKeyType: 'Image', auth: AUTH }, { cacheMs: 1000 });
    let nowMs = 0;
    const source = new ProviderCredentials(config, () => nowMs);
    await lookup(source, 'r.io');
    nowMs = 999;
    await lookup(source, 'r.io');
    assert.equal(requests().length, 1);
    nowMs = 1000;
    await lookup(source, 'r.io');
    assert.equal(requests().length, 2);
  });

  test('runs once for all who ask at the same time', async () => {
    using folder = temporaryFolder();
    const { config, requests } = provider(folder, { cacheKeyType: 'Image', cacheDuration: '0s', auth: AUTH });
    const source = new ProviderCredentials(config);
    await Promise.all([1, 2, 3].map(() => lookup(source, 'r.io')));
    assert.equal(requests().length, 1);
  });

  test('is asked again when a registry refuses its answer, but not at once', async () => {
    using folder = temporaryFolder();
    const { config, requests } = provider(folder, { cacheKeyType: 'Global', cacheDuration: '12h', auth: AUTH });
    let nowMs = 0;
    const source = new ProviderCredentials(config, () => nowMs);
    await lookup(source, 'r.io');
    source.refused(ann);
    await lookup(source, 'r.io');
    assert.equal(requests().length, 1);
    nowMs = 10_000;
    source.refused({ ...ann, password: 'of another source' });
    await lookup(source, 'r.io');
    assert.equal(requests().length, 1);
    source.refused(ann);
    await lookup(source, 'r.io');
    assert.equal(requests().length, 2);
  });

  test('that fails is not run again at once, and then is', async () => {
    using folder = temporaryFolder();
    const { config, requests } = provider(folder, 'echo oops >&2; echo secret; exit 3');
    let nowMs = 0;
    const source = new ProviderCredentials(config, () => nowMs);
    for (let round = 0; round < 3; round++) {
      await assert.rejects(lookup(source, 'r.io'), (error: Error) => {
        assert.match(error.message, /the credential provider test: .*provider failed \(3\): oops/);
        return !error.message.includes('secret');
      });
    }
    assert.equal(requests().length, 1);
    nowMs = 10_000;
    await assert.rejects(lookup(source, 'r.io'));
    assert.equal(requests().length, 2);
  });

  test('that is not there is an error that names it', async () => {
    const config = { name: 'x', command: '/nonexistent/p', args: [], env: {}, matchImages: ['r.io'], cacheMs: 0 };
    await assert.rejects(lookup(new ProviderCredentials(config), 'r.io'), {
      code: 'CONFIG',
      message: /provider x: can't run \/nonexistent\/p: ENOENT/,
    });
  });

  test('may answer for several patterns: the most exact one is first, and others are not given out', async () => {
    using folder = temporaryFolder();
    const auth = {
      '*.io': { username: 'any', password: 'p' },
      'r.io/team': { username: 'team', password: 'p' },
      'r.io': { username: 'all', password: 'p' },
      'other.io': { username: 'other', password: 'p' },
    };
    const { config } = provider(folder, { cacheKeyType: 'Image', cacheDuration: '0', auth });
    const found = await lookup(new ProviderCredentials(config), 'r.io');
    assert.deepEqual(
      found.map((one) => one.kind === 'password' && one.username),
      ['team', 'all', 'any'],
    );
  });
});

describe('a response of a credential provider', () => {
  const good = { ...HEAD, cacheKeyType: 'Image', auth: AUTH };
  const broken: [title: string, text: string, message: RegExp][] = [
    ['that is not JSON', 'secret', /not JSON/],
    ['of another API', JSON.stringify({ ...good, apiVersion: 'v1' }), /no CredentialProviderResponse/],
    ['of another kind', JSON.stringify({ ...good, kind: 'Secret' }), /no CredentialProviderResponse/],
    ['without a cache key', JSON.stringify({ ...good, cacheKeyType: 'Pod' }), /cacheKeyType/],
    ['with a duration that is none', JSON.stringify({ ...good, cacheDuration: 'secret' }), /cacheDuration/],
    ['with half a duration', JSON.stringify({ ...good, cacheDuration: '5m secret' }), /cacheDuration/],
    ['with half a credential', JSON.stringify({ ...good, auth: { 'r.io': { password: 'secret' } } }), /auth/],
    ['with a pattern that is none', JSON.stringify({ ...good, auth: { ' ': AUTH['r.io'] } }), /auth/],
  ];
  for (const [title, text, message] of broken) {
    test(`${title} is refused, and not quoted`, () => {
      assert.throws(
        () => parseProviderResponse(text),
        (error: Error) => message.test(error.message) && !error.message.includes('secret'),
      );
    });
  }

  test('of v1beta1, and without credentials, is fine', () => {
    const text = JSON.stringify({ ...good, apiVersion: 'credentialprovider.kubelet.k8s.io/v1beta1', auth: null });
    assert.deepEqual(parseProviderResponse(text), { cacheKeyType: 'Image', cacheMs: undefined, credentials: [] });
  });
});
