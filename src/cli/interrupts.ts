// SIGINT, SIGTERM and SIGHUP as abort signals.
import { InterruptedError } from './exit-codes.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Aborts at the first signal, or at the second one when the first one only asks to come to an end. */
export class Interrupts implements Disposable {
  readonly #stop = new AbortController();
  readonly #abort = new AbortController();
  #firstStops: boolean;

  /** @param options.firstStops the first signal aborts `stop` instead of `abort`. */
  constructor(options: { readonly firstStops?: boolean } = {}) {
    this.#firstStops = options.firstStops === true;
    for (const name of SIGNALS) process.on(name, this.#onSignal);
  }

  /** Aborted when the user wants what is there by now. */
  get stop(): AbortSignal {
    return this.#stop.signal;
  }

  /** Aborted, with an InterruptedError, when the user wants nothing any more. */
  get abort(): AbortSignal {
    return this.#abort.signal;
  }

  /** From now on the first signal aborts: what it could have ended is over. */
  nothingToStop(): void {
    this.#firstStops = false;
  }

  [Symbol.dispose](): void {
    for (const name of SIGNALS) process.removeListener(name, this.#onSignal);
  }

  readonly #onSignal = (): void => {
    if (this.#firstStops) {
      this.#firstStops = false;
      this.#stop.abort();
    } else if (!this.#abort.signal.aborted) this.#abort.abort(new InterruptedError());
    // A third one ends the process as it would anyhow: clean-up hangs, or the user is in a hurry.
    else process.exit(130);
  };
}
