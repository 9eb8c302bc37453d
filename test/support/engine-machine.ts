// A test machine for the action's engines: sets one up in it as a job would, takes it back, and says what the machine is
// like, so that it can be compared before and after.
import { fileURLToPath } from 'node:url';
import type { EngineReady } from '../../action/engine/model.ts';
import type { EngineName } from '../../action/inputs.ts';
import type { UndoStep } from '../../action/journal.ts';
import { Place } from '../../action/state.ts';
import type { DaemonStatus } from '../../src/daemon/status.ts';
import { type Machine, MACHINE_NODE, type MachineOptions, openMachine } from './machine.ts';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
/** Where the machine sees it: a checkout may lie below /tmp, which the machine mounts over. */
const INSIDE = '/srv/lazypull';
const DRIVER = [MACHINE_NODE, `${INSIDE}/test/support/engine-main.ts`];
/** The command in the machine. */
export const LAZYPULL: readonly string[] = [MACHINE_NODE, `${INSIDE}/src/cli/main.ts`];
const JOURNAL = '/home/runner/journal.json';

/** How setting up went. */
export interface EngineUp {
  readonly ready: EngineReady | undefined;
  readonly error: string | undefined;
  /** What the engine noted; undone already after an error. */
  readonly steps: readonly UndoStep[];
  /** What could not be undone. */
  readonly failures: readonly string[];
  readonly infos: readonly string[];
  readonly notices: readonly string[];
  readonly ms: Readonly<Record<'probe' | 'daemon' | 'engine' | 'undo', number>>;
}

/** Names a job, and a step of it by its journal. */
export interface EngineStep {
  /** Default `1`. */
  readonly job?: string;
  readonly journal?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** What one looks at when nothing may have changed. */
const STATE = `
find /etc -xdev -printf '%p %y %m %u:%g %l\\n' | sort
find /etc -xdev -type f -exec sha256sum {} + | sort
ls -A /run /var/lib | grep lazypull | grep -vx lazypull || true
ls -A ${Place.ROOT} 2>/dev/null | grep -E 'json|sh$' || true
docker info --format '{{.Driver}} {{.Images}}'
docker image ls --no-trunc --format '{{.Repository}}:{{.Tag}} {{.ID}}' | sort
docker context ls --format '{{.Name}} {{.Current}}'
systemctl is-active docker containerd
findmnt -rno TARGET | grep lazypull || true
`;

/** Opens a machine that has the project. */
export async function openEngineMachine(options: MachineOptions = {}): Promise<Machine> {
  return await openMachine({ ...options, mounts: [{ source: PROJECT, target: INSIDE }, ...(options.mounts ?? [])] });
}

/** Starts the daemon and sets an engine up, or none; after an error takes the engine back, not the daemon. */
export async function engineUp(
  machine: Machine,
  engine: EngineName | 'none',
  step: EngineStep = {},
): Promise<EngineUp> {
  const { stdout } = await machine.run([...DRIVER, 'up', engine, step.journal ?? JOURNAL], { env: envOf(step) });
  return JSON.parse(stdout) as EngineUp;
}

/** Takes everything back that `engineUp` noted. @returns what could not be. */
export async function engineDown(machine: Machine, step: EngineStep = {}): Promise<string[]> {
  const { stdout } = await machine.run([...DRIVER, 'down', step.journal ?? JOURNAL], { env: envOf(step) });
  return JSON.parse(stdout) as string[];
}

/** A text that is the same when the machine is. */
export async function machineState(machine: Machine): Promise<string> {
  return (await machine.run(STATE, { user: 'root' })).stdout;
}

/** Process ids of the two daemons: others after a restart. */
export async function daemonPids(machine: Machine): Promise<{ docker: string; containerd: string }> {
  const { stdout } = await machine.run('systemctl show --property=MainPID --value docker containerd');
  const [docker = '', containerd = ''] = stdout.split('\n').filter((line) => line !== '');
  return { docker, containerd };
}

/** What the daemon of the action says. */
export async function lazyStatus(machine: Machine): Promise<DaemonStatus> {
  const command = [...LAZYPULL, 'status', '--json', '--socket', Place.CONTROL];
  return JSON.parse((await machine.run(command, { user: 'root' })).stdout) as DaemonStatus;
}

function envOf({ job = '1', env }: EngineStep): Record<string, string> {
  return { GITHUB_RUN_ID: job, GITHUB_JOB: 'test', ...env };
}
