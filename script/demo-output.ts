// Runs a container and takes the time until it says something.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Containerd } from '../test/support/containerd.ts';

/** A container to run. */
export interface Container {
  readonly ref: string;
  readonly snapshotter: string;
  /** Empty: the image's own command. */
  readonly command: readonly string[];
}

const ID = 'demo';
/** A container that has not said anything after this time counts as started. */
const SILENCE_MS = 60_000;
/** How long a container may go on after its first output before it is ended. */
const LINGER_MS = 2_000;
const SLOW_MS = 15 * 60_000;

/**
 * Runs a container, waits for its first output (or its end) and ends it.
 * @throws Error when it failed without having been ended.
 */
export async function firstOutput(
  containerd: Containerd,
  { ref, snapshotter, command }: Container,
  signal: AbortSignal,
): Promise<{ startMs: number; output: string }> {
  const first = Promise.withResolvers<void>();
  const args = ['run', '--rm', '--net-host', '--snapshotter', snapshotter, ref, ID, ...command];
  const options = { check: false, timeoutMs: SLOW_MS, signal, onOutput: () => first.resolve() };
  const begin = performance.now();
  const running = containerd.ctr(args, options);
  await Promise.race([first.promise, running, sleep(SILENCE_MS, undefined, { ref: false, signal })]);
  const startMs = performance.now() - begin;
  const ended = await Promise.race([running, sleep(LINGER_MS, undefined, { ref: false, signal })]);
  if (ended === undefined) await containerd.ctr(['tasks', 'kill', '--signal', 'SIGKILL', ID], { check: false });
  const { status, stdout, stderr } = await running;
  if (ended !== undefined && status !== 0) {
    throw new Error(`the container ended with status ${status}: ${(stderr.trim() || stdout.trim()).slice(-1000)}`);
  }
  return { startMs, output: stdout };
}
