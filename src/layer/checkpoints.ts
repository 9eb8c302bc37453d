// Checkpoints of one layer: what outlives a reboot. The image is synced first, then the bitmap is written: a bit of it never
// says more than the disk has.
import { fdatasync } from 'node:fs';
import { promisify } from 'node:util';
import { writePresent } from './layer-files.ts';
import type { LayerRecord } from './record.ts';

const fdatasyncAsync = promisify(fdatasync);

export interface CheckpointParts {
  /** The layer's folder. */
  readonly dir: string;
  readonly record: LayerRecord;
  /** Of the layer image. */
  readonly fd: number;
  readonly bitmap: Int32Array;
}

export class Checkpoints {
  readonly #parts: CheckpointParts;
  readonly #storedChunks: () => number;
  // -1: there is no checkpoint yet, so even an empty one is worth writing.
  #writtenChunks = -1;
  #diskFailed = false;
  #writing: Promise<void> = Promise.resolve();

  /** `storedChunks` gives how many chunks were stored since the layer was opened. */
  constructor(parts: CheckpointParts, storedChunks: () => number) {
    this.#parts = parts;
    this.#storedChunks = storedChunks;
  }

  /** One after the other; does nothing when nothing is new. @throws as Layer.checkpoint does. */
  write(): Promise<void> {
    const run = (): Promise<void> => this.#write();
    this.#writing = this.#writing.then(run, run);
    return this.#writing;
  }

  async #write(): Promise<void> {
    const { dir, record, fd, bitmap } = this.#parts;
    const storedChunks = this.#storedChunks();
    if (this.#diskFailed || storedChunks === this.#writtenChunks) return;
    const copy = bitmap.map((_, i) => Atomics.load(bitmap, i));
    try {
      await fdatasyncAsync(fd);
    } catch (error) {
      this.#diskFailed = true;
      throw error;
    }
    await writePresent(dir, record, copy);
    this.#writtenChunks = storedChunks;
  }
}
