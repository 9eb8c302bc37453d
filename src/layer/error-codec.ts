// Errors that cross from a worker to the main thread. Structured clone would make plain Errors of them, so they
// travel as records and become instances of their classes again.
import { FormatError, LazypullError, VerificationError } from '../errors.ts';
import type { ErrorCode } from '../errors.ts';
import type { Digest } from '../oci/digest.ts';
import { UnverifiableLayerError } from './errors.ts';

/** An error as plain data. */
export interface ErrorRecord {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly facts?: Readonly<Record<string, string | number>>;
}

/** Any thrown thing as plain data. */
export function encodeError(error: unknown): ErrorRecord {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  const { name, message } = error;
  const code = (error as { code?: unknown }).code;
  const base = typeof code === 'string' ? { name, message, code } : { name, message };
  if (error instanceof VerificationError) return { ...base, facts: { expected: error.expected, actual: error.actual } };
  if (error instanceof UnverifiableLayerError)
    return { ...base, facts: { digest: error.digest, reason: error.reason } };
  if (error instanceof FormatError && error.offset !== undefined) return { ...base, facts: { offset: error.offset } };
  return base;
}

/** The error again, of the class that it had. Unknown classes become LazypullError or Error with a `code`. */
export function decodeError(record: ErrorRecord): Error {
  const { name, message, code, facts = {} } = record;
  const offset = facts['offset'];
  switch (name) {
    case 'VerificationError': {
      const error = new VerificationError('', String(facts['expected']), String(facts['actual']));
      error.message = message;
      return error;
    }
    case 'UnverifiableLayerError':
      return new UnverifiableLayerError(facts['digest'] as Digest, String(facts['reason']));
    case 'FormatError':
      return new FormatError(message, typeof offset === 'number' ? { offset } : {});
    case 'LazypullError':
    case 'UnsupportedLayerError':
      return new LazypullError(code as ErrorCode, message);
    default:
      return Object.assign(new Error(message), code === undefined ? {} : { code });
  }
}
