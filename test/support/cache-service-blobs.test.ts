// The blob storage of the cache service, with Azure's own library and with plain requests.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { CacheService } from './cache-service.ts';
import { call, find, seed, VERSION } from './cache-service-http.ts';

test("Azure's library uploads in blocks and downloads ranges", async () => {
  await using service = await CacheService.start();
  const { signed_upload_url: upload } = await call(service, 'CreateCacheEntry', { key: 'big', version: VERSION });
  // The library is a dependency of the client, not of ours.
  const azure = createRequire(import.meta.resolve('@actions/cache'));
  const { BlockBlobClient } = azure('@azure/storage-blob') as {
    BlockBlobClient: new (url: string) => {
      uploadData(data: Buffer, options: object): Promise<unknown>;
      getProperties(): Promise<{ contentLength?: number }>;
      downloadToBuffer(offset: number, count: number): Promise<Buffer>;
    };
  };
  const body = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7919) >> 8));
  const blocks = { maxSingleShotSize: 1000, blockSize: 100_000, concurrency: 2 };
  await new BlockBlobClient(String(upload)).uploadData(body, blocks);
  assert.equal(service.requests('PutBlock'), 3);
  assert.equal(service.requests('PutBlockList'), 1);
  const size = { key: 'big', version: VERSION, size_bytes: String(body.length) };
  assert.equal((await call(service, 'FinalizeCacheEntryUpload', size))['ok'], true);
  const found = await call(service, 'GetCacheEntryDownloadURL', { key: 'big', version: VERSION });
  const blob = new BlockBlobClient(String(found['signed_download_url']));
  assert.equal((await blob.getProperties()).contentLength, body.length);
  assert.deepEqual(await blob.downloadToBuffer(1000, 250_000), body.subarray(1000, 251_000));
  assert.equal(service.log.at(-1)?.range, 'bytes=1000-250999');
});

test('a signature is for one blob and one direction', async () => {
  await using service = await CacheService.start();
  const { signed_upload_url: upload } = await call(service, 'CreateCacheEntry', { key: 'a', version: VERSION });
  assert.equal((await fetch(String(upload))).status, 403);
  const other = String(upload).replace('sig=', 'sig=AA');
  assert.equal((await fetch(other, { method: 'PUT', body: 'text' })).status, 403);
  assert.equal((await fetch(String(upload), { method: 'PUT', body: 'text' })).status, 201);
});

test('what was finalized can not be written again', async () => {
  await using service = await CacheService.start();
  const { signed_upload_url: upload } = await call(service, 'CreateCacheEntry', { key: 'a', version: VERSION });
  await fetch(String(upload), { method: 'PUT', body: 'text' });
  await call(service, 'FinalizeCacheEntryUpload', { key: 'a', version: VERSION, size_bytes: '4' });
  assert.equal((await fetch(String(upload), { method: 'PUT', body: 'evil' })).status, 409);
  assert.equal(await find(service, 'a'), 'a=text');
});

test('a range past the end is refused, and downloads fail as the knob says', async () => {
  await using service = await CacheService.start();
  await seed(service, 'a', 'text');
  const found = await call(service, 'GetCacheEntryDownloadURL', { key: 'a', version: VERSION });
  const url = String(found['signed_download_url']);
  const range = async (value: string): Promise<Response> => fetch(url, { headers: { range: value } });
  assert.equal(await (await range('bytes=1-2')).text(), 'ex');
  assert.equal(await (await range('bytes=2-')).text(), 'xt');
  assert.equal((await range('bytes=4-')).status, 416);
  service.knobs.downloadStatus = 403;
  assert.equal((await fetch(url)).status, 403);
});
