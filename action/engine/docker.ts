// Engine `docker`: the machine's own Docker keeps its images in containerd, in our snapshotter, so that pull, run, compose
// and build of later steps are lazy. containerd and Docker are restarted once, together; where containers run, or where
// Docker can't be told, one of our own is started beside it, with a containerd of its own.
import { LazypullError, UserError } from '../../src/errors.ts';
import type { DockerFacts } from '../facts.ts';
import { CONSUMERS } from '../state.ts';
import { readConfigFile } from './change-file.ts';
import {
  type ContainerdPlan,
  isDone,
  planContainerd,
  requireContainerd,
  requireSocket,
  runningContainers,
  type Unchangeable,
} from './containerd.ts';
import { containerdAddressIn, mergeDaemonJson, STORAGE_DRIVER } from './daemon-json.ts';
import { dockerInfo, type DockerInfo, isOwnSocket, socketOf } from './docker-api.ts';
import { readDockerd } from './dockerd.ts';
import { setUpIsolatedDocker } from './isolated.ts';
import { abandonedSteps, applyChanges, type FileChange } from './machine-changes.ts';
import type { EngineContext, EngineSetup } from './model.ts';
import { restartUnits, untilAnswer } from './services.ts';

/** systemd has seen that it is ready. */
const READY_MS = 20_000;
/** Where dockerd finds a containerd when nobody tells it of one. */
const DEFAULT_CONTAINERD = '/run/containerd/containerd.sock';

/** What the machine's Docker is to be told. */
interface DockerPlan {
  readonly unit: string;
  readonly socketPath: string;
  readonly containerd: ContainerdPlan;
  readonly change: FileChange;
  /** Before anything was changed. */
  readonly before: DockerInfo;
  /** Whose images it shows then are not those that it shows with us. */
  readonly hides: boolean;
}

/**
 * Sets the machine's Docker up, or one beside it.
 * @throws UserError for a configuration that is none; LazypullError when Docker does not come up with the new one, with
 * the end of its log.
 */
export const setUpDocker: EngineSetup = async (context) => {
  const { host, facts, info } = context;
  requireHere(facts.docker);
  await requireSocket(host);
  const [plan, running] = await Promise.all([planDocker(context), runningContainers(facts)]);
  const reason = 'reason' in plan ? plan.reason : unitsOf(plan).length === 0 ? undefined : running;
  if ('reason' in plan || reason !== undefined) {
    info(`The machine's Docker is left as it is: ${reason ?? ''}. One of our own is started beside it.`);
    return await setUpIsolatedDocker(context);
  }
  await changeDocker(context, plan, running === undefined);
  return {
    engine: 'docker',
    snapshotterSocket: CONSUMERS.containerd,
    containerdAddress: plan.containerd.address,
    isolated: false,
    env: {},
  };
};

/** One of our own here would not be what the job's containers, ports and volumes are meant for. */
function requireHere(docker: DockerFacts | undefined): void {
  if (docker?.unfit !== 'another machine') return;
  throw new UserError(
    `engine docker: the Docker of this job is at ${docker.endpoint}, on another machine, which can't be changed from here`,
    'Set lazypull up on that machine, or use `engine: buildkit` for builds.',
  );
}

/** What is left of a job that died is taken over only when nothing runs: the way back is a restart too. */
async function changeDocker(context: EngineContext, plan: DockerPlan, takeOver: boolean): Promise<void> {
  const { host, info } = context;
  const abandoned = takeOver ? await abandonedSteps(host) : [];
  // Its daemon is gone: containerd may wait for a while before it calls the next one.
  const units = abandoned.length > 0 ? [plan.containerd.unit, plan.unit] : unitsOf(plan);
  await applyChanges(context, units, [plan.containerd.change, plan.change], abandoned);
  if (units.length === 0) {
    info('Docker pulls lazily already.');
    return;
  }
  await restartUnits(host, units);
  // A proxy that an imported file points elsewhere would be as good to Docker.
  await Promise.all([requireContainerd(context, plan.containerd), requireDocker(context, plan)]);
  tellHidden(context, plan);
}

async function planDocker(context: EngineContext): Promise<DockerPlan | Unchangeable> {
  const { host, facts } = context;
  const found = unitAndSocket(facts.docker);
  if ('reason' in found) return found;
  const { unit, socketPath, docker } = found;
  const [containerd, dockerd, before] = await Promise.all([
    planContainerd(context),
    readDockerd(host, unit),
    dockerInfo(socketPath),
  ]);
  if ('reason' in containerd) return { reason: `its containerd: ${containerd.reason}` };
  if (dockerd === undefined) return { reason: `${unit} does not run` };
  if (dockerd.obstacle !== undefined) return { reason: dockerd.obstacle };
  const { configPath } = dockerd;
  const file = await readConfigFile(host, configPath);
  const merged = mergeDaemonJson(file.text, configPath);
  const address = dockerd.containerd ?? containerdAddressIn(file.text, configPath) ?? DEFAULT_CONTAINERD;
  if (inRun(address) !== inRun(containerd.address)) return { reason: `it uses the containerd at ${address}` };
  if (merged.changed && !file.writable) return { reason: `${configPath} can't be changed` };
  return { unit, socketPath, containerd, change: { file, merged }, before, hides: !docker.containerdStore };
}

/** /var/run is a link to /run wherever there is systemd. */
function inRun(path: string): string {
  return path.replace(/^\/var\/run\//, '/run/');
}

function unitAndSocket(
  docker: DockerFacts | undefined,
): { readonly unit: string; readonly socketPath: string; readonly docker: DockerFacts } | Unchangeable {
  if (docker === undefined) return { reason: 'it does not answer' };
  const { unfit, unit, endpoint } = docker;
  if (unfit !== undefined) return { reason: `it can't have this image store (${unfit})` };
  if (unit === undefined) return { reason: 'it is no service of systemd' };
  const socketPath = socketOf(endpoint);
  if (socketPath === undefined || !isOwnSocket(endpoint))
    return { reason: `this job uses the one at ${endpoint}, which is not ${unit}` };
  return { unit, socketPath, docker };
}

/** What has to be restarted, in the order of their starts. */
function unitsOf({ unit, containerd, change, before }: DockerPlan): string[] {
  if (!isDone(containerd)) return [containerd.unit, unit];
  return change.merged.changed || before.driver !== STORAGE_DRIVER ? [unit] : [];
}

async function requireDocker({ signal }: EngineContext, { unit, socketPath }: DockerPlan): Promise<void> {
  let reason: unknown;
  const ask = (): Promise<DockerInfo | undefined> =>
    dockerInfo(socketPath).catch((error: unknown) => {
      reason = error;
      return undefined;
    });
  const after = await untilAnswer(ask, READY_MS, signal);
  if (after === undefined) throw reason;
  if (after.driver !== STORAGE_DRIVER)
    throw new LazypullError(
      'FAILED_PRECONDITION',
      `Docker has the storage driver ${after.driver} after its restart, not ${STORAGE_DRIVER}; ${unit} reads other settings`,
    );
}

function tellHidden({ notice, info }: EngineContext, { before, hides }: DockerPlan): void {
  const count = hides ? before.images : 0;
  if (count === 0) info('Docker has no images that its new image store does not show.');
  else
    notice(
      `Docker's other image store (${before.driver}) has ${count} image${count === 1 ? '' : 's'}. Until this job ends it is ` +
        'not shown, and what is used of it is pulled again; then it is back.',
    );
}
