// The file that a blob is written to: appended in order, hashed on the way, gone when it was not finished.
import { createHash } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { Digest } from '../oci/digest.ts';

/** A new file. Disposing it without `finish` deletes it. */
export class BlobFile implements AsyncDisposable {
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #hash = createHash('sha256');
  #size = 0;
  #open = true;
  #finished = false;

  private constructor(path: string, file: FileHandle) {
    this.#path = path;
    this.#file = file;
  }

  /** @throws an error of node:fs, also when the file is there already: then it is left alone. */
  static async create(path: string): Promise<BlobFile> {
    return new BlobFile(path, await open(path, 'wx', 0o644));
  }

  /** Bytes so far: where the next ones begin. */
  get size(): number {
    return this.#size;
  }

  /** Appends `bytes`, which must not change until the promise is settled. One call at a time. */
  async append(bytes: Uint8Array): Promise<void> {
    const writing = this.#write(bytes);
    this.#hash.update(bytes);
    await writing;
  }

  /** Closes the file, which stays. */
  async finish(): Promise<{ readonly digest: Digest; readonly size: number }> {
    await this.#close();
    this.#finished = true;
    return { digest: `sha256:${this.#hash.digest('hex')}`, size: this.#size };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#finished) return;
    try {
      await this.#close();
    } finally {
      await rm(this.#path, { force: true });
    }
  }

  async #write(bytes: Uint8Array): Promise<void> {
    for (let done = 0; done < bytes.length;) {
      const { bytesWritten } = await this.#file.write(bytes, done, bytes.length - done, this.#size + done);
      done += bytesWritten;
    }
    this.#size += bytes.length;
  }

  async #close(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    await this.#file.close();
  }
}
