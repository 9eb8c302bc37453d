// The machine's containerd: what systemd runs, what it reads, where it listens and how old it is.
import { readFileSync, readlinkSync } from 'node:fs';
import { parse, type TomlTable } from 'smol-toml';
import { Connection, DEFAULT_CONTAINERD_ADDRESS } from '../containerd/connection.ts';
import { containerdVersion, listPlugins, type Plugin } from '../containerd/introspection.ts';
import { LazypullError, UserError } from '../errors.ts';
import { readText } from './changes.ts';
import { run, unitProperty, unitState } from './system.ts';

const DEFAULT_CONFIG = '/etc/containerd/config.toml';
const NAMESPACE = 'k8s.io';

export interface ContainerdPlace {
  readonly version: string;
  /** The program, for questions about its configuration. */
  readonly program: string;
  readonly address: string;
  readonly unit: string;
  readonly configPath: string;
}

/** What a user may say of it instead. */
export interface ContainerdFlags {
  readonly unit: string;
  readonly configPath?: string | undefined;
}

/** @throws UserError when it does not run under systemd, or a restart would end its containers. */
export async function findContainerd({ unit, configPath }: ContainerdFlags): Promise<ContainerdPlace> {
  const state = await unitState(unit);
  if (state !== 'active') {
    throw new UserError(
      `${unit} is ${state || 'not there'}, not active`,
      'Start it first, or name the right unit with --containerd-unit.',
    );
  }
  await requireKillMode(unit);
  const pid = await unitProperty(unit, 'MainPID');
  const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  const path = configPath ?? flagOf(args, 'config', 'c') ?? DEFAULT_CONFIG;
  const address = flagOf(args, 'address', 'a') ?? addressIn(readText(path) ?? '') ?? DEFAULT_CONTAINERD_ADDRESS;
  using connection = await Connection.open({ address, namespace: NAMESPACE });
  const version = await containerdVersion(connection);
  return { version: plainVersion(version), program: readlinkSync(`/proc/${pid}/exe`), address, unit, configPath: path };
}

/** One that does not run: while an image of a machine is made. @throws UserError when there is none. */
export async function findStoppedContainerd({ unit, configPath }: ContainerdFlags): Promise<ContainerdPlace> {
  const said = await run(['containerd', '--version']).catch((cause: unknown) => {
    throw new UserError('there is no containerd in PATH', 'Install it first.', { cause });
  });
  const path = configPath ?? DEFAULT_CONFIG;
  const address = addressIn(readText(path) ?? '') ?? DEFAULT_CONTAINERD_ADDRESS;
  return { version: plainVersion(said), program: 'containerd', address, unit, configPath: path };
}

/** All plugins of a containerd that runs. @throws UserError when it does not answer. */
export async function pluginsOf(address: string): Promise<readonly Plugin[]> {
  using connection = await Connection.open({ address, namespace: NAMESPACE });
  return await listPlugins(connection);
}

/** What containerd makes of its configuration, without being restarted. @throws LazypullError with its words. */
export async function effectiveConfig({ program, configPath }: ContainerdPlace): Promise<TomlTable> {
  return parse(await run([program, '--config', configPath, 'config', 'dump']));
}

/** `2.1.9` of `v2.1.9` and of `containerd github.com/containerd/containerd/v2 v2.1.9 abc`. */
export function plainVersion(text: string): string {
  const version = /(?:^|\s)v?(\d+\.\d+\.\d+)/.exec(text)?.[1];
  if (version === undefined) throw new LazypullError('UNSUPPORTED', `containerd's version is ${JSON.stringify(text)}`);
  return version;
}

/** A value of the command line, in any of the spellings that Go programs take. */
export function flagOf(args: readonly string[], name: string, short: string): string | undefined {
  for (const [index, arg] of args.entries()) {
    const [, flag, , value] = /^--?([a-z-]+)(=(.*))?$/.exec(arg) ?? [];
    if (flag === name || flag === short) return value ?? args[index + 1];
  }
  return undefined;
}

/** A restart that kills the whole control group would end every container of the node. */
async function requireKillMode(unit: string): Promise<void> {
  const mode = await unitProperty(unit, 'KillMode');
  if (mode === 'process' || mode === 'none') return;
  throw new UserError(
    `${unit} has KillMode=${mode}: to restart it would end all containers`,
    `Give it KillMode=process and Delegate=yes first: systemctl edit ${unit}.`,
  );
}

/** `grpc.address`; a file that can't be read says nothing, and is refused elsewhere. */
function addressIn(text: string): string | undefined {
  try {
    const { grpc } = parse(text) as { grpc?: { address?: unknown } };
    return typeof grpc?.address === 'string' && grpc.address !== '' ? grpc.address : undefined;
  } catch {
    return undefined;
  }
}
