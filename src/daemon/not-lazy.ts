// Errors become reasons: one sentence for the user, one kind for programs. An ordinary pull survives all of them.
import { describeError, FormatError, LazypullError, RegistryError, VerificationError } from '../errors.ts';
import { NotEstargzError } from '../estargz/errors.ts';
import { isDiskFull, UnverifiableLayerError } from '../layer/errors.ts';
import type { NotLazy } from '../snapshot/lazy.ts';

/** Why a layer is not lazy, from what was thrown. Never throws. */
export function explain(error: unknown): NotLazy {
  return { notLazy: describeError(error), kind: kindOf(error) };
}

function kindOf(error: unknown): NotLazy['kind'] {
  if (error instanceof NotEstargzError) return 'not-estargz';
  if (error instanceof UnverifiableLayerError) return 'unverifiable';
  if (error instanceof FormatError || error instanceof VerificationError) return 'invalid';
  if (error instanceof RegistryError) return 'registry';
  if (isDiskFull(error)) return 'disk';
  if (error instanceof LazypullError && error.code === 'UNSUPPORTED') return 'unsupported';
  return 'error';
}
