import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request as httpRequest } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { proxyFor } from '../../src/registry/proxy.ts';
import { makeCertificates } from '../support/certificates.ts';
import { needs } from '../support/needs.ts';
import { TestRegistry } from '../support/registry.ts';
import { makeClient, temporaryFolder } from './clients.ts';

/** A proxy that takes every request, whatever host it is for, to one place; `asked` lists what it saw. */
async function startProxy(target: string): Promise<{ url: string; asked: string[] } & Disposable> {
  const [host, port] = target.split(':');
  const asked: string[] = [];
  const server = createServer((incoming, outgoing) => {
    asked.push(`${incoming.method} ${incoming.url}`);
    const { pathname } = new URL(incoming.url ?? '');
    httpRequest({ host, port, path: pathname, headers: incoming.headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    }).end();
  });
  server.on('connect', (incoming, socket) => {
    asked.push(`${incoming.method} ${incoming.url}`);
    const away = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      socket.pipe(away).pipe(socket);
    });
    for (const end of [socket, away]) end.on('error', () => away.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, [Symbol.dispose]: close };
}

const REFERENCE = { registry: 'registry.test', repository: 'a/b', tag: 'v1' };

describe('a proxy', () => {
  test('is asked for plain http by whole URL', async () => {
    await using registry = await TestRegistry.start();
    using proxy = await startProxy(registry.host);
    const transport = { env: { HTTP_PROXY: proxy.url } };
    await using client = makeClient({ transport, plainHttpHosts: ['registry.test'] });
    registry.addImage('a/b', 'v1', []);
    await client.fetchManifest(REFERENCE);
    assert.deepEqual(proxy.asked, ['GET http://registry.test/v2/a/b/manifests/v1']);
  });

  test('is asked for a tunnel for https', { skip: needs('openssl') }, async () => {
    using folder = temporaryFolder();
    const { serverCert, serverKey } = makeCertificates(folder.path);
    await using registry = await TestRegistry.start({ tls: { cert: serverCert, key: serverKey } });
    using proxy = await startProxy(registry.host);
    mkdirSync(join(folder.path, '_default'));
    folder.write('_default/hosts.toml', 'skip_verify = true');
    const transport = { env: { https_proxy: proxy.url } };
    await using client = makeClient({ transport, certsDirs: [folder.path] });
    registry.addImage('a/b', 'v1', []);
    await client.fetchManifest(REFERENCE);
    assert.deepEqual(proxy.asked, ['CONNECT registry.test:443']);
  });
});

describe('the variables of proxies', () => {
  const both = { http_proxy: 'http://h:1', HTTPS_PROXY: 's:2' };
  const cases: [url: string, noProxy: string, proxy: string | undefined][] = [
    ['http://r.io', '', 'http://h:1/'],
    ['https://r.io', '', 'http://s:2/'],
    ['https://localhost:5000', '', undefined],
    ['http://127.0.0.1', '', undefined],
    ['https://r.io', '*', undefined],
    ['https://r.io', 'a.io, r.io', undefined],
    ['https://x.r.io', 'r.io', undefined],
    ['https://xr.io', 'r.io', 'http://s:2/'],
    ['https://x.r.io', '.r.io', undefined],
    ['https://x.r.io', '*.r.io', undefined],
    ['https://r.io', '.r.io', 'http://s:2/'],
    ['https://r.io', 'r.io:443', undefined],
    ['https://r.io:5000', 'r.io:443', 'http://s:2/'],
    ['https://10.1.2.3', '10.0.0.0/8', undefined],
    ['https://11.1.2.3', '10.0.0.0/8', 'http://s:2/'],
    ['https://[fd00::1]', 'fd00::/8', undefined],
    ['https://[fd00::1]', 'fd00::1', undefined],
    ['https://r.io', '10.0.0.0/99', 'http://s:2/'],
  ];
  for (const [url, no_proxy, proxy] of cases) {
    test(`send ${url} ${proxy === undefined ? 'directly' : `to ${proxy}`} with NO_PROXY=${no_proxy}`, () => {
      assert.equal(proxyFor(new URL(url), { ...both, no_proxy })?.href, proxy);
    });
  }

  test('are not quoted when they are wrong', () => {
    assert.throws(
      () => proxyFor(new URL('http://r.io'), { HTTP_PROXY: 'socks5://u:secret@h' }),
      (error: Error) => {
        assert.equal(error.message, 'http_proxy is not the URL of an HTTP proxy');
        return true;
      },
    );
    assert.equal(proxyFor(new URL('http://r.io'), {}), undefined);
  });
});
