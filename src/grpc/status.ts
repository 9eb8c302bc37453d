// The one table between our errors and gRPC's status codes, for what we serve and for what we call. containerd's
// clients decide by these codes (ALREADY_EXISTS means "skip the download"), never by messages.
import { status } from '@grpc/grpc-js';
import { describeError, LazypullError, type ErrorCode } from '../errors.ts';

const STATUS: Readonly<Record<ErrorCode, status>> = {
  FORMAT: status.DATA_LOSS,
  VERIFICATION: status.DATA_LOSS,
  REGISTRY: status.UNAVAILABLE,
  UNSUPPORTED: status.UNIMPLEMENTED,
  CONFIG: status.FAILED_PRECONDITION,
  NOT_FOUND: status.NOT_FOUND,
  ALREADY_EXISTS: status.ALREADY_EXISTS,
  FAILED_PRECONDITION: status.FAILED_PRECONDITION,
  INVALID_ARGUMENT: status.INVALID_ARGUMENT,
  UNAVAILABLE: status.UNAVAILABLE,
  ABORTED: status.ABORTED,
  SYSTEM: status.INTERNAL,
};

const CODES: ReadonlyMap<status, ErrorCode> = new Map([
  [status.NOT_FOUND, 'NOT_FOUND'],
  [status.ALREADY_EXISTS, 'ALREADY_EXISTS'],
  [status.FAILED_PRECONDITION, 'FAILED_PRECONDITION'],
  [status.INVALID_ARGUMENT, 'INVALID_ARGUMENT'],
  [status.OUT_OF_RANGE, 'INVALID_ARGUMENT'],
  [status.UNAVAILABLE, 'UNAVAILABLE'],
  [status.DEADLINE_EXCEEDED, 'UNAVAILABLE'],
  [status.RESOURCE_EXHAUSTED, 'UNAVAILABLE'],
  [status.CANCELLED, 'ABORTED'],
  [status.ABORTED, 'ABORTED'],
  [status.UNIMPLEMENTED, 'UNSUPPORTED'],
  [status.DATA_LOSS, 'VERIFICATION'],
]);

/** A status message travels in a header, and clients limit the size of headers. */
const MAX_MESSAGE = 2000;

export interface GrpcStatus {
  readonly code: status;
  readonly details: string;
}

/** The status of an error; UNKNOWN for one that is not ours, which the caller has to log. */
export function statusOfError(error: unknown): GrpcStatus {
  const code = error instanceof LazypullError ? STATUS[error.code] : status.UNKNOWN;
  return { code, details: describeError(error).slice(0, MAX_MESSAGE) };
}

/** Our error for a status that a server answered. `what` is the call, for the message. */
export function errorOfStatus(what: string, answer: GrpcStatus, cause?: unknown): LazypullError {
  return new LazypullError(CODES.get(answer.code) ?? 'SYSTEM', `${what}: ${answer.details}`, { cause });
}
