import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { createHost } from '../../action/host.ts';
import { Journal, type UndoStep } from '../../action/journal.ts';
import { startService, stopService, type Service, type ServiceStep } from '../../action/process.ts';
import { Place } from '../../action/state.ts';
import { fakeHost } from '../support/fake-host.ts';
import { needs } from '../support/needs.ts';
import { SudoUser } from '../support/sudo-user.ts';

interface Bench {
  readonly dir: string;
  readonly journal: Journal;
  /** A service that runs a shell script. */
  readonly service: (script: string, more?: Partial<Service>) => Service;
}

let count = 0;

function bench(t: TestContext, host: ReturnType<typeof createHost>): Bench {
  const dir = mkdtempSync(join(tmpdir(), 'lazypull-process-'));
  const journal = new Journal(() => {});
  const name = `test-${process.pid}-${++count}`;
  t.after(async () => {
    for (const step of journal.take()) await stopService(host, step as ServiceStep);
    rmSync(dir, { recursive: true, force: true });
  });
  const service = (script: string, more: Partial<Service> = {}): Service => ({
    name,
    command: ['/bin/sh', '-c', script],
    logPath: join(dir, 'log'),
    ready: () => Promise.resolve(existsSync(join(dir, 'ready'))),
    signal: new AbortController().signal,
    ...more,
    env: { DIR: dir, ...more.env },
  });
  return { dir, journal, service };
}

const runs = (pid: number): boolean =>
  existsSync(`/proc/${pid}/stat`) && !/ [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));

const detached = needs('root', 'setsid') || (existsSync('/run/systemd/system') && 'systemd runs this machine');

suite('a service without systemd', { skip: detached }, () => {
  const host = createHost('root');
  const SERVE = 'echo $$ > "$DIR/pid"; env > "$DIR/env"; echo started; touch "$DIR/ready"; exec sleep 600';

  test('runs in a session of its own, with its log, and is stopped by its journal entry', async (t) => {
    const { dir, journal, service } = bench(t, host);
    await startService(host, journal, service(SERVE));
    const pid = Number(readFileSync(join(dir, 'pid'), 'utf8'));
    const [step] = journal.steps;
    assert.ok(step?.kind === 'process');
    assert.equal(step.pid, pid);
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(' ');
    assert.deepEqual([fields[4], fields[5]], [String(pid), String(pid)]);
    assert.equal(readFileSync(join(dir, 'log'), 'utf8'), 'started\n');
    assert.ok(runs(pid));
    await stopService(host, step);
    assert.equal(runs(pid), false);
    await stopService(host, step);
  });

  test('has the environment that it is given and nothing of this process', async (t) => {
    const { dir, journal, service } = bench(t, host);
    process.env['RUNNER_TRACKING_ID'] = 'github_1';
    t.after(() => delete process.env['RUNNER_TRACKING_ID']);
    const value = '"q" $x `y` \\ \n end';
    await startService(
      host,
      journal,
      service(`printf %s "$VALUE" > "$DIR/value"; ${SERVE}`, { env: { VALUE: value } }),
    );
    assert.equal(readFileSync(join(dir, 'value'), 'utf8'), value);
    const names = [...readFileSync(join(dir, 'env'), 'utf8').matchAll(/^(\w+)=/gm)].map(([, name = '']) => name);
    assert.deepEqual(names.filter((name) => !/^(PWD|OLDPWD|SHLVL|_)$/.test(name)).toSorted(), ['DIR', 'PATH', 'VALUE']);
  });

  test('leaves no file with its environment, and none of its arguments has a value of it', async (t) => {
    const { dir, journal, service } = bench(t, host);
    const wanted = service(SERVE, { env: { TOKEN: 'hidden-value' } });
    await startService(host, journal, wanted);
    const pid = Number(readFileSync(join(dir, 'pid'), 'utf8'));
    assert.doesNotMatch(readFileSync(`/proc/${pid}/cmdline`, 'latin1'), /hidden-value/);
    assert.deepEqual(
      readdirSync(Place.FOLDER).filter((name) => name.startsWith(`${wanted.name}.env`)),
      [],
    );
  });

  test('that ends before it is ready is told with the end of its log', async (t) => {
    const { journal, service } = bench(t, host);
    const failing = service('echo "no such snapshotter" >&2; exit 1');
    await assert.rejects(startService(host, journal, failing), {
      code: 'SYSTEM',
      message: /^test-\d+-\d+ ended (before it was ready|at once); the end of .*log:\nno such snapshotter$/,
    });
  });

  test('that can not be executed says so', async (t) => {
    const { journal, service } = bench(t, host);
    const failing = { ...service(''), command: ['/nowhere/program'] };
    await assert.rejects(startService(host, journal, failing), { code: 'SYSTEM', message: /ended|\/nowhere\/program/ });
  });

  test('that is not ready in time is told with why, and is stopped by the journal', async (t) => {
    const { dir, journal, service } = bench(t, host);
    const slow = service('echo $$ > "$DIR/pid"; echo waiting; exec sleep 600', {
      readyMs: 200,
      ready: () => Promise.reject(new Error('connection refused')),
    });
    await assert.rejects(startService(host, journal, slow), {
      message: /is not ready after 0.2 s: connection refused[^]*waiting/,
    });
    const pid = Number(readFileSync(join(dir, 'pid'), 'utf8'));
    assert.ok(runs(pid));
    for (const step of journal.take()) await stopService(host, step as ServiceStep);
    assert.equal(runs(pid), false);
  });

  test('is not waited for when the job is cancelled', async (t) => {
    const { journal, service } = bench(t, host);
    const cancelled = service('exec sleep 600', { signal: AbortSignal.timeout(100) });
    await assert.rejects(startService(host, journal, cancelled), { name: 'TimeoutError' });
    assert.equal(journal.steps.length, 1);
  });

  test('takes the place of one that an earlier run left behind', async (t) => {
    const { dir, journal, service } = bench(t, host);
    await startService(host, journal, service(SERVE));
    const first = Number(readFileSync(join(dir, 'pid'), 'utf8'));
    rmSync(join(dir, 'ready'));
    await startService(host, new Journal(() => {}), service(SERVE));
    const second = Number(readFileSync(join(dir, 'pid'), 'utf8'));
    assert.notEqual(second, first);
    assert.equal(runs(first), false);
    t.after(() => process.kill(second));
  });

  test('is left alone when another process has its number by now', async (t) => {
    const { dir, journal, service } = bench(t, host);
    await startService(host, journal, service(SERVE));
    const pid = Number(readFileSync(join(dir, 'pid'), 'utf8'));
    await stopService(host, { kind: 'process', name: 'other', pid, startTicks: '1' });
    assert.ok(runs(pid));
  });

  test('writes a log that everybody can read', async (t) => {
    const { dir, journal, service } = bench(t, host);
    await startService(host, journal, service(SERVE));
    assert.equal(statSync(join(dir, 'log')).mode & 0o777, 0o644);
  });
});

suite('a service of a user with sudo', { skip: detached || needs('setpriv') }, () => {
  test('runs as root, in a session of its own, and the user stops it', async () => {
    using user = new SudoUser({ sudo: true });
    const { stdout } = await user.script(`import { existsSync, readFileSync } from 'node:fs';
import { createHost } from './action/host.ts';
import { Journal } from './action/journal.ts';
import { startService, stopService } from './action/process.ts';
const dir = process.env['HOME'] ?? '';
const host = createHost('sudo');
const journal = new Journal(() => {});
await startService(host, journal, {
  name: 'test-sudo-' + process.pid,
  command: ['/bin/sh', '-c', 'id -u > "$DIR/id"; env > "$DIR/env"; touch "$DIR/ready"; exec sleep 600'],
  env: { DIR: dir, SECRET: 'hidden' },
  logPath: dir + '/log',
  ready: () => Promise.resolve(existsSync(dir + '/ready')),
  signal: new AbortController().signal,
});
const [step] = journal.steps;
if (step?.kind !== 'process') throw new Error('no process');
const runs = (): boolean => existsSync('/proc/' + step.pid) && !/ [ZX] /.test(readFileSync('/proc/' + step.pid + '/stat', 'latin1'));
const before = runs();
await stopService(host, step);
console.log(JSON.stringify({ id: readFileSync(dir + '/id', 'utf8'), env: readFileSync(dir + '/env', 'utf8'), before, after: runs() }));`);
    const { id, env, before, after } = JSON.parse(stdout) as Record<string, unknown>;
    assert.deepEqual([id, before, after], ['0\n', true, false]);
    assert.match(String(env), /^SECRET=hidden$/m);
    assert.doesNotMatch(String(env), /^HOME=/m);
    assert.doesNotMatch(readFileSync(join(user.dir, 'bin', 'log'), 'utf8'), /hidden/);
  });
});

suite('a service under systemd', () => {
  const service = (more: Partial<Service> = {}): Service => ({
    name: 'lazypull-x',
    command: ['/bin/x', 'arg'],
    env: { TOKEN: 'hidden' },
    logPath: '/run/x.log',
    ready: () => Promise.resolve(true),
    signal: new AbortController().signal,
    ...more,
  });
  const machine = (answers: Parameters<typeof fakeHost>[0]['answers'] = []): ReturnType<typeof fakeHost> =>
    fakeHost({
      files: { '/run/systemd/system': '', '/run/x.log': 'one\ntwo\n', '/proc/1/status': 'CapEff:\t1ffffffffff\n' },
      answers: [...answers, [/^systemctl show --property=LoadState/, 'not-found\n'], [/^systemctl show/, 'active\n']],
    });

  test('is a transient unit, noted before it is started, with its environment in a file for root only', async () => {
    const { host, commands, written } = machine();
    const steps: UndoStep[] = [];
    const journal = new Journal((all) => {
      assert.doesNotMatch(commands.join('\n'), /systemd-run/);
      steps.splice(0, steps.length, ...all);
    });
    await startService(host, journal, service({ notify: true }));
    assert.deepEqual(steps, [{ kind: 'unit', name: 'lazypull-x.service' }]);
    const started = commands.find((command) => command.includes('systemd-run')) ?? '';
    assert.match(started, /^root: systemd-run --unit=lazypull-x.service --collect --quiet .*--property=Type=notify/);
    assert.match(started, / -- \/bin\/x arg$/);
    assert.doesNotMatch(commands.join('\n'), /hidden/);
    const [file] = written;
    assert.equal(file?.path, '/run/lazypull-action/lazypull-x.env');
    assert.equal(file?.mode, 0o600);
    assert.match(file?.text ?? '', /^TOKEN="hidden"$/m);
    assert.equal(await host.read('/run/lazypull-action/lazypull-x.env'), undefined);
  });

  test('that is started again when it dies keeps its environment, for root only', async () => {
    const { host, written } = machine();
    await startService(host, new Journal(() => {}), service({ restart: true }));
    assert.match((await host.read('/run/lazypull-action/lazypull-x.env')) ?? '', /^TOKEN="hidden"$/m);
    assert.equal(written[0]?.mode, 0o600);
  });

  test('that does not start is told with what systemd says and the end of its log', async () => {
    const { host } = machine([[/^systemd-run/, { status: 1, stderr: 'Job failed.' }]]);
    await assert.rejects(startService(host, new Journal(() => {}), service()), {
      message: /^lazypull-x did not start: Job failed\.; the end of \/run\/x\.log:\none\ntwo$/,
    });
  });

  test('that is inactive before it is ready has ended', async () => {
    const { host } = machine([[/ActiveState/, 'inactive\n']]);
    const dying = service({ ready: () => Promise.resolve(false) });
    await assert.rejects(startService(host, new Journal(() => {}), dying), { message: /ended before it was ready/ });
  });

  test('whose name an earlier run has taken: that one is stopped first', async () => {
    const { host, commands } = machine([[/LoadState/, 'loaded\n']]);
    await startService(host, new Journal(() => {}), service());
    const [, stop, reset] = commands;
    assert.equal(stop, 'root: systemctl stop lazypull-x.service');
    assert.equal(reset, 'root: systemctl reset-failed lazypull-x.service');
  });

  test('is stopped by name; one that is not there is no error, one that does not stop is', async () => {
    const there = machine([[/LoadState/, 'loaded\n']]);
    await stopService(there.host, { kind: 'unit', name: 'lazypull-x.service' });
    assert.ok(there.commands.includes('root: systemctl stop lazypull-x.service'));
    const gone = machine();
    await stopService(gone.host, { kind: 'unit', name: 'lazypull-x.service' });
    assert.doesNotMatch(gone.commands.join('\n'), /stop/);
    const stuck = machine([
      [/LoadState/, 'loaded\n'],
      [/^systemctl stop/, { status: 1, stderr: 'timed out' }],
    ]);
    await assert.rejects(stopService(stuck.host, { kind: 'unit', name: 'lazypull-x.service' }), { code: 'SYSTEM' });
  });
});
