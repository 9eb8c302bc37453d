// What is saved when not all of it fits, and what is known of layers when nobody has them open any more.
import assert from 'node:assert/strict';
import test from 'node:test';
import * as fc from 'fast-check';
import { HotHistory } from '../../src/layer/hot-history.ts';
import type { LayerUse } from '../../src/layer/hot-history.ts';
import { packBytes } from '../../src/layer/hot-pack.ts';
import { planPacks } from '../../src/layer/hot-plan.ts';
import { digestOf } from '../../src/oci/digest.ts';
import type { Digest } from '../../src/oci/digest.ts';

const wishOf = (tocFileBytes: number, ...sizes: number[]): { tocFileBytes: number; sizes: Uint32Array } => ({
  tocFileBytes,
  sizes: Uint32Array.from(sizes),
});
/** Bytes of a pack with a TOC of 100 bytes and no chunk. */
const EMPTY = packBytes(100, new Uint32Array());

test('everything is planned when everything fits', () => {
  assert.deepEqual(planPacks([wishOf(100, 10, 20), wishOf(100), wishOf(100, 5)], Infinity), [2, 0, 1]);
});

test('tables of contents go first, in the order of use; a layer without room for its own is out', () => {
  assert.deepEqual(planPacks([wishOf(100, 10), wishOf(100, 10)], 2 * EMPTY), [0, 0]);
  assert.deepEqual(planPacks([wishOf(100, 999), wishOf(100, 10)], 2 * EMPTY - 1), [0, undefined]);
  assert.deepEqual(planPacks([wishOf(10_000, 1), wishOf(100, 10)], EMPTY + 18), [undefined, 1]);
  assert.deepEqual(planPacks([wishOf(100)], 0), [undefined]);
});

test('layers take turns of 256 KiB, and a layer ends at its first chunk without room', () => {
  const KIB = 1024;
  const big = wishOf(100, ...Array.from({ length: 4 }, () => 512 * KIB));
  const small = wishOf(100, ...Array.from({ length: 100 }, () => 16 * KIB));
  const room = (kib: number): number => 2 * EMPTY + kib * KIB + 100 * 8;
  // 512 to the one, 256 and once more 256 to the other, and so on.
  assert.deepEqual(planPacks([big, small], room(1024)), [1, 32]);
  assert.deepEqual(planPacks([small, big], room(1024)), [32, 1]);
  assert.deepEqual(planPacks([big, small], room(1024 + 512 + 512)), [2, 64]);
  assert.deepEqual(planPacks([big, small], room(1024 + 256)), [1, 48]);
  assert.deepEqual(planPacks([big, small], Infinity), [4, 100]);
  assert.deepEqual(planPacks([wishOf(100, 10, 1000, 10), wishOf(100, 10, 10)], 2 * EMPTY + 5 * 18), [1, 2]);
});

test('the limit is never passed, and a layer is left out only when its table of contents has no room', () => {
  const wish = fc.record({
    tocFileBytes: fc.integer({ min: 50, max: 2000 }),
    sizes: fc.array(fc.integer({ min: 1, max: 500 }), { maxLength: 20 }).map((sizes) => Uint32Array.from(sizes)),
  });
  fc.assert(
    fc.property(fc.array(wish, { maxLength: 8 }), fc.nat(20_000), (wishes, limit) => {
      const counts = planPacks(wishes, limit);
      const packs = wishes.flatMap(({ tocFileBytes, sizes }, i) =>
        counts[i] === undefined ? [] : [packBytes(tocFileBytes, sizes.subarray(0, counts[i]))],
      );
      const used = packs.reduce((sum, bytes) => sum + bytes, 0);
      assert.ok(used <= limit);
      for (const [i, count] of counts.entries()) {
        const next = count === undefined ? packBytes(wishes[i]!.tocFileBytes, new Uint32Array()) : undefined;
        if (next !== undefined) assert.ok(next > limit - used);
      }
    }),
  );
});

const LAYER = digestOf(Buffer.from('layer'));
const use = (chunks: number[], facts: Partial<LayerUse> = {}): LayerUse => ({
  chunks: Uint32Array.from(chunks),
  observed: true,
  isAnonymous: false,
  ...facts,
});
const chosen = (history: HotHistory, open: readonly [Digest, LayerUse][] = []): [number[], boolean, boolean][] =>
  history.choices(new Map(open)).map(({ chunks, readsKnown, isAnonymous }) => [[...chunks], readsKnown, isAnonymous]);

test('what a layer was used for before it was closed counts, before what it is used for now', () => {
  const history = new HotHistory();
  history.noteUse(LAYER, use([3, 1]));
  history.noteUse(LAYER, use([1, 9], { isAnonymous: true }));
  assert.deepEqual(chosen(history), [[[3, 1, 9], true, true]]);
  assert.deepEqual(chosen(history, [[LAYER, use([4, 9])]]), [[[3, 1, 9, 4], true, true]]);
});

test('a layer that was only loaded is not saved', () => {
  const history = new HotHistory();
  history.noteRestored(LAYER, { chunks: Uint32Array.of(1), readsKnown: true, bytes: 0 });
  assert.deepEqual(chosen(history), []);
});

test('a layer that nobody read keeps what an earlier job read; one that was read keeps only that', () => {
  const history = new HotHistory();
  assert.deepEqual(chosen(history, [[LAYER, use([])]]), [[[], false, false]]);
  history.noteRestored(LAYER, { chunks: Uint32Array.of(5, 2), readsKnown: true, bytes: 0 });
  assert.equal(history.readsKnown(LAYER), true);
  assert.deepEqual(chosen(history, [[LAYER, use([])]]), [[[5, 2], true, false]]);
  assert.deepEqual(chosen(history, [[LAYER, use([8])]]), [[[8], true, false]]);
});

test('reads that were not seen may be those of the earlier job', () => {
  const history = new HotHistory();
  history.noteRestored(LAYER, { chunks: Uint32Array.of(5, 2), readsKnown: true, bytes: 0 });
  assert.deepEqual(chosen(history, [[LAYER, use([2, 8], { observed: false })]]), [[[2, 8, 5], true, false]]);
});

test('a layer that was built anew has no history', () => {
  const history = new HotHistory();
  history.noteUse(LAYER, use([1]));
  history.noteRestored(LAYER, { chunks: Uint32Array.of(1), readsKnown: true, bytes: 0 });
  history.forget(LAYER);
  assert.deepEqual(chosen(history), []);
  assert.equal(history.readsKnown(LAYER), false);
});

test('the history is bounded: the layers used first are forgotten first', () => {
  const history = new HotHistory();
  const digests = Array.from({ length: 1030 }, (_, i) => digestOf(Buffer.from(`${i}`)));
  for (const digest of digests) history.noteUse(digest, use([1]));
  const kept = history.choices(new Map()).map(({ digest }) => digest);
  assert.deepEqual(kept, digests.slice(6));
  const big = use([...new Uint32Array(1024 * 1024).keys()]);
  for (const digest of digests.slice(0, 5)) history.noteUse(digest, big);
  assert.deepEqual(
    history.choices(new Map()).map(({ digest }) => digest),
    digests.slice(1, 5),
  );
});
