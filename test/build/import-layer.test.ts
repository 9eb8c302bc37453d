import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import * as fc from 'fast-check';
import { pack } from 'tar-stream';
import { EntryIndex } from '../../src/build/entry-index.ts';
import { importLayer } from '../../src/build/import-layer.ts';
import { FormatError } from '../../src/errors.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { dir, fifo, file, hardlink, noise, symlink } from '../support/entries.ts';
import type { Entry } from '../support/entries.ts';
import { contentOf, entriesOf, withLayer, WorkDir } from '../support/imported-layer.ts';
import { needs } from '../support/needs.ts';
import { blocks, cutAsync, paxBlocks, scanPieces } from '../support/tar-blocks.ts';
import { tarOf } from '../support/tar.ts';

const BIG = noise(3_000_000);
const ENTRIES = [
  dir('a'),
  file('a/big', BIG),
  file('a/small', 'hello'),
  file('empty'),
  hardlink('h', 'a/big'),
  symlink('s', 'a'),
];
const TAR = tarOf(ENTRIES);
const SKIPPABLE = Buffer.concat([Buffer.from('502a4d1805000000', 'hex'), Buffer.from('hello')]);

/** Cut at places that have nothing to do with the tar's. */
function parts(tar: Buffer, compress: (part: Buffer) => Buffer): Buffer[] {
  return [0, 1000, 1_000_000, 1_000_001].map((start, i, all) => compress(tar.subarray(start, all[i + 1])));
}

const SOURCES: [title: string, blob: Buffer, compression: string][] = [
  ['a plain tar', TAR, 'none'],
  ['gzip', gzipSync(TAR), 'gzip'],
  ['gzip of several members, as eStargz is', Buffer.concat(parts(TAR, (part) => gzipSync(part))), 'gzip'],
  ['zstd', zstdCompressSync(TAR), 'zstd'],
  [
    'zstd of several frames, as zstd:chunked is',
    Buffer.concat([...parts(TAR, (part) => zstdCompressSync(part)), SKIPPABLE]),
    'zstd',
  ],
  ['zstd that begins with a skippable frame', Buffer.concat([SKIPPABLE, zstdCompressSync(TAR)]), 'zstd'],
];

suite('importing a layer', () => {
  for (const [title, blob, compression] of SOURCES) {
    for (const size of [1_000_000_000, 64 * 1024, 777]) {
      test(`${title} in pieces of ${size}: the tar, its digests and its entries`, () =>
        withLayer(
          blob,
          (layer) => {
            assert.equal(layer.compression, compression);
            assert.equal(layer.size, TAR.length);
            assert.equal(layer.diffId, digestOf(TAR));
            assert.deepEqual(readFileSync(layer.path), TAR);
            assert.equal(layer.hadToc, false);
            assert.equal(layer.hadLandmarks, false);
            const facts = layer.entries.map(({ type, path, linkPath, digest }) => [type, path, linkPath, digest]);
            assert.deepEqual(facts, [
              ['dir', 'a', undefined, undefined],
              ['reg', 'a/big', undefined, digestOf(BIG)],
              ['reg', 'a/small', undefined, digestOf(Buffer.from('hello'))],
              ['reg', 'empty', undefined, digestOf(Buffer.alloc(0))],
              ['hardlink', 'h', 'a/big', undefined],
              ['symlink', 's', undefined, undefined],
            ]);
            assert.deepEqual(contentOf(layer, layer.entries[1]!), BIG);
          },
          { pieces: [size] },
        ));
    }
  }

  test('nothing at all is a layer without entries', () =>
    withLayer(Buffer.alloc(0), ({ size, entries, diffId }) => {
      assert.equal(size, 0);
      assert.deepEqual(entries, []);
      assert.equal(diffId, digestOf(Buffer.alloc(0)));
    }));

  test('disposing closes and deletes the file, and only it', async () => {
    using work = new WorkDir();
    const layer = await importLayer(cutAsync(TAR), { workDir: work.path });
    assert.equal(work.files.length, 1);
    await layer[Symbol.asyncDispose]();
    assert.deepEqual(work.files, []);
  });

  test('progress is the bytes of the tar so far', async () => {
    const seen: number[] = [];
    await withLayer(gzipSync(TAR), () => undefined, { onProgress: (bytes) => seen.push(bytes) });
    assert.equal(seen.at(-1), TAR.length);
    assert.ok(seen.length > 1 && seen.every((bytes, i) => bytes > (seen[i - 1] ?? 0)));
  });

  for (const [prefix, others] of [
    ['', './'],
    ['./', '/'],
    ['/', '../'],
    ['../', ''],
    ['././/', './'],
  ] as const) {
    test(`names that begin with ${JSON.stringify(prefix)} are those of the tree`, async () => {
      const entries = await entriesOf(
        tarOf([
          dir(`${prefix}.`),
          dir(`${prefix}a/`),
          file(`${prefix}a//b/../c`, 'x'),
          hardlink(`${prefix}h`, `${others}a/c`),
        ]),
      );
      assert.deepEqual(
        entries.map(({ path, linkPath }) => [path, linkPath]),
        [
          ['', undefined],
          ['a', undefined],
          ['a/c', undefined],
          ['h', 'a/c'],
        ],
      );
      assert.equal(entries[3]?.header.linkName.toString(), `${others}a/c`, 'the header is left as it is');
    });
  }

  test('the TOC and the landmarks of an earlier build are left out at the root, and only there', () => {
    const names = ['.no.prefetch.landmark', 'a', 'stargz.index.json', 'a/stargz.index.json', 'a/.prefetch.landmark'];
    const tar = tarOf(names.map((name) => (name === 'a' ? dir(name) : file(name, 'x'))));
    return withLayer(tar, ({ entries, hadToc, hadLandmarks }) => {
      assert.deepEqual(
        entries.map(({ path }) => path),
        ['a', 'a/stargz.index.json', 'a/.prefetch.landmark'],
      );
      assert.deepEqual([hadToc, hadLandmarks], [true, true]);
    });
  });

  test('any entries come back, from any compression', async () => {
    const name = fc.stringMatching(/^[a-zA-Z\u00e4\u4e16]{1,120}$/);
    const entry = fc.oneof(
      fc.tuple(name, fc.uint8Array({ maxLength: 3000 })).map(([name, content]): Entry => file(name, content)),
      fc.tuple(name, name).map(([name, target]): Entry => symlink(name, target)),
      name.map((name): Entry => fifo(name)),
    );
    const compress = fc.constantFrom(
      (tar: Buffer) => tar,
      (tar: Buffer) => gzipSync(tar),
      (tar: Buffer) => zstdCompressSync(tar),
    );
    const pieces = fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { maxLength: 8 }), compress, pieces, async (entries, compress, pieces) => {
        const tar = tarOf(entries);
        await withLayer(
          compress(tar),
          (layer) => {
            assert.equal(layer.diffId, digestOf(tar));
            const facts = layer.entries.map((entry) => [entry.type, entry.path, contentOf(layer, entry)]);
            assert.deepEqual(
              facts,
              entries.map(({ type, name, content }) => [type, name, content]),
            );
          },
          { pieces },
        );
      }),
      { numRuns: 60 },
    );
  });
});

suite('importing what other tools write', () => {
  for (const format of ['v7', 'ustar', 'gnu', 'pax']) {
    test(`GNU tar --format=${format}`, { skip: needs('tar') }, async () => {
      using work = new WorkDir();
      // Other formats have longer names than v7.
      const long = 'n'.repeat(format === 'v7' ? 60 : 90);
      const deep = join(work.path, 'tree', long, format === 'v7' ? 'd' : long);
      mkdirSync(deep, { recursive: true });
      writeFileSync(join(deep, 'file'), BIG);
      linkSync(join(deep, 'file'), join(work.path, 'tree', 'link'));
      symlinkSync(`${long}/x`, join(work.path, 'tree', 'sym'));
      const args = [`--format=${format}`, '--sort=name', '--numeric-owner', '-C', join(work.path, 'tree'), '-c', '.'];
      const tar = execFileSync('tar', args, { maxBuffer: 2 ** 26 });
      await withLayer(tar, (layer) => {
        const inner = `${long}/${format === 'v7' ? 'd' : long}`;
        const facts = layer.entries.map(({ type, path, linkPath }) => [type, path, linkPath]);
        assert.deepEqual(facts, [
          ['dir', '', undefined],
          ['reg', 'link', undefined],
          ['dir', long, undefined],
          ['dir', inner, undefined],
          ['hardlink', `${inner}/file`, 'link'],
          ['symlink', 'sym', undefined],
        ]);
        assert.equal(layer.entries[1]?.digest, digestOf(BIG));
        assert.equal(layer.entries[5]?.header.linkName.toString(), `${long}/x`);
      });
    });
  }

  for (const format of ['gnu', 'pax']) {
    test(`a sparse file of GNU tar --format=${format} is refused by its name`, { skip: needs('tar') }, async () => {
      using work = new WorkDir();
      execFileSync('truncate', ['-s', '1M', join(work.path, 'holes')]);
      const tar = execFileSync('tar', [`--format=${format}`, '--sparse', '-C', work.path, '-c', 'holes']);
      await assert.rejects(entriesOf(tar), { name: 'UnsupportedEntryError', message: /GNU sparse file/ });
    });
  }

  test('tar-stream', async () => {
    const out = pack();
    out.entry({ name: `${'d'.repeat(120)}/f`, pax: { 'SCHILY.xattr.user.a': 'b' } }, 'hi');
    out.entry({ name: 'link', type: 'link', linkname: `${'d'.repeat(120)}/f` });
    out.finalize();
    const [first, second] = await entriesOf(Buffer.concat((await Array.fromAsync(out)) as Uint8Array[]));
    assert.equal(first?.path, `${'d'.repeat(120)}/f`);
    assert.equal(first?.pax.get('SCHILY.xattr.user.a')?.toString(), 'b');
    assert.equal(second?.linkPath, first?.path);
  });
});

suite('a layer that is not right', () => {
  /** The error of importing; nothing may be left of the attempt. */
  async function failure(blob: Buffer, pieces: readonly number[] = [50_000], maxSize?: number): Promise<FormatError> {
    using work = new WorkDir();
    let isClosed = false;
    async function* source(): AsyncGenerator<Buffer> {
      try {
        yield* cutAsync(blob, pieces);
      } finally {
        isClosed = true;
      }
    }
    const options = { workDir: work.path, ...(maxSize === undefined ? {} : { maxSize }) };
    const error: unknown = await importLayer(source(), options).then(
      () => assert.fail('it was taken'),
      (error: unknown) => error,
    );
    assert.ok(error instanceof FormatError, String(error));
    assert.deepEqual(work.files, []);
    assert.ok(isClosed, 'the source was told to end');
    assert.equal(typeof error.offset, 'number', error.message);
    return error;
  }

  test('gzip that is cut says where', async () => {
    const blob = gzipSync(TAR);
    for (const length of [3, 15, 100_000, blob.length - 8, blob.length - 1]) {
      const { message, offset } = await failure(blob.subarray(0, length));
      assert.match(message, /^gzip: cut at /);
      assert.ok(offset! <= length && offset! >= length - 8, `${offset} of ${length}`);
    }
  });

  test('zstd that is cut says where', async () => {
    for (const blob of [zstdCompressSync(TAR), Buffer.concat(parts(TAR, (part) => zstdCompressSync(part)))]) {
      for (const length of [5, 100_000, blob.length - 1]) {
        assert.deepEqual(await failure(blob.subarray(0, length)).then(({ message, offset }) => [message, offset]), [
          `zstd: cut at ${length}`,
          length,
        ]);
      }
    }
  });

  test('a tar that is cut says where', async () => {
    assert.equal((await failure(TAR.subarray(0, 1_000_000))).offset, 1_000_000);
    assert.equal((await failure(gzipSync(TAR.subarray(0, 1_000_000)))).offset, 1_000_000);
  });

  test('gzip and zstd with a damaged byte', async () => {
    const gzip = gzipSync(TAR);
    const zstd = zstdCompressSync(TAR);
    for (const [blob, at] of [
      [gzip, 0x8000],
      [gzip, gzip.length - 7],
      [zstd, 4],
    ] as const) {
      const damaged = Buffer.from(blob);
      damaged[at]! ^= 0xff;
      assert.match((await failure(damaged)).message, /^(gzip|zstd): /);
    }
  });

  test('bytes behind the compressed data', async () => {
    for (const pieces of [[1_000_000_000], [1000], [1]]) {
      const small = tarOf([file('a', 'hi')]);
      for (const blob of [gzipSync(small), zstdCompressSync(small)]) {
        for (const tail of [Buffer.alloc(600), Buffer.from('garbage'), Buffer.alloc(1)]) {
          await failure(Buffer.concat([blob, tail]), pieces);
        }
      }
    }
  });

  test('what stands behind the last gzip member is not read to its end', async () => {
    using work = new WorkDir();
    let count = 0;
    async function* source(): AsyncGenerator<Buffer> {
      yield gzipSync(TAR);
      for (; count < 1000; count++) yield Buffer.alloc(10_000);
    }
    await assert.rejects(importLayer(source(), { workDir: work.path }), { message: /^gzip: bytes behind/ });
    assert.ok(count < 100, `${count} pieces were read`);
  });

  test('something that is no layer', async () => {
    await failure(Buffer.from('PK\x03\x04 a zip file'.repeat(100)));
    await failure(Buffer.from('short'));
    await failure(gzipSync(Buffer.from('no tar '.repeat(100))));
  });

  test('a small blob that grows without an end stops at the limit', async () => {
    const bomb = Buffer.alloc(8_000_000);
    for (const blob of [gzipSync(bomb), zstdCompressSync(bomb), bomb]) {
      assert.match((await failure(blob, [1000], 3_000_000)).message, /grows over 3000000 bytes/);
    }
  });

  const NO_UTF8 = Buffer.from([0x66, 0xff]);
  const wrong: [title: string, entry: Buffer, text: RegExp][] = [
    ['a name that is no UTF-8', blocks('0', NO_UTF8), /name: is not UTF-8/],
    [
      'a hard link target that is no UTF-8',
      blocks('1', 'h', '', { linkName: NO_UTF8 }),
      /hard link target: is not UTF-8/,
    ],
    ['a symlink target that is no UTF-8', blocks('2', 's', '', { linkName: NO_UTF8 }), /symlink target: is not UTF-8/],
    ['a symlink to nothing', blocks('2', 's'), /symlink target: got none/],
    ['a name with a NUL', Buffer.concat([paxBlocks('x', { path: 'a\0b' }), blocks('0', 'a')]), /name: has a NUL/],
    ['a name of 256 bytes', Buffer.concat([paxBlocks('x', { path: 'n'.repeat(256) }), blocks('0', 'a')]), /256 bytes/],
    [
      'a path of 4097 bytes',
      Buffer.concat([paxBlocks('x', { path: 'n/'.repeat(2048) + 'n' }), blocks('0', 'a')]),
      /4097 bytes/,
    ],
    [
      'a path of 513 names',
      Buffer.concat([paxBlocks('x', { path: 'n/'.repeat(512) + 'n' }), blocks('0', 'a')]),
      /513 names/,
    ],
    ['a negative owner', Buffer.concat([paxBlocks('x', { uid: '-1' }), blocks('0', 'a')]), /uid: got -1/],
    [
      'a group past 32 bits',
      Buffer.concat([paxBlocks('x', { gid: '4294967295' }), blocks('0', 'a')]),
      /gid: got 4294967295/,
    ],
    ['a device number past the kernel', blocks('3', 'c', '', { devMajor: 4096 }), /device major: got 4096/],
    [
      'an xattr of 64 KiB and one',
      Buffer.concat([paxBlocks('x', { 'SCHILY.xattr.user.a': 'v'.repeat(65537) }), blocks('0', 'a')]),
      /xattr "user.a": got 65537/,
    ],
    [
      'an xattr without a name',
      Buffer.concat([paxBlocks('x', { 'SCHILY.xattr.': 'v' }), blocks('0', 'a')]),
      /xattr ""/,
    ],
    ['a file below a file', Buffer.concat([blocks('0', 'a'), blocks('0', 'a/b')]), /its parent "a" is not a directory/],
    [
      'a file below a symlink',
      Buffer.concat([blocks('2', 'a', '', { linkName: '.' }), blocks('0', 'a/b')]),
      /its parent "a"/,
    ],
    [
      'a hard link to nothing',
      blocks('1', 'h', '', { linkName: 'gone' }),
      /hard link to "gone", which the layer does not have/,
    ],
    ['a hard link to itself', blocks('1', 'h', '', { linkName: './h' }), /hard link to itself/],
    [
      'a hard link to a directory',
      Buffer.concat([blocks('5', 'd/'), blocks('1', 'h', '', { linkName: 'd' })]),
      /to a directory/,
    ],
    [
      'hard links in a circle',
      Buffer.concat([blocks('1', 'h', '', { linkName: 'i' }), blocks('1', 'i', '', { linkName: 'h' })]),
      /circle/,
    ],
    ['a root that is a file', blocks('0', './'), /the root is a reg/],
  ];
  for (const [title, entry, text] of wrong) {
    test(`${title} is refused with its offset`, async () => {
      const { message, offset } = await failure(Buffer.concat([blocks('0', 'first', 'x'), entry]));
      assert.match(message, text);
      assert.ok(offset! >= 1024);
    });
  }

  test('more PAX records than an index may hold are refused, however short they are', () => {
    const pax = new Map(Array.from({ length: 100_000 }, (_, key) => [String(key), Buffer.alloc(0)]));
    const [{ entry } = assert.fail()] = scanPieces([blocks('0', 'a')]);
    const index = new EntryIndex();
    for (let i = 0; i < 100; i++) index.entry({ ...entry, pax });
    assert.throws(() => index.entry({ ...entry, pax }), /entry "a": more than 10000000 PAX records/);
  });

  test('the longest names, ids and xattrs that a reader takes are taken', async () => {
    const records = {
      path: `${'n'.repeat(255)}/${'ä'.repeat(127)}`,
      uid: '4294967294',
      'SCHILY.xattr.user.a': Buffer.alloc(65536, 0xff),
    };
    const [entry] = await entriesOf(Buffer.concat([paxBlocks('x', records), blocks('3', 'c', '', { devMajor: 4095 })]));
    assert.equal(entry?.path, records.path);
    assert.equal(entry?.header.uid, 4294967294);
  });

  test('a source that fails is the error, and nothing is left', async () => {
    for (const blob of [TAR, gzipSync(TAR), zstdCompressSync(TAR)]) {
      using work = new WorkDir();
      async function* source(): AsyncGenerator<Buffer> {
        yield blob.subarray(0, 200_000);
        throw new Error('the network is gone');
      }
      await assert.rejects(importLayer(source(), { workDir: work.path }), { message: 'the network is gone' });
      assert.deepEqual(work.files, []);
    }
  });

  test('aborting stops it although the source says nothing', async () => {
    for (const blob of [TAR, gzipSync(TAR), zstdCompressSync(TAR), Buffer.alloc(0)]) {
      using work = new WorkDir();
      const abort = new AbortController();
      async function* source(): AsyncGenerator<Buffer> {
        yield blob.subarray(0, 200_000);
        setImmediate(() => abort.abort(new Error('enough')));
        await new Promise(() => undefined);
      }
      await assert.rejects(importLayer(source(), { workDir: work.path }, abort.signal), { message: 'enough' });
      assert.deepEqual(work.files, []);
    }
  });

  test('aborting stops it, and nothing is left', async () => {
    for (const blob of [TAR, gzipSync(TAR), zstdCompressSync(TAR)]) {
      using work = new WorkDir();
      const abort = new AbortController();
      const onProgress = (): void => abort.abort(new Error('enough'));
      const options = { workDir: work.path, onProgress };
      await assert.rejects(importLayer(cutAsync(blob, [100_000]), options, abort.signal), { message: 'enough' });
      assert.deepEqual(work.files, []);
      await assert.rejects(importLayer(cutAsync(blob), options, AbortSignal.abort(new Error('before'))), {
        message: 'before',
      });
      assert.deepEqual(work.files, []);
    }
  });
});
