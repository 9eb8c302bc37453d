// What the process of a step is given: the inputs of an action, the command line of a script.
import type { Action } from './runner-action.ts';
import { substitute, type Contexts } from './runner-expression.ts';
import type { UsesStep } from './runner-job.ts';

const SHELLS: Readonly<Record<string, string>> = {
  bash: 'bash --noprofile --norc -e -o pipefail {0}',
  sh: 'sh -e {0}',
  python: 'python {0}',
};
/** The command line of a script. @throws Error for a shell that is none of GitHub's and has no place for the script. */
export function shellCommand(shell: string, script: string): string[] {
  const template = SHELLS[shell] ?? shell;
  if (!template.includes('{0}')) {
    throw new Error(`shell ${shell} is none of ${Object.keys(SHELLS).join(', ')} and has no {0}`);
  }
  return template.split(' ').map((word) => word.replace('{0}', script));
}

/** Inputs of a step: those given, then the defaults. Names are the same whatever their case. */
export function inputsOf(
  step: UsesStep,
  action: Action,
  contexts: Contexts,
): { inputs: Record<string, string>; unexpected: string[] } {
  const given = Object.entries(step.with ?? {}).map(([name, value]) => [name, substitute(value, contexts)] as const);
  const names = new Set(given.map(([name]) => name.toLowerCase()));
  const defaults = Object.entries(action.inputs)
    .filter(([name]) => !names.has(name.toLowerCase()))
    .map(([name, input]) => [name, substitute(input.default ?? '', contexts)] as const);
  const known = new Set(Object.keys(action.inputs).map((name) => name.toLowerCase()));
  return {
    inputs: Object.fromEntries([...given, ...defaults]),
    unexpected: given.map(([name]) => name).filter((name) => !known.has(name.toLowerCase())),
  };
}
