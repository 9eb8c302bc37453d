// Compressed batches become the next bytes of the blob, and what is in them becomes entries and chunks of the TOC: only
// here is it known where in the blob a member stands.
import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { VerificationError } from '../errors.ts';
import type { Digest } from '../oci/digest.ts';
import type { Batch } from './batches.ts';
import type { BlobFile } from './blob-file.ts';
import type { CompressResult } from './compress-batch.ts';
import type { Dialect } from './dialects.ts';
import type { ChunkPlace } from './layer-stream.ts';

const DIGEST_SIZE = 32;

/** Appends the batches of one blob, in order. */
export class BatchAppender {
  readonly #blob: BlobFile;
  readonly #dialect: Dialect;
  /** Of the file whose chunks come, when it has more than one. */
  #hash: Hash | undefined;

  constructor(blob: BlobFile, dialect: Dialect) {
    this.#blob = blob;
    this.#dialect = dialect;
  }

  /** @throws VerificationError when a file is not what it was when the tar was imported. */
  async append(batch: Batch, result: CompressResult): Promise<void> {
    const { plain } = result;
    let at = 0;
    let chunk = 0;
    for (const mark of batch.marks) {
      if ('headEnd' in mark) {
        this.#dialect.addHead(plain.subarray(at, mark.headEnd));
        this.#dialect.addEntry(mark.entry);
        at = mark.headEnd;
        continue;
      }
      const start = batch.chunks[2 * chunk]!;
      if (start > at) this.#dialect.addHead(plain.subarray(at, start));
      at = start + batch.chunks[2 * chunk + 1]!;
      this.#addChunk(mark, chunk, plain.subarray(start, at), result);
      chunk++;
    }
    if (at < plain.length) this.#dialect.addHead(plain.subarray(at));
    await this.#blob.append(result.compressed);
  }

  #addChunk(place: ChunkPlace, index: number, content: Uint8Array, result: CompressResult): void {
    const { length } = content;
    const digest = digestAt(result.digests, index);
    this.#requireUnchanged(place, content, digest);
    const member = result.chunkMembers[index]!;
    const offset = this.#blob.size + (member === 0 ? 0 : result.memberEnds[member - 1]!);
    const endOffset = this.#blob.size + result.memberEnds[member]!;
    const innerOffset = result.chunkInner[index]!;
    this.#dialect.addChunk(place, { offset, endOffset, innerOffset, length, digest }, content);
  }

  // The TOC gets the file's digest from the import, and the chunks' from now: they must be of the same bytes.
  #requireUnchanged({ entry, fileOffset }: ChunkPlace, content: Uint8Array, digest: Digest): void {
    const { size } = entry.header;
    let actual: Digest | undefined = digest;
    if (content.length < size) {
      if (fileOffset === 0) this.#hash = createHash('sha256');
      this.#hash!.update(content);
      actual = fileOffset + content.length < size ? undefined : `sha256:${this.#hash!.digest('hex')}`;
    }
    if (actual === undefined || actual === entry.digest) return;
    throw new VerificationError(`the tar was changed: file at ${entry.dataStart}`, String(entry.digest), actual);
  }
}

function digestAt(digests: Uint8Array<ArrayBuffer>, index: number): Digest {
  const start = digests.byteOffset + DIGEST_SIZE * index;
  return `sha256:${Buffer.from(digests.buffer, start, DIGEST_SIZE).toString('hex')}`;
}
