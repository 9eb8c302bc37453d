// What containers/storage can't have in a layer: it reads tars with Go's reader and a library of its own, and refuses an
// image for what they don't know. Where the header may be written anew, that is done.
import { readSync } from 'node:fs';
import { FormatError } from '../errors.ts';
import { paddingOf } from '../tar/entry.ts';
import { BLOCK_SIZE } from '../tar/header.ts';
import type { LayerEntry, LayerTar } from './model.ts';

/** The entries with the types that it knows. */
export function withKnownTypes(entries: readonly LayerEntry[]): readonly LayerEntry[] {
  return entries.map((entry) => {
    if (entry.header.typeflag !== CONTIGUOUS) return entry;
    return { ...entry, header: { ...entry.header, typeflag: '0' }, needsHeader: true };
  });
}

/** @throws FormatError with the offset in the tar, when it would refuse the tar as it is. */
export function requireKnownTar(tar: LayerTar): void {
  let end = 0;
  const names = new Set<string>();
  for (const { path, header, type, start, dataStart } of tar.entries) {
    // Global records, landmarks, what the importer leaves out: all have headers that the TOC would not have.
    if (start !== end) refuse('what is no file, directory or link of the layer', end);
    if (header.typeflag === CONTIGUOUS) refuse('a contiguous file (type 7)', start);
    if (names.has(path)) refuse(`${JSON.stringify(path)} twice`, start);
    names.add(path);
    const size = type === 'reg' ? header.size : 0;
    end = dataStart + size + paddingOf(size);
  }
  if (tar.size - end > MAX_END) refuse(`${tar.size - end} bytes behind the last entry`, end);
  if (!isEnd(tar, end)) refuse('what is no file, directory or link of the layer', end);
}

const CONTIGUOUS = '7';
// End marks, and what fills up the last record. All of it is one line of the tar-split.
const MAX_END = 16 * 1024 * 1024;

// Whether no header is there. One block: more than one read of a cached page is not worth a thread.
function isEnd(tar: LayerTar, offset: number): boolean {
  const block = Buffer.alloc(BLOCK_SIZE);
  readSync(tar.fd, block, 0, BLOCK_SIZE, offset);
  return block.every((byte) => byte === 0);
}

function refuse(what: string, offset: number): never {
  throw new FormatError(`the tar has ${what} at ${offset}, which a lossless zstd:chunked-containers blob can't have`, {
    offset,
  });
}
