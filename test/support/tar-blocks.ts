// Tars block by block, with type flags and extended headers that our own writer never makes, and what a scan finds in them.
import { paddingOf } from '../../src/tar/entry.ts';
import type { ScannedEntry } from '../../src/tar/extended-headers.ts';
import { encodeHeader } from '../../src/tar/header.ts';
import type { TarHeader } from '../../src/tar/header.ts';
import { encodePax } from '../../src/tar/pax.ts';
import { TarScanner } from '../../src/tar/scanner.ts';

/** Header fields; strings are UTF-8. `size` is that of the content unless told. */
export interface BlockFields extends Partial<
  Pick<TarHeader, 'mode' | 'uid' | 'gid' | 'size' | 'mtimeSec' | 'devMajor' | 'devMinor'>
> {
  readonly linkName?: string | Buffer;
  readonly userName?: string;
  readonly groupName?: string;
}

/** A header block, the content and its padding. */
export function blocks(
  typeflag: string,
  name: string | Buffer,
  content: string | Buffer = '',
  fields: BlockFields = {},
): Buffer {
  const bytes = Buffer.from(content);
  const header = encodeHeader({
    mode: 0o644,
    uid: 0,
    gid: 0,
    size: bytes.length,
    mtimeSec: 0,
    devMajor: 0,
    devMinor: 0,
    ...fields,
    typeflag,
    name: Buffer.from(name),
    linkName: Buffer.from(fields.linkName ?? ''),
    userName: Buffer.from(fields.userName ?? ''),
    groupName: Buffer.from(fields.groupName ?? ''),
  });
  return Buffer.concat([header, bytes, Buffer.alloc(paddingOf(bytes.length))]);
}

/** A PAX header: `x` for the next entry, `g` for all that follow. */
export function paxBlocks(typeflag: 'x' | 'g', records: Readonly<Record<string, string | Buffer>>): Buffer {
  const payload = encodePax(new Map(Object.entries(records).map(([key, value]) => [key, Buffer.from(value)])));
  return blocks(typeflag, 'pax', payload);
}

/** A GNU long name (`L`) or long link name (`K`), with its NUL. */
export function longBlocks(typeflag: 'L' | 'K', name: string): Buffer {
  return blocks(typeflag, '././@LongLink', `${name}\0`);
}

/** Writes over a header block, and makes its checksum right again. */
export function patchHeader(tar: Buffer, offset: number, bytes: string | Buffer, block = 0): Buffer {
  const out = Buffer.from(tar);
  out.set(Buffer.from(bytes), block + offset);
  out.fill(' ', block + 148, block + 156);
  const sum = out.subarray(block, block + 512).reduce((total, byte) => total + byte, 0);
  out.write(`${sum.toString(8).padStart(6, '0')}\0 `, block + 148);
  return out;
}

export interface Scanned {
  readonly entry: ScannedEntry;
  readonly content: Buffer;
}

/** What the scanner finds when the tar comes in these pieces. Pieces are overwritten after they were pushed. */
export function scanPieces(pieces: Iterable<Uint8Array>): Scanned[] {
  const found: Scanned[] = [];
  let parts: Buffer[] = [];
  let isOpen = false;
  const scanner = new TarScanner({
    entry() {
      if (isOpen) throw new Error('an entry begins before the last one ended');
      isOpen = true;
      parts = [];
    },
    payload: (piece) => parts.push(Buffer.from(piece)),
    entryEnd(entry) {
      isOpen = false;
      found.push({ entry, content: Buffer.concat(parts) });
    },
  });
  for (const piece of pieces) {
    const copy = Buffer.from(piece);
    scanner.push(copy);
    copy.fill(0xee);
  }
  scanner.end();
  return found;
}

/** The tar cut into pieces of these sizes, over and over. */
export function* cut(tar: Buffer, sizes: readonly number[]): Generator<Buffer> {
  for (let at = 0, i = 0; at < tar.length; i++) {
    const size = sizes[i % sizes.length]!;
    yield tar.subarray(at, at + size);
    at += size;
  }
}

/** The same, a piece at a time. */
export async function* cutAsync(tar: Buffer, sizes: readonly number[] = [64 * 1024]): AsyncGenerator<Buffer> {
  yield* cut(tar, sizes);
}
