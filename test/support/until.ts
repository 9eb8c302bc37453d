// Waiting for something that happens by itself, with an end.
import { setTimeout as sleep } from 'node:timers/promises';

/** Looks every few milliseconds until `holds`. @throws Error that names `what` after 30 s. */
export async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const limitMs = Date.now() + 30_000;
  while (!(await holds())) {
    if (Date.now() > limitMs) throw new Error(`waited 30 s for: ${what}`);
    await sleep(10);
  }
}
