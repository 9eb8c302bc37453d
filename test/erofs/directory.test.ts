import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { FormatError } from '../../src/errors.ts';
import type { TocNode } from '../../src/estargz/model.ts';
import { layoutLayer } from '../../src/erofs/layout.ts';
import { filesOf, layoutOf, OPTIONS } from '../support/erofs-layout.ts';
import { readErofs } from '../support/erofs-reader.ts';
import { dir, file, tocOf } from '../support/toc-tree.ts';

suite('directories', () => {
  test('names are in byte order, with . and .. among them', () => {
    const names = ['b', 'a', '!', '+x', '-', 'Z', '.a', '\u00e4', '\uffee', '\u{1f600}', 'a.b', 'ab', 'A'];
    const files = filesOf(dir(new Map(names.map((name) => [name, file('')]))));
    const sorted = names.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    assert.deepEqual([...files.keys()].slice(1), sorted);
    // The reader has checked the order, . and .. included.
  });

  test('100,000 names fill many blocks, each name to be found', () => {
    const children = new Map(Array.from({ length: 100_000 }, (_, index) => [`name-${index}`, file('')]));
    const files = filesOf(dir({ big: dir(children) }));
    assert.equal(files.size, 100_002);
    assert.ok(files.has('big/name-99999'));
    assert.ok(files.get('big')!.size > 2_000_000);
  });

  test('names of 255 bytes fit, of 256 do not', () => {
    assert.ok(filesOf(dir({ ['n'.repeat(255)]: file('') })).has('n'.repeat(255)));
    assert.ok(filesOf(dir({ ['\u00e4'.repeat(127)]: file('') })).has('\u00e4'.repeat(127)));
    assert.throws(() => layoutOf(dir({ ['n'.repeat(256)]: file('') })), FormatError);
    assert.throws(() => layoutOf(dir({ ['\u00e4'.repeat(128)]: file('') })), FormatError);
  });

  for (const name of ['', '.', '..', 'a/b', 'a\0b', '\ud800']) {
    test(`${JSON.stringify(name)} is refused as a name`, () => {
      assert.throws(() => layoutOf(dir({ [name]: file('') })), FormatError);
    });
  }

  // . and .. take 27 bytes, every further entry 12 and its name of 8: 203 entries fill 4087 bytes.
  for (const count of [1, 100, 201, 202, 203, 204, 205, 407, 408, 1000]) {
    test(`${count} names come back`, () => {
      const names = Array.from({ length: count }, (_, index) => `n${String(index).padStart(7, '0')}`);
      const files = filesOf(dir({ it: dir(new Map(names.map((name) => [name, file('')]))) }));
      assert.deepEqual(
        [...files.keys()].slice(2),
        names.map((name) => `it/${name}`),
      );
    });
  }

  test('a directory with two names is refused', () => {
    const twice = dir();
    assert.throws(() => layoutOf(dir({ a: twice, b: twice })), FormatError);
  });

  test('a directory in itself is refused', () => {
    const children = new Map<string, TocNode>();
    const loop = dir(children);
    children.set('again', loop);
    assert.throws(() => layoutLayer({ ...tocOf(dir()), root: loop }, OPTIONS), FormatError);
  });

  test('ten thousand directories in each other are no recursion', () => {
    let root = dir();
    for (let depth = 0; depth < 10_000; depth++) root = dir({ d: root });
    assert.equal(readErofs(layoutOf({ ...root }).metadata).superblock.inodeCount, 10_001);
  });
});
