// Short ways from a tree to its layout and back.
import type { TocNode } from '../../src/estargz/model.ts';
import { type LayerLayout, type LayoutOptions, layoutLayer } from '../../src/erofs/layout.ts';
import { readErofs, type ReadInode } from './erofs-reader.ts';
import { dir, tocOf } from './toc-tree.ts';

export const UUID: Buffer = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex');
export const OPTIONS: LayoutOptions = { uuid: UUID, opaqueXattr: 'trusted' };

export function layoutOf(root: TocNode, opaqueXattr: 'trusted' | 'user' = 'trusted'): LayerLayout {
  return layoutLayer(tocOf(root), { uuid: UUID, opaqueXattr });
}

/** What a reader finds in the layout of a tree, by path. */
export function filesOf(root: TocNode): Map<string, ReadInode> {
  return readErofs(layoutOf(root).metadata).files;
}

/** What a reader finds of one node, laid out in a root of its own. */
export function fileOf(node: TocNode): ReadInode {
  return filesOf(dir({ it: node })).get('it')!;
}
