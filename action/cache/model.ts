// What goes in and out of the action's cache. All but the context is plain JSON: it goes from main to post, and to the summary.
import type { Facts } from '../facts.ts';
import type { Host } from '../host.ts';
import type { Inputs } from '../inputs.ts';

export interface CacheContext {
  readonly host: Host;
  readonly inputs: Pick<Inputs, 'cache' | 'cacheKey' | 'cacheLimitBytes' | 'matrix'>;
  readonly facts: Pick<Facts, 'arch' | 'ghes'>;
  readonly env: NodeJS.ProcessEnv;
  readonly info: (message: string) => void;
  readonly notice: (message: string) => void;
  /** Program and arguments of `lazypull` instead of those beside the action. */
  readonly program?: readonly string[];
  readonly limits?: CacheLimits;
  /** Saving needs the daemon no more. Called at most once, and not when there is nothing to save. */
  readonly daemonDone?: () => void;
}

/** How long the service may take: to give an entry, without a byte of it, and to take one. */
export interface CacheLimits {
  readonly downloadMs: number;
  readonly stallMs: number;
  readonly uploadMs: number;
}

/** What came from the service. Nobody has looked at it yet. */
export interface DownloadedCache {
  /** Of the entry, '' for none. */
  readonly key: string;
  /** Where it is; of this user, and removed by `loadCache`. */
  readonly folder: string;
  /** '', or why there is none. */
  readonly why: string;
}

/** What was brought into the layer cache. */
export interface RestoredCache {
  /** Of the entry, '' for none. */
  readonly key: string;
  readonly layers: number;
  readonly chunks: number;
  /** Decompressed, and not there before. */
  readonly bytes: number;
  /** Files that were not used, or not to their end. */
  readonly refused: number;
  /** '', or why there is none. */
  readonly why: string;
}

/** What was saved. `off` also stands for a run that may not save. */
export interface SavedCache {
  readonly outcome: 'saved' | 'unchanged' | 'empty' | 'off' | 'failed';
  /** Of the entry that was saved, else ''. */
  readonly key: string;
  readonly layers: number;
  /** Of all packs, before they are archived. */
  readonly bytes: number;
  /** '' when it was saved, else why not. */
  readonly why: string;
}
