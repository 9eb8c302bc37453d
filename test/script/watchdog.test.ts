import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { descendantsOf } from '../../script/watchdog.ts';
import { until } from '../support/until.ts';

const SCRIPT = fileURLToPath(new URL('../../script', import.meta.url));

suite('The watchdog of a test run', () => {
  const dir = mkdtempSync(join(tmpdir(), 'lazypull-watchdog-'));
  after(() => rmSync(dir, { recursive: true, force: true }));

  /** A run of test files, watched as script/test-all.ts does it. */
  async function watched(name: string, ...bodies: string[]): Promise<{ output: string; status: number | null }> {
    const files = bodies.map((body, index) => {
      const file = `${name}${index === 0 ? '' : index}.test.mjs`;
      writeFileSync(join(dir, file), body);
      return file;
    });
    const main = join(dir, `${name}-main.ts`);
    writeFileSync(
      main,
      `import { runTests } from '${SCRIPT}/run-tests.ts';
import { Watchdog } from '${SCRIPT}/watchdog.ts';
const running = new Set();
const dog = new Watchdog({
  stallMs: 2000, limitMs: 60_000, running: () => [...running],
  giveUp: (reason) => { console.log('GAVE UP ' + reason); process.exit(7); },
});
const counts = await runTests(${JSON.stringify(files)}, {
  concurrency: 1, onBegin: (name) => running.add(name), onEnd: (name) => { running.delete(name); dog.pat(); },
});
console.log('ENDED ' + counts.failed);
process.exit(0);
`,
    );
    // Without node:test's own variable, which would keep a run within a run from running anything.
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const child = spawn(process.execPath, [main], { cwd: dir, env, stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (part: Buffer) => (output += part.toString()));
    const [status] = (await once(child, 'close')) as [number | null];
    return { output, status };
  }

  test('ends a test file that does not end, says which, and the run goes on', async () => {
    const { output, status } = await watched(
      'hangs',
      "import { test } from 'node:test';\ntest('hangs', () => new Promise(() => setInterval(() => {}, 1000)));\n",
    );
    assert.match(output, /^STUCK nothing has ended for .*; running: hangs\.test\.mjs$/m);
    // What ran, with what it waits for.
    assert.match(output, /^ +\d+ .*hangs\.test\.mjs/m);
    assert.match(output, /^ENDED 1$/m);
    assert.equal(status, 0);
  });

  test('does nothing to files that end, however long all of them take', async () => {
    const body = (seconds: number): string =>
      `import { test } from 'node:test';\ntest('ends', () => new Promise((done) => setTimeout(done, ${seconds * 1000})));\n`;
    const { output, status } = await watched('ends', body(1.2), body(1.2));
    assert.match(output, /^ENDED 0$/m);
    assert.doesNotMatch(output, /STUCK|GAVE UP/);
    assert.equal(status, 0);
  });

  test('finds the processes below one, at every depth', async () => {
    const child: ChildProcess = spawn('sh', ['-c', 'sleep 60 & sleep 61 & wait'], { detached: true, stdio: 'ignore' });
    try {
      await until(() => descendantsOf(child.pid!).length === 2, 'two children');
      assert.ok(descendantsOf(process.pid).includes(child.pid!));
      assert.ok(!descendantsOf(child.pid!).includes(child.pid!));
    } finally {
      process.kill(-child.pid!, 'SIGKILL');
    }
  });
});
