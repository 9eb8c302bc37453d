// What the running dockerd was started with. Only one whose settings all come from a file can be told by that file: a flag
// that says the same as a key of daemon.json is an error to dockerd, and a variable wins over both.
import type { Host } from '../host.ts';
import { flagOf } from '../probe-containerd.ts';
import { DOCKER_DAEMON_JSON } from '../docker-settings.ts';
import { mainPid } from './services.ts';

/** A dockerd that runs. */
export interface Dockerd {
  readonly configPath: string;
  /** `--containerd`, where that is given. */
  readonly containerd: string | undefined;
  /** Why a change of its file can't have the effect that it should, or undefined. */
  readonly obstacle: string | undefined;
}

const FLAGS: ReadonlySet<string> = new Set(['--storage-driver', '-s', '--feature', '--live-restore']);

/** Asks /proc about the process of a unit. undefined when that does not run. */
export async function readDockerd(host: Host, unit: string): Promise<Dockerd | undefined> {
  const pid = await mainPid(host, unit);
  if (pid === undefined) return undefined;
  const [command, environment] = await Promise.all([
    host.read(`/proc/${pid}/cmdline`),
    host.read(`/proc/${pid}/environ`),
  ]);
  return command === undefined || command === '' ? undefined : parseDockerd(command, environment ?? '');
}

/** From /proc/PID/cmdline and /proc/PID/environ. */
export function parseDockerd(command: string, environment: string): Dockerd {
  const args = command.split('\0').slice(1);
  return {
    configPath: flagOf(args, 'config-file', 'config-file') ?? DOCKER_DAEMON_JSON,
    containerd: flagOf(args, 'containerd', 'containerd'),
    obstacle: obstacleOf(args, environment.split('\0')),
  };
}

function obstacleOf(args: readonly string[], environment: readonly string[]): string | undefined {
  const flag = args.map((arg) => /^(--[a-z-]+|-s)(=|$)/.exec(arg)?.[1]).find((name) => FLAGS.has(name ?? ''));
  if (flag !== undefined) return `Docker is started with ${flag}`;
  if (environment.some((line) => line.startsWith('DOCKER_DRIVER='))) return 'Docker is started with DOCKER_DRIVER';
  return undefined;
}
