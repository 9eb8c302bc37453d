// The second half of script/test, once script/setup has run: format, lint and types, then every test. Each of the three
// checks counts as one test. With LAZYPULL_REQUIRE=all, as CI sets it, a skipped test is a failure.
import { spawnSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { type Counts, runTests, summary, testFiles } from './run-tests.ts';
import { Watchdog } from './watchdog.ts';

const total = { passed: 0, failed: 0, skipped: 0 };
const running = new Set<string>();
const watchdog = new Watchdog({
  stallMs: 12 * 60_000,
  limitMs: 70 * 60_000,
  running: () => [...running],
  giveUp: (reason) => {
    console.log(`FAIL ${reason}`);
    total.failed++;
    finish();
  },
});

for (const name of ['check:format', 'check:lint', 'check:types']) {
  const { status, stdout, stderr } = spawnSync('npm', ['run', '--silent', name], { encoding: 'utf8' });
  console.log(`${status === 0 ? 'ok  ' : 'FAIL'} ${name}`);
  if (status === 0) total.passed++;
  else {
    total.failed++;
    console.log(`${stdout}${stderr}`.trim());
  }
}

// What shares the machine's mounts and namespaces runs alone.
for (const [kind, concurrency] of [
  ['unit', 2],
  ['e2e', 1],
] as const) {
  const files = testFiles(kind);
  console.log(`     ${kind}: ${files.length} files`);
  const counts = await runWatched(files, concurrency, kind === 'unit');
  const failed = counts.failed === 0 ? 0 : await failedAgain(counts.failedFiles, counts.failed);
  total.passed += counts.passed + counts.failed - failed;
  total.failed += failed;
  total.skipped += counts.skipped;
}

/**
 * Real daemons on a busy machine: what failed runs once more, alone. What passes then is named, since it wants mending;
 * what fails twice is a failure. @returns how many tests failed in the end.
 */
async function failedAgain(failedFiles: ReadonlyMap<string, number>, failed: number): Promise<number> {
  const files = [...failedFiles.keys()];
  if (files.length === 0) return failed;
  console.log(`     once more, alone: ${files.join(', ')}`);
  const again = await runWatched(files, 1, false);
  if (again.failed === 0) console.log(`FLAKY ${files.join(', ')}: passed at the second try`);
  const listed = [...failedFiles.values()].reduce((sum, count) => sum + count, 0);
  return failed - listed + again.failed;
}

finish();

async function runWatched(files: readonly string[], concurrency: number, brief: boolean): Promise<Counts> {
  return await runTests(files, {
    concurrency,
    brief,
    onBegin: (file) => running.add(file),
    onEnd: (file) => {
      running.delete(file);
      watchdog.pat();
    },
  });
}

function finish(): never {
  watchdog.stop();
  const mustNotSkip = process.env['LAZYPULL_REQUIRE'] === 'all' && total.skipped > 0;
  if (mustNotSkip) console.log('FAIL this machine must run every test, and some were skipped');
  const isGood = total.failed === 0 && !mustNotSkip;
  const summaryFile = process.env['GITHUB_STEP_SUMMARY'];
  if (summaryFile) appendFileSync(summaryFile, `${isGood ? 'passed' : 'FAILED'}: ${summary(total)}\n`);
  console.log(summary(total));
  process.exit(isGood ? 0 : 1);
}
