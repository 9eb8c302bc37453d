// A part of an open file that is a blob: all of a file in a layout folder, or an entry of an archive that is read where
// it lies.
import type { FileHandle } from 'node:fs/promises';
import { FormatError } from '../errors.ts';
import type { Digest } from '../oci/digest.ts';
import { StreamedBlob } from './streamed-blob.ts';

const PIECE_BYTES = 1 << 20;

/** Bytes [start, start + size) of a file. Disposing it closes what was opened for it. */
export interface FileRange extends AsyncDisposable {
  readonly handle: FileHandle;
  readonly start: number;
  readonly size: number;
}

/** The bytes [from, to) of the range, in pieces that belong to the consumer. @throws FormatError when the file is shorter. */
export async function* streamFileRange(
  range: FileRange,
  from: number,
  to: number,
  signal?: AbortSignal,
): AsyncGenerator<Buffer> {
  for (let at = from; at < to;) {
    signal?.throwIfAborted();
    const piece = Buffer.allocUnsafeSlow(Math.min(PIECE_BYTES, to - at));
    const { bytesRead } = await range.handle.read(piece, 0, piece.length, range.start + at);
    if (bytesRead === 0) throw new FormatError('the file ends before the blob does', { offset: range.start + at });
    at += bytesRead;
    yield piece.subarray(0, bytesRead);
  }
}

/** A blob in a file, to be read in ranges. `locate` is called for every read. Not verified. */
export class FileBlob extends StreamedBlob {
  constructor(digest: Digest, size: number, locate: () => Promise<FileRange>) {
    super({ digest, size }, async function* (start, end, signal) {
      await using range = await locate();
      if (range.size !== size) throw wrongSize(digest, range.size, size);
      yield* streamFileRange(range, start, end, signal);
    });
  }
}

/** The error for a blob's file that is of another length than the descriptor says. */
export function wrongSize(digest: Digest, actual: number, expected: number): FormatError {
  return new FormatError(`${digest} has ${actual} bytes, its descriptor says ${expected}`);
}
