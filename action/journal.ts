// What has to be undone, written down before it is done. When a step of main fails, the journal is undone at once; when all
// goes well, post undoes it at the end of the job. It survives main's death: every entry goes to the action's state at once.
import { saveState } from '@actions/core';
import { describeError } from '../src/errors.ts';
import { StateKey } from './state.ts';

/** One change to the machine, and how to take it back. Paths are absolute. */
export type UndoStep =
  /** A file that was changed. `backup` is a copy of it as it was; absent when there was none: then it is removed. */
  | { readonly kind: 'file'; readonly path: string; readonly backup?: string }
  /** A file or folder of our own making. */
  | { readonly kind: 'remove'; readonly path: string }
  /** A transient systemd unit that we started. */
  | { readonly kind: 'unit'; readonly name: string }
  /** A process that we started without systemd. `startTicks` (field 22 of /proc/PID/stat) makes sure that it is still the same one. */
  | { readonly kind: 'process'; readonly name: string; readonly pid: number; readonly startTicks: string }
  /** System services to restart, in this order, once the files that were noted after this entry are back. */
  | { readonly kind: 'restart'; readonly units: readonly string[] }
  /** A command of the runner's user or of root, e.g. `ip link delete`, `docker context rm`. */
  | { readonly kind: 'command'; readonly command: readonly string[]; readonly root: boolean };

/** A journal that is being written. Note first, then do. */
export class Journal {
  readonly #steps: UndoStep[] = [];
  readonly #save: (steps: readonly UndoStep[]) => void;

  /** `save` keeps the steps where post finds them. */
  constructor(
    save: (steps: readonly UndoStep[]) => void = (steps) => saveState(StateKey.JOURNAL, JSON.stringify(steps)),
  ) {
    this.#save = save;
  }

  /** Oldest first. */
  get steps(): readonly UndoStep[] {
    return this.#steps;
  }

  note(step: UndoStep): void {
    this.#steps.push(step);
    this.#save(this.#steps);
  }

  /** How many steps there are: for undoing back to here. */
  mark(): number {
    return this.#steps.length;
  }

  /** The steps after `mark`, newest first, and forgets them. */
  take(mark = 0): UndoStep[] {
    const taken = this.#steps.splice(mark).toReversed();
    this.#save(this.#steps);
    return taken;
  }
}

/** Undoes steps, given newest first. Goes on after a failure; returns what could not be undone, a sentence each. */
export async function undoAll(steps: readonly UndoStep[], undo: (step: UndoStep) => Promise<void>): Promise<string[]> {
  const failures: string[] = [];
  for (const step of steps) {
    try {
      await undo(step);
    } catch (error) {
      failures.push(`${step.kind}: ${describeError(error)}`);
    }
  }
  return failures;
}
