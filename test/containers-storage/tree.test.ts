// The tree as the kernel walks it.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, suite, test } from 'node:test';
import { Holds } from '../../src/containers-storage/holds.ts';
import { encodeReferenceName } from '../../src/containers-storage/names.ts';
import { StoreState } from '../../src/containers-storage/state.ts';
import { StoreTree } from '../../src/containers-storage/tree.ts';
import { Errno, ROOT_ID } from '../../src/fuse/abi.ts';
import type { TreeNode } from '../../src/fuse/tree.ts';
import { silentLogger } from '../../src/log.ts';
import { FAKE_LAYER, FakeLazy } from '../support/fake-lazy.ts';
import { sha, storedLayer } from '../support/stored-layers.ts';

const REF = 'a.test/app:1';
const NAME = encodeReferenceName(REF);
const TOC = sha('toc');
const PID = 1234;

suite('the tree of the layer store', () => {
  let folder: string;
  let state: StoreState;
  let lazy: FakeLazy;
  let tree: StoreTree;
  let pids: number[];

  function open(continues: boolean): void {
    state = StoreState.open(join(folder, 'state.json'), continues);
    const stored = storedLayer('x');
    const holds = new Holds({
      state,
      lazy,
      images: { require: async () => ({ ...stored, labels: { [FAKE_LAYER]: stored.digest } }) },
      explain: () => ({ notLazy: 'x', kind: 'error' }),
      sees: (pid) => pids.push(pid) > 0,
      timeoutMs: 60_000,
      log: silentLogger,
    });
    tree = new StoreTree({
      state,
      holds,
      blobs: { read: async (_, offset, size) => Buffer.from(`${offset}+${size}`) },
    });
  }

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lazypull-tree-'));
    lazy = new FakeLazy();
    pids = [];
    open(false);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Looks up one name after the other. */
  async function walk(...names: string[]): Promise<TreeNode | undefined> {
    let node: TreeNode | undefined = tree.node(ROOT_ID);
    for (const name of names) {
      if (node === undefined) return undefined;
      node = await tree.lookup(node.nodeId, name, PID);
    }
    return node;
  }
  async function idOf(...names: string[]): Promise<number> {
    const node = await walk(...names);
    assert.ok(node !== undefined, names.join('/'));
    return node.nodeId;
  }
  const change = (parent: number, name: string): Parameters<StoreTree['create']>[0] => ({
    parent,
    name,
    unique: 1n,
    resent: false,
  });

  test('directories are there for every reference and digest, and nobody is asked for them', async () => {
    assert.equal((await walk(NAME))?.type, 'directory');
    assert.equal((await walk(NAME, TOC))?.type, 'directory');
    assert.deepEqual(lazy.calls, []);
  });

  test('a layer has its mount as a symlink, and two files; the process that asks for the mount is looked at', async () => {
    const diff = await walk(NAME, TOC, 'diff');
    const target = `/m/${storedLayer('x').digest.slice(-4)}`;
    assert.deepEqual([diff?.type, diff?.size], ['symlink', target.length]);
    assert.equal(tree.readlink(diff?.nodeId ?? 0), target);
    assert.deepEqual(pids, [PID]);
    const blob = await walk(NAME, TOC, 'blob');
    assert.deepEqual([blob?.type, blob?.size], ['file', 1000]);
    assert.equal(String(await tree.read(blob?.nodeId ?? 0, 10, 20)), '10+20');
    const info = await walk(NAME, TOC, 'info');
    const text = Buffer.from((await tree.read(info?.nodeId ?? 0, 0, 4096)) ?? []);
    assert.equal(text.length, info?.size);
    assert.equal((JSON.parse(text.toString()) as { 'toc-digest': string })['toc-digest'], TOC);
    assert.equal(String(await tree.read(info?.nodeId ?? 0, 5, 7)), text.subarray(5, 12).toString());
    assert.deepEqual(pids, [PID]);
  });

  for (const [title, names] of [
    ['a name that is no reference', ['registry.test']],
    ['dots', ['..']],
    ['a layer that is no digest', [NAME, 'sha256:12']],
    ['a digest of another kind', [NAME, `sha512:${'0'.repeat(128)}`]],
    ['a layer that climbs', [NAME, '..']],
    ['a file that no layer has', [NAME, TOC, 'config']],
    ['the file use', [NAME, TOC, 'use']],
    ['something in a file', [NAME, TOC, 'info', 'x']],
    ['something in a mount', [NAME, TOC, 'diff', 'x']],
  ] as [string, string[]][]) {
    test(`${title} is not there`, async () => {
      assert.equal(await walk(...names), undefined);
    });
  }

  test('a layer that can not be mounted has none of the files', async () => {
    lazy.notLazy = { notLazy: 'an ordinary one', kind: 'not-estargz' };
    for (const name of ['diff', 'info', 'blob']) assert.equal(await walk(NAME, TOC, name), undefined);
  });

  test('use and rmdir count, are answered ENOENT, and change nothing else', async () => {
    const layer = await idOf(NAME, TOC);
    await walk(NAME, TOC, 'diff');
    assert.equal(await tree.create(change(layer, 'use')), Errno.ENOENT);
    assert.equal(state.held()[0]?.uses, 1);
    assert.equal(await tree.create(change(layer, 'other')), Errno.EACCES);
    assert.equal(await tree.create(change(await idOf(NAME), 'use')), Errno.EACCES);
    assert.equal(await tree.create(change(ROOT_ID, 'use')), Errno.EACCES);
    assert.equal(state.held()[0]?.uses, 1);
    assert.equal(await tree.removeDirectory(change(layer, 'diff')), Errno.EACCES);
    assert.equal(await tree.removeDirectory(change(ROOT_ID, NAME)), Errno.EACCES);
    assert.equal(state.held().length, 1);
    assert.equal(await tree.removeDirectory(change(await idOf(NAME), TOC)), Errno.ENOENT);
    assert.deepEqual(state.held(), []);
    assert.equal((await walk(NAME, TOC))?.type, 'directory');
  });

  test('what is held is listed, and what could be looked up is not', async () => {
    await walk(encodeReferenceName('b.test/other'), TOC);
    assert.deepEqual(tree.list(ROOT_ID), []);
    await walk(NAME, TOC, 'diff');
    assert.deepEqual(tree.list(ROOT_ID), [{ nodeId: await idOf(NAME), type: 'directory', name: NAME }]);
    assert.deepEqual(tree.list(await idOf(NAME)), [{ nodeId: await idOf(NAME, TOC), type: 'directory', name: TOC }]);
    const files = tree.list(await idOf(NAME, TOC)) ?? [];
    assert.deepEqual(files, [
      { nodeId: await idOf(NAME, TOC, 'diff'), type: 'symlink', name: 'diff' },
      { nodeId: await idOf(NAME, TOC, 'info'), type: 'file', name: 'info' },
      { nodeId: await idOf(NAME, TOC, 'blob'), type: 'file', name: 'blob' },
    ]);
    assert.equal(tree.list(await idOf(NAME, TOC, 'blob')), undefined);
  });

  test('numbers that stand for nothing are stale', async () => {
    for (const nodeId of [0, 2, 3, 4, 5, 400]) {
      assert.equal(tree.node(nodeId), undefined);
      assert.equal(tree.readlink(nodeId), undefined);
      assert.equal(tree.list(nodeId), undefined);
      assert.equal(await tree.read(nodeId, 0, 1), undefined);
      assert.equal(await tree.create(change(nodeId, 'use')), Errno.ESTALE);
      assert.equal(await tree.removeDirectory(change(nodeId, TOC)), Errno.ESTALE);
    }
  });

  test('the next process knows the numbers of the one that died', async () => {
    const before = [await idOf(NAME), await idOf(NAME, TOC), await idOf(NAME, TOC, 'blob')];
    open(true);
    assert.deepEqual(
      before.map((nodeId) => tree.node(nodeId)?.type),
      ['directory', 'directory', 'file'],
    );
    assert.deepEqual([await idOf(NAME), await idOf(NAME, TOC), await idOf(NAME, TOC, 'blob')], before);
  });
});
