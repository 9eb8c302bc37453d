// Registries that say what can't be: of what they stored, of what they have, and of where an upload goes on.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, test } from 'node:test';
import { digestOf } from '../../src/oci/digest.ts';
import { OCI_MANIFEST } from '../../src/oci/media-types.ts';
import { parseReference } from '../../src/oci/reference.ts';
import type { RegistryPusher } from '../../src/registry/push.ts';
import type { HttpResponse } from '../../src/registry/transport.ts';
import { uploadLocation } from '../../src/registry/upload-headers.ts';
import { noise } from '../support/entries.ts';
import { makeClient } from './clients.ts';

type Answer = readonly [status: number, headers: Readonly<Record<string, string>>];

/** Pushes to a registry that answers so, and opens an upload for every POST. */
async function pushTo(
  answer: (request: IncomingMessage) => Answer,
  push: (pusher: RegistryPusher) => Promise<void>,
): Promise<void> {
  const server = createServer((request, response) => {
    request.resume().once('end', () => {
      const [status, headers] = request.method === 'POST' ? [202, { location: '/up' }] : answer(request);
      response.writeHead(status, headers).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = makeClient();
  try {
    await using pusher = client.pusher(parseReference(`127.0.0.1:${port}/a/b:v1`));
    await push(pusher);
  } finally {
    await client.close();
    server.closeAllConnections();
    server.close();
  }
}

const OTHER = digestOf(Buffer.from('other'));

function blob(size: number): Parameters<RegistryPusher['pushBlob']>[0] {
  const bytes = noise(size);
  const open = async function* (offset: number): AsyncGenerator<Uint8Array> {
    yield bytes.subarray(offset);
  };
  return { descriptor: { mediaType: 'application/octet-stream', digest: digestOf(bytes), size }, open };
}

describe('a push is an error', () => {
  test('when the registry says that it stored another blob, and not when it says nothing', async () => {
    const stored = (headers: Record<string, string>) => (): Answer => [201, headers];
    await assert.rejects(
      pushTo(stored({ 'docker-content-digest': OTHER }), (pusher) => pusher.pushBlob(blob(1000))),
      { code: 'VERIFICATION' },
    );
    await pushTo(stored({}), (pusher) => pusher.pushBlob(blob(1000)));
  });

  test('when the registry says that it stored another manifest, and not when it says nothing', async () => {
    const manifest = { bytes: Buffer.from('{}'), mediaType: OCI_MANIFEST };
    const stored = (headers: Record<string, string>) => (): Answer => [201, headers];
    await assert.rejects(
      pushTo(stored({ 'docker-content-digest': OTHER }), (pusher) => pusher.pushManifest(manifest, 'v1')),
      { code: 'VERIFICATION' },
    );
    await pushTo(stored({ 'docker-content-digest': 'nonsense' }), (pusher) => pusher.pushManifest(manifest, 'v1'));
  });

  test('when the registry says that it has more than was sent', async () => {
    const size = 6_000_000;
    const answer =
      (range: string) =>
      ({ method }: IncomingMessage): Answer =>
        method === 'PUT' ? [201, {}] : [method === 'PATCH' ? 202 : 204, { range }];
    await assert.rejects(
      pushTo(answer(`0-${size}`), (pusher) => pusher.pushBlob(blob(size))),
      /bytes were sent, and the registry says it has 6000001/,
    );
    await pushTo(answer(`0-${size - 1}`), (pusher) => pusher.pushBlob(blob(size)));
  });
});

describe('the place where an upload goes on', () => {
  const places: readonly [location: string, goesOn: string | RegExp][] = [
    ['/up?a=1', 'https://r.io:5000/up?a=1'],
    ['https://cdn.io/up', 'https://cdn.io/up'],
    ['http://r.io:5000/up', 'https://r.io:5000/up'],
    ['http://r.io/up', 'https://r.io/up'],
    ['https://ann:secret@r.io:5000/up#x', 'https://r.io:5000/up'],
    ['http://cdn.io/up', /in plain http/],
    ['ftp://r.io/up', /on nowhere/],
    ['https://', /on nowhere/],
  ];
  for (const [location, goesOn] of places) {
    test(`is ${String(goesOn)} for ${location} from https://r.io:5000`, () => {
      const url = new URL('https://r.io:5000/v2/a/b/blobs/uploads/');
      const response = { url, header: () => location } as unknown as HttpResponse;
      if (typeof goesOn === 'string') assert.equal(uploadLocation('POST', response)?.href, goesOn);
      else assert.throws(() => uploadLocation('POST', response), goesOn);
    });
  }
});
