// SIGINT and SIGTERM for commands that clean up after themselves.
import { InterruptedError } from './exit-codes.ts';

/** Aborts at SIGINT and SIGTERM; a second one ends the process as usual. Disposing it ends the listening. */
export function interruptSignal(): { readonly signal: AbortSignal } & Disposable {
  const controller = new AbortController();
  const stop = (): void => controller.abort(new InterruptedError());
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, stop);
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      for (const name of ['SIGINT', 'SIGTERM'] as const) process.removeListener(name, stop);
    },
  };
}
