// The keeper of one test machine, a process of its own so that it outlives the test: it starts the machine, passes on the
// word to boot, and takes everything away as soon as its standard input closes, also when the test was killed.
//   node machine-main.ts '{"cgroup": ..., "netns": ..., "device": ..., "boot": {...}}'
// It prints one JSON line with the process id of the machine's init, as this machine sees it.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { bootArguments, type BootOptions } from './machine-boot.ts';
import { childIn, inCgroup, killCgroup, processesOf, removeCgroup } from './machine-cgroup.ts';
import { requireProgram } from './needs.ts';
import { run } from './run.ts';
import { until } from './until.ts';

/** What the keeper is told. */
export interface KeeperOptions {
  /** The folder of the machine's cgroup, which is there and empty. */
  readonly cgroup: string;
  /** Network namespace below /run/netns that the machine lives in; a new one when absent. */
  readonly netns?: string;
  /** Network device of this machine that goes with the test machine. */
  readonly device: string;
  readonly boot: BootOptions;
}

// The group is joined before the namespaces are made, so that it is the root of what the machine sees.
function start({ cgroup, netns, boot }: KeeperOptions): ChildProcess {
  const namespaces = ['--mount', '--pid', '--uts', '--ipc', '--cgroup', ...(netns === undefined ? ['--net'] : [])];
  const enter = netns === undefined ? [] : [requireProgram('nsenter'), `--net=/run/netns/${netns}`];
  const unshare = [requireProgram('unshare'), ...namespaces, '--fork', '--kill-child', '--propagation=private'];
  const [file, args] = inCgroup(cgroup, [...enter, ...unshare, 'sh', ...bootArguments(boot)]);
  const log = openSync(join(boot.state, 'boot.log'), 'a');
  try {
    const env = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' };
    return spawn(file, args, { env, stdio: ['pipe', 'pipe', log] });
  } finally {
    closeSync(log);
  }
}

async function assembled(child: ChildProcess, { boot, cgroup }: KeeperOptions): Promise<number> {
  const exit = once(child, 'exit').then(() => undefined);
  const data = await Promise.race([child.stdout === null ? exit : once(child.stdout, 'data'), exit]);
  if (data === undefined) {
    throw new Error(`the machine could not be assembled: ${readFileSync(join(boot.state, 'boot.log'), 'utf8')}`);
  }
  const init = childIn(cgroup, child.pid);
  if (init === undefined) throw new Error(`the machine has no first process in ${cgroup}`);
  return init;
}

// The first process takes all others of its namespace with it, and is reaped by its parent, which then ends by itself.
// What is left after that are programs at our end of a namespace.
async function takeAway(child: ChildProcess, options: KeeperOptions, init: number | undefined): Promise<void> {
  const { cgroup, device, boot } = options;
  const running = child.exitCode === null && child.signalCode === null;
  const exit = running ? once(child, 'exit') : undefined;
  if (running && init !== undefined) process.kill(init, 'SIGKILL');
  else killCgroup(cgroup);
  await exit;
  killCgroup(cgroup);
  await until(() => processesOf(cgroup).length === 0 && removeCgroup(cgroup), `the end of all processes in ${cgroup}`);
  await run(requireProgram('ip'), ['link', 'delete', device], { check: false });
  await freeLoops(boot.state);
  rmSync(boot.state, { recursive: true });
}

// Loop devices are the whole system's: one that the machine did not free is freed here, known by its file's inode, since
// the name of the file is the one that it had in there.
async function freeLoops(state: string): Promise<void> {
  const { stdout } = await run('losetup', ['--list', '--json', '--output', 'NAME,BACK-MAJ:MIN,BACK-INO']);
  if (stdout === '') return;
  const { dev } = statSync(state);
  const own = `${(dev >> 8) & 0xfff}:${(dev & 0xff) | ((dev >> 12) & 0xfff00)}`;
  const { loopdevices } = JSON.parse(stdout) as { loopdevices: Record<string, string | number>[] };
  for (const { name = '', 'back-maj:min': device = '', 'back-ino': inode = '' } of loopdevices) {
    if (String(device).trim() !== own) continue;
    const found = await run('find', [state, '-xdev', '-inum', String(inode), '-print', '-quit']);
    if (found.stdout !== '') await run('losetup', ['--detach', String(name)]);
  }
}

const options = JSON.parse(process.argv[2] ?? '') as KeeperOptions;
// Who was to read it may have been killed: all the more has to be taken away.
process.stdout.on('error', () => {});
const child = start(options);
let init: number | undefined;
try {
  const input = createInterface({ input: process.stdin });
  // Listened to from the start: a test that is killed while its machine is assembled closes it before anybody waits.
  const over = once(input, 'close');
  input.on('line', (line) => child.stdin?.end(`${line}\n`));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => input.close());
  init = await assembled(child, options);
  process.stdout.write(`${JSON.stringify({ init })}\n`);
  await over;
} finally {
  await takeAway(child, options, init);
}
