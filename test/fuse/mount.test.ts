// Mounts of layer images that a child process serves: nothing here serves its own mount.
import assert from 'node:assert/strict';
import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { SystemError } from '../../src/errors.ts';
import { mountErofs, unmount } from '../../src/fuse/mount.ts';
import { findMount } from '../../src/fuse/mountinfo.ts';
import { probeTier } from '../../src/fuse/probe.ts';
import { needs } from '../support/needs.ts';
import { patternBytes } from '../support/pattern.ts';
import { planErofs } from '../support/tiny-erofs.ts';

const skip = needs('root', 'fuse', 'erofs');
const SMALL = [{ name: 'one', size: 5000 }];

function scratch(parent = tmpdir()): { folder: string; [Symbol.dispose](): void } {
  const folder = mkdtempSync(join(parent, 'lazypull-mount-'));
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) };
}

function writeImage(path: string): void {
  const plan = planErofs(SMALL);
  const data = Buffer.alloc(plan.size - plan.metadata.length);
  patternBytes(1, 0, SMALL[0]?.size ?? 0).copy(data);
  writeFileSync(path, Buffer.concat([plan.metadata, data]));
}

for (const tier of ['A', 'B'] as const) {
  test(`a complete image is mounted from disk in tier ${tier}, read, and unmounted`, { skip }, async () => {
    using work = scratch();
    const target = join(work.folder, 'mnt');
    mkdirSync(target);
    writeImage(join(work.folder, 'image'));
    await mountErofs({ source: join(work.folder, 'image'), target, tier });
    try {
      assert.equal(findMount(target)?.type, 'erofs');
      assert.ok(findMount(target)?.superOptions.includes('ro'));
      assert.ok(readFileSync(join(target, 'one')).equals(patternBytes(1, 0, 5000)));
    } finally {
      await unmount(target);
    }
    assert.equal(findMount(target), undefined);
  });
}

test('a file that is no image, and a folder that is not there, are errors of the system call', { skip }, async () => {
  using work = scratch();
  writeFileSync(join(work.folder, 'image'), Buffer.alloc(8192));
  const mountOn = (target: string): Promise<void> =>
    mountErofs({ source: join(work.folder, 'image'), target, tier: 'A' });
  const errno = (expected: number) => (error: unknown) => error instanceof SystemError && error.errno === expected;
  await assert.rejects(mountOn(work.folder), errno(22));
  await assert.rejects(mountOn(join(work.folder, 'nothing')), errno(2));
});

test('unmounting what is not mounted does nothing, and what is in use needs detach', { skip }, async () => {
  using work = scratch();
  await unmount(work.folder);
  await unmount(join(work.folder, 'nothing'));
  writeImage(join(work.folder, 'image'));
  const target = join(work.folder, 'mnt');
  mkdirSync(target);
  await mountErofs({ source: join(work.folder, 'image'), target, tier: 'A' });
  const user = fork('-e', ['process.chdir(process.argv[1]); process.send(1); setInterval(() => {}, 1000)', target], {
    execArgv: [],
    execPath: process.execPath,
  });
  await once(user, 'message');
  await assert.rejects(unmount(target), (error: unknown) => error instanceof SystemError && error.errno === 16);
  await unmount(target, { detach: true });
  assert.equal(findMount(target), undefined);
  user.kill('SIGKILL');
  await once(user, 'exit');
});

test('users who may not look into the FUSE mount read layers that come through it', { skip }, async () => {
  using work = scratch();
  chmodSync(work.folder, 0o755);
  const server: ChildProcess = fork(new URL('../support/fuse-bench-server.ts', import.meta.url), [
    work.folder,
    String(1 << 20),
    '3',
    '100',
  ]);
  await once(server, 'message');
  try {
    assert.equal(readdirSync(join(work.folder, 'mnt')).length, 4);
    const nobody = (...command: string[]): number | null =>
      spawnSync(command[0] ?? '', command.slice(1), { uid: 65_534, gid: 65_534 }).status;
    assert.equal(nobody('cat', join(work.folder, 'mnt', 'big')), 0);
    assert.notEqual(nobody('ls', join(work.folder, 'fuse')), 0);
  } finally {
    await unmount(join(work.folder, 'mnt'), { detach: true });
    await unmount(join(work.folder, 'fuse'), { detach: true });
    server.kill('SIGKILL');
    await once(server, 'exit');
  }
});

test(
  'the probe tells how layers can be mounted from an ordinary disk, and leaves nothing behind',
  { skip },
  async () => {
    using work = scratch();
    const probed = await probeTier({ scratchDir: work.folder });
    assert.notEqual(probed.tier, 'D', probed.reason);
    assert.ok(probed.directFromDisk);
    assert.deepEqual(readdirSync(work.folder), []);
  },
);

test(
  'the probe finds tier A through FUSE where the cache lies on a filesystem that EROFS refuses',
  { skip },
  async (t) => {
    using disk = scratch();
    if ((await probeTier({ scratchDir: disk.folder })).tier !== 'A') {
      t.skip('this kernel has no file-backed EROFS');
      return;
    }
    using work = scratch('/dev/shm');
    const probed = await probeTier({ scratchDir: work.folder });
    assert.equal(probed.tier, 'A', probed.reason);
    assert.equal(probed.directFromDisk, false);
    assert.match(probed.reason, /ENOTBLK/);
    assert.deepEqual(readdirSync(work.folder), []);
  },
);
