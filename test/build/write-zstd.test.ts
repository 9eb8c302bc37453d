import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { zstdDecompressSync } from 'node:zlib';
import { FormatError } from '../../src/errors.ts';
import { UnsupportedEntryError } from '../../src/tar/errors.ts';
import { parseZstdFooter } from '../../src/estargz/zstd-footer.ts';
import type { ZstdSpan } from '../../src/estargz/zstd-footer.ts';
import {
  CONTAINERS_MANIFEST_CHECKSUM,
  CONTAINERS_MANIFEST_POSITION,
  CONTAINERS_TAR_SPLIT_POSITION,
  LAZYPULL_TOC_CHECKSUM,
  TOC_DIGEST,
  UNCOMPRESSED_SIZE,
  ZSTD_MANIFEST_CHECKSUM,
  ZSTD_MANIFEST_POSITION,
} from '../../src/oci/annotations.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { Crc64 } from '../../src/tar/crc64.ts';
import { char, dir, file, hardlink, noise, symlink } from '../support/entries.ts';
import type { TocJson } from '../support/estargz.ts';
import { needs } from '../support/needs.ts';
import { run } from '../support/run.ts';
import { blocks, paxBlocks } from '../support/tar-blocks.ts';
import { END_OF_ARCHIVE, tarOf } from '../support/tar.ts';
import { contentAt, nodeAt } from '../support/toc.ts';
import { readBack, writeEntries, writeTar } from '../support/written-layer.ts';

const ENTRIES = [
  dir('d', { mtime: 1_700_000_000 }),
  file('d/big', noise(10_000), { mode: 0o4755, uid: 7, xattrs: { 'user.b': Buffer.from([0, 255]) } }),
  symlink('d/s', 'big'),
  hardlink('d/h', 'd/big'),
  char('null', 1, 3),
  file('empty'),
  file('e', 'end'),
];
const TAR = tarOf(ENTRIES);
const WITHOUT_END = TAR.subarray(0, -END_OF_ARCHIVE.length);
const CHUNKED = { level: 3, chunkSize: 4096 } as const;

const contentOf = (blob: Buffer, { offset, compressedSize }: ZstdSpan): Buffer =>
  zstdDecompressSync(blob.subarray(offset, offset + compressedSize));

const formats = ['zstd:chunked', 'zstd:chunked-containers'] as const;

for (const format of formats) {
  suite(`LayerWriter: ${format}`, () => {
    test('our reader finds the same tree', async () => {
      const { toc, blob } = await writeEntries(ENTRIES, { ...CHUNKED, format });
      assert.deepEqual(contentAt(toc, blob, 'd/big'), noise(10_000));
      assert.equal(contentAt(toc, blob, 'e').toString(), 'end');
      assert.equal(nodeAt(toc, 'd/h'), nodeAt(toc, 'd/big'));
      assert.deepEqual(nodeAt(toc, 'd/big').xattrs?.get('user.b'), new Uint8Array([0, 255]));
      assert.equal(nodeAt(toc, 'd').mtimeSec, 1_700_000_000);
      assert.equal(nodeAt(toc, 'null').devMinor, 3);
    });

    test(
      'zstd decompresses it to the tar without its end, or with it when it is lossless',
      { skip: needs('zstd') },
      async () => {
        for (const lossless of [false, true]) {
          const { written, blob } = await writeTar(TAR, { ...CHUNKED, format, lossless });
          const hex = await run('sh', ['-c', 'zstd -dc | od -An -v -tx1 | tr -d " \\n"'], { input: blob });
          const plain = Buffer.from(hex.stdout, 'hex');
          assert.deepEqual(plain, lossless ? TAR : WITHOUT_END);
          assert.equal(written.diffId, digestOf(plain));
          assert.equal(written.uncompressedSize, plain.length);
          assert.equal(written.descriptor.mediaType, 'application/vnd.oci.image.layer.v1.tar+zstd');
          assert.equal(written.descriptor.digest, digestOf(blob));
        }
      },
    );

    test('an empty tar has a TOC without entries', async () => {
      const { tocJson } = await writeEntries([], { ...CHUNKED, format });
      assert.deepEqual(tocJson.entries, []);
    });

    test('landmarks are entries like any other', async () => {
      const order = { prioritized: ['e'], deferred: [] };
      const { toc, tocJson } = await writeEntries(ENTRIES, { ...CHUNKED, format, order });
      const landmark = tocJson.entries.find(({ name }) => name === '.prefetch.landmark')!;
      assert.equal(toc.prefetchEnd, landmark['offset']);
    });
  });
}

suite('LayerWriter: zstd:chunked of stargz-snapshotter', () => {
  test('annotations and footer say where the TOC is', async () => {
    const { written, blob } = await writeEntries(ENTRIES, { ...CHUNKED, format: 'zstd:chunked' });
    const { toc } = parseZstdFooter(blob, blob.length)!;
    const compressed = blob.subarray(toc.offset, toc.offset + toc.compressedSize);
    assert.deepEqual(written.descriptor.annotations, {
      [TOC_DIGEST]: digestOf(zstdDecompressSync(compressed)),
      [UNCOMPRESSED_SIZE]: String(WITHOUT_END.length),
      [ZSTD_MANIFEST_CHECKSUM]: digestOf(compressed),
      [ZSTD_MANIFEST_POSITION]: `${toc.offset}:${toc.compressedSize}:${toc.size}:1`,
    });
  });

  test('the TOC is that of the eStargz, but for the offsets', async () => {
    const without = (entries: TocJson['entries']) => entries.map((entry) => ({ ...entry, offset: undefined }));
    const gzip = await writeEntries(ENTRIES, CHUNKED);
    const zstd = await writeEntries(ENTRIES, { ...CHUNKED, format: 'zstd:chunked' });
    assert.deepEqual(without(zstd.tocJson.entries), without(gzip.tocJson.entries));
  });
});

interface SplitLine {
  readonly type: number;
  readonly name?: string;
  readonly size?: number;
  readonly payload: string | null;
  readonly position: number;
}

suite('LayerWriter: zstd:chunked of containers/storage', () => {
  const format = 'zstd:chunked-containers';

  async function partsOf(
    tar: Buffer,
    options = {},
  ): Promise<{ blob: Buffer; entries: TocJson['entries']; split: SplitLine[] }> {
    const { blob, tocJson } = readBack(await writeTar(tar, { ...CHUNKED, format, ...options }));
    const lines = contentOf(blob, parseZstdFooter(blob, blob.length)!.tarSplit!).toString().trimEnd().split('\n');
    return { blob, entries: tocJson.entries, split: lines.map((line) => JSON.parse(line) as SplitLine) };
  }

  test('annotations say where TOC and tar-split are, and there is no digest of the stargz kind', async () => {
    const { written, blob, tocJson } = await writeEntries(ENTRIES, { ...CHUNKED, format });
    const { toc, tarSplit } = parseZstdFooter(blob, blob.length)!;
    const bytes = ({ offset, compressedSize }: ZstdSpan) => blob.subarray(offset, offset + compressedSize);
    assert.deepEqual(written.descriptor.annotations, {
      [CONTAINERS_MANIFEST_CHECKSUM]: digestOf(bytes(toc)),
      [LAZYPULL_TOC_CHECKSUM]: digestOf(bytes(toc)),
      [CONTAINERS_MANIFEST_POSITION]: `${toc.offset}:${toc.compressedSize}:${toc.size}:1`,
      [CONTAINERS_TAR_SPLIT_POSITION]: `${tarSplit!.offset}:${tarSplit!.compressedSize}:${tarSplit!.size}`,
    });
    assert.equal(contentOf(blob, toc).length, toc.size);
    assert.equal(contentOf(blob, tarSplit!).length, tarSplit!.size);
    assert.equal((tocJson as unknown as { tarSplitDigest: string }).tarSplitDigest, digestOf(bytes(tarSplit!)));
  });

  test('every chunk is a frame of its own, with nothing behind it', async () => {
    const { blob, entries } = await partsOf(TAR);
    const big = entries.filter(({ name }) => name === 'd/big');
    assert.equal(big.length, 3);
    let content = Buffer.alloc(0);
    for (const entry of big) {
      // The first one says where all of the file ends.
      const end = entry === big[0] ? (big[1]!['offset'] as number) : (entry['endOffset'] as number);
      const frame = zstdDecompressSync(blob.subarray(entry['offset'] as number, end));
      assert.equal(frame.length, entry['chunkSize']);
      assert.equal(digestOf(frame), entry['chunkDigest']);
      assert.equal(entry['chunkOffset'] ?? 0, content.length);
      content = Buffer.concat([content, frame]);
    }
    assert.deepEqual(content, noise(10_000));
    assert.equal(big[0]!['endOffset'], big[2]!['endOffset']);
    assert.equal(big[0]!['digest'], digestOf(content));
  });

  test('a file of one chunk has no chunk fields, and an empty one no digest', async () => {
    const { entries } = await partsOf(TAR);
    const one = entries.find(({ name }) => name === 'e')!;
    assert.deepEqual(Object.keys(one), ['type', 'name', 'mode', 'size', 'modtime', 'digest', 'offset', 'endOffset']);
    const empty = entries.find(({ name }) => name === 'empty')!;
    assert.deepEqual(empty, { type: 'reg', name: 'empty', mode: 0o644, modtime: '1970-01-01T00:00:00Z' });
  });

  for (const lossless of [false, true]) {
    test(`tar-split and files give the ${lossless ? 'lossless ' : ''}tar again`, async () => {
      const tar = Buffer.concat([TAR, Buffer.alloc(512)]);
      tar.fill(9, tar.indexOf('end') + 3, tar.indexOf('end') + 9);
      const { split } = await partsOf(tar, { lossless });
      const contents = new Map(ENTRIES.map(({ name, content }) => [name, content]));
      const parts: Buffer[] = [];
      for (const [index, { type, name = '', size = 0, payload, position }] of split.entries()) {
        assert.equal(position, index);
        if (type === 2) parts.push(Buffer.from(payload!, 'base64'));
        else if (size > 0) {
          const content = contents.get(name)!;
          const crc = new Crc64();
          crc.update(content);
          assert.equal(payload, crc.digest().toString('base64'));
          assert.equal(size, content.length);
          parts.push(content);
        } else assert.equal(payload, null);
      }
      assert.deepEqual(Buffer.concat(parts), lossless ? tar : WITHOUT_END);
    });
  }

  test('each header has a segment of its own, behind the padding of the file before it', async () => {
    const { split } = await partsOf(TAR);
    assert.deepEqual(
      split.map(({ type, name }) => (type === 1 ? name : 'segment')),
      [...ENTRIES.flatMap(({ name }) => ['segment', name]), 'segment'],
    );
    // The last segment is the padding of the last file.
    assert.equal(Buffer.from(split.at(-1)!.payload!, 'base64').length, 509);
  });

  test('the TOC has what the headers have: all digits of times, sizes without payload, modes with their type', async () => {
    const records = { mtime: '1.5', atime: '-1.25', ctime: '3.123456789' };
    const tar = Buffer.concat([
      paxBlocks('x', records),
      blocks('0', 'a', 'aa', { mode: 0o100644 }),
      blocks('1', 'b', '', { linkName: 'a', size: 2 }),
      END_OF_ARCHIVE,
    ]);
    const { entries } = await partsOf(tar);
    assert.deepEqual(
      [entries[0]!['modtime'], entries[0]!['accesstime'], entries[0]!['changetime'], entries[0]!['mode']],
      ['1970-01-01T00:00:01.5Z', '1969-12-31T23:59:58.75Z', '1970-01-01T00:00:03.123456789Z', 0o100644],
    );
    assert.deepEqual([entries[1]!['size'], entries[1]!['linkName']], [2, 'a']);
  });

  const contiguous = Buffer.concat([blocks('7', 'c', 'cc'), END_OF_ARCHIVE]);

  test('a contiguous file becomes an ordinary one, which is all that containers/storage knows', async () => {
    const { entries, split } = await partsOf(contiguous);
    assert.equal(entries[0]!['type'], 'reg');
    assert.equal(Buffer.from(split[0]!.payload!, 'base64').toString('latin1', 156, 157), '0');
  });

  for (const [title, records] of [
    ['of the year 10000', { mtime: '253402300800' }],
    ['of access that is none', { atime: 'yesterday' }],
  ] as const) {
    test(`a time ${title} is an entry that such a layer can't have, with its place`, async () => {
      const tar = Buffer.concat([blocks('0', 'a', 'a'), paxBlocks('x', records), blocks('0', 'b'), END_OF_ARCHIVE]);
      await assert.rejects(writeTar(tar, { ...CHUNKED, format }), (error: unknown) => {
        assert.ok(error instanceof UnsupportedEntryError);
        assert.equal(error.offset, 1024);
        assert.match(error.message, /entry "b": /);
        return true;
      });
      await writeTar(tar, { ...CHUNKED, format: 'zstd:chunked' });
    });
  }

  const refused: [title: string, tar: Buffer][] = [
    ['a contiguous file', contiguous],
    ['global records', Buffer.concat([paxBlocks('g', { comment: 'x' }), blocks('0', 'a', 'a'), END_OF_ARCHIVE])],
    [
      'global records at the end',
      Buffer.concat([blocks('0', 'a', 'a'), paxBlocks('g', { comment: 'x' }), END_OF_ARCHIVE]),
    ],
    ['a name twice', tarOf([file('a', '1'), file('a', '2')])],
    ['landmarks', tarOf([file('.no.prefetch.landmark', '\x0f'), file('a', '2')])],
    ['landmarks at the end', tarOf([file('a', '2'), file('.no.prefetch.landmark', '\x0f')])],
    ['a TOC', tarOf([file('a', '2'), file('stargz.index.json', '{}')])],
  ];
  for (const [title, tar] of refused) {
    test(`a lossless blob can't have ${title}`, async () => {
      await assert.rejects(writeTar(tar, { ...CHUNKED, format, lossless: true }), FormatError);
      await writeTar(tar, { ...CHUNKED, format });
    });
  }
});
