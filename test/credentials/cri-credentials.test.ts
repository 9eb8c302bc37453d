import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { pullCredential, type AuthMessage } from '../../src/credentials/cri-auth.ts';
import { CriCredentials, type CriCredentialsOptions } from '../../src/credentials/cri-credentials.ts';
import { createLogger, silentLogger } from '../../src/log.ts';
import type { Credential } from '../../src/registry/credentials.ts';
import { temporaryFolder } from '../registry/clients.ts';

const NOTHING: AuthMessage = {
  username: '',
  password: '',
  auth: '',
  serverAddress: '',
  identityToken: '',
  registryToken: '',
};
const ann: Credential = { kind: 'password', username: 'ann', password: 'secret' };
const bob: Credential = { kind: 'password', username: 'bob', password: 'other' };
const APP = 'r.io/team/app';
const HOUR = 3_600_000;

function optionsIn(folder: { path: string }, more: Partial<CriCredentialsOptions> = {}): CriCredentialsOptions {
  const [path, keyPath] = [join(folder.path, 'sealed'), join(folder.path, 'key')];
  return { path, keyPath, keepMs: HOUR, log: silentLogger, ...more };
}

function lookup(source: CriCredentials, name = APP): Promise<Credential[]> {
  const slash = name.indexOf('/');
  return Array.fromAsync(source.lookup({ registry: name.slice(0, slash), repository: name.slice(slash + 1) }));
}

describe('the credentials of a CRI pull', () => {
  const both = { username: 'ann', password: 'secret' };
  const cases: [title: string, image: string, auth: Partial<AuthMessage>, expected: Credential | undefined][] = [
    ['name and password', `${APP}:v1`, both, ann],
    ['an empty password', APP, { username: 'ann' }, { ...ann, password: '' }],
    ['auth in base64', APP, { auth: Buffer.from('ann:secret').toString('base64') }, ann],
    ['an identity token', APP, { identityToken: 't' }, { kind: 'identity-token', identityToken: 't' }],
    ['a registry token', APP, { registryToken: 't' }, { kind: 'registry-token', registryToken: 't' }],
    ['name and password before tokens', APP, { ...both, identityToken: 't', registryToken: 'u' }, ann],
    ['nothing', APP, {}, undefined],
    ["the image's own server", APP, { ...both, serverAddress: 'https://r.io/v2/' }, ann],
    ['another server', APP, { ...both, serverAddress: 'https://other.io' }, undefined],
    ['Docker Hub by its old name', 'ann/app', { ...both, serverAddress: 'https://index.docker.io/v1/' }, ann],
    ['Docker Hub for another image', APP, { ...both, serverAddress: 'https://index.docker.io/v1/' }, undefined],
  ];
  for (const [title, image, auth, expected] of cases) {
    test(`are read: ${title}`, () => {
      assert.deepEqual(pullCredential({ image: { image }, auth: { ...NOTHING, ...auth } })?.credential, expected);
    });
  }

  test('are for the repository alone, whatever tag or digest is pulled', () => {
    for (const rest of ['', ':v1', `@sha256:${'0'.repeat(64)}`, `:v1@sha256:${'0'.repeat(64)}`])
      assert.equal(pullCredential({ image: { image: APP + rest }, auth: { ...NOTHING, ...both } })?.repository, APP);
    const hub = pullCredential({ image: { image: 'python' }, auth: { ...NOTHING, ...both } });
    assert.equal(hub?.repository, 'docker.io/library/python');
  });

  test('that are not user:password in base64 are an error that does not quote them', () => {
    const auth = { ...NOTHING, auth: Buffer.from('hush').toString('base64') };
    assert.throws(
      () => pullCredential({ image: { image: APP }, auth }),
      (error: Error) => !error.message.includes('hush') && !error.message.includes(auth.auth),
    );
  });
});

describe('credentials of pulls', () => {
  test('count while the pull is under way, and stay when it succeeds', async () => {
    using folder = temporaryFolder();
    const source = await CriCredentials.open(optionsIn(folder));
    const attempt = source.begin({ repository: APP, credential: ann });
    assert.deepEqual(await lookup(source), [ann]);
    await attempt.succeeded();
    assert.deepEqual(await lookup(source), [ann]);
    assert.equal(source.size, 1);
  });

  test('are forgotten when the pull fails; those of an earlier pull stay', async () => {
    using folder = temporaryFolder();
    const source = await CriCredentials.open(optionsIn(folder));
    source.begin({ repository: APP, credential: bob }).failed();
    assert.deepEqual(await lookup(source), []);
    await source.begin({ repository: APP, credential: ann }).succeeded();
    const attempt = source.begin({ repository: APP, credential: bob });
    assert.deepEqual(await lookup(source), [bob, ann]);
    attempt.failed();
    assert.deepEqual(await lookup(source), [ann]);
  });

  test('of two pulls at once do not end each other', async () => {
    using folder = temporaryFolder();
    const source = await CriCredentials.open(optionsIn(folder));
    const [first, second] = [ann, { ...ann }].map((credential) => source.begin({ repository: APP, credential }));
    first?.failed();
    assert.deepEqual(await lookup(source), [ann]);
    second?.failed();
    assert.deepEqual(await lookup(source), []);
  });

  test('are for the exact repository', async () => {
    using folder = temporaryFolder();
    const source = await CriCredentials.open(optionsIn(folder));
    await source.begin({ repository: APP, credential: ann }).succeeded();
    for (const other of [
      'r.io/team',
      'r.io/team/app/more',
      'r.io/team/apps',
      'other.io/team/app',
      'r.io:5000/team/app',
    ])
      assert.deepEqual(await lookup(source, other), [], other);
  });

  test('survive the process, and the newest counts', async () => {
    using folder = temporaryFolder();
    const source = await CriCredentials.open(optionsIn(folder));
    const token: Credential = { kind: 'identity-token', identityToken: 't' };
    await source.begin({ repository: APP, credential: ann }).succeeded();
    await source.begin({ repository: APP, credential: bob }).succeeded();
    await source.begin({ repository: 'r.io/x', credential: token }).succeeded();
    const later = await CriCredentials.open(optionsIn(folder));
    assert.deepEqual(await lookup(later), [bob]);
    assert.deepEqual(await lookup(later, 'r.io/x'), [token]);
  });

  test('are forgotten some time after their last use, and a use is kept over a restart', async () => {
    using folder = temporaryFolder();
    let nowMs = 1e12;
    const options = optionsIn(folder, { nowMs: () => nowMs });
    const source = await CriCredentials.open(options);
    await source.begin({ repository: APP, credential: ann }).succeeded();
    nowMs += HOUR - 1;
    assert.deepEqual(await lookup(source), [ann]);
    await source.save();
    nowMs += HOUR - 1;
    const later = await CriCredentials.open(options);
    assert.deepEqual(await lookup(later), [ann]);
    nowMs += HOUR;
    assert.deepEqual(await lookup(later), []);
    assert.equal((await CriCredentials.open(options)).size, 0);
  });

  test('that can not be read any more are forgotten, and the daemon starts', async () => {
    using folder = temporaryFolder();
    const source = await CriCredentials.open(optionsIn(folder));
    await source.begin({ repository: APP, credential: ann }).succeeded();
    writeFileSync(join(folder.path, 'sealed'), 'damaged');
    assert.equal((await CriCredentials.open(optionsIn(folder))).size, 0);
  });

  test('that can not be written are told of, without them, and count all the same', async () => {
    using folder = temporaryFolder();
    const lines: string[] = [];
    const log = createLogger({ level: 'trace', format: 'json', write: (line) => lines.push(line) });
    folder.write('file', '');
    const source = await CriCredentials.open(optionsIn(folder, { log, path: join(folder.path, 'file/sealed') }));
    await source.begin({ repository: APP, credential: ann }).succeeded();
    assert.deepEqual(await lookup(source), [ann]);
    assert.match(lines.join(''), /can't write down the credentials of a pull/);
    assert.ok(!lines.join('').includes('secret'));
  });
});
