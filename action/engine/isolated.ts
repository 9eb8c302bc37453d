// A containerd, and a dockerd, beside the machine's own. A restart of Docker ends its containers, those of `services:` too;
// when some run already, the machine's Docker and containerd are left as they are, and later steps get these.
// What they do not have: images, networks and containers of the machine's Docker. What they share with it: its programs,
// its daemon.json, and the machine's addresses for published ports.
import { UserError } from '../../src/errors.ts';
import { DOCKER_DAEMON_JSON } from '../docker-settings.ts';
import type { Host } from '../host.ts';
import { jobOf } from '../job.ts';
import { startService, stopLeftOver } from '../process.ts';
import { lastLines } from '../process-text.ts';
import { CONSUMERS } from '../state.ts';
import { containerdConfig, dockerConfig } from './isolated-config.ts';
import { CONTEXT, contextEnvironment, useContext } from './isolated-context.ts';
import { chooseRange, removeNetwork, setUpNetwork } from './isolated-network.ts';
import { IsolatedPlace, IsolatedService } from './isolated-place.ts';
import { findContainerd, findDockerd, networkEnvironment, servicePath } from './isolated-programs.ts';
import { emptyContainerd, emptyDocker, removePlaces, tidySnapshots } from './isolated-scripts.ts';
import type { EngineContext, EngineReady } from './model.ts';

const ENDPOINT = `unix://${IsolatedPlace.DOCKER_SOCKET}`;
const WHICH_DOCKER =
  `Later steps use a Docker beside the machine's own (docker context '${CONTEXT}'). Images, networks and volumes of the ` +
  "machine's are not in it: `docker --context default` shows them. Ports that either publishes are on localhost.";

/**
 * Starts a containerd beside the machine's own; one that this job started before is used as it is.
 * @throws UserError without its programs or the daemon's socket; LazypullError with the end of its log.
 */
export async function setUpIsolatedContainerd(context: EngineContext): Promise<EngineReady> {
  if (await startContainerd(context)) await tidy(context);
  return {
    engine: 'containerd',
    snapshotterSocket: CONSUMERS.isolated,
    containerdAddress: IsolatedPlace.CONTAINERD_SOCKET,
    isolated: true,
    env: {},
  };
}

/**
 * Starts a containerd and a dockerd beside the machine's own, and makes a docker context for it current.
 * @throws UserError without their programs or the daemon's socket, or when another context has the name; LazypullError
 * with the end of the log of what does not start.
 */
export async function setUpIsolatedDocker(context: EngineContext): Promise<EngineReady> {
  const { host, journal } = context;
  const dockerd = await findDockerd(process.env);
  const tidied = (await startContainerd(context)) ? tidy(context) : undefined;
  try {
    const runs = !(await startDockerd(context, dockerd));
    await useContext(host, journal, { endpoint: ENDPOINT, reuse: runs });
  } finally {
    await tidied;
  }
  return {
    engine: 'docker',
    snapshotterSocket: CONSUMERS.isolated,
    containerdAddress: IsolatedPlace.CONTAINERD_SOCKET,
    dockerContext: CONTEXT,
    isolated: true,
    env: contextEnvironment(process.env, ENDPOINT),
  };
}

/** @returns whether it was started, and not there already. */
async function startContainerd(context: EngineContext): Promise<boolean> {
  const { host, facts, journal, info, signal } = context;
  await requireSocket(host);
  const { containerd, version, runc } = await findContainerd(host, process.env);
  const text = containerdConfig({ job: jobOf(process.env), version, arch: facts.arch });
  if ((await host.read(IsolatedPlace.CONTAINERD_CONFIG)) === text && (await containerdAnswers(host))) {
    info('A second containerd runs already.');
    return false;
  }
  await removeLeftOver(host);
  journal.note(removePlaces);
  await host.write(IsolatedPlace.CONTAINERD_CONFIG, text);
  await startService(host, journal, {
    name: IsolatedService.CONTAINERD,
    command: [containerd, '--config', IsolatedPlace.CONTAINERD_CONFIG],
    env: { PATH: servicePath(containerd, runc), ...(await networkEnvironment(host, facts, process.env)) },
    logPath: IsolatedPlace.CONTAINERD_LOG,
    notify: true,
    delegate: true,
    ready: () => containerdAnswers(host),
    signal,
  });
  // Undone newest first: it is emptied before it is stopped.
  journal.note(emptyContainerd);
  return true;
}

/** What is left is in nobody's way, but on the disk. */
async function tidy({ host, info }: EngineContext): Promise<void> {
  const { status, stderr } = await host.try(tidySnapshots.command, { root: true });
  if (status !== 0) info(`Snapshots of earlier jobs are perhaps still there: ${lastLines(stderr, 1)}`);
}

/** @returns whether it was started, and not there already. */
async function startDockerd(context: EngineContext, dockerd: string): Promise<boolean> {
  const { host, facts, journal, info, notice, signal } = context;
  // Whatever answers here is this job's: that of another one went with its containerd.
  if (await dockerAnswers(host)) {
    info('A second dockerd runs already.');
    return false;
  }
  const range = (await host.read(IsolatedPlace.RANGE)) ?? (await chooseRange(host));
  const text = dockerConfig((await host.read(DOCKER_DAEMON_JSON)) ?? '{}', range);
  await setUpNetwork(host, journal, range);
  await host.write(IsolatedPlace.DOCKER_CONFIG, text);
  await startService(host, journal, {
    name: IsolatedService.DOCKERD,
    command: [dockerd, '--config-file', IsolatedPlace.DOCKER_CONFIG],
    env: { PATH: servicePath(dockerd), ...(await networkEnvironment(host, facts, process.env)) },
    logPath: IsolatedPlace.DOCKER_LOG,
    notify: true,
    delegate: true,
    ready: () => dockerAnswers(host),
    signal,
  });
  journal.note(emptyDocker);
  // Its group is docker's, or root's where there is none: the runner's user may be in neither.
  await host.run(['chown', String(process.getuid?.() ?? 0), IsolatedPlace.DOCKER_SOCKET], { root: true });
  notice(WHICH_DOCKER);
  return true;
}

async function requireSocket(host: Host): Promise<void> {
  if (await host.exists(CONSUMERS.isolated)) return;
  throw new UserError(
    `the daemon that runs has no socket ${CONSUMERS.isolated}, which a containerd beside the machine's own needs`,
    'Add a [[snapshotter]] with name = "isolated" to its configuration, and one for each other consumer.',
  );
}

/** What a job that died has left: in the order in which it would have undone it. */
async function removeLeftOver(host: Host): Promise<void> {
  const places = await Promise.all([host.exists(IsolatedPlace.RUN), host.exists(IsolatedPlace.ROOT)]);
  if (!places.includes(true)) return;
  await host.try(emptyDocker.command, { root: true });
  await stopLeftOver(host, IsolatedService.DOCKERD);
  if (await host.exists(IsolatedPlace.RANGE)) await removeNetwork(host);
  await host.try(emptyContainerd.command, { root: true });
  await stopLeftOver(host, IsolatedService.CONTAINERD);
  await host.run(removePlaces.command, { root: true });
}

/** It answers, and has our snapshotter. */
async function containerdAnswers(host: Host): Promise<boolean> {
  if (!(await host.exists(IsolatedPlace.CONTAINERD_SOCKET))) return false;
  const list = ['ctr', '--address', IsolatedPlace.CONTAINERD_SOCKET, 'plugins', 'list'];
  const { status, stdout } = await host.try(list, { root: true, timeoutMs: 10_000 });
  return status === 0 && /^io\.containerd\.snapshotter\.v1\s+stargz\s.*\bok\b/m.test(stdout);
}

/** It answers, and stores what it pulls in our snapshotter. Asked as root: the runner's user perhaps may not yet. */
async function dockerAnswers(host: Host): Promise<boolean> {
  if (!(await host.exists(IsolatedPlace.DOCKER_SOCKET))) return false;
  const info = ['docker', '--host', ENDPOINT, 'info', '--format', '{{.Driver}}'];
  const { status, stdout } = await host.try(info, {
    root: true,
    env: { DOCKER_CONTEXT: '', DOCKER_TLS_VERIFY: '' },
    timeoutMs: 10_000,
  });
  return status === 0 && stdout.trim() === 'stargz';
}
