import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { bootRestoreSteps } from '../../../action/engine/boot-restore.ts';
import { abandonedSteps, applyChanges, type FileChange } from '../../../action/engine/machine-changes.ts';
import type { EngineContext } from '../../../action/engine/model.ts';
import { jobOf } from '../../../action/job.ts';
import { Journal, type UndoStep } from '../../../action/journal.ts';
import { fakeHost, type FakeHost } from '../../support/fake-host.ts';

const RECORD = '/var/lib/lazypull/machine-changes.json';
const UNITS = ['containerd.service', 'docker.service'];
const recordSteps: UndoStep[] = [{ kind: 'remove', path: RECORD }, ...bootRestoreSteps];

interface Bench extends FakeHost {
  readonly context: EngineContext;
  readonly journal: Journal;
  readonly said: string[];
  /** What happened, in its order. */
  readonly events: string[];
}

function bench(files: Record<string, string> = {}, options: { cleanup?: boolean; hosted?: boolean } = {}): Bench {
  const { cleanup = true, hosted = false } = options;
  const fake = fakeHost({ files });
  const events: string[] = [];
  const said: string[] = [];
  const journal = new Journal((steps) => {
    const last = steps.at(-1);
    if (last !== undefined) events.push(`note ${'path' in last ? last.path : last.kind}`);
  });
  const host: EngineContext['host'] = {
    ...fake.host,
    write: (path, text, mode) => {
      events.push(`write ${path}`);
      return fake.host.write(path, text, mode);
    },
    copy: (from, to) => {
      events.push(`copy ${to}`);
      return fake.host.copy(from, to);
    },
  };
  const context = {
    host,
    journal,
    facts: { hosted },
    inputs: { cleanup },
    info: (text: string) => void said.push(`info: ${text}`),
    notice: (text: string) => void said.push(`notice: ${text}`),
  } as unknown as EngineContext;
  return { ...fake, host, context, journal, said, events };
}

function change(path: string, text: string | undefined, more: Partial<FileChange['merged']> = {}): FileChange {
  const backupPath = `${path}.before-lazypull`;
  return {
    file: { path, realPath: path, text, writable: true, backupPath, newFolder: undefined },
    merged: { text: 'new', changed: true, told: [], ...more },
  };
}

suite('changes to the machine', () => {
  test('are noted, recorded and copied before they are made', async () => {
    const { context, journal, events, said, host } = bench({ '/etc/c': 'old' });
    const changes = [change('/etc/c', 'old', { told: ['/etc/c: that is replaced'] }), change('/etc/d', undefined)];
    await applyChanges(context, UNITS, changes, []);
    const steps: UndoStep[] = [
      { kind: 'restart', units: UNITS },
      { kind: 'file', path: '/etc/c', backup: '/etc/c.before-lazypull' },
      { kind: 'file', path: '/etc/d' },
    ];
    assert.deepEqual(journal.steps, [...recordSteps, ...steps]);
    const at = (event: string): number => {
      assert.ok(events.includes(event), event);
      return events.indexOf(event);
    };
    assert.ok(at('note /etc/d') < at(`write ${RECORD}`));
    assert.ok(at(`write ${RECORD}`) < at('copy /etc/c.before-lazypull'));
    assert.ok(at('copy /etc/c.before-lazypull') < at('write /etc/c'));
    assert.deepEqual(JSON.parse((await host.read(RECORD)) ?? ''), { job: jobOf(process.env), steps });
    assert.deepEqual(said, [
      'notice: /etc/c: that is replaced',
      'info: /etc/c is changed; as it was: /etc/c.before-lazypull',
      'info: /etc/d is new',
    ]);
  });

  test('that are none leave no trace', async () => {
    const { context, journal, events, said } = bench();
    await applyChanges(context, [], [change('/etc/c', 'old', { changed: false })], []);
    assert.deepEqual([journal.steps, events, said], [[], [], []]);
  });

  test('are not recorded where they are to stay, or where the machine does not boot again', async () => {
    for (const options of [{ cleanup: false }, { hosted: true }]) {
      const { context, journal, written } = bench({ '/etc/c': 'old' }, options);
      await applyChanges(context, UNITS, [change('/etc/c', 'old')], []);
      assert.deepEqual(
        written.map(({ path }) => path),
        ['/etc/c'],
      );
      assert.equal(journal.steps.at(-1)?.kind, 'file');
    }
  });

  test('of a job that died are taken over, before those of this one', async () => {
    const abandoned: UndoStep[] = [
      { kind: 'restart', units: UNITS },
      { kind: 'file', path: '/etc/c', backup: '/etc/c.before-lazypull' },
    ];
    const { context, journal, host } = bench();
    await applyChanges(context, UNITS, [change('/etc/d', 'old')], abandoned);
    // Undone, one restart at the end is enough.
    const steps = [...abandoned, { kind: 'file', path: '/etc/d', backup: '/etc/d.before-lazypull' }];
    assert.deepEqual(journal.steps, [...recordSteps, ...steps]);
    const recorded = JSON.parse((await host.read(RECORD)) ?? '') as { steps: unknown };
    assert.deepEqual(recorded.steps, steps);
  });

  test('of a job that died need a restart of their own when theirs was of less', async () => {
    const abandoned: UndoStep[] = [{ kind: 'restart', units: ['containerd.service'] }];
    const { context, journal } = bench();
    await applyChanges(context, UNITS, [change('/etc/d', 'old')], abandoned);
    assert.deepEqual(journal.steps.filter(({ kind }) => kind === 'restart').length, 2);
  });
});

suite('the record of changes', () => {
  const steps: UndoStep[] = [{ kind: 'restart', units: UNITS }];

  test('is of a job that died when it is not of this one', async () => {
    const read = (text: string): Promise<readonly UndoStep[]> =>
      abandonedSteps(fakeHost({ files: { [RECORD]: text } }).host);
    assert.deepEqual(await read(JSON.stringify({ job: 'another', steps })), steps);
    assert.deepEqual(await read(JSON.stringify({ job: jobOf(process.env), steps })), []);
  });

  test('may be absent, or only half there', async () => {
    assert.deepEqual(await abandonedSteps(fakeHost({}).host), []);
    for (const text of ['', '{"job": "anot', '{}', 'null', '{"job": "another"}'])
      assert.deepEqual(await abandonedSteps(fakeHost({ files: { [RECORD]: text } }).host), []);
  });
});
