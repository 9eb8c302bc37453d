// Our own workflows: actions of others by commit, no more permissions than needed, an end to every job, and no text of an
// event or of an image in a script.
import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Workflow {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly concurrency?: object;
  readonly jobs: Readonly<Record<string, { readonly 'timeout-minutes'?: number; readonly steps: readonly Step[] }>>;
}

for (const path of globSync('.github/workflows/*.yml', { cwd: PROJECT })) {
  suite(path, () => {
    const text = readFileSync(join(PROJECT, path), 'utf8');
    const workflow = parse(text, { merge: true }) as Workflow;
    const jobs = Object.entries(workflow.jobs);
    const steps = jobs.flatMap(([, job]) => job.steps);

    test('uses actions by commit, with the version beside it, or our own', () => {
      const lines = text.split('\n').filter((line) => /^\s*(- )?uses:/.test(line));
      assert.ok(lines.length > 0);
      for (const line of lines) assert.match(line, /uses: (\.\/[\w/-]*|[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$/);
      for (const { uses } of steps) {
        if (uses?.startsWith('./') === true) assert.ok(existsSync(join(PROJECT, uses, 'action.yml')), uses);
      }
    });

    test('may read the contents, and writes only what a job says', () => {
      assert.deepEqual(workflow.permissions, { contents: 'read' });
      assert.ok(workflow.concurrency !== undefined);
      for (const [name, job] of jobs) assert.ok((job['timeout-minutes'] ?? 0) > 0, `${name} has no timeout-minutes`);
    });

    test('leaves no token in the checkout', () => {
      const checkouts = steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'));
      assert.ok(checkouts.every((step) => step.with?.['persist-credentials'] === false));
    });

    test('has no expressions in scripts', () => {
      for (const { run } of steps) assert.doesNotMatch(run ?? '', /\$\{\{/);
    });
  });
}
