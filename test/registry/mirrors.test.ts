import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { TestRegistry } from '../support/registry.ts';
import { addRandomBlob, makeClient, referenceTo, temporaryFolder } from './clients.ts';

/** The same image in two registries: the first stands in for the second. */
async function twoRegistries(): Promise<{ mirror: TestRegistry; upstream: TestRegistry } & AsyncDisposable> {
  const [mirror, upstream] = await Promise.all([TestRegistry.start(), TestRegistry.start()]);
  mirror.addImage('a/b', 'v1', []);
  upstream.addImage('a/b', 'v1', []);
  return {
    mirror,
    upstream,
    [Symbol.asyncDispose]: async () => void (await Promise.all([mirror.close(), upstream.close()])),
  };
}

describe('a mirror', () => {
  test('is asked instead of the registry, and told whom it stands in for', async () => {
    await using both = await twoRegistries();
    await using client = makeClient({ mirrors: { [both.upstream.host]: [both.mirror.url] } });
    await client.fetchManifest(referenceTo(both.upstream));
    assert.deepEqual([both.mirror.requests(), both.upstream.requests()], [1, 0]);
    assert.equal(both.mirror.log[0]?.query, `?ns=${encodeURIComponent(both.upstream.host)}`);
  });

  test('that has nothing costs one request; the registry is not told any namespace', async () => {
    await using both = await twoRegistries();
    await using client = makeClient({ mirrors: { [both.upstream.host]: [both.mirror.url] } });
    const { bytes, digest } = addRandomBlob(both.upstream, 1000);
    const blob = client.openBlob(referenceTo(both.upstream), digest, 1000);
    assert.deepEqual(Buffer.from(await blob.readRange(0, 500)), bytes.subarray(0, 500));
    assert.deepEqual(Buffer.from(await blob.readRange(500, 1000)), bytes.subarray(500));
    assert.deepEqual([both.mirror.requests(), both.upstream.requests()], [1, 2]);
    assert.equal(both.upstream.log[0]?.query, '');
  });

  for (const [title, status] of [
    ['is overloaded', 503],
    ['is rate limited', 429],
    ['refuses', 403],
  ] as const) {
    test(`that ${title} is passed over at once`, async () => {
      await using both = await twoRegistries();
      await using client = makeClient({ mirrors: { [both.upstream.host]: [both.mirror.url] } });
      both.mirror.failures.set(100, status);
      await client.fetchManifest(referenceTo(both.upstream));
      assert.deepEqual([both.mirror.requests(), client.stats().retries], [1, 0]);
    });
  }

  test('that is down is left in peace for a while', async () => {
    await using both = await twoRegistries();
    await using client = makeClient({ mirrors: { [both.upstream.host]: [both.mirror.url] } });
    both.mirror.knobs.down = true;
    await client.fetchManifest(referenceTo(both.upstream));
    await client.fetchManifest(referenceTo(both.upstream));
    assert.deepEqual([both.mirror.requests(), both.upstream.requests()], [1, 2]);
  });

  test('that has the wrong bytes is passed over', async () => {
    await using both = await twoRegistries();
    await using client = makeClient({ mirrors: { [both.upstream.host]: [both.mirror.url] } });
    const { digest } = both.upstream.addImage('a/b', 'v1', []);
    both.mirror.content.corrupt(digest, 3);
    await client.fetchManifest(referenceTo(both.upstream, `a/b@${digest}`));
    assert.deepEqual([both.mirror.requests(), both.upstream.requests()], [1, 1]);
  });

  test('that breaks in the middle of a blob hands over to the registry', async () => {
    await using both = await twoRegistries();
    await using client = makeClient({ mirrors: { [both.upstream.host]: [both.mirror.url] } });
    const { bytes, digest } = addRandomBlob(both.upstream, 200_000);
    both.mirror.addBlob('a/b', bytes);
    const blob = client.openBlob(referenceTo(both.upstream), digest, bytes.length);
    assert.deepEqual(Buffer.from(await blob.readRange(0, 1000)), bytes.subarray(0, 1000));
    both.mirror.knobs.down = true;
    assert.deepEqual(Buffer.from(await blob.readRange(1000, 200_000)), bytes.subarray(1000));
    assert.equal(both.upstream.requests(), 1);
  });

  test('that must not resolve tags is asked by digest only', async () => {
    await using both = await twoRegistries();
    const mirrors = { [both.upstream.host]: [{ url: both.mirror.url, resolve: false, headers: { 'x-test': '1' } }] };
    await using client = makeClient({ mirrors });
    const { digest } = (await client.fetchManifest(referenceTo(both.upstream))).descriptor;
    assert.deepEqual([both.mirror.requests(), both.upstream.requests()], [0, 1]);
    await client.fetchManifest(referenceTo(both.upstream), { digest });
    assert.deepEqual([both.mirror.requests(), both.upstream.requests()], [1, 1]);
    assert.equal(both.mirror.log[0]?.headers['x-test'], '1');
  });

  test('gets its own credentials, never those of the registry', async () => {
    await using mirror = await TestRegistry.start({ auth: { kind: 'basic', username: 'm', password: 'm' } });
    await using upstream = await TestRegistry.start({ auth: { kind: 'basic', username: 'u', password: 'u' } });
    using folder = temporaryFolder();
    const auths = { [upstream.host]: { username: 'u', password: 'u' } };
    const dockerConfigPath = folder.write('config.json', JSON.stringify({ auths }));
    await using client = makeClient({ dockerConfigPath, mirrors: { [upstream.host]: [mirror.url] } });
    upstream.addImage('a/b', 'v1', []);
    await client.fetchManifest(referenceTo(upstream));
    assert.deepEqual(
      mirror.log.map(({ authorization }) => authorization),
      [undefined],
    );
  });

  test('and the registry being down, the error is that of the one that may come back', async () => {
    await using both = await twoRegistries();
    await using client = makeClient({ mirrors: { [both.upstream.host]: [both.mirror.url] } });
    both.upstream.failures.set(100, 503);
    const reading = client.fetchManifest(referenceTo(both.upstream, 'a/b:other'));
    await assert.rejects(reading, { status: 503, url: `${both.upstream.url}/v2/a/b/manifests/other` });
    assert.equal(both.upstream.requests(), 4);
  });
});

test('certs.d names the mirrors, and is read again each time', async () => {
  await using both = await twoRegistries();
  using folder = temporaryFolder();
  await using client = makeClient({ certsDirs: [folder.path] });
  await client.fetchManifest(referenceTo(both.upstream));
  assert.equal(both.upstream.requests(), 1);
  const host = join(folder.path, both.upstream.host.replace(/:(\d+)$/, '_$1_'));
  mkdirSync(host);
  writeFileSync(join(host, 'hosts.toml'), `[host."${both.mirror.url}"]\n  header = { x-test = ["a", "b"] }\n`);
  await client.fetchManifest(referenceTo(both.upstream));
  assert.deepEqual([both.mirror.requests(), both.upstream.requests()], [1, 1]);
  assert.equal(both.mirror.log[0]?.headers['x-test'], 'a, b');
});
