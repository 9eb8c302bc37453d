// containerd's contract of a snapshotter, as a list of named functions over the gRPC API. Each of them runs over
// every kind of base: none, and a remote layer. What mounts says so.
import assert from 'node:assert/strict';
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Harness } from './harness.ts';
import { mountAll, unmount } from './mounting.ts';

export interface Contract {
  readonly title: string;
  readonly mounts: boolean;
  /** `base` is the committed snapshot to build on; empty for none. */
  readonly run: (snapshots: Harness, base: string) => Promise<void>;
}

const is = (code: string) => ({ name: 'LazypullError', code });

/** Files below `root` with their contents; directories end in a slash. */
function tree(root: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const entry of readdirSync(root, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(root.length + 1);
    if (entry.isDirectory()) found[`${name}/`] = '';
    else found[name] = readFileSync(path, 'utf8');
  }
  return found;
}

/** Prepares `key`, changes what is mounted, and commits it. @returns what was to be seen after the change. */
async function layer(
  snapshots: Harness,
  name: string,
  parent: string,
  change: (root: string) => void,
): Promise<Record<string, string>> {
  const target = snapshots.directory(`mnt-${name}`);
  mountAll(await snapshots.prepare(`${name}-active`, parent), target);
  try {
    change(target);
    return tree(target);
  } finally {
    unmount(target);
    await snapshots.commit(name, `${name}-active`);
  }
}

/** What a view of `parent` shows. */
async function seen(snapshots: Harness, parent: string): Promise<Record<string, string>> {
  const target = snapshots.directory('mnt-view');
  const key = `view of ${parent}`;
  mountAll(await snapshots.view(key, parent), target);
  try {
    return tree(target);
  } finally {
    unmount(target);
    await snapshots.remove(key);
  }
}

/** Applies changes layer after layer; a view of each layer shows what its writer saw. */
async function layersShow(
  snapshots: Harness,
  base: string,
  changes: readonly ((root: string) => void)[],
): Promise<void> {
  let parent = base;
  for (const [index, change] of changes.entries()) {
    const written = await layer(snapshots, `layer-${index}`, parent, change);
    parent = `layer-${index}`;
    assert.deepEqual(await seen(snapshots, parent), written);
  }
}

const metadata: [string, Contract['run']][] = [
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
      await assert.rejects(snapshots.stat('a'), is('NOT_FOUND'));
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
      await assert.rejects(snapshots.prepare('k', base), is('ALREADY_EXISTS'));
      await assert.rejects(snapshots.view('k', base), is('ALREADY_EXISTS'));
      await snapshots.view('v', base);
      await assert.rejects(snapshots.view('v', base), is('ALREADY_EXISTS'));
      await assert.rejects(snapshots.commit('v', 'k'), is('ALREADY_EXISTS'));
      assert.equal((await snapshots.stat('k')).kind, 'ACTIVE');
      await assert.rejects(snapshots.prepare('', base), is('INVALID_ARGUMENT'));
    },
  ],
  [
    'a commit works once',
    async (snapshots, base) => {
      await snapshots.prepare('a', base);
      await snapshots.commit('c', 'a');
      await assert.rejects(snapshots.commit('d', 'a'), is('NOT_FOUND'));
      await assert.rejects(snapshots.commit('d', 'c'), is('FAILED_PRECONDITION'));
      await snapshots.view('v', 'c');
      await assert.rejects(snapshots.commit('d', 'v'), is('FAILED_PRECONDITION'));
    },
  ],
  [
    'a parent must be there and committed',
    async (snapshots, base) => {
      await snapshots.prepare('a', base);
      await snapshots.view('v', base);
      for (const parent of ['a', 'v']) {
        await assert.rejects(snapshots.prepare('b', parent), is('INVALID_ARGUMENT'));
        await assert.rejects(snapshots.view('b', parent), is('INVALID_ARGUMENT'));
      }
      await assert.rejects(snapshots.prepare('b', 'missing'), is('NOT_FOUND'));
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
      await assert.rejects(snapshots.remove('two'), is('FAILED_PRECONDITION'));
      await assert.rejects(snapshots.remove('one'), is('FAILED_PRECONDITION'));
      for (const key of ['top', 'two', 'one']) await snapshots.remove(key);
      await assert.rejects(snapshots.remove('one'), is('NOT_FOUND'));
      await assert.rejects(snapshots.mounts('one'), is('NOT_FOUND'));
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
      await assert.rejects(snapshots.mounts('c'), is('FAILED_PRECONDITION'));
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
        await assert.rejects(snapshots.update({ name: 'a', parent: 'x' }, path), is('INVALID_ARGUMENT'));
      }
      await assert.rejects(snapshots.update({ name: 'missing', labels: {} }), is('NOT_FOUND'));
      await assert.rejects(snapshots.call('Update', {}), is('INVALID_ARGUMENT'));
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
      await assert.rejects(snapshots.names('=='), is('INVALID_ARGUMENT'));
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

const mounting: [string, Contract['run']][] = [
  [
    'what is written in a snapshot is what its children see',
    async (snapshots, base) => {
      await layersShow(snapshots, base, [
        (root) => {
          writeFileSync(join(root, 'foo'), 'foo\n');
          mkdirSync(join(root, 'a/b/c'), { recursive: true });
        },
        (root) => {
          writeFileSync(join(root, 'bar'), 'bar\n');
          writeFileSync(join(root, 'foo'), 'bar\n');
          rmSync(join(root, 'a/b'), { recursive: true });
        },
      ]);
      assert.equal((await seen(snapshots, 'layer-1'))['foo'], 'bar\n');
      assert.equal((await seen(snapshots, 'layer-1'))['a/b/'], undefined);
    },
  ],
  [
    'a removed file of a lower layer stays removed',
    async (snapshots, base) => {
      await layersShow(snapshots, base, [
        (root) => writeFileSync(join(root, 'foobar'), 'x'),
        (root) => rmSync(join(root, 'foobar')),
        () => {},
      ]);
      assert.equal((await seen(snapshots, 'layer-2'))['foobar'], undefined);
    },
  ],
  [
    'a removed directory that is made again is empty',
    async (snapshots, base) => {
      await layersShow(snapshots, base, [
        (root) => {
          mkdirSync(join(root, 'dir'));
          writeFileSync(join(root, 'dir/old'), 'x');
        },
        (root) => {
          rmSync(join(root, 'dir'), { recursive: true });
          mkdirSync(join(root, 'dir'));
          writeFileSync(join(root, 'dir/new'), 'y');
        },
      ]);
      assert.equal((await seen(snapshots, 'layer-1'))['dir/old'], undefined);
    },
  ],
  [
    'files and directories of lower layers can be renamed and linked',
    async (snapshots, base) => {
      await layersShow(snapshots, base, [
        (root) => {
          mkdirSync(join(root, 'dir1'));
          writeFileSync(join(root, 'dir1/f1'), 'one');
          writeFileSync(join(root, 'file'), 'two');
        },
        (root) => {
          renameSync(join(root, 'file'), join(root, 'moved'));
          mkdirSync(join(root, 'new-dir'));
          linkSync(join(root, 'dir1/f1'), join(root, 'new-dir/f1'));
          renameSync(join(root, 'new-dir'), join(root, 'renamed'));
        },
      ]);
      assert.equal((await seen(snapshots, 'layer-1'))['renamed/f1'], 'one');
      assert.equal((await seen(snapshots, 'layer-1'))['file'], undefined);
    },
  ],
  [
    'owners and modes of files survive the commit',
    async (snapshots, base) => {
      await layer(snapshots, 'one', base, (root) => {
        writeFileSync(join(root, 'f'), 'x');
        chownSync(join(root, 'f'), 1234, 5678);
        mkdirSync(join(root, 'd'));
        chmodSync(join(root, 'd'), 0o1751);
      });
      const target = snapshots.directory('look');
      mountAll(await snapshots.view('v', 'one'), target);
      assert.deepEqual([lstatSync(join(target, 'f')).uid, lstatSync(join(target, 'f')).gid], [1234, 5678]);
      assert.equal(lstatSync(join(target, 'd')).mode & 0o7777, 0o1751);
      unmount(target);
    },
  ],
  [
    'the root of a snapshot has mode 755, and the owner of its parent root',
    async (snapshots, base) => {
      const mask = process.umask(0o077);
      try {
        await layer(snapshots, 'one', base, (root) => {
          if (base === '') assert.equal(statSync(root).mode & 0o7777, 0o755);
          chownSync(root, 1000, 1001);
        });
        await layer(snapshots, 'two', 'one', (root) => {
          const { mode, uid, gid } = statSync(root);
          assert.deepEqual([mode & 0o7777, uid, gid], [0o755, 1000, 1001]);
        });
      } finally {
        process.umask(mask);
      }
    },
  ],
  [
    'a view is read-only',
    async (snapshots, base) => {
      await layer(snapshots, 'one', base, (root) => writeFileSync(join(root, 'f'), 'x'));
      await layer(snapshots, 'two', 'one', (root) => writeFileSync(join(root, 'g'), 'x'));
      for (const parent of ['one', 'two', base]) {
        const target = snapshots.directory(`view-${parent.replaceAll('/', '-')}`);
        mountAll(await snapshots.view(`v-${parent}`, parent), target);
        assert.throws(() => writeFileSync(join(target, 'new'), 'x'), { code: 'EROFS' });
        unmount(target);
      }
    },
  ],
  [
    'usage is that of the snapshot without its parents, before and after the commit',
    async (snapshots, base) => {
      await layer(snapshots, 'one', base, (root) => writeFileSync(join(root, 'big'), Buffer.alloc(1 << 20)));
      const target = snapshots.directory('mnt');
      mountAll(await snapshots.prepare('a', 'one'), target);
      writeFileSync(join(target, 'small'), Buffer.alloc(8192));
      linkSync(join(target, 'small'), join(target, 'again'));
      unmount(target);
      const active = await snapshots.usage('a');
      assert.equal(active.inodes, 2);
      assert.ok(active.size >= 8192 && active.size < 65536, String(active.size));
      await snapshots.commit('two', 'a');
      assert.deepEqual(await snapshots.usage('two'), active);
      assert.ok((await snapshots.usage('one')).size >= 1 << 20);
      await assert.rejects(snapshots.usage('missing'), is('NOT_FOUND'));
    },
  ],
  [
    '128 layers can be mounted',
    async (snapshots, base) => {
      let parent = base;
      let written: Record<string, string> = {};
      for (let at = 0; at < 127; at++) {
        written = await layer(snapshots, `l${at}`, parent, (root) => {
          writeFileSync(join(root, 'overwritten'), `${at} was here`);
          mkdirSync(join(root, 'all'), { recursive: true });
          writeFileSync(join(root, `all/${at}`), 'same');
          rmSync(join(root, 'only'), { recursive: true, force: true });
          mkdirSync(join(root, 'only'));
          writeFileSync(join(root, `only/${at}`), 'mine');
        });
        parent = `l${at}`;
      }
      assert.equal(Object.keys(written).filter((name) => /^all\/\d/.test(name)).length, 127);
      assert.deepEqual(
        Object.keys(written).filter((name) => /^only\/\d/.test(name)),
        ['only/126'],
      );
      assert.deepEqual(await seen(snapshots, parent), written);
    },
  ],
];

export const CONTRACTS: readonly Contract[] = [
  ...metadata.map(([title, run]) => ({ title, run, mounts: false })),
  ...mounting.map(([title, run]) => ({ title, run, mounts: true })),
];
