// The errors of lazypull. One base class carries a stable code; every subclass adds the facts a person
// needs to act on it. Edges (gRPC, FUSE, the command line) map codes, never message texts.
// No error message ever contains a secret: URLs are redacted before they come here.

/** What went wrong, in a form that programs may test. Stable across versions. */
export type ErrorCode =
  | 'FORMAT' // bytes that do not follow their specification
  | 'VERIFICATION' // bytes that are not the ones their digest promises
  | 'REGISTRY' // a registry that refuses, misbehaves or can't be reached
  | 'UNSUPPORTED' // something valid that this machine or this version can't do
  | 'CONFIG' // a flag, config key or environment that the user can change
  | 'NOT_FOUND'
  | 'ALREADY_EXISTS'
  | 'FAILED_PRECONDITION'
  | 'INVALID_ARGUMENT'
  | 'UNAVAILABLE'
  | 'ABORTED'
  | 'SYSTEM'; // the kernel or the disk said no

/** Base of all errors that lazypull throws on purpose. */
export class LazypullError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** Bytes that do not follow their specification. `offset` is where, in the space that the message names. */
export class FormatError extends LazypullError {
  readonly offset: number | undefined;

  constructor(message: string, options: { offset?: number; cause?: unknown } = {}) {
    super('FORMAT', message, options);
    this.offset = options.offset;
  }
}

/** Bytes whose digest is not the promised one. They are never served. */
export class VerificationError extends LazypullError {
  readonly expected: string;
  readonly actual: string;

  constructor(what: string, expected: string, actual: string) {
    super('VERIFICATION', `${what}: expected ${expected}, got ${actual}`);
    this.expected = expected;
    this.actual = actual;
  }
}

/** A registry that refused, misbehaved or could not be reached. `url` has no user, password, query or token. */
export class RegistryError extends LazypullError {
  readonly method: string;
  readonly url: string;
  readonly status: number | undefined;
  /** The `code` fields of the registry's error document, e.g. `MANIFEST_UNKNOWN`. */
  readonly diagnostics: readonly string[];
  /** Whether the same request may succeed later without anybody changing anything. */
  readonly retryable: boolean;

  constructor(
    message: string,
    facts: {
      method: string;
      url: string;
      status?: number;
      diagnostics?: readonly string[];
      retryable?: boolean;
      cause?: unknown;
    },
  ) {
    super('REGISTRY', message, { cause: facts.cause });
    this.method = facts.method;
    this.url = facts.url;
    this.status = facts.status;
    this.diagnostics = facts.diagnostics ?? [];
    this.retryable = facts.retryable ?? false;
  }
}

/** Something that the user can change: a flag, a config key, a missing program. `fix` says what to do. */
export class UserError extends LazypullError {
  readonly fix: string | undefined;

  constructor(message: string, fix?: string, options?: { cause?: unknown }) {
    super('CONFIG', fix === undefined ? message : `${message}\n  ${fix}`, options);
    this.fix = fix;
  }
}

/** A system call that failed. `errno` is positive, as in errno(3). */
export class SystemError extends LazypullError {
  readonly errno: number;
  readonly syscall: string;

  constructor(syscall: string, errno: number, detail: string) {
    super('SYSTEM', `${syscall}: errno ${errno}: ${detail}`);
    this.syscall = syscall;
    this.errno = errno;
  }
}

/** The message of anything that can be thrown, with its causes, on one line. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const parts = [error.message];
  let cause = error.cause;
  for (let depth = 0; cause instanceof Error && depth < 4; depth++) {
    if (!parts.at(-1)?.includes(cause.message)) parts.push(cause.message);
    cause = cause.cause;
  }
  return parts.join(': ');
}
