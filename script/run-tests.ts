// Runs test files with node:test: a line for each file, or for each folder, and the whole story for each failure.
// script/unit.ts and script/test use it, so that both count in the same way.
import { globSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { run } from 'node:test';
import { inspect } from 'node:util';

/** How many tests ended in which way. */
export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
  /** How many tests failed in which file; files that ended before their tests did are in no list. */
  failedFiles: Map<string, number>;
}

// Longer than the first build of the largest test image.
const fileTimeoutMs = 20 * 60_000;

/** Test files by kind: `unit` is what needs no other folder's programs to make sense of, `e2e` the whole product. */
export function testFiles(kind: 'unit' | 'e2e'): string[] {
  const all = globSync('test/**/*.test.ts').filter((file) => !file.startsWith('test/bench/'));
  return all.filter((file) => file.startsWith('test/e2e/') === (kind === 'e2e')).sort();
}

export interface RunOptions {
  /** How many files at a time. */
  readonly concurrency: number;
  /** A line for each folder whose files all passed instead of one for each file. CI keeps only so many characters. */
  readonly brief?: boolean;
  /** Hears of every file that begins and ends. */
  readonly onBegin?: (file: string) => void;
  readonly onEnd?: (file: string) => void;
}

/** Runs files and writes progress to standard output. */
export async function runTests(files: readonly string[], options: RunOptions): Promise<Counts> {
  const { concurrency, brief = false, onBegin, onEnd } = options;
  const total: Counts = { passed: 0, failed: 0, skipped: 0, failedFiles: new Map() };
  if (files.length === 0) return total;
  const skips = new Map<string, string[]>();
  const said = new Map<string, string>();
  const folder = new FolderLine();
  for await (const { type, data } of run({ files: [...files], concurrency, timeout: fileTimeoutMs })) {
    // These come as they happen, all others in the order of the files.
    if (type === 'test:dequeue' && isWholeFile(data)) onBegin?.(relative('.', data.file ?? ''));
    if (type === 'test:complete' && isWholeFile(data)) onEnd?.(relative('.', data.file ?? ''));
    if (type === 'test:stderr') said.set(data.file, (said.get(data.file) ?? '') + data.message);
    if (type === 'test:fail') reportFailure(data.file ?? '', data.name, data.details.error, said);
    if (type === 'test:pass' && typeof data.skip === 'string' && data.file !== undefined) {
      skips.set(data.file, [...(skips.get(data.file) ?? []), data.skip]);
    }
    if (type !== 'test:summary') continue;
    const { counts, duration_ms: tookMs } = data;
    const failed = counts.failed + counts.cancelled;
    if (data.file === undefined) {
      // Only this one counts the files that ended before their tests did.
      Object.assign(total, { passed: counts.passed, failed, skipped: counts.skipped });
      continue;
    }
    const skipped = counts.skipped === 0 ? '' : `, ${counts.skipped} skipped: ${reasons(skips.get(data.file))}`;
    if (failed > 0) total.failedFiles.set(relative('.', data.file), failed);
    const verdict = failed === 0 ? 'ok  ' : 'FAIL';
    const took = `${(tookMs / 1000).toFixed(1)} s`;
    if (brief && failed + counts.skipped === 0) folder.add(relative('.', data.file), counts.passed);
    else console.log(`${verdict} ${relative('.', data.file)} (${counts.passed} passed${skipped}, ${took})`);
  }
  folder.flush();
  return total;
}

/** Files come folder by folder, since they are sorted. */
class FolderLine {
  #folder = '';
  #files = 0;
  #passed = 0;
  #startedMs = Date.now();

  add(file: string, passed: number): void {
    if (dirname(file) !== this.#folder) this.flush();
    this.#folder = dirname(file);
    this.#files++;
    this.#passed += passed;
  }

  flush(): void {
    const seconds = ((Date.now() - this.#startedMs) / 1000).toFixed(0);
    if (this.#files > 0)
      console.log(`ok   ${this.#folder}: ${this.#files} files (${this.#passed} passed, ${seconds} s)`);
    [this.#files, this.#passed, this.#startedMs] = [0, 0, Date.now()];
  }
}

/** Whether an event is about a file and not about a test in it. */
function isWholeFile({ name, file }: { readonly name: string; readonly file?: string | undefined }): boolean {
  return resolve(name) === file;
}

function reportFailure(file: string, name: string, error: Error, said: ReadonlyMap<string, string>): void {
  const cause = error.cause ?? error;
  // The parent of a failed subtest fails too, and says nothing new.
  if (/subtests? failed/.test(cause instanceof Error ? cause.message : inspect(cause))) return;
  // A file that fails as a whole has told why on its standard error.
  const wholeFile = isWholeFile({ name, file });
  const story = wholeFile ? (said.get(file) ?? '').slice(-4000) : inspect(cause);
  console.log(`FAIL ${relative('.', file)}${wholeFile ? '' : `: ${name}`}\n${story.replaceAll(/^/gm, '     ')}`);
}

function reasons(list: readonly string[] | undefined): string {
  return [...new Set(list)].join('; ') || 'no reason given';
}

/** The last line of every run. */
export function summary({ passed, failed, skipped }: Pick<Counts, 'passed' | 'failed' | 'skipped'>): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}
