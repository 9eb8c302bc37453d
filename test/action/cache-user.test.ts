// The cache on a runner whose user is not root: the daemon's files are root's, the client is the user's.
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { RestoredCache, SavedCache } from '../../action/cache.ts';
import { type CacheJob, cacheWorld } from '../support/cache-job.ts';
import { needs } from '../support/needs.ts';
import { SudoUser } from '../support/sudo-user.ts';

// Its context comes as JSON; what it got goes out as JSON, and who it was.
const SCRIPT = `
import { mkdirSync, readdirSync } from 'node:fs';
import { downloadCache, loadCache, saveCache } from './action/cache.ts';
import { createHost, findRootWay } from './action/host.ts';
const given = JSON.parse(process.env.CONTEXT);
// The one that runs this may lie in a home of root's.
process.execPath = process.env.NODE;
const temp = given.env.RUNNER_TEMP;
mkdirSync(temp, { recursive: true });
const context = { ...given, host: createHost(await findRootWay()), info: () => {}, notice: () => {} };
const restored = await loadCache(context, await downloadCache(context));
const saved = await saveCache(context, restored.key);
console.log(JSON.stringify({ uid: process.getuid(), restored, saved, left: readdirSync(temp) }));
`;

interface Said {
  readonly uid: number;
  readonly restored: RestoredCache;
  readonly saved: SavedCache;
  readonly left: readonly string[];
}

async function runAs(user: SudoUser, { context }: CacheJob): Promise<Said> {
  const event = join(user.dir, 'event.json');
  writeFileSync(event, JSON.stringify({ repository: { private: true } }));
  const { inputs, facts, program } = context;
  const node = join(user.dir, 'node');
  copyFileSync(process.execPath, node);
  const places = { RUNNER_TEMP: join(user.dir, '_temp'), GITHUB_EVENT_PATH: event };
  const CONTEXT = JSON.stringify({ inputs, facts, program, env: { ...context.env, ...places } });
  const { stdout, stderr } = await user.script(SCRIPT, { CONTEXT, NODE: node });
  assert.equal(stderr, '');
  return JSON.parse(stdout) as Said;
}

test('a user with sudo saves what root wrote, and restores it', { skip: needs('root') }, async () => {
  await using all = await cacheWorld();
  using user = new SudoUser({ sudo: true });
  await using first = await all.start();
  const saving = await runAs(user, first);
  assert.deepEqual([saving.uid, saving.restored.why], [user.uid, 'there is no cache of this job yet']);
  assert.deepEqual([saving.saved.outcome, saving.saved.why, saving.left], ['saved', '', []]);
  assert.equal(existsSync(first.saves[0]!.directory), false);
  await using second = await all.start({ env: { GITHUB_RUN_ID: '2' } });
  const { restored, saved, left } = await runAs(user, second);
  assert.deepEqual([restored.key, restored.layers, restored.why], [saving.saved.key, 1, '']);
  assert.deepEqual([saved.outcome, left], ['unchanged', []]);
});

test('a user without sudo is told why nothing is saved', { skip: needs('root') }, async () => {
  await using all = await cacheWorld();
  using user = new SudoUser({ sudo: false });
  await using job = await all.start();
  const { saved, left } = await runAs(user, job);
  assert.deepEqual([saved.outcome, left], ['failed', []]);
  assert.match(saved.why, /needs root/);
  assert.deepEqual(job.saves, []);
});
