// Saves what a run read: the daemon writes packs where only root can, and the client uploads them as the runner's user.
import { rm } from 'node:fs/promises';
import type { SavedPacks } from '../../src/layer/hot-save.ts';
import { runClient } from './client.ts';
import type { ClientResult, Verdict } from './client-words.ts';
import { ask, debugOf, LIMITS, makeWork, notePath, prefixOf, reasonOf } from './context.ts';
import { contentPrefix, entryKey } from './key.ts';
import type { CacheContext, SavedCache } from './model.ts';
import { contentHash, isWorthSaving, readPackSet, type PackSet } from './pack-set.ts';
import { isPrivateRepository } from './permission.ts';
import { withRootFolder } from './root-folder.ts';

/** Of what the service did not take. */
const OUTCOMES: Readonly<Partial<Record<Verdict, SavedCache['outcome']>>> = {
  taken: 'unchanged',
  denied: 'off',
  unavailable: 'off',
};

/** Saves, unless the entry `restoredKey` has it all. Never rejects. Leaves no file on the machine. */
export async function saveEntry(context: CacheContext, restoredKey: string): Promise<SavedCache> {
  try {
    return await withRootFolder(context.host, (folder) => saveFrom(context, folder, restoredKey));
  } catch (error) {
    return notSaved('failed', reasonOf(error));
  } finally {
    await rm(notePath(context.env, restoredKey), { recursive: true, force: true }).catch(() => {});
  }
}

/** What there is to say of a run that saves nothing. */
export function notSaved(outcome: SavedCache['outcome'], why: string): SavedCache {
  return { outcome, key: '', layers: 0, bytes: 0, why };
}

async function saveFrom(context: CacheContext, folder: string, restoredKey: string): Promise<SavedCache> {
  const { env } = context;
  const { layers, bytes, skipped } = await askToSave(context, folder);
  context.daemonDone?.();
  if (layers === 0) return notSaved('empty', emptyReason(skipped));
  const now = await readPackSet(folder);
  const [prefix, hash] = [prefixOf(context), contentHash(now)];
  const isKnown = restoredKey.startsWith(contentPrefix(prefix, hash)) || !(await isNew(env, now, restoredKey));
  if (isKnown) return { ...notSaved('unchanged', 'there is nothing new since it was restored'), layers, bytes };
  const { verdict, key, why } = await upload(context, folder, entryKey(prefix, hash, env));
  if (verdict === 'done') return { outcome: 'saved', key, layers, bytes, why: '' };
  // The only reason that somebody has to do something about.
  if (verdict === 'full') context.notice(`The cache of this run was not saved: ${why}`);
  return { ...notSaved(OUTCOMES[verdict] ?? 'failed', why), layers, bytes };
}

async function askToSave(context: CacheContext, folder: string): Promise<SavedPacks> {
  const { env, inputs } = context;
  const skipPrivate = (await isPrivateRepository(env)) ? [] : ['--skip-private'];
  const limit = ['--limit', String(inputs.cacheLimitBytes)];
  const saved = await ask<SavedPacks>(context, ['cache', 'save', folder, ...limit, ...skipPrivate]);
  for (const { digest, reason } of saved.skipped) debugOf(context)(`cache: ${digest} is not saved: ${reason}`);
  return saved;
}

/** Whether there is enough in `now` that the restored entry has not got; true when none was restored. */
async function isNew(env: NodeJS.ProcessEnv, now: PackSet, restoredKey: string): Promise<boolean> {
  return restoredKey === '' || isWorthSaving(await readPackSet(notePath(env, restoredKey)), now);
}

async function upload(context: CacheContext, folder: string, key: string): Promise<ClientResult> {
  const { env, limits = LIMITS } = context;
  const temporary = await makeWork(env);
  try {
    const task = { do: 'save', key, restoreKeys: [] } as const;
    const watch = { totalMs: limits.uploadMs };
    return await runClient(task, { folder, temporary, env, limits: watch, debug: debugOf(context) });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

function emptyReason(skipped: SavedPacks['skipped']): string {
  const [first] = skipped;
  return first === undefined ? 'no layer was used' : `none of ${skipped.length} layers can be: ${first.reason}`;
}
