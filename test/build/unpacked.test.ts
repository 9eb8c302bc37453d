// Real unpacking as the judge: GNU tar makes an archive of a tree, and takes apart what its entries are in a new order.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, linkSync, mkdirSync, readSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import type { LayerEntry, LayerTar } from '../../src/build/model.ts';
import { orderEntries } from '../../src/build/order.ts';
import { encodeEntry, paddingOf } from '../../src/tar/entry.ts';
import { noise } from '../support/entries.ts';
import { contentOf, withLayer, WorkDir } from '../support/imported-layer.ts';
import { needs } from '../support/needs.ts';
import { END_OF_ARCHIVE } from '../support/tar.ts';
import { diffTrees, walkTree } from '../support/tree.ts';

/** A tree with every kind of file below `root`. */
function makeTree(root: string): void {
  mkdirSync(join(root, 'usr/bin'), { recursive: true });
  mkdirSync(join(root, 'etc/deep', 'n'.repeat(120)), { recursive: true });
  writeFileSync(join(root, 'usr/bin/tool'), noise(70_000));
  chownSync(join(root, 'usr/bin/tool'), 1000, 2_500_000);
  chmodSync(join(root, 'usr/bin/tool'), 0o4755);
  linkSync(join(root, 'usr/bin/tool'), join(root, 'a-link'));
  linkSync(join(root, 'usr/bin/tool'), join(root, 'usr/zlink'));
  writeFileSync(join(root, 'etc/deep', 'n'.repeat(120), '\u00e4'), 'text');
  writeFileSync(join(root, 'etc/empty'), '');
  symlinkSync('../usr/bin/tool', join(root, 'etc/sym'));
  execFileSync('mkfifo', [join(root, 'pipe')]);
  execFileSync('mknod', [join(root, 'null'), 'c', '1', '3']);
  chmodSync(join(root, 'etc/deep'), 0o1777);
  for (const name of ['etc/deep', 'usr/bin', 'usr/bin/tool', 'usr', 'etc', 'etc/empty'])
    utimesSync(join(root, name), 1e9, 1e9);
}

/** The tar of entries of a layer, heads as the layer has them. */
function tarOfEntries(layer: LayerTar, entries: readonly LayerEntry[]): Buffer {
  const parts = entries.flatMap((entry) => {
    const head = Buffer.alloc(entry.dataStart - entry.start);
    readSync(layer.fd, head, 0, head.length, entry.start);
    const content = contentOf(layer, entry);
    const own = entry.needsHeader ? encodeEntry(entry.header, entry.pax) : head;
    return [own, content, Buffer.alloc(paddingOf(content.length))];
  });
  return Buffer.concat([...parts, END_OF_ARCHIVE]);
}

function extract(tar: Buffer, into: string): void {
  mkdirSync(into);
  // As container runtimes do, it sets the times of directories last.
  const args = ['--numeric-owner', '--same-owner', '--delay-directory-restore', '-p', '-x'];
  execFileSync('tar', ['-C', into, ...args], { input: tar });
}

suite('entries in a new order, unpacked by GNU tar', () => {
  const orders = [
    ['usr/zlink', 'etc/sym'],
    [`etc/deep/${'n'.repeat(120)}/\u00e4`, 'a-link', 'pipe', 'usr/bin/tool'],
    ['null', 'gone'],
    [],
  ];
  for (const format of ['gnu', 'pax']) {
    test(`are the tree that --format=${format} was made of`, { skip: needs('root', 'tar', 'mknod') }, async () => {
      using work = new WorkDir();
      const tree = join(work.path, 'tree');
      mkdirSync(tree);
      makeTree(tree);
      const tar = execFileSync('tar', [`--format=${format}`, '--numeric-owner', '-C', tree, '-c', '.']);
      const wanted = [...walkTree(tree)];
      assert.ok(wanted.length > 12);
      await withLayer(tar, (layer) => {
        for (const [i, prioritized] of orders.entries()) {
          const { entries } = orderEntries(layer.entries, { prioritized, deferred: ['etc/empty'] });
          const into = join(work.path, `out-${i}`);
          extract(tarOfEntries(layer, entries), into);
          assert.deepEqual(diffTrees(walkTree(into), wanted), []);
        }
      });
    });
  }

  test('duplicates that links hold on to are the files they were', { skip: needs('root', 'tar') }, async () => {
    using work = new WorkDir();
    const [one, two, archive] = ['one', 'two', 'archive'].map((name) => join(work.path, name)) as [
      string,
      string,
      string,
    ];
    for (const [dir, content] of [
      [one, 'first'],
      [two, 'second'],
    ] as const) {
      mkdirSync(dir);
      writeFileSync(join(dir, 'f'), content);
    }
    linkSync(join(one, 'f'), join(one, 'g'));
    linkSync(join(one, 'f'), join(one, 'h'));
    // f, a link g, a link h, and then another f.
    execFileSync('tar', ['--format=pax', '-C', one, '-cf', archive, 'f', 'g', 'h']);
    execFileSync('tar', ['--format=pax', '-C', two, '-rf', archive, 'f']);
    const tar = execFileSync('cat', [archive]);
    extract(tar, join(work.path, 'wanted'));
    await withLayer(tar, (layer) => {
      const { entries } = orderEntries(layer.entries, { prioritized: ['h'], deferred: [] });
      assert.deepEqual(
        entries.map(({ type, path }) => `${type} ${path}`),
        ['reg g', 'hardlink h', 'reg f'],
      );
      extract(tarOfEntries(layer, entries), join(work.path, 'out'));
      const ofLayer = [...walkTree(join(work.path, 'out'))].filter(({ key }) => key !== '.');
      const wanted = [...walkTree(join(work.path, 'wanted'))].filter(({ key }) => key !== '.');
      assert.deepEqual(diffTrees(ofLayer, wanted), []);
    });
  });
});
