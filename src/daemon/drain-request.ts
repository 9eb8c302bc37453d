// The body of `POST /v1/drain`.
import { LazypullError } from '../errors.ts';
import type { DrainRequest } from './status.ts';

/** @throws LazypullError INVALID_ARGUMENT */
export function parseDrainRequest(body: unknown): DrainRequest {
  const { action, retire = false } = (body ?? {}) as Record<string, unknown>;
  if (action !== 'begin' && action !== 'cancel') {
    throw new LazypullError('INVALID_ARGUMENT', `action is ${JSON.stringify(action)}, want "begin" or "cancel"`);
  }
  if (typeof retire !== 'boolean') {
    throw new LazypullError('INVALID_ARGUMENT', `retire is ${JSON.stringify(retire)}, want true or false`);
  }
  return { action, retire };
}
