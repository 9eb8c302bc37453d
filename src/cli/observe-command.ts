// `lazypull observe`: shows the health and the metrics of the node's daemon until SIGTERM or SIGINT.
import { loadConfig } from '../config.ts';
import { startObserver } from '../daemon/observer.ts';

/** @throws UserError when it can't listen. */
export async function runObserve(flags: Readonly<Record<string, string>>): Promise<void> {
  const socket = flags['socket'] ?? loadConfig(flags['config']).config.control.socket;
  await using stack = new AsyncDisposableStack();
  const observer = await startObserver({ socket, listen: flags['listen'] ?? '' });
  stack.defer(() => observer.close());
  process.stdout.write(`/healthz and /metrics of ${socket} on ${observer.address}\n`);
  // Process 1 of a container has no default for these.
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
}
