// What is in a folder of hot packs, by their headers: enough to say whether another folder has anything new. The order in
// which chunks were read differs from run to run, so sets of chunks are compared and not files.
import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FormatError } from '../../src/errors.ts';
import { peekFrameSize } from '../../src/layer/frame.ts';
import {
  decodePackHeader,
  MAX_PACK_HEADER_BYTES,
  packBytes,
  packDigest,
  packHeaderBytes,
  type PackHeader,
} from '../../src/layer/hot-pack.ts';
import { shortHash } from './key.ts';

/** Headers by the layer's digest. Packs that can't be read are not in it. */
export type PackSet = ReadonlyMap<string, PackHeader>;

/** Less than this share of new bytes is what differs between two runs of one job: read-ahead, the order of threads. */
const NEW_SHARE = 0.01;
/** An entry of which this share is not used any more is replaced. */
const STALE_SHARE = 0.5;

/** Reads the headers of the packs in `folder`; an empty set when there is no such folder. */
export async function readPackSet(folder: string): Promise<PackSet> {
  const set = new Map<string, PackHeader>();
  for (const file of await packFiles(folder)) {
    const header = await readHeader(join(folder, file))
      .then(decodePackHeader)
      .catch(() => undefined);
    if (header !== undefined) set.set(header.digest, header);
  }
  return set;
}

/** Copies the packs' headers to a new folder: all that `readPackSet` needs, and a thousandth of the packs. */
export async function copyHeaders(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true, mode: 0o700 });
  for (const file of await packFiles(from)) {
    const header = await readHeader(join(from, file)).catch(() => undefined);
    if (header !== undefined) await writeFile(join(to, file), header, { mode: 0o600 });
  }
}

/** The same for the same chunks of the same layers, in whatever order they were read. */
export function contentHash(set: PackSet): string {
  const lines = [...set.values()].map(
    ({ digest, tocDigest, chunks }) => `${digest} ${tocDigest} ${chunks.toSorted().join()}`,
  );
  return shortHash(lines.toSorted().join('\n'));
}

/** Whether `now` has enough that `before` has not, or `before` enough that nobody needs any more. */
export function isWorthSaving(before: PackSet, now: PackSet): boolean {
  const fresh = bytesBeyond(now, before);
  const stale = bytesBeyond(before, now);
  return fresh > NEW_SHARE * totalBytes(now) || stale > STALE_SHARE * totalBytes(before);
}

function totalBytes(set: PackSet): number {
  return [...set.values()].reduce((sum, header) => sum + packBytes(header.tocFileBytes, header.sizes), 0);
}

/** Bytes of `set` that `other` lacks. */
function bytesBeyond(set: PackSet, other: PackSet): number {
  let bytes = 0;
  for (const { digest, tocDigest, tocFileBytes, chunks, sizes } of set.values()) {
    const same = other.get(digest);
    if (same?.tocDigest !== tocDigest) {
      bytes += packBytes(tocFileBytes, sizes);
      continue;
    }
    const known = new Set(same.chunks);
    for (const [i, chunk] of chunks.entries()) if (!known.has(chunk)) bytes += sizes[i]!;
  }
  return bytes;
}

async function packFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => packDigest(name) !== undefined);
}

/** @throws FormatError for what is no pack, the disk's error. */
async function readHeader(path: string): Promise<Buffer> {
  // Neither a link nor a pipe that nobody writes to.
  await using file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  const size = peekFrameSize(await readStart(file, packHeaderBytes(0)));
  if (size > MAX_PACK_HEADER_BYTES) throw new FormatError(`hot pack: a header of ${size} bytes`);
  return await readStart(file, size);
}

async function readStart(file: FileHandle, size: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(size), 0, size, 0);
  if (bytesRead < size) throw new FormatError(`hot pack: ${bytesRead} bytes, wanted ${size}`);
  return buffer;
}
