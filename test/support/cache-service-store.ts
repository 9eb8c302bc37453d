// The entries of the cache service: immutable by (key, version, scope), found by prefix with the newest first, in the
// job's own scope before that of the default branch, and evicted by last use when they are too many bytes.
import { randomUUID } from 'node:crypto';
import type { CacheScope } from './cache-service-token.ts';

/** An entry, reserved until it has a size. */
export interface CacheEntry {
  readonly id: number;
  readonly key: string;
  /** Digest of the paths and the compression that the client makes. */
  readonly version: string;
  readonly scope: string;
  /** Name of its blob, which nobody guesses. */
  readonly blob: string;
  /** What was uploaded; undefined before. */
  body: Buffer | undefined;
  /** Whether lookups find it. */
  finalized: boolean;
  /** Counts up with every lookup that found something. */
  lastUse: number;
}

/** What a lookup asks for. */
export interface CacheQuery {
  readonly key: string;
  readonly restoreKeys: readonly string[];
  readonly version: string;
  /** Readable ones, in the order of lookup. */
  readonly scopes: readonly CacheScope[];
}

/** Everything that was saved. */
export class CacheStore {
  readonly #entries: CacheEntry[] = [];
  #ids = 0;
  #uses = 0;

  /** Finalized entries, oldest first. */
  get entries(): readonly CacheEntry[] {
    return this.#entries.filter((entry) => entry.finalized);
  }

  /** Makes an entry without a body; undefined when there is one, finished or not. */
  reserve(key: string, version: string, scope: string): CacheEntry | undefined {
    if (this.find(key, version, scope) !== undefined) return undefined;
    const id = ++this.#ids;
    const entry = { id, key, version, scope, blob: randomUUID(), body: undefined, finalized: false, lastUse: 0 };
    this.#entries.push(entry);
    return entry;
  }

  /** The entry of exactly this key, finished or not. */
  find(key: string, version: string, scope: string): CacheEntry | undefined {
    return this.#entries.find((entry) => entry.key === key && entry.version === version && entry.scope === scope);
  }

  findBlob(blob: string): CacheEntry | undefined {
    return this.#entries.find((entry) => entry.blob === blob);
  }

  /** The entry that a restore gets: per scope the exact key, then the newest with that prefix, then each restore key. */
  lookup({ key, restoreKeys, version, scopes }: CacheQuery): CacheEntry | undefined {
    for (const { scope } of scopes) {
      const newestFirst = this.entries
        .filter((entry) => entry.scope === scope && entry.version === version)
        .toReversed();
      const found =
        newestFirst.find((entry) => entry.key === key) ??
        [key, ...restoreKeys]
          .map((prefix) => newestFirst.find((entry) => entry.key.startsWith(prefix)))
          .find((entry) => entry !== undefined);
      if (found === undefined) continue;
      found.lastUse = ++this.#uses;
      return found;
    }
    return undefined;
  }

  /** Shows an entry to lookups, and makes room for it. */
  finalize(entry: CacheEntry, quotaBytes: number): void {
    entry.finalized = true;
    entry.lastUse = ++this.#uses;
    // Entries are numbered as they are reserved; the newest is the one that was finished last.
    this.#remove(entry);
    this.#entries.push(entry);
    const byLastUse = this.entries.toSorted((a, b) => a.lastUse - b.lastUse);
    let bytes = byLastUse.reduce((sum, { body }) => sum + (body?.length ?? 0), 0);
    for (const oldest of byLastUse) {
      if (bytes <= quotaBytes) break;
      bytes -= oldest.body?.length ?? 0;
      this.#remove(oldest);
    }
  }

  #remove(entry: CacheEntry): void {
    this.#entries.splice(this.#entries.indexOf(entry), 1);
  }
}
