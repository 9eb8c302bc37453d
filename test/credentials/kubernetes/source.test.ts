// Image pull secrets, watched at an API server with real TLS.
import assert from 'node:assert/strict';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { KubernetesCredentials, type KubernetesOptions } from '../../../src/credentials/kubernetes/source.ts';
import { createLogger } from '../../../src/log.ts';
import { temporaryFolder } from '../../registry/clients.ts';
import { makeCertificates, type TestCertificates } from '../../support/certificates.ts';
import { KubeApi } from '../../support/kube-api.ts';
import { needs } from '../../support/needs.ts';
import { until } from '../../support/until.ts';

const skip = needs('openssl');
const login = (username: string): object => ({ username, password: 'open sesame' });

describe('image pull secrets of a cluster', { skip }, () => {
  let certificates: TestCertificates;
  let shared: ReturnType<typeof temporaryFolder>;
  before(() => {
    shared = temporaryFolder();
    certificates = makeCertificates(shared.path);
  });
  after(() => shared[Symbol.dispose]());

  /** An API server, and a source that watches it. `prepare` comes before the source. */
  async function stage(
    prepare: (api: KubeApi, folder: string) => Partial<KubernetesOptions> & { user?: object } = () => ({}),
  ) {
    const folder = temporaryFolder();
    const api = await KubeApi.start(certificates);
    const lines: string[] = [];
    const log = createLogger({ level: 'trace', format: 'json', write: (line) => lines.push(line) });
    const { user, ...more } = prepare(api, folder.path);
    const kubeconfigPath = api.writeKubeconfig(folder.path, user);
    const source = new KubernetesCredentials({ kubeconfigPath, namespaces: [], log, firstPauseMs: 5, ...more });
    const users = async (registry = 'r.io', repository = 'team/app'): Promise<string[]> => {
      const found = await Array.fromAsync(source.lookup({ registry, repository }));
      return found.map((one) => (one.kind === 'password' ? one.username : one.kind));
    };
    return {
      api,
      source,
      lines,
      kubeconfigPath,
      folder: folder.path,
      users,
      untilUsers: (expected: string[]): Promise<void> =>
        until(async () => JSON.stringify(await users()) === JSON.stringify(expected), `users ${expected.join(', ')}`),
      untilWatched: (count = 2): Promise<void> => until(() => api.watches === count, `${count} watches`),
      async [Symbol.asyncDispose]() {
        await source.close();
        await api[Symbol.asyncDispose]();
        folder[Symbol.dispose]();
      },
    };
  }

  test('of both types are known with the first question, and no other secret is asked for', async () => {
    await using at = await stage((api) => {
      api.putLogin('a/new', { 'r.io': login('ann') });
      api.put('a/old', 'kubernetes.io/dockercfg', { '.dockercfg': JSON.stringify({ 'old.io': login('bob') }) });
      api.put('a/opaque', 'Opaque', { '.dockerconfigjson': JSON.stringify({ auths: { 'r.io': login('eve') } }) });
      return {};
    });
    assert.deepEqual(await at.users(), ['ann']);
    assert.deepEqual(await at.users('old.io'), ['bob']);
    assert.deepEqual(await at.users('other.io'), []);
    assert.deepEqual(
      new Set(at.api.log.map(({ query }) => query.get('fieldSelector'))),
      new Set(['type=kubernetes.io/dockerconfigjson', 'type=kubernetes.io/dockercfg']),
    );
    assert.deepEqual(at.source.status(), { count: 2, ok: true, detail: 'image pull secrets' });
  });

  test('that come, change and go are known without a question to the server', async () => {
    await using at = await stage();
    assert.deepEqual(await at.users(), []);
    await at.untilWatched();
    at.api.putLogin('a/one', { 'r.io': login('ann') });
    await at.untilUsers(['ann']);
    at.api.putLogin('a/one', { 'r.io': login('anna') });
    await at.untilUsers(['anna']);
    at.api.remove('a/one');
    await at.untilUsers([]);
    assert.equal(at.api.log.filter(({ watch }) => !watch).length, 2);
  });

  test('go by their paths, the most exact first, then by namespace and name, each login once', async () => {
    await using at = await stage((api) => {
      api.putLogin('b/all', { 'r.io': login('all-b') });
      api.putLogin('a/all', { 'https://r.io/v1/': login('all-a') });
      api.putLogin('c/again', { 'r.io': login('all-a') });
      api.putLogin('z/team', { 'r.io/team': login('team') });
      api.putLogin('z/other', { 'r.io/other': login('other') });
      api.putLogin('z/stars', { '*.io': login('stars') });
      return {};
    });
    assert.deepEqual(await at.users(), ['team', 'all-a', 'all-b', 'stars']);
  });

  test('are those of the chosen namespaces alone, and no more rights are needed', async () => {
    await using at = await stage((api) => {
      api.allowed.delete('*');
      api.allowed.add('a').add('b');
      for (const namespace of ['a', 'b', 'c']) api.putLogin(`${namespace}/one`, { 'r.io': login(namespace) });
      return { namespaces: ['a', 'b'] };
    });
    assert.deepEqual(await at.users(), ['a', 'b']);
    assert.ok(at.api.log.every(({ path }) => /^\/api\/v1\/namespaces\/[ab]\/secrets$/.test(path)));
  });

  test('that may not be read are told of, with the page that helps', async () => {
    await using at = await stage((api) => {
      api.allowed.delete('*');
      return {};
    });
    assert.deepEqual(await at.users(), []);
    const { ok, detail } = at.source.status();
    assert.equal(ok, false);
    assert.match(detail, /answers 403: secrets is forbidden in \*\n {2}See docs\/credentials\.md/);
    assert.equal(at.lines.filter((line) => line.includes('403')).length, 2, 'once for each watch');
    at.api.putLogin('a/one', { 'r.io': login('ann') });
    at.api.allowed.add('*');
    await at.untilUsers(['ann']);
    await until(() => at.source.status().ok, 'the status to be well');
  });

  test('are listed in pages', async () => {
    await using at = await stage((api) => {
      for (let index = 0; index < 1201; index++) api.putLogin(`a/s${index}`, { [`r${index}.io`]: login('ann') });
      return {};
    });
    for (const index of [0, 499, 500, 1200]) assert.deepEqual(await at.users(`r${index}.io`), ['ann']);
    const pages = at.api.log.filter(({ query, watch }) => !watch && query.get('fieldSelector')?.endsWith('json'));
    assert.equal(pages.length, 3);
  });

  for (const how of ['orderly', 'broken'] as const) {
    test(`are watched on from where a watch ended (${how}), without a new list`, async () => {
      await using at = await stage((api) => {
        api.putLogin('a/one', { 'r.io': login('ann') });
        return {};
      });
      await at.untilWatched();
      at.api.endWatches(how);
      at.api.putLogin('a/one', { 'r.io': login('changed') });
      at.api.putLogin('b/two', { 'r.io': login('new') });
      await at.untilUsers(['changed', 'new']);
      assert.equal(at.api.log.filter(({ watch }) => !watch).length, 2);
    });
  }

  test('are listed anew after 410 Gone, and those that are gone meanwhile are forgotten', async () => {
    await using at = await stage((api) => {
      api.putLogin('a/one', { 'r.io': login('ann') });
      api.putLogin('a/two', { 'r.io': login('bob') });
      return {};
    });
    await at.untilUsers(['ann', 'bob']);
    await at.untilWatched();
    at.api.remove('a/one');
    at.api.endWatches('broken');
    at.api.putLogin('a/three', { 'r.io': login('cat') });
    at.api.compact();
    await at.untilUsers(['cat', 'bob']);
    assert.ok(at.api.log.filter(({ watch }) => !watch).length >= 3);
  });

  test('are not listed anew when a bookmark said how far the watch was', async () => {
    await using at = await stage();
    await at.untilWatched();
    at.api.passTime();
    at.api.bookmark();
    at.api.compact();
    at.api.endWatches('orderly');
    await at.untilWatched();
    const watched = at.api.log.filter(({ watch }) => watch).map(({ query }) => Number(query.get('resourceVersion')));
    assert.equal(watched.length, 4);
    assert.ok(
      watched.slice(2).every((version) => version === 1100),
      watched.join(),
    );
    assert.equal(at.api.log.filter(({ watch }) => !watch).length, 2);
  });

  test('that are broken are told of once, and skipped; good entries count', async () => {
    await using at = await stage((api) => {
      api.put('a/json', 'kubernetes.io/dockerconfigjson', {
        '.dockerconfigjson': '{"auths":{"r.io":{"password":"hush"',
      });
      api.put('a/none', 'kubernetes.io/dockerconfigjson', {});
      api.putLogin('a/half', { 'r.io': { auth: Buffer.from('hush').toString('base64') }, 'r.io/team': login('ann') });
      api.putLogin('b/good', { 'r.io': login('bob') });
      return {};
    });
    assert.deepEqual(await at.users(), ['ann', 'bob']);
    const told = at.lines.filter((line) => line.includes('is broken'));
    assert.deepEqual(told.map((line) => (JSON.parse(line) as { secret: string }).secret).toSorted(), [
      'a/half',
      'a/json',
      'a/none',
    ]);
    await at.untilWatched();
    const lists = (): number => at.api.log.filter(({ watch }) => !watch).length;
    at.api.passTime();
    at.api.compact();
    at.api.endWatches('orderly');
    await until(() => lists() >= 4, 'new lists');
    await at.untilWatched();
    assert.equal(at.lines.filter((line) => line.includes('is broken')).length, 3);
    for (const secret of ['hush', Buffer.from('hush').toString('base64'), 'open sesame', 'good'])
      assert.ok(!at.lines.join('').includes(`"${secret}`), secret);
  });

  test('come when the API server does, however late', async () => {
    await using at = await stage();
    await at.untilWatched();
    await at.api.down();
    const started = performance.now();
    await using late = new KubernetesCredentials({
      kubeconfigPath: at.kubeconfigPath,
      namespaces: [],
      log: createLogger({ level: 'error', format: 'json', write: () => {} }),
      firstPauseMs: 5,
    });
    const lookup = (): Promise<unknown[]> => Array.fromAsync(late.lookup({ registry: 'r.io', repository: 'a' }));
    assert.deepEqual(await lookup(), []);
    assert.ok(performance.now() - started < 5000, 'a failed list is waited for no longer');
    assert.match(late.status().detail, /can't be reached: ECONNREFUSED/);
    at.api.putLogin('a/one', { 'r.io': login('ann') });
    await at.api.up();
    await until(async () => (await lookup()).length === 1, 'the secret');
    assert.equal(late.status().ok, true);
  });

  test('stay known while the API server is away', async () => {
    await using at = await stage((api) => {
      api.putLogin('a/one', { 'r.io': login('ann') });
      return {};
    });
    await at.untilWatched();
    await at.api.down();
    await until(() => !at.source.status().ok, 'the failure to be noticed');
    assert.deepEqual(await at.users(), ['ann']);
    await at.api.up();
    at.api.putLogin('a/one', { 'r.io': login('later') });
    await at.untilUsers(['later']);
  });

  test('are watched with the token that the file has now', async () => {
    await using at = await stage((api, folder) => {
      writeFileSync(join(folder, 'token'), 'good\n');
      api.putLogin('a/one', { 'r.io': login('ann') });
      return { user: { tokenFile: 'token' } };
    });
    await at.untilWatched();
    at.api.tokens.clear();
    at.api.tokens.set('rotated', Infinity);
    at.api.endWatches('orderly');
    await until(() => at.source.status().detail.includes('401'), 'the old token to be refused');
    assert.deepEqual(await at.users(), ['ann']);
    writeFileSync(join(at.folder, 'token'), 'rotated\n');
    at.api.putLogin('a/one', { 'r.io': login('later') });
    await at.untilUsers(['later']);
    assert.ok(!at.lines.join('').includes('rotated'));
  });

  test('are watched with what a program of the kubeconfig prints, which is run again when it is refused', async () => {
    await using at = await stage((api, folder) => {
      const program = join(folder, 'login');
      const runs = join(folder, 'runs');
      const credential = `{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"t$N"}}`;
      writeFileSync(
        program,
        `#!/bin/sh\necho "$KUBERNETES_EXEC_INFO" >> ${runs}\nN=$(wc -l < ${runs} | tr -d ' ')\necho '${credential}' | sed "s/\\$N/$N/"\n`,
      );
      chmodSync(program, 0o755);
      api.putLogin('a/one', { 'r.io': login('ann') });
      api.tokens.clear();
      for (const run of [1, 2, 3, 4, 5, 6, 7, 8]) api.tokens.set(`t${run}`, Infinity);
      return { user: { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: './login' } } };
    });
    assert.deepEqual(await at.users(), ['ann']);
    await at.untilWatched();
    const runs = (): string[] => readFileSync(join(at.folder, 'runs'), 'utf8').trim().split('\n');
    const before = runs().length;
    assert.ok(before <= 2, 'once for each watch at most');
    assert.equal((JSON.parse(runs()[0] ?? '') as { kind: string }).kind, 'ExecCredential');
    at.api.endWatches('orderly');
    await at.untilWatched();
    assert.equal(runs().length, before, 'what it printed is still good');
    for (let run = 1; run <= before; run++) at.api.tokens.delete(`t${run}`);
    at.api.endWatches('orderly');
    await at.untilWatched();
    assert.ok(runs().length > before);
    assert.ok(!/"t\d"/.test(at.lines.join('')));
  });

  test('of a server with another authority are not asked for', async () => {
    using other = temporaryFolder();
    const { ca } = makeCertificates(other.path);
    await using at = await stage();
    await at.untilWatched();
    const path = join(at.folder, 'other');
    const text = readFileSync(at.kubeconfigPath, 'utf8');
    const own = Buffer.from(certificates.ca).toString('base64');
    writeFileSync(path, text.replace(own, Buffer.from(ca).toString('base64')));
    const requests = at.api.log.length;
    await using source = new KubernetesCredentials({
      kubeconfigPath: path,
      namespaces: [],
      log: createLogger({ level: 'error', format: 'json', write: () => {} }),
      firstPauseMs: 5,
    });
    assert.deepEqual(await Array.fromAsync(source.lookup({ registry: 'r.io', repository: 'a' })), []);
    assert.match(source.status().detail, /can't be reached: (UNABLE_TO_VERIFY|CERT_|SELF_SIGNED|DEPTH)/);
    assert.equal(at.api.log.length, requests);
  });

  test('come when the kubeconfig does', async () => {
    using folder = temporaryFolder();
    await using api = await KubeApi.start(certificates);
    api.putLogin('a/one', { 'r.io': login('ann') });
    await using source = new KubernetesCredentials({
      kubeconfigPath: join(folder.path, 'kubeconfig'),
      namespaces: [],
      log: createLogger({ level: 'error', format: 'json', write: () => {} }),
      firstPauseMs: 5,
    });
    const lookup = (): Promise<unknown[]> => Array.fromAsync(source.lookup({ registry: 'r.io', repository: 'a' }));
    assert.deepEqual(await lookup(), []);
    assert.match(source.status().detail, /can't read .*kubeconfig: ENOENT/);
    api.writeKubeconfig(folder.path);
    await until(async () => (await lookup()).length === 1, 'the secret');
  });
});
