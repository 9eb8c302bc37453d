// Starts the processes of steps on this machine, and finds those that a job left behind.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Execute, ExecuteOptions, Execution, Orphan } from './runner-job.ts';

/** The runner waits so long for streams that a child of the step holds open, and no longer. */
const HELD_STREAMS_MS = 5000;
const INTERRUPT_MS = 7500;
const TERMINATE_MS = 2500;

/** Runs a command of this machine; standard input is empty. */
export const executeLocally: Execute = async (command, options) => {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { env: { ...options.env }, cwd: options.cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  const closed = once(child, 'close');
  const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  using _ = cancelling(child, options);
  // A program that can't be started emits an error, and `once` rejects.
  const [code] = await Promise.race([exited, closed.then(() => exited)]);
  const patience = new AbortController();
  await Promise.race([closed, sleep(HELD_STREAMS_MS, undefined, { signal: patience.signal }).catch(() => {})]);
  patience.abort();
  for (const stream of [child.stdout, child.stderr]) stream.destroy();
  return { status: code ?? 137, stdout: stdout(), stderr: stderr() } satisfies Execution;
};

function collect(stream: NodeJS.ReadableStream): () => string {
  const parts: Buffer[] = [];
  stream.on('data', (part: Buffer) => parts.push(part));
  return () => Buffer.concat(parts).toString();
}

/** Ends a process as the runner does on cancellation: SIGINT, SIGTERM, SIGKILL. */
function cancelling(child: ChildProcess, { signal }: ExecuteOptions): Disposable {
  const timers: NodeJS.Timeout[] = [];
  const cancel = (): void => {
    child.kill('SIGINT');
    timers.push(setTimeout(() => child.kill('SIGTERM'), INTERRUPT_MS));
    timers.push(setTimeout(() => child.kill('SIGKILL'), INTERRUPT_MS + TERMINATE_MS));
  };
  if (signal?.aborted === true) cancel();
  else signal?.addEventListener('abort', cancel);
  return {
    [Symbol.dispose]: () => {
      signal?.removeEventListener('abort', cancel);
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

/**
 * Kills the processes that have this job's RUNNER_TRACKING_ID in their environment, as the runner does when a job ends.
 * @param uid whose processes: a runner can't read the environment of others'.
 */
export function endOrphans(trackingId: string, uid: number): Orphan[] {
  const orphans: Orphan[] = [];
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      if (statSync(`/proc/${pid}`).uid !== uid) continue;
      const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
      if (!variables.includes(`RUNNER_TRACKING_ID=${trackingId}`)) continue;
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim();
      process.kill(Number(pid), 'SIGKILL');
      orphans.push({ pid: Number(pid), command });
    } catch (error) {
      // Processes end while they are looked at.
      if (!['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
  }
  return orphans;
}
