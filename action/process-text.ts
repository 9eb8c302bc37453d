// What process.ts writes and reads, apart from doing it: the environment's file, a unit's properties, /proc/PID/stat.
import { LazypullError } from '../src/errors.ts';

/** A process that is still the same one: numbers are used again, start times are not. */
export interface ProcessId {
  readonly pid: number;
  /** Field 22 of /proc/PID/stat, in clock ticks since boot. */
  readonly startTicks: string;
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** CAP_SYS_RESOURCE: without it nobody raises a hard limit or lowers an OOM score. */
const SYS_RESOURCE = 24n;

/**
 * The environment as lines that systemd (EnvironmentFile=) and sh read the same: values in double quotes, with a
 * backslash before what both know as special there.
 * @throws LazypullError for a name that is none. The message has no value.
 */
export function environmentFile(env: Readonly<Record<string, string>>): string {
  return Object.entries(env)
    .map(([name, value]) => {
      if (!NAME.test(name) || value.includes('\0'))
        throw new LazypullError('INVALID_ARGUMENT', `no environment variable: ${JSON.stringify(name)}`);
      return `${name}="${value.replaceAll(/["\\$`]/g, '\\$&')}"\n`;
    })
    .join('');
}

/** Facts that a transient unit's properties depend on. */
export interface UnitFacts {
  readonly notify: boolean;
  readonly delegate: boolean;
  readonly restart: boolean;
  readonly logPath: string;
  /** Path of the environment's file. */
  readonly environment: string;
  readonly stopSec: number;
  readonly readyMs: number;
  /** /proc/1/status. */
  readonly init: string;
}

/** Arguments of systemd-run. Nothing here gives the unit a mount namespace: what it mounts has to be seen by containers. */
export function propertiesOf(facts: UnitFacts): string[] {
  // A systemd in a container can't give what it does not have: the unit would not start at all.
  const raise = hasCapability('CapEff', SYS_RESOURCE, facts.init) ? ['LimitNOFILE=1048576', 'OOMScoreAdjust=-999'] : [];
  return [
    `Type=${facts.notify ? 'notify' : 'exec'}`,
    'KillMode=mixed',
    `TimeoutStartSec=${Math.ceil(facts.readyMs / 1000)}`,
    `TimeoutStopSec=${facts.stopSec}`,
    'TasksMax=infinity',
    ...raise,
    ...(facts.delegate ? ['Delegate=yes'] : []),
    // Not sooner: what it served has to be gone before it is served anew.
    ...(facts.restart ? ['Restart=on-failure', 'RestartSec=200ms'] : []),
    `EnvironmentFile=${facts.environment}`,
    `StandardOutput=append:${facts.logPath}`,
    `StandardError=append:${facts.logPath}`,
  ].map((property) => `--property=${property}`);
}

/** Whether a set of capabilities in /proc/PID/status has this one. */
export function hasCapability(set: 'CapEff' | 'CapBnd', bit: bigint, status: string): boolean {
  const [, mask] = new RegExp(`^${set}:\\s+([0-9a-f]+)$`, 'm').exec(status) ?? [];
  return mask !== undefined && ((BigInt(`0x${mask}`) >> bit) & 1n) === 1n;
}

/** State and start time from /proc/PID/stat; the name in it may hold blanks and parentheses. @see proc_pid_stat(5) */
export function parseStat(text: string): { readonly state: string; readonly startTicks: string } | undefined {
  // Behind the name's last parenthesis stands field 3.
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .trim()
    .split(' ');
  const [state, startTicks] = [fields[0], fields[22 - 3]];
  return state === undefined || startTicks === undefined || !text.includes(')') ? undefined : { state, startTicks };
}

/** Whether /proc/PID/stat is that of this process and it has not ended. A zombie has, even when nobody has asked for its status. */
export function isRunning(stat: string, { startTicks }: ProcessId): boolean {
  const found = parseStat(stat);
  return found !== undefined && found.startTicks === startTicks && !/[ZX]/.test(found.state);
}

/** The last lines of a text that are not empty. */
export function lastLines(text: string, count: number): string {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-count)
    .map((line) => line.slice(0, 500))
    .join('\n');
}
