import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import type { TocNode } from '../../src/estargz/model.ts';
import { layoutLayer } from '../../src/erofs/layout.ts';
import { createProbeImage, PROBE_CONTENT, PROBE_FILE } from '../../src/erofs/probe-image.ts';
import { OPTIONS } from '../support/erofs-layout.ts';
import { MountScratch } from '../support/erofs-mount.ts';
import { findProgram, needs } from '../support/needs.ts';
import { completeImage, contentOf, device, dir, fifo, file, symlink, tocOf, walkToc } from '../support/toc-tree.ts';
import { readXattrs } from '../support/xattr.ts';

const TYPE_BITS: Record<string, number> = { fifo: 1, char: 2, dir: 4, block: 6, reg: 8, symlink: 10 };

/** One of everything, in awkward sizes. */
function everything(): TocNode {
  const acl = Buffer.from('0200000001000600ffffffff04000400ffffffff20000400ffffffff', 'hex');
  const label = { 'security.selinux': 'system_u:object_r:container_file_t:s0' };
  const linked = file('linked', { xattrs: label });
  const many = Array.from(
    { length: 3000 },
    (_, index) => [`file-${index}`, file(`${index}`, { xattrs: label })] as const,
  );
  const links = Array.from(
    { length: 300 },
    (_, index) => [`l${index}`, symlink('t'.repeat(1 + ((index * 97) % 4095)))] as const,
  );
  return dir(
    {
      many: dir(new Map(many)),
      links: dir(new Map(links)),
      empty: dir({}, { mode: 0o1777 }),
      types: dir({
        fifo: fifo({ mode: 0o600 }),
        null: device('char', 1, 3),
        disk: device('block', 4095, 0xf_ffff, { mode: 0o660, gid: 6 }),
        dangling: symlink('\u00e4/nowhere', { uid: 1000, gid: 1000 }),
        setuid: file('#!/bin/false\n', { mode: 0o6755 }),
      }),
      times: dir({
        old: file('', { mtimeSec: -86_400 * 365 }),
        future: file('', { mtimeSec: 5_000_000_000 }),
        now: file('', { mtimeSec: 1_790_000_000 }),
      }),
      owners: dir({ big: file('', { uid: 100_000, gid: 4_000_000_000 }), small: file('', { uid: 65_535, gid: 1 }) }),
      sizes: dir({
        none: file(''),
        block: file(Buffer.alloc(4096, 'b')),
        more: file(Buffer.alloc(4097, 'm')),
        chunks: file(Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 251)), {}, 65_537),
      }),
      a: linked,
      b: dir({ c: linked }),
      xattrs: dir(
        {
          binary: file('', { xattrs: { 'user.binary': Buffer.from([0, 255, 0, 10]), 'user.empty': '', ...label } }),
          capability: file('', {
            xattrs: { 'security.capability': Buffer.from('0100000200200000000000000000000000000000', 'hex') },
          }),
          acl: file('', { xattrs: { 'system.posix_acl_access': acl } }),
          long: file('', {
            xattrs: { [`user.${'n'.repeat(250)}`]: Buffer.alloc(60_000, 7), 'user.more': Buffer.alloc(9000, 8) },
          }),
          link: symlink('x', { xattrs: { 'trusted.big': Buffer.alloc(4050, 9), ...label } }),
          folder: dir(
            { inside: file('x') },
            { xattrs: { 'trusted.huge': Buffer.alloc(20_000, 1), 'system.posix_acl_default': acl } },
          ),
        },
        { xattrs: label },
      ),
      '!first': file('x'),
      '+second': file('x'),
      ['n'.repeat(255)]: file('x'),
      '\u{1f600}': file('x'),
      '\uffee': file('x'),
    },
    { mode: 0o755, mtimeSec: 1_700_000_000 },
  );
}

suite('a layer image that the kernel mounts', { skip: needs('root', 'erofs') }, () => {
  test('shows every file as the TOC says it is', () => {
    using scratch = new MountScratch();
    const root = everything();
    const toc = tocOf(root);
    const target = mountImage(scratch, completeImage(toc, layoutLayer(toc, OPTIONS)));
    const inodes = new Map<TocNode, bigint>();
    for (const [path, node] of walkToc(root)) {
      const full = join(target, path);
      const stat = lstatSync(full, { bigint: true });
      assert.equal(Number(stat.mode), (TYPE_BITS[node.type]! << 12) | node.mode, path);
      assert.deepEqual([Number(stat.uid), Number(stat.gid)], [node.uid, node.gid], path);
      assert.equal(Number(stat.mtimeNs / 1_000_000_000n), node.mtimeSec, path);
      assert.equal(Number(stat.nlink), node.nlink, path);
      assert.deepEqual(readXattrs(full), node.xattrs ?? new Map(), path);
      if (node.type === 'symlink') assert.equal(readlinkSync(full), node.linkName, path);
      if (node.type === 'char' || node.type === 'block')
        assert.equal(deviceOf(stat.rdev), `${node.devMajor}:${node.devMinor}`);
      if (node.type === 'dir') assert.deepEqual(readdirSync(full).sort(), [...node.children!.keys()].sort(), path);
      if (node.type === 'reg') assert.ok(readFileSync(full).equals(contentOf(node)), path);
      assert.equal(stat.ino, inodes.get(node) ?? stat.ino, `inode of ${path}`);
      inodes.set(node, stat.ino);
    }
    assert.equal(new Set(inodes.values()).size, inodes.size, 'different files have different inodes');
  });

  test('finds each of 100,000 names in one directory, and none beside them', () => {
    using scratch = new MountScratch();
    const names = Array.from({ length: 100_000 }, (_, index) => `name-${index}`);
    const toc = tocOf(dir({ big: dir(new Map(names.map((name) => [name, file('')]))) }));
    const target = mountImage(scratch, completeImage(toc, layoutLayer(toc, OPTIONS)));
    assert.equal(readdirSync(join(target, 'big')).length, 100_000);
    for (const name of names.filter((_, index) => index % 7 === 0)) lstatSync(join(target, 'big', name));
    for (const name of ['name-', 'name-100000', 'a', 'z', 'name-1x']) {
      assert.throws(() => lstatSync(join(target, 'big', name)), { code: 'ENOENT' });
    }
  });

  test('is the probe image, with its file', () => {
    using scratch = new MountScratch();
    const target = mountImage(scratch, createProbeImage());
    assert.equal(readFileSync(join(target, PROBE_FILE), 'latin1'), PROBE_CONTENT);
  });

  test('is not an image whose superblock is damaged', () => {
    using scratch = new MountScratch();
    const image = createProbeImage();
    image[1024]! ^= 1;
    assert.throws(() => mountImage(scratch, image), /mount erofs/);
  });
});

suite('fsck.erofs', { skip: needs('fsck.erofs') }, () => {
  test('finds nothing wrong with one of everything', () => {
    using scratch = new MountScratch();
    const toc = tocOf(everything());
    execFileSync(findProgram('fsck.erofs')!, [writeImage(scratch, completeImage(toc, layoutLayer(toc, OPTIONS)))], {
      stdio: 'pipe',
    });
  });

  test('finds a damaged directory', () => {
    using scratch = new MountScratch();
    const toc = tocOf(dir({ a: file('x') }));
    const image = completeImage(toc, layoutLayer(toc, OPTIONS));
    image[1152 + 32 + 8] = 1;
    const path = writeImage(scratch, image);
    assert.throws(() => execFileSync(findProgram('fsck.erofs')!, [path], { stdio: 'pipe' }));
  });
});

function writeImage(scratch: MountScratch, image: Uint8Array): string {
  const path = join(scratch.root, 'image');
  writeFileSync(path, image);
  return path;
}

function mountImage(scratch: MountScratch, image: Uint8Array): string {
  const target = join(scratch.root, 'mount');
  mkdirSync(target);
  scratch.erofs(writeImage(scratch, image), target);
  return target;
}

/** glibc's dev_t: minor bits 0-7, major bits 0-11, minor bits 8-31. */
function deviceOf(rdev: bigint): string {
  const major = (rdev >> 8n) & 0xfffn;
  const minor = (rdev & 0xffn) | ((rdev >> 12n) & 0xffff_ff00n);
  return `${major}:${minor}`;
}
