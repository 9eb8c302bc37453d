// `lazypull drain`: the daemon mounts nothing new lazily and completes what is in use; this waits for that and says what is left.
import { setTimeout as sleep } from 'node:timers/promises';
import type { DrainStatus } from '../daemon/status.ts';
import { ControlClient } from './control-client.ts';
import { drainText, missingBytes } from './drain-text.ts';
import { EXIT_INCOMPLETE, EXIT_OK, NoDaemonError } from './exit-codes.ts';
import { formatBytes } from './format.ts';
import { LiveLine } from './live-line.ts';

const LOOK_MS = 250;
const NOTHING: DrainStatus = { sinceSec: 0, retire: false, users: [] };

/** @returns the exit status. @throws NoDaemonError when nobody answers at first. */
export async function runDrain(flags: Readonly<Record<string, string | boolean | number>>): Promise<number> {
  const { timeout, ...others } = flags;
  const client = ControlClient.fromFlags(others as Record<string, string | boolean>);
  if (flags['cancel'] === true) {
    await client.drain({ action: 'cancel', retire: false });
    if (flags['json'] !== true) process.stdout.write('layers are mounted lazily again\n');
    return EXIT_OK;
  }
  await client.drain({ action: 'begin', retire: false });
  const limitMs = typeof timeout === 'number' ? timeout * 1000 : Number.POSITIVE_INFINITY;
  const drain = await untilComplete(client, limitMs, flags['json'] === true);
  process.stdout.write(flags['json'] === true ? `${JSON.stringify(drain, undefined, 2)}\n` : drainText(drain));
  return isComplete(drain) ? EXIT_OK : EXIT_INCOMPLETE;
}

/** Waits until everything that is in use is local, or the time is over. @returns how it stands then. */
export async function untilComplete(client: ControlClient, limitMs: number, quiet: boolean): Promise<DrainStatus> {
  const line = new LiveLine({ quiet });
  const until = Date.now() + limitMs;
  try {
    for (;;) {
      const drain = await drainOf(client);
      if (drain !== undefined && (isComplete(drain) || Date.now() >= until)) return drain;
      if (drain !== undefined) line.draw(() => `draining: ${formatBytes(missingBytes(drain))} are missing`);
      await sleep(LOOK_MS);
    }
  } finally {
    line.clear();
  }
}

/** Whether no container needs a registry any more. */
export function isComplete({ users }: DrainStatus): boolean {
  return users.every(({ state }) => state !== 'incomplete');
}

/** Between two serving processes nobody answers: undefined. */
async function drainOf(client: ControlClient): Promise<DrainStatus | undefined> {
  try {
    return (await client.status()).drain ?? NOTHING;
  } catch (error) {
    if (error instanceof NoDaemonError) return undefined;
    throw error;
  }
}
