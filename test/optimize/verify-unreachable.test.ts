import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { RegistryError } from '../../src/errors.ts';
import { OCI_LAYER_GZIP } from '../../src/oci/media-types.ts';
import { openInflatePool } from '../../src/optimize/verify-inflate.ts';
import { verifyBlob, type BlobFacts } from '../../src/optimize/verify-layer.ts';
import type { RemoteBlob } from '../../src/registry/blob.ts';
import { file } from '../support/entries.ts';
import { buildEstargz } from '../support/estargz.ts';

const layer = buildEstargz([file('a', 'content')]);

/** Checks a layer of which the last bytes can't be read for this reason, but all of it can. */
async function verifyWithout(t: TestContext, tailError: Error | undefined): Promise<BlobFacts> {
  const pool = openInflatePool(1);
  t.after(() => pool.close());
  const { blob: bytes, digest } = layer;
  const blob: Partial<RemoteBlob> = {
    digest,
    size: bytes.length,
    readTail: (length) =>
      tailError === undefined
        ? Promise.resolve({ bytes: bytes.subarray(-length), blobSize: bytes.length })
        : Promise.reject(tailError),
    readRange: (start, end) => Promise.resolve(bytes.subarray(start, end)),
    async *streamRange(start, end) {
      yield Buffer.from(bytes.subarray(start, end));
    },
  };
  const descriptor = { mediaType: OCI_LAYER_GZIP, digest, size: bytes.length };
  return verifyBlob(descriptor, blob as RemoteBlob, { pool, openTocImage: undefined, isLayer: true });
}

test('a layer whose end can be read is checked with its table of contents', async (t) => {
  const { format, findings } = await verifyWithout(t, undefined);
  assert.deepEqual([format, findings.list], ['estargz', []]);
});

for (const facts of [{ status: 503, retryable: true }, { status: 429, retryable: true }, { status: 403 }]) {
  test(`a layer whose end can't be read for now (${facts.status}) is not said to be checked`, async (t) => {
    const error = new RegistryError('no', { method: 'GET', url: 'https://r.test/v2/a/blobs/b', ...facts });
    await assert.rejects(verifyWithout(t, error), (thrown) => thrown === error);
  });
}
