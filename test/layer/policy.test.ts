import assert from 'node:assert/strict';
import test from 'node:test';
import * as fc from 'fast-check';
import type { ChunkTable } from '../../src/estargz/model.ts';
import { compressedBound, memberOf, membersOf } from '../../src/layer/members.ts';
import { FaultHistory } from '../../src/layer/fault-history.ts';
import {
  batchesOf,
  chunksBetween,
  lastChunkBeside,
  planDemand,
  planSpan,
  splitDemand,
  neighbourFactor,
  widenSmall,
} from '../../src/layer/policy.ts';
import { emptyBitmap, setChunk } from '../../src/layer/presence.ts';
import { ReadAhead } from '../../src/layer/read-ahead.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

/** Members of the given compressed sizes, one after the other, of one chunk each. */
function tableOf(sizes: readonly number[], gap = 0): ChunkTable {
  const starts = sizes.map((_, i) => sizes.slice(0, i).reduce((sum, size) => sum + size + gap, 0));
  return {
    count: sizes.length,
    compression: 'gzip',
    blobOffset: Float64Array.from(starts),
    blobEnd: Float64Array.from(sizes.map((size, i) => starts[i]! + size)),
    innerOffset: new Float64Array(sizes.length),
    fileOffset: new Float64Array(sizes.length),
    size: Uint32Array.from(sizes),
    digest: new Uint8Array(32 * sizes.length),
  };
}

const always = (): boolean => true;
const spanAt = (table: ChunkTable, chunk: number): ReturnType<typeof planDemand>[number] =>
  planDemand(table, [memberOf(table, chunk)], always)[0]!;
const rangesOf = (spans: readonly { blobStart: number; blobEnd: number }[]): number[][] =>
  spans.map(({ blobStart, blobEnd }) => [blobStart, blobEnd]);

test('neighbours become one range, and far ones two', () => {
  const table = tableOf([100, 100, 100, 50 * KIB, 100]);
  assert.deepEqual(rangesOf(planDemand(table, membersOf(table, [0, 1]), always)), [[0, 200]]);
  assert.deepEqual(rangesOf(planDemand(table, membersOf(table, [0, 2]), always)), [[0, 300]]);
  const far = planDemand(table, membersOf(table, [2, 4]), always);
  assert.deepEqual(rangesOf(far), [[200, 300], [300 + 50 * KIB, 400 + 50 * KIB]]); // prettier-ignore
});

test('a hole that is bridged brings its members along, and one that is under way is not bridged', () => {
  const table = tableOf([100, 100, 100]);
  const wanted = membersOf(table, [0, 2]);
  assert.equal(planDemand(table, wanted, always)[0]?.members.length, 3);
  const spans = planDemand(table, wanted, (member) => member.first !== 1);
  assert.deepEqual(rangesOf(spans), [[0, 100], [200, 300]]); // prettier-ignore
});

test('chunks of one member are one member, and the range ends where its bytes can no longer be of use', () => {
  const table = tableOf([10 * MIB, 100]);
  table.size[0] = 1000;
  assert.equal(memberOf(table, 0).blobEnd, compressedBound(1000));
  const shared = tableOf([100, 100, 100]);
  shared.blobOffset[2] = shared.blobOffset[1]!;
  shared.blobEnd[1] = shared.blobEnd[2]!;
  shared.innerOffset[2] = 100;
  assert.deepEqual(memberOf(shared, 2), { first: 1, end: 3, blobStart: 100, blobEnd: 300, needed: 200 });
  assert.equal(membersOf(shared, [0, 1, 2]).length, 2);
});

test('a span takes missing members in order until its size, and stops at a hole', () => {
  const table = tableOf([100, 100, 100, 100, 100]);
  const bitmap = emptyBitmap(5);
  setChunk(bitmap, 0);
  setChunk(bitmap, 3);
  const limits = { fromChunk: 0, endChunk: 5, maxBytes: 10_000, gapBytes: 0 };
  const plan = (change: Partial<typeof limits>): number[][] =>
    rangesOf([planSpan(table, bitmap, { ...limits, ...change }, always)].flatMap((span) => span ?? []));
  assert.deepEqual(plan({}), [[100, 300]]);
  assert.deepEqual(plan({ gapBytes: 100 }), [[100, 500]]);
  assert.deepEqual(plan({ maxBytes: 100 }), [[100, 200]]);
  assert.deepEqual(plan({ maxBytes: 1 }), [[100, 200]]);
  assert.deepEqual(plan({ endChunk: 1 }), []);
  assert.deepEqual(chunksBetween(table, 100, 350), { from: 1, end: 4 });
});

test('parts of a range cover it exactly, and small ranges stay whole', () => {
  fc.assert(
    fc.property(fc.nat(1e12), fc.integer({ min: 1, max: 1e8 }), (start, length) => {
      const parts = splitDemand(start, start + length);
      assert.equal(parts[0]!.start, start);
      assert.equal(parts.at(-1)!.end, start + length);
      for (const [i, part] of parts.slice(1).entries()) assert.equal(part.start, parts[i]!.end);
      assert.ok(parts.length <= 4 && (parts.length === 1 || length >= 512 * KIB));
    }),
  );
});

test('batches hold all members in order, and more than one only when they are small', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 400 * KIB }), { minLength: 1, maxLength: 50 }), (sizes) => {
      const table = tableOf(sizes, 10);
      const members = membersOf(table, [...sizes.keys()]);
      const batches = batchesOf(members);
      assert.deepEqual(
        batches.flatMap((batch) => batch.members),
        members,
      );
      for (const { members, blobStart, blobEnd } of batches)
        assert.ok(members.length === 1 || blobEnd - blobStart <= 256 * KIB);
    }),
  );
});

test('read-ahead begins at the second fault in order, doubles, and never goes over the payload', () => {
  const ahead = new ReadAhead(5 * MIB);
  assert.equal(ahead.note(0, 100), undefined);
  assert.deepEqual(ahead.note(100, 200), { start: 200, end: 200 + MIB });
  assert.equal(ahead.note(300, 400), undefined, 'most of the window is still ahead');
  assert.deepEqual(ahead.note(200 + MIB, 300 + MIB), { start: 300 + MIB, end: 300 + 3 * MIB });
  assert.deepEqual(ahead.note(300 + 3 * MIB, 400 + 3 * MIB), { start: 400 + 3 * MIB, end: 5 * MIB });
  assert.equal(ahead.note(5 * MIB - 10, 5 * MIB), undefined);
});

test('faults here and there are no readers in order', () => {
  const ahead = new ReadAhead(100 * MIB);
  for (const at of [50, 10, 70, 30, 90, 20].map((at) => at * MIB)) assert.equal(ahead.note(at, at + 100), undefined);
});

test('many faults in a short time are a wave, and as many in a long time are not', () => {
  for (const [everyMs, wave] of [
    [10, true],
    [100, false],
  ] as const) {
    const history = new FaultHistory(1000);
    for (let i = 0; i < 64; i++) {
      assert.equal(history.isWave(0, 1e9), false);
      history.note([i], i * everyMs);
    }
    assert.equal(history.isWave(0, 1e9), wave);
  }
});

test('half of a large payload is a wave, and of a small one is not', () => {
  const history = new FaultHistory(10);
  assert.equal(history.isWave(50 * MIB, 100 * MIB), true);
  assert.equal(history.isWave(49 * MIB, 100 * MIB), false);
  assert.equal(history.isWave(100, 200), false);
});

test('a small member comes with its neighbours, 16 KiB before and 48 KiB after it', () => {
  const table = tableOf([10 * KIB, 10 * KIB, 4 * KIB, 30 * KIB, 15 * KIB, 15 * KIB]);
  const { blobStart, blobEnd, members } = widenSmall(table, spanAt(table, 2), always);
  assert.deepEqual([blobStart, blobEnd], [10 * KIB, 69 * KIB]);
  assert.deepEqual(members.map(({ first }) => first), [1, 2, 3, 4]); // prettier-ignore
});

test('the neighbourhood doubles with every four faults, up to eight times its size', () => {
  const faults = [0, 3, 4, 7, 8, 11, 12, 64];
  assert.deepEqual(faults.map(neighbourFactor), [1, 1, 2, 2, 4, 4, 8, 8]);
  const table = tableOf([20 * KIB, 10 * KIB, 4 * KIB, 40 * KIB, 50 * KIB, 10 * KIB]);
  const spanWith = (factor: number): number[] =>
    widenSmall(table, spanAt(table, 2), always, factor).members.map(({ first }) => first);
  assert.deepEqual(spanWith(1), [1, 2, 3]);
  assert.deepEqual(spanWith(2), [0, 1, 2, 3, 4]);
});

test('only the faults of the last four seconds are recent ones', () => {
  const history = new FaultHistory(10);
  assert.equal(history.recent(0), 0);
  for (const atMs of [0, 1000, 3000]) history.note([1], atMs);
  assert.deepEqual([3000, 4000, 4001, 5001, 7001].map((nowMs) => history.recent(nowMs)), [3, 3, 2, 1, 0]); // prettier-ignore
});

test('a large member comes alone, and a neighbour that is there or on its way ends the widening', () => {
  const table = tableOf([4 * KIB, 70 * KIB, 4 * KIB, 4 * KIB, 4 * KIB]);
  assert.deepEqual(widenSmall(table, spanAt(table, 1), always).members.length, 1);
  const taken = widenSmall(table, spanAt(table, 2), ({ first }) => first !== 3 && first !== 1);
  assert.deepEqual(taken.members.map(({ first }) => first), [2]); // prettier-ignore
});

test('the first chunk of a file of several brings the last; no other chunk does', () => {
  const table = tableOf([100, 100, 100, 100, 100]);
  table.fileOffset.set([0, 0, 100, 200, 0]);
  assert.deepEqual([0, 1, 2, 3, 4].map((chunk) => lastChunkBeside(table, chunk)), [undefined, 3, undefined, undefined, undefined]); // prettier-ignore
});
