import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { VerificationError } from '../../src/errors.ts';
import type { Digest } from '../../src/oci/digest.ts';
import { OCI_INDEX } from '../../src/oci/media-types.ts';
import { TestRegistry } from '../support/registry.ts';
import { addRandomBlob, makeClient, referenceTo } from './clients.ts';

const AMD64 = { os: 'linux', architecture: 'amd64' };

describe('a manifest', () => {
  test('is fetched by tag with one request, no HEAD and no ping', async () => {
    await using registry = await TestRegistry.start();
    await using client = makeClient();
    const layer = registry.addBlob('a/b', Buffer.from('layer'), 'application/vnd.oci.image.layer.v1.tar+gzip');
    const image = registry.addImage('a/b', 'v1', [layer]);
    const fetched = await client.fetchManifest(referenceTo(registry));
    assert.deepEqual(fetched.descriptor, image);
    assert.equal(fetched.bytes.length, image.size);
    assert.ok(fetched.manifest.kind === 'image');
    assert.deepEqual(fetched.manifest.layers, [layer]);
    assert.deepEqual(
      registry.log.map(({ method, path }) => `${method} ${path}`),
      ['GET /v2/a/b/manifests/v1'],
    );
    assert.match(String(registry.log[0]?.headers['accept']), /oci\.image\.index.*docker\.distribution\.manifest\.v2/);
  });

  test('is refused when it is not what its digest says', async () => {
    await using registry = await TestRegistry.start();
    await using client = makeClient();
    const { digest } = registry.addImage('a/b', 'v1', []);
    registry.content.corrupt(digest, 5);
    const reference = referenceTo(registry, `a/b@${digest}`);
    await assert.rejects(client.fetchManifest(reference), (error) => error instanceof VerificationError);
  });

  test('is refused by tag when it is not what Docker-Content-Digest says', async () => {
    await using registry = await TestRegistry.start();
    await using client = makeClient();
    registry.addImage('a/b', 'v1', []);
    registry.knobs.contentDigest = `sha256:${'0'.repeat(64)}`;
    await assert.rejects(client.fetchManifest(referenceTo(registry)), { code: 'VERIFICATION' });
    registry.knobs.contentDigest = '';
    await client.fetchManifest(referenceTo(registry));
  });

  test('is refused when it is longer than 4 MiB', async () => {
    await using registry = await TestRegistry.start();
    await using client = makeClient({ retry: { retries: 0 } });
    const padding = 'x'.repeat(5 << 20);
    registry.addManifest('a/b', { schemaVersion: 2, mediaType: OCI_INDEX, manifests: [], padding }, 'v1');
    await assert.rejects(client.fetchManifest(referenceTo(registry)), /longer than 4194304 bytes/);
  });
});

describe('an image', () => {
  test('is resolved through an index with two requests, past its attestations', async () => {
    await using registry = await TestRegistry.start();
    await using client = makeClient();
    const config = { architecture: 'arm64' };
    const unknown = { os: 'unknown', architecture: 'unknown' };
    const attestation = { ...registry.addImage('a/b', 'att', [], { x: 1 }), platform: unknown };
    const arm = { ...registry.addImage('a/b', 'arm', [], config), platform: { os: 'linux', architecture: 'arm64' } };
    const amd = { ...registry.addImage('a/b', 'amd', []), platform: AMD64 };
    const manifests = [attestation, arm, amd];
    const index = registry.addManifest('a/b', { schemaVersion: 2, mediaType: OCI_INDEX, manifests }, 'v1');
    const image = await client.resolveImage(referenceTo(registry), AMD64);
    assert.equal(image.descriptor.digest, amd.digest);
    assert.equal(image.index?.digest, index.digest);
    assert.equal(image.manifest.kind, 'image');
    assert.equal(registry.requests(), 2);
    await assert.rejects(client.resolveImage(referenceTo(registry), { os: 'linux', architecture: 's390x' }), {
      code: 'NOT_FOUND',
      message: 'no image for linux/s390x; there is linux/arm64, linux/amd64',
    });
  });

  test('is resolved without an index', async () => {
    await using registry = await TestRegistry.start();
    await using client = makeClient();
    const { digest } = registry.addImage('a/b', 'v1', []);
    const image = await client.resolveImage(referenceTo(registry), AMD64);
    assert.deepEqual([image.descriptor.digest, image.index], [digest, undefined]);
  });

  test('is not looked for in indexes without end', async () => {
    await using registry = await TestRegistry.start();
    await using client = makeClient();
    let inner = { ...registry.addImage('a/b', 'v0', []), platform: AMD64 };
    for (let depth = 0; depth < 4; depth++) {
      const document = { schemaVersion: 2, mediaType: OCI_INDEX, manifests: [inner] };
      inner = { ...registry.addManifest('a/b', document, `v${depth + 1}`), platform: AMD64 };
    }
    await client.resolveImage(referenceTo(registry, 'a/b:v3'), AMD64);
    await assert.rejects(client.resolveImage(referenceTo(registry, 'a/b:v4'), AMD64), { code: 'FORMAT' });
  });
});

describe('a whole blob', () => {
  test('is fetched verified, in one request', async () => {
    await using registry = await TestRegistry.start();
    await using client = makeClient();
    const descriptor = registry.addBlob('a/b', Buffer.from('{"config":1}'));
    const bytes = await client.fetchBlob(referenceTo(registry), descriptor);
    assert.equal(Buffer.from(bytes).toString(), '{"config":1}');
    assert.deepEqual([registry.requests(), registry.log[0]?.range], [1, undefined]);
    registry.content.corrupt(descriptor.digest, 3);
    await assert.rejects(client.fetchBlob(referenceTo(registry), descriptor), { code: 'VERIFICATION' });
  });

  test('is streamed, and its end is held back until it is verified', async () => {
    await using registry = await TestRegistry.start();
    await using client = makeClient();
    const { bytes, digest } = addRandomBlob(registry, 500_000);
    const descriptor = { mediaType: '', digest, size: bytes.length };
    const read = async (offset?: number): Promise<Buffer> => {
      const pieces: Uint8Array[] = [];
      const options = offset === undefined ? {} : { offset };
      for await (const piece of client.streamBlob(referenceTo(registry), descriptor, options)) pieces.push(piece);
      return Buffer.concat(pieces);
    };
    assert.deepEqual(await read(), bytes);
    assert.deepEqual(await read(499_000), bytes.subarray(499_000));
    registry.content.corrupt(digest, 1);
    let received = 0;
    await assert.rejects(async () => {
      for await (const piece of client.streamBlob(referenceTo(registry), descriptor)) received += piece.length;
    }, VerificationError);
    assert.ok(received < bytes.length);
  });

  test('is not held in memory when it is big', async () => {
    await using client = makeClient();
    const digest: Digest = `sha256:${'0'.repeat(64)}`;
    const descriptor = { mediaType: '', digest, size: 1e9 };
    await assert.rejects(client.fetchBlob({ registry: 'localhost:1', repository: 'a' }, descriptor), {
      code: 'FORMAT',
    });
  });
});

test('a client counts requests and bytes', async () => {
  await using registry = await TestRegistry.start({ auth: { kind: 'token' } });
  await using client = makeClient();
  const { digest } = addRandomBlob(registry, 1000);
  await client.openBlob(referenceTo(registry), digest, 1000).readRange(0, 100);
  const { requests, bytes, retries } = client.stats();
  assert.deepEqual([requests, retries], [registry.requests(), 0]);
  assert.ok(bytes >= 100);
});

test('a client counts the time in which a request is under way, however it ends, and no other', async () => {
  await using registry = await TestRegistry.start({ knobs: { latencyMs: 20, dropAfter: 30_000, dropCount: 1 } });
  await using client = makeClient();
  assert.equal(client.stats().busyMs, 0);
  const { digest } = addRandomBlob(registry, 100_000);
  const blob = client.openBlob(referenceTo(registry), digest, 100_000);
  await blob.readRange(0, 100_000);
  for await (const piece of blob.streamRange(0, 100_000)) if (piece.length > 0) break;
  await assert.rejects(blob.readRange(0, 10, AbortSignal.timeout(5)));
  // The end of a connection comes a turn of the event loop later.
  await sleep(20);
  const { busyMs, requests } = client.stats();
  assert.ok(requests >= 3 && busyMs >= 40, `${requests} requests, ${busyMs} ms`);
  await sleep(30);
  assert.equal(client.stats().busyMs, busyMs);
});
