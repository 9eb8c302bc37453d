// The script is run for real; that a boot runs it is in test/e2e/action-docker.test.ts.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { bootRestoreSteps, restoreScript, writeBootRestore } from '../../../action/engine/boot-restore.ts';
import { fakeHost } from '../../support/fake-host.ts';
import { run } from '../../support/run.ts';

test('the script puts files back and removes those that were not there', async (t) => {
  const dir = mkdtempSync(join(tmpdir(), "lazypull-restore's-"));
  t.after(() => rmSync(dir, { recursive: true }));
  const at = (name: string): string => join(dir, name);
  writeFileSync(at('a'), 'changed');
  writeFileSync(at('a.before'), 'as it was');
  utimesSync(at('a.before'), 1000, 1000);
  writeFileSync(at('b'), 'new');
  writeFileSync(at('c'), 'noted, never changed');
  writeFileSync(at('record'), '{}');
  const script = restoreScript(
    [
      { kind: 'restart', units: ['docker.service'] },
      { kind: 'command', command: ['rm', '-r', dir], root: true },
      { kind: 'file', path: at('a'), backup: at('a.before') },
      { kind: 'file', path: at('b') },
      { kind: 'file', path: at('c'), backup: at('c.before') },
    ],
    at('record'),
  );
  // Where this machine is in a job of its own, that one's unit stays.
  const own = script.split('\n').slice(0, -2).join('\n');
  await run('sh', ['-c', `${own}\nrm -f -- "$1"`, 'sh', at('record')]);
  assert.deepEqual(readdirSync(dir).toSorted(), ['a', 'c']);
  assert.equal(readFileSync(at('a'), 'utf8'), 'as it was');
  assert.equal(statSync(at('a')).mtimeMs, 1_000_000);
  assert.equal(readFileSync(at('c'), 'utf8'), 'noted, never changed');
  assert.match(script, /\nrm -f -- .*record' .*lazypull-restore\.service' '\/var\/lib\/lazypull\/restore\.sh'\n$/);
});

test('of two changes of one file the older one counts', async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'lazypull-restore-'));
  t.after(() => rmSync(dir, { recursive: true }));
  const path = join(dir, 'a');
  writeFileSync(path, 'third');
  writeFileSync(`${path}.1`, 'second');
  writeFileSync(`${path}.0`, 'first');
  const steps = [0, 1].map((number) => ({ kind: 'file', path, backup: `${path}.${number}` }) as const);
  const script = restoreScript(steps, '/nowhere');
  await run('sh', ['-c', script.split('\n').slice(0, -2).join('\n')]);
  assert.equal(readFileSync(path, 'utf8'), 'first');
});

test('all that is written is in the steps that remove it, and is before containerd', async () => {
  const { host, commands, written } = fakeHost({});
  await writeBootRestore(host, [], '/record');
  const made = [...written.map(({ path }) => path), ...commands.map((command) => command.split(' ').at(-1) ?? '')];
  const removed = bootRestoreSteps.map((step) => (step.kind === 'remove' ? step.path : ''));
  assert.deepEqual(made.toSorted(), removed.toSorted());
  const unit = written.find(({ path }) => path.endsWith('.service'));
  assert.match(unit?.text ?? '', /^Before=containerd\.service docker\.service$/m);
});
