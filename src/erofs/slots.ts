// Gives inodes their places. Most may stand anywhere; one with inline bytes must not cross a block boundary. What is
// skipped for those is a hole, which later inodes fill.
import { alignUp, BLOCK_SIZE, SLOT_SIZE } from './abi.ts';

/** Hands out image offsets, multiples of 32. */
export class SlotAllocator {
  #end: number;
  /** The largest hole that is left, within one block. */
  #hole = { start: 0, end: 0 };

  /** The first inode stands at `start` or right after it. */
  constructor(start: number) {
    this.#end = alignUp(start, SLOT_SIZE);
  }

  /** The end of all that was placed. */
  get end(): number {
    return this.#end;
  }

  /** The place of an inode of `size` bytes, all in one block when `unbroken` (then 4096 at most). */
  place(size: number, unbroken: boolean): number {
    const slots = alignUp(size, SLOT_SIZE);
    if (this.#hole.end - this.#hole.start >= slots) {
      const at = this.#hole.start;
      this.#hole.start += slots;
      return at;
    }
    const next = alignUp(this.#end, BLOCK_SIZE);
    const at = unbroken && this.#end + size > next ? this.#skipTo(next) : this.#end;
    this.#end = at + slots;
    return at;
  }

  #skipTo(next: number): number {
    if (next - this.#end > this.#hole.end - this.#hole.start) this.#hole = { start: this.#end, end: next };
    return next;
  }
}
