// Small builders of checked TOCs: `tocOf(dir({ bin: dir({ sh: file('...') }) }))`. The data of a file stands in the
// chunk table in the order of the walk, as if the blob had been written so.
import type { ChunkTable, NodeType, Toc, TocNode } from '../../src/estargz/model.ts';
import type { LayerLayout } from '../../src/erofs/layout.ts';

/** What may differ from the defaults: mode 0644 (directories 0755, symlinks 0777), owner 0, time 0. */
export interface NodeFacts {
  mode?: number;
  uid?: number;
  gid?: number;
  mtimeSec?: number;
  xattrs?: Record<string, Uint8Array | string>;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A file's bytes and the sizes of its chunks; `content` is undefined for a file whose bytes nobody needs. */
interface FileData {
  content: Buffer | undefined;
  chunkSizes: number[];
}

const dataOf = new WeakMap<TocNode, FileData>();

export function file(
  content: Uint8Array | string,
  facts: NodeFacts = {},
  chunkSize: number = 4 * 1024 * 1024,
): TocNode {
  const bytes = Buffer.from(content);
  return withData(node('reg', { ...facts }, { size: bytes.length }), bytes, bytes.length, chunkSize);
}

/** A file of a size without bytes, for layouts that nobody fills. */
export function hollowFile(size: number, facts: NodeFacts = {}, chunkSize: number = 2 ** 31): TocNode {
  return withData(node('reg', facts, { size }), undefined, size, chunkSize);
}

function withData(file: TocNode, content: Buffer | undefined, size: number, chunkSize: number): TocNode {
  const chunkSizes: number[] = [];
  for (let at = 0; at < size; at += chunkSize) chunkSizes.push(Math.min(chunkSize, size - at));
  dataOf.set(file, { content, chunkSizes });
  return file;
}

export function dir(children: Record<string, TocNode> | Map<string, TocNode> = {}, facts: NodeFacts = {}): TocNode {
  const map = children instanceof Map ? children : new Map(Object.entries(children));
  const subdirectories = [...map.values()].filter(({ type }) => type === 'dir').length;
  return node('dir', { mode: 0o755, ...facts }, { children: map, nlink: 2 + subdirectories });
}

export function symlink(linkName: string, facts: NodeFacts = {}): TocNode {
  return node('symlink', { mode: 0o777, ...facts }, { linkName });
}

export function fifo(facts: NodeFacts = {}): TocNode {
  return node('fifo', facts, {});
}

export function device(type: 'char' | 'block', devMajor: number, devMinor: number, facts: NodeFacts = {}): TocNode {
  return node(type, facts, { devMajor, devMinor });
}

/** An empty file, as whiteouts are stored. */
export function whiteout(): TocNode {
  return file('');
}

function node(type: NodeType, facts: NodeFacts, more: Partial<TocNode>): TocNode {
  const { mode = 0o644, uid = 0, gid = 0, mtimeSec = 0, xattrs } = facts;
  const made: Mutable<TocNode> = {
    type,
    mode,
    uid,
    gid,
    mtimeSec,
    size: 0,
    nlink: 1,
    linkName: undefined,
    devMajor: 0,
    devMinor: 0,
    xattrs: xattrs && new Map(Object.entries(xattrs).map(([name, value]) => [name, Buffer.from(value)])),
    children: undefined,
    firstChunk: 0,
    chunkCount: 0,
    ...more,
  };
  return made;
}

/** All nodes with a path, parents first; a node with several names comes up with each. */
export function* walkToc(root: TocNode): Generator<[path: string, node: TocNode]> {
  const waiting: [string, TocNode][] = [['', root]];
  for (const [path, node] of waiting) {
    yield [path, node];
    for (const [name, child] of node.children ?? []) waiting.push([path === '' ? name : `${path}/${name}`, child]);
  }
}

/** The checked TOC of a tree. Fills in chunk numbers and the link counts of what has several names. */
export function tocOf(root: TocNode): Toc {
  const names = new Map<TocNode, number>();
  const sizes: number[] = [];
  const fileOffsets: number[] = [];
  for (const [, node] of walkToc(root)) {
    const known = names.get(node) ?? 0;
    names.set(node, known + 1);
    if (node.type !== 'dir') node.nlink = known + 1;
    if (node.type !== 'reg' || known > 0) continue;
    const { chunkSizes } = dataOf.get(node)!;
    node.firstChunk = chunkSizes.length === 0 ? 0 : sizes.length;
    node.chunkCount = chunkSizes.length;
    let fileOffset = 0;
    for (const size of chunkSizes) {
      sizes.push(size);
      fileOffsets.push(fileOffset);
      fileOffset += size;
    }
  }
  const nameCount = [...names.values()].reduce((sum, count) => sum + count, -1);
  const chunks = chunkTable(sizes, fileOffsets);
  return {
    root,
    inodeCount: names.size,
    nameCount,
    chunks,
    verifiable: false,
    prefetchEnd: undefined,
    payloadEnd: sizes.length,
  };
}

/** As if every chunk were a member of one byte in the blob. */
function chunkTable(sizes: readonly number[], fileOffsets: readonly number[]): ChunkTable {
  const count = sizes.length;
  return {
    count,
    compression: 'gzip',
    blobOffset: Float64Array.from({ length: count }, (_, index) => index),
    blobEnd: Float64Array.from({ length: count }, (_, index) => index + 1),
    innerOffset: new Float64Array(count),
    fileOffset: Float64Array.from(fileOffsets),
    size: Uint32Array.from(sizes),
    digest: new Uint8Array(32 * count),
  };
}

/** The bytes of a file that was made with them. */
export function contentOf(node: TocNode): Buffer {
  return dataOf.get(node)!.content!;
}

/** The complete layer image: metadata, and every chunk at its place. */
export function completeImage({ root, chunks }: Toc, layout: LayerLayout): Buffer {
  const image = Buffer.alloc(layout.imageSize);
  image.set(layout.metadata);
  for (const [, node] of walkToc(root)) {
    for (let chunk = node.firstChunk; chunk < node.firstChunk + node.chunkCount; chunk++) {
      const from = chunks.fileOffset[chunk]!;
      image.set(contentOf(node).subarray(from, from + chunks.size[chunk]!), layout.chunkImageOffset[chunk]);
    }
  }
  return image;
}
