// What the answers to an upload say: where it goes on, how much of the blob is there, and how small a chunk may be.
// Registries differ more here than anywhere else, so everything is read leniently and checked before it is used.
// https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pushing-blobs
import { protocolError } from './errors.ts';
import type { HttpResponse } from './transport.ts';

/** Larger than any chunk makes sense: a registry that asks for more can't be meant. */
const MAX_MIN_CHUNK_BYTES = 1 << 30;

/**
 * Where an upload goes on: Location, relative or absolute, with its query as it is. http on the host that is spoken to in
 * https becomes https: registries behind a proxy often do not know better.
 * @returns undefined when the answer has no Location.
 * @throws RegistryError when it leads nowhere, or from https to another host in plain http.
 */
export function uploadLocation(method: string, response: HttpResponse): URL | undefined {
  const text = response.header('location');
  if (text === undefined || text === '') return undefined;
  const url = URL.parse(text, response.url.href);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw protocolError(method, response.url, 'the upload is to go on nowhere');
  }
  if (url.protocol === 'http:' && response.url.protocol === 'https:') {
    if (url.hostname !== response.url.hostname) {
      throw protocolError(method, response.url, 'the upload is to go on in plain http');
    }
    // `host` of a URL leaves the default port out, so 80 becomes 443 and every other stays.
    url.protocol = 'https:';
  }
  url.username = '';
  url.password = '';
  url.hash = '';
  return url;
}

/** The URL that completes an upload. The query that is there may be signed: it stays byte for byte. */
export function completionUrl(upload: URL, digest: string): URL {
  const url = new URL(upload);
  url.search = `${url.search === '' ? '?' : `${url.search}&`}digest=${encodeURIComponent(digest)}`;
  return url;
}

/**
 * Bytes that the registry has, by `Range: 0-LAST`; undefined when it does not say. `0-0` is one byte by the letter, but
 * what registries answer when they have none: it counts as none unless the blob is not longer.
 */
export function uploadedBytes(header: string | undefined, sent: number): number | undefined {
  const match = /^(?:bytes[= ])?0-(\d{1,16})$/.exec(header?.trim() ?? '');
  if (match === null) return undefined;
  const bytes = Number(match[1]) + 1;
  if (!Number.isSafeInteger(bytes)) return undefined;
  return bytes === 1 && sent !== 1 ? 0 : bytes;
}

/** `OCI-Chunk-Min-Length`: no chunk but the last may be smaller. 0 when there is none. */
export function minChunkBytes(header: string | undefined): number {
  const bytes = /^\d{1,16}$/.test(header ?? '') ? Number(header) : 0;
  return Math.min(bytes, MAX_MIN_CHUNK_BYTES);
}
