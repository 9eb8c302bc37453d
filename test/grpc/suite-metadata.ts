// What a snapshotter keeps of snapshots: kinds, keys, parents, labels, times, lists. Nothing is mounted.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { refused, type Contract } from './suite.ts';

export const METADATA_CONTRACTS: readonly Contract[] = [
  [
    'a prepared snapshot is active, a committed one is committed, and its key is gone',
    async (snapshots, base) => {
      await snapshots.prepare('a', base, { 'containerd.io/gc.root': 'x' });
      const active = await snapshots.stat('a');
      assert.equal(active.kind, 'ACTIVE');
      assert.equal(active.parent, base);
      assert.equal(active.name, 'a');
      assert.deepEqual(active.labels, { 'containerd.io/gc.root': 'x' });
      await snapshots.commit('c', 'a', { other: 'y' });
      const committed = await snapshots.stat('c');
      assert.equal(committed.kind, 'COMMITTED');
      assert.equal(committed.parent, base);
      assert.deepEqual(committed.labels, { other: 'y' });
      await assert.rejects(snapshots.stat('a'), refused('NOT_FOUND'));
    },
  ],
  [
    'parents are transitive',
    async (snapshots, base) => {
      for (const [name, parent] of [
        ['one', base],
        ['two', 'one'],
        ['three', 'two'],
      ] as const) {
        await snapshots.prepare(`${name}-a`, parent);
        await snapshots.commit(name, `${name}-a`);
      }
      const { parent } = await snapshots.stat('three');
      assert.equal(parent, 'two');
      assert.equal((await snapshots.stat(parent)).parent, 'one');
      assert.equal((await snapshots.stat('one')).parent, base);
    },
  ],
  [
    'a key is taken once, whether by Prepare, View or Commit',
    async (snapshots, base) => {
      await snapshots.prepare('k', base);
      await assert.rejects(snapshots.prepare('k', base), refused('ALREADY_EXISTS'));
      await assert.rejects(snapshots.view('k', base), refused('ALREADY_EXISTS'));
      await snapshots.view('v', base);
      await assert.rejects(snapshots.view('v', base), refused('ALREADY_EXISTS'));
      await assert.rejects(snapshots.commit('v', 'k'), refused('ALREADY_EXISTS'));
      assert.equal((await snapshots.stat('k')).kind, 'ACTIVE');
      await assert.rejects(snapshots.prepare('', base), refused('INVALID_ARGUMENT'));
    },
  ],
  [
    'a commit works once',
    async (snapshots, base) => {
      await snapshots.prepare('a', base);
      await snapshots.commit('c', 'a');
      await assert.rejects(snapshots.commit('d', 'a'), refused('NOT_FOUND'));
      await assert.rejects(snapshots.commit('d', 'c'), refused('FAILED_PRECONDITION'));
      await snapshots.view('v', 'c');
      await assert.rejects(snapshots.commit('d', 'v'), refused('FAILED_PRECONDITION'));
    },
  ],
  [
    'a parent must be there and committed',
    async (snapshots, base) => {
      await snapshots.prepare('a', base);
      await snapshots.view('v', base);
      for (const parent of ['a', 'v']) {
        await assert.rejects(snapshots.prepare('b', parent), refused('INVALID_ARGUMENT'));
        await assert.rejects(snapshots.view('b', parent), refused('INVALID_ARGUMENT'));
      }
      await assert.rejects(snapshots.prepare('b', 'missing'), refused('NOT_FOUND'));
      assert.deepEqual(await snapshots.names('name==b'), []);
    },
  ],
  [
    'a snapshot with children stays, and a removed one is gone',
    async (snapshots, base) => {
      await snapshots.prepare('one-a', base);
      await snapshots.commit('one', 'one-a');
      await snapshots.prepare('two-a', 'one');
      await snapshots.commit('two', 'two-a');
      await snapshots.view('top', 'two');
      await assert.rejects(snapshots.remove('two'), refused('FAILED_PRECONDITION'));
      await assert.rejects(snapshots.remove('one'), refused('FAILED_PRECONDITION'));
      for (const key of ['top', 'two', 'one']) await snapshots.remove(key);
      await assert.rejects(snapshots.remove('one'), refused('NOT_FOUND'));
      await assert.rejects(snapshots.mounts('one'), refused('NOT_FOUND'));
    },
  ],
  [
    'a key can be used again after its removal',
    async (snapshots, base) => {
      await snapshots.prepare('committed-a', base);
      await snapshots.commit('committed', 'committed-a');
      await snapshots.prepare('again', 'committed');
      await snapshots.remove('again');
      await snapshots.view('again', 'committed');
      await snapshots.remove('again');
      await snapshots.prepare('again', base);
      await snapshots.remove('committed');
      await snapshots.commit('committed', 'again');
    },
  ],
  [
    'a committed snapshot has no mounts',
    async (snapshots, base) => {
      await snapshots.prepare('a', base);
      const mounts = await snapshots.mounts('a');
      assert.equal(mounts.length, 1);
      await snapshots.commit('c', 'a');
      await assert.rejects(snapshots.mounts('c'), refused('FAILED_PRECONDITION'));
    },
  ],
  [
    'Mounts answers again what Prepare and View answered',
    async (snapshots, base) => {
      const prepared = await snapshots.prepare('a', base);
      assert.deepEqual(await snapshots.mounts('a'), prepared);
      const viewed = await snapshots.view('v', base);
      assert.deepEqual(await snapshots.mounts('v'), viewed);
      assert.notDeepEqual(viewed, prepared);
    },
  ],
  [
    'only labels can be updated, all or by their paths',
    async (snapshots, base) => {
      await snapshots.prepare('a', base, { keep: 'x' });
      const before = await snapshots.stat('a');
      const all = await snapshots.update({ name: 'a', parent: 'other', labels: { l1: 'v1', l2: 'v2', l3: 'v3' } });
      assert.deepEqual(all.labels, { l1: 'v1', l2: 'v2', l3: 'v3' });
      assert.deepEqual([all.createdAt, all.kind, all.parent], [before.createdAt, 'ACTIVE', base]);
      const some = await snapshots.update({ name: 'a', labels: { l1: 'new', l4: 'v4' } }, 'labels.l1', 'labels.l2');
      assert.deepEqual(some.labels, { l1: 'new', l3: 'v3' });
      assert.deepEqual((await snapshots.update({ name: 'a', labels: { l4: 'v4' } }, 'labels')).labels, { l4: 'v4' });
      for (const path of ['parent', 'name', 'kind', 'created_at', 'labelsx']) {
        await assert.rejects(snapshots.update({ name: 'a', parent: 'x' }, path), refused('INVALID_ARGUMENT'));
      }
      await assert.rejects(snapshots.update({ name: 'missing', labels: {} }), refused('NOT_FOUND'));
      await assert.rejects(snapshots.call('Update', {}), refused('INVALID_ARGUMENT'));
      assert.deepEqual((await snapshots.stat('a')).labels, { l4: 'v4' });
    },
  ],
  [
    'times are those of creation, commit and update',
    async (snapshots, base) => {
      const ms = (time: { seconds: number; nanos: number } | null): number =>
        (time?.seconds ?? 0) * 1000 + (time?.nanos ?? 0) / 1e6;
      const start = Date.now();
      await snapshots.prepare('a', base);
      const made = await snapshots.stat('a');
      assert.ok(ms(made.createdAt) >= start && ms(made.createdAt) <= Date.now());
      assert.deepEqual(made.updatedAt, made.createdAt);
      const updated = await snapshots.update({ name: 'a', labels: {} });
      assert.deepEqual(updated.createdAt, made.createdAt);
      assert.ok(ms(updated.updatedAt) >= ms(made.updatedAt));
      await snapshots.commit('c', 'a');
      const committed = await snapshots.stat('c');
      assert.ok(ms(committed.createdAt) >= ms(updated.updatedAt));
      assert.deepEqual(committed.updatedAt, committed.createdAt);
    },
  ],
  [
    'List finds by kind, name, parent and label',
    async (snapshots, base) => {
      await snapshots.prepare('a-np', base);
      await snapshots.prepare('p-tmp', base, { l: '0' });
      await snapshots.commit('p', 'p-tmp', { l: '1' });
      await snapshots.prepare('a', 'p', { l: '2' });
      await snapshots.view('v', 'p', { l: '3' });
      const mine = (await snapshots.names()).filter((name) => name !== base);
      assert.deepEqual(mine, ['a', 'a-np', 'p', 'v']);
      assert.deepEqual(await snapshots.names('kind==active'), ['a', 'a-np']);
      assert.deepEqual(await snapshots.names('parent==p'), ['a', 'v']);
      assert.deepEqual(await snapshots.names('kind==committed,labels.l==1', 'name==v'), ['p', 'v']);
      assert.deepEqual(await snapshots.names('labels.l'), ['a', 'p', 'v']);
      assert.deepEqual(await snapshots.names('labels.l==none'), []);
      await assert.rejects(snapshots.names('=='), refused('INVALID_ARGUMENT'));
      const [p] = await snapshots.list('name==p');
      assert.deepEqual(p, await snapshots.stat('p'));
    },
  ],
  [
    'List sends any number of snapshots, parents first',
    async (snapshots, base) => {
      for (let at = 0; at < 250; at++) await snapshots.prepare(`s${at}`, base);
      const all = await snapshots.list();
      assert.equal(all.filter(({ kind }) => kind === 'ACTIVE').length, 250);
      const at = new Map(all.map(({ name }, index) => [name, index]));
      assert.ok(all.every(({ name, parent }) => parent === '' || (at.get(parent) ?? 1e9) < (at.get(name) ?? 0)));
    },
  ],
  [
    'one of many Prepares of a key wins',
    async (snapshots, base) => {
      const results = await Promise.allSettled(Array.from({ length: 20 }, () => snapshots.prepare('k', base)));
      assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1);
      for (const result of results)
        if (result.status === 'rejected') assert.equal(result.reason.code, 'ALREADY_EXISTS');
      assert.ok(
        existsSync(
          (await snapshots.mounts('k')).flatMap(
            ({ source, options }) => options.find((o) => o.startsWith('upperdir='))?.slice(9) ?? source,
          )[0] ?? '',
        ),
      );
    },
  ],
  [
    'one of many commits of a name wins, and the others stay active',
    async (snapshots, base) => {
      const keys = Array.from({ length: 10 }, (_, at) => `k${at}`);
      await Promise.all(keys.map((key) => snapshots.prepare(key, base)));
      const results = await Promise.allSettled(keys.map((key) => snapshots.commit('c', key)));
      assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1);
      assert.equal((await snapshots.names('kind==active')).length, 9);
    },
  ],
  [
    'Cleanup removes the directories of removed snapshots and of nobody, and no others',
    async (snapshots, base) => {
      await snapshots.prepare('a', base);
      await snapshots.prepare('b', base);
      const directories = join(snapshots.root, 'snapshots');
      const before = readdirSync(directories).length;
      mkdirSync(join(directories, '999999/fs'), { recursive: true });
      await snapshots.remove('b');
      await snapshots.call('Cleanup', {});
      assert.equal(readdirSync(directories).length, before - 1);
      assert.ok(!existsSync(join(directories, '999999')));
      await snapshots.commit('c', 'a');
    },
  ],
];
