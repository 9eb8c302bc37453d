import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { FormatError } from '../../src/errors.ts';
import { NotEstargzError, UnsupportedLayerError } from '../../src/estargz/errors.ts';
import { encodeFooter, parseFooter } from '../../src/estargz/footer.ts';
import { fetchToc } from '../../src/estargz/toc-bytes.ts';
import { digestOf } from '../../src/oci/digest.ts';
import type { RemoteBlob } from '../../src/registry/blob.ts';
import { dir, file, noise } from '../support/entries.ts';
import { buildEstargz } from '../support/estargz.ts';

const KIB = 1024;
const BUILT = buildEstargz([dir('a'), file('a/b', noise(300 * KIB))]);

/** A blob in memory that writes down what is asked of it: `tail LENGTH`, `START-END`. */
function memoryBlob(bytes: Buffer, options: { size?: number | undefined; tailExtra?: number } = {}) {
  const requests: string[] = [];
  const blob: RemoteBlob = {
    digest: digestOf(bytes),
    size: options.size,
    readTail: async (length) => {
      requests.push(`tail ${length}`);
      return { bytes: bytes.subarray(-length), blobSize: bytes.length + (options.tailExtra ?? 0) };
    },
    readRange: async (start, end, signal) => {
      signal?.throwIfAborted();
      requests.push(`${start}-${end}`);
      return bytes.subarray(start, end);
    },
    streamRange: () => assert.fail('not used'),
  };
  return { blob, requests };
}

suite('fetching the TOC', () => {
  test('one tail request brings footer and TOC', async () => {
    const { blob, requests } = memoryBlob(BUILT.blob, { size: BUILT.blob.length });
    const toc = await fetchToc(blob);
    assert.deepEqual(requests, [`tail ${64 * KIB}`]);
    assert.equal(toc.footer.format, 'estargz');
    assert.equal(toc.footer.tocOffset, BUILT.tocOffset);
    assert.equal(toc.blobSize, BUILT.blob.length);
    assert.equal(toc.tail.start, BUILT.blob.length - 64 * KIB);
    assert.deepEqual(toc.tail.bytes, BUILT.blob.subarray(-64 * KIB));
    assert.deepEqual(toc.compressedToc, BUILT.blob.subarray(BUILT.tocOffset, -51));
    assert.ok(gunzipSync(toc.compressedToc).includes(BUILT.tocJson));
  });

  test('the TOC of a legacy layer ends where its shorter footer begins', async () => {
    const built = buildEstargz([file('a', 'x')], { format: 'stargz' });
    const toc = await fetchToc(memoryBlob(built.blob).blob);
    assert.equal(toc.footer.format, 'stargz');
    assert.deepEqual(toc.compressedToc, built.blob.subarray(built.tocOffset, -47));
  });

  const lengths: [title: string, size: number | undefined, wanted: number][] = [
    ['a blob of unknown size', undefined, 256 * KIB],
    ['a small blob', 1000, 64 * KIB],
    ['a blob of 20 MB', 20_000_000, 200_000],
    ['a blob of 1 GB', 1_000_000_000, 1024 * KIB],
  ];
  for (const [title, size, wanted] of lengths) {
    test(`${title} is asked for ${wanted} last bytes`, async () => {
      const { blob, requests } = memoryBlob(BUILT.blob, { size });
      await fetchToc(blob);
      assert.deepEqual(requests, [`tail ${wanted}`]);
    });
  }

  test('a TOC that begins before the tail costs one request more, for what is missing only', async () => {
    const { blob, requests } = memoryBlob(BUILT.blob);
    const toc = await fetchToc(blob, { tailLength: 100 });
    assert.deepEqual(requests, ['tail 100', `${BUILT.tocOffset}-${BUILT.blob.length - 100}`]);
    assert.deepEqual(Buffer.from(toc.compressedToc), BUILT.blob.subarray(BUILT.tocOffset, -51));
  });

  test('a large missing part comes in up to four ranges that join without a gap', async () => {
    const bytes = Buffer.concat([noise(3_000_000), encodeFooter(123)]);
    const { blob, requests } = memoryBlob(bytes);
    const toc = await fetchToc(blob, { tailLength: 72 });
    assert.deepEqual(requests.slice(1), ['123-750087', '750087-1500051', '1500051-2250015', '2250015-2999979']);
    assert.deepEqual(Buffer.from(toc.compressedToc), bytes.subarray(123, -51));
  });

  test('a part that fails aborts the others and is the error', async () => {
    const { blob } = memoryBlob(Buffer.concat([noise(3_000_000), encodeFooter(0)]));
    let aborted = 0;
    const failing: RemoteBlob = {
      ...blob,
      readRange: async (start, _end, signal) => {
        if (start === 0) throw new Error('connection lost');
        return new Promise((_resolve, reject) => {
          signal?.addEventListener('abort', () => {
            aborted++;
            reject(signal.reason as Error);
          });
        });
      },
    };
    await assert.rejects(fetchToc(failing, { tailLength: 51 }), /connection lost/);
    assert.equal(aborted, 3);
  });

  for (const format of ['zstd:chunked', 'zstd:chunked-containers'] as const) {
    const built = buildEstargz([dir('a'), file('a/b', noise(300 * KIB))], { format });
    const end = parseFooter(built.blob, built.blob.length).tocEnd;
    const toc = built.blob.subarray(built.tocOffset, end);

    test(`${format}: the TOC is the content of its frame, wherever the tail begins`, async () => {
      const size = built.blob.length;
      for (const start of [0, built.tocOffset, built.tocOffset + 10, end, size - 72]) {
        const { blob, requests } = memoryBlob(built.blob);
        const { compressedToc, footer } = await fetchToc(blob, { tailLength: size - start });
        assert.equal(footer.format, format);
        assert.deepEqual(Buffer.from(compressedToc), toc);
        const missing = Math.min(end, start, size - 72);
        assert.deepEqual(requests.slice(1), missing > built.tocOffset ? [`${built.tocOffset}-${missing}`] : []);
      }
    });
  }

  test('an external TOC is fetched by who knows where it is, and its blob is not read again', async () => {
    const built = buildEstargz([file('a', 'x')], { format: 'external-toc' });
    const { blob, requests } = memoryBlob(built.blob);
    const controller = new AbortController();
    const asked: unknown[] = [];
    const external = async (signal?: AbortSignal): Promise<Uint8Array> => {
      asked.push(signal);
      return built.externalToc!;
    };
    const toc = await fetchToc(blob, { external }, controller.signal);
    assert.equal(toc.footer.format, 'external-toc');
    assert.deepEqual(toc.compressedToc, built.externalToc);
    assert.equal(requests.length, 1);
    assert.deepEqual(asked, [controller.signal]);
    await fetchToc(memoryBlob(BUILT.blob).blob, { external });
    assert.equal(asked.length, 1, 'a layer with its own TOC');
  });

  test('an external TOC over the limit is refused, and without anybody who brings it the layer is not supported', async () => {
    const { blob, externalToc } = buildEstargz([file('a', 'x')], { format: 'external-toc' });
    const external = async (): Promise<Uint8Array> => externalToc!;
    const limit = externalToc!.length;
    await fetchToc(memoryBlob(blob).blob, { external, maxCompressedSize: limit });
    await assert.rejects(fetchToc(memoryBlob(blob).blob, { external, maxCompressedSize: limit - 1 }), FormatError);
    await assert.rejects(fetchToc(memoryBlob(blob).blob), UnsupportedLayerError);
  });

  test('a signal that is aborted already ends it', async () => {
    const { blob } = memoryBlob(BUILT.blob);
    await assert.rejects(fetchToc(blob, { tailLength: 51 }, AbortSignal.abort(new Error('stop'))), /stop/);
  });

  test('an ordinary layer is not eStargz', async () => {
    await assert.rejects(fetchToc(memoryBlob(noise(1000)).blob), NotEstargzError);
    await assert.rejects(fetchToc(memoryBlob(Buffer.alloc(0)).blob), NotEstargzError);
  });

  test('a compressed TOC over the limit is not read', async () => {
    const { blob, requests } = memoryBlob(BUILT.blob);
    await assert.rejects(fetchToc(blob, { tailLength: 51, maxCompressedSize: 100 }), FormatError);
    assert.deepEqual(requests, ['tail 72']);
  });

  test('a tail shorter than a footer of a blob that is longer is refused', async () => {
    const { blob } = memoryBlob(noise(20), { tailExtra: 1000 });
    await assert.rejects(fetchToc(blob), /got 20 last bytes/);
  });
});
