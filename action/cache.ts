// The cache between runs of a job: what the last run read of its images (hot packs), brought into the layer cache before
// anything is pulled, and saved at the end. It is a favour in both directions: whatever goes wrong here is said and costs a
// bounded time, never the job. What comes back is not trusted: see cache/folder.ts and docs/cache.md.
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { formatBytes, plural } from '../src/cli/format.ts';
import type { LoadedPacks } from '../src/layer/hot-packs.ts';
import { runClient } from './cache/client.ts';
import { isEntryKey } from './cache/key.ts';
import { shownText } from './cache/client-words.ts';
import { ask, debugOf, LIMITS, makeWork, notePath, prefixOf, reasonOf } from './cache/context.ts';
import { checkFolder, type Refused } from './cache/folder.ts';
import type { CacheContext, DownloadedCache, RestoredCache, SavedCache } from './cache/model.ts';
import { copyHeaders } from './cache/pack-set.ts';
import { whyOff } from './cache/permission.ts';
import { notSaved, saveEntry } from './cache/save.ts';

export type { CacheContext, DownloadedCache, RestoredCache, SavedCache } from './cache/model.ts';

/** tar rounds files up and has headers; what can't be compressed grows a little. */
const ARCHIVE_SHARE = 1.02;
const ARCHIVE_BYTES = 2_000_000;
const MAX_TOLD = 10;

/**
 * Fetches what the last run of this job saved into a folder below RUNNER_TEMP: the newest entry of its prefix. Needs no
 * daemon. Never rejects.
 */
export async function downloadCache(context: CacheContext): Promise<DownloadedCache> {
  const off = whyOff(context, 'restore');
  const found =
    off === undefined ? await fetchEntry(context).catch((error: unknown) => noEntry(reasonOf(error))) : noEntry(off);
  if (found.key === '') context.info(`Cache: nothing is restored: ${found.why}.`);
  return found;
}

/**
 * Checks what came and lets the daemon load it, as root. The folder is gone afterwards; the headers of what was in it wait
 * for `saveCache`. Never rejects.
 */
export async function loadCache(context: CacheContext, downloaded: DownloadedCache): Promise<RestoredCache> {
  if (downloaded.key === '') return notRestored(downloaded.why);
  const restored = await load(context, downloaded).catch((error: unknown) => notRestored(reasonOf(error)));
  await rm(downloaded.folder, { recursive: true, force: true }).catch(() => {});
  const { key, layers, bytes, why } = restored;
  const figures = `${plural(layers, 'layer')}, ${formatBytes(bytes)}`;
  context.info(key === '' ? `Cache: nothing is restored: ${why}.` : `Cache: restored ${figures}: ${key}`);
  return restored;
}

/**
 * Saves what this run read, unless the entry that was restored has it. The daemon must still run. Never rejects.
 * @param restoredKey that of `RestoredCache`.
 */
export async function saveCache(context: CacheContext, restoredKey: string): Promise<SavedCache> {
  const off = whyOff(context, 'save');
  const saved = off === undefined ? await saveEntry(context, restoredKey) : notSaved('off', off);
  const { key, layers, bytes, why } = saved;
  const figures = `${plural(layers, 'layer')}, ${formatBytes(bytes)}`;
  context.info(key === '' ? `Cache: nothing is saved: ${why}.` : `Cache: saved ${figures}: ${key}`);
  return saved;
}

async function fetchEntry(context: CacheContext): Promise<DownloadedCache> {
  const { env, inputs, limits = LIMITS } = context;
  const work = await makeWork(env);
  const [folder, temporary] = [packsIn(work), join(work, 'archive')];
  for (const path of [folder, temporary]) await mkdir(path);
  const prefix = prefixOf(context);
  // No entry has the prefix alone as its key: always the newest of those that begin with it.
  const task = { do: 'restore', key: prefix, restoreKeys: [prefix] } as const;
  // The archive, and what is in it.
  const maxBytes = 2 * (inputs.cacheLimitBytes * ARCHIVE_SHARE + ARCHIVE_BYTES);
  const watch = { totalMs: limits.downloadMs, stallMs: limits.stallMs, maxBytes };
  const result = await runClient(task, { folder, temporary, env, limits: watch, debug: debugOf(context) });
  const isOurs = isEntryKey(prefix, result.key);
  if (isOurs) return { key: result.key, folder: work, why: '' };
  await rm(work, { recursive: true, force: true });
  return noEntry(result.verdict === 'done' ? "the newest entry's key is not one that lazypull makes" : result.why);
}

async function load(context: CacheContext, { key, folder: work }: DownloadedCache): Promise<RestoredCache> {
  const { env, info, inputs } = context;
  const folder = packsIn(work);
  const checked = await checkFolder(folder, inputs.cacheLimitBytes);
  tellRefused(context, checked.refused);
  if (checked.files.length === 0) return notRestored('there is no hot pack in its entry', checked.refused.length);
  const loaded = await ask<LoadedPacks>(context, ['cache', 'load', folder]);
  tellRefused(context, loaded.refused);
  if (loaded.damagedChunks > 0) info(`Cache: ${plural(loaded.damagedChunks, 'damaged chunk')} left out`);
  const refused = checked.refused.length + loaded.refused.length;
  const { layers, chunks, bytes } = loaded;
  if (layers === 0) return notRestored('no pack of its entry can be used', refused);
  await copyHeaders(folder, notePath(env, key));
  return { key, layers, chunks, bytes, refused, why: '' };
}

function tellRefused({ info }: CacheContext, refused: readonly Refused[]): void {
  // Names come from the archive: quoted, so that none has a line of its own.
  for (const { file, reason } of refused.slice(0, MAX_TOLD))
    info(`Cache: ${shownText(JSON.stringify(file), [])} is not used: ${shownText(reason, [])}`);
  if (refused.length > MAX_TOLD) info(`Cache: and ${refused.length - MAX_TOLD} more are not used`);
}

function packsIn(work: string): string {
  return join(work, 'packs');
}

function noEntry(why: string): DownloadedCache {
  return { key: '', folder: '', why };
}

function notRestored(why: string, refused = 0): RestoredCache {
  return { key: '', layers: 0, chunks: 0, bytes: 0, refused, why };
}
