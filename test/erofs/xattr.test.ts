import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { FormatError } from '../../src/errors.ts';
import type { TocNode } from '../../src/estargz/model.ts';
import { fileOf, filesOf, layoutOf } from '../support/erofs-layout.ts';
import { readErofs } from '../support/erofs-reader.ts';
import { dir, file, symlink } from '../support/toc-tree.ts';

suite('xattrs', () => {
  const acl = Buffer.from('0200000001000600ffffffff', 'hex');

  test('every prefix that Linux stores comes back, binary values too', () => {
    const xattrs = {
      'user.a': Buffer.from([0, 1, 255]),
      'user.empty': '',
      'trusted.b': 'b',
      'security.capability': Buffer.from('0100000200200000000000000000000000000000', 'hex'),
      'system.posix_acl_access': acl,
      'system.posix_acl_default': acl,
      'user.overlayish': 'x',
    };
    const found = fileOf(dir({}, { xattrs })).xattrs;
    assert.deepEqual(
      Object.fromEntries(found),
      Object.fromEntries(Object.entries(xattrs).map(([name, value]) => [name, Buffer.from(value)])),
    );
  });

  test('prefixes that Linux does not store are dropped', () => {
    assert.equal(
      fileOf(file('', { xattrs: { 'com.apple.x': 'x', 'system.other': 'x', LIBARCHIVE: 'x' } })).xattrs.size,
      0,
    );
  });

  test('overlay marks of the image itself are dropped', () => {
    const xattrs = {
      'trusted.overlay.opaque': 'y',
      'trusted.overlay.redirect': '/etc',
      'user.overlay.metacopy': '',
      'user.overlay.whiteout': 'y',
      'trusted.overlay.overlay.opaque': 'y',
      'user.kept': 'x',
    };
    assert.deepEqual([...fileOf(dir({}, { xattrs })).xattrs.keys()], ['user.kept']);
  });

  test('an opaque directory of an image that says otherwise is opaque once', () => {
    const node = dir({ '.wh..wh..opq': file('') }, { xattrs: { 'trusted.overlay.opaque': 'n' } });
    assert.deepEqual([...fileOf(node).xattrs], [['trusted.overlay.opaque', Buffer.from('y')]]);
  });

  test('what several files have stands once', () => {
    const label = { 'security.selinux': 'system_u:object_r:container_file_t:s0' };
    const plain = (index: number): [string, TocNode] => [`f${index}`, file('')];
    const labelled = (index: number): [string, TocNode] => [`f${index}`, file('', { xattrs: label })];
    const bare = layoutOf(dir(new Map(Array.from({ length: 5000 }, (_, index) => plain(index)))));
    const made = layoutOf(dir(new Map(Array.from({ length: 5000 }, (_, index) => labelled(index)))));
    // 12 bytes of header and 4 of reference make the inode one slot of 32 larger; the area takes one block at most.
    const more = made.metadata.length - bare.metadata.length - 5000 * 32;
    assert.ok(Math.abs(more) <= 4096, `${more} bytes more than expected`);
    const inode = readErofs(made.metadata).files.get('f4999')!;
    assert.equal(inode.sharedXattrs, 1);
    assert.deepEqual(inode.xattrs.get('security.selinux'), Buffer.from(label['security.selinux']));
  });

  test('what one file alone has is its own', () => {
    assert.equal(fileOf(file('', { xattrs: { 'user.a': '1' } })).sharedXattrs, 0);
  });

  test('a shared area beyond a mebibyte goes on as own copies, and the root stays reachable', () => {
    const children = new Map<string, TocNode>();
    for (let index = 0; index < 40; index++) {
      const xattrs = { 'user.big': Buffer.alloc(60_000, index) };
      children.set(`a${index}`, file('', { xattrs }));
      children.set(`b${index}`, file('', { xattrs }));
    }
    const { superblock, files } = readErofs(layoutOf(dir(children)).metadata);
    assert.ok(superblock.rootNid > 30_000);
    for (let index = 0; index < 40; index++) {
      for (const name of [`a${index}`, `b${index}`]) {
        assert.deepEqual(files.get(name)!.xattrs.get('user.big'), Buffer.alloc(60_000, index));
      }
    }
    // 17 entries of 60,008 bytes fit into a mebibyte, each for two files.
    assert.equal(
      [...files.values()].reduce((sum, { sharedXattrs }) => sum + sharedXattrs, 0),
      34,
    );
  });

  test('a file with 300 shared xattrs has 255 references and 45 copies', () => {
    const xattrs = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`user.x${index}`, `${index}`]));
    const files = filesOf(dir({ a: file('', { xattrs }), b: file('', { xattrs }) }));
    assert.equal(files.get('b')!.sharedXattrs, 255);
    assert.equal(files.get('b')!.xattrs.size, 300);
  });

  test('a directory and a symlink with more xattrs than a block have blocks of their own', () => {
    const xattrs = { 'trusted.big': Buffer.alloc(5000, 1) };
    const files = filesOf(
      dir({
        d: dir({ f: file('') }, { xattrs }),
        l: symlink('target', { xattrs: { 'trusted.big': Buffer.alloc(4050) } }),
      }),
    );
    assert.partialDeepStrictEqual(files.get('l')!, { linkName: 'target', inline: false });
    assert.equal(files.get('d')!.inline, false);
    assert.ok(files.has('d/f'));
  });

  const refused: [string, Record<string, Uint8Array | string>][] = [
    ['a value of 64 KiB', { 'user.a': Buffer.alloc(65_536) }],
    ['a name of 256 bytes', { [`user.${'n'.repeat(251)}`]: '' }],
    ['an empty name', { 'user.': 'x' }],
    ['a zero byte in a name', { 'user.a\0b': 'x' }],
    ['an ACL of another version', { 'system.posix_acl_access': '\x01\0\0\0' }],
    ['an ACL with half an entry', { 'system.posix_acl_access': Buffer.concat([acl, Buffer.alloc(4)]) }],
    ['an empty ACL', { 'system.posix_acl_access': '' }],
    ['300 KiB of xattrs', Object.fromEntries([1, 2, 3, 4, 5].map((index) => [`user.${index}`, Buffer.alloc(60_000)]))],
  ];
  for (const [title, xattrs] of refused) {
    test(`${title} is refused`, () => {
      assert.throws(() => layoutOf(dir({ it: file('', { xattrs }) })), FormatError);
    });
  }

  test('a value of 65,535 bytes and a name of 255 are not refused', () => {
    const xattrs = { 'user.a': Buffer.alloc(65_535, 7), [`user.${'n'.repeat(250)}`]: 'x' };
    assert.deepEqual(fileOf(file('', { xattrs })).xattrs.get('user.a'), Buffer.alloc(65_535, 7));
  });
});
