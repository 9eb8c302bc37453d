// The file `blob` of a layer: its compressed bytes, which a client wants when it pushes or saves an image. They are brought
// as a whole, compared with their digest and only then given out, from a nameless file that goes when nobody reads it.
import { open, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { parseReference } from '../oci/reference.ts';
import type { RegistryClient } from '../registry/client.ts';
import type { HeldLayer } from './state.ts';

/** How long after the last read the file is kept. */
const IDLE_MS = 30_000;

interface Spool {
  readonly file: Promise<FileHandle>;
  timer: NodeJS.Timeout | undefined;
  reads: number;
}

export class Blobs {
  readonly #client: Pick<RegistryClient, 'streamBlob'>;
  readonly #folder: string;
  readonly #spools = new Map<string, Spool>();
  #names = 0;

  /** @param folder where to put the files, on a disk that has room for a layer. */
  constructor(client: Pick<RegistryClient, 'streamBlob'>, folder: string) {
    this.#client = client;
    this.#folder = folder;
  }

  /**
   * [offset, offset + size) of the blob, or less at its end. The first read waits for all of it.
   * @throws VerificationError, RegistryError, the disk's error; the next read tries again.
   */
  async read(held: HeldLayer, offset: number, size: number): Promise<Uint8Array> {
    const length = Math.max(0, Math.min(size, held.layer.size - offset));
    if (length === 0) return new Uint8Array(0);
    const spool = this.#open(held);
    spool.reads++;
    clearTimeout(spool.timer);
    try {
      return await readWhole(await spool.file, offset, length);
    } finally {
      if (--spool.reads === 0) this.#closeSoon(held.layer.digest, spool);
    }
  }

  /** Closes all files. */
  async close(): Promise<void> {
    const spools = [...this.#spools.values()];
    this.#spools.clear();
    for (const spool of spools) {
      clearTimeout(spool.timer);
      await spool.file.then((file) => file.close()).catch(() => {});
    }
  }

  #open(held: HeldLayer): Spool {
    const { digest } = held.layer;
    const known = this.#spools.get(digest);
    if (known !== undefined) return known;
    const spool: Spool = { file: this.#fetch(held), timer: undefined, reads: 0 };
    this.#spools.set(digest, spool);
    spool.file.catch(() => {
      if (this.#spools.get(digest) === spool) this.#spools.delete(digest);
    });
    return spool;
  }

  async #fetch({ reference, layer }: HeldLayer): Promise<FileHandle> {
    const path = join(this.#folder, `blob-${process.pid}-${this.#names++}`);
    const file = await open(path, 'wx+', 0o600);
    try {
      await rm(path);
      const { digest, size } = layer;
      const descriptor = { digest, size, mediaType: 'application/octet-stream' };
      let at = 0;
      for await (const piece of this.#client.streamBlob(parseReference(reference), descriptor)) {
        await file.write(piece, 0, piece.length, at);
        at += piece.length;
      }
      return file;
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  #closeSoon(digest: string, spool: Spool): void {
    if (this.#spools.get(digest) !== spool) return;
    spool.timer = setTimeout(() => {
      this.#spools.delete(digest);
      spool.file.then((file) => file.close()).catch(() => {});
    }, IDLE_MS).unref();
  }
}

async function readWhole(file: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length;) {
    const { bytesRead } = await file.read(bytes, done, length - done, offset + done);
    if (bytesRead === 0) throw new Error(`the blob ends at ${offset + done}`);
    done += bytesRead;
  }
  return bytes;
}
