// Whether a containerd that runs has our snapshotter: asked by its own `ctr`, since its socket is for root only.
import { UserError, LazypullError } from '../../src/errors.ts';
import type { Host } from '../host.ts';
import { lastLines } from '../process-text.ts';
import { SNAPSHOTTER } from '../../src/install/containerd-config.ts';

/** The snapshotter's plugin as containerd has it. */
export interface PluginState {
  /** Socket that it speaks to; undefined for a plugin that is no proxy. */
  readonly address: string | undefined;
  /** Why it could not be loaded. */
  readonly error: string | undefined;
}

const TIMEOUT_MS = 15_000;
const LIMITS = ['--connect-timeout', '5s', '--timeout', '10s'];
const LIST = ['plugins', 'ls', '--detailed', `id==${SNAPSHOTTER},type==io.containerd.snapshotter.v1`];

/** undefined when containerd has no such plugin. @throws LazypullError when it does not answer. */
export async function snapshotterPlugin(host: Host, address: string): Promise<PluginState | undefined> {
  const command = ['ctr', '--address', address, ...LIMITS, ...LIST];
  const { status, stdout, stderr } = await host.try(command, { root: true, timeoutMs: TIMEOUT_MS });
  if (status !== 0)
    throw new LazypullError('UNAVAILABLE', `containerd at ${address}: ${lastLines(stderr, 1) || `status ${status}`}`);
  return parsePlugin(stdout);
}

/** From `ctr plugins ls --detailed`: a block of lines for the plugin. */
export function parsePlugin(text: string): PluginState | undefined {
  if (!/^ID:\s+\S/m.test(text)) return undefined;
  const [, error] = /^Error:[^]*?^\s+Message:\s+(.*)$/m.exec(text) ?? [];
  return { address: /^\s+address\s+(\S+)$/m.exec(text)?.[1], error: error?.trim() };
}

/** @throws UserError when it is not ours, or not loaded, with what to look at in the file that containerd reads. */
export function requireOurPlugin(state: PluginState | undefined, socket: string, configPath: string): void {
  if (state === undefined)
    throw new UserError(
      `containerd does not know the snapshotter ${SNAPSHOTTER} after its restart`,
      `Look at ${configPath}: disabled_plugins may name it, and containerd has to read that file.`,
    );
  if (state.error !== undefined)
    throw new UserError(
      `containerd can't load the snapshotter ${SNAPSHOTTER}: ${state.error}`,
      `Look at ${configPath}.`,
    );
  if (state.address !== socket)
    throw new UserError(
      `containerd's snapshotter ${SNAPSHOTTER} is the one at ${state.address ?? 'no socket'}, not lazypull's at ${socket}`,
      `A file that ${configPath} imports says so too, and wins: take [proxy_plugins.${SNAPSHOTTER}] out of it.`,
    );
}
