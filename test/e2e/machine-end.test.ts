// What a test machine (test/support/machine.ts) leaves on this one, however it ends: nothing.
import assert from 'node:assert/strict';
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Readable } from 'node:stream';
import { test } from 'node:test';
import { type Machine, machineNeeds, openMachine } from '../support/machine.ts';
import { cgroupMount } from '../support/machine-cgroup.ts';
import { mountsBelow } from '../support/mounts.ts';
import { requireProgram } from '../support/needs.ts';
import { run } from '../support/run.ts';
import { until } from '../support/until.ts';

const skip = machineNeeds('skopeo');
const none = { docker: 'stopped', containerd: 'stopped' } as const;
const STATES = '/var/tmp';

/** What is known of a machine while it runs, to look for afterwards. */
interface Traces {
  readonly state: string;
  readonly cgroup: string;
  readonly namespace: string;
}

function tracesOf(init: number): Traces {
  // As seen from here: .../lazypull-machine-XXXXXX/init.scope
  const group = /^0::(.*\/(lazypull-machine-[^/]+))\//m.exec(readFileSync(`/proc/${init}/cgroup`, 'utf8'));
  assert.ok(group?.[1] !== undefined && group[2] !== undefined);
  const cgroup = join(cgroupMount() ?? assert.fail(), group[1]);
  return { state: join(STATES, group[2]), cgroup, namespace: readlinkSync(`/proc/${init}/ns/pid`) };
}

function processesIn(namespace: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readlinkSync(`/proc/${pid}/ns/pid`) === namespace;
    } catch {
      // It has ended while we looked.
      return false;
    }
  });
}

function leftOf({ state, cgroup, namespace }: Traces): string[] {
  const folders = [state, cgroup].filter((path) => existsSync(path));
  return [...folders, ...mountsBelow(state), ...processesIn(namespace)];
}

/** Devices of machines that this process has opened. */
async function devices(pid = process.pid): Promise<string[]> {
  const { stdout } = await run(requireProgram('ip'), ['-o', 'link']);
  return stdout.split('\n').filter((line) => line.includes(` lpm${pid}x`));
}

/** Names of loop devices over a file with this inode. */
async function loops(inode: string): Promise<string[]> {
  const { stdout } = await run('losetup', ['--list', '--noheadings', '--raw', '--output', 'NAME,BACK-INO']);
  return stdout.split('\n').filter((line) => line.endsWith(` ${inode}`));
}

function stateFoldersWith(marker: string): string[] {
  return readdirSync(STATES).filter((name) => existsSync(join(STATES, name, 'upper/etc', marker)));
}

// A detached program, a mount that is in use, and a loop device that nobody frees. @returns the inode of its file.
async function makeMess(machine: Machine): Promise<string> {
  await machine.run('setsid sleep 10000 >/dev/null 2>&1 & sleep 0');
  const lines = [
    'mkdir /var/lib/busy /var/lib/image',
    'mount -t tmpfs busy /var/lib/busy',
    '(cd /var/lib/busy; setsid sleep 10000 >/dev/null 2>&1 &)',
    'truncate -s 1M /var/lib/image/disk',
    'losetup -f /var/lib/image/disk',
    'stat -c %i /var/lib/image/disk',
  ];
  return (await machine.run(lines.join('\n'), { user: 'root' })).stdout.trim();
}

test('a machine with containers, mounts, loop devices and detached programs leaves nothing', { skip }, async () => {
  const machine = await openMachine({ containersRunning: true });
  let traces: Traces | undefined;
  let inode = '';
  try {
    traces = tracesOf(machine.init);
    inode = await makeMess(machine);
    assert.ok(processesIn(traces.namespace).length > 5);
    assert.equal((await loops(inode)).length, 1);
    assert.equal((await devices()).length, 1);
    assert.deepEqual(leftOf(traces).slice(0, 2), [traces.state, traces.cgroup]);
  } finally {
    await machine[Symbol.asyncDispose]();
  }
  assert.deepEqual(leftOf(traces), []);
  assert.deepEqual(await loops(inode), []);
  assert.deepEqual(await devices(), []);
});

test('nothing of a machine is mounted where its tests run', { skip }, async () => {
  await using machine = await openMachine(none);
  const { state } = tracesOf(machine.init);
  assert.deepEqual(mountsBelow(state), []);
  assert.equal((await machine.run('findmnt -no FSTYPE /')).stdout, 'overlay\n');
});

test('a machine that does not come up is an error that says why, and leaves nothing', { skip }, async () => {
  const marker = `marker-${randomUUID()}`;
  const unit = '[Service]\nExecStart=/nowhere/at-all\n';
  const files = { [`/etc/${marker}`]: '', '/etc/systemd/system/containerd.service': unit };
  await assert.rejects(
    openMachine({ docker: 'stopped', files }),
    /containerd\.service failed in the test machine: .*nowhere/s,
  );
  assert.deepEqual(stateFoldersWith(marker), []);
  assert.deepEqual(await devices(), []);
  await using machine = await openMachine({ docker: 'stopped', files, mayFail: ['containerd.service'] });
  assert.equal(machine.init > 0, true);
  assert.equal(stateFoldersWith(marker).length, 1);
});

test('a machine that can not be put together is an error that says why, and leaves nothing', { skip }, async () => {
  const before = processesNamed('machine-main.ts');
  await assert.rejects(
    openMachine({ ...none, mounts: ['/nowhere/at-all'] }),
    /could not be assembled: .*\/nowhere\/at-all/s,
  );
  assert.deepEqual(processesNamed('machine-main.ts').length, before.length);
  assert.deepEqual(await devices(), []);
});

function processesNamed(part: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(part);
    } catch {
      return false;
    }
  });
}

/** A process that opens a machine, prints the process id of its init and goes on. */
function spawnOpener(): ChildProcessByStdio<null, Readable, null> {
  const module = fileURLToPath(new URL('../support/machine.ts', import.meta.url));
  const script = `
    const { openMachine } = await import(${JSON.stringify(module)});
    console.log((await openMachine(${JSON.stringify(none)})).init);
    setInterval(() => {}, 1000);`;
  return spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
}

test('a machine ends with the test that opened it, also when that is killed before it is there', { skip }, async () => {
  const child = spawnOpener();
  const keepers = (): string[] => processesNamed(`"device":"lpm${child.pid}x0"`);
  await until(() => keepers().length > 0, 'the keeper of the machine');
  const [, state = ''] = /"state":"([^"]+)"/.exec(readFileSync(`/proc/${keepers()[0]}/cmdline`, 'utf8')) ?? [];
  assert.equal(existsSync(state), true);
  child.kill('SIGKILL');
  await until(() => keepers().length === 0, 'the end of the keeper');
  assert.equal(existsSync(state), false);
  assert.equal(existsSync(join(cgroupMount() ?? assert.fail(), basename(state))), false);
  assert.deepEqual(await devices(child.pid), []);
});

test('a machine ends with the test that opened it, also when that is killed', { skip }, async () => {
  const child = spawnOpener();
  const [init] = (await once(child.stdout, 'data')) as [Buffer];
  const traces = tracesOf(Number(init));
  assert.equal((await devices(child.pid)).length, 1);
  child.kill('SIGKILL');
  await until(() => leftOf(traces).length === 0, `the end of ${traces.state}`);
  assert.deepEqual(await devices(child.pid), []);
});
