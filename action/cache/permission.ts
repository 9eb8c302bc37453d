// Whether this run has a cache at all, and whether strangers can read it: by the environment, before anything is started.
import { readFile } from 'node:fs/promises';
import type { Facts } from '../facts.ts';
import type { Inputs } from '../inputs.ts';

type Asked = {
  readonly inputs: Pick<Inputs, 'cache' | 'cacheLimitBytes'>;
  readonly facts: Pick<Facts, 'ghes'>;
  readonly env: NodeJS.ProcessEnv;
};

/** Modes of ACTIONS_CACHE_MODE that refuse. What is none of them, or not set, allows everything. */
const REFUSING = { restore: ['none', 'write-only'], save: ['none', 'read'] } as const;

/** Why the cache is not used in this direction; undefined when it is. */
export function whyOff({ inputs, facts, env }: Asked, direction: 'restore' | 'save'): string | undefined {
  if (!inputs.cache) return "input 'cache' is false";
  if (inputs.cacheLimitBytes === 0) return "input 'cache-limit' is 0";
  if (isUnset(env['RUNNER_TEMP'])) return 'RUNNER_TEMP is not set';
  // Enterprise Servers have the first version of the service, which is at another address.
  if (facts.ghes && isUnset(env['ACTIONS_CACHE_URL'])) return 'this GitHub Enterprise Server has no cache service';
  if (isUnset(env['ACTIONS_RESULTS_URL']) && isUnset(env['ACTIONS_CACHE_URL']))
    return 'this runner has no cache service';
  const mode = (env['ACTIONS_CACHE_MODE'] ?? '').trim().toLowerCase();
  if (!REFUSING[direction].some((refusing) => refusing === mode)) return undefined;
  return `this run may not ${direction} caches: ACTIONS_CACHE_MODE is '${mode}'`;
}

/** As the event says. Unknown is false: caches of public repositories are read by strangers. */
export async function isPrivateRepository(env: NodeJS.ProcessEnv): Promise<boolean> {
  try {
    const event = JSON.parse(await readFile(env['GITHUB_EVENT_PATH'] ?? '', 'utf8')) as {
      repository?: { private?: unknown; visibility?: unknown };
    };
    const { private: isPrivate, visibility } = event.repository ?? {};
    return visibility === undefined ? isPrivate === true : visibility === 'private' || visibility === 'internal';
  } catch {
    return false;
  }
}

function isUnset(value: string | undefined): boolean {
  return value === undefined || value === '';
}
