// V8 collects only when a heap is full: what a burst of work left stays until the next one, in each thread. Whoever
// knows that work is over says so here.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** A full collection of the calling thread's heap, which stops that thread for some 20-50 ms. */
export function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as (options: object) => void;
  // The flavor that gives empty pages back to the system instead of keeping them for the next burst.
  return () => collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}

/** Returns what to call after each piece of work: garbage is collected when the thread has then idled for `quietMs`. */
export function collectWhenIdle(quietMs: number): () => void {
  let timer: NodeJS.Timeout | undefined;
  return () => {
    timer ??= setTimeout(() => garbageCollector()(), quietMs).unref();
    timer.refresh();
  };
}
