// What the exit status of every command means, and which error becomes which.
import { describeError, LazypullError, UserError, type ErrorCode } from '../errors.ts';

export const EXIT_OK = 0;
/** It was tried and failed. */
export const EXIT_FAILED = 1;
/** Wrong usage, configuration or environment: the message says what to change. */
export const EXIT_USAGE = 2;
/** No daemon answers on the control socket. */
export const EXIT_NO_DAEMON = 3;
/** Containers still need their registry after a drain. */
export const EXIT_INCOMPLETE = 4;
/** 128 + SIGINT, as shells have it. */
export const EXIT_INTERRUPTED = 130;

/** The control socket is not there or nobody answers on it. */
export class NoDaemonError extends UserError {}

/** What the daemon was asked to do, and could not. */
export class DaemonError extends LazypullError {}

/** A pull that the daemon tried and that failed. `status` is the registry's, where it was the registry. */
export class DaemonPullError extends DaemonError {
  readonly status: number | undefined;

  constructor(code: ErrorCode, message: string, status: number | undefined) {
    super(code, message);
    this.status = status;
  }
}

/** What an abort by SIGINT or SIGTERM is thrown as. */
export class InterruptedError extends Error {
  constructor() {
    super('interrupted');
    this.name = new.target.name;
  }
}

/** The exit status for anything that can be thrown. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof InterruptedError) return EXIT_INTERRUPTED;
  if (error instanceof NoDaemonError) return EXIT_NO_DAEMON;
  const isUsage = error instanceof UserError || (error instanceof DaemonError && error.code === 'CONFIG');
  return isUsage ? EXIT_USAGE : EXIT_FAILED;
}

/** What a person is told. An error that nobody foresaw comes with its stack. */
export function messageOf(error: unknown): string {
  // What to change stands at the end of the message; the cause behind it would only be in the way.
  if (error instanceof UserError) return `lazypull: ${error.message}`;
  if (error instanceof LazypullError || error instanceof InterruptedError) return `lazypull: ${describeError(error)}`;
  return `lazypull: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}

/** For `--help` and docs/cli.md. */
export const EXIT_CODES_HELP = `Exit codes:
  0    done
  1    failed
  2    wrong usage, configuration or environment: the message says what to change
  3    no daemon answers
  4    (drain, uninstall) containers still need their registry
  78   (daemon) starting again will not help before somebody changes something
  130  interrupted`;
