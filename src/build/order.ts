// The order of a blob's entries: what is read first comes first, in front of a landmark. Each entry is moved with what an
// unpacker must have seen before it, so that the tar in the new order unpacks to the same files.
// Specification: docs/estargz.md of stargz-snapshotter, "Prioritized files and landmark files".
import { NO_PREFETCH_LANDMARK, PREFETCH_LANDMARK } from '../estargz/parse-toc.ts';
import { distinctEntries } from './distinct-entries.ts';
import type { LayerEntry, LayerOrder } from './model.ts';
import { cleanPath } from './paths.ts';
import { hasLateWhiteout, isWhiteout, whiteoutsOf } from './whiteouts.ts';

/** How a blob's entries stand. */
export interface OrderedEntries {
  /** Each name once. */
  readonly entries: readonly LayerEntry[];
  /** Which landmark there is, and before which of `entries` it stands; undefined without an order. */
  readonly landmark: Landmark | undefined;
  /** Paths of the order that the layer has no entry for, as they were given. */
  readonly missed: readonly string[];
}

export interface Landmark {
  readonly name: typeof PREFETCH_LANDMARK | typeof NO_PREFETCH_LANDMARK;
  readonly index: number;
}

/**
 * Puts the entries in order: prioritized ones, landmark, deferred ones, the rest as it was. Without an order, the tar's. That is
 * also kept when a whiteout comes behind what it names, which well-made layers do not have: only the landmark is new then.
 * @throws FormatError with the entry's offset in the tar, when our reader would refuse the layer.
 */
export function orderEntries(entries: readonly LayerEntry[], order: LayerOrder | undefined): OrderedEntries {
  const sequence = new Sequence(distinctEntries(entries));
  if (order === undefined) return { entries: sequence.finish(), landmark: undefined, missed: [] };
  const hasPriority = order.prioritized.length > 0;
  const missedFirst = sequence.move(order.prioritized);
  const landmark: Landmark = { name: hasPriority ? PREFETCH_LANDMARK : NO_PREFETCH_LANDMARK, index: sequence.length };
  const missedLater = hasPriority ? sequence.move(order.deferred) : [];
  return { entries: sequence.finish(), landmark, missed: [...new Set([...missedFirst, ...missedLater])] };
}

/** Grows by `move`, is whole after `finish`. */
class Sequence {
  readonly #source: readonly LayerEntry[];
  readonly #indexOf: ReadonlyMap<string, number>;
  readonly #hasWhiteouts: boolean;
  readonly #isMovable: boolean;
  readonly #moved = new Set<number>();
  readonly #out: LayerEntry[] = [];

  constructor(source: readonly LayerEntry[]) {
    this.#source = source;
    this.#indexOf = new Map(source.map(({ path }, index) => [path, index]));
    this.#hasWhiteouts = source.some(({ path }) => isWhiteout(path));
    this.#isMovable = !this.#hasWhiteouts || !hasLateWhiteout(source);
  }

  /** Entries so far. */
  get length(): number {
    return this.#out.length;
  }

  /** Adds these and what must be before them. @returns the paths that have no entry. */
  move(paths: readonly string[]): string[] {
    const missed: string[] = [];
    for (const path of paths) {
      const index = this.#indexOf.get(cleanPath(path));
      if (index === undefined) missed.push(path);
      else if (this.#isMovable) this.#add(index);
    }
    return missed;
  }

  /** Adds all others in their order, hard links after their targets. */
  finish(): readonly LayerEntry[] {
    if (this.#out.length === 0 && !this.#hasLaterTargets()) return this.#source;
    for (const [index, { linkPath }] of this.#source.entries()) {
      const target = linkPath === undefined ? undefined : this.#indexOf.get(linkPath);
      if (target === undefined || this.#moved.has(target)) this.#addOne(index);
      else this.#add(index);
    }
    return this.#out;
  }

  #hasLaterTargets(): boolean {
    return this.#source.some(({ linkPath }, index) => linkPath !== undefined && this.#indexOf.get(linkPath)! > index);
  }

  // Depth first, on a stack of our own: chains of links may be longer than the call stack.
  #add(index: number): void {
    if (this.#moved.has(index)) return;
    const begun = new Set([index]);
    const stack = [{ index, before: this.#prerequisites(index) }];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const next = top.before.next();
      if (next.done === true) {
        this.#addOne(top.index);
        stack.pop();
      } else if (!this.#moved.has(next.value) && !begun.has(next.value)) {
        begun.add(next.value);
        stack.push({ index: next.value, before: this.#prerequisites(next.value) });
      }
    }
  }

  #addOne(index: number): void {
    if (this.#moved.has(index)) return;
    this.#moved.add(index);
    this.#out.push(this.#source[index]!);
  }

  // The directories above the entry from the root down, and what a hard link names. Also whiteouts that stood before the
  // entry: an unpacker may remove what it has made when it meets one.
  *#prerequisites(index: number): Generator<number> {
    const { path, linkPath } = this.#source[index]!;
    if (path !== '') yield* this.#ifThere('', index);
    for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1)) {
      const directory = path.slice(0, slash);
      if (this.#hasWhiteouts) yield* this.#whiteouts(directory, index);
      yield* this.#ifThere(directory, index);
    }
    if (this.#hasWhiteouts && path !== '') yield* this.#whiteouts(path, index);
    if (linkPath !== undefined) yield* this.#ifThere(linkPath, index);
  }

  *#whiteouts(path: string, index: number): Generator<number> {
    for (const whiteout of whiteoutsOf(path)) {
      const found = this.#indexOf.get(whiteout);
      if (found !== undefined && found < index) yield found;
    }
  }

  *#ifThere(path: string, index: number): Generator<number> {
    const found = this.#indexOf.get(path);
    if (found !== undefined && found !== index) yield found;
  }
}
