// What restoring and saving share: places, the entry's prefix, the daemon's ear, and how things are said.
import { mkdtemp, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { describeError, LazypullError } from '../../src/errors.ts';
import { control } from '../control.ts';
import { shownText } from './client-words.ts';
import { keyPrefix, shortHash } from './key.ts';
import type { CacheContext, CacheLimits } from './model.ts';

export const LIMITS: CacheLimits = { downloadMs: 60_000, stallMs: 20_000, uploadMs: 60_000 };
/** For the daemon, to write or to read all packs. */
const DAEMON_MS = 60_000;

/** Prefix of the keys of all entries of this job. */
export function prefixOf({ inputs, facts, env }: CacheContext): string {
  return keyPrefix({
    platform: process.platform,
    arch: facts.arch,
    cacheKey: inputs.cacheKey,
    matrix: inputs.matrix,
    env,
  });
}

/** A folder of its own for each step that does this. A real path, as the client wants it. */
export async function makeWork(env: NodeJS.ProcessEnv): Promise<string> {
  return await mkdtemp(join(await realpath(env['RUNNER_TEMP'] ?? ''), 'lazypull-cache-'));
}

/** Where the headers of a restored entry's packs wait for the end of the job. */
export function notePath(env: NodeJS.ProcessEnv, key: string): string {
  return join(env['RUNNER_TEMP'] ?? '', `lazypull-restored-${shortHash(key)}`);
}

/** The daemon's JSON answer to `lazypull ARGS`. @throws LazypullError when it does not answer, or refuses. */
export async function ask<Answer>({ host, program }: CacheContext, args: readonly string[]): Promise<Answer> {
  const options = { timeoutMs: DAEMON_MS, ...(program === undefined ? {} : { program }) };
  const text = await control(host, [...args, '--json'], options);
  if (text === undefined) throw new LazypullError('UNAVAILABLE', 'the lazypull daemon does not answer');
  return JSON.parse(text) as Answer;
}

/** Where the runner debugs, everything is said. */
export function debugOf({ env, info }: CacheContext): (message: string) => void {
  return env['RUNNER_DEBUG'] === '1' ? info : () => {};
}

/** An error as part of a sentence. */
export function reasonOf(error: unknown): string {
  return shownText(describeError(error), []);
}
