// The second half of script/test, once script/setup has run: format, lint and types, then every test. Each of the three
// checks counts as one test. With LAZYPULL_REQUIRE=all, as CI sets it, a skipped test is a failure.
import { spawnSync } from 'node:child_process';
import { appendFileSync, readFileSync } from 'node:fs';
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

/** Their containers are BuildKit's or the recorder's, with names that nobody else has. */
const BESIDE = /\/(build-\w+(-\w+)?|builds|export|frontend|optimize|policy)\.test\.ts$/;
const MACHINE = /from '\.\.\/support\/(machine|podman-machine|action-jobs|engine-machine)\.ts'/;
const [beside, shared] = partition(
  testFiles('e2e'),
  (file) => BESIDE.test(file) || MACHINE.test(readFileSync(file, 'utf8')),
);
// What shares this machine's mounts and namespaces runs one after the other; beside it runs what boots machines of its own, or
// is known not to care.
for (const lanes of [
  [{ kind: 'unit', files: testFiles('unit'), concurrency: 2, brief: true }],
  [
    { kind: 'e2e', files: shared, concurrency: 1, brief: false },
    { kind: 'e2e beside them', files: beside, concurrency: 1, brief: false },
  ],
]) {
  for (const { kind, files } of lanes) console.log(`     ${kind}: ${files.length} files`);
  const all = await Promise.all(lanes.map((lane) => runWatched(lane.files, lane.concurrency, lane.brief)));
  const counts = addCounts(all);
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

function partition<T>(items: readonly T[], holds: (item: T) => boolean): [T[], T[]] {
  return [items.filter(holds), items.filter((item) => !holds(item))];
}

function addCounts(all: readonly Counts[]): Counts {
  const sum = (count: (counts: Counts) => number): number => all.reduce((total, counts) => total + count(counts), 0);
  return {
    passed: sum(({ passed }) => passed),
    failed: sum(({ failed }) => failed),
    skipped: sum(({ skipped }) => skipped),
    failedFiles: new Map(all.flatMap(({ failedFiles }) => [...failedFiles])),
  };
}

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
