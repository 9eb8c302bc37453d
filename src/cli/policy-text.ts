// What `lazypull policy` tells a person: a line for every image, one for everything that could not be told, and a sum.
import type { Decision, Outcome, Remark } from '../policy/model.ts';
import { plural, printable } from './format.ts';

export interface PolicyReport {
  readonly decisions: readonly Decision[];
  readonly remarks: readonly Remark[];
  /** Where the policy was written; undefined for standard output. */
  readonly output: string | undefined;
}

/** Without line ends. */
export function policyLines({ decisions, remarks, output }: PolicyReport): string[] {
  const lines = decisions.map(({ image, places, outcome }) => {
    const [first] = places;
    const more = places.length > 1 ? ` and ${plural(places.length - 1, 'more place')}` : '';
    const where = first === undefined ? '' : `${first.file}:${first.line}${more}: `;
    return printable(`${where}${image}: ${sentence(outcome)}`);
  });
  for (const { file, line, what } of remarks) {
    lines.push(printable(`${file}${line === undefined ? '' : `:${line}`}: not looked at: ${what}`));
  }
  const replaced = decisions.filter(({ outcome }) => outcome.result === 'replaced').length;
  const target = output === undefined ? '' : `; written to ${printable(output)}`;
  return [...lines, `${replaced} of ${plural(decisions.length, 'image')} replaced${target}`];
}

function sentence(outcome: Outcome): string {
  if (outcome.result === 'replaced') return `replaced by ${outcome.variant}`;
  if (outcome.result === 'lazy') return 'lazily pullable as it is';
  return `used as it is: ${outcome.message}`;
}
