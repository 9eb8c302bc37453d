// Which entry of the table of contents stands for which entry of the tar: both in order, but for what is missing, added or
// at another place.
import { TocEntries, typeOf } from './inspect-entries.ts';
import { pathOfEntry } from './verify-rows.ts';

/** What does not fit, when the tar has ended. */
export interface MatchResult {
  /** Indexes of TOC entries that the tar does not have. */
  readonly added: readonly number[];
  /** Entries that the tar has at another place, and the first place where both differ. */
  readonly moved: number;
  readonly firstMoved: { readonly tar: string; readonly toc: string } | undefined;
}

/** Entries of one path, ascending; those before `next` have their match. */
interface SamePath {
  readonly indexes: number[];
  next: number;
}

/** Takes the paths of the tar, in its order. */
export class EntryMatcher {
  readonly #entries: TocEntries;
  /** The next TOC entry. */
  #cursor = 0;
  /** TOC entries that were passed because the tar went on with later ones. */
  readonly #passed = new Set<number>();
  #byPath: Map<string, SamePath> | undefined;
  #moved = 0;
  #firstMoved: MatchResult['firstMoved'];

  constructor(entries: TocEntries) {
    this.#entries = entries;
  }

  /** @returns the index of the TOC entry; undefined when there is none. */
  match(path: string): number | undefined {
    this.#skipChunks();
    const expected = this.#pathAt(this.#cursor);
    if (expected === path) return this.#cursor++;
    const ahead = this.#candidate(path);
    if (ahead === undefined) return undefined;
    if (this.#passed.delete(ahead)) {
      this.#moved++;
      return ahead;
    }
    this.#firstMoved ??= { tar: path, toc: expected ?? '' };
    for (; this.#cursor < ahead; this.#cursor++) if (!this.#isChunk(this.#cursor)) this.#passed.add(this.#cursor);
    this.#cursor = ahead + 1;
    return ahead;
  }

  finish(): MatchResult {
    const added = [...this.#passed].sort((a, b) => a - b);
    for (let index = this.#cursor; index < this.#entries.count; index++) if (!this.#isChunk(index)) added.push(index);
    return { added, moved: this.#moved, firstMoved: this.#moved > 0 ? this.#firstMoved : undefined };
  }

  #skipChunks(): void {
    while (this.#cursor < this.#entries.count && this.#isChunk(this.#cursor)) this.#cursor++;
  }

  #isChunk(index: number): boolean {
    return typeOf(this.#entries.read(index)) === 'chunk';
  }

  #pathAt(index: number): string | undefined {
    return index < this.#entries.count ? pathOfEntry(this.#entries.read(index)) : undefined;
  }

  // The first entry of this path that has no match yet. Those that have one never come back, so each is passed once,
  // however many entries have the path. The index is made at the first difference only: mostly there is none.
  #candidate(path: string): number | undefined {
    this.#byPath ??= this.#index();
    const same = this.#byPath.get(path);
    if (same === undefined) return undefined;
    const { indexes } = same;
    while (same.next < indexes.length && this.#isMatched(indexes[same.next]!)) same.next++;
    return indexes[same.next];
  }

  #isMatched(index: number): boolean {
    return index < this.#cursor && !this.#passed.has(index);
  }

  #index(): Map<string, SamePath> {
    const byPath = new Map<string, SamePath>();
    for (let index = 0; index < this.#entries.count; index++) {
      const entry = this.#entries.read(index);
      if (typeOf(entry) === 'chunk') continue;
      const path = pathOfEntry(entry);
      const known = byPath.get(path);
      if (known === undefined) byPath.set(path, { indexes: [index], next: 0 });
      else known.indexes.push(index);
    }
    return byPath;
  }
}
