import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { FormatError } from '../../src/errors.ts';
import { exactTime } from '../../src/build/exact-time.ts';
import type { LayerEntry } from '../../src/build/model.ts';
import { encodeTime, entryFields, OwnerNames } from '../../src/build/toc-fields.ts';
import { parseAccessTimes } from '../../src/tar/header.ts';

function entryOf(header: Partial<LayerEntry['header']>, more: Partial<LayerEntry> = {}): LayerEntry {
  const nothing = Buffer.alloc(0);
  return {
    type: 'reg',
    path: 'a',
    linkPath: undefined,
    header: {
      name: Buffer.from('a'),
      mode: 0o644,
      uid: 0,
      gid: 0,
      size: 0,
      mtimeSec: 0,
      typeflag: '0',
      linkName: nothing,
      userName: nothing,
      groupName: nothing,
      devMajor: 0,
      devMinor: 0,
      ...header,
    },
    pax: new Map(),
    start: 0,
    dataStart: 512,
    needsHeader: false,
    digest: undefined,
    ...more,
  };
}

function paxOf(records: Record<string, string>): LayerEntry['pax'] {
  return new Map(Object.entries(records).map(([key, value]) => [key, Buffer.from(value)]));
}

suite('TOC fields', () => {
  const times: [seconds: number, text: string][] = [
    [0, ''],
    [1, '1970-01-01T00:00:01Z'],
    [-1, '1969-12-31T23:59:59Z'],
    [1_709_208_000, '2024-02-29T12:00:00Z'],
    [253_402_300_799, '9999-12-31T23:59:59Z'],
    [2 ** 50, '9999-12-31T23:59:59Z'],
    [-(2 ** 50), ''],
  ];
  for (const [seconds, text] of times) {
    test(`${seconds} seconds are ${text === '' ? 'no time' : text}`, () => assert.equal(encodeTime(seconds), text));
  }

  const rounded: [mtime: string, floor: number, text: string][] = [
    ['5.499999999', 5, '1970-01-01T00:00:05Z'],
    ['5.5', 5, '1970-01-01T00:00:06Z'],
    ['5.', 5, '1970-01-01T00:00:05Z'],
    ['5.000', 5, '1970-01-01T00:00:05Z'],
    ['-5.0', -5, '1969-12-31T23:59:55Z'],
    ['-5.4', -6, '1969-12-31T23:59:55Z'],
    ['-5.5', -6, '1969-12-31T23:59:54Z'],
    ['0.9', 0, ''],
  ];
  for (const [mtime, mtimeSec, text] of rounded) {
    test(`a time of ${mtime} is ${text === '' ? 'left out' : `rounded to ${text}`}, as in the reference`, () => {
      assert.equal(entryFields(entryOf({ mtimeSec }, { pax: paxOf({ mtime }) })).modtime, text);
    });
  }

  test('a mode has no file-type bits, only devices have numbers, only files a size, only links a target', () => {
    const header = { mode: 0o104755, size: 7, devMajor: 1, devMinor: 2, linkName: Buffer.from('t') };
    const fields = (type: LayerEntry['type']) => entryFields(entryOf(header, { type }));
    assert.equal(fields('reg').mode, 0o4755);
    assert.deepEqual([fields('reg').size, fields('hardlink').size], [7, 0]);
    assert.deepEqual([fields('reg').devMajor, fields('char').devMajor, fields('block').devMinor], [0, 1, 2]);
    assert.deepEqual([fields('reg').linkName, fields('symlink').linkName, fields('hardlink').linkName], ['', 't', 't']);
  });

  test('names that readers refuse are written the way that unpacking takes them', () => {
    const header = { name: Buffer.from('../x/../a'), linkName: Buffer.from('../b') };
    const fields = entryFields(entryOf(header, { type: 'hardlink', path: 'a', linkPath: 'b' }));
    assert.deepEqual([fields.name, fields.linkName], ['a', 'b']);
    // What a symlink has is not a path of the layer.
    assert.equal(entryFields(entryOf({ linkName: Buffer.from('../b') }, { type: 'symlink' })).linkName, '../b');
    assert.equal(entryFields(entryOf({ name: Buffer.from('./a/') }, { path: 'a' })).name, './a/');
  });

  test('only records of xattrs become xattrs', () => {
    const pax = paxOf({ 'SCHILY.xattr.user.a': 'v', mtime: '1', 'LIBARCHIVE.xattr.user.b': 'dg' });
    assert.deepEqual([...entryFields(entryOf({}, { pax })).xattrs!], [['user.a', Buffer.from('v')]]);
    assert.equal(entryFields(entryOf({}, { pax: paxOf({ mtime: '1' }) })).xattrs, undefined);
  });

  test('an owner is named when the last name of the id was another', () => {
    const names = new OwnerNames();
    const next = (uid: number, userName: string, groupName = '') =>
      names.next(entryOf({ uid, gid: 5, userName: Buffer.from(userName), groupName: Buffer.from(groupName) }));
    assert.deepEqual(next(1, 'ann', 'staff'), { userName: 'ann', groupName: 'staff' });
    assert.deepEqual(next(1, 'ann', 'staff'), { userName: '', groupName: '' });
    assert.deepEqual(next(2, 'ann'), { userName: 'ann', groupName: '' });
    assert.deepEqual(next(1, 'bob', 'staff'), { userName: 'bob', groupName: '' });
    assert.deepEqual(next(1, '', 'wheel'), { userName: '', groupName: 'wheel' });
    assert.deepEqual(next(1, 'bob'), { userName: '', groupName: '' });
  });
});

suite('exact times', () => {
  const exact: [mtime: string | undefined, header: number | undefined, text: string][] = [
    [undefined, undefined, ''],
    [undefined, 0, '1970-01-01T00:00:00Z'],
    [undefined, 1_709_208_000, '2024-02-29T12:00:00Z'],
    ['1.5', 7, '1970-01-01T00:00:01.5Z'],
    ['1.123456789123', 7, '1970-01-01T00:00:01.123456789Z'],
    ['1.000000001', undefined, '1970-01-01T00:00:01.000000001Z'],
    ['-1.5', undefined, '1969-12-31T23:59:58.5Z'],
    ['-1', undefined, '1969-12-31T23:59:59Z'],
    ['-0.000000001', undefined, '1969-12-31T23:59:59.999999999Z'],
    ['', 3, '1970-01-01T00:00:03Z'],
  ];
  for (const [mtime, header, text] of exact) {
    test(`a record of ${mtime} and a header of ${header} are ${text === '' ? 'no time' : text}`, () => {
      assert.equal(exactTime(mtime === undefined ? new Map() : paxOf({ mtime }), 'mtime', header), text);
    });
  }

  for (const mtime of ['x', '1e3', '+1', '999999999999']) {
    test(`a record of ${mtime} is refused`, () => {
      assert.throws(() => exactTime(paxOf({ mtime }), 'mtime', 0), FormatError);
    });
  }

  test('times of a header beyond the year 9999 are refused', () => {
    assert.throws(() => exactTime(new Map(), 'mtime', 2 ** 40), /years 0 to 9999/);
  });
});

suite('times of access', () => {
  function block(at: Readonly<Record<number, string>>): Buffer {
    const bytes = Buffer.alloc(512);
    for (const [offset, text] of Object.entries(at)) bytes.write(text, Number(offset), 'latin1');
    return bytes;
  }

  test('GNU tar has them where others have a prefix, if at all', () => {
    const gnu = { 257: 'ustar  \0' };
    assert.deepEqual(parseAccessTimes(block(gnu), 0), {});
    assert.deepEqual(parseAccessTimes(block({ ...gnu, 345: '00000000012\0', 357: '00000000013\0' }), 0), {
      accessSec: 10,
      changeSec: 11,
    });
    assert.deepEqual(parseAccessTimes(block({ ...gnu, 357: '00000000013\0' }), 0), { changeSec: 11 });
  });

  test('star has them always', () => {
    const star = { 257: 'ustar\x0000', 508: 'tar\0', 476: '00000000012\0', 488: '00000000013\0' };
    assert.deepEqual(parseAccessTimes(block(star), 0), { accessSec: 10, changeSec: 11 });
  });

  test('a prefix of ustar is not taken for times', () => {
    assert.deepEqual(parseAccessTimes(block({ 257: 'ustar\x0000', 345: '00000000012\0' }), 0), {});
  });

  test('what is no number is refused', () => {
    assert.throws(() => parseAccessTimes(block({ 257: 'ustar  \0', 345: 'x' }), 0), FormatError);
  });
});
