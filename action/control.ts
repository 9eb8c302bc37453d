// How the action speaks to the daemon: its control socket is for root only, and this process may not be root. So the
// `lazypull` command does it, as root, in a process of its own.
import type { DaemonStatus } from '../src/daemon/status.ts';
import { LazypullError } from '../src/errors.ts';
import type { Host } from './host.ts';
import { lazypullCommand } from './lazypull-command.ts';
import { Place } from './state.ts';

/** Status of the command when no daemon answers. */
const NO_DAEMON = 3;

export interface ControlOptions {
  readonly timeoutMs?: number;
  /** The command instead of the bundled one. */
  readonly program?: readonly string[];
}

/**
 * Runs `lazypull ARGS --socket CONTROL` as root. @returns its standard output; undefined when no daemon answers.
 * @throws LazypullError with what it said.
 */
export async function control(
  host: Host,
  args: readonly string[],
  options: ControlOptions = {},
): Promise<string | undefined> {
  const { program = lazypullCommand(), timeoutMs = 30_000 } = options;
  const command = [...program, ...args, '--socket', Place.CONTROL];
  const { status, stdout, stderr } = await host.try(command, { root: true, timeoutMs });
  if (status === 0) return stdout;
  if (status === NO_DAEMON) return undefined;
  const said = stderr.trim().replace(/^lazypull: /, '');
  throw new LazypullError('UNAVAILABLE', `lazypull ${args.join(' ')}: ${said || `status ${status}`}`);
}

/** What the daemon tells about itself; undefined when none answers. @throws LazypullError */
export async function daemonStatus(host: Host, options?: ControlOptions): Promise<DaemonStatus | undefined> {
  // A program's start is saved where there is nobody to ask.
  if (!(await host.exists(Place.CONTROL))) return undefined;
  const text = await control(host, ['status', '--json'], options);
  return text === undefined ? undefined : (JSON.parse(text) as DaemonStatus);
}
