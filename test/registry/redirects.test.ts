import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, test } from 'node:test';
import type { RegistryError } from '../../src/errors.ts';
import { isLinkLocal, safeLookup } from '../../src/registry/link-local.ts';
import { TestRegistry } from '../support/registry.ts';
import { addRandomBlob, makeClient, referenceTo } from './clients.ts';

const SIZE = 10_000;

describe('a registry that redirects blobs', () => {
  test('is asked once per blob: the redirect is remembered, and gets no credentials', async () => {
    await using registry = await TestRegistry.start({ auth: { kind: 'token' }, knobs: { redirectTo: 'cdn' } });
    await using client = makeClient();
    const { bytes, digest } = addRandomBlob(registry, SIZE);
    const blob = client.openBlob(referenceTo(registry), digest, SIZE);
    for (const start of [0, 100, 200, 300]) {
      assert.deepEqual(Buffer.from(await blob.readRange(start, start + 50)), bytes.subarray(start, start + 50));
    }
    // 401, token, redirect; then four ranges.
    assert.deepEqual([registry.requests('registry'), registry.requests('cdn')], [3, 4]);
  });

  test('is asked once even when many ranges are wanted at once', async () => {
    await using registry = await TestRegistry.start({ knobs: { redirectTo: 'cdn', latencyMs: 5 } });
    await using client = makeClient();
    const { bytes, digest } = addRandomBlob(registry, SIZE);
    const blob = client.openBlob(referenceTo(registry), digest, SIZE);
    const parts = await Promise.all([0, 1, 2, 3, 4].map((part) => blob.readRange(part * 100, part * 100 + 100)));
    assert.deepEqual(Buffer.concat(parts), bytes.subarray(0, 500));
    assert.deepEqual([registry.requests('registry'), registry.requests('cdn')], [1, 5]);
  });

  test('is asked again, once, when the redirect target has expired', async () => {
    await using registry = await TestRegistry.start({ knobs: { redirectTo: 'cdn', latencyMs: 5 } });
    await using client = makeClient();
    const { bytes, digest } = addRandomBlob(registry, SIZE);
    const blob = client.openBlob(referenceTo(registry), digest, SIZE);
    await blob.readRange(0, 1);
    registry.expireRedirects();
    registry.forget();
    const parts = await Promise.all([0, 1, 2].map((part) => blob.readRange(part * 100, part * 100 + 100)));
    assert.deepEqual(Buffer.concat(parts), bytes.subarray(0, 300));
    assert.equal(registry.requests('registry'), 1);
    assert.deepEqual(
      registry.log.filter(({ server }) => server === 'cdn').map(({ status }) => status),
      [403, 403, 403, 206, 206, 206],
    );
    assert.equal(client.stats().retries, 0);
  });

  test('is asked again when the CDN breaks, and the range is finished', async () => {
    await using registry = await TestRegistry.start({ knobs: { redirectTo: 'cdn', dropAfter: 10, dropCount: 1 } });
    await using client = makeClient();
    const { bytes, digest } = addRandomBlob(registry, SIZE);
    assert.deepEqual(Buffer.from(await client.openBlob(referenceTo(registry), digest, SIZE).readRange(0, SIZE)), bytes);
    assert.equal(registry.requests('cdn'), 2);
  });

  test('may stop redirecting', async () => {
    await using registry = await TestRegistry.start({ knobs: { redirectTo: 'cdn' } });
    await using client = makeClient();
    const { bytes, digest } = addRandomBlob(registry, SIZE);
    const blob = client.openBlob(referenceTo(registry), digest, SIZE);
    await blob.readRange(0, 1);
    registry.knobs.redirectTo = undefined;
    registry.expireRedirects();
    assert.deepEqual(Buffer.from(await blob.readRange(5, 9)), bytes.subarray(5, 9));
  });

  const refusals: [location: string, message: RegExp][] = [
    ['http://169.254.169.254/latest/meta-data', /link-local addresses are refused/],
    ['http://2852039166/', /link-local addresses are refused/],
    ['http://[::ffff:169.254.169.254]/', /link-local addresses are refused/],
    ['ftp://example.com/', /a redirect to nowhere/],
    ['', /more than 5 redirects/],
  ];
  for (const [location, message] of refusals) {
    test(`is not followed to ${location === '' ? 'itself for ever' : location}`, async () => {
      const server = createServer((_, response) => response.writeHead(307, { location }).end()).listen(0, '127.0.0.1');
      await once(server, 'listening');
      await using client = makeClient();
      const { port } = server.address() as AddressInfo;
      const reference = { registry: `127.0.0.1:${port}`, repository: 'a/b' };
      const reading = client.openBlob(reference, `sha256:${'0'.repeat(64)}`, 10).readRange(0, 10);
      await assert.rejects(reading, (error: RegistryError) => {
        assert.match(error.message, message);
        return !error.retryable;
      });
      server.close();
    });
  }
});

test('link-local addresses are known in every spelling', () => {
  for (const address of ['169.254.0.1', '169.254.169.254', 'fe80::1', '::ffff:169.254.1.1', 'fd00:ec2::254']) {
    assert.equal(isLinkLocal(address), true, address);
  }
  for (const address of ['169.253.255.255', '10.0.0.1', '127.0.0.1', '::1', 'fd00::1', 'example.com', '']) {
    assert.equal(isLinkLocal(address), false, address);
  }
});

test('a name is not looked up to a link-local address', async () => {
  const lookup = (name: string, all: boolean): Promise<unknown> =>
    new Promise((resolve, reject) => {
      safeLookup(name, { all }, (error, address) => (error === null ? resolve(address) : reject(error)));
    });
  await assert.rejects(lookup('169.254.169.254', true), { code: 'LAZYPULL_LINK_LOCAL' });
  await assert.rejects(lookup('169.254.169.254', false), { code: 'LAZYPULL_LINK_LOCAL' });
  assert.equal(await lookup('127.0.0.1', false), '127.0.0.1');
  assert.deepEqual(await lookup('127.0.0.1', true), [{ address: '127.0.0.1', family: 4 }]);
});
