// A lease keeps what a pull has stored so far from containerd's garbage collector, until the image record does. It
// expires by itself, so that a killed pull leaves nothing for ever.
import { randomBytes } from 'node:crypto';
import type { Connection } from './connection.ts';

const SERVICE = 'containerd.services.leases.v1.Leases';
/** As long as containerd's own pull. */
const EXPIRES_AFTER_MS = 24 * 3_600_000;

/** Runs `work` with a connection under a new lease, and deletes the lease afterwards, whatever happened. */
export async function withLease<T>(
  connection: Connection,
  work: (leased: Connection) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const id = `lazypull-${Date.now()}-${randomBytes(4).toString('hex')}`;
  const expires = new Date(Date.now() + EXPIRES_AFTER_MS).toISOString();
  await connection.call([SERVICE, 'Create'], { id, labels: { 'containerd.io/gc.expire': expires } }, signal);
  try {
    return await work(connection.withLease(id));
  } finally {
    // Without the signal: an aborted pull gives back what it stored. When it fails, the lease still expires.
    await connection.call([SERVICE, 'Delete'], { id }).catch(() => {});
  }
}
