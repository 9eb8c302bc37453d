// Which chunks of which layers go into hot packs when not all of them fit: tables of contents first, since each saves a
// request on the critical path of a pull; then layers take turns, and in each turn a layer gives what it was asked for
// first of what it has left. Pure functions.
import { packBytes, packHeaderBytes } from './hot-pack.ts';

/** What a layer would like to save. */
export interface PackWish {
  readonly tocFileBytes: number;
  /** Decompressed sizes of the chunks, in the order of their first use. */
  readonly sizes: Uint32Array;
}

/** What a layer gives in a turn: of a few big chunks of one and many small ones of another, both should have their share. */
const TURN_BYTES = 256 * 1024;
/** A chunk in a pack: index 4 + size 4 + its bytes. */
const BYTES_PER_CHUNK = packHeaderBytes(1) - packHeaderBytes(0);

/**
 * How many chunks of each wish, from the first on, can be saved so that all packs together take at most `limitBytes`;
 * undefined for a layer that has no room at all. A layer stops at its first chunk that does not fit: an order with holes
 * would be one in which nobody read.
 */
export function planPacks(wishes: readonly PackWish[], limitBytes: number): (number | undefined)[] {
  let left = limitBytes;
  const counts = wishes.map(({ tocFileBytes }): number | undefined => {
    const bytes = packBytes(tocFileBytes, new Uint32Array());
    if (bytes > left) return undefined;
    left -= bytes;
    return 0;
  });
  const taken = wishes.map(() => 0);
  const takesTurn = (i: number, turn: number): boolean => {
    while (taken[i]! < turn * TURN_BYTES) {
      const size = wishes[i]!.sizes[counts[i]!];
      if (size === undefined || size + BYTES_PER_CHUNK > left) return false;
      const bytes = size + BYTES_PER_CHUNK;
      left -= bytes;
      taken[i]! += bytes;
      counts[i]!++;
    }
    return true;
  };
  let open = counts.flatMap((count, i) => (count === undefined ? [] : [i]));
  for (let turn = 1; open.length > 0; turn++) open = open.filter((i) => takesTurn(i, turn));
  return counts;
}
