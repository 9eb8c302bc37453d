// The two ways to the first output of a container: with lazypull, and as always. Each has a containerd of its own that
// knows nothing yet, and leaves nothing.
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PullDocument } from '../src/cli/pull-command.ts';
import { type Containerd, containerdProgram, startContainerd } from '../test/support/containerd.ts';
import { type Daemon, startDaemon } from '../test/support/daemon.ts';
import { unmountBelow } from '../test/support/mounts.ts';
import { findProgram } from '../test/support/needs.ts';
import { run } from '../test/support/run.ts';
import { firstOutput } from './demo-output.ts';
import type { Place } from './demo-place.ts';

/** What one side took, in milliseconds. */
export interface Side {
  readonly pullMs: number;
  /** From `ctr run` to the first byte of output. */
  readonly startMs: number;
  readonly output: string;
}

export interface LazySide extends Side {
  /** Bytes that had come from the registry when the first output was there. */
  readonly fetchedBytes: number;
  readonly pulled: PullDocument;
}

/** Nothing of the image can be mounted lazily. The message says why, and what to do. */
export class NothingLazyError extends Error {}

const CLI = fileURLToPath(new URL('../build/src/cli/main.js', import.meta.url));
const SLOW_MS = 15 * 60_000;

/** Pulls with `lazypull pull` and runs. @throws NothingLazyError when that turns out to be an ordinary pull. */
export async function runLazily(place: Place, command: readonly string[], signal: AbortSignal): Promise<LazySide> {
  await using stack = new AsyncDisposableStack();
  const { daemon, containerd } = await startLazySide(place, stack);
  const { lazyRef: ref, netns } = place;
  const sentBefore = await place.sentBytes();
  const flags = ['--json', '--address', containerd.socketPath, '--socket', daemon.control];
  if (place.plainHttp) flags.push('--plain-http');
  const pull = [process.execPath, CLI, 'pull', ...flags, ref];
  const [program = '', ...args] = netns === undefined ? pull : ['nsenter', `--net=/run/netns/${netns}`, ...pull];
  const begin = performance.now();
  const { stdout } = await run(program, args, { timeoutMs: SLOW_MS, signal });
  const pullMs = performance.now() - begin;
  const pulled = JSON.parse(stdout) as PullDocument;
  requireLazy(ref, pulled);
  const { startMs, output } = await firstOutput(containerd, { ref, snapshotter: 'stargz', command }, signal);
  const sent = await place.sentBytes();
  const fetchedBytes =
    sent === undefined || sentBefore === undefined
      ? (await daemon.status()).totals.fetchedBytes + pulled.downloadedBytes
      : sent - sentBefore;
  return { pullMs, startMs, output, fetchedBytes, pulled };
}

/** Pulls with `ctr images pull`, unpacked for overlayfs, and runs. */
export async function runOrdinarily(place: Place, command: readonly string[], signal: AbortSignal): Promise<Side> {
  await using stack = new AsyncDisposableStack();
  const dir = await scratchFolder(stack);
  const { ordinaryRef: ref } = place;
  const containerd = await startContainerd({ version: version(), dir, ...netnsOf(place) });
  stack.defer(() => containerd.stop());
  if (place.plainHttp) containerd.addRegistry(registryOf(ref), `http://${registryOf(ref)}`);
  const hosts = ['--hosts-dir', place.hostsDir ?? containerd.hostsDir];
  const flags = [...hosts, '--snapshotter', 'overlayfs', ...(place.plainHttp ? ['--plain-http'] : [])];
  const begin = performance.now();
  await containerd.ctr(['images', 'pull', ...flags, ref], { timeoutMs: SLOW_MS, signal });
  const pullMs = performance.now() - begin;
  const { startMs, output } = await firstOutput(containerd, { ref, snapshotter: 'overlayfs', command }, signal);
  return { pullMs, startMs, output };
}

async function startLazySide(
  place: Place,
  stack: AsyncDisposableStack,
): Promise<{ daemon: Daemon; containerd: Containerd }> {
  const dir = await scratchFolder(stack);
  const plainHttp = place.plainHttp ? `registry.plain_http_hosts = [${JSON.stringify(registryOf(place.lazyRef))}]` : '';
  const config = `log.level = "info"\n${plainHttp}`;
  const daemon = await startDaemon({ dir: join(dir, 'lazypull'), main: CLI, config, ...netnsOf(place) });
  stack.defer(async () => void (await daemon.stop()));
  const { tier, tierReason } = await daemon.status();
  if (tier === 'D') throw new Error(`this machine can't mount layers lazily: ${tierReason}`);
  const containerd = await startContainerd({
    version: version(),
    dir: join(dir, 'containerd'),
    snapshotterSocket: daemon.socket,
    snapshotterRoot: join(daemon.dir, 'root'),
    ...netnsOf(place),
  });
  stack.defer(() => containerd.stop());
  return { daemon, containerd };
}

// On the disk of /var/tmp: /tmp may be memory or an overlay, which neither side is made for.
async function scratchFolder(stack: AsyncDisposableStack): Promise<string> {
  const dir = await mkdtemp('/var/tmp/lazypull-demo-');
  stack.defer(async () => {
    await unmountBelow(dir);
    await rm(dir, { recursive: true, force: true });
  });
  return dir;
}

function requireLazy(ref: string, { layers }: PullDocument): void {
  if (layers.some(({ state }) => state === 'lazy')) return;
  const reason = layers.find((layer) => layer.reason !== undefined)?.reason ?? 'no reason is known';
  throw new NothingLazyError(
    `${ref} was pulled, but all of its ${layers.length} layers are ordinary: ${reason}.
An image starts lazily when its layers carry a table of contents. To give it one:
  lazypull convert SOURCE TARGET       (or: optimize, which also puts first what a start reads)
  docker buildx build --output type=image,name=TARGET,push=true,oci-mediatypes=true,compression=estargz,force-compression=true .
then run: script/demo TARGET`,
  );
}

/** The containerd that the demo runs, for `needs()`. */
export function containerdNeeded(): string {
  return containerdProgram(version());
}

function version(): '1.7' | '2' {
  return findProgram(containerdProgram('2')) === undefined ? '1.7' : '2';
}

function netnsOf({ netns }: Place): { netns?: string } {
  return netns === undefined ? {} : { netns };
}

function registryOf(ref: string): string {
  return ref.slice(0, ref.indexOf('/'));
}
