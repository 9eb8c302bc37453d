// The steps of a job (runner-job.ts) in a test machine. Waiting is the harness's own; a cancellation has to be carried
// through nsenter, which keeps signals to itself.
import { readlinkSync } from 'node:fs';
import { childIn, killCgroup, processesOf, removeCgroup } from './machine-cgroup.ts';
import { commandInside, type Inside } from './machine-process.ts';
import { executeLocally } from './runner-execute.ts';
import type { ExecuteOptions, Execution } from './runner-job.ts';

/** When the runner gets harder, after the SIGINT of a cancellation. */
const CANCELLATION = [
  { afterMs: 0, signal: 'SIGINT' },
  { afterMs: 7500, signal: 'SIGTERM' },
  { afterMs: 10_000, signal: 'SIGKILL' },
] as const;

/** Runs a command of the user `runner`. The environment is complete. */
export async function executeInside(
  inside: Inside,
  command: readonly string[],
  { env, cwd, signal }: ExecuteOptions,
): Promise<Execution> {
  const entered = commandInside(inside, command, { cwd });
  const timers: NodeJS.Timeout[] = [];
  const cancel = (): void => {
    for (const step of CANCELLATION) {
      timers.push(setTimeout(() => signalStep(entered.group, step.signal), step.afterMs));
    }
  };
  if (signal?.aborted === true) cancel();
  else signal?.addEventListener('abort', cancel);
  try {
    return await executeLocally(entered.command, { env, cwd: '/' });
  } finally {
    signal?.removeEventListener('abort', cancel);
    for (const timer of timers) clearTimeout(timer);
    removeCgroup(entered.group);
  }
}

// The step is what nsenter has started, and nsenter the one in the group that is a process of ours.
function signalStep(group: string, signal: NodeJS.Signals): void {
  const nsenter = processesOf(group).find((pid) => namespaceOf(pid) === namespaceOf('self'));
  const step = childIn(group, nsenter);
  if (step === undefined) killCgroup(group);
  else process.kill(step, signal);
}

function namespaceOf(pid: number | 'self'): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    // It has ended while we looked.
    return undefined;
  }
}
