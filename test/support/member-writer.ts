// The payload of a blob for tests: gzip members or zstd frames, and where they begin.
import { gzipSync, zstdCompressSync } from 'node:zlib';

export interface MemberOptions {
  readonly isZstd: boolean;
  /** A member is closed only when it has this many compressed bytes; 0 unless told. */
  readonly minChunkSize?: number;
  readonly compressionLevel?: number;
}

/** Compresses members one after the other and knows where they begin. */
export class MemberWriter {
  readonly #closed: Buffer[] = [];
  readonly #plain: Buffer[] = [];
  readonly #isZstd: boolean;
  readonly #minChunkSize: number;
  readonly #level: number;
  #open: Buffer[] = [];
  #openSize = 0;
  #offset = 0;

  constructor(options: MemberOptions) {
    this.#minChunkSize = options.minChunkSize ?? 0;
    this.#level = options.compressionLevel ?? 6;
    this.#isZstd = options.isZstd;
  }

  /** What was written. */
  plain(): Buffer {
    return Buffer.concat(this.#plain);
  }

  write(bytes: Buffer): void {
    this.#open.push(bytes);
    this.#plain.push(bytes);
    this.#openSize += bytes.length;
  }

  /** Where the next byte will stand; begins a new member when the rules say so. */
  place(alwaysOwnMember: boolean): { offset: number; innerOffset: number } {
    if (alwaysOwnMember || this.#isFull()) this.#close();
    return { offset: this.#offset, innerOffset: this.#openSize };
  }

  finish(): Buffer {
    this.#close();
    return Buffer.concat(this.#closed);
  }

  #isFull(): boolean {
    if (this.#minChunkSize === 0) return true;
    return this.#openSize >= this.#minChunkSize && this.#compress().length >= this.#minChunkSize;
  }

  #compress(): Buffer {
    const plain = Buffer.concat(this.#open);
    return this.#isZstd ? zstdCompressSync(plain) : gzipSync(plain, { level: this.#level });
  }

  #close(): void {
    if (this.#openSize === 0) return;
    const member = this.#compress();
    this.#closed.push(member);
    this.#offset += member.length;
    this.#open = [];
    this.#openSize = 0;
  }
}
