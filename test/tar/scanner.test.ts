import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as fc from 'fast-check';
import { FormatError } from '../../src/errors.ts';
import { MAX_EXTENDED_HEADER, scanTar } from '../../src/tar/scanner.ts';
import { block, char, dir, fifo, file, hardlink, symlink } from '../support/entries.ts';
import { blocks, cut, cutAsync, longBlocks, patchHeader, paxBlocks, scanPieces } from '../support/tar-blocks.ts';
import type { Scanned } from '../support/tar-blocks.ts';
import { END_OF_ARCHIVE, tarHead, tarOf } from '../support/tar.ts';

const LONG = `${'d'.repeat(150)}/${'f'.repeat(150)}`;
const ENTRIES = [
  dir('a', { mode: 0o1777, mtime: 1_700_000_000 }),
  file('a/b', 'hello', { mode: 0o4755, uid: 12, gid: 34, xattrs: { 'user.text': Buffer.from([0, 255]) } }),
  file(LONG, Buffer.alloc(1024, 'x'), { uid: 3_000_000_000, mtime: -86_400 }),
  file('empty'),
  symlink('s', LONG),
  hardlink('h', 'a/b'),
  char('c', 1, 3),
  block('k', 8, 1),
  fifo('p'),
];
const TAR = tarOf(ENTRIES);

function scan(...parts: Buffer[]): Scanned[] {
  return scanPieces([Buffer.concat(parts)]);
}

/** The names and contents, to be compared at a glance. */
function listing(found: readonly Scanned[]): string[] {
  return found.map(({ entry, content }) => `${entry.type} ${entry.header.name.toString()} ${content.toString()}`);
}

suite('tar scanner', () => {
  test('finds every entry with its type, fields, records, place and payload', () => {
    const found = scan(TAR);
    assert.deepEqual(
      found.map(({ entry }) => entry.type),
      ENTRIES.map(({ type }) => type),
    );
    let start = 0;
    for (const [i, { entry, content }] of found.entries()) {
      const wanted = ENTRIES[i]!;
      assert.equal(entry.header.name.toString(), wanted.name);
      assert.equal(entry.header.linkName.toString(), wanted.linkName);
      assert.equal(entry.header.mode, wanted.mode);
      assert.equal(entry.header.uid, wanted.uid);
      assert.equal(entry.header.gid, wanted.gid);
      assert.equal(entry.header.mtimeSec, wanted.mtime);
      assert.equal(entry.header.devMajor, wanted.devMajor);
      assert.equal(entry.header.devMinor, wanted.devMinor);
      assert.equal(entry.header.size, wanted.content.length);
      assert.deepEqual(content, wanted.content);
      assert.equal(entry.fromGlobal, false);
      assert.equal(entry.start, start);
      assert.equal(entry.dataStart, start + tarHead(wanted).length);
      start = entry.dataStart + Math.ceil(wanted.content.length / 512) * 512;
    }
    assert.deepEqual(found[1]?.entry.pax.get('SCHILY.xattr.user.text'), Buffer.from([0, 255]));
    assert.equal(found[0]?.entry.pax.size, 0);
  });

  test('pieces of any size give the same, and are not held on to', () => {
    const whole = scan(TAR);
    const sizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 2000 }), fc.constant(512)), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(fc.property(sizes, (sizes) => assert.deepEqual(scanPieces(cut(TAR, sizes)), whole)));
    assert.deepEqual(scanPieces(cut(TAR, [1])), whole);
  });

  test('a tar with changed bytes is a tar or a FormatError, never anything else', () => {
    const change = fc.tuple(
      fc.nat(TAR.length - 1),
      fc.oneof(fc.nat(255), fc.constantFrom(0, 0x30, 0x37, 0x78, 0x67, 0x4c, 0x53, 0x80, 0xff)),
    );
    let refused = 0;
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), fc.boolean(), (changes, isRight) => {
        const tar = Buffer.from(TAR);
        for (const [at, byte] of changes) tar[at] = byte;
        // Only with right checksums the fields are looked at.
        const starts = isRight ? scanPieces([TAR]).flatMap(({ entry }) => [entry.start, entry.dataStart - 512]) : [];
        const fixed = starts.reduce<Buffer>(
          (tar, start) => patchHeader(tar, 0, tar.subarray(start, start + 1), start),
          tar,
        );
        try {
          for (const { entry, content } of scanPieces(cut(fixed, [3000])))
            assert.equal(content.length, entry.header.size);
        } catch (error) {
          assert.ok(error instanceof FormatError, String(error));
          assert.equal(typeof error.offset, 'number');
          refused++;
        }
      }),
      { numRuns: 500 },
    );
    assert.ok(refused > 50);
  });

  test('scanTar takes an async source and gives its size', async () => {
    const names: string[] = [];
    const size = await scanTar(cutAsync(TAR, [700]), { entry: ({ header }) => names.push(header.name.toString()) });
    assert.equal(size, TAR.length);
    assert.equal(names.length, ENTRIES.length);
  });

  const ends: [title: string, end: Buffer][] = [
    ['nothing', Buffer.alloc(0)],
    ['one block of zeros', Buffer.alloc(512)],
    ['two blocks of zeros', Buffer.alloc(1024)],
    ['two blocks of zeros and anything behind them', Buffer.concat([END_OF_ARCHIVE, Buffer.from('anything')])],
    ['two blocks of zeros and an entry behind them', Buffer.concat([END_OF_ARCHIVE, blocks('0', 'hidden')])],
  ];
  for (const [title, end] of ends) {
    test(`${title} ends an archive`, () => {
      assert.deepEqual(listing(scan(blocks('0', 'a', 'hi'), end)), ['reg a hi']);
      assert.deepEqual(listing(scanPieces(cut(Buffer.concat([blocks('0', 'a', 'hi'), end]), [100]))), ['reg a hi']);
    });
  }

  test('no bytes at all are an archive without entries', () => {
    assert.deepEqual(scan(), []);
  });
});

suite('tar scanner: types', () => {
  test('v7 files, contiguous files, and v7 directories by their slash', () => {
    assert.deepEqual(listing(scan(blocks('\0', 'f', 'v7'), blocks('7', 'c', 'cont'), blocks('\0', 'd/'))), [
      'reg f v7',
      'reg c cont',
      'dir d/ ',
    ]);
    // A slash says nothing in a newer header.
    assert.deepEqual(listing(scan(blocks('0', 'f/', 'x'))), ['reg f/ x']);
  });

  test('a v7 header has no owner names, no devices and no prefix, whatever stands there', () => {
    const header = patchHeader(blocks('\0', 'f', 'v7', { userName: 'u', devMajor: 7 }), 257, '\0\0\0\0\0\0\0\0');
    const [found] = scan(patchHeader(header, 345, 'prefix'));
    assert.equal(found?.entry.header.name.toString(), 'f');
    assert.equal(found?.entry.header.userName.length, 0);
    assert.equal(found?.entry.header.devMajor, 0);
  });

  test('a GNU header has owner names and no prefix, a star header a short one', () => {
    const gnu = patchHeader(patchHeader(blocks('0', 'f', '', { userName: 'root' }), 257, 'ustar  \0'), 345, '01234567');
    const [found] = scan(gnu);
    assert.equal(found?.entry.header.name.toString(), 'f');
    assert.equal(found?.entry.header.userName.toString(), 'root');
    const star = patchHeader(
      patchHeader(patchHeader(blocks('0', 'f'), 345, 'p'.repeat(131)), 476, '00000000001 00000000002 '),
      508,
      'tar\0',
    );
    assert.equal(scan(star)[0]?.entry.header.name.toString(), `${'p'.repeat(131)}/f`);
  });

  test('only files have a payload, whatever size a header gives', () => {
    for (const typeflag of ['1', '2', '3', '4', '5', '6']) {
      const found = scan(blocks(typeflag, 'x', '', { size: 1000, linkName: 'y' }), blocks('0', 'a', 'hi'));
      assert.equal(found.length, 2, typeflag);
      assert.equal(found[0]?.entry.header.size, 0);
      assert.equal(found[1]?.content.toString(), 'hi');
    }
  });

  test('a v7 directory with a payload is refused: readers do not agree on where the next header is', () => {
    const inner = blocks('0', 'inner');
    assert.throws(() => scan(blocks('\0', 'd/', inner), blocks('0', 'a')), /entry "d\/": a directory of 512 bytes/);
    assert.equal(scan(blocks('5', 'd/', '', { size: 512 }), blocks('0', 'a')).length, 2);
  });

  const refused: [title: string, typeflag: string, text: RegExp][] = [
    ['a GNU sparse file', 'S', /GNU sparse file/],
    ['a part of another volume', 'M', /another volume/],
    ['a volume label', 'V', /volume label/],
    ['an unknown type', 'Q', /type "Q" is not supported/],
  ];
  for (const [title, typeflag, text] of refused) {
    test(`${title} is a FormatError with the offset and the name`, () => {
      assert.throws(
        () => scan(blocks('0', 'first', 'x'), blocks(typeflag, 'second')),
        (error: unknown) => {
          assert.ok(error instanceof FormatError);
          assert.equal(error.offset, 1024);
          assert.match(error.message, text);
          assert.match(error.message, /at 1024, entry "second"/);
          return true;
        },
      );
    });
  }
});

suite('tar scanner: extended headers', () => {
  test('PAX records stand in the place of header fields', () => {
    const records = { path: 'ü', linkpath: 't', size: '3', uid: '4', gid: '5', mtime: '6.9', uname: 'me', gname: 'us' };
    const [found] = scan(paxBlocks('x', records), blocks('0', 'hint', 'abc', { size: 0 }), END_OF_ARCHIVE);
    const { header, pax, start, dataStart } = found!.entry;
    assert.equal(header.name.toString(), 'ü');
    assert.equal(header.linkName.toString(), 't');
    assert.deepEqual([header.size, header.uid, header.gid, header.mtimeSec], [3, 4, 5, 6]);
    assert.equal(header.userName.toString(), 'me');
    assert.equal(header.groupName.toString(), 'us');
    assert.equal(pax.get('mtime')?.toString(), '6.9');
    assert.equal(found?.content.toString(), 'abc');
    assert.deepEqual([start, dataStart], [0, 1536]);
  });

  test('a record without a value leaves the header as it is', () => {
    const [found] = scan(paxBlocks('x', { path: '', uid: '' }), blocks('0', 'name', '', { uid: 9 }));
    assert.equal(found?.entry.header.name.toString(), 'name');
    assert.equal(found?.entry.header.uid, 9);
  });

  test('records are those of one entry only', () => {
    assert.deepEqual(listing(scan(paxBlocks('x', { path: 'long' }), blocks('0', 'a'), blocks('0', 'b'))), [
      'reg long ',
      'reg b ',
    ]);
  });

  const times: [text: string, sec: number][] = [
    ['1700000000.999999999', 1_700_000_000],
    ['1700000000.', 1_700_000_000],
    ['-1700000000.000000001', -1_700_000_001],
    ['-5.0', -5],
    ['-0.5', -1],
    ['-0', 0],
  ];
  for (const [text, sec] of times) {
    test(`a time of ${text} is second ${sec}, whatever a float makes of it`, () => {
      const [found] = scan(paxBlocks('x', { mtime: text }), blocks('0', 'a'));
      assert.equal(found?.entry.header.mtimeSec, sec);
    });
  }

  test('what is small of a large header does not keep it in memory', () => {
    const records = Array.from({ length: 1000 }, () => `1008 path=${'x'.repeat(997)}\n`).join('');
    const found = scan(
      blocks('x', 'pax', records),
      blocks('0', 'a'),
      blocks('L', 'l', `short\0${'x'.repeat(500_000)}`),
      blocks('0', 'b'),
    );
    const { pax } = found[0]!.entry;
    assert.ok(pax.get('path')!.buffer.byteLength <= 64 * 1024);
    assert.equal(found[1]?.entry.header.name.toString(), 'short');
    assert.ok(found[1].entry.header.name.buffer.byteLength <= 64 * 1024);
  });

  test('GNU long names and link names are those of the next entry, and win over PAX records', () => {
    const found = scan(
      longBlocks('K', `${LONG}/target`),
      longBlocks('L', LONG),
      paxBlocks('x', { path: 'pax' }),
      blocks('2', 'cut', '', { linkName: 'cut' }),
      blocks('0', 'next'),
    );
    assert.equal(found[0]?.entry.header.name.toString(), LONG);
    assert.equal(found[0]?.entry.header.linkName.toString(), `${LONG}/target`);
    assert.equal(found[0]?.entry.start, 0);
    assert.equal(found[1]?.entry.header.name.toString(), 'next');
    assert.equal(found[1]?.entry.start, found[0]?.entry.dataStart);
  });

  test('global records hold for all that follow, until an entry or a global record replaces them', () => {
    const found = scan(
      blocks('0', 'before'),
      paxBlocks('g', { uid: '7', 'SCHILY.xattr.user.g': 'v' }),
      blocks('0', 'a', '', { uid: 1 }),
      paxBlocks('x', { uid: '8', 'SCHILY.xattr.user.g': 'w' }),
      blocks('0', 'b'),
      paxBlocks('g', { uid: '9' }),
      blocks('0', 'c'),
    );
    const facts = found.map(({ entry }) => [
      entry.header.uid,
      entry.pax.get('SCHILY.xattr.user.g')?.toString(),
      entry.fromGlobal,
    ]);
    assert.deepEqual(facts, [
      [0, undefined, false],
      [7, 'v', true],
      [8, 'w', false],
      [9, 'v', true],
    ]);
    assert.equal(found[1]?.entry.start, found[1]!.entry.dataStart - 512, 'a global header is no part of an entry');
  });

  test('a global comment, as git writes it, changes no entry', () => {
    const [found] = scan(paxBlocks('g', { comment: '0123abc' }), blocks('0', 'a'));
    assert.equal(found?.entry.fromGlobal, false);
    assert.equal(found?.entry.pax.get('comment')?.toString(), '0123abc');
  });

  test('an entry whose headers a global one interrupts can not be copied', () => {
    const [found] = scan(paxBlocks('x', { path: 'p' }), paxBlocks('g', { comment: 'c' }), blocks('0', 'a'));
    assert.equal(found?.entry.header.name.toString(), 'p');
    assert.equal(found?.entry.fromGlobal, true);
  });

  const refused: [title: string, tar: Buffer[], offset: number, text: RegExp][] = [
    ['PAX sparse files', [paxBlocks('x', { 'GNU.sparse.major': '1' }), blocks('0', 'a')], 0, /sparse/],
    [
      'a malformed record',
      [blocks('x', 'pax', '99 a=b\n'), blocks('0', 'a')],
      512,
      /PAX records: PAX record is malformed/,
    ],
    ['a PAX size with a fraction', [paxBlocks('x', { size: '1.5' }), blocks('0', 'a')], 1024, /size is not a number/],
    [
      'more global records than one header holds',
      ['a', 'b', 'c'].map((key) => paxBlocks('g', { [key]: 'x'.repeat(500_000) })),
      2 * (512 + 500_224),
      /global PAX records/,
    ],
    [
      'very many global records',
      [blocks('g', 'pax', Array.from({ length: 2000 }, (_, i) => `8 ${i + 1000}=\n`).join('')), blocks('0', 'a')],
      0,
      /global PAX records/,
    ],
    ['a PAX number that is none', [paxBlocks('x', { uid: '1e3' }), blocks('0', 'a')], 1024, /uid is not a number/],
    ['a negative PAX size', [paxBlocks('x', { size: '-512' }), blocks('0', 'a')], 1024, /size of -512/],
    ['a size past all numbers', [paxBlocks('x', { size: '9007199254740000' }), blocks('0', 'a')], 1024, /too large/],
    ['extended headers and no entry', [paxBlocks('x', { path: 'a' })], 0, /no entry follows/],
    ['extended headers before the end mark', [longBlocks('L', 'a'), END_OF_ARCHIVE], 0, /no entry follows/],
    [
      'records of more than a MiB',
      [blocks('x', 'pax', '', { size: MAX_EXTENDED_HEADER + 1 })],
      0,
      /wanted 1048576 at most/,
    ],
    ['a long name of more than a MiB', [blocks('L', 'l', '', { size: MAX_EXTENDED_HEADER + 1 })], 0, /GNU long name/],
    ['an entry behind one block of zeros', [Buffer.alloc(512), blocks('0', 'a')], 512, /behind a block of zeros/],
    ['a wrong checksum', [blocks('0', 'a', 'x'), Buffer.alloc(512, 1)], 1024 + 148, /at 1024, header block/],
  ];
  for (const [title, tar, offset, text] of refused) {
    for (const sizes of [[1_000_000], [100]]) {
      test(`${title} are a FormatError with the offset (pieces of ${sizes[0]})`, () => {
        assert.throws(
          () => scanPieces(cut(Buffer.concat(tar), sizes)),
          (error: unknown) => {
            assert.ok(error instanceof FormatError);
            assert.match(error.message, text);
            assert.equal(error.offset, offset);
            return true;
          },
        );
      });
    }
  }

  test('an extended header of a MiB is taken', () => {
    const value = Buffer.alloc(MAX_EXTENDED_HEADER - 20, 'v');
    const [found] = scan(paxBlocks('x', { comment: value }), blocks('0', 'a'));
    assert.equal(found?.entry.pax.get('comment')?.length, value.length);
  });

  test('a tar that is cut anywhere but between entries is a FormatError at the cut', () => {
    const whole = scan(TAR);
    const boundaries = new Set([...whole.map(({ entry }) => entry.start), TAR.length - 1024, TAR.length - 512]);
    for (let length = 0; length < TAR.length; length += 64) {
      if (boundaries.has(length)) {
        assert.doesNotThrow(() => scan(TAR.subarray(0, length)), `${length}`);
        continue;
      }
      assert.throws(() => scan(TAR.subarray(0, length)), FormatError, `${length}`);
    }
  });
});
