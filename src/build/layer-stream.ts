// The decompressed blob as a sequence of pieces, before anything is read: which bytes come from where, where chunks begin,
// and which entry the TOC has at which place. The rest of the writer only cuts and compresses this sequence.
// Specification: docs/estargz.md of stargz-snapshotter; stargz boundaries as in `appendTar` of its builder.
import { FormatError } from '../errors.ts';
import { TOC_NAME } from '../estargz/decode-toc.ts';
import { NO_PREFETCH_LANDMARK, PREFETCH_LANDMARK } from '../estargz/parse-toc.ts';
import { digestOf } from '../oci/digest.ts';
import { encodeEntry, NO_FIELDS, paddingOf } from '../tar/entry.ts';
import type { LayerEntry, LayerTar } from './model.ts';

/** What stands in the stream at one place. */
export interface Piece {
  /** An offset in the tar, bytes that are not in it, or zeros. */
  readonly from: number | Uint8Array | 'zeros';
  readonly length: number;
  /** The chunk that this piece is all of. */
  readonly chunk?: ChunkPlace;
  /** An entry without chunks whose head this is: the TOC has it from here on. */
  readonly entry?: LayerEntry;
}

export interface ChunkPlace {
  readonly entry: LayerEntry;
  /** Where it begins in its file. */
  readonly fileOffset: number;
  /** A member has to begin here, whatever the options say. */
  readonly ownMember: boolean;
}

const LANDMARK_CONTENT = Buffer.from([0x0f]);
const LANDMARKS: ReadonlySet<string> = new Set([PREFETCH_LANDMARK, NO_PREFETCH_LANDMARK]);

/** A landmark as an entry: its head and its one byte are not in the tar. */
export function landmarkEntry(name: typeof PREFETCH_LANDMARK | typeof NO_PREFETCH_LANDMARK): LayerEntry {
  const header = { ...NO_FIELDS, name: Buffer.from(name), size: LANDMARK_CONTENT.length, typeflag: '0' };
  const digest = digestOf(LANDMARK_CONTENT);
  const nowhere = { start: -1, dataStart: -1, needsHeader: false };
  return { type: 'reg', path: name, linkPath: undefined, header, pax: new Map(), digest, ...nowhere };
}

/** Entries in the given order, each with its head, its payload and padding; no end mark. */
export function* orderedStream(entries: readonly LayerEntry[], chunkSize: number): Generator<Piece> {
  for (const entry of entries) {
    const isLandmark = entry.dataStart < 0;
    const size = payloadSize(entry);
    yield { ...headOf(entry), ...(size === 0 ? { entry } : {}) };
    yield* isLandmark ? [landmarkPiece(entry)] : chunkPieces(entry, chunkSize);
    const padding = paddingOf(size);
    if (padding > 0) yield { from: 'zeros', length: padding };
  }
}

/**
 * The tar as it is, every byte of it.
 * @throws FormatError when it has entries that a TOC can't have.
 */
export function* losslessStream(tar: LayerTar, chunkSize: number): Generator<Piece> {
  if (tar.hadToc) throw new FormatError(`the layer has a ${TOC_NAME}, which a lossless blob could not leave out`);
  let at = 0;
  for (const entry of tar.entries) {
    const size = payloadSize(entry);
    yield { from: at, length: entry.dataStart - at, ...(size === 0 ? { entry } : {}) };
    yield* chunkPieces(entry, chunkSize);
    at = entry.dataStart + size;
  }
  if (at < tar.size) yield { from: at, length: tar.size - at };
}

/** Only regular files have bytes, whatever a header says of others. */
function payloadSize(entry: LayerEntry): number {
  return entry.type === 'reg' ? entry.header.size : 0;
}

function headOf(entry: LayerEntry): Piece {
  const isInTar = entry.dataStart >= 0 && !entry.needsHeader;
  if (isInTar) return { from: entry.start, length: entry.dataStart - entry.start };
  const head = encodeEntry(entry.header, entry.pax);
  return { from: head, length: head.length };
}

function landmarkPiece(entry: LayerEntry): Piece {
  const chunk = { entry, fileOffset: 0, ownMember: LANDMARKS.has(entry.path) };
  return { from: LANDMARK_CONTENT, length: LANDMARK_CONTENT.length, chunk };
}

function* chunkPieces(entry: LayerEntry, chunkSize: number): Generator<Piece> {
  const size = payloadSize(entry);
  for (let fileOffset = 0; fileOffset < size; fileOffset += chunkSize) {
    const length = Math.min(chunkSize, size - fileOffset);
    yield { from: entry.dataStart + fileOffset, length, chunk: { entry, fileOffset, ownMember: false } };
  }
}
