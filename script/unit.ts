// `npm run check:unit`: all tests but test/e2e. Names of files or folders as arguments choose among them.
import { runTests, summary, testFiles } from './run-tests.ts';

const chosen = process.argv.slice(2);
const files = testFiles('unit').filter((file) => chosen.length === 0 || chosen.some((name) => file.startsWith(name)));
const counts = await runTests(files, { concurrency: 2 });
console.log(summary(counts));
process.exit(counts.failed === 0 ? 0 : 1);
