// The files by which a step tells the runner things: GITHUB_OUTPUT, GITHUB_ENV, GITHUB_STATE, GITHUB_PATH and
// GITHUB_STEP_SUMMARY. Each stage of each step has its own.
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The runner uploads no longer summary. */
export const MAX_SUMMARY_BYTES: number = 1024 * 1024;

const NAMES = ['OUTPUT', 'ENV', 'STATE', 'PATH', 'STEP_SUMMARY'] as const;
type FileName = (typeof NAMES)[number];

/** The files of one stage, on this machine. */
export type CommandFiles = Readonly<Record<FileName, string>>;

/** Makes empty files. @param suffix is unique in the folder. */
export function createCommandFiles(folder: string, suffix: string): CommandFiles {
  const entries = NAMES.map((name) => {
    const path = join(folder, `${name.toLowerCase()}_${suffix}`);
    writeFileSync(path, '');
    return [name, path] as const;
  });
  return Object.fromEntries(entries) as CommandFiles;
}

/** Name and value pairs of a file. @throws Error as `parsePairs`. */
export function readPairs(path: string): [string, string][] {
  return parsePairs(readFileSync(path, 'utf8'));
}

/** Lines of GITHUB_PATH. */
export function readPathFile(path: string): string[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .map((line) => line.replace(/\r$/, ''))
    .filter((line) => line !== '');
}

/** @throws Error when it is longer than the runner takes. */
export function readSummary(path: string): string {
  const { size } = statSync(path);
  if (size > MAX_SUMMARY_BYTES) {
    throw new Error(
      `$GITHUB_STEP_SUMMARY takes up to ${MAX_SUMMARY_BYTES / 1024}k, got ${Math.ceil(size / 1024)}k: not uploaded`,
    );
  }
  return readFileSync(path, 'utf8');
}

/**
 * `NAME=VALUE` lines, and `NAME<<DELIMITER`, lines of the value, `DELIMITER`. Whichever of `=` and `<<` comes first decides.
 * @throws Error for a line that is neither, an empty name or delimiter, and a delimiter that does not come.
 */
export function parsePairs(text: string): [string, string][] {
  const pairs: [string, string][] = [];
  const lines = text.split('\n');
  // A last line that ends is followed by nothing, not by an empty line.
  const ended = lines.at(-1) === '';
  if (ended) lines.pop();
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (line === '') continue;
    const [, name = '', separator, rest = ''] = /^(.*?)(=|<<)(.*)$/s.exec(line) ?? [];
    if (separator === undefined) throw new Error(`Invalid format '${line}'`);
    if (separator === '=') {
      pairs.push([name, rest]);
      continue;
    }
    if (name === '' || rest === '') {
      throw new Error(`Invalid format '${line}'. Name must not be empty and delimiter must not be empty`);
    }
    const end = lines.indexOf(rest, at + 1);
    if (end === -1) throw new Error(`Invalid value. Matching delimiter not found '${rest}'`);
    pairs.push([name, lines.slice(at + 1, end).join('\n')]);
    at = end;
  }
  return pairs;
}
