// A real containerd, of either generation, in a folder of its own: started, waited for, spoken to with ctr, and taken
// away with its shims and mounts.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, openSync, closeSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { containerdConfig, type ContainerdConfig } from './containerd-config.ts';
import { unmountBelow } from './mounts.ts';
import { requireProgram, toolsDir } from './needs.ts';
import { run, type RunOptions, type RunResult } from './run.ts';

/** What a test chooses; see ContainerdConfig for the rest. */
export interface ContainerdOptions extends Omit<ContainerdConfig, 'socketPath'> {
  /** Default `<dir>/containerd.sock`. */
  readonly socketPath?: string;
  /** Name of a network namespace below /run/netns that containerd and its containers run in. */
  readonly netns?: string;
  /** Namespace of `ctr`. Default `default`. */
  readonly namespace?: string;
}

/** A running containerd. Disposing stops it. */
export interface Containerd extends AsyncDisposable {
  readonly socketPath: string;
  readonly pid: number;
  /** Runs `ctr` of the same generation, with address and namespace set. */
  ctr(args: readonly string[], options?: RunOptions): Promise<RunResult>;
  /** Runs `ctr-remote`, the reference client of lazy pulling. */
  ctrRemote(args: readonly string[], options?: RunOptions): Promise<RunResult>;
  /** Says how a registry is reached, for every way to pull. `url` is what requests go to, e.g. `http://127.0.0.1:5000`. */
  addRegistry(host: string, url: string): void;
  /** The folder to give to `ctr images pull --hosts-dir`. */
  readonly hostsDir: string;
  /** What it wrote so far, for a failing test's message. */
  log(): string;
  /** SIGKILL, leaving state, tasks and mounts as they are: what a crash leaves. */
  kill(): Promise<void>;
  /** Ends its tasks, itself and its shims, and unmounts everything below its folder. */
  stop(): Promise<void>;
}

/** The folder of programs of a generation, for `needs()`: `needs('root', containerdProgram('2'))`. */
export function containerdProgram(version: '1.7' | '2'): string {
  return `containerd-${version}/bin/containerd`;
}

/**
 * Starts containerd and waits until it answers.
 * @throws Error with its log's end when it does not within 30 s.
 */
export async function startContainerd(options: ContainerdOptions): Promise<Containerd> {
  const { version, dir, netns } = options;
  const socketPath = options.socketPath ?? join(dir, 'containerd.sock');
  const hostsDir = join(dir, 'certs.d');
  for (const folder of ['root', 'state', 'opt', 'certs.d']) mkdirSync(join(dir, folder), { recursive: true });
  const configPath = join(dir, 'config.toml');
  writeFileSync(configPath, containerdConfig({ ...options, socketPath }));
  const program = requireProgram(containerdProgram(version));
  const environment = programEnvironment(program);
  const logPath = join(dir, 'containerd.log');
  const child = spawnIn(netns, program, ['--config', configPath], environment, logPath);
  const ctrProgram = join(dirname(program), 'ctr');
  const base = ['--address', socketPath, '--namespace', options.namespace ?? 'default'];
  const containerd: Containerd = {
    socketPath,
    pid: child.pid ?? -1,
    hostsDir,
    ctr: (args, runOptions) => run(...inNetns(netns, ctrProgram, [...base, ...args]), withEnv(environment, runOptions)),
    ctrRemote: (args, runOptions) =>
      run(...inNetns(netns, requireProgram('ctr-remote'), [...base, ...args]), withEnv(environment, runOptions)),
    addRegistry: (host, url) => {
      writeHosts(hostsDir, host, url);
    },
    log: () => readFileSync(logPath, 'utf8'),
    kill: () => end(child, 'SIGKILL'),
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) await endTasks(containerd, ctrProgram, environment);
      await end(child, 'SIGTERM');
      endShims(socketPath);
      await unmountBelow(dir);
    },
    [Symbol.asyncDispose]: () => containerd.stop(),
  };
  try {
    await untilReady(containerd, child);
  } catch (error) {
    await containerd.stop();
    throw error;
  }
  return containerd;
}

/**
 * `ctr run` loses the output of a container that ends before ctr has opened its end of the pipe, as happens on a busy
 * machine. A container that has said nothing is run again, twice at most: one that should have, still fails its test.
 */
export async function untilOutput(runContainer: () => Promise<string>): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const output = await runContainer();
    if (output !== '' || attempt === 3) return output;
  }
}

async function untilReady(containerd: Containerd, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const { status } = await containerd.ctr(['version'], { check: false, timeoutMs: 10_000 });
    if (status === 0) return;
    if (child.exitCode !== null || Date.now() > deadline) {
      throw new Error(`containerd does not answer:\n${containerd.log().slice(-3000)}`);
    }
    await sleep(50);
  }
}

// containerd finds its shim and runc, and runc finds nothing else, by PATH.
function programEnvironment(program: string): NodeJS.ProcessEnv {
  const path = [dirname(program), join(toolsDir, 'bin'), process.env['PATH'] ?? '', '/usr/sbin', '/sbin'];
  return { ...process.env, PATH: path.join(delimiter), OTEL_TRACES_EXPORTER: 'none' };
}

function withEnv(env: NodeJS.ProcessEnv, options: RunOptions | undefined): RunOptions {
  return { ...options, env: { ...env, ...options?.env } };
}

// Not `ip netns exec`: that mounts another /sys, which hides the cgroups.
function inNetns(netns: string | undefined, program: string, args: readonly string[]): [string, readonly string[]] {
  return netns === undefined ? [program, args] : ['nsenter', [`--net=/run/netns/${netns}`, program, ...args]];
}

function spawnIn(
  netns: string | undefined,
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  logPath: string,
): ChildProcess {
  const log = openSync(logPath, 'a');
  try {
    const [file, rest] = inNetns(netns, program, args);
    return spawn(file, rest, { env, stdio: ['ignore', log, log] });
  } finally {
    closeSync(log);
  }
}

function writeHosts(hostsDir: string, host: string, url: string): void {
  const folder = join(hostsDir, host);
  mkdirSync(folder, { recursive: true });
  const text = `server = ${JSON.stringify(url)}\n[host.${JSON.stringify(url)}]\n  capabilities = ["pull", "resolve", "push"]\n`;
  writeFileSync(join(folder, 'hosts.toml'), text);
}

async function endTasks(containerd: Containerd, ctr: string, env: NodeJS.ProcessEnv): Promise<void> {
  const ask = async (namespace: string, args: readonly string[]): Promise<string[]> => {
    const all = ['--address', containerd.socketPath, '--namespace', namespace, ...args];
    const { stdout } = await run(ctr, all, { env, check: false, timeoutMs: 20_000 });
    return stdout.split('\n').filter((line) => line !== '');
  };
  for (const namespace of await ask('default', ['namespaces', 'list', '-q'])) {
    const tasks = await ask(namespace, ['tasks', 'list', '-q']);
    for (const task of tasks) await ask(namespace, ['tasks', 'delete', '--force', task]);
  }
}

async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await ended;
  clearTimeout(timer);
}

// Shims outlive containerd on purpose. Ours are those that were started with our socket's address.
function endShims(socketPath: string): void {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const words = readFileSync(join('/proc', pid, 'cmdline'), 'utf8').split('\0');
      if (/containerd-shim/.test(words[0] ?? '') && words.includes(socketPath)) process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It ended while we looked.
    }
  }
}
