// The rules of the cache service: which entry a lookup finds, what is refused, what tokens allow.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CacheService } from './cache-service.ts';
import { call, find, seed, VERSION } from './cache-service-http.ts';
import { encodeToken, parseToken, scopesOf } from './cache-service-token.ts';

test('a job sees its own branch before the default branch, and no other branch', async () => {
  await using service = await CacheService.start();
  const feature = { ref: 'refs/heads/feature' };
  await seed(service, 'key-main', 'main');
  assert.equal(await find(service, 'key-main', [], feature), 'key-main=main');
  await seed(service, 'key-feature', 'feature', feature);
  assert.equal(await find(service, 'absent', ['key-'], feature), 'key-feature=feature');
  assert.equal(await find(service, 'key-feature'), undefined);
  assert.equal(await find(service, 'key-feature', [], { ref: 'refs/heads/other' }), undefined);
});

test('the same key in another branch is another entry', async () => {
  await using service = await CacheService.start();
  const feature = { ref: 'refs/heads/feature' };
  await seed(service, 'key', 'main');
  await seed(service, 'key', 'feature', feature);
  assert.equal(await find(service, 'key'), 'key=main');
  assert.equal(await find(service, 'key', [], feature), 'key=feature');
});

test('the exact key goes before a newer one that it is a prefix of', async () => {
  await using service = await CacheService.start();
  await seed(service, 'key', 'exact');
  await seed(service, 'key-longer', 'newer');
  assert.equal(await find(service, 'key'), 'key=exact');
  assert.equal(await find(service, 'ke'), 'key-longer=newer');
});

test('the entries that were used last stay when the quota is reached', async () => {
  await using service = await CacheService.start({ knobs: { quotaBytes: 10 } });
  await seed(service, 'a', 'aaaa');
  await seed(service, 'b', 'bbbb');
  assert.equal(await find(service, 'a'), 'a=aaaa');
  await seed(service, 'c', 'cccc');
  assert.deepEqual(service.entries.map(({ key }) => key).toSorted(), ['a', 'c']);
});

test('a size other than what was uploaded is not finalized', async () => {
  await using service = await CacheService.start();
  const entry = { key: 'key', version: VERSION };
  const { signed_upload_url: url } = await call(service, 'CreateCacheEntry', entry);
  const nothing = await call(service, 'FinalizeCacheEntryUpload', { ...entry, size_bytes: '0' });
  assert.deepEqual([nothing['ok'], nothing['message']], [false, 'cache entry has no upload']);
  await fetch(String(url), { method: 'PUT', body: 'text' });
  assert.equal((await call(service, 'FinalizeCacheEntryUpload', { ...entry, size_bytes: '3' }))['ok'], false);
  assert.equal((await call(service, 'FinalizeCacheEntryUpload', { ...entry, size_bytes: '4' }))['ok'], true);
});

test('requests that are none are refused', async () => {
  await using service = await CacheService.start();
  for (const body of ['{', '[]', '{"key":""}', JSON.stringify({ key: 'k'.repeat(513), version: VERSION })]) {
    assert.equal((await call(service, 'CreateCacheEntry', body)).status, 400, body);
  }
  assert.equal((await call(service, 'DeleteEverything', {})).status, 404);
  assert.equal((await call(service, 'CreateCacheEntry', { key: 'k', version: VERSION }, 'no.such.token')).status, 401);
});

test('tokens say what they allow, and only those of the right key are read', () => {
  const scopes = scopesOf({ ref: 'refs/pull/1/merge', mode: 'read' });
  assert.deepEqual(scopes, [
    { scope: 'refs/pull/1/merge', read: true, write: false },
    { scope: 'refs/heads/main', read: true, write: false },
  ]);
  const token = encodeToken(scopes, 'key');
  assert.deepEqual(parseToken(token, 'key'), scopes);
  assert.equal(parseToken(token, 'other'), undefined);
  assert.equal(parseToken('', 'key'), undefined);
  const [header, , signature] = token.split('.');
  const forged = encodeToken(scopesOf(), 'other').split('.')[1];
  assert.equal(parseToken([header, forged, signature].join('.'), 'key'), undefined);
});
