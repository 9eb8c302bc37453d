// Figures of a layer's chunk table.
import { isHole } from '../estargz/model.ts';
import type { ChunkTable } from '../estargz/model.ts';
import type { ChunkFigures, MemberFigures, Sizes } from './inspect-model.ts';

const KIB = 1024;
// 4 KiB, 16 KiB, ... 1 GiB: nothing larger is a chunk.
const HISTOGRAM_STEPS: readonly number[] = Array.from({ length: 10 }, (_, step) => 4 * KIB * 4 ** step);

/** Sizes of chunks, decompressed. */
export function chunkFigures(table: ChunkTable): ChunkFigures {
  const counts = HISTOGRAM_STEPS.map((upTo) => ({ upTo, count: 0, bytes: 0 }));
  let holes = 0;
  for (let chunk = 0; chunk < table.count; chunk++) {
    const size = table.size[chunk]!;
    const step = counts.find(({ upTo }) => size <= upTo) ?? counts.at(-1)!;
    step.count++;
    step.bytes += size;
    if (isHole(table, chunk)) holes++;
  }
  const last = counts.findLastIndex(({ count }) => count > 0);
  const histogram = counts.slice(0, last + 1);
  return { count: table.count, holes, ...sizesOf(Float64Array.from(table.size)), histogram };
}

/** Members that hold chunks. */
export function memberFigures(table: ChunkTable): MemberFigures {
  const sizes: number[] = [];
  let held = 0;
  let max = 0;
  let inMember = 0;
  let start = -1;
  for (let chunk = 0; chunk < table.count; chunk++) {
    if (isHole(table, chunk)) continue;
    held++;
    if (table.blobOffset[chunk] !== start) {
      start = table.blobOffset[chunk]!;
      sizes.push(table.blobEnd[chunk]! - start);
      inMember = 0;
    }
    max = Math.max(max, ++inMember);
  }
  const count = sizes.length;
  const chunksPerMember = { mean: count === 0 ? 0 : held / count, max };
  return { count, ...sizesOf(Float64Array.from(sizes)), chunksPerMember };
}

function sizesOf(sizes: Float64Array): Sizes {
  sizes.sort();
  return { min: sizes[0] ?? 0, median: sizes[(sizes.length - 1) >> 1] ?? 0, max: sizes.at(-1) ?? 0 };
}
