import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { RegistryHost } from '../../src/registry/host.ts';
import { loadCertsDir, parseBase } from '../../src/registry/hosts-toml.ts';
import { temporaryFolder } from './clients.ts';

/** What a hosts.toml in a folder of some name makes of a registry. */
async function load(toml: string, registry = 'docker.io', name = registry): Promise<RegistryHost[] | undefined> {
  using folder = temporaryFolder();
  mkdirSync(join(folder.path, name));
  folder.write(join(name, 'hosts.toml'), toml);
  for (const file of ['ca.crt', 'client.cert', 'client.key']) folder.write(join(name, file), `PEM of ${file}`);
  return await loadCertsDir(folder.path, registry, []);
}

describe('hosts.toml', () => {
  test('lists mirrors in its order, and the registry itself last', async () => {
    const hosts = await load(`
      server = "https://registry-1.docker.io"
      [host."https://mirror.example:5000/prefix"]
        capabilities = ["pull"]
      [host."http://127.0.0.1:6000"]
    `);
    assert.deepEqual(
      hosts?.map(({ base, capabilities, credentialsOf, namespace }) => [
        base.href,
        [...capabilities],
        credentialsOf,
        namespace,
      ]),
      [
        ['https://mirror.example:5000/prefix/v2', ['pull'], 'mirror.example:5000', 'docker.io'],
        ['http://127.0.0.1:6000/v2', ['pull', 'resolve', 'push'], '127.0.0.1:6000', 'docker.io'],
        ['https://registry-1.docker.io/v2', ['pull', 'resolve', 'push'], 'docker.io', undefined],
      ],
    );
  });

  test('may leave out the server, and have settings for it', async () => {
    const hosts = await load('skip_verify = true\ndial_timeout = "1m1.5s"\nclient = "client.cert"', 'reg.example');
    assert.deepEqual(
      hosts?.map(({ base }) => base.href),
      ['https://reg.example/v2'],
    );
    const tls = hosts?.[0]?.tls;
    assert.deepEqual([tls?.skipVerify, tls?.connectTimeoutMs], [true, 61_500]);
    assert.deepEqual(tls?.client, { cert: 'PEM of client.cert', key: 'PEM of client.cert' });
  });

  test('brings certificates by paths relative to itself, and headers', async () => {
    const [host] =
      (await load(`
        [host."https://m.example"]
          ca = ["ca.crt"]
          client = [["client.cert", "client.key"]]
          [host."https://m.example".header]
            X-One = "1"
            X-Two = ["2", "3"]
      `)) ?? [];
    assert.deepEqual(host?.tls?.ca, ['PEM of ca.crt']);
    assert.deepEqual(host?.tls?.client, { cert: 'PEM of client.cert', key: 'PEM of client.key' });
    assert.deepEqual(host?.headers, { 'x-one': '1', 'x-two': '2, 3' });
    assert.equal(host?.tls?.skipVerify, false);
  });

  const folders: [registry: string, folder: string, fits: boolean][] = [
    ['localhost:5000', 'localhost_5000_', true],
    ['localhost:5000', 'localhost:5000', true],
    ['localhost:5000', '_default', true],
    ['localhost:5000', 'localhost', false],
    ['reg.example', 'reg.example', true],
    ['reg.example', 'other.example', false],
  ];
  for (const [registry, folder, fits] of folders) {
    test(`in a folder ${folder} is ${fits ? '' : 'not '}for ${registry}`, async () => {
      const hosts = await load('[host."https://m.example"]', registry, folder);
      assert.equal(hosts?.length, fits ? 2 : undefined);
    });
  }

  const broken: [title: string, toml: string][] = [
    ['no TOML', 'server = '],
    ['an unknown capability', 'capabilities = ["fly"]'],
    ['a host that is no table', '[host]\n"https://m.example" = 1'],
    ['a header that is a number', '[header]\nx = 1'],
    ['a timeout without a unit', 'dial_timeout = "5"'],
    ['a CA that is not there', 'ca = "nowhere.crt"'],
    ['a server that is no URL', 'server = "https://"'],
  ];
  for (const [title, toml] of broken) {
    test(`with ${title} is an error for the user`, async () => assert.rejects(load(toml), { code: 'CONFIG' }));
  }

  test('is not needed: bare certificates count as those of the registry', async () => {
    using folder = temporaryFolder();
    mkdirSync(join(folder.path, 'reg.example'));
    for (const file of ['a.crt', 'b.crt', 'me.cert', 'me.key']) folder.write(join('reg.example', file), file);
    const hosts = await loadCertsDir(folder.path, 'reg.example', []);
    assert.deepEqual(
      hosts?.map(({ base }) => base.href),
      ['https://reg.example/v2'],
    );
    assert.deepEqual(hosts?.[0]?.tls?.ca, ['a.crt', 'b.crt']);
    assert.deepEqual(hosts?.[0]?.tls?.client, { cert: 'me.cert', key: 'me.key' });
  });
});

describe('the URL of a host', () => {
  const cases: [text: string, overridePath: boolean, base: string][] = [
    ['https://m.example', false, 'https://m.example/v2'],
    ['https://m.example/', false, 'https://m.example/v2'],
    ['https://m.example/v2', false, 'https://m.example/v2'],
    ['https://m.example/v2/', false, 'https://m.example/v2'],
    ['https://m.example/proxy', false, 'https://m.example/proxy/v2'],
    ['https://m.example/proxy', true, 'https://m.example/proxy'],
    ['https://m.example', true, 'https://m.example/'],
    ['m.example:5000', false, 'https://m.example:5000/v2'],
    ['localhost:5000', false, 'http://localhost:5000/v2'],
    ['127.0.0.1', false, 'http://127.0.0.1/v2'],
    ['127.evil.example', false, 'https://127.evil.example/v2'],
    ['plain.example', false, 'http://plain.example/v2'],
    ['[::1]:5000', false, 'http://[::1]:5000/v2'],
  ];
  for (const [text, overridePath, base] of cases) {
    test(`${text}${overridePath ? ' with override_path' : ''} is ${base}`, () => {
      assert.equal(parseBase(text, overridePath, ['plain.example']).href, base);
    });
  }
});
