// Programs in a test machine: entered with nsenter, as root or as the runner's user with all its groups, in a cgroup of
// their own, so that a time limit ends everything that they have started. The environment goes by inheritance, never
// by arguments, which everybody can see.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { inCgroup, killCgroup, removeCgroup } from './machine-cgroup.ts';
import { runnerUser } from './machine-root.ts';
import { requireProgram } from './needs.ts';
import { run, type RunResult } from './run.ts';

/** A command, or a script for `bash -e -o pipefail`. */
export type MachineCommand = readonly string[] | string;

export type MachineUser = 'runner' | 'root';

/** Where a program starts. */
export interface MachineSpawnOptions {
  /** Default: `runner`. */
  readonly user?: MachineUser;
  /** On top of what a login gives: PATH, HOME, USER, LANG. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default: the user's home. */
  readonly cwd?: string;
}

/** How a program is run to its end. */
export interface MachineRunOptions extends MachineSpawnOptions {
  readonly input?: string | Uint8Array;
  /** Ends the program and all that it started; the run rejects. Default two minutes. */
  readonly timeoutMs?: number;
  /** false: a status other than 0 is an answer, not an error. */
  readonly check?: boolean;
  /** Ends the program and all that it started. */
  readonly signal?: AbortSignal | undefined;
}

/** A program that goes on running. */
export interface MachineProcess {
  /** Its standard streams are pipes. It is nsenter's process: signals don't reach the program, `kill` does. */
  readonly child: ChildProcess;
  /** Kills the program and all that it started. */
  kill(): void;
}

/** The machine that programs run in: its first process, and its cgroup. */
export interface Inside {
  readonly init: number;
  readonly cgroup: string;
}

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const NAMESPACES = ['--mount', '--uts', '--ipc', '--net', '--pid', '--cgroup'];
/** run.ts would only end nsenter; the limit is kept here. */
const NEVER_MS = 2 ** 31 - 1;
let count = 0;

/** What a login gives. */
export function loginEnv(user: MachineUser): Record<string, string> {
  return { PATH, HOME: homeOf(user), USER: user, LOGNAME: user, SHELL: '/bin/bash', LANG: 'C.UTF-8' };
}

/** Runs a program. `env` is complete. @throws Error when the time is over, or for its status unless `check` is false. */
export async function runInside(
  inside: Inside,
  command: MachineCommand,
  env: Readonly<Record<string, string>>,
  options: MachineRunOptions,
): Promise<RunResult> {
  const { timeoutMs = 120_000, input, check = true, signal } = options;
  const group = newGroup(inside);
  let late = false;
  const end = (): void => killCgroup(group);
  const timer = setTimeout(() => {
    late = true;
    end();
  }, timeoutMs);
  signal?.addEventListener('abort', end);
  try {
    signal?.throwIfAborted();
    const [file, args] = inCgroup(group, entering(inside, command, options));
    const result = await run(file, args, {
      env,
      timeoutMs: NEVER_MS,
      check: false,
      ...(input === undefined ? {} : { input }),
    });
    if (late) throw new Error(`${textOf(command)}: no end after ${timeoutMs / 1000} s: ${tail(result)}`);
    if (check && result.status !== 0) throw new Error(`${textOf(command)}: status ${result.status}: ${tail(result)}`);
    return result;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', end);
    // What the program left running stays in it.
    removeCgroup(group);
  }
}

/** Starts a program that goes on running. `env` is complete. */
export function spawnInside(
  inside: Inside,
  command: MachineCommand,
  env: Readonly<Record<string, string>>,
  options: MachineSpawnOptions,
): MachineProcess {
  const group = newGroup(inside);
  const [file, args] = inCgroup(group, entering(inside, command, options));
  return { child: spawn(file, args, { env, stdio: 'pipe' }), kill: () => killCgroup(group) };
}

/** The same for somebody else to start: from outside, with the user's groups, in a cgroup of its own. */
export function commandInside(
  inside: Inside,
  command: MachineCommand,
  options: MachineSpawnOptions,
): { readonly command: string[]; readonly group: string } {
  const group = newGroup(inside);
  const [file, args] = inCgroup(group, entering(inside, command, options));
  return { command: [file, ...args], group };
}

function newGroup({ cgroup }: Inside): string {
  const group = join(cgroup, 'runner', `${++count}`);
  mkdirSync(group, { recursive: true });
  return group;
}

function entering({ init }: Inside, command: MachineCommand, options: MachineSpawnOptions): string[] {
  const { user = 'runner' } = options;
  const { uid, gid } = runnerUser;
  const become = user === 'root' ? [] : ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--init-groups', '--'];
  const enter = [requireProgram('nsenter'), `--target=${init}`, ...NAMESPACES, '--'];
  const program = typeof command === 'string' ? ['bash', '-e', '-o', 'pipefail', '-c', command] : command;
  return [...enter, ...become, 'env', '-C', options.cwd ?? homeOf(user), '--', ...program];
}

function homeOf(user: MachineUser): string {
  return user === 'root' ? '/root' : runnerUser.home;
}

function textOf(command: MachineCommand): string {
  return typeof command === 'string' ? command : command.join(' ');
}

function tail({ stdout, stderr }: RunResult): string {
  return (stderr.trim() || stdout.trim()).slice(-2000);
}
