// The daemon of this job: started from the action's own files by the runner's own Node, or one that is there already.
// Whether it can be lazy here only it can tell, by mounting something; so it is asked before any engine is touched.
import { readFile, statfs } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { UserError } from '../src/errors.ts';
import { version } from '../src/version.ts';
import { daemonStatus } from './control.ts';
import { daemonConfig, daemonEnvironment } from './daemon-config.ts';
import { readDockerSettings } from './docker-settings.ts';
import type { Facts, Obstacle } from './facts.ts';
import type { Host } from './host.ts';
import type { Inputs } from './inputs.ts';
import { jobOf } from './job.ts';
import type { Journal, UndoStep } from './journal.ts';
import { lazypullCommand } from './lazypull-command.ts';
import { startService } from './process.ts';
import { Place } from './state.ts';

/** Name of its unit. */
export const DAEMON_SERVICE = 'lazypull-action-daemon';
/** Says which job started it, and whether that job stops it. */
const OWNER_PATH = `${Place.FOLDER}/owner.json`;

/**
 * Snapshots of a buildkitd of ours, whose own folder goes at the end of the job: the next job's numbers its own from 1 again,
 * and would take these for its own. The isolated containerd removes its own.
 */
const BUILDKIT_STORE = `${Place.ROOT}/snapshotter/buildkit`;

export interface DaemonContext {
  readonly host: Host;
  readonly facts: Facts;
  readonly inputs: Inputs;
  readonly journal: Journal;
  readonly env: NodeJS.ProcessEnv;
  readonly info: (message: string) => void;
  readonly notice: (message: string) => void;
  readonly signal: AbortSignal;
  /** Program and arguments of `lazypull` instead of those beside the action. */
  readonly program?: readonly string[];
}

/** A daemon that answers. */
export interface RunningDaemon {
  /** This step started it, so its post reports and stops it. */
  readonly owner: boolean;
  readonly version: string;
  readonly tier: 'A' | 'B' | 'C' | 'D';
  readonly tierReason: string;
  /** Sockets by the consumers' names. A daemon that is not the action's perhaps has others than CONSUMERS. */
  readonly sockets: Readonly<Record<string, string>>;
}

/**
 * The daemon that answers already, else a new one.
 * @throws UserError for what is wrong in the configuration; LazypullError with the end of its log when it does not start.
 */
export async function startDaemon(context: DaemonContext): Promise<RunningDaemon> {
  const { host, info } = context;
  // What is wrong in the user's configuration is told even when it is not needed: it will be, in the next job.
  const config = await makeConfig(context);
  const found = await findDaemon(context);
  if (found !== undefined) {
    info(`A daemon answers already: lazypull ${found.version}. It is used as it is.`);
    return found;
  }
  return await startOwn(context, config, await daemonProgram(host, context));
}

/** Why this daemon can't be lazy here; undefined when it can. */
export function obstacleOfDaemon({
  tier,
  tierReason,
}: Pick<RunningDaemon, 'tier' | 'tierReason'>): Obstacle | undefined {
  if (tier !== 'D') return undefined;
  return {
    reason: `this machine can't mount layers lazily: ${tierReason}`,
    remedy:
      'Use a runner whose kernel has EROFS and FUSE, e.g. ubuntu-24.04; on your own: modprobe -a erofs fuse loop.',
  };
}

/**
 * Program and arguments of `lazypull`. When the daemon outlives the job, it gets files that do, too: a copy of the action's
 * and of Node below Place.ROOT, since the runner removes the action's folder and renews its own Node.
 */
export async function daemonProgram(
  host: Host,
  { inputs, program = lazypullCommand() }: Pick<DaemonContext, 'inputs' | 'program'>,
): Promise<readonly string[]> {
  const [node = '', entry = ''] = program;
  // Sources stay where they are: that is a checkout of somebody who works on lazypull.
  if (inputs.cleanup || !entry.endsWith('.js')) return program;
  const target = join(Place.ROOT, 'program', version);
  const fresh = `${target}.new`;
  await host.remove(fresh);
  await host.run(['mkdir', '-p', fresh], { root: true });
  await host.copy(dirname(entry), join(fresh, 'dist'));
  await host.copy(node, join(fresh, 'node'));
  await host.run(['chown', '-R', '0:0', fresh], { root: true });
  await host.remove(target);
  await host.run(['mv', fresh, target], { root: true });
  return [join(target, 'node'), join(target, 'dist', basename(entry)), ...program.slice(2)];
}

async function makeConfig(context: DaemonContext): Promise<string> {
  const { host, inputs, env, notice } = context;
  const { text, where } = await userConfig(inputs, env);
  const docker = await readDockerSettings(host);
  const made = daemonConfig({ text, where, inputs, docker, env, freeBytes: await freeBytes() });
  if (made.replaced.length > 0) {
    notice(`${where}: ${made.replaced.join(', ')} can't be set for the action, which has its own places. Left out.`);
  }
  return made.text;
}

async function userConfig(inputs: Inputs, env: NodeJS.ProcessEnv): Promise<{ text: string; where: string }> {
  if (inputs.config === '') return { text: inputs.configInline, where: "input 'config-inline'" };
  const path = resolve(env['GITHUB_WORKSPACE'] ?? '.', inputs.config);
  try {
    return { text: await readFile(path, 'utf8'), where: `input 'config': ${inputs.config}` };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError(
      `input 'config': can't read ${path} (${code ?? 'failed'})`,
      'Check the path, and that actions/checkout comes before this step.',
      { cause: error },
    );
  }
}

/** Where the cache will lie; its folder may not be there yet. */
async function freeBytes(): Promise<number> {
  for (const path of [Place.ROOT, dirname(Place.ROOT), '/']) {
    const stats = await statfs(path).catch(() => undefined);
    if (stats !== undefined) return stats.bavail * stats.bsize;
  }
  return 0;
}

interface Owner {
  readonly job: string;
  readonly cleanup: boolean;
}

/** A daemon to use as it is: this job's, one that was to stay, or a service of the machine. One that a dead job left is none. */
async function findDaemon({ host, env, program }: DaemonContext): Promise<RunningDaemon | undefined> {
  const status = await daemonStatus(host, program === undefined ? {} : { program });
  if (status === undefined) return undefined;
  const owner = parseOwner(await host.read(OWNER_PATH));
  if (owner !== undefined && owner.cleanup && owner.job !== jobOf(env)) return undefined;
  return { owner: false, ...factsOf(status) };
}

async function startOwn(context: DaemonContext, config: string, program: readonly string[]): Promise<RunningDaemon> {
  const { host, journal, inputs, env, signal } = context;
  // Place.ROOT stays: a containerd that has lazy images believes that their snapshots are there.
  journal.note({ kind: 'remove', path: Place.FOLDER });
  const removeStateDir: UndoStep = { kind: 'remove', path: Place.STATE_DIR };
  const hadStateDir = await host.exists(Place.STATE_DIR);
  if (!hadStateDir) journal.note(removeStateDir);
  const stores = (await isStoreOfJobs(host)) ? [{ kind: 'remove', path: BUILDKIT_STORE } as const] : [];
  const mark = journal.mark();
  const owner: Owner = { job: jobOf(env), cleanup: inputs.cleanup };
  await Promise.all([
    host.write(OWNER_PATH, `${JSON.stringify(owner)}\n`),
    host.write(Place.CONFIG, config),
    // The end of an earlier log would explain another failure.
    host.remove(Place.LOG),
  ]);
  let status: Awaited<ReturnType<typeof daemonStatus>>;
  await startService(host, journal, {
    name: DAEMON_SERVICE,
    command: [...program, 'daemon', '--config', Place.CONFIG],
    env: daemonEnvironment(env),
    logPath: Place.LOG,
    notify: true,
    restart: true,
    // The control socket opens last, when those of the consumers are there.
    ready: async () => {
      status = await daemonStatus(host, { program });
      return status !== undefined;
    },
    signal,
  });
  if (status === undefined) throw new Error('ready without a status');
  // Only now it is known that nobody else lives there. They are removed after the daemon has been stopped.
  const own = [...(hadStateDir ? [removeStateDir] : []), ...stores];
  for (const step of [...own, ...journal.take(mark).toReversed()]) journal.note(step);
  return { owner: true, ...factsOf(status) };
}

/** One that is there is a service's of this machine, which does not run now, unless a job that died has left it. */
async function isStoreOfJobs(host: Host): Promise<boolean> {
  return parseOwner(await host.read(OWNER_PATH)) !== undefined || !(await host.exists(BUILDKIT_STORE));
}

function factsOf(status: NonNullable<Awaited<ReturnType<typeof daemonStatus>>>): Omit<RunningDaemon, 'owner'> {
  const { version, tier, tierReason, consumers } = status;
  return {
    version,
    tier,
    tierReason,
    sockets: Object.fromEntries(consumers.map(({ name, socket }) => [name, socket])),
  };
}

function parseOwner(text: string | undefined): Owner | undefined {
  try {
    const { job, cleanup } = JSON.parse(text ?? '') as Partial<Record<keyof Owner, unknown>>;
    return typeof job === 'string' && typeof cleanup === 'boolean' ? { job, cleanup } : undefined;
  } catch {
    return undefined;
  }
}
