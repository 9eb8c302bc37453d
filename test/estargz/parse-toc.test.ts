import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as fc from 'fast-check';
import { decodeToc } from '../../src/estargz/decode-toc.ts';
import { parseFooter } from '../../src/estargz/footer.ts';
import { isHole } from '../../src/estargz/model.ts';
import type { Toc } from '../../src/estargz/model.ts';
import { compressionOf, parseToc } from '../../src/estargz/parse-toc.ts';
import { block, char, dir, fifo, file, hardlink, noise, symlink } from '../support/entries.ts';
import type { Entry } from '../support/entries.ts';
import { buildEstargz } from '../support/estargz.ts';
import type { BuildOptions, BuiltLayer } from '../support/estargz.ts';
import type { TocEntryJson } from '../support/toc-entry-json.ts';
import { assertTocInvariants, contentAt, namesIn, nodeAt } from '../support/toc.ts';

function tocOf(built: BuiltLayer): Toc {
  const { format, payloadEnd, tocOffset, tocEnd, tocSize } = parseFooter(built.blob, built.blob.length);
  assert.equal(payloadEnd, built.payloadEnd);
  const { tocJson } = decodeToc(built.externalToc ?? built.blob.subarray(tocOffset, tocEnd), {
    compression: compressionOf(format),
    size: tocSize,
    expected: built.tocDigest,
    checksum: built.tocChecksum,
  });
  const toc = parseToc(tocJson, { payloadEnd, format });
  assertTocInvariants(toc);
  return toc;
}

function build(entries: readonly Entry[], options?: BuildOptions): { toc: Toc; blob: Buffer } {
  const built = buildEstargz(entries, options);
  return { toc: tocOf(built), blob: built.blob };
}

/** A TOC of entries as JSON, with a payload of 1000 bytes. */
function parse(entries: TocEntryJson[] | null): Toc {
  const toc = parseToc(Buffer.from(JSON.stringify({ version: 1, entries })), { payloadEnd: 1000 });
  assertTocInvariants(toc);
  return toc;
}

suite('parsing the TOC: nodes', () => {
  test('every field of every type is kept, but for what unpacking does not keep either', () => {
    const options = { mode: 0o6711, uid: 1000, gid: 4_000_000_000, mtime: 1_700_000_000 };
    const xattrs = { 'security.capability': Buffer.from([1, 0, 0, 2]), 'user.empty': '' };
    const { toc } = build([
      dir('d', { ...options, xattrs }),
      file('d/f', 'content', options),
      symlink('d/s', '../target', options),
      char('d/c', 4095, 1_048_575, options),
      block('d/b', 8, 1, options),
      fifo('d/p', options),
      file('d/old', '', { mtime: -86_400 }),
    ]);
    const common = { mode: 0o6711, uid: 1000, gid: 4_000_000_000, mtimeSec: 1_700_000_000, nlink: 1 };
    const none = { size: 0, devMajor: 0, devMinor: 0, xattrs: undefined, linkName: undefined, children: undefined };
    const empty = { ...common, ...none, firstChunk: 0, chunkCount: 0 };
    assert.deepEqual(nodeAt(toc, 'd/f'), { ...empty, type: 'reg', size: 7, chunkCount: 1 });
    assert.deepEqual(nodeAt(toc, 'd/s'), { ...empty, type: 'symlink', linkName: '../target', mode: 0o777 });
    assert.deepEqual(nodeAt(toc, 'd/c'), { ...empty, type: 'char', devMajor: 4095, devMinor: 1_048_575 });
    assert.deepEqual(nodeAt(toc, 'd/b'), { ...empty, type: 'block', devMajor: 8, devMinor: 1 });
    assert.deepEqual(nodeAt(toc, 'd/p'), { ...empty, type: 'fifo' });
    assert.equal(nodeAt(toc, 'd/old').mtimeSec, 0);
    const { children, ...directory } = nodeAt(toc, 'd');
    const values = new Map([
      ['security.capability', new Uint8Array([1, 0, 0, 2])],
      ['user.empty', new Uint8Array()],
    ]);
    assert.deepEqual({ ...directory, children: undefined }, { ...empty, type: 'dir', nlink: 2, xattrs: values });
    assert.equal(children?.size, 6);
    assert.equal(toc.inodeCount, 8);
    assert.equal(toc.nameCount, 7);
    assert.equal(toc.verifiable, true);
    assert.equal(toc.prefetchEnd, undefined);
  });

  test('an empty TOC is an empty root, as null too', () => {
    for (const toc of [parse([]), parse(null), build([]).toc]) {
      assert.equal(toc.root.mode, 0o755);
      assert.equal(toc.root.nlink, 2);
      assert.equal(toc.inodeCount, 1);
      assert.equal(toc.nameCount, 0);
      assert.equal(toc.chunks.count, 0);
    }
  });

  test('the root takes the fields of its entry, whatever comes first', () => {
    for (const name of ['./', '/', '', '.']) {
      const { root } = parse([
        { name: 'a', type: 'reg' },
        { name, type: 'dir', mode: 0o700, uid: 5 },
        { name: 'b', type: 'reg' },
      ]);
      assert.equal(root.mode, 0o700);
      assert.equal(root.uid, 5);
      assert.deepEqual([...(root.children?.keys() ?? [])], ['a', 'b']);
    }
  });

  test('names are cleaned', () => {
    for (const name of ['a/b', './a/b', '/a/b', 'a//b', 'a/./b', 'a/b/', '././/a/b/.']) {
      assert.equal(nodeAt(parse([{ name, type: 'fifo' }]), 'a/b').type, 'fifo', name);
    }
  });

  test('names that only look dangerous are kept', () => {
    const toc = parse(
      ['...', '..a', 'a..', ' ', '\u00fc', '__proto__', 'constructor'].map((name) => ({ name, type: 'reg' })),
    );
    assert.equal(toc.nameCount, 7);
    assert.equal(nodeAt(toc, '__proto__').type, 'reg');
  });

  test('names of 255 bytes and paths of 4096 are kept', () => {
    assert.equal(
      nodeAt(parse([{ name: '\u00fc'.repeat(127) + 'a', type: 'reg' }]), '\u00fc'.repeat(127) + 'a').type,
      'reg',
    );
    assert.equal(parse([{ name: `${'a'.repeat(255)}/`.repeat(16), type: 'dir' }]).nameCount, 16);
  });

  test('half a surrogate pair becomes U+FFFD, so that no two names are the same bytes', () => {
    assert.deepEqual(
      namesIn(
        parse([
          { name: '\ud800', type: 'reg' },
          { name: '\udfff', type: 'fifo' },
        ]),
        '',
      ),
      ['\ufffd'],
    );
  });

  test('missing parents are directories of mode 0755, until their own entry comes', () => {
    const toc = parse([
      { name: 'a/b/c', type: 'reg' },
      { name: 'a', type: 'dir', mode: 0o700, uid: 7 },
    ]);
    assert.equal(nodeAt(toc, 'a').mode, 0o700);
    assert.equal(nodeAt(toc, 'a').uid, 7);
    assert.equal(nodeAt(toc, 'a').nlink, 3);
    assert.equal(nodeAt(toc, 'a/b').mode, 0o755);
    assert.equal(nodeAt(toc, 'a/b/c').type, 'reg');
  });

  test('file-type bits in a mode are dropped', () => {
    assert.equal(nodeAt(parse([{ name: 'a', type: 'reg', mode: 0o100644 }]), 'a').mode, 0o644);
  });

  const times: [text: string | null, seconds: number][] = [
    ['1970-01-01T00:00:00Z', 0],
    ['', 0],
    [null, 0],
    ['2024-02-29T12:00:00Z', 1_709_208_000],
    ['2024-02-29T12:00:00.999Z', 1_709_208_000],
    ['2024-02-29T14:00:00+02:00', 1_709_208_000],
    // As containerd unpacks: nothing before 1970, nothing after what 63 bits of nanoseconds hold.
    ['1969-12-31T23:59:59.5Z', 0],
    ['0001-01-01T00:00:00Z', 0],
    ['2262-04-11T23:47:16Z', 9_223_372_036],
    ['9999-12-31T23:59:59Z', 9_223_372_036],
  ];
  for (const [text, seconds] of times) {
    test(`the time ${JSON.stringify(text)} is ${seconds}`, () => {
      assert.equal(nodeAt(parse([{ name: 'a', type: 'reg', modtime: text }]), 'a').mtimeSec, seconds);
    });
  }

  test('null is the same as missing, and unknown fields are ignored', () => {
    const nulls = { mode: null, uid: null, size: null, xattrs: null, digest: null, offset: null, userName: null };
    const toc = parse([{ name: 'a', type: 'reg', ...nulls, NumLink: 17, userName: 'x', more: { deep: [] } }]);
    assert.equal(nodeAt(toc, 'a').size, 0);
    assert.equal(nodeAt(toc, 'a').nlink, 1);
  });
});

suite('parsing the TOC: names that come twice', () => {
  test('the later entry replaces the earlier one', () => {
    const { toc, blob } = build([file('a', 'first'), file('b', 'x'), file('a', 'second')]);
    assert.equal(contentAt(toc, blob, 'a').toString(), 'second');
    assert.equal(toc.nameCount, 2);
    assert.equal(toc.chunks.count, 2, 'the chunks of the replaced file are not in the table');
  });

  test('a directory keeps its children and takes the later fields', () => {
    const { toc } = build([dir('d', { mode: 0o700 }), file('d/f', 'x'), dir('d', { mode: 0o711 })]);
    assert.equal(nodeAt(toc, 'd').mode, 0o711);
    assert.deepEqual(namesIn(toc, 'd'), ['f']);
  });

  test('a file in the place of a directory takes all below it away', () => {
    const { toc } = build([file('d/e/f', 'x'), file('d', 'y')]);
    assert.equal(nodeAt(toc, 'd').type, 'reg');
    assert.equal(toc.nameCount, 1);
    assert.equal(toc.chunks.count, 1);
  });

  test('a directory in the place of a file is empty', () => {
    const { toc } = build([file('d', 'x'), dir('d'), file('d/f', 'y')]);
    assert.deepEqual(namesIn(toc, 'd'), ['f']);
  });

  test('a member of a replaced file still ends the member before it', () => {
    const built = buildEstargz([file('a', 'first'), file('b', noise(5000)), file('b', 'z')]);
    const { chunks } = tocOf(built);
    assert.equal(chunks.count, 2);
    assert.ok(chunks.blobEnd[0]! < chunks.blobOffset[1]!);
  });
});

suite('parsing the TOC: hard links', () => {
  test('all names are the same inode', () => {
    const { toc, blob } = build([file('a', 'content'), hardlink('b', 'a'), hardlink('d/c', './b')]);
    assert.equal(nodeAt(toc, 'a'), nodeAt(toc, 'b'));
    assert.equal(nodeAt(toc, 'a'), nodeAt(toc, 'd/c'));
    assert.equal(nodeAt(toc, 'a').nlink, 3);
    assert.equal(toc.inodeCount, 3);
    assert.equal(toc.nameCount, 4);
    assert.equal(contentAt(toc, blob, 'd/c').toString(), 'content');
  });

  test('a target may come later, through other links', () => {
    const { toc } = build([hardlink('x', 'y'), hardlink('y', 'z'), hardlink('w', 'x'), file('z', 'content')]);
    assert.equal(nodeAt(toc, 'z').nlink, 4);
    assert.equal(nodeAt(toc, 'w'), nodeAt(toc, 'z'));
  });

  test('100,000 links that wait for each other are resolved', () => {
    const links = Array.from({ length: 100_000 }, (_, i) => ({
      name: `l${i}`,
      type: 'hardlink',
      linkName: `l${i + 1}`,
    }));
    const toc = parse([...links, { name: 'l100000', type: 'reg' }]);
    assert.equal(nodeAt(toc, 'l0').nlink, 100_001);
  });

  test('a link keeps the inode that its target had, as in an extracted tar', () => {
    const { toc, blob } = build([file('a', 'first'), hardlink('b', 'a'), file('a', 'second')]);
    assert.equal(contentAt(toc, blob, 'b').toString(), 'first');
    assert.equal(contentAt(toc, blob, 'a').toString(), 'second');
    assert.equal(nodeAt(toc, 'b').nlink, 1);
  });

  test('an entry in the place of a waiting link replaces it', () => {
    const { toc } = build([hardlink('b', 'later'), fifo('b'), file('later', 'x')]);
    assert.equal(nodeAt(toc, 'b').type, 'fifo');
    assert.equal(nodeAt(toc, 'later').nlink, 1);
  });

  test('a symlink may have several names', () => {
    assert.equal(nodeAt(build([symlink('s', 't'), hardlink('h', 's')]).toc, 'h').linkName, 't');
  });
});

suite('parsing the TOC: landmarks', () => {
  const entries = [dir('bin'), file('bin/first', noise(3000)), file('bin/second', noise(3000, 2)), file('last', 'x')];

  test('a landmark says where prefetch ends, and is hidden', () => {
    const built = buildEstargz(entries, { prioritized: ['bin/second'] });
    const toc = tocOf(built);
    assert.deepEqual(namesIn(toc, ''), ['bin', 'last']);
    const second = nodeAt(toc, 'bin/second').firstChunk;
    assert.equal(toc.prefetchEnd, toc.chunks.blobEnd[second]);
    assert.ok((toc.prefetchEnd as number) < toc.chunks.blobOffset[nodeAt(toc, 'bin/first').firstChunk]!);
  });

  test('the other landmark forbids prefetch, and is hidden', () => {
    const { toc } = build(entries, { noPrefetchLandmark: true });
    assert.deepEqual(namesIn(toc, ''), ['bin', 'last']);
    assert.equal(toc.prefetchEnd, 'none');
  });

  test('with both, prefetch is forbidden', () => {
    const { toc } = build([file('.no.prefetch.landmark', 'x'), ...entries], { prioritized: [] });
    assert.equal(toc.prefetchEnd, 'none');
  });

  test('they mean nothing in other directories, or as other types', () => {
    const { toc } = build([
      file('d/.prefetch.landmark', 'x'),
      dir('.prefetch.landmark'),
      file('d/stargz.index.json', 'y'),
    ]);
    assert.equal(toc.prefetchEnd, undefined);
    assert.deepEqual(namesIn(toc, 'd'), ['.prefetch.landmark', 'stargz.index.json']);
    assert.deepEqual(namesIn(toc, ''), ['d']);
  });
});

suite('parsing the TOC: chunks', () => {
  const content = noise(10_000);
  const options: [title: string, options: BuildOptions, chunks: number][] = [
    ['one chunk', {}, 1],
    ['many chunks', { chunkSize: 999 }, 11],
    ['a chunk of exactly the file', { chunkSize: 10_000 }, 1],
    ['a last chunk of full size', { chunkSize: 2000 }, 5],
    ['several chunks in a member', { chunkSize: 999, minChunkSize: 4000 }, 11],
    ['everything in one member', { chunkSize: 999, minChunkSize: 1_000_000 }, 11],
    ['the legacy footer', { chunkSize: 999, format: 'stargz' }, 11],
    ['an external TOC', { chunkSize: 999, format: 'external-toc' }, 11],
    ['zstd:chunked', { chunkSize: 999, format: 'zstd:chunked' }, 11],
    ['zstd:chunked with several chunks in a frame', { chunkSize: 999, minChunkSize: 4000, format: 'zstd:chunked' }, 11],
    ['zstd:chunked of containers/storage', { chunkSize: 999, format: 'zstd:chunked-containers' }, 11],
    ['no compression', { chunkSize: 999, compressionLevel: 0 }, 11],
    ['landmarks in a member with others', { chunkSize: 999, minChunkSize: 4000, prioritized: ['d/big'] }, 11],
  ];
  for (const [title, build_, count] of options) {
    test(`every file reads back with ${title}`, () => {
      const files = [file('small', 'x'), file('d/big', content), file('empty'), file('after', 'y'), symlink('s', 'x')];
      const { toc, blob } = build(files, build_);
      assert.equal(nodeAt(toc, 'd/big').chunkCount, count);
      for (const { name, type, content: wanted } of files) {
        if (type === 'reg') assert.deepEqual(contentAt(toc, blob, name), wanted);
      }
      assert.equal(toc.chunks.blobEnd[toc.chunks.count - 1], toc.payloadEnd);
    });
  }

  test('runs of zeros are holes in the dialect of containers/storage, of which nothing is fetched', () => {
    const zeros = Buffer.alloc(3000);
    const sparse = Buffer.concat([noise(500), zeros, noise(500), zeros]);
    const entries = [file('sparse', sparse), file('zeros', zeros), file('short', Buffer.alloc(1000)), file('z', 'z')];
    const { toc, blob } = build(entries, { chunkSize: 400, format: 'zstd:chunked-containers' });
    for (const { name, content: wanted } of entries) assert.deepEqual(contentAt(toc, blob, name), wanted, name);
    const holes = Array.from({ length: toc.chunks.count }, (_, chunk) => isHole(toc.chunks, chunk));
    // A file of one chunk has no type for it, whatever it holds; 1000 zeros are too few for a hole.
    assert.deepEqual(holes, [false, false, true, false, false, true, false, false, false, false, false]);
    assert.equal(toc.verifiable, true);
    const { chunks } = toc;
    // The frame of the zeros ends the one before it, though nobody reads it.
    assert.ok(chunks.blobEnd[1]! < chunks.blobOffset[3]!);
  });

  test('a chunk type means nothing to other dialects', () => {
    const patch: BuildOptions['tocPatch'] = (toc) => ({
      ...toc,
      entries: toc.entries.map((entry) => ({ ...entry, chunkType: 'zeros' })),
    });
    const { toc, blob } = build([file('f', 'content')], { format: 'zstd:chunked', tocPatch: patch });
    assert.equal(isHole(toc.chunks, 0), false);
    assert.equal(contentAt(toc, blob, 'f').toString(), 'content');
  });

  test('members with several chunks share their range and have inner offsets', () => {
    const { toc } = build([file('a', 'aaa'), file('b', 'bbb')], { minChunkSize: 1_000_000 });
    assert.deepEqual([...toc.chunks.blobOffset], [0, 0]);
    assert.deepEqual([...toc.chunks.blobEnd], [toc.payloadEnd, toc.payloadEnd]);
    assert.deepEqual([...toc.chunks.innerOffset], [512, 512 + 512 + 512]);
  });

  test('files stand in the order of the blob, not of the TOC', () => {
    const toc = parse([
      { name: 'b', type: 'reg', size: 5, offset: 500 },
      { name: 'a', type: 'reg', size: 3, offset: 100 },
    ]);
    assert.deepEqual([...toc.chunks.blobOffset], [100, 500]);
    assert.deepEqual([...toc.chunks.blobEnd], [500, 1000]);
    assert.deepEqual([...toc.chunks.size], [3, 5]);
    assert.equal(nodeAt(toc, 'a').firstChunk, 0);
    assert.equal(nodeAt(toc, 'b').firstChunk, 1);
  });

  test('a chunk entry needs no name', () => {
    const toc = parse([
      { name: 'a', type: 'reg', size: 5, offset: 1, chunkSize: 3 },
      { type: 'chunk', offset: 2, chunkOffset: 3 },
    ]);
    assert.deepEqual([...toc.chunks.size], [3, 2]);
    assert.deepEqual([...toc.chunks.fileOffset], [0, 3]);
  });

  const digest = `sha256:${'ab'.repeat(32)}`;
  const digests: [title: string, entries: TocEntryJson[], verifiable: boolean, first: number][] = [
    ['chunkDigest', [{ name: 'a', type: 'reg', size: 1, offset: 1, chunkDigest: digest }], true, 0xab],
    ['digest of a file of one chunk', [{ name: 'a', type: 'reg', size: 1, offset: 1, digest }], true, 0xab],
    ['none', [{ name: 'a', type: 'reg', size: 1, offset: 1 }], false, 0],
    ['none, but empty', [{ name: 'a', type: 'reg', digest: '' }], true, 0],
    [
      'digest of a file of two chunks',
      [
        { name: 'a', type: 'reg', size: 2, offset: 1, chunkSize: 1, digest },
        { name: 'a', type: 'chunk', offset: 2, chunkOffset: 1, chunkDigest: digest },
      ],
      false,
      0,
    ],
    [
      'digest of a chunk entry, which is not one of the chunk',
      [
        { name: 'a', type: 'reg', size: 2, offset: 1, chunkSize: 1, chunkDigest: digest },
        { name: 'a', type: 'chunk', offset: 2, chunkOffset: 1, digest },
      ],
      false,
      0xab,
    ],
  ];
  for (const [title, entries, verifiable, first] of digests) {
    test(`verifiable is ${verifiable} with ${title}`, () => {
      const toc = parse(entries);
      assert.equal(toc.verifiable, verifiable);
      assert.equal(toc.chunks.digest[0] ?? 0, first);
    });
  }

  test('files with chunks anywhere in the layer read back, whatever the sizes', () => {
    const sizes = fc.array(fc.nat(3000), { minLength: 1, maxLength: 12 });
    const chunkSize = fc.integer({ min: 1, max: 4000 });
    fc.assert(
      fc.property(sizes, chunkSize, fc.nat(3000), (lengths, chunkSize, minChunkSize) => {
        const files = lengths.map((length, i) => file(`f${i}`, noise(length, i)));
        const { toc, blob } = build(files, { chunkSize: Math.max(64, chunkSize), minChunkSize, compressionLevel: 1 });
        for (const { name, content } of files) assert.deepEqual(contentAt(toc, blob, name), content);
      }),
      { numRuns: 40 },
    );
  });
});
