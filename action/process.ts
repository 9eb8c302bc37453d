// Programs that go on running after the step: the daemon, buildkitd, an isolated containerd and dockerd. They are
// transient units where systemd runs the machine, else processes in a session of their own.
// Their environment is what the caller names and nothing of the runner's: RUNNER_TRACKING_ID would let the runner kill
// them at the end of the job, and tokens of the job are not theirs. It goes by a file that only root may read, which
// systemd and the shell take alike, and that is gone once they run and are not to be started again: never by arguments,
// which everybody can see.
import { setTimeout as sleep } from 'node:timers/promises';
import { describeError, LazypullError } from '../src/errors.ts';
import type { Host } from './host.ts';
import type { Journal, UndoStep } from './journal.ts';
import { Place } from './state.ts';
import { environmentFile, isRunning, lastLines, parseStat, propertiesOf, type ProcessId } from './process-text.ts';

/** What to start. */
export interface Service {
  /** Name of the unit, without `.service`: `lazypull-action-daemon`. */
  readonly name: string;
  /** Program, an absolute path, and its arguments. No secrets. */
  readonly command: readonly string[];
  /** The whole environment. PATH is that of the system unless named. */
  readonly env?: Readonly<Record<string, string>>;
  /** Gets standard output and error, behind what is there. */
  readonly logPath: string;
  /** Whether it works. Asked again and again until it says true; a rejection counts as false. */
  readonly ready: () => Promise<boolean>;
  /** The program tells systemd by sd_notify(3) when it is ready. */
  readonly notify?: boolean;
  /** It makes cgroups for containers below its own. */
  readonly delegate?: boolean;
  /** systemd starts it again when it dies. Its environment's file stays then, for root only, until Place.FOLDER goes. */
  readonly restart?: boolean;
  /** How long it may take to be ready; 30 s unless told. */
  readonly readyMs?: number;
  readonly signal: AbortSignal;
}

/** How a service is stopped. */
export type ServiceStep = Extract<UndoStep, { kind: 'unit' | 'process' }>;

const READY_MS = 30_000;
/** The daemon needs up to 30 s for unmounting everything. */
const STOP_SEC = 60;
const POLL_MS = 20;
/** From systemd.exec(5): everything else is left as it is for root. */
const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Its arguments are the log, the environment's file, then the command. Says its pid, which exec keeps. */
const DETACHED = `set -e
log=$1 environment=$2
shift 2
cd /
umask 022
ulimit -n 1048576 2>/dev/null || ulimit -n "$(ulimit -Hn)" 2>/dev/null || true
set -a
. "$environment"
set +a
echo $$
exec "$@" </dev/null >>"$log" 2>&1`;

/**
 * Starts a service as root and waits until it is ready. One of the same name that an earlier run left is stopped first.
 * How to stop it is in the journal, also when this throws.
 * @throws LazypullError with the last lines of its log, when it ends or is not ready in time; the reason of `signal`.
 */
export async function startService(host: Host, journal: Journal, service: Service): Promise<void> {
  const systemd = await hasSystemd(host);
  await stopLeftOver(host, service.name);
  const environment = `${Place.FOLDER}/${service.name}.env`;
  await host.write(environment, environmentFile({ PATH: SYSTEM_PATH, ...service.env }), 0o600);
  try {
    const alive = systemd
      ? await startUnit(host, journal, service, environment)
      : await startDetached(host, journal, service, environment);
    await untilReady(host, service, alive);
  } finally {
    if (!(systemd && service.restart === true)) await host.remove(environment);
  }
}

/** Stops what `startService` started, gently at first. Not being there is no error. @throws LazypullError when it does not end. */
export async function stopService(host: Host, step: ServiceStep): Promise<void> {
  if (step.kind === 'unit') await stopUnit(host, step.name);
  else await stopProcess(host, step);
}

/** Whether systemd is what runs this machine, as sd_booted(3) has it. */
export async function hasSystemd(host: Host): Promise<boolean> {
  return await host.exists('/run/systemd/system');
}

type Alive = () => Promise<boolean>;

async function startUnit(host: Host, journal: Journal, service: Service, environment: string): Promise<Alive> {
  const { name, command, notify = false, delegate = false, restart = false, logPath, readyMs = READY_MS } = service;
  const init = (await host.read('/proc/1/status')) ?? '';
  const properties = propertiesOf({
    notify,
    delegate,
    restart,
    logPath,
    environment,
    stopSec: STOP_SEC,
    readyMs,
    init,
  });
  const unit = unitOf(name);
  journal.note({ kind: 'unit', name: unit });
  const started = await host.try(
    ['systemd-run', `--unit=${unit}`, '--collect', '--quiet', ...properties, '--', ...command],
    { root: true, timeoutMs: readyMs + 10_000 },
  );
  if (started.status !== 0) throw await failure(host, service, 'did not start', lastLines(started.stderr, 5));
  return async () => {
    const { stdout } = await host.try(['systemctl', 'show', '--property=ActiveState', '--value', unit]);
    return /^(active|activating|reloading)$/.test(stdout.trim());
  };
}

async function startDetached(host: Host, journal: Journal, service: Service, environment: string): Promise<Alive> {
  const { name, command, logPath } = service;
  const script = ['sh', '-c', DETACHED, 'sh', logPath, environment, ...command];
  const said = await host.try(['setsid', '--fork', 'env', '-i', `PATH=${SYSTEM_PATH}`, ...script], { root: true });
  const pid = Number(said.stdout.trim());
  if (!Number.isSafeInteger(pid) || pid < 2)
    throw await failure(host, service, 'did not start', lastLines(said.stderr, 5));
  const stat = parseStat((await host.read(`/proc/${pid}/stat`)) ?? '');
  if (stat === undefined) throw await failure(host, service, 'ended at once');
  const id = { pid, startTicks: stat.startTicks };
  journal.note({ kind: 'process', name, ...id });
  await host.write(pidPath(name), `${pid} ${stat.startTicks}\n`);
  return () => isAlive(host, id);
}

async function untilReady(host: Host, service: Service, alive: Alive): Promise<void> {
  const { ready, readyMs = READY_MS, signal } = service;
  const limit = Date.now() + readyMs;
  let reason = '';
  for (;;) {
    signal.throwIfAborted();
    const answer = await ready().catch((error: unknown) => {
      reason = describeError(error);
      return false;
    });
    if (answer) return;
    // Looked at after the question: what ended since then can't have answered it.
    if (!(await alive())) throw await failure(host, service, 'ended before it was ready');
    if (Date.now() > limit) throw await failure(host, service, `is not ready after ${readyMs / 1000} s`, reason);
    // An abort is thrown above, as the signal has it.
    await sleep(POLL_MS, undefined, { signal }).catch(() => {});
  }
}

async function failure(host: Host, service: Service, what: string, detail = ''): Promise<LazypullError> {
  const { name, logPath } = service;
  const log = lastLines((await host.read(logPath).catch(() => undefined)) ?? '', 12);
  const parts = [`${name} ${what}`, ...(detail === '' ? [] : [detail])];
  return new LazypullError(
    'SYSTEM',
    `${parts.join(': ')}${log === '' ? `; ${logPath} is empty` : `; the end of ${logPath}:\n${log}`}`,
  );
}

/** Stops a service of this name that an earlier run left. @throws LazypullError when it does not end. */
export async function stopLeftOver(host: Host, name: string): Promise<void> {
  if (await hasSystemd(host)) {
    await stopUnit(host, unitOf(name));
    return;
  }
  const [, pid, startTicks] = /^(\d+) (\d+)$/m.exec((await host.read(pidPath(name))) ?? '') ?? [];
  if (pid === undefined || startTicks === undefined) return;
  await stopProcess(host, { kind: 'process', name, pid: Number(pid), startTicks });
}

async function stopUnit(host: Host, name: string): Promise<void> {
  const unit = unitOf(name);
  const { stdout } = await host.try(['systemctl', 'show', '--property=LoadState', '--value', unit]);
  if (stdout.trim() === 'not-found') return;
  await host.run(['systemctl', 'stop', unit], { root: true, timeoutMs: (STOP_SEC + 30) * 1000 });
  // Fails for a unit that stopping has already unloaded, as --collect makes it.
  await host.try(['systemctl', 'reset-failed', unit], { root: true });
}

/** As KillMode=mixed does it: SIGTERM for the first process, and when it does not end, SIGKILL for all of its group. */
async function stopProcess(host: Host, step: Extract<UndoStep, { kind: 'process' }>): Promise<void> {
  const { name, pid } = step;
  if (await isAlive(host, step)) await host.try(['kill', '-TERM', String(pid)], { root: true });
  if (!(await isGone(host, step, STOP_SEC * 1000))) {
    await host.try(['kill', '-KILL', '--', `-${pid}`], { root: true });
    if (!(await isGone(host, step, 5000)))
      throw new LazypullError('SYSTEM', `${name}: process ${pid} does not end, not even by SIGKILL`);
  }
  await host.remove(pidPath(name));
}

async function isGone(host: Host, id: ProcessId, limitMs: number): Promise<boolean> {
  for (const limit = Date.now() + limitMs; Date.now() < limit; await sleep(POLL_MS))
    if (!(await isAlive(host, id))) return true;
  return false;
}

async function isAlive(host: Host, id: ProcessId): Promise<boolean> {
  return isRunning((await host.read(`/proc/${id.pid}/stat`)) ?? '', id);
}

function unitOf(name: string): string {
  return name.endsWith('.service') ? name : `${name}.service`;
}

function pidPath(name: string): string {
  return `${Place.FOLDER}/${name}.pid`;
}
