// A RemoteBlob over a buffer, with the faults of a registry as knobs, and a record of what was asked for.
import { setTimeout as sleep } from 'node:timers/promises';
import { LazypullError } from '../../src/errors.ts';
import { digestOf } from '../../src/oci/digest.ts';
import type { Digest } from '../../src/oci/digest.ts';
import type { BlobTail, RemoteBlob } from '../../src/registry/blob.ts';

export interface BlobKnobs {
  /** Before each answer. */
  latencyMs?: number;
  /** Pieces of streams. */
  pieceSize?: number;
  /** Between pieces of streams. */
  pieceMs?: number;
  /** Changes bytes of the blob on their way out; `request` counts from 0. */
  tamper?: (bytes: Uint8Array, start: number, request: number) => void;
  /** Throws when an answer may not be given. */
  fail?: (start: number, end: number) => void;
  /** Streams end after so many bytes, as if the registry said nothing was wrong. */
  cutStreamsAfter?: number;
}

export class BufferBlob implements RemoteBlob {
  readonly digest: Digest;
  readonly size: number;
  readonly knobs: BlobKnobs;
  /** Ranges as they were asked for, without the tail. */
  readonly asked: { start: number; end: number; stream: boolean }[] = [];
  /** Ranges of bytes that were handed out, without the tail. */
  readonly delivered: { start: number; end: number }[] = [];
  tails = 0;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer, knobs: BlobKnobs = {}, digest: Digest = digestOf(bytes)) {
    this.#bytes = bytes;
    this.knobs = knobs;
    this.digest = digest;
    this.size = bytes.length;
  }

  get deliveredBytes(): number {
    return this.delivered.reduce((sum, { start, end }) => sum + end - start, 0);
  }

  /** Bytes that were handed out more than once. */
  get repeatedBytes(): number {
    let [end, repeated] = [0, 0];
    for (const range of this.delivered.toSorted((a, b) => a.start - b.start)) {
      repeated += Math.max(0, Math.min(end, range.end) - range.start);
      end = Math.max(end, range.end);
    }
    return repeated;
  }

  async readTail(length: number, signal?: AbortSignal): Promise<BlobTail> {
    this.tails++;
    await this.#latency(signal);
    const start = Math.max(0, this.size - length);
    return { bytes: this.#take(start, this.size), blobSize: this.size };
  }

  async readRange(start: number, end: number, signal?: AbortSignal): Promise<Uint8Array> {
    const request = this.asked.push({ start, end, stream: false }) - 1;
    await this.#latency(signal);
    this.knobs.fail?.(start, end);
    const bytes = this.#take(start, end);
    this.knobs.tamper?.(bytes, start, request);
    this.delivered.push({ start, end });
    return bytes;
  }

  async *streamRange(start: number, end: number, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
    const request = this.asked.push({ start, end, stream: true }) - 1;
    const { pieceSize = 64 * 1024, pieceMs, cutStreamsAfter = Infinity } = this.knobs;
    await this.#latency(signal);
    for (let at = start; at < Math.min(end, start + cutStreamsAfter); at += pieceSize) {
      if (pieceMs !== undefined) await sleep(pieceMs, undefined, { signal });
      signal?.throwIfAborted();
      const pieceEnd = Math.min(end, at + pieceSize);
      this.knobs.fail?.(at, pieceEnd);
      const bytes = this.#take(at, pieceEnd);
      this.knobs.tamper?.(bytes, at, request);
      this.delivered.push({ start: at, end: pieceEnd });
      yield bytes;
    }
  }

  #take(start: number, end: number): Uint8Array {
    if (start < 0 || end > this.size || start >= end) {
      throw new LazypullError('INVALID_ARGUMENT', `range [${start}, ${end}) of a blob of ${this.size}`);
    }
    return new Uint8Array(this.#bytes.subarray(start, end));
  }

  async #latency(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    const { latencyMs } = this.knobs;
    if (latencyMs !== undefined) await sleep(latencyMs, undefined, { signal });
  }
}
