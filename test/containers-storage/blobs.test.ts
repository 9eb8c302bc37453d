// Compressed layers from a real registry: right, or not at all.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, suite, test } from 'node:test';
import { Blobs } from '../../src/containers-storage/blobs.ts';
import type { HeldLayer } from '../../src/containers-storage/state.ts';
import { VerificationError } from '../../src/errors.ts';
import { RegistryClient } from '../../src/registry/client.ts';
import { patternBytes } from '../support/pattern.ts';
import { TestRegistry } from '../support/registry.ts';
import { heldLayer } from '../support/stored-layers.ts';

suite('blobs', () => {
  const bytes = Buffer.from(patternBytes(5, 0, 300_000));
  let folder: string;
  let registry: TestRegistry;
  let client: RegistryClient;
  let blobs: Blobs;
  let held: HeldLayer;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lazypull-blobs-'));
    registry = await TestRegistry.start();
    client = new RegistryClient({ retry: { retries: 0 } });
    blobs = new Blobs(client, folder);
    const sample = heldLayer(`${registry.host}/app:latest`, 'x');
    const { digest } = registry.addBlob('app', bytes);
    held = { ...sample, layer: { ...sample.layer, digest, size: bytes.length } };
  });
  afterEach(async () => {
    await blobs.close();
    await client.close();
    await registry.close();
    rmSync(folder, { recursive: true });
  });

  test('any range is read, of one request for all, and no file is left by name', async () => {
    const ranges = [
      [0, 131_072],
      [131_072, 131_072],
      [262_144, 131_072],
      [299_999, 4096],
      [300_000, 4096],
      [400_000, 4096],
    ] as const;
    const read = await Promise.all(ranges.map(([offset, size]) => blobs.read(held, offset, size)));
    for (const [index, [offset, size]] of ranges.entries()) {
      assert.deepEqual(Buffer.from(read[index] ?? []), bytes.subarray(offset, offset + size), `${offset}`);
    }
    assert.equal(registry.requests(), 1);
    assert.deepEqual(readdirSync(folder), []);
  });

  test('not one byte is given of a blob that has another digest, and the next read tries again', async () => {
    registry.content.corrupt(held.layer.digest, 299_999);
    await assert.rejects(blobs.read(held, 0, 10), VerificationError);
    registry.content.heal(held.layer.digest);
    assert.deepEqual(Buffer.from(await blobs.read(held, 0, 10)), bytes.subarray(0, 10));
    assert.deepEqual(readdirSync(folder), []);
  });

  test('a registry that is down is an error, and what has come stays readable', async () => {
    registry.knobs.down = true;
    await assert.rejects(blobs.read(held, 0, 10));
    registry.knobs.down = false;
    await blobs.read(held, 0, 10);
    registry.knobs.down = true;
    assert.deepEqual(Buffer.from(await blobs.read(held, 100_000, 10)), bytes.subarray(100_000, 100_010));
  });
});
