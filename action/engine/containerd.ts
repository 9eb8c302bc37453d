// Engine `containerd`: the machine's own containerd gets the snapshotter, for its own clients. Docker is another engine,
// which builds on this one. Containers of containerd go on running while it restarts; Docker's would lose their daemon for
// a moment, so where some run, or where containerd can't be told, one of our own is started beside it.
import { UserError } from '../../src/errors.ts';
import type { ContainerdFacts, Facts } from '../facts.ts';
import type { Host } from '../host.ts';
import { CONSUMERS, Place } from '../state.ts';
import { readConfigFile } from './change-file.ts';
import { mergeContainerdConfig } from '../../src/install/containerd-config.ts';
import { type PluginState, requireOurPlugin, snapshotterPlugin } from './containerd-plugin.ts';
import { DOCKER_SOCKET, dockerInfo, isOwnSocket } from './docker-api.ts';
import { setUpIsolatedContainerd } from './isolated.ts';
import { abandonedSteps, applyChanges, type FileChange } from './machine-changes.ts';
import type { EngineContext, EngineReady, EngineSetup } from './model.ts';
import { restartUnits, untilAnswer } from './services.ts';

/** What the machine's containerd is to be told, found out before anything of it is changed. */
export interface ContainerdPlan {
  readonly address: string;
  readonly unit: string;
  readonly configPath: string;
  readonly change: FileChange;
  /** It has our snapshotter already. */
  readonly serving: boolean;
}

/** Why something of the machine is left as it is, and something of our own started beside it. */
export interface Unchangeable {
  readonly reason: string;
}

/** systemd has seen that it is ready; its socket is there. */
const READY_MS = 10_000;
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

/**
 * Sets the machine's containerd up, or one beside it.
 * @throws UserError for a configuration that is none; LazypullError when containerd does not take the new one.
 */
export const setUpContainerd: EngineSetup = async (context) => {
  const { host, facts, info } = context;
  await requireSocket(host);
  const [plan, running] = await Promise.all([planContainerd(context), runningContainers(facts)]);
  const reason = 'reason' in plan ? plan.reason : isDone(plan) ? undefined : running;
  if ('reason' in plan || reason !== undefined) {
    info(`The machine's containerd is left as it is: ${reason ?? ''}. One of our own is started beside it.`);
    return await setUpIsolatedContainerd(context);
  }
  // The way back is a restart too.
  const abandoned = running === undefined ? await abandonedSteps(host) : [];
  await applyChanges(context, [plan.unit], [plan.change], abandoned);
  // The daemon of a job that died is gone: containerd may wait for a while before it calls the next one.
  if (isDone(plan) && abandoned.length === 0) info('containerd has the snapshotter already.');
  else {
    await restartUnits(host, [plan.unit]);
    await requireContainerd(context, plan);
  }
  return containerdReady(plan);
};

/** Nothing is to be changed or restarted. */
export function isDone({ serving, change }: ContainerdPlan): boolean {
  return serving && !change.merged.changed;
}

/** Looks at the machine's containerd. @throws UserError for a configuration that can't be understood. */
export async function planContainerd(
  context: Pick<EngineContext, 'host' | 'facts'>,
): Promise<ContainerdPlan | Unchangeable> {
  const { host, facts } = context;
  const { containerd } = facts;
  if (containerd === undefined) return { reason: 'there is none' };
  const { address, unit, configPath } = containerd;
  if (unit === undefined) return { reason: 'it is no service of systemd' };
  const [file, plugin] = await Promise.all([
    readConfigFile(host, configPath),
    snapshotterPlugin(host, address).catch(() => undefined),
  ]);
  const change = { file, merged: mergeContainerdConfig(file.text, configPath, entryOf(containerd, facts)) };
  if (change.merged.changed && !file.writable) return { reason: `${configPath} can't be changed` };
  return { address, unit, configPath, change, serving: isOurs(plugin) };
}

/** Waits until containerd has our snapshotter after a restart. @throws UserError when it has not. */
export async function requireContainerd({ host, signal }: EngineContext, plan: ContainerdPlan): Promise<void> {
  const { address, configPath } = plan;
  let reason: unknown;
  const ask = (): Promise<{ readonly plugin: PluginState | undefined } | undefined> =>
    snapshotterPlugin(host, address).then(
      (plugin) => ({ plugin }),
      (error: unknown) => {
        reason = error;
        return undefined;
      },
    );
  const answer = await untilAnswer(ask, READY_MS, signal);
  if (answer === undefined) throw reason;
  requireOurPlugin(answer.plugin, CONSUMERS.containerd, configPath);
}

/** Containers of the machine's own Docker that run, as a reason; undefined for none. */
export async function runningContainers({ docker }: Facts): Promise<string | undefined> {
  if (docker !== undefined && docker.unfit !== 'another machine' && isOwnSocket(docker.endpoint))
    return docker.running.length === 0 ? undefined : `containers run already (${docker.running.join(', ')})`;
  // The Docker that this job uses is another one, and says nothing of what runs here.
  const own = await dockerInfo(DOCKER_SOCKET).catch(() => undefined);
  return own === undefined || own.running === 0 ? undefined : `containers run already (${own.running} of Docker's)`;
}

/** A containerd that is told of a socket which is not there would let Docker fail. @throws UserError */
export async function requireSocket(host: Host): Promise<void> {
  if (await host.exists(CONSUMERS.containerd)) return;
  throw new UserError(
    `the daemon that runs has no socket ${CONSUMERS.containerd}`,
    'Add a [[snapshotter]] with name = "containerd" and that socket to its configuration.',
  );
}

function containerdReady({ address }: ContainerdPlan): EngineReady {
  return {
    engine: 'containerd',
    snapshotterSocket: CONSUMERS.containerd,
    containerdAddress: address,
    isolated: false,
    env: {},
  };
}

function entryOf({ version }: ContainerdFacts, { arch }: Facts): Parameters<typeof mergeContainerdConfig>[2] {
  const platform = `linux/${ARCHITECTURES[arch] ?? arch}`;
  return { version, socket: CONSUMERS.containerd, root: Place.ROOT, platform };
}

function isOurs(plugin: PluginState | undefined): boolean {
  return plugin !== undefined && plugin.error === undefined && plugin.address === CONSUMERS.containerd;
}
