import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { extract, pack } from 'tar-stream';
import type { Header } from 'tar-stream';
import { FormatError } from '../../src/errors.ts';
import { encodeEntry, tarEntries } from '../../src/tar/entry.ts';
import { block, char, dir, fifo, file, hardlink, symlink } from '../support/entries.ts';
import type { Entry } from '../support/entries.ts';
import { tarOf } from '../support/tar.ts';

const LONG = `${'d'.repeat(150)}/${'f'.repeat(150)}`;
const ENTRIES: readonly Entry[] = [
  dir('a', { mode: 0o1777, mtime: 1_700_000_000 }),
  file('a/b', 'hello', { mode: 0o4755, uid: 12, gid: 34, xattrs: { 'user.text': 'value' } }),
  file(LONG, Buffer.alloc(512, 'x'), { uid: 3_000_000_000, mtime: -86_400 }),
  file('a/\u00fc', ''),
  symlink('s', LONG),
  hardlink('h', 'a/b'),
  char('c', 1, 3),
  block('k', 8, 1),
  fifo('p'),
];
const NOTHING = Buffer.alloc(0);
const EMPTY = {
  name: Buffer.from('a'),
  linkName: NOTHING,
  userName: NOTHING,
  groupName: NOTHING,
  typeflag: '0',
  mode: 0,
  uid: 0,
  gid: 0,
  size: 0,
  mtimeSec: 0,
  devMajor: 0,
  devMinor: 0,
};
interface ReadEntry {
  readonly header: Header;
  readonly pax: Readonly<Record<string, string>>;
  readonly content: Buffer;
}

const STREAM_TYPES: Readonly<Record<string, string>> = {
  dir: 'directory',
  reg: 'file',
  symlink: 'symlink',
  hardlink: 'link',
  char: 'character-device',
  block: 'block-device',
  fifo: 'fifo',
};

suite('tar entries', () => {
  test('tar-stream reads what we write', async () => {
    const read = await readWithTarStream(tarOf(ENTRIES));
    assert.equal(read.length, ENTRIES.length);
    for (const [i, entry] of ENTRIES.entries()) {
      const { header, pax, content } = read[i]!;
      assert.equal(header.name, entry.name);
      assert.equal(header.type, STREAM_TYPES[entry.type]);
      assert.equal(header.mode, entry.mode);
      // tar-stream leaves numbers of PAX records to its caller.
      assert.equal(Number(pax['uid'] ?? header.uid), entry.uid);
      assert.equal(header.gid, entry.gid);
      assert.equal(header.linkname ?? '', entry.linkName);
      assert.equal(header.devmajor, entry.devMajor);
      assert.equal(header.devminor, entry.devMinor);
      assert.deepEqual(content, entry.content);
    }
    assert.equal(read[1]?.pax['SCHILY.xattr.user.text'], 'value');
    assert.equal(read[2]?.pax['mtime'], '-86400');
  });

  test('we read what tar-stream writes', async () => {
    const out = pack();
    out.entry(
      { name: LONG, mode: 0o600, uid: 7, gid: 8, mtime: new Date(5000), pax: { 'SCHILY.xattr.user.a': 'b' } },
      'hi',
    );
    out.entry({ name: 'link', type: 'symlink', linkname: 'x' });
    out.finalize();
    const [first, second, ...rest] = [...tarEntries(await bytesOf(out))];
    assert.deepEqual(rest, []);
    assert.equal(first?.header.name.toString(), LONG);
    assert.equal(first?.header.mode, 0o600);
    assert.equal(first?.header.uid, 7);
    assert.equal(first?.header.gid, 8);
    assert.equal(first?.header.mtimeSec, 5);
    assert.equal(first?.data.toString(), 'hi');
    assert.equal(first?.pax.get('SCHILY.xattr.user.a')?.toString(), 'b');
    assert.equal(first?.start, 0);
    assert.equal(second?.header.typeflag, '2');
    assert.equal(second?.header.linkName.toString(), 'x');
    assert.equal(second?.pax.size, 0);
  });

  test('we read what we write, binary xattrs included', () => {
    const value = Buffer.from([0, 10, 61, 255]);
    const [entry] = [
      ...tarEntries(tarOf([file(LONG, 'x', { uid: 2 ** 32 - 2, mtime: -1, xattrs: { 'user.b': value } })])),
    ];
    assert.equal(entry?.header.name.toString(), LONG);
    assert.equal(entry?.header.uid, 2 ** 32 - 2);
    assert.equal(entry?.header.mtimeSec, -1);
    assert.deepEqual(entry?.pax.get('SCHILY.xattr.user.b'), value);
  });

  test('a payload that is cut is a FormatError', () => {
    const tar = tarOf([file('a', Buffer.alloc(2000))]);
    assert.equal([...tarEntries(tar)].length, 1);
    assert.throws(() => [...tarEntries(tar.subarray(0, 1500))], FormatError);
  });

  test('a PAX size that is not a number is a FormatError', () => {
    const records = (size: string): Buffer => encodeEntry(EMPTY, new Map([['size', Buffer.from(size)]]));
    assert.equal([...tarEntries(records('0'))].length, 1);
    for (const size of ['x', '-', '1e3', '99999999999999999999']) {
      assert.throws(() => [...tarEntries(records(size))], FormatError, size);
    }
  });

  test('a negative size is a FormatError', () => {
    const tar = encodeEntry(EMPTY, new Map([['size', Buffer.from('-512')]]));
    assert.throws(() => [...tarEntries(tar)], FormatError);
  });
});

async function readWithTarStream(tar: Buffer): Promise<ReadEntry[]> {
  const reader = extract();
  reader.end(tar);
  const read: ReadEntry[] = [];
  for await (const entry of reader) {
    const { header } = entry;
    const pax = (header.pax ?? {}) as Record<string, string>;
    read.push({ header, pax, content: await bytesOf(entry) });
  }
  return read;
}

async function bytesOf(stream: AsyncIterable<unknown>): Promise<Buffer> {
  return Buffer.concat((await Array.fromAsync(stream)) as Uint8Array[]);
}
