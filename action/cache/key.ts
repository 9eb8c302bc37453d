// Names of cache entries. Keys are immutable and looked up by prefix, newest first: the prefix says whose cache it is, the
// rest what is in it and which run wrote it. Pure functions.
import { createHash } from 'node:crypto';

/** A new one when packs of before can't be read any more, or mean something else. */
const FORMAT = 'v1';

/** What tells the caches of jobs apart. */
export interface KeyFacts {
  readonly platform: string;
  readonly arch: string;
  /** Input `cache-key`; '' for repository, workflow, job and matrix. */
  readonly cacheKey: string;
  /** Input `matrix`. */
  readonly matrix: string;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Prefix of all entries of a job, e.g. `lazypull-v1-linux-x64-test-0123456789abcdef-`. The hash is what counts; the word
 * before it is for people who look at the list of caches.
 */
export function keyPrefix({ platform, arch, cacheKey, matrix, env }: KeyFacts): string {
  const own = [env['GITHUB_REPOSITORY'], workflowOf(env), env['GITHUB_JOB'], matrixOf(matrix)].map(
    (part) => part ?? '',
  );
  const scope = cacheKey === '' ? own : [cacheKey];
  const word = wordOf(cacheKey === '' ? (env['GITHUB_JOB'] ?? '') : cacheKey);
  return `lazypull-${FORMAT}-${platform}-${arch}-${word}-${shortHash(JSON.stringify(scope))}-`;
}

/**
 * Key of an entry. The run is in it because a job that goes from one set of images to another and back would otherwise find
 * its key taken by an older entry, and keep restoring the newer, wrong one.
 */
export function entryKey(prefix: string, contentHash: string, env: NodeJS.ProcessEnv): string {
  return `${contentPrefix(prefix, contentHash)}${wordOf(env['GITHUB_RUN_ID'] ?? '')}`;
}

/** Whether a key is one that `entryKey` makes. Whoever may write the cache may write others that begin like it. */
export function isEntryKey(prefix: string, key: string): boolean {
  return key.startsWith(prefix) && /^[0-9a-f]{16}-[\w.-]{1,40}$/.test(key.slice(prefix.length));
}

/** What the keys of all entries with this content begin with. */
export function contentPrefix(prefix: string, contentHash: string): string {
  return `${prefix}${contentHash}-`;
}

/** 16 hexadecimal digits: enough to tell entries apart, and short enough to read. */
export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** The workflow's file without the branch, so that a branch finds what the default branch saved. */
function workflowOf(env: NodeJS.ProcessEnv): string | undefined {
  const ref = env['GITHUB_WORKFLOW_REF'];
  return ref === undefined || ref === '' ? env['GITHUB_WORKFLOW'] : ref.replace(/@.*$/s, '');
}

/**
 * No variable of the runner tells one job of a matrix from another. An input `matrix` does, whose default in action.yml is
 * `${{ toJSON(matrix) }}`: `null` outside of one.
 */
function matrixOf(matrix: string): string {
  return matrix === 'null' ? '' : matrix;
}

/** Of what a key may hold: no commas, not too long. */
function wordOf(text: string): string {
  return text.replaceAll(/[^\w.-]+/g, '_').slice(0, 40) || 'job';
}
