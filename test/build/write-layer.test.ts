import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import type { WriteOptions } from '../../src/build/model.ts';
import { parseFooter } from '../../src/estargz/footer.ts';
import { TOC_DIGEST, TOC_LAYER_DIGEST, UNCOMPRESSED_SIZE } from '../../src/oci/annotations.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { tarEntries } from '../../src/tar/entry.ts';
import { dir, file, hardlink, noise, symlink } from '../support/entries.ts';
import type { Entry } from '../support/entries.ts';
import { run } from '../support/run.ts';
import { END_OF_ARCHIVE, tarOf } from '../support/tar.ts';
import { contentAt, namesIn, nodeAt } from '../support/toc.ts';
import { memberOffsets, readBack, writeEntries, writeTar } from '../support/written-layer.ts';

const NOTHING_FIRST = { prioritized: [], deferred: [] };

suite('LayerWriter: members and entries', () => {
  const counts: [title: string, entries: Entry[], chunkSize: number, members: number, tocEntries: number][] = [
    ['an empty tar', [], 100, 2, 0],
    ['a directory and an empty file', [dir('a'), file('a/empty')], 100, 3, 2],
    ['a directory and a file', [dir('a'), file('a/b', 'content')], 100, 4, 2],
    ['two directories and a file', [dir('a'), dir('b'), file('b/c', 'content')], 100, 4, 3],
    ['three directories', [dir('a'), dir('b'), dir('c')], 100, 3, 3],
    ['a directory and symlinks', [dir('a'), symlink('a/b', 'c'), symlink('a/d', 'e')], 100, 3, 3],
    ['a directory and a file of six chunks', [dir('a'), file('a/b', 'x'.repeat(16))], 3, 9, 7],
  ];
  for (const [title, entries, chunkSize, members, tocEntries] of counts) {
    test(`${title} gives ${members} gzip members and ${tocEntries} TOC entries`, async () => {
      const { blob, tocJson } = await writeEntries(entries, { chunkSize });
      assert.equal(memberOffsets(blob).length, members);
      assert.equal(tocJson.entries.length, tocEntries);
    });
  }

  const chunkSizes: [size: number, chunkSizes: (number | undefined)[]][] = [
    [0, [undefined]],
    [3, [undefined]],
    [4, [4]],
    [5, [4, undefined]],
    [8, [4, 4]],
    [11, [4, 4, undefined]],
  ];
  for (const [size, wanted] of chunkSizes) {
    test(`a file of ${size} bytes in chunks of 4 has chunkSize ${wanted.map(String).join(', ')}`, async () => {
      const { tocJson, toc, blob } = await writeEntries([file('f', noise(size))], { chunkSize: 4 });
      assert.deepEqual(
        tocJson.entries.map((entry) => entry['chunkSize']),
        wanted,
      );
      assert.deepEqual(contentAt(toc, blob, 'f'), noise(size));
    });
  }

  test('every offset in the TOC begins a member, whose first bytes are the chunk', async () => {
    const { blob, tocJson } = await writeEntries([dir('d'), file('d/a', 'aaaa'), file('b', 'bbbbbb')], {
      chunkSize: 4,
    });
    const offsets = memberOffsets(blob);
    const chunks = tocJson.entries.filter(({ offset }) => offset !== undefined);
    assert.deepEqual(
      chunks.map(({ offset }) => offset),
      offsets.slice(1, 4),
    );
    assert.equal(gunzipSync(blob.subarray(offsets[2], offsets[3])).toString('latin1', 0, 4), 'bbbb');
  });
});

suite('LayerWriter: what is in the blob', () => {
  test('a layer larger than all buffers of its workers is written, and another one after it', async () => {
    const large = Buffer.alloc(40 * 1024 * 1024);
    for (let i = 0; i < 2; i++) {
      const { written } = await writeTar(tarOf([file('large', large)]), { level: 1 });
      assert.ok(written.uncompressedSize > large.length);
    }
  });

  const big = noise(10_000);
  const entries = [dir('d'), file('d/big', big), symlink('d/s', 'big'), hardlink('d/h', 'd/big'), file('e', 'end')];

  test('our reader finds the same tree', async () => {
    const { blob, toc } = await writeEntries(entries, { chunkSize: 4096 });
    assert.deepEqual(namesIn(toc, ''), ['d', 'e']);
    assert.deepEqual(contentAt(toc, blob, 'd/big'), big);
    assert.deepEqual(contentAt(toc, blob, 'e'), Buffer.from('end'));
    assert.equal(nodeAt(toc, 'd/h'), nodeAt(toc, 'd/big'));
    assert.ok(toc.verifiable);
    assert.equal(toc.prefetchEnd, undefined);
  });

  test('it is a gzip of a tar: the headers byte for byte, then the TOC, then the end', async () => {
    const { written, blob, tocJson } = await writeEntries(entries);
    const plain = gunzipSync(blob);
    const source = tarOf(entries).subarray(0, -END_OF_ARCHIVE.length);
    assert.deepEqual(plain.subarray(0, source.length), source);
    const all = [...tarEntries(plain)];
    assert.equal(all.at(-1)?.header.name.toString(), 'stargz.index.json');
    assert.deepEqual(JSON.parse(all.at(-1)!.data.toString()), tocJson);
    assert.deepEqual(plain.subarray(-1024), END_OF_ARCHIVE);
    assert.equal(digestOf(plain), written.diffId);
    assert.equal(plain.length, written.uncompressedSize);
    assert.equal(digestOf(blob), written.descriptor.digest);
    assert.equal(blob.length, written.descriptor.size);
  });

  test('GNU tar lists it', async () => {
    const { blob } = await writeEntries(entries);
    const { stdout, stderr } = await run('tar', ['-tzf', '-'], { input: blob });
    assert.deepEqual(stdout.trim().split('\n'), ['d/', 'd/big', 'd/s', 'd/h', 'e', 'stargz.index.json']);
    assert.equal(stderr, '');
  });

  test('padding is zero, whatever the tar has there', async () => {
    const tar = tarOf([file('a', 'a'), file('b', 'b')]);
    tar.fill(7, 513, 1024);
    const { blob } = await writeTar(tar);
    assert.ok(
      gunzipSync(blob)
        .subarray(513, 1024)
        .every((byte) => byte === 0),
    );
  });

  test('the descriptor says what lazy pulling needs', async () => {
    const { written } = await writeEntries(entries);
    assert.equal(written.descriptor.mediaType, 'application/vnd.oci.image.layer.v1.tar+gzip');
    assert.deepEqual(written.descriptor.annotations, {
      [TOC_DIGEST]: written.tocDigest,
      [UNCOMPRESSED_SIZE]: String(written.uncompressedSize),
    });
    assert.equal(written.externalToc, undefined);
    assert.deepEqual(written.missed, []);
  });

  test('of two entries of a name, the later one is there', async () => {
    const { toc, blob, tocJson } = await writeEntries([file('a', 'old'), file('b', 'b'), file('a', 'new')]);
    assert.equal(tocJson.entries.length, 2);
    assert.equal(contentAt(toc, blob, 'a').toString(), 'new');
    assert.ok(!gunzipSync(blob).includes('old'));
  });
});

suite('LayerWriter: order', () => {
  const entries = [dir('d'), file('d/a', 'aa'), file('d/b', 'bb'), file('c', 'cc')];

  test('without paths, .no.prefetch.landmark is in front', async () => {
    const { tocJson, toc } = await writeEntries(entries, { order: NOTHING_FIRST });
    assert.equal(tocJson.entries[0]?.['name'], '.no.prefetch.landmark');
    assert.equal(toc.prefetchEnd, 'none');
  });

  test('what comes first is in front of .prefetch.landmark, with its parents', async () => {
    const order = { prioritized: ['d/b', 'not/there'], deferred: [] };
    const { tocJson, toc, written, blob } = await writeEntries(entries, { order });
    const names = tocJson.entries.map(({ name }) => name);
    assert.deepEqual(names, ['d/', 'd/b', '.prefetch.landmark', 'd/a', 'c']);
    assert.deepEqual(written.missed, ['not/there']);
    const landmark = tocJson.entries[2]!;
    assert.equal(toc.prefetchEnd, landmark['offset']);
    assert.deepEqual(Object.keys(landmark), ['name', 'type', 'size', 'offset', 'digest', 'chunkDigest']);
    const header = [...tarEntries(gunzipSync(blob))][2]!;
    assert.deepEqual(header.data, Buffer.from([0x0f]));
    assert.deepEqual([header.header.mode, header.header.uid, header.header.mtimeSec], [0, 0, 0]);
  });

  test('landmarks of an earlier build are replaced, and so is its TOC', async () => {
    const first = await writeEntries(entries, { order: { prioritized: ['c'], deferred: [] } });
    const again = readBack(await writeTar(gunzipSync(first.blob), { order: NOTHING_FIRST }));
    const names = again.tocJson.entries.map(({ name }) => name);
    assert.deepEqual(names, ['.no.prefetch.landmark', 'c', 'd/', 'd/a', 'd/b']);
  });

  test('a landmark begins a member of its own, also in members of many chunks', async () => {
    const order = { prioritized: ['d/a', 'd/b'], deferred: [] };
    const { tocJson } = await writeEntries(entries, { order, minChunkSize: 50_000 });
    const landmark = tocJson.entries.find(({ name }) => name === '.prefetch.landmark')!;
    assert.equal(landmark['innerOffset'], undefined);
    const before = tocJson.entries.find(({ name }) => name === 'd/b')!;
    assert.equal(before['innerOffset'], 1024);
    const after = tocJson.entries.find(({ name }) => name === 'c')!;
    assert.deepEqual([after['offset'], after['innerOffset']], [landmark['offset'], 1024]);
  });
});

suite('LayerWriter: an external TOC', () => {
  const entries = [dir('d'), file('d/a', noise(3000)), file('b', 'b')];

  test('is a blob of its own that names the layer; the layer has neither TOC nor end marks', async () => {
    const { written, blob, toc } = await writeEntries(entries, { externalToc: true });
    assert.equal(parseFooter(blob, blob.length).format, 'external-toc');
    assert.deepEqual(contentAt(toc, blob, 'd/a'), noise(3000));
    const plain = gunzipSync(blob);
    assert.deepEqual(plain, tarOf(entries).subarray(0, -END_OF_ARCHIVE.length));
    assert.equal(digestOf(plain), written.diffId);
    const { descriptor, bytes } = written.externalToc!;
    assert.equal(descriptor.digest, digestOf(bytes));
    assert.equal(descriptor.size, bytes.length);
    assert.deepEqual(descriptor.annotations, { [TOC_LAYER_DIGEST]: written.descriptor.digest });
    const [only, ...others] = tarEntries(gunzipSync(bytes));
    assert.equal(only?.header.name.toString(), 'stargz.index.json');
    assert.deepEqual(others, []);
    assert.equal(written.descriptor.annotations?.[TOC_DIGEST], written.tocDigest);
  });

  test('lossless keeps the tar byte for byte: duplicates, dirty padding, end marks, landmarks, what is behind', async () => {
    const doubled = [...entries, file('.prefetch.landmark', 'x'), file('b', 'later'), file('d/end')];
    const tar = Buffer.concat([tarOf(doubled), Buffer.alloc(9000)]);
    tar.fill(7, tar.indexOf('later') + 5, tar.indexOf('later') + 100);
    const { written, blob, toc } = readBack(
      await writeTar(tar, { externalToc: true, lossless: true, chunkSize: 1000 }),
    );
    assert.deepEqual(gunzipSync(blob), tar);
    assert.equal(written.diffId, digestOf(tar));
    assert.equal(written.uncompressedSize, tar.length);
    assert.equal(contentAt(toc, blob, 'b').toString(), 'later');
    assert.deepEqual(contentAt(toc, blob, 'd/a'), noise(3000));
  });
});

suite('LayerWriter: the same blob everywhere', () => {
  // A compressor of Node that writes other bytes changes them. That is no fault, but users want to know.
  const known: [options: Partial<WriteOptions>, digest: string][] = [
    [{ level: 9 }, '9f2fed6477dc85ed5672e2887818dea8786b8f904dfd77a8508d15e018fe6066'],
    [{ level: 6, minChunkSize: 2000 }, 'eebbe14f4af01942d462389ffc7ca024c97c664ad0f2c9119639f6345d0a2ece'],
    [{ format: 'zstd:chunked', level: 3 }, '9cedf3a9f5b4d5c0131fa8e97f32de9f2dcab906ba21b3264910cc5d19dff9fc'],
    [
      { format: 'zstd:chunked-containers', level: 19 },
      'bd989ac96dd227b09d693c78a70023aacd51777373e798bafdece3fa6bc41745',
    ],
  ];
  for (const [options, digest] of known) {
    test(`a known layer has a known digest on any processor: ${JSON.stringify(options)}`, async () => {
      const text = Array.from({ length: 3000 }, (_, i) => `line ${(i * 7919) % 1000} of a text\n`).join('');
      const entries = [dir('d'), file('d/text', text), file('d/noise', noise(5000)), symlink('d/s', 'text')];
      const { written } = await writeEntries(entries, { chunkSize: 20_000, order: NOTHING_FIRST, ...options });
      assert.equal(written.descriptor.digest, `sha256:${digest}`);
    });
  }

  // Several batches, and members that end by what they compress to.
  const many = Array.from({ length: 400 }, (_, i) =>
    file(`f${i}`, i % 3 === 0 ? 'x'.repeat(20_000) : noise(20_000, i + 1)),
  );
  const tar = tarOf([dir('d'), file('d/large', noise(9_000_000)), ...many]);

  for (const options of [{}, { minChunkSize: 50_000 }, { format: 'zstd:chunked-containers', level: 3 }] as const) {
    test(`with 1, 2 or 5 workers: ${JSON.stringify(options)}`, async () => {
      const chosen = { level: 1, chunkSize: 1_000_000, ...options };
      const blobs = [];
      for (const workers of [1, 2, 5]) blobs.push(await writeTar(tar, chosen, workers));
      const digests = blobs.map(({ written }) => written.descriptor.digest);
      assert.deepEqual(new Set(digests).size, 1);
      assert.equal(digests[0], digestOf(blobs[0]!.blob));
      const { toc, blob } = readBack(blobs[0]!);
      for (const path of ['d/large', 'f0', 'f1', 'f399']) {
        const wanted = [...many, file('d/large', noise(9_000_000))].find(({ name }) => name === path)!;
        assert.ok(contentAt(toc, blob, path).equals(wanted.content), path);
      }
    });
  }
});
