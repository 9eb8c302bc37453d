// The parts of a blob that can be decompressed alone, as its table of contents has them. Each should be a gzip member, or a
// zstd frame, or several.
import type { Footer } from '../estargz/footer.ts';
import type { ChunkRows } from './verify-rows.ts';

/** [start, end) of the blob. */
export interface Region {
  readonly start: number;
  readonly end: number;
  readonly part: 'payload' | 'toc' | 'footer';
  /** Chunks [firstChunk, endChunk) of `rows.order` begin here. */
  readonly firstChunk: number;
  readonly endChunk: number;
}

/** All of the blob in regions: the payload by the offsets that chunks have, then table of contents and footer. */
export function regionsOf(rows: ChunkRows, footer: Footer, blobSize: number): Region[] {
  const regions: Region[] = [];
  let start = 0;
  let firstChunk = 0;
  const close = (end: number, endChunk: number): void => {
    if (end > start) regions.push({ start, end, part: 'payload', firstChunk, endChunk });
    else if (endChunk > firstChunk) return;
    start = end;
    firstChunk = endChunk;
  };
  for (let at = 0; at < rows.count; at++) {
    const row = rows.order[at]!;
    // Nothing of the blob is a hole.
    if (rows.isHole[row] === 0 && rows.blobOffset[row]! > start) close(rows.blobOffset[row]!, at);
  }
  close(footer.payloadEnd, rows.count);
  const noChunks = { firstChunk: rows.count, endChunk: rows.count };
  const isGzip = footer.format === 'estargz' || footer.format === 'stargz';
  // Of zstd, all that follows is skippable frames.
  if (isGzip) regions.push({ start: footer.tocOffset, end: footer.tocEnd, part: 'toc', ...noChunks });
  const rest = isGzip ? footer.tocEnd : footer.payloadEnd;
  if (blobSize > rest) regions.push({ start: rest, end: blobSize, part: 'footer', ...noChunks });
  return regions;
}
