// A lease keeps what a pull has stored so far from containerd's garbage collector, until the image record does. It
// expires by itself, so that a killed pull leaves nothing for ever.
import { randomBytes } from 'node:crypto';
import type { Connection } from './connection.ts';

const SERVICE = 'containerd.services.leases.v1.Leases';
/** As long as containerd's own pull. */
const EXPIRES_AFTER_MS = 24 * 3_600_000;

/** A lease, and the connection that puts things under it. Disposing it deletes the lease. */
export interface Lease extends AsyncDisposable {
  readonly connection: Connection;
}

/** Makes a lease. */
export async function openLease(connection: Connection, signal?: AbortSignal): Promise<Lease> {
  const id = `lazypull-${Date.now()}-${randomBytes(4).toString('hex')}`;
  const expires = new Date(Date.now() + EXPIRES_AFTER_MS).toISOString();
  await connection.call([SERVICE, 'Create'], { id, labels: { 'containerd.io/gc.expire': expires } }, signal);
  return {
    connection: connection.withLease(id),
    async [Symbol.asyncDispose]() {
      // Without the signal: an aborted pull gives back what it stored. When it fails, the lease still expires.
      await connection.call([SERVICE, 'Delete'], { id }).catch(() => {});
    },
  };
}

/** Runs `work` with a connection under a new lease, and deletes the lease afterwards, whatever happened. */
export async function withLease<T>(
  connection: Connection,
  work: (leased: Connection) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  await using lease = await openLease(connection, signal);
  return await work(lease.connection);
}
