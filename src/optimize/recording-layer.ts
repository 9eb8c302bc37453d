// One layer of a recording: a sparse layer image whose data is copied from the layer's tar when it is first asked for,
// and that always says of its data that it is missing, so that every read comes by.
import { closeSync, ftruncateSync, openSync, readFileSync, readSync, statSync, writeSync } from 'node:fs';
import { layoutLayer } from '../erofs/layout.ts';
import { FormatError } from '../errors.ts';
import type { ChunkTable } from '../estargz/model.ts';
import { parseToc } from '../estargz/parse-toc.ts';
import type { ImageFile } from '../fuse/image-file.ts';
import { emptyBitmap, firstChunkEndingAfter, type ChunkPresence } from '../layer/presence.ts';
import type { RecordLayer } from './record-job.ts';

const COPY_BYTES = 1 << 20;

/** A part of one file that was read: [start, end) of the file whose payload begins at `tarOffset` of the tar. */
export interface FileRead {
  readonly tarOffset: number;
  readonly start: number;
  readonly end: number;
}

/** A layer image that is filled from a tar. Disposing it closes its descriptors; the file is the folder's. */
export class RecordingLayer implements Disposable {
  readonly file: ImageFile;
  readonly #tarFd: number;
  readonly #imageFd: number;
  readonly #chunks: ChunkTable;
  readonly #presence: ChunkPresence;
  readonly #buffer = Buffer.allocUnsafeSlow(COPY_BYTES);

  /**
   * Lays the layer out and writes its metadata to `imagePath`. Blocks.
   * @throws FormatError when the layer can't be a filesystem.
   */
  constructor(layer: RecordLayer, imagePath: string, nodeId: number) {
    const toc = parseToc(readFileSync(layer.tocPath), { payloadEnd: statSync(layer.tarPath).size });
    // The uuid names nothing here: the image lives as long as the recording.
    const layout = layoutLayer(toc, { uuid: new Uint8Array(16), opaqueXattr: 'trusted' });
    this.#chunks = toc.chunks;
    this.#presence = {
      count: toc.chunks.count,
      imageOffset: layout.chunkImageOffset,
      size: toc.chunks.size,
      bitmap: emptyBitmap(toc.chunks.count),
    };
    this.#tarFd = openSync(layer.tarPath, 'r');
    this.#imageFd = openSync(imagePath, 'wx+', 0o600);
    ftruncateSync(this.#imageFd, layout.imageSize);
    writeWhole(this.#imageFd, layout.metadata, 0);
    const name = `layer-${nodeId}`;
    this.file = { nodeId, name, size: layout.imageSize, fd: this.#imageFd, presence: this.#presence };
  }

  /**
   * Copies what [imageOffset, imageOffset + length) of the layer image has of files from the tar. Blocks.
   * @returns the parts of files that it has, which is one but for reads over the end of a file.
   */
  fill(imageOffset: number, length: number): FileRead[] {
    const reads: FileRead[] = [];
    const end = imageOffset + length;
    const { count, imageOffset: offsets, size } = this.#presence;
    for (let chunk = firstChunkEndingAfter(this.#presence, imageOffset); chunk < count; chunk++) {
      const chunkStart = offsets[chunk]!;
      if (chunkStart >= end) break;
      const from = Math.max(imageOffset, chunkStart);
      const until = Math.min(end, chunkStart + size[chunk]!);
      const tarOffset = this.#chunks.blobOffset[chunk]!;
      const fileOffset = this.#chunks.fileOffset[chunk]!;
      this.#copy(tarOffset + from - chunkStart, from, until - from);
      const start = fileOffset + from - chunkStart;
      reads.push({ tarOffset: tarOffset - fileOffset, start, end: start + until - from });
    }
    return reads;
  }

  [Symbol.dispose](): void {
    closeSync(this.#tarFd);
    closeSync(this.#imageFd);
  }

  #copy(tarOffset: number, imageOffset: number, length: number): void {
    for (let done = 0; done < length;) {
      const wanted = Math.min(this.#buffer.length, length - done);
      const got = readSync(this.#tarFd, this.#buffer, 0, wanted, tarOffset + done);
      if (got === 0) throw new FormatError('the tar of a layer ends inside a file', { offset: tarOffset + done });
      writeWhole(this.#imageFd, this.#buffer.subarray(0, got), imageOffset + done);
      done += got;
    }
  }
}

function writeWhole(fd: number, bytes: Uint8Array, offset: number): void {
  for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at, bytes.length - at, offset + at);
}
