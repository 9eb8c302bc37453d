// Findings as they are made. A layer that is wrong throughout would have a million: the first ones are kept.
import type { Check, Finding } from './verify-model.ts';

/** Facts beside the sentence. */
export type FindingFacts = Partial<Omit<Finding, 'check' | 'message'>>;

const MAX_FINDINGS = 1000;

/** Collects findings in the order in which they are made. */
export class Findings {
  readonly list: Finding[] = [];
  /** Findings that were not kept. */
  omitted = 0;

  add(check: Check, message: string, facts: FindingFacts = {}): void {
    if (this.list.length === MAX_FINDINGS) {
      this.omitted++;
      return;
    }
    const { path = null, expected = null, actual = null, offset = null } = facts;
    this.list.push({ check, path, message, expected, actual, offset });
  }

  /** Two values that should be the same: adds nothing when they are. `what` is what they are of. */
  compare(check: Check, what: string, expected: string, actual: string, facts: FindingFacts = {}): void {
    if (expected === actual) return;
    this.add(check, `${what}: expected ${expected}, got ${actual}`, { ...facts, expected, actual });
  }
}
