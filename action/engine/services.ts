// System services of the machine by systemctl, and why one does not come up.
import { setTimeout as sleep } from 'node:timers/promises';
import { LazypullError } from '../../src/errors.ts';
import type { Host } from '../host.ts';
import { lastLines } from '../process-text.ts';

/** Units that start without a limit of their own (Docker's) get this one, with what they stop before. */
const RESTART_MS = 45_000;
const ASK_MS = 10_000;
const POLL_MS = 25;
const LOG_LINES = 6;

/**
 * Restarts units, given in the order of their starts. They are named the other way round: Docker begins to stop, and
 * systemd then has containerd wait for that, and Docker's start for containerd.
 * @throws LazypullError with the end of the logs of those that do not run.
 */
export async function restartUnits(
  host: Host,
  units: readonly string[],
  timeoutMs: number = RESTART_MS,
): Promise<void> {
  // Docker may start three times a minute. Of those, none shall be counted that others needed.
  await host.try(['systemctl', 'reset-failed', ...units], { root: true, timeoutMs: ASK_MS });
  const command = ['systemctl', 'restart', ...units.toReversed()];
  const { status, stderr } = await host.try(command, { root: true, timeoutMs });
  if (status === 0) return;
  const broken = await Promise.all(units.map(async (unit) => ((await isActive(host, unit)) ? [] : [unit])));
  const logs = await Promise.all(broken.flat().map((unit) => unitLog(host, unit)));
  throw new LazypullError(
    'SYSTEM',
    [`${units.join(', ')} can't be restarted: ${lastLines(stderr, 1) || `status ${status}`}`, ...logs].join('\n'),
  );
}

/** Whether a unit runs, and does not only try to. */
export async function isActive(host: Host, unit: string): Promise<boolean> {
  const { stdout } = await host.try(['systemctl', 'is-active', unit], { timeoutMs: ASK_MS });
  return stdout.trim() === 'active';
}

/** Process id of a unit that runs. */
export async function mainPid(host: Host, unit: string): Promise<number | undefined> {
  const command = ['systemctl', 'show', '--property=MainPID', '--value', unit];
  const pid = Number((await host.try(command, { timeoutMs: ASK_MS })).stdout.trim());
  return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined;
}

/** The last lines that the program of a unit wrote, '' when there are none to be had. */
export async function unitLog(host: Host, unit: string): Promise<string> {
  // What was written a moment ago is perhaps still on its way.
  const read = ['--sync', '--quiet'];
  await host.try(['journalctl', ...read], { root: true, timeoutMs: ASK_MS });
  const { stdout } = await host.try(
    ['journalctl', `_SYSTEMD_UNIT=${unit}`, `--lines=${LOG_LINES}`, '--output=cat', '--no-pager', '--quiet'],
    { root: true, timeoutMs: ASK_MS },
  );
  const lines = lastLines(stdout, LOG_LINES);
  return lines === '' ? '' : `the end of the log of ${unit}:\n${lines}`;
}

/**
 * Asks again and again until there is an answer. @returns undefined when there is none within the limit.
 * @throws what `ask` throws; the reason of `signal`.
 */
export async function untilAnswer<T>(
  ask: () => Promise<T | undefined>,
  limitMs: number,
  signal: AbortSignal,
): Promise<T | undefined> {
  for (const limit = Date.now() + limitMs; ;) {
    signal.throwIfAborted();
    const answer = await ask();
    if (answer !== undefined || Date.now() > limit) return answer;
    // An abort is thrown above, as the signal has it.
    await sleep(POLL_MS, undefined, { signal }).catch(() => {});
  }
}
