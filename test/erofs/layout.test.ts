import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { TocNode } from '../../src/estargz/model.ts';
import { layoutLayer } from '../../src/erofs/layout.ts';
import { fileOf, layoutOf, UUID } from '../support/erofs-layout.ts';
import { readErofs } from '../support/erofs-reader.ts';
import { dir, file, symlink, tocOf } from '../support/toc-tree.ts';

suite('an empty layer', () => {
  const made = layoutOf(dir());
  const { superblock, files } = readErofs(made.metadata);

  test('is one block of metadata and nothing else', () => {
    assert.equal(made.metadata.length, 4096);
    assert.equal(made.dataStart, 4096);
    assert.equal(made.imageSize, 4096);
    assert.equal(made.chunkImageOffset.length, 0);
  });

  test('has every field of the superblock', () => {
    assert.deepEqual(superblock, { rootNid: 36, inodeCount: 1, epochSec: 0, blocks: 1, uuid: UUID.toString('hex') });
  });

  test('has the root alone', () => {
    assert.deepEqual([...files.keys()], ['']);
    assert.equal(files.get('')!.type, 'dir');
    assert.equal(files.get('')!.mode, 0o755);
    assert.equal(files.get('')!.nlink, 2);
  });

  test('is these bytes', () => {
    const hex = (start: number, end: number): string => Buffer.from(made.metadata).toString('hex', start, end);
    // magic, no checksum, feature mtime
    assert.equal(hex(1024, 1036), 'e2e1f5e00000000002000000');
    // blocks of 2^12, root nid 36, 1 inode
    assert.equal(hex(1036, 1048), '0c0024000100000000000000');
    // compact inline inode without xattrs, drwxr-xr-x with 2 names, 27 bytes
    assert.equal(hex(1152, 1164), '04000000ed4102001b000000');
    // entries of nid 36 at name 24 and name 25, both directories; the names . and ..
    assert.equal(hex(1184, 1196), '240000000000000018000200');
    assert.equal(hex(1196, 1208), '240000000000000019000200');
    assert.equal(hex(1208, 1212), '2e2e2e00');
  });
});

suite('symlinks', () => {
  for (const length of [1, 255, 3000, 4000, 4032, 4064, 4065, 4095]) {
    test(`a target of ${length} bytes comes back`, () => {
      const inode = fileOf(symlink('x'.repeat(length)));
      assert.equal(inode.linkName, 'x'.repeat(length));
      assert.equal(inode.inline, length <= 4064);
    });
  }

  test('a target is UTF-8', () => {
    assert.equal(fileOf(symlink('\u00e4/\u{1f600}')).linkName, '\u00e4/\u{1f600}');
  });

  test('many targets of awkward sizes never cross a block, and waste little', () => {
    const links = Array.from(
      { length: 500 },
      (_, index) => [`l${index}`, symlink('t'.repeat(1 + ((index * 97) % 900)))] as const,
    );
    const files = Array.from({ length: 2000 }, (_, index) => [`f${index}`, file('')] as const);
    const made = layoutOf(dir(new Map<string, TocNode>([...links, ...files])));
    const used = [...readErofs(made.metadata).files.values()].reduce(
      (sum, { size, type }) => sum + 32 + (type === 'reg' ? 0 : size),
      0,
    );
    assert.ok(made.metadata.length < used * 1.15 + 8192, `${made.metadata.length} bytes for ${used}`);
  });
});

test('the same TOC gives the same bytes, another uuid only other 16', () => {
  const make = (id: Uint8Array): Uint8Array =>
    layoutLayer(tocOf(dir({ b: file('x', { xattrs: { 'user.a': 'b' } }), a: dir({ l: symlink('b') }) })), {
      uuid: id,
      opaqueXattr: 'trusted',
    }).metadata;
  assert.deepEqual(make(UUID), make(UUID));
  const other = make(Buffer.alloc(16, 0xff));
  assert.notDeepEqual(make(UUID), other);
  other.set(UUID, 1024 + 0x30);
  assert.deepEqual(make(UUID), other);
});
