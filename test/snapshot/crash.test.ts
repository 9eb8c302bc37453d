// A snapshotter that is killed at any moment: what it has answered is true afterwards, and nothing is left over.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Snapshotter } from '../../src/snapshot/snapshotter.ts';
import { FakeLazy } from './fake-lazy.ts';

const child = fileURLToPath(new URL('./crash-child.ts', import.meta.url));

/** Runs the child until it has said `lines` lines, and kills it. @returns all that it said. */
async function runAndKill(root: string, round: number, lines: number): Promise<string[]> {
  const running = spawn(process.execPath, [child, root, String(round)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  running.stdout.on('data', (data: Buffer) => {
    said += data.toString();
    if (said.split('\n').length > lines) running.kill('SIGKILL');
  });
  await once(running, 'close');
  return said.split('\n').slice(0, -1);
}

test('what was answered before a kill -9 is there after it, and what was not leaves no garbage', async () => {
  const root = mkdtempSync(join(tmpdir(), 'lazypull-crash-'));
  const committed = new Set<string>();
  const refs = new Set<string>();
  try {
    for (let round = 0; round < 4; round++) {
      for (const line of await runAndKill(root, round, 10 + round * 7)) {
        const [what = '', name = ''] = line.includes(' ') ? line.split(' ') : ['committed', line];
        if (what === 'committed') committed.add(name);
        else if (what === 'remote') refs.add(name);
        else committed.delete(name);
      }
      const snapshots = await Snapshotter.open({ root, lazy: new FakeLazy() });
      const all = await snapshots.list([]);
      // The child may have gone one step further than it could say.
      const names = new Set(all.filter(({ kind }) => kind === 'committed').map(({ name }) => name));
      const missing = [...committed].filter((name) => !names.has(name));
      assert.ok(missing.length <= 1, missing.join());
      for (const name of missing) committed.delete(name);
      for (const name of refs)
        assert.equal((await snapshots.list([`labels."containerd.io/snapshot.ref"==${name}`])).length, 1);
      for (const name of committed) assert.deepEqual((await snapshots.stat(name)).labels, { of: name });

      for (const { name, kind } of all) if (kind === 'active') await snapshots.remove(name);
      await snapshots.cleanup();
      const ordinary = snapshots.status().snapshots.committed - snapshots.status().snapshots.remote;
      assert.equal(readdirSync(join(root, 'snapshots')).length, ordinary);
      await snapshots.close();
    }
    assert.ok(existsSync(join(root, 'metadata.db')));
    assert.ok(committed.size > 10 && refs.size > 10, `${committed.size} ${refs.size}`);
  } finally {
    await rm(root, { recursive: true });
  }
});
