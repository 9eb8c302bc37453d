// Which chunks of a layer were read, also those that were there before anybody asked. FUSE workers set bits in shared
// memory, which has no order; the main thread looks at them now and then and at what faulted, and so knows one that is
// right to a few seconds, and to the read for faults. The kernel reads ahead, which counts as read: user space can't tell.
import { emptyBitmap } from './presence.ts';

export class UsedChunks {
  /** For FUSE workers: bit i%32 of word i/32 says that chunk i was read. On a SharedArrayBuffer. */
  readonly bitmap: Int32Array;
  readonly #seen: Int32Array;
  #order = new Uint32Array(256);
  #count = 0;
  #faults = 0;

  constructor(chunkCount: number) {
    this.bitmap = emptyBitmap(chunkCount);
    this.#seen = emptyBitmap(chunkCount);
  }

  /** Takes in what was read since the last time. `faulted` are all chunks that ever faulted, in their order. */
  sample(faulted: Uint32Array): void {
    for (; this.#faults < faulted.length; this.#faults++) this.#add(faulted[this.#faults]!);
    for (let word = 0; word < this.bitmap.length; word++) {
      let fresh = Atomics.load(this.bitmap, word) & ~this.#seen[word]!;
      while (fresh !== 0) {
        const bit = 31 - Math.clz32(fresh & -fresh);
        this.#add(word * 32 + bit);
        fresh &= fresh - 1;
      }
    }
  }

  /** The chunks that samples found, in the order of their first use. */
  order(): Uint32Array {
    return this.#order.slice(0, this.#count);
  }

  #add(chunk: number): void {
    const bit = 1 << (chunk & 31);
    if ((this.#seen[chunk >>> 5]! & bit) !== 0) return;
    this.#seen[chunk >>> 5]! |= bit;
    if (this.#count === this.#order.length) {
      const grown = new Uint32Array(this.#count * 2);
      grown.set(this.#order);
      this.#order = grown;
    }
    this.#order[this.#count++] = chunk;
  }
}
