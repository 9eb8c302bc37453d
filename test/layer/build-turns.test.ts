import assert from 'node:assert/strict';
import test from 'node:test';
import { BuildTurns } from '../../src/layer/build-turns.ts';

interface Pull {
  readonly fetched: () => Promise<void>;
  readonly built: () => Promise<void>;
  readonly done: Promise<string>;
}

/** Layers whose fetches and builds end when the test says so; `log` has the order in which builds began. */
function stage(workers: number): {
  readonly log: string[];
  readonly pull: (name: string, size: number | undefined) => Pull;
} {
  const turns = new BuildTurns(workers);
  const log: string[] = [];
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  };
  return {
    log,
    pull: (name, size) => {
      const fetch = Promise.withResolvers<void>();
      const build = Promise.withResolvers<void>();
      const done = turns.run(
        size,
        () => fetch.promise,
        async () => {
          log.push(name);
          await build.promise;
          return name;
        },
      );
      return {
        done,
        fetched: () => (fetch.resolve(), settle()),
        built: () => (build.resolve(), settle()),
      };
    },
  };
}

test('the second small layer leaves the last worker to a larger one that is on its way', async () => {
  const { log, pull } = stage(2);
  const [one, two, large] = [pull('one', 5), pull('two', 6), pull('large', 80)];
  await one.fetched();
  await two.fetched();
  assert.deepEqual(log, ['one']);
  await large.fetched();
  assert.deepEqual(log, ['one', 'large', 'two']);
  for (const layer of [one, two, large]) await layer.built();
  assert.deepEqual(await Promise.all([one.done, two.done, large.done]), ['one', 'two', 'large']);
});

test('it goes on when the other build ends, however long the larger layer takes', async () => {
  const { log, pull } = stage(2);
  const [one, two] = [pull('one', 5), pull('two', 6)];
  pull('large', 80);
  await one.fetched();
  await two.fetched();
  await one.built();
  assert.deepEqual(log, ['one', 'two']);
});

test('nobody waits for a layer of unknown size, for a smaller one, or with one worker', async () => {
  for (const [workers, other] of [
    [2, undefined],
    [2, 4],
    [1, 80],
  ] as const) {
    const { log, pull } = stage(workers);
    const [one, two] = [pull('one', 5), pull('two', 6)];
    pull('other', other);
    await one.fetched();
    await two.fetched();
    assert.deepEqual(log, ['one', 'two'], `${workers} workers, ${other}`);
  }
});

test('a larger layer whose fetch fails is waited for no longer, and its error is its own', async () => {
  const turns = new BuildTurns(2);
  const failing = Promise.withResolvers<never>();
  const large = turns.run(80, () => failing.promise, () => Promise.resolve('large')); // prettier-ignore
  const never = new Promise<string>(() => {});
  void turns.run(5, () => Promise.resolve(), () => never); // prettier-ignore
  const small = turns.run(6, () => Promise.resolve(), () => Promise.resolve('small')); // prettier-ignore
  failing.reject(new Error('no such blob'));
  await assert.rejects(large, /no such blob/);
  assert.equal(await small, 'small');
});
