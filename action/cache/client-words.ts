// What the cache client says, and what of it a user should know. It swallows nearly every error and prints it as an
// annotation, as a line or for debugging only. Pure functions.
import { printable } from '../../src/cli/format.ts';
import type { ClientAnswer, ClientTask } from './client-main.ts';

/** What became of a task. `taken`: another job saved the same. `full`: the storage is used up. `denied`: not for this run. */
export type Verdict = 'done' | 'none' | 'unavailable' | 'denied' | 'taken' | 'full' | 'failed';

export interface ClientResult {
  readonly verdict: Verdict;
  /** Of the entry that was restored or saved, else ''. */
  readonly key: string;
  /** Why it is not done, in plain words; '' when it is. */
  readonly why: string;
}

/** One line of the client. */
export interface Spoken {
  /** `line` for what is no workflow command. */
  readonly kind: string;
  readonly text: string;
}

/** Splits a workflow command, which the client meant for the runner. */
export function parseSpoken(line: string): Spoken {
  const [, kind, data] = /^::([a-z-]+)[^:]*::(.*)$/.exec(line) ?? [];
  return kind === undefined ? { kind: 'line', text: line } : { kind, text: decode(data ?? '') };
}

/** Whether a line may say why something failed. */
export function isComplaint({ kind, text }: Spoken): boolean {
  if (kind === 'warning' || kind === 'error') return true;
  // Why an entry can't be made is told to those who debug only; a retry to everybody.
  return (kind === 'debug' && text.startsWith('Failed to reserve cache: ')) || /^Attempt \d+ of \d+ failed/.test(text);
}

/** The first line, for the user, whatever is in it: no secrets, and nothing that the runner takes for an old command. */
export function shownText(text: string, secrets: readonly string[]): string {
  const clear = secrets.reduce((all, secret) => all.replaceAll(secret, '***'), text);
  const [line = ''] = clear.trim().split('\n');
  // Those count anywhere in a line; new ones at its beginning, where something of ours stands.
  return printable(line).replaceAll('##[', '## [').slice(0, 400);
}

/**
 * What became of the task.
 * @param stopped why it was ended before it answered, or undefined.
 * @param complaints texts for which `isComplaint` holds, oldest first.
 */
export function judge(
  task: ClientTask['do'],
  answer: ClientAnswer | undefined,
  stopped: string | undefined,
  complaints: readonly string[],
): ClientResult {
  if (answer?.key !== undefined) return { verdict: 'done', key: answer.key, why: '' };
  const not = (verdict: Verdict, why: string): ClientResult => ({ verdict, key: '', why });
  if (answer?.unavailable === true) return not('unavailable', 'this runner has no cache service');
  const all = [...complaints, ...(answer?.error === undefined ? [] : [answer.error])];
  const said = reasonOf(all);
  if (stopped !== undefined) return not('failed', said === '' ? stopped : `${stopped}: ${said}`);
  if (all.some((text) => /cache (read|write) denied/.test(text)))
    return not('denied', `this run may not ${task} caches: ${said}`);
  if (all.some((text) => /storage quota|insufficient usage/i.test(text))) return not('full', said);
  if (all.some((text) => /\(409\)/.test(text))) return not('taken', 'another job of this run has saved the same');
  if (all.length > 0) return not('failed', said);
  return answer === undefined || task === 'save'
    ? not('failed', 'the cache client ended and gave no reason')
    : not('none', 'there is no cache of this job yet');
}

/** The first thing that went wrong for good: what is said after it, is said because of it. */
function reasonOf(complaints: readonly string[]): string {
  const final = complaints.find((text) => !text.startsWith('Attempt '));
  const text = final ?? complaints.at(-1) ?? '';
  return text
    .replace(/^(?:Error: |Failed to [\w ]+: |Unable to reserve cache with key \S+ More details: )+/, '')
    .replace(/[.\s]+$/, '');
}

/** Data of a workflow command. */
function decode(data: string): string {
  return data.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%').trim();
}
