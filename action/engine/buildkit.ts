// Engine `buildkit`: a buildkitd of the action's own with our snapshotter, and a buildx builder for it. Neither Docker nor
// its containerd is touched. What a build does not need is never downloaded, but results that go to Docker are whole.
import { access, constants } from 'node:fs/promises';
import { connect } from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import { resolveConfig } from '../../src/config.ts';
import { UserError } from '../../src/errors.ts';
import { daemonConfig, daemonEnvironment } from '../daemon-config.ts';
import { readDockerSettings } from '../docker-settings.ts';
import { jobOf } from '../job.ts';
import { startService } from '../process.ts';
import { CONSUMERS, Place } from '../state.ts';
import { buildkitConfig, BuildkitPlace } from './buildkit-config.ts';
import { BUILDKIT, type BuildkitRelease, downloadBuildkitd } from './buildkit-program.ts';
import { BUILDER, useBuilder } from './buildx.ts';
import type { EngineContext, EngineReady, EngineSetup } from './model.ts';

/** Name of its unit. */
export const BUILDKIT_SERVICE = 'lazypull-action-buildkitd';

const SBIN = ['/usr/local/sbin', '/usr/sbin', '/sbin'];
/** Some packages of Docker put it into nobody's PATH. */
const DOCKER_RUNC = '/usr/libexec/docker/runc';

/** Sets BuildKit up with the release that is known to work. */
export const setUpBuildkit: EngineSetup = (context) => setUpBuildkitOf(context, BUILDKIT);

/**
 * The same with another release.
 * @throws UserError without buildx, runc or the daemon's socket; what the download, buildkitd and buildx say.
 */
export async function setUpBuildkitOf(context: EngineContext, release: BuildkitRelease): Promise<EngineReady> {
  const { host, facts, journal, info } = context;
  await requireParts(context);
  const buildkitd = facts.buildkitd ?? (await downloadBuildkitd(facts.arch, release));
  const runc = await findRunc(buildkitd, process.env);
  const text = buildkitConfig({ ...(await registryParts(context)), ...whoParts(), runc });
  // The same job and the same words: a second use of the action. What a job that died left has its own.
  const runs = (await host.read(BuildkitPlace.CONFIG)) === text && (await answers());
  if (runs) info('buildkitd runs already.');
  else await startBuildkitd(context, buildkitd, text);
  const endpoint = `unix://${BuildkitPlace.SOCKET}`;
  await useBuilder(host, journal, { endpoint, load: facts.docker !== undefined, reuse: runs });
  return {
    engine: 'buildkit',
    snapshotterSocket: CONSUMERS.buildkit,
    builder: BUILDER,
    isolated: false,
    env: { BUILDX_BUILDER: BUILDER },
  };
}

async function requireParts({ host, facts }: EngineContext): Promise<void> {
  if (facts.buildx === undefined)
    throw new UserError('engine buildkit: there is no docker buildx', 'Install the buildx plugin of Docker.');
  if (await host.exists(CONSUMERS.buildkit)) return;
  throw new UserError(
    `engine buildkit: the daemon that runs has no socket ${CONSUMERS.buildkit}`,
    'Add a [[snapshotter]] with name = "buildkit" to its configuration, and one for each other consumer.',
  );
}

async function startBuildkitd(context: EngineContext, buildkitd: string, text: string): Promise<void> {
  const { host, journal, signal } = context;
  for (const path of [BuildkitPlace.CONFIG, BuildkitPlace.LOG, BuildkitPlace.ROOT])
    journal.note({ kind: 'remove', path });
  await host.remove(BuildkitPlace.LOG);
  await host.write(BuildkitPlace.CONFIG, text);
  const env = daemonEnvironment(process.env);
  await startService(host, journal, {
    name: BUILDKIT_SERVICE,
    command: [buildkitd, '--config', BuildkitPlace.CONFIG],
    env: {
      ...env,
      // Beside buildkitd lie its emulators; in the folders of root, what an ordinary user's PATH may lack.
      PATH: [dirname(buildkitd), env['PATH'] ?? '/usr/bin:/bin', ...SBIN].join(delimiter),
      OTEL_TRACES_EXPORTER: 'none',
      ...debugVariables(process.env),
    },
    logPath: BuildkitPlace.LOG,
    delegate: true,
    ready: answers,
    signal,
  });
}

/** What a developer of BuildKit switches on, e.g. BUILDKIT_DEBUG_FORCE_OVERLAY_DIFF. */
function debugVariables(env: NodeJS.ProcessEnv): Record<string, string> {
  const found = Object.entries(env).flatMap(([name, value]) =>
    name.startsWith('BUILDKIT_DEBUG_') && value !== undefined ? [[name, value] as const] : [],
  );
  return Object.fromEntries(found);
}

/** It listens when its workers are ready. Asked as the runner's user, who will have to reach it. */
function answers(): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect(BuildkitPlace.SOCKET);
  socket.on('connect', () => resolve(true));
  socket.on('error', () => resolve(false));
  return promise.finally(() => socket.destroy());
}

function whoParts(): { job: string; gid: number; debug: boolean } {
  return {
    job: jobOf(process.env),
    gid: process.getgid?.() ?? 0,
    debug: process.env['RUNNER_DEBUG'] === '1',
  };
}

/** Registries as the daemon has them; where it is not the action's own, as it would have them. */
async function registryParts({
  host,
  inputs,
}: EngineContext): Promise<{ mirrors: Readonly<Record<string, readonly string[]>>; plainHttp: readonly string[] }> {
  const docker = await readDockerSettings(host);
  const parts = { text: '', where: 'the inputs', inputs, docker, env: process.env, freeBytes: 0 };
  const text = (await host.read(Place.CONFIG)) ?? daemonConfig(parts).text;
  const { mirrors, plainHttpHosts } = resolveConfig(text, Place.CONFIG).config.registry;
  return { mirrors, plainHttp: plainHttpHosts };
}

async function findRunc(buildkitd: string, env: NodeJS.ProcessEnv): Promise<string> {
  const folders = [...(env['PATH'] ?? '').split(delimiter).filter((folder) => folder.startsWith('/')), ...SBIN];
  const candidates = [
    join(dirname(buildkitd), 'buildkit-runc'),
    ...folders.flatMap((folder) => [join(folder, 'runc'), join(folder, 'buildkit-runc')]),
    DOCKER_RUNC,
  ];
  for (const path of candidates) if (await isExecutable(path)) return path;
  throw new UserError('engine buildkit: there is no runc', 'Install runc, or Docker, which comes with it.');
}

async function isExecutable(path: string): Promise<boolean> {
  return await access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
