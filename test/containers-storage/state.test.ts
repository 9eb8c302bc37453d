// What one serving process writes down, the next one reads.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, suite, test } from 'node:test';
import { StoreState } from '../../src/containers-storage/state.ts';
import { heldLayer, sha } from '../support/stored-layers.ts';

suite('the state of the layer store', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lazypull-state-'));
    path = join(folder, 'state.json');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const numbersOf = (state: StoreState): (number | undefined)[] =>
    [{ reference: 'a' }, { reference: 'a', tocDigest: sha('toc of x') }].map((place) => state.lookupNumber(place));

  test('a place has one number, which the next process of the same mount knows and the next mount may give anew', async () => {
    const first = StoreState.open(path, false);
    const number = await first.number({ reference: 'a' });
    assert.equal(await first.number({ reference: 'a' }), number);
    const other = await first.number({ reference: 'a', tocDigest: sha('toc of x') });
    assert.notEqual(other, number);
    assert.deepEqual(first.place(other), { reference: 'a', tocDigest: sha('toc of x') });

    const next = StoreState.open(path, true);
    assert.deepEqual(numbersOf(next), [number, other]);
    assert.notEqual(await next.number({ reference: 'b' }), other);
    assert.deepEqual(numbersOf(StoreState.open(path, false)), [undefined, undefined]);
  });

  test('what is used outlives every restart; what was only looked up outlives the process, not the mount', async () => {
    const first = StoreState.open(path, false);
    const [used, seen] = [heldLayer('a', 'x', 1), heldLayer('a', 'y', 0)];
    await first.hold(used);
    await first.hold(seen);
    await first.count(used, 1, 7n);
    const tocs = (state: StoreState): string[] => state.held().map(({ tocDigest }) => tocDigest);
    assert.deepEqual(tocs(StoreState.open(path, true)), [seen.tocDigest, used.tocDigest]);
    const fresh = StoreState.open(path, false);
    assert.deepEqual(fresh.held(), [{ ...used, uses: 1 }]);
    assert.ok(numbersOf(fresh).every((number) => number !== undefined));
  });

  test('uses add up, and the last one ends the hold', async () => {
    const state = StoreState.open(path, false);
    const held = heldLayer('a', 'x');
    await state.hold(held);
    await state.count(held, 1, 1n);
    await state.count(held, 1, 2n);
    await state.count(held, -1, 3n);
    assert.equal(state.lookup('a', held.tocDigest)?.uses, 1);
    await state.count(held, -1, 4n);
    assert.equal(state.lookup('a', held.tocDigest), undefined);
    assert.deepEqual(StoreState.open(path, true).held(), []);
  });

  test('there are never fewer than no uses', async () => {
    const state = StoreState.open(path, false);
    const held = heldLayer('a', 'x');
    await state.hold(held);
    await state.count(held, -1, 1n);
    assert.equal(held.uses, 0);
    assert.equal(state.lookup('a', held.tocDigest), undefined);
  });

  test('requests that were counted are known to the next process of the same mount, the latest 256', async () => {
    const state = StoreState.open(path, false);
    const held = heldLayer('a', 'x');
    await state.hold(held);
    for (let unique = 1n; unique <= 300n; unique++) await state.count(held, 1, unique);
    const next = StoreState.open(path, true);
    assert.deepEqual(
      [300n, 45n, 44n, 301n].map((unique) => next.wasCounted(unique)),
      [true, true, false, false],
    );
    // Another mount counts its requests from the beginning.
    assert.equal(StoreState.open(path, false).wasCounted(300n), false);
  });

  test("the file is root's alone, and a damaged one is an empty one", async () => {
    const state = StoreState.open(path, false);
    await state.hold(heldLayer('a', 'x'));
    assert.equal(statSync(path).mode & 0o777, 0o600);
    const text = readFileSync(path, 'utf8');
    for (const damaged of [
      '',
      text.slice(0, -10),
      'null',
      text.replace('"version":1', '"version":2'),
      text.replace(sha('blob of x'), 'sha256:12'),
      text.replace('"uses":0', '"uses":"0"'),
    ]) {
      writeFileSync(path, damaged);
      assert.deepEqual(StoreState.open(path, true).held(), [], damaged.slice(0, 60));
    }
  });

  test('numbers that nobody holds are forgotten when there are too many, and never given to another place', async () => {
    const state = StoreState.open(path, false);
    await state.hold(heldLayer('a', 'x'));
    const kept = numbersOf(state);
    const all = Array.from({ length: 20_010 }, (_, index) => state.number({ reference: `many${index}` }));
    const last = (await Promise.all(all)).at(-1);
    assert.deepEqual(numbersOf(state), kept);
    assert.equal(state.lookupNumber({ reference: 'many0' }), undefined);
    assert.ok((await state.number({ reference: 'many0' })) > (last ?? Infinity));
  });
});
