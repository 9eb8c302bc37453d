// The data area of a layer image: every file begins at a block, files stand in the order of their data in the blob.
// So what a prefetch brings, front to back in the blob, fills the image front to back.
import { FormatError } from '../errors.ts';
import type { ChunkTable, TocNode } from '../estargz/model.ts';
import { alignUp, BLOCK_SIZE, MAX_IMAGE_SIZE } from './abi.ts';

export interface DataArea {
  /** Image offset of each chunk; ascending; on a SharedArrayBuffer. */
  readonly chunkImageOffset: Float64Array;
  /** Size of the layer image: the end of the last file, in whole blocks. */
  readonly end: number;
}

/**
 * Gives every chunk of the table its place from `start` on, a multiple of 4096.
 * @throws FormatError when the chunks of a file have a gap, or the image would have more blocks than 32 bits can number (16 TiB).
 */
export function placeChunks(chunks: ChunkTable, start: number): DataArea {
  const chunkImageOffset = new Float64Array(new SharedArrayBuffer(chunks.count * Float64Array.BYTES_PER_ELEMENT));
  let fileStart = start;
  let fileSize = 0;
  for (let index = 0; index < chunks.count; index++) {
    const fileOffset = chunks.fileOffset[index]!;
    if (fileOffset === 0) {
      fileStart = alignUp(fileStart + fileSize, BLOCK_SIZE);
    } else if (fileOffset !== fileSize || index === 0) {
      throw new FormatError(
        `chunk ${index} is at file offset ${fileOffset}, but the chunk before it ends at ${fileSize}`,
      );
    }
    chunkImageOffset[index] = fileStart + fileOffset;
    fileSize = fileOffset + chunks.size[index]!;
    requireBlocks(fileStart + fileSize);
  }
  return { chunkImageOffset, end: alignUp(fileStart + fileSize, BLOCK_SIZE) };
}

/**
 * The image offset of a file's first byte; 0 for an empty file.
 * @throws FormatError when the file's chunks are not exactly the file.
 */
export function fileImageOffset(node: TocNode, chunks: ChunkTable, { chunkImageOffset }: DataArea): number {
  if (node.size === 0 && node.chunkCount === 0) return 0;
  const last = node.firstChunk + node.chunkCount - 1;
  const start = chunkImageOffset[node.firstChunk] ?? 0;
  const lastOffset = chunks.fileOffset[last] ?? 0;
  const isWhole =
    node.chunkCount > 0 &&
    last < chunks.count &&
    chunks.fileOffset[node.firstChunk] === 0 &&
    chunkImageOffset[last] === start + lastOffset &&
    lastOffset + (chunks.size[last] ?? 0) === node.size;
  if (!isWhole) {
    throw new FormatError(
      `a file of ${node.size} bytes has chunks ${node.firstChunk} to ${last}, which are not that file`,
    );
  }
  return start;
}

function requireBlocks(end: number): void {
  if (end > MAX_IMAGE_SIZE) throw new FormatError(`the layer image ends beyond ${MAX_IMAGE_SIZE} bytes`);
}
