// `lazypull restart`: asks for a planned restart and waits until the next serving process answers.
import { setTimeout as sleep } from 'node:timers/promises';
import { LazypullError } from '../errors.ts';
import { ControlClient } from './control-client.ts';
import { NoDaemonError } from './exit-codes.ts';

const WAIT_MS = 30_000;
const LOOK_EVERY_MS = 50;

/** @throws NoDaemonError when nobody answers at first, LazypullError when no other process answers afterwards. */
export async function runRestart(flags: Readonly<Record<string, string | boolean>>): Promise<void> {
  const client = ControlClient.fromFlags(flags);
  const before = (await client.status()).pid;
  await client.restart();
  const until = Date.now() + WAIT_MS;
  while (Date.now() < until) {
    await sleep(LOOK_EVERY_MS);
    const now = await pidOf(client);
    if (now === undefined || now === before) continue;
    process.stdout.write(`restarted: pid ${before} -> ${now}\n`);
    return;
  }
  throw new LazypullError(
    'UNAVAILABLE',
    `no new serving process answers after ${WAIT_MS / 1000} s; see the daemon's log`,
  );
}

/** Between two serving processes nobody answers. */
async function pidOf(client: ControlClient): Promise<number | undefined> {
  try {
    return (await client.status()).pid;
  } catch (error) {
    if (error instanceof NoDaemonError) return undefined;
    throw error;
  }
}
