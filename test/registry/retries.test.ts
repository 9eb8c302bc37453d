import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { RegistryError } from '../../src/errors.ts';
import { parseRetryAfter } from '../../src/registry/errors.ts';
import { abortable, Backoff, DEFAULT_RETRY } from '../../src/registry/retry.ts';
import { TestRegistry } from '../support/registry.ts';
import { addRandomBlob, makeClient, referenceTo } from './clients.ts';

describe('a registry that fails', () => {
  for (const status of [408, 429, 500, 502, 503, 504]) {
    test(`is asked again after ${status}`, async () => {
      await using registry = await TestRegistry.start();
      await using client = makeClient();
      registry.addImage('a/b', 'v1', []);
      registry.failures.set(2, status);
      await client.fetchManifest(referenceTo(registry));
      assert.deepEqual([registry.requests(), client.stats().retries], [3, 2]);
    });
  }

  for (const status of [400, 403, 404, 405, 410, 451, 501]) {
    test(`is not asked again after ${status}`, async () => {
      await using registry = await TestRegistry.start();
      await using client = makeClient();
      registry.failures.set(1, status);
      await assert.rejects(client.fetchManifest(referenceTo(registry)), { status, retryable: false });
      assert.equal(registry.requests(), 1);
    });
  }

  test('is given up after the tries of the policy', async () => {
    await using registry = await TestRegistry.start();
    await using client = makeClient({ retry: { retries: 2 } });
    registry.failures.set(100, 503);
    await assert.rejects(client.fetchManifest(referenceTo(registry)), { status: 503, retryable: true });
    assert.equal(registry.requests(), 3);
  });

  test('is asked again when it closes connections', async () => {
    await using registry = await TestRegistry.start({ knobs: { down: true } });
    await using client = makeClient();
    const { bytes, digest } = addRandomBlob(registry, 100);
    const blob = client.openBlob(referenceTo(registry), digest, 100);
    await assert.rejects(blob.readRange(0, 100), { code: 'REGISTRY', status: undefined, retryable: true });
    assert.equal(registry.requests(), 4);
    registry.knobs.down = false;
    assert.deepEqual(Buffer.from(await blob.readRange(0, 100)), bytes);
  });

  test('has its Retry-After respected', async () => {
    await using registry = await TestRegistry.start();
    await using client = makeClient();
    registry.addImage('a/b', 'v1', []);
    registry.failures.set(1, 429, '1');
    const before = performance.now();
    await client.fetchManifest(referenceTo(registry));
    assert.ok(performance.now() - before >= 990);
  });

  test('fails at once when its Retry-After is longer than anybody waits', async () => {
    await using registry = await TestRegistry.start();
    await using client = makeClient();
    registry.failures.set(1, 429, '3600');
    await assert.rejects(client.fetchManifest(referenceTo(registry)), { status: 429 });
    assert.equal(registry.requests(), 1);
  });

  test('names what it did not do, where, and why', async () => {
    await using registry = await TestRegistry.start();
    await using client = makeClient();
    await assert.rejects(client.fetchManifest(referenceTo(registry, 'a/b:none')), (error: RegistryError) => {
      assert.equal(error.message, `GET ${registry.url}/v2/a/b/manifests/none: 404 (MANIFEST_UNKNOWN)`);
      assert.deepEqual(
        [error.method, error.url, error.status, error.diagnostics],
        ['GET', `${registry.url}/v2/a/b/manifests/none`, 404, ['MANIFEST_UNKNOWN']],
      );
      return true;
    });
  });
});

describe('Retry-After', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  const cases: [header: string | undefined, ms: number | undefined][] = [
    [undefined, undefined],
    ['0', 0],
    ['120', 120_000],
    ['Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
    ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
    ['soon', undefined],
    ['', undefined],
  ];
  for (const [header, ms] of cases) {
    test(`${JSON.stringify(header)} is ${ms} ms`, () => assert.equal(parseRetryAfter(header, now), ms));
  }
});

test('a back-off counts afresh after progress', async () => {
  const error = new RegistryError('no', { method: 'GET', url: '', retryable: true });
  const backoff = new Backoff({ ...DEFAULT_RETRY, retries: 1, baseDelayMs: 0 }, () => {});
  await backoff.pause(error);
  await assert.rejects(backoff.pause(error), (thrown) => thrown === error);
  backoff.progress();
  await backoff.pause(error);
});

test('a shared promise is left alone by the one who aborts', async () => {
  const shared = Promise.withResolvers<number>();
  const controller = new AbortController();
  const impatient = abortable(shared.promise, controller.signal);
  const patient = abortable(shared.promise);
  controller.abort(new Error('gone'));
  await assert.rejects(impatient, /gone/);
  shared.resolve(7);
  assert.equal(await patient, 7);
});
