import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { filesOf, layoutOf } from '../support/erofs-layout.ts';
import { readErofs } from '../support/erofs-reader.ts';
import { dir, file } from '../support/toc-tree.ts';

suite('whiteouts', () => {
  test('.wh.NAME becomes a character device 0/0 called NAME', () => {
    const files = filesOf(dir({ '.wh.gone': file(''), a: dir({ '.wh.too': file('') }) }));
    for (const path of ['gone', 'a/too'])
      assert.partialDeepStrictEqual(files.get(path)!, { type: 'char', mode: 0, devMajor: 0, devMinor: 0, nlink: 2 });
    assert.deepEqual([...files.keys()], ['', 'a', 'gone', 'a/too']);
  });

  test('a real entry of the same name wins', () => {
    const files = filesOf(dir({ '.wh.a': file(''), a: file('x'), b: dir(), '.wh.b': file('') }));
    assert.deepEqual(
      [...files].map(([path, { type }]) => [path, type]),
      [
        ['', 'dir'],
        ['a', 'reg'],
        ['b', 'dir'],
      ],
    );
  });

  for (const namespace of ['trusted', 'user'] as const) {
    test(`.wh..wh..opq makes its directory opaque in ${namespace}.overlay`, () => {
      const made = layoutOf(dir({ a: dir({ '.wh..wh..opq': file(''), b: dir() }) }), namespace);
      const { files } = readErofs(made.metadata);
      assert.deepEqual([...files.get('a')!.xattrs], [[`${namespace}.overlay.opaque`, Buffer.from('y')]]);
      assert.equal(files.get('')!.xattrs.size, 0);
      assert.equal(files.get('a/b')!.xattrs.size, 0);
      assert.deepEqual([...files.keys()], ['', 'a', 'a/b']);
    });
  }

  test('other names of AUFS, and whiteouts of nothing, are hidden', () => {
    const hidden = ['.wh..wh.plnk', '.wh..wh.orph', '.wh..wh.', '.wh.', '.wh..', '.wh...'];
    const files = filesOf(dir(new Map(hidden.map((name) => [name, file('')]))));
    assert.deepEqual([...files.keys()], ['']);
    assert.equal(files.get('')!.xattrs.size, 0);
  });

  test('the files of eStargz are hidden in the root, and only there', () => {
    const own = {
      '.prefetch.landmark': file('\x0f'),
      '.no.prefetch.landmark': file('\x0f'),
      'stargz.index.json': file('{}'),
    };
    const files = filesOf(dir({ ...own, a: dir({ ...own }) }));
    assert.deepEqual(
      [...files.keys()],
      ['', 'a', 'a/.no.prefetch.landmark', 'a/.prefetch.landmark', 'a/stargz.index.json'],
    );
    assert.equal(files.get('a/stargz.index.json')!.nlink, 1);
  });
});
