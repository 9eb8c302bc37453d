import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { LazypullError, RegistryError } from '../../src/errors.ts';
import type { RemoteBlob } from '../../src/registry/blob.ts';
import type { RegistryKnobs } from '../support/registry-knobs.ts';
import { TestRegistry } from '../support/registry.ts';
import { addRandomBlob, makeClient, referenceTo } from './clients.ts';

const SIZE = 1_000_000;

async function collect(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of source) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** Every way to read, checked against the bytes. */
async function checkReads(blob: RemoteBlob, bytes: Buffer): Promise<void> {
  assert.deepEqual(Buffer.from(await blob.readRange(300_000, 500_001)), bytes.subarray(300_000, 500_001));
  assert.deepEqual(await collect(blob.streamRange(10, 200_010)), bytes.subarray(10, 200_010));
  const tail = await blob.readTail(4096);
  assert.equal(tail.blobSize, bytes.length);
  assert.deepEqual(Buffer.from(tail.bytes), bytes.subarray(-4096));
}

describe('a blob of a registry', () => {
  const behaviours: [title: string, knobs: Partial<RegistryKnobs>, requests: { sized: number; unsized: number }][] = [
    ['does all ranges', {}, { sized: 3, unsized: 3 }],
    ['ignores ranges', { noRange: true }, { sized: 3, unsized: 3 }],
    ['ignores ranges and tells no length', { noRange: true, chunked: true }, { sized: 3, unsized: 5 }],
    ['sends the whole blob for a suffix', { wholeBody: true }, { sized: 3, unsized: 3 }],
    ['answers 416 to a suffix', { suffixStatus: 416 }, { sized: 3, unsized: 3 }],
    ['answers 501 to a suffix', { suffixStatus: 501 }, { sized: 3, unsized: 3 }],
    ['answers 400 to a suffix', { suffixStatus: 400 }, { sized: 3, unsized: 3 }],
    ['sends no Content-Length', { chunked: true }, { sized: 3, unsized: 3 }],
    ['sends more than asked for', { extraBytes: 5000 }, { sized: 3, unsized: 3 }],
    ['redirects to a CDN', { redirectTo: 'cdn' }, { sized: 4, unsized: 4 }],
    ['redirects with 302', { redirectTo: 'cdn', redirectStatus: 302 }, { sized: 4, unsized: 4 }],
  ];
  for (const [title, knobs, requests] of behaviours) {
    for (const sized of [true, false]) {
      test(`is read right when the registry ${title}, its size being ${sized ? 'known' : 'unknown'}`, async () => {
        await using registry = await TestRegistry.start({ knobs });
        await using client = makeClient();
        const { bytes, digest } = addRandomBlob(registry, SIZE);
        const blob = client.openBlob(referenceTo(registry), digest, sized ? SIZE : undefined);
        await checkReads(blob, bytes);
        assert.equal(registry.requests(), requests[sized ? 'sized' : 'unsized']);
        assert.equal(blob.size, SIZE);
      });
    }
  }

  const tails: [title: string, knobs: Partial<RegistryKnobs>, requests: number][] = [
    ['one request by a suffix range', {}, 1],
    ['two when the suffix brings everything', { wholeBody: true }, 2],
    ['three when the suffix is refused: it, the size, the range', { suffixStatus: 416 }, 3],
  ];
  for (const [title, knobs, requests] of tails) {
    test(`gives its tail with an unknown size for ${title}`, async () => {
      await using registry = await TestRegistry.start({ knobs });
      await using client = makeClient();
      const { bytes, digest } = addRandomBlob(registry, SIZE);
      const tail = await client.openBlob(referenceTo(registry), digest).readTail(1000);
      assert.deepEqual(Buffer.from(tail.bytes), bytes.subarray(-1000));
      assert.equal(tail.blobSize, SIZE);
      assert.equal(registry.requests(), requests);
      // What the host can't do is remembered for its other blobs.
      registry.forget();
      const other = addRandomBlob(registry, SIZE);
      await client.openBlob(referenceTo(registry), other.digest).readTail(1000);
      assert.equal(registry.requests(), requests === 1 ? 1 : 2);
    });
  }

  test('gives all of itself as its tail when it is smaller', async () => {
    await using registry = await TestRegistry.start();
    await using client = makeClient();
    const { bytes, digest } = addRandomBlob(registry, 100);
    const tail = await client.openBlob(referenceTo(registry), digest).readTail(4096);
    assert.deepEqual([Buffer.from(tail.bytes), tail.blobSize], [bytes, 100]);
  });

  test('may be empty', async () => {
    await using registry = await TestRegistry.start();
    await using client = makeClient();
    const { digest } = addRandomBlob(registry, 0);
    const tail = await client.openBlob(referenceTo(registry), digest).readTail(4096);
    assert.deepEqual([tail.bytes.length, tail.blobSize], [0, 0]);
    assert.equal((await client.openBlob(referenceTo(registry), digest, 0).readRange(0, 0)).length, 0);
  });

  test('gives any range, as arithmetic says', async () => {
    await using registry = await TestRegistry.start();
    await using client = makeClient();
    const { bytes, digest } = addRandomBlob(registry, 5000);
    const blob = client.openBlob(referenceTo(registry), digest, 5000);
    const range = fc.tuple(fc.nat(5000), fc.nat(5000)).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
    await fc.assert(
      fc.asyncProperty(range, async ([start, end]) => {
        const read = await blob.readRange(start, end);
        assert.deepEqual(Buffer.from(read), bytes.subarray(start, end));
        assert.equal(read.buffer.byteLength, end - start);
      }),
      { numRuns: 60 },
    );
  });

  for (const [start, end] of [
    [-1, 5],
    [6, 5],
    [0, 11],
    [0.5, 2],
    [0, Number.MAX_VALUE],
  ] as const) {
    test(`refuses [${start}, ${end}) of 10 bytes without asking`, async () => {
      await using registry = await TestRegistry.start();
      await using client = makeClient();
      const { digest } = addRandomBlob(registry, 10);
      const blob = client.openBlob(referenceTo(registry), digest, 10);
      await assert.rejects(blob.readRange(start, end), { code: 'INVALID_ARGUMENT' });
      assert.equal(registry.requests(), 0);
    });
  }

  test('is an error when the registry has another size than the descriptor', async () => {
    await using registry = await TestRegistry.start();
    await using client = makeClient();
    const { digest } = addRandomBlob(registry, 1000);
    await assert.rejects(client.openBlob(referenceTo(registry), digest, 1001).readRange(0, 10), /has 1000 bytes/);
    assert.equal(registry.requests(), 1);
  });

  test('is never taken from an answer with a wrong Content-Range', async () => {
    await using registry = await TestRegistry.start({ knobs: { contentRangeShift: 1 } });
    await using client = makeClient();
    const { bytes, digest } = addRandomBlob(registry, 1000);
    const blob = client.openBlob(referenceTo(registry), digest, 1000);
    await assert.rejects(blob.readRange(10, 20), (error: RegistryError) => {
      assert.match(error.message, /asked for bytes=10-19, got bytes 11-20/);
      return error instanceof RegistryError;
    });
    assert.equal(registry.requests(), 4);
    registry.knobs.contentRangeShift = 0;
    assert.deepEqual(Buffer.from(await blob.readRange(10, 20)), bytes.subarray(10, 20));
  });
});

describe('a connection that breaks in the middle of a body', () => {
  test('is taken up again at the byte where it was', async () => {
    await using registry = await TestRegistry.start({ knobs: { dropAfter: 300_000, dropCount: 3 } });
    await using client = makeClient();
    const { bytes, digest } = addRandomBlob(registry, SIZE);
    const read = await client.openBlob(referenceTo(registry), digest, SIZE).readRange(0, SIZE);
    assert.deepEqual(Buffer.from(read), bytes);
    const starts = registry.log.map(({ range }) => Number(/^bytes=(\d+)-/.exec(range ?? 'bytes=0-')?.[1]));
    assert.equal(starts.length, 4);
    assert.deepEqual(
      starts,
      [...starts].sort((a, b) => a - b),
    );
    assert.ok(new Set(starts).size === 4, `each try went on further: ${starts.join(' ')}`);
    assert.ok(registry.bytes <= SIZE + 64, 'no byte was sent twice');
    assert.equal(client.stats().retries, 3);
  });

  test('gets as many tries as it makes progress', async () => {
    await using registry = await TestRegistry.start({ knobs: { dropAfter: 70_000 } });
    await using client = makeClient({ retry: { retries: 1 } });
    const { bytes, digest } = addRandomBlob(registry, SIZE);
    assert.deepEqual(Buffer.from(await client.openBlob(referenceTo(registry), digest).readRange(0, SIZE)), bytes);
    assert.ok(registry.requests() >= 14);
  });

  test('is given up when there is no progress', async () => {
    await using registry = await TestRegistry.start({ knobs: { dropAfter: 10 } });
    await using client = makeClient();
    const { digest } = addRandomBlob(registry, SIZE);
    await assert.rejects(client.openBlob(referenceTo(registry), digest, SIZE).readRange(0, SIZE), { code: 'REGISTRY' });
    assert.equal(registry.requests(), 4);
  });

  test('does not spoil a tail of unknown size', async () => {
    await using registry = await TestRegistry.start({ knobs: { dropAfter: 1000, dropCount: 1 } });
    await using client = makeClient();
    const { bytes, digest } = addRandomBlob(registry, SIZE);
    const tail = await client.openBlob(referenceTo(registry), digest).readTail(5000);
    assert.deepEqual(Buffer.from(tail.bytes), bytes.subarray(-5000));
    assert.equal(registry.requests(), 2);
  });
});

describe('reading a blob', () => {
  test('keeps its connections: twenty ranges one after the other need one', async () => {
    await using registry = await TestRegistry.start();
    await using client = makeClient();
    const { digest } = addRandomBlob(registry, SIZE);
    const blob = client.openBlob(referenceTo(registry), digest, SIZE);
    for (let start = 0; start < 20; start++) await blob.readRange(start * 1000, start * 1000 + 100_000);
    assert.equal(registry.connections, 1);
  });

  test('has several ranges in flight, but no more than the limit per host', async () => {
    await using registry = await TestRegistry.start({ knobs: { latencyMs: 20 } });
    await using client = makeClient({ transport: { maxConnectionsPerHost: 4 } });
    const { bytes, digest } = addRandomBlob(registry, SIZE);
    const blob = client.openBlob(referenceTo(registry), digest, SIZE);
    const starts = Array.from({ length: 12 }, (_, index) => index * 10_000);
    const parts = await Promise.all(starts.map((start) => blob.readRange(start, start + 10_000)));
    assert.deepEqual(Buffer.concat(parts), bytes.subarray(0, 120_000));
    assert.equal(registry.maxInFlight, 4);
    assert.equal(registry.connections, 4);
  });

  test('stops when it is aborted, with the reason of the signal', async () => {
    await using registry = await TestRegistry.start({ knobs: { bytesPerSec: 100_000 } });
    await using client = makeClient();
    const { digest } = addRandomBlob(registry, SIZE);
    const blob = client.openBlob(referenceTo(registry), digest, SIZE);
    const controller = new AbortController();
    const reason = new Error('enough');
    const reading = (async () => {
      for await (const _ of blob.streamRange(0, SIZE, controller.signal)) controller.abort(reason);
    })();
    await assert.rejects(reading, (error) => error === reason);
    await assert.rejects(blob.readRange(0, 1, controller.signal), (error) => error === reason);
    assert.equal(registry.requests(), 1);
  });

  test('closes the request when the consumer leaves early', async () => {
    await using registry = await TestRegistry.start({ knobs: { bytesPerSec: 1_000_000 } });
    await using client = makeClient();
    const { digest } = addRandomBlob(registry, SIZE);
    for await (const _ of client.openBlob(referenceTo(registry), digest, SIZE).streamRange(0, SIZE)) break;
    while (registry.inFlight > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    assert.ok(registry.bytes < SIZE);
  });

  test('is not found when the registry has no such blob, and that is not tried again', async () => {
    await using registry = await TestRegistry.start();
    await using client = makeClient();
    const { digest } = addRandomBlob(registry, 10, 'another/repository');
    await assert.rejects(client.openBlob(referenceTo(registry), digest).readTail(5), (error: RegistryError) => {
      assert.deepEqual([error.status, error.retryable, error.diagnostics], [404, false, ['BLOB_UNKNOWN']]);
      return error instanceof LazypullError;
    });
    assert.equal(registry.requests(), 1);
  });
});
