// Which chunks of a layer were read, also those that were there before anybody asked, in the order of their first read.
// FUSE workers write it down in shared memory when they take a read from the kernel, before they know whether it has to
// wait. The kernel reads ahead, and that counts as read: user space can't tell it apart.
import { emptyBitmap } from './presence.ts';

/** What readers leave behind. All of it on SharedArrayBuffers: written by FUSE workers, read by the main thread. */
export interface ChunkUse {
  /** Bit i%32 of word i/32 says that chunk i was read. */
  readonly bitmap: Int32Array;
  /** Word 0 counts the chunks that were read; from word 1 on stands 1 + chunk for each, in order; 0 is not written yet. */
  readonly order: Int32Array;
  /** When the first of them was read, in milliseconds since the epoch. */
  readonly firstReadMs: Float64Array;
}

/** Memory for the uses of `count` chunks. What is never written takes no space: the kernel gives its pages when they are. */
export function emptyUse(count: number): ChunkUse {
  return {
    bitmap: emptyBitmap(count),
    order: new Int32Array(new SharedArrayBuffer((1 + count) * Int32Array.BYTES_PER_ELEMENT)),
    firstReadMs: new Float64Array(new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT)),
  };
}

/**
 * Notes that chunk `index` is read, on any thread. Once it is noted this is one load: an atomic write would take the
 * cache line from the other workers at every read.
 */
export function noteUse({ bitmap, order, firstReadMs }: ChunkUse, index: number): void {
  const bit = 1 << (index & 31);
  if ((Atomics.load(bitmap, index >>> 5) & bit) !== 0) return;
  if ((Atomics.or(bitmap, index >>> 5, bit) & bit) !== 0) return;
  const place = 1 + Atomics.add(order, 0, 1);
  if (place === 1) firstReadMs[0] = Date.now();
  Atomics.store(order, place, 1 + index);
}

/** The main thread's view of the uses of one layer. */
export class UsedChunks {
  readonly use: ChunkUse;
  readonly #size: Uint32Array;
  #chunks = 0;
  #bytes = 0;

  /** @param size bytes of each chunk, decompressed */
  constructor(size: Uint32Array) {
    this.#size = size;
    this.use = emptyUse(size.length);
  }

  /** How many chunks were read, and their decompressed bytes. */
  count(): { chunks: number; bytes: number } {
    // A worker takes a place first and fills it then: what stands behind an empty one is counted the next time.
    for (let noted = this.#at(this.#chunks); noted !== undefined; noted = this.#at(this.#chunks)) {
      this.#chunks++;
      this.#bytes += this.#size[noted]!;
    }
    return { chunks: this.#chunks, bytes: this.#bytes };
  }

  /** The chunks in the order of their first read. */
  order(): Uint32Array {
    const { chunks } = this.count();
    return Uint32Array.from({ length: chunks }, (_, place) => this.#at(place)!);
  }

  /** When the first chunk was read, in milliseconds since the epoch; undefined before. */
  get firstReadMs(): number | undefined {
    return this.#at(0) === undefined ? undefined : this.use.firstReadMs[0];
  }

  #at(place: number): number | undefined {
    if (place >= this.#size.length) return undefined;
    const noted = Atomics.load(this.use.order, 1 + place);
    return noted === 0 ? undefined : noted - 1;
  }
}
