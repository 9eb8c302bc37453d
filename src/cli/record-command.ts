// The process that `lazypull optimize` starts for a recording, in namespaces of its own. Not for people.
import { exitNow } from '../daemon/serving.ts';
import { Recorder } from '../optimize/recorder.ts';
import type { FromRecorder, ToRecorder } from '../optimize/record-job.ts';

/** Does what comes by the IPC channel, and ends with it. Never returns. */
export function runRecorder(): void {
  // The command hears signals and says what to do; without it, everything ends.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
  // What the workload says need not be read by anybody.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  process.on('disconnect', () => exitNow(1));
  const die = (error: unknown): void => {
    process.stderr.write(`lazypull: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    exitNow(1);
  };
  process.on('uncaughtException', die);
  process.on('unhandledRejection', die);
  const recorder = new Recorder({ send });
  process.on('message', (message: ToRecorder) => {
    void recorder.handle(message).then((done) => {
      if (done) exitNow(0);
    });
  });
}

async function send(message: FromRecorder): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  if (process.send === undefined) throw new Error('this command is started by lazypull optimize only');
  process.send(message, (error: Error | null) => (error === null ? resolve() : reject(error)));
  await promise;
}
