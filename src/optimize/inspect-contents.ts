// What a layer's table of contents says of its files: how many of each kind, and the largest.
import type { TocNode } from '../estargz/model.ts';
import { chunkFigures, memberFigures } from './inspect-chunks.ts';
import { TocEntries } from './inspect-entries.ts';
import type { EntryCounts, FileFacts, LayerContents } from './inspect-model.ts';
import type { LayerToc } from './inspect-toc.ts';

export const WHITEOUT_PREFIX = '.wh.';
export const OPAQUE_WHITEOUT = '.wh..wh..opq';

const LARGEST = 10;

/** Figures of a layer. Blocks for as long as it takes to look at every entry. */
export function layerContents(read: LayerToc): LayerContents {
  const { toc, footer, compressedToc, blobSize, json } = read;
  const isExternal = footer.format === 'external-toc';
  const { counts, fileBytes, largest } = countFiles(toc.root);
  return {
    toc: {
      digest: read.digest,
      checksum: read.checksum,
      isExternal,
      offset: isExternal ? null : footer.tocOffset,
      compressedSize: compressedToc.length,
      size: json.length,
      share: isExternal || blobSize === 0 ? 0 : compressedToc.length / blobSize,
      isVerifiable: toc.verifiable,
    },
    landmark: toc.prefetchEnd === undefined ? null : toc.prefetchEnd === 'none' ? 'no-prefetch' : 'prefetch',
    prefetchBytes: prefetchBytes(read),
    payloadBytes: toc.payloadEnd,
    counts: { entries: new TocEntries(json).count, ...counts },
    fileBytes,
    chunks: chunkFigures(toc.chunks),
    members: memberFigures(toc.chunks),
    largest: largest.map(({ path, node }) => fileFacts(path, node, read)),
  };
}

/** Bytes of the blob that the landmark asks to prefetch. */
export function prefetchBytes({ toc }: Pick<LayerToc, 'toc'>): number {
  return typeof toc.prefetchEnd === 'number' ? toc.prefetchEnd : 0;
}

/** A regular file, for people who look for where the bytes are. */
export function fileFacts(path: string, node: TocNode, read: Pick<LayerToc, 'toc'>): FileFacts {
  return { path, size: node.size, chunks: node.chunkCount, isPrefetched: isPrefetched(node, read) };
}

/** Whether all of a file's chunks lie in the range that is prefetched. Not said of what has no chunks. */
export function isPrefetched(node: TocNode, read: Pick<LayerToc, 'toc'>): boolean {
  const end = prefetchBytes(read);
  const { blobOffset } = read.toc.chunks;
  return node.chunkCount > 0 && blobOffset[node.firstChunk + node.chunkCount - 1]! < end;
}

/** Calls `visit` for everything below `root`, parents first; paths are without a slash in front. */
export function walkTree(root: TocNode, visit: (path: string, name: string, node: TocNode) => void): void {
  const open: { readonly path: string; readonly node: TocNode }[] = [{ path: '', node: root }];
  for (let directory = open.pop(); directory !== undefined; directory = open.pop()) {
    for (const [name, node] of directory.node.children ?? []) {
      const path = directory.path === '' ? name : `${directory.path}/${name}`;
      visit(path, name, node);
      if (node.type === 'dir') open.push({ path, node });
    }
  }
}

interface NamedNode {
  readonly path: string;
  readonly node: TocNode;
}

interface Counted {
  readonly counts: Omit<EntryCounts, 'entries'>;
  readonly fileBytes: number;
  readonly largest: readonly NamedNode[];
}

function countFiles(root: TocNode): Counted {
  const counts = {
    files: 0,
    emptyFiles: 0,
    directories: 0,
    symlinks: 0,
    hardLinks: 0,
    devices: 0,
    fifos: 0,
    whiteouts: 0,
    opaqueDirectories: 0,
  };
  const seen = new Set<TocNode>();
  const largest: NamedNode[] = [];
  let fileBytes = 0;
  walkTree(root, (path, name, node) => {
    if (name === OPAQUE_WHITEOUT) counts.opaqueDirectories++;
    else if (name.startsWith(WHITEOUT_PREFIX)) counts.whiteouts++;
    else if (node.type !== 'dir' && node.nlink > 1 && seen.has(node)) counts.hardLinks++;
    else {
      if (node.nlink > 1) seen.add(node);
      count(counts, node);
      fileBytes += node.size;
      if (node.type === 'reg') keepLargest(largest, { path, node });
    }
  });
  return { counts, fileBytes, largest };
}

function count(counts: { -readonly [Key in keyof Counted['counts']]: number }, node: TocNode): void {
  if (node.type === 'dir') counts.directories++;
  else if (node.type === 'symlink') counts.symlinks++;
  else if (node.type === 'fifo') counts.fifos++;
  else if (node.type !== 'reg') counts.devices++;
  else if (node.size === 0) counts.emptyFiles++;
  else counts.files++;
}

function keepLargest(largest: NamedNode[], file: NamedNode): void {
  if (file.node.size === 0) return;
  const at = largest.findIndex(({ node }) => node.size < file.node.size);
  if (at === -1 && largest.length >= LARGEST) return;
  largest.splice(at === -1 ? largest.length : at, 0, file);
  if (largest.length > LARGEST) largest.pop();
}
