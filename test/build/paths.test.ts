import assert from 'node:assert/strict';
import { posix } from 'node:path';
import { suite, test } from 'node:test';
import * as fc from 'fast-check';
import { baseOf, cleanPath, decodeName, hasParentParts, parentOf, requirePath } from '../../src/build/paths.ts';
import { FormatError } from '../../src/errors.ts';

suite('paths of a layer', () => {
  const cleaned: [name: string, path: string][] = [
    ['usr/bin/env', 'usr/bin/env'],
    ['./usr/', 'usr'],
    ['/usr//bin/.//env', 'usr/bin/env'],
    ['../../etc', 'etc'],
    ['a/../b', 'b'],
    ['a/b/../../../../c', 'c'],
    ['./', ''],
    ['.', ''],
    ['..', ''],
    ['/', ''],
    ['', ''],
    ['.hidden', '.hidden'],
    ['..hidden/...', '..hidden/...'],
    ['a.', 'a.'],
  ];
  for (const [name, path] of cleaned) {
    test(`${JSON.stringify(name)} is ${JSON.stringify(path)}`, () => assert.equal(cleanPath(name), path));
  }

  test('any name is cleaned as an absolute path is', () => {
    const part = fc.constantFrom('', '.', '..', 'a', 'b.c', '...', '.d');
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const name = parts.join('/');
        const wanted = posix.normalize(`/${name}`).replace(/^\/|\/$/g, '');
        assert.equal(cleanPath(name), wanted);
        assert.equal(hasParentParts(name), parts.includes('..'));
      }),
      { numRuns: 1000 },
    );
  });

  test('parent and last name make the path again', () => {
    assert.deepEqual([parentOf('a/b/c'), baseOf('a/b/c')], ['a/b', 'c']);
    assert.deepEqual([parentOf('a'), baseOf('a')], ['', 'a']);
  });

  test('a name is UTF-8 without NUL and no longer than a path', () => {
    assert.equal(decodeName(Buffer.from('\u00e4\u{1f600}'), 'name'), '\u00e4\u{1f600}');
    assert.equal(decodeName(Buffer.alloc(4096, 'a'), 'name').length, 4096);
    for (const bytes of [
      Buffer.alloc(4097, 'a'),
      Buffer.from('a\0'),
      Buffer.from([0xc3]),
      Buffer.from([0xed, 0xa0, 0x80]),
    ]) {
      assert.throws(() => decodeName(bytes, 'name'), FormatError);
    }
  });

  test('the names of a path have 255 bytes and are 512 at most', () => {
    for (const path of ['n'.repeat(255), `a/${'\u4e16'.repeat(85)}`, 'n/'.repeat(511) + 'n']) requirePath(path, 'name');
    for (const path of ['n'.repeat(256), `a/${'\u4e16'.repeat(86)}`, 'n/'.repeat(512) + 'n']) {
      assert.throws(() => requirePath(path, 'name'), FormatError);
    }
  });
});
