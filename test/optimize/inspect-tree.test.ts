// Layers over each other, with whiteouts, as a container sees them.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { lookupPath, mergeLayers, treeTotals, type FileTreeNode } from '../../src/optimize/inspect-tree.ts';
import { fetchLayerToc, readLayerToc, type LayerToc } from '../../src/optimize/inspect-toc.ts';
import { BufferBlob } from '../support/buffer-blob.ts';
import { dir, file, hardlink, noise, symlink, type Entry } from '../support/entries.ts';
import { buildEstargz, type BuildOptions } from '../support/estargz.ts';

async function tocOf(entries: readonly Entry[], options: BuildOptions = {}): Promise<LayerToc> {
  return readLayerToc(await fetchLayerToc(new BufferBlob(buildEstargz(entries, options).blob), {}));
}

/** `path layer` of everything that is there, with what is odd about it. */
function listing(root: FileTreeNode): string[] {
  const lines: string[] = [];
  const visit = (node: FileTreeNode, path: string): void => {
    for (const child of node.children?.values() ?? []) {
      const at = path === '' ? child.name : `${path}/${child.name}`;
      const notes = [
        ...(child.removedBy === undefined ? [] : [`removed by ${child.removedBy}`]),
        ...(child.hides === undefined ? [] : [`hides ${child.hides}`]),
        ...(child.opaqueSince === undefined ? [] : [`opaque since ${child.opaqueSince}`]),
        ...(child.type === 'whiteout' ? ['whiteout'] : []),
      ];
      lines.push([at, child.layer, ...notes].join(' '));
      visit(child, at);
    }
  };
  visit(root, '');
  return lines.toSorted();
}

suite('mergeLayers', () => {
  test('shows files of upper layers, and what they hide', async () => {
    const lower = await tocOf([dir('a'), file('a/x', '1'), file('a/y', '2'), file('b', '3')]);
    const upper = await tocOf([dir('a'), file('a/x', 'new'), file('c', '4')]);
    assert.deepEqual(listing(mergeLayers([lower, upper])), ['a 1', 'a/x 1 hides 0', 'a/y 0', 'b 0', 'c 1']);
  });

  test('shows what whiteouts remove, and those that remove what is not known', async () => {
    const lower = await tocOf([dir('a'), file('a/x', '1'), dir('d'), file('d/in', '2')]);
    const upper = await tocOf([dir('a'), file('a/.wh.x'), file('.wh.d'), file('.wh.unknown')]);
    assert.deepEqual(listing(mergeLayers([lower, upper])), [
      'a 1',
      'a/x 0 removed by 1',
      'd 0 removed by 1',
      'd/in 0',
      'unknown 1 whiteout',
    ]);
  });

  test('makes a directory anew after it was removed', async () => {
    const lower = await tocOf([dir('d'), file('d/old', '1')]);
    const upper = await tocOf([file('.wh.d')]);
    const last = await tocOf([dir('d'), file('d/new', '2')]);
    assert.deepEqual(listing(mergeLayers([lower, upper, last])), ['d 2', 'd/new 2']);
  });

  test('hides what is below an opaque directory, but not what comes with it', async () => {
    const lower = await tocOf([dir('d'), file('d/old', '1')]);
    const upper = await tocOf([dir('d'), file('d/.wh..wh..opq'), file('d/new', '2')]);
    assert.deepEqual(listing(mergeLayers([lower, upper])), ['d 1 opaque since 1', 'd/new 1', 'd/old 0 removed by 1']);
  });

  test('lets a file take the place of a directory, and the other way', async () => {
    const lower = await tocOf([dir('a'), file('a/x', '1'), file('b', '2')]);
    const upper = await tocOf([symlink('a', 'b'), dir('b'), file('b/y', '3')]);
    assert.deepEqual(listing(mergeLayers([lower, upper])), ['a 1 hides 0', 'b 1', 'b/y 1']);
  });

  test('leaves out layers that are not known', async () => {
    const upper = await tocOf([file('c', '4')]);
    assert.deepEqual(listing(mergeLayers([undefined, upper])), ['c 1']);
    assert.deepEqual(listing(mergeLayers([undefined])), []);
  });
});

suite('treeTotals', () => {
  test('counts bytes of hard links once, and nothing that is removed', async () => {
    const content = noise(1000);
    const lower = await tocOf([dir('a'), file('a/x', content), hardlink('a/y', 'a/x'), file('z', content)]);
    const upper = await tocOf([file('.wh.z')]);
    const root = mergeLayers([lower, upper]);
    assert.deepEqual(treeTotals(root).get(root), { files: 2, bytes: 1000, prefetchedBytes: 0 });
  });

  test('counts what is prefetched', async () => {
    const options = { prioritized: ['a/x'] };
    const toc = await tocOf([dir('a'), file('a/x', noise(700)), file('a/y', noise(300))], options);
    const root = mergeLayers([toc]);
    assert.deepEqual(treeTotals(root).get(root), { files: 2, bytes: 1000, prefetchedBytes: 700 });
    assert.equal(lookupPath(root, '/a/x')?.isPrefetched, true);
    assert.equal(lookupPath(root, 'a//y/')?.isPrefetched, false);
    assert.equal(lookupPath(root, 'a/nothing'), undefined);
  });
});
