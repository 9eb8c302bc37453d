// How remembered credentials are written: JSON, sealed by seal.ts. Only we write it; the look is for what another version
// may leave.
import type { Credential } from '../registry/credentials.ts';

export interface Remembered {
  readonly credential: Credential;
  /** Milliseconds since the epoch. */
  readonly usedMs: number;
}

const VERSION = 1;

export function printRemembered(remembered: ReadonlyMap<string, Remembered>): Buffer {
  return Buffer.from(JSON.stringify({ version: VERSION, repositories: [...remembered] }));
}

/** The inverse; empty for another version. Oldest use first, as it was written. */
export function parseRemembered(plain: Uint8Array): [repository: string, remembered: Remembered][] {
  const record = JSON.parse(Buffer.from(plain).toString('utf8')) as { version?: unknown; repositories?: unknown };
  if (record.version !== VERSION || !Array.isArray(record.repositories)) return [];
  return record.repositories.filter(isEntry);
}

function isEntry(value: unknown): value is [string, Remembered] {
  if (!Array.isArray(value) || typeof value[0] !== 'string') return false;
  const { credential, usedMs } = (value[1] ?? {}) as Partial<Remembered>;
  return Number.isFinite(usedMs) && typeof credential === 'object' && credential !== null && isCredential(credential);
}

function isCredential(value: Credential): boolean {
  if (value.kind === 'password') return typeof value.username === 'string' && typeof value.password === 'string';
  if (value.kind === 'identity-token') return typeof value.identityToken === 'string';
  return value.kind === 'registry-token' && typeof value.registryToken === 'string';
}
