import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { FormatError } from '../../src/errors.ts';
import type { LayerFormat } from '../../src/estargz/footer.ts';
import { parseToc } from '../../src/estargz/parse-toc.ts';
import type { TocEntryJson } from '../support/toc-entry-json.ts';
import { assertTocInvariants } from '../support/toc.ts';

const PAYLOAD_END = 1000;
const DIGEST = `sha256:${'ab'.repeat(32)}`;
// A file of one byte whose member is at 10, as a base for what is wrong with one field.
const FILE = { name: 'a', type: 'reg', size: 1, offset: 10, chunkDigest: DIGEST };

function parse(toc: unknown, format: LayerFormat = 'estargz'): void {
  const text = typeof toc === 'string' ? toc : JSON.stringify(toc);
  assertTocInvariants(parseToc(Buffer.from(text), { payloadEnd: PAYLOAD_END, format }));
}

function refuses(toc: unknown, message: RegExp, format?: LayerFormat): void {
  assert.throws(
    () => parse(toc, format),
    (error) => {
      assert.ok(error instanceof FormatError, String(error));
      assert.match(error.message, message);
      assert.ok(error.message.length < 400, 'what an attacker chose is clipped');
      return true;
    },
  );
}

suite('hostile TOC: the document', () => {
  const documents: [title: string, toc: unknown, message: RegExp][] = [
    ['no bytes', '', /not JSON/],
    ['no JSON', '{"version":1,', /not JSON/],
    ['JSON that nests a million deep', '['.repeat(1_000_000), /not JSON/],
    [
      'entries that nest a million deep',
      `{"version":1,"entries":[${'['.repeat(1e6)}${']'.repeat(1e6)}]}`,
      /got an array/,
    ],
    [
      'a name that nests a million deep',
      `{"version":1,"entries":[{"name":${'['.repeat(1e6)}${']'.repeat(1e6)}}]}`,
      /name: got an array/,
    ],
    ['a number', '1', /TOC: got 1, wanted an object/],
    ['an array', '[]', /TOC: got an array, wanted an object/],
    ['no version', { entries: [] }, /version: got undefined, wanted 1/],
    ['another version', { version: 2, entries: [] }, /version: got 2, wanted 1/],
    ['entries that are no array', { version: 1, entries: { length: 5 } }, /entries: got .*, wanted an array/],
    ['an entry that is null', { version: 1, entries: [null] }, /entry 0 \(no object\): got null/],
    ['an entry that is an array', { version: 1, entries: [FILE, []] }, /entry 1 \(no object\): got an array/],
  ];
  for (const [title, toc, message] of documents) {
    test(`${title} is refused`, () => refuses(toc, message));
  }

  test('more entries than the limit are refused', () => {
    const three = Buffer.from(
      JSON.stringify({ version: 1, entries: ['a', 'b', 'c'].map((name) => ({ name, type: 'fifo' })) }),
    );
    parseToc(three, { payloadEnd: PAYLOAD_END, limits: { maxEntries: 3 } });
    assert.throws(
      () => parseToc(three, { payloadEnd: PAYLOAD_END, limits: { maxEntries: 2 } }),
      /entries: got 3, wanted 2/,
    );
  });

  test('paths that imply millions of directories are refused', () => {
    const entries = Array.from({ length: 100 }, (_, i) => ({ name: `${i}${'/d'.repeat(500)}`, type: 'reg' }));
    refuses({ version: 1, entries }, /too many directories/);
  });
});

suite('hostile TOC: fields of an entry', () => {
  const dir = { name: 'a', type: 'dir' };
  const link = { name: 'a', type: 'symlink', linkName: 't' };
  const device = { name: 'a', type: 'char' };
  const long = 'x'.repeat(256);
  const fields: [title: string, good: TocEntryJson, bad: TocEntryJson, message: RegExp][] = [
    ['no name of a file', FILE, { name: undefined }, /root is a reg/],
    ['a name that is a number', FILE, { name: 5 }, /name: got 5, wanted a string/],
    ['a name with ".."', FILE, { name: '../etc/passwd' }, /name: got "\.\.\/etc\/passwd", wanted a path without/],
    ['a name with ".." inside', FILE, { name: 'a/../../b' }, /without "\.\."/],
    ['a name with NUL', FILE, { name: 'a\0b' }, /without NUL/],
    ['a name of 256 bytes', FILE, { name: long }, /256 bytes, wanted 255/],
    ['a name of 128 characters in 256 bytes', FILE, { name: '\u00fc'.repeat(128) }, /256 bytes, wanted 255/],
    ['a path of 4098 bytes', dir, { name: 'ab/'.repeat(1366) }, /4098 bytes, wanted 4096/],
    ['a path of 513 names', dir, { name: 'a/'.repeat(513) }, /513 names, wanted 512/],
    ['no type', FILE, { type: undefined }, /type: got undefined/],
    ['an unknown type', FILE, { type: 'socket' }, /type: got "socket"/],
    ['a type from Object.prototype', FILE, { type: 'constructor' }, /type: got "constructor"/],
    ['a negative size', FILE, { size: -1 }, /size: got -1/],
    ['a size with a fraction', FILE, { size: 1.5 }, /size: got 1\.5/],
    ['a size over 1 TiB', FILE, { size: 2 ** 40 + 1 }, /size: got 1099511627777/],
    ['a size as text', FILE, { size: '1' }, /size: got "1"/],
    ['a size of 1e308', FILE, { size: 1e308 }, /size: got 1e\+308/],
    ['a chunk over 1 GiB', FILE, { size: 2 ** 30 + 1 }, /chunkSize: 1073741825 at/],
    ['a negative mode', FILE, { mode: -1 }, /mode: got -1/],
    ['a negative uid', FILE, { uid: -1 }, /uid: got -1/],
    ['the uid that means none', FILE, { uid: 2 ** 32 - 1 }, /uid: got 4294967295/],
    ['a gid of 33 bits', FILE, { gid: 2 ** 32 }, /gid: got 4294967296/],
    ['a major number of 13 bits', device, { devMajor: 4096 }, /devMajor: got 4096/],
    ['a minor number of 21 bits', device, { devMinor: 2 ** 20 }, /devMinor: got 1048576/],
    ['a time that is none', FILE, { modtime: 'yesterday' }, /modtime: got "yesterday"/],
    ['a time that is a number', FILE, { modtime: 0 }, /modtime: got 0/],
    ['a time of the year 0', FILE, { modtime: '0000-01-01T00:00:00Z' }, /modtime/],
    ['a time of the year 10000', FILE, { modtime: '10000-01-01T00:00:00Z' }, /modtime/],
    ['a time without a zone', FILE, { modtime: '2024-01-01T00:00:00' }, /modtime/],
    ['a time of February 30', FILE, { modtime: '2024-02-30T00:00:00Z' }, /modtime/],
    ['a time of February 29 in 2100', FILE, { modtime: '2100-02-29T00:00:00Z' }, /modtime/],
    ['a time of month 13', FILE, { modtime: '2024-13-01T00:00:00Z' }, /modtime/],
    ['a symlink without a target', link, { linkName: '' }, /linkName: got none/],
    ['a symlink to 4096 bytes', link, { linkName: 'x'.repeat(4096) }, /linkName: got 4096 bytes, wanted 4095/],
    ['a symlink target with NUL', link, { linkName: 'a\0' }, /linkName: .* without NUL/],
    ['xattrs that are an array', FILE, { xattrs: [] }, /xattrs: got an array/],
    ['an xattr without a name', FILE, { xattrs: { '': 'AA==' } }, /xattr name: got none/],
    ['an xattr name of 256 bytes', FILE, { xattrs: { [long]: 'AA==' } }, /xattr name: got 256 bytes/],
    ['an xattr name with NUL', FILE, { xattrs: { 'user.\0': 'AA==' } }, /xattr name: .* NUL/],
    ['an xattr that is no base64', FILE, { xattrs: { 'user.a': 'A-==' } }, /xattr "user.a": got "A-==", wanted base64/],
    ['an xattr with base64 that is cut', FILE, { xattrs: { 'user.a': 'AAA' } }, /wanted base64/],
    ['an xattr that is a number', FILE, { xattrs: { 'user.a': 1 } }, /wanted base64/],
    [
      'an xattr over 64 KiB',
      FILE,
      { xattrs: { a: Buffer.alloc(65_537).toString('base64') } },
      /65537 bytes, wanted 65536/,
    ],
    [
      'xattrs over 128 KiB together',
      FILE,
      { xattrs: Object.fromEntries(['a', 'b', 'c'].map((n) => [n, Buffer.alloc(60_000).toString('base64')])) },
      /xattrs: got 180003 bytes/,
    ],
    ['an offset where the TOC is', FILE, { offset: PAYLOAD_END }, /offset: got 1000, wanted .* 999/],
    ['a negative offset', FILE, { offset: -1 }, /offset: got -1/],
    ['a negative innerOffset', FILE, { innerOffset: -1 }, /innerOffset: got -1/],
    ['an innerOffset over 1 GiB', FILE, { innerOffset: 2 ** 30 }, /at innerOffset 1073741824/],
    ['a chunkSize over the file', FILE, { chunkSize: 2 }, /chunkSize: got 2, wanted 1 to 1/],
    ['a negative chunkSize', FILE, { chunkSize: -1 }, /chunkSize: got -1/],
    ['a chunkOffset at the beginning', FILE, { chunkOffset: 1 }, /chunkOffset: got 1, wanted 0/],
    ['a digest that is none', FILE, { chunkDigest: 'sha256:xyz' }, /chunkDigest: got "sha256:xyz"/],
    ['a digest of another algorithm', FILE, { chunkDigest: `md5:${'a'.repeat(32)}` }, /chunkDigest: got "md5/],
    ['the digest that means none', FILE, { chunkDigest: `sha256:${'0'.repeat(64)}` }, /chunkDigest: got "sha256:000/],
    ['a root that is a file', dir, { name: './', type: 'reg' }, /root is a reg, wanted a dir/],
    ['a root that is a hard link', dir, { name: '/', type: 'hardlink', linkName: 'a' }, /root is a hardlink/],
  ];
  for (const [title, good, bad, message] of fields) {
    test(`${title} is refused`, () => {
      parse({ version: 1, entries: [good] });
      refuses({ version: 1, entries: [{ ...good, ...bad }] }, new RegExp(`^TOC entry 0 \\(.*\\): .*${message.source}`));
    });
  }
});

suite('hostile TOC: the dialect of containers/storage', () => {
  const format = 'zstd:chunked-containers';
  const hole = { ...FILE, size: 2 ** 32 - 1, chunkType: 'zeros' };
  const part = { name: 'a', type: 'reg', size: 10, offset: 10, chunkSize: 5 };
  const rest = { name: 'a', type: 'chunk', offset: 20, chunkOffset: 5, chunkSize: 5, chunkType: 'zeros' };
  const cases: [title: string, good: TocEntryJson[], bad: TocEntryJson[], message: RegExp][] = [
    ['an unknown chunk type', [FILE], [{ ...FILE, chunkType: 'ones' }], /entry 0 .*chunkType: got "ones"/],
    ['a chunk type that is a number', [FILE], [{ ...FILE, chunkType: 0 }], /entry 0 .*chunkType: got 0/],
    ['a hole of 4 GiB', [hole], [{ ...hole, size: 2 ** 32 }], /entry 0 .*chunkSize: 4294967296 at/],
    ['data of 4 GiB', [hole], [{ ...hole, chunkType: '' }], /entry 0 .*chunkSize: 4294967295 at/],
    ['a hole over the end of the file', [part, rest], [part, { ...rest, chunkSize: 6 }], /entry 1 .*chunkSize: got 6/],
    ['a hole that leaves a gap', [part, rest], [part, { ...rest, chunkOffset: 6 }], /entry 1 .*chunkOffset: got 6/],
    ['a hole where the TOC is', [part, rest], [part, { ...rest, offset: PAYLOAD_END }], /entry 1 .*offset: got 1000/],
    ['a hole before its file in the blob', [part, rest], [part, { ...rest, offset: 5 }], /entry 1 .*offset: got 5/],
  ];
  for (const [title, good, bad, message] of cases) {
    test(`${title} is refused`, () => {
      parse({ version: 1, entries: good }, format);
      refuses({ version: 1, entries: bad }, message, format);
    });
  }
});

suite('hostile TOC: entries against each other', () => {
  const part = { name: 'a', type: 'reg', size: 10, offset: 10, chunkSize: 5 };
  const rest = { name: 'a', type: 'chunk', offset: 20, chunkOffset: 5, chunkSize: 5 };
  const link = (name: string, linkName: string): TocEntryJson => ({ name, type: 'hardlink', linkName });
  const tables: [title: string, entries: TocEntryJson[], message: RegExp][] = [
    ['a chunk before any file', [rest], /entry 0 .*a chunk after no file/],
    ['a chunk after a directory', [part, rest, { name: 'd', type: 'dir' }, rest], /entry 3 .*a chunk after no file/],
    ['a chunk after an empty file', [{ name: 'a', type: 'reg' }, rest], /entry 1 .*a chunk after no file/],
    [
      'a chunk of another name',
      [part, { ...rest, name: 'b' }],
      /entry 1 \("b"\): name: a chunk of another file than "a"/,
    ],
    ['a missing last chunk', [part], /entry 0 \("a"\): chunkSize: the chunks .* end at 5, wanted its size, 10/],
    ['a missing chunk before the next file', [part, { name: 'b', type: 'dir' }], /entry 0 \("a"\)/],
    ['a gap between chunks', [part, { ...rest, chunkOffset: 6 }], /entry 1 .*chunkOffset: got 6, wanted 5/],
    ['chunks that overlap in the file', [part, { ...rest, chunkOffset: 4 }], /chunkOffset: got 4, wanted 5/],
    [
      'a chunk too many',
      [part, rest, { ...rest, chunkOffset: 10, offset: 30 }],
      /entry 2 .*chunkSize: got 5, wanted 1 to 0/,
    ],
    [
      'a chunk too many of no size',
      [part, rest, { ...rest, chunkOffset: 10, chunkSize: 0 }],
      /entry 2 .*chunkSize: got 0/,
    ],
    ['a last chunk that is too long', [part, { ...rest, chunkSize: 6 }], /chunkSize: got 6, wanted 1 to 5/],
    ['chunks of a file that go backwards in the blob', [part, { ...rest, offset: 5 }], /entry 1 .*offset: got 5/],
    [
      'two files that claim the same member',
      [FILE, { ...FILE, name: 'b' }],
      /entry 1 \("b"\): offset: got 10 and innerOffset 0, wanted 10 and 1/,
    ],
    [
      'inner ranges that overlap',
      [
        { ...FILE, size: 5 },
        { ...FILE, name: 'b', innerOffset: 4 },
      ],
      /offset: got 10 and innerOffset 4, wanted 10 and 5/,
    ],
    ['a file between the chunks of another', [part, rest, { ...FILE, name: 'b', offset: 15 }], /offset: got 15/],
    ['a file below a file', [FILE, { name: 'a/b', type: 'reg' }], /entry 1 .*parent "a" is not a directory/],
    [
      'a file below a symlink',
      [
        { name: 'a', type: 'symlink', linkName: '/' },
        { name: 'a/b', type: 'reg' },
      ],
      /not a directory/,
    ],
    ['a hard link to nothing', [link('b', 'a')], /entry 0 \("b"\): linkName: no entry/],
    ['a hard link without a target', [FILE, link('b', '')], /entry 1 .*hard link to a directory/],
    ['a hard link to itself', [link('b', './b')], /hard link to itself/],
    ['hard links in a circle', [link('a', 'b'), link('b', 'c'), link('c', 'a')], /go in a circle/],
    ['a hard link to a directory', [{ name: 'd', type: 'dir' }, link('b', 'd')], /hard link to a directory/],
    [
      'a hard link to a later directory',
      [link('b', 'd'), { name: 'd', type: 'dir' }],
      /entry 0 .*hard link to a directory/,
    ],
    ['a hard link to its own parent', [link('d/b', 'd')], /entry 0/],
    ['a hard link target with ".."', [FILE, link('b', '../a')], /linkName: .*without/],
    ['a hard link below a file', [FILE, link('a/b', 'a')], /not a directory/],
  ];
  for (const [title, entries, message] of tables) {
    test(`${title} is refused`, () => refuses({ version: 1, entries }, message));
  }

  test('the same entries without what is wrong are fine', () => {
    parse({ version: 1, entries: [part, rest, { ...FILE, name: 'b', offset: 30 }, link('c', 'a'), link('d/e', 'c')] });
    parse({
      version: 1,
      entries: [
        { ...FILE, size: 5 },
        { ...FILE, name: 'b', innerOffset: 5 },
      ],
    });
  });
});
