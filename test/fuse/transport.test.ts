// The contract of a FUSE transport, run over both.
import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync, rmSync, statSync, writeFileSync, openSync, readSync, closeSync } from 'node:fs';
import { describe, test } from 'node:test';
import { loadFuseNative } from '../../src/fuse/libfuse.ts';
import { findMount } from '../../src/fuse/mountinfo.ts';
import { unmount } from '../../src/fuse/mount.ts';
import { needs } from '../support/needs.ts';
import { patternBytes } from '../support/pattern.ts';

const SIZE = 1_000_000;

interface Served extends AsyncDisposable {
  readonly mountpoint: string;
  readonly process: ChildProcess;
  ask(command: string): Promise<unknown>;
}

async function serve(kind: string): Promise<Served> {
  const child = fork(new URL('../support/transport-server.ts', import.meta.url), [kind]);
  const died = once(child, 'exit').then(() => Promise.reject(new Error(`the ${kind} server died`)));
  died.catch(() => {});
  const hear = async (): Promise<unknown> => ((await Promise.race([once(child, 'message'), died])) as unknown[])[0];
  const { mountpoint, folder } = (await hear()) as { mountpoint: string; folder: string };
  return {
    mountpoint,
    process: child,
    async ask(command) {
      child.send(command);
      return ((await hear()) as { result: unknown }).result;
    },
    async [Symbol.asyncDispose]() {
      await unmount(mountpoint, { detach: true, force: true });
      child.kill('SIGKILL');
      await died.catch(() => {});
      rmSync(folder, { recursive: true });
    },
  };
}

function nativeMissing(): string | false {
  try {
    loadFuseNative();
    return false;
  } catch (error) {
    if (process.env['LAZYPULL_REQUIRE'] === 'all') throw error;
    return 'needs fuse-native and libfuse 2';
  }
}

const expected = patternBytes(1, 0, SIZE);

for (const kind of ['wire', 'fuse-native'] as const) {
  const skip = needs('root', 'fuse') || (kind === 'fuse-native' && nativeMissing());
  describe(`the ${kind} transport`, { skip, timeout: 60_000 }, () => {
    test('lists its file, with its size and read-only, and knows no other', async () => {
      await using served = await serve(kind);
      assert.deepEqual(readdirSync(served.mountpoint), ['layer']);
      const stat = statSync(`${served.mountpoint}/layer`);
      assert.equal(stat.size, SIZE);
      assert.equal(stat.mode & 0o7777, 0o400);
      assert.throws(() => statSync(`${served.mountpoint}/other`), { code: 'ENOENT' });
      assert.throws(() => writeFileSync(`${served.mountpoint}/other`, ''), { code: /EROFS|EPERM|ENOSYS|EACCES/ });
    });

    test('gives every byte right, present or missing, to the last one and none behind it', async () => {
      await using served = await serve(kind);
      assert.ok(readFileSync(`${served.mountpoint}/layer`).equals(expected));
      const fd = openSync(`${served.mountpoint}/layer`, 'r');
      const buffer = Buffer.alloc(100);
      assert.equal(readSync(fd, buffer, 0, 100, SIZE - 7), 7);
      assert.equal(readSync(fd, buffer, 0, 100, SIZE), 0);
      closeSync(fd);
    });

    test('counts reads, and faults only where chunks were missing', async () => {
      await using served = await serve(kind);
      const before = (await served.ask('stats')) as Record<string, number>;
      assert.deepEqual(before, { reads: 0, bytes: 0, faults: 0, faultBytes: 0, errors: 0, pending: 0 });
      readFileSync(`${served.mountpoint}/layer`);
      const after = (await served.ask('stats')) as Record<string, number>;
      assert.ok((after['faults'] ?? 0) > 0 && (after['reads'] ?? 0) >= (after['faults'] ?? 0));
      assert.equal(after['bytes'], SIZE);
      assert.equal(after['errors'], 0);
    });

    test('answers EIO when the chunks do not come, and goes on with what is there', async () => {
      await using served = await serve(kind);
      await served.ask('fail');
      assert.throws(() => readFileSync(`${served.mountpoint}/layer`), { code: 'EIO' });
      const fd = openSync(`${served.mountpoint}/layer`, 'r');
      const present = Buffer.alloc(4096);
      // Far enough from the missing chunks that read-ahead does not touch them.
      assert.equal(readSync(fd, present, 0, 4096, 65_536 + 8192), 4096);
      assert.ok(present.equals(expected.subarray(65_536 + 8192, 65_536 + 8192 + 4096)));
      closeSync(fd);
    });

    test('serves a removed file no longer, and again when it is added again', async () => {
      await using served = await serve(kind);
      readFileSync(`${served.mountpoint}/layer`);
      await served.ask('remove');
      assert.deepEqual(readdirSync(served.mountpoint), []);
      await served.ask('add');
      assert.ok(readFileSync(`${served.mountpoint}/layer`).equals(expected));
    });

    test('refuses names that are no file names, and names that are taken', async () => {
      await using served = await serve(kind);
      assert.match(String(await served.ask('addBadName')), /not a file name/);
      assert.match(String(await served.ask('addTwice')), /is served already/);
    });

    test('is not mounted any more after it was closed', async () => {
      await using served = await serve(kind);
      assert.equal(findMount(served.mountpoint)?.type, 'fuse.lazypull');
      await served.ask('close');
      assert.equal(findMount(served.mountpoint), undefined);
    });
  });
}
