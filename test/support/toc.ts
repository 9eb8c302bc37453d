// Looks into a parsed TOC: lookups, whole files, and a check of everything that a Toc promises to the code after it.
import assert from 'node:assert/strict';
import { decodeMember, splitMember } from '../../src/estargz/decode-chunk.ts';
import { isHole } from '../../src/estargz/model.ts';
import type { Toc, TocNode } from '../../src/estargz/model.ts';

/** @throws AssertionError when there is no node at `path` (names separated by slashes). */
export function nodeAt(toc: Toc, path: string): TocNode {
  let node: TocNode | undefined = toc.root;
  for (const name of path.split('/').filter((part) => part !== '')) node = node?.children?.get(name);
  assert.ok(node !== undefined, `no node at ${path}`);
  return node;
}

/** The names of a directory in order. */
export function namesIn(toc: Toc, path: string): string[] {
  return [...(nodeAt(toc, path).children?.keys() ?? [])].sort();
}

/** The verified content of a file, decoded from the blob chunk by chunk. */
export function contentAt(toc: Toc, blob: Uint8Array, path: string): Buffer {
  const node = nodeAt(toc, path);
  const { blobOffset, blobEnd, innerOffset, size, compression } = toc.chunks;
  const parts: Uint8Array[] = [];
  for (let i = node.firstChunk; i < node.firstChunk + node.chunkCount; i++) {
    const needed = innerOffset[i]! + size[i]!;
    const decoded = isHole(toc.chunks, i)
      ? new Uint8Array(needed)
      : decodeMember(blob.subarray(blobOffset[i], blobEnd[i]), compression, needed);
    parts.push(...splitMember(toc.chunks, i, i + 1, decoded));
  }
  return Buffer.concat(parts);
}

/** Everything that src/estargz/model.ts promises. */
export function assertTocInvariants(toc: Toc): void {
  const names = new Map<TocNode, number>();
  const subdirectories = new Map<TocNode, number>();
  let nameCount = 0;
  const visit = (directory: TocNode): void => {
    assert.ok(directory.children !== undefined);
    for (const [name, child] of directory.children) {
      nameCount++;
      assertName(name);
      assert.ok(child.type !== 'dir' || !names.has(child), 'a directory has one name');
      names.set(child, (names.get(child) ?? 0) + 1);
      if (child.type !== 'dir') continue;
      subdirectories.set(directory, (subdirectories.get(directory) ?? 0) + 1);
      visit(child);
    }
  };
  assert.equal(toc.root.type, 'dir');
  visit(toc.root);
  assert.equal(toc.nameCount, nameCount);
  assert.equal(toc.inodeCount, names.size + 1);
  for (const node of [toc.root, ...names.keys()]) {
    assertNode(node);
    const links = node.type === 'dir' ? 2 + (subdirectories.get(node) ?? 0) : names.get(node);
    assert.equal(node.nlink, links);
  }
  assertChunks(toc, [...names.keys()]);
  for (const hidden of ['.prefetch.landmark', '.no.prefetch.landmark', 'stargz.index.json']) {
    assert.ok(!toc.root.children?.has(hidden));
  }
  if (typeof toc.prefetchEnd === 'number') assertInteger(toc.prefetchEnd, 0, toc.payloadEnd - 1);
}

function assertName(name: string): void {
  assert.ok(name !== '' && name !== '.' && name !== '..' && !/[/\0]/.test(name), JSON.stringify(name));
  assert.ok(name.isWellFormed() && Buffer.byteLength(name) <= 255);
}

function assertNode(node: TocNode): void {
  assertInteger(node.mode, 0, 0o7777);
  assertInteger(node.uid, 0, 2 ** 32 - 2);
  assertInteger(node.gid, 0, 2 ** 32 - 2);
  assertInteger(node.mtimeSec, Date.parse('0001-01-01') / 1000 - 86400, Date.parse('9999-12-31') / 1000 + 2 * 86400);
  assertInteger(node.size, 0, node.type === 'reg' ? 2 ** 40 : 0);
  assertInteger(node.devMajor, 0, 0xfff);
  assertInteger(node.devMinor, 0, 0xfffff);
  assert.equal(node.children !== undefined, node.type === 'dir');
  assert.equal(node.linkName !== undefined, node.type === 'symlink');
  if (node.linkName !== undefined) assertInteger(Buffer.byteLength(node.linkName), 1, 4095);
  for (const [name, value] of node.xattrs ?? []) {
    assertInteger(Buffer.byteLength(name), 1, 255);
    assertInteger(value.length, 0, 65536);
  }
}

function assertChunks({ chunks, payloadEnd, verifiable }: Toc, nodes: TocNode[]): void {
  const owners = Array.from<TocNode | undefined>({ length: chunks.count });
  for (const node of nodes) {
    assert.equal(node.chunkCount > 0, node.size > 0);
    let reached = 0;
    for (let i = node.firstChunk; i < node.firstChunk + node.chunkCount; i++) {
      assert.equal(owners[i], undefined, 'a chunk has one file');
      owners[i] = node;
      assert.equal(chunks.fileOffset[i], reached);
      reached += chunks.size[i]!;
    }
    assert.equal(reached, node.size);
  }
  for (const column of Object.values(chunks)) {
    if (ArrayBuffer.isView(column)) assert.ok(column.buffer instanceof SharedArrayBuffer);
  }
  let allHaveDigests = true;
  for (let i = 0; i < chunks.count; i++) {
    assert.ok(owners[i] !== undefined, 'every chunk has a file');
    assertInteger(chunks.blobOffset[i]!, 0, payloadEnd - 1);
    assertInteger(chunks.blobEnd[i]!, chunks.blobOffset[i]! + (isHole(chunks, i) ? 0 : 1), payloadEnd);
    assertInteger(chunks.size[i]!, 1, isHole(chunks, i) ? 2 ** 32 - 1 : 2 ** 30);
    assertInteger(chunks.innerOffset[i]!, 0, 2 ** 30);
    const hasDigest = chunks.digest.subarray(i * 32, i * 32 + 32).some((byte) => byte !== 0);
    if (!hasDigest && !isHole(chunks, i)) allHaveDigests = false;
    if (i === 0) continue;
    const sameMember = chunks.blobOffset[i] === chunks.blobOffset[i - 1];
    const end = sameMember ? chunks.innerOffset[i - 1]! + chunks.size[i - 1]! : chunks.blobEnd[i - 1]!;
    assert.ok((sameMember ? chunks.innerOffset[i]! : chunks.blobOffset[i]!) >= end, 'chunks do not overlap');
  }
  assert.equal(verifiable, allHaveDigests);
}

function assertInteger(value: number, min: number, max: number): void {
  assert.ok(Number.isSafeInteger(value) && value >= min && value <= max, `${value} is not in [${min}, ${max}]`);
}
