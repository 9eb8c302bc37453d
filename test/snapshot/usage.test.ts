import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { needs } from '../support/needs.ts';
import { diskUsage } from '../../src/snapshot/usage.ts';

test('usage is what du counts: hard links once, holes not at all', { skip: needs('du') }, async () => {
  const root = mkdtempSync(join(tmpdir(), 'lazypull-usage-'));
  try {
    mkdirSync(join(root, 'a/b'), { recursive: true });
    for (let at = 0; at < 100; at++) writeFileSync(join(root, 'a/b', `f${at}`), Buffer.alloc(at * 500));
    linkSync(join(root, 'a/b/f99'), join(root, 'a/again'));
    symlinkSync('nowhere', join(root, 'link'));
    writeFileSync(join(root, 'sparse'), 'x');
    truncateSync(join(root, 'sparse'), 1e9);
    const du = (...options: string[]): number =>
      Number.parseInt(execFileSync('du', ['-s', ...options, root], { encoding: 'utf8' }), 10);
    assert.deepEqual(await diskUsage(root), { size: du('--block-size=1'), inodes: du('--inodes') });
    assert.equal(du('--inodes'), 105);
  } finally {
    rmSync(root, { recursive: true });
  }
});

test('the usage of a directory that is not there is an error, and of one that an abort stops too', async () => {
  await assert.rejects(diskUsage('/nonexistent-lazypull'), { code: 'ENOENT' });
  const root = mkdtempSync(join(tmpdir(), 'lazypull-usage-'));
  writeFileSync(join(root, 'f'), '');
  await assert.rejects(diskUsage(root, AbortSignal.abort()), { name: 'AbortError' });
  rmSync(root, { recursive: true });
});
