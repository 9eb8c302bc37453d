// Calls to the cache service without a client and its retries, for tests of the service's own rules.
import assert from 'node:assert/strict';
import type { CacheService } from './cache-service.ts';
import type { TokenOptions } from './cache-service-token.ts';

/** A version as the client makes them: the digest of paths and compression. */
export const VERSION: string = 'a'.repeat(64);

/** One call: the fields of its answer, and its status as `status`. */
export async function call(
  service: CacheService,
  method: string,
  body: object | string,
  token: string = service.token(),
): Promise<Record<string, unknown>> {
  const response = await fetch(`${service.url}twirp/github.actions.results.api.v1.CacheService/${method}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, ...((await response.json()) as Record<string, unknown>) };
}

/** Saves an entry by the calls themselves. */
export async function seed(service: CacheService, key: string, text: string, options?: TokenOptions): Promise<void> {
  const token = service.token(options);
  const { signed_upload_url: url } = await call(service, 'CreateCacheEntry', { key, version: VERSION }, token);
  const put = await fetch(String(url), { method: 'PUT', headers: { 'x-ms-blob-type': 'BlockBlob' }, body: text });
  assert.equal(put.status, 201);
  const size = String(Buffer.byteLength(text));
  const finalize = { key, version: VERSION, size_bytes: size };
  assert.equal((await call(service, 'FinalizeCacheEntryUpload', finalize, token))['ok'], true);
}

/** `KEY=TEXT` of the entry that a lookup finds; undefined for a miss. */
export async function find(
  service: CacheService,
  key: string,
  restoreKeys: readonly string[] = [],
  options?: TokenOptions,
): Promise<string | undefined> {
  const request = { key, version: VERSION, restore_keys: restoreKeys };
  const answer = await call(service, 'GetCacheEntryDownloadURL', request, service.token(options));
  if (answer['ok'] !== true) return undefined;
  const text = await (await fetch(String(answer['signed_download_url']))).text();
  return `${String(answer['matched_key'])}=${text}`;
}
