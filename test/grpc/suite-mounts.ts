// What is to be seen in snapshots when their mounts are made: real bind and overlay mounts, so these need root.
import assert from 'node:assert/strict';
import {
  chmodSync,
  chownSync,
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
import { refused, type Contract } from './suite.ts';

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

export const MOUNT_CONTRACTS: readonly Contract[] = [
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
      await assert.rejects(snapshots.usage('missing'), refused('NOT_FOUND'));
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
