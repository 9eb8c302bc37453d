// One entry in the dialect of containers/storage, as its compressor writes it: frames end where chunks do, a file of one
// chunk has only the digest of the whole, and a run of zeros among other chunks is one of type `zeros`.
import { digestOf } from '../../src/oci/digest.ts';
import type { Entry } from './entries.ts';
import type { MemberWriter } from './member-writer.ts';
import { tarHead, tarPadding } from './tar.ts';
import { describe, setUnlessZero } from './toc-entry-json.ts';
import type { TocEntryJson } from './toc-entry-json.ts';

/** As many zeros as are worth a chunk of their own. */
const HOLE = 1024;

/** Writes the entry, and says what the TOC has of it. */
export function appendContainersEntry(
  members: MemberWriter,
  entry: Entry,
  options: { readonly chunkSize?: number },
): TocEntryJson[] {
  members.write(tarHead(entry));
  const first = describe(entry);
  const out = [first];
  if (entry.type !== 'reg') return out;
  const pieces = cut(entry.content, options.chunkSize ?? 4 * 1024 * 1024);
  let at = 0;
  for (const [index, piece] of pieces.entries()) {
    const target = index === 0 ? first : { type: 'chunk', name: entry.name };
    if (index > 0) out.push(target);
    const { offset } = members.place(true);
    members.write(piece);
    setUnlessZero(target, { offset, chunkOffset: at });
    if (pieces.length > 1) {
      Object.assign(target, { chunkSize: piece.length, chunkDigest: digestOf(piece) });
      if (isZeros(piece)) Object.assign(target, { chunkType: 'zeros' });
    }
    at += piece.length;
  }
  if (pieces.length > 0)
    Object.assign(first, { digest: digestOf(entry.content), endOffset: members.place(true).offset });
  members.write(tarPadding(entry));
  return out;
}

// Data in pieces of `size` at most, long runs of zeros whole, whatever their length.
function cut(content: Buffer, size: number): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < content.length;) {
    const zeros = zerosAt(content, at);
    let end = at + zeros;
    if (zeros < HOLE) for (end = at + 1; end < content.length && end < at + size && !isHoleAt(content, end);) end++;
    pieces.push(content.subarray(at, end));
    at = end;
  }
  return pieces;
}

function isHoleAt(content: Buffer, at: number): boolean {
  return content[at] === 0 && zerosAt(content, at, HOLE) === HOLE;
}

function zerosAt(content: Buffer, at: number, most: number = Infinity): number {
  let count = 0;
  while (count < most && content[at + count] === 0) count++;
  return count;
}

function isZeros(bytes: Buffer): boolean {
  return bytes.length >= HOLE && bytes.every((byte) => byte === 0);
}
