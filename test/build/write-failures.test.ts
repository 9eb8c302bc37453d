import assert from 'node:assert/strict';
import { existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { importLayer } from '../../src/build/import-layer.ts';
import type { LayerTar, WriteOptions } from '../../src/build/model.ts';
import { LayerWriter } from '../../src/build/write-layer.ts';
import { FormatError, LazypullError, VerificationError } from '../../src/errors.ts';
import { dir, file, noise } from '../support/entries.ts';
import { WorkDir } from '../support/imported-layer.ts';
import { needs } from '../support/needs.ts';
import { run } from '../support/run.ts';
import { fillDisk, mountSmallDisk } from '../support/small-disk.ts';
import { cutAsync } from '../support/tar-blocks.ts';
import { tarOf } from '../support/tar.ts';
import { WRITE_OPTIONS } from '../support/written-layer.ts';

const LOSSLESS = { externalToc: true, lossless: true };
// Several batches.
const TAR = tarOf([dir('d'), ...Array.from({ length: 8 }, (_, i) => file(`d/${i}`, noise(3_000_000, i + 1)))]);

interface Bench {
  readonly writer: LayerWriter;
  readonly tar: LayerTar;
  /** A folder with nothing but the tar in it. */
  readonly folder: string;
  readonly write: (
    options?: Partial<WriteOptions>,
    path?: string,
    signal?: AbortSignal,
    onProgress?: (bytes: number) => void,
  ) => Promise<unknown>;
}

async function withBench(bytes: Buffer, use: (bench: Bench) => Promise<void>): Promise<void> {
  using work = new WorkDir();
  await using writer = new LayerWriter({ workers: 2 });
  await using tar = await importLayer(cutAsync(bytes, [1_000_000]), { workDir: work.path });
  const write: Bench['write'] = (options = {}, path = join(work.path, 'blob'), signal, onProgress) =>
    writer.write(tar, { ...WRITE_OPTIONS, level: 1, ...options }, { path }, signal, onProgress);
  await use({ writer, tar, folder: work.path, write });
  const [...left] = work.files.filter((name) => !name.endsWith('.tar'));
  assert.deepEqual(left, [], 'files that were left');
}

suite('LayerWriter: failures', () => {
  test('a tar that was cut after the import is an error with the offset, and no file is left', async () => {
    await withBench(TAR, async ({ tar, write }) => {
      truncateSync(tar.path, 10_000_000);
      await assert.rejects(write(), (error) => error instanceof FormatError && error.offset === 10_000_000);
    });
  });

  const changes: [title: string, size: number, chunkSize: number][] = [
    ['one chunk', 1000, 4096],
    ['several chunks', 10_000, 4096],
  ];
  for (const [title, size, chunkSize] of changes) {
    test(`a file of ${title} that was changed after the import is an error`, async () => {
      await withBench(tarOf([file('a', noise(size)), file('b', 'b')]), async ({ tar, write }) => {
        const bytes = readFileSync(tar.path);
        bytes[600]! ^= 1;
        writeFileSync(tar.path, bytes);
        await assert.rejects(write({ chunkSize }), VerificationError);
      });
    });
  }

  test('a header that was changed after the import is an error when the blob must be lossless', async () => {
    await withBench(tarOf([file('a', 'a')]), async ({ tar, write }) => {
      const bytes = readFileSync(tar.path);
      bytes[110]! ^= 1;
      writeFileSync(tar.path, bytes);
      await assert.rejects(write(LOSSLESS), VerificationError);
    });
  });

  test('an abort while it writes ends it, with the reason', async () => {
    await withBench(TAR, async ({ write, folder }) => {
      const controller = new AbortController();
      const reason = new Error('enough');
      const path = join(folder, 'blob');
      await assert.rejects(
        write({}, path, controller.signal, () => controller.abort(reason)),
        reason,
      );
      assert.ok(!existsSync(path));
    });
  });

  test('an abort before the beginning writes nothing', async () => {
    await withBench(TAR, async ({ write }) => {
      await assert.rejects(write({}, undefined, AbortSignal.abort()), { name: 'AbortError' });
    });
  });

  test('a file that is there already is left alone', async () => {
    await withBench(TAR, async ({ write, folder }) => {
      const path = join(folder, 'mine.tar');
      writeFileSync(path, 'mine');
      await assert.rejects(write({}, path), { code: 'EEXIST' });
      assert.equal(readFileSync(path, 'utf8'), 'mine');
    });
  });

  test('a folder that is not there is an error', async () => {
    await withBench(TAR, ({ write, folder }) =>
      assert.rejects(write({}, join(folder, 'no', 'blob')), { code: 'ENOENT' }),
    );
  });

  test('a disk that is full is an error, and the file is gone', { skip: needs('root', 'mkfs.ext4') }, async () => {
    using small = new WorkDir();
    await mountSmallDisk(small.path, 16 * 1024 * 1024);
    const root = join(small.path, 'root');
    try {
      await fillDisk(root, 2 * 1024 * 1024);
      await withBench(TAR, async ({ write }) => {
        await assert.rejects(write({}, join(root, 'blob')), { code: 'ENOSPC' });
        assert.ok(!existsSync(join(root, 'blob')));
      });
    } finally {
      await run('umount', [root]);
    }
  });

  test('one layer that fails does not stop another one', async () => {
    await withBench(TAR, async ({ writer, tar, write, folder }) => {
      using other = new WorkDir();
      await using good = await importLayer(cutAsync(TAR, [1_000_000]), { workDir: other.path });
      truncateSync(tar.path, 10_000_000);
      const path = join(other.path, 'blob');
      const [bad, written] = await Promise.allSettled([
        write({}, join(folder, 'blob')),
        writer.write(good, { ...WRITE_OPTIONS, level: 1 }, { path }),
      ]);
      assert.equal(bad.status, 'rejected');
      assert.equal(written.status, 'fulfilled');
      assert.equal(readFileSync(path).length, written.value.descriptor.size);
    });
  });

  test('a lossless blob of a tar with a TOC is refused', async () => {
    await withBench(tarOf([file('a'), file('stargz.index.json', '{}')]), async ({ write }) => {
      await assert.rejects(write(LOSSLESS), FormatError);
    });
  });

  test('progress grows up to the length of the decompressed blob', async () => {
    await withBench(TAR, async ({ write, folder }) => {
      const seen: number[] = [];
      const path = join(folder, 'done.tar');
      await write({ externalToc: true }, path, undefined, (bytes) => seen.push(bytes));
      assert.ok(seen.length > 2);
      assert.deepEqual(
        seen,
        seen.toSorted((a, b) => a - b),
      );
      assert.equal(seen.at(-1), TAR.length - 1024);
    });
  });
});

suite('LayerWriter: options', () => {
  const none = { prioritized: [], deferred: [] };
  const refused: [options: Partial<WriteOptions>, message: RegExp][] = [
    [{ level: 10 }, /level: got 10, wanted 0 to 9/],
    [{ level: 1.5 }, /level/],
    [{ format: 'zstd:chunked', level: 0 }, /level: got 0, wanted 1 to 22/],
    [{ format: 'zstd:chunked', level: 23 }, /level/],
    [{ chunkSize: 0 }, /chunkSize/],
    [{ chunkSize: 2 ** 31 }, /chunkSize/],
    [{ chunkSize: Number.NaN }, /chunkSize/],
    [{ minChunkSize: -1 }, /minChunkSize/],
    [{ minChunkSize: 2 ** 30 }, /minChunkSize/],
    [{ format: 'zstd:chunked', minChunkSize: 1 }, /minChunkSize is for estargz/],
    [{ format: 'zstd:chunked-containers', externalToc: true }, /externalToc is for estargz/],
    [{ lossless: true }, /external TOC/],
    [{ ...LOSSLESS, order: none }, /order/],
  ];
  for (const [options, message] of refused) {
    test(`${JSON.stringify(options)} is refused`, async () => {
      await withBench(tarOf([file('a', 'a')]), async ({ write }) => {
        await assert.rejects(write(options), (error) => {
          assert.ok(error instanceof LazypullError && error.code === 'INVALID_ARGUMENT');
          return message.test(error.message);
        });
      });
    });
  }

  const taken: Partial<WriteOptions>[] = [
    { level: 0 },
    { format: 'zstd:chunked', level: 22 },
    { chunkSize: 1 },
    { minChunkSize: 16 * 1024 * 1024 },
    LOSSLESS,
    { format: 'zstd:chunked', level: 1, lossless: true },
  ];
  for (const options of taken) {
    test(`${JSON.stringify(options)} is taken`, async () => {
      await withBench(tarOf([file('a', 'abc')]), async ({ write, folder }) => {
        await write(options, join(folder, 'done.tar'));
      });
    });
  }
});
