// One job for many who want the same: it goes on while at least one of them waits, and a failed one is forgotten.

interface Job<T> {
  readonly promise: Promise<T>;
  readonly controller: AbortController;
  waiters: number;
}

/** Jobs in flight, by key. */
export class SharedJobs<T> {
  readonly #jobs = new Map<string, Job<T>>();

  /**
   * Joins the job of `key`, or starts it. Aborting `signal` ends this caller's wait, and the job when nobody else waits.
   * @throws what the job throws; the signal's reason.
   */
  async join(key: string, start: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    const job = this.#jobs.get(key) ?? this.#start(key, start);
    job.waiters++;
    const done = new AbortController();
    try {
      return await Promise.race([job.promise, ...(signal === undefined ? [] : [rejectOnAbort(signal, done.signal)])]);
    } finally {
      done.abort();
      job.waiters--;
      if (job.waiters === 0) {
        if (this.#jobs.get(key) === job) this.#jobs.delete(key);
        job.controller.abort();
      }
    }
  }

  /** Waits until no job runs. */
  async idle(): Promise<void> {
    await Promise.allSettled([...this.#jobs.values()].map(({ promise }) => promise));
  }

  #start(key: string, start: (signal: AbortSignal) => Promise<T>): Job<T> {
    const controller = new AbortController();
    const promise = start(controller.signal);
    const job: Job<T> = { promise, controller, waiters: 0 };
    this.#jobs.set(key, job);
    const forget = (): void => {
      if (this.#jobs.get(key) === job) this.#jobs.delete(key);
    };
    promise.then(forget, forget);
    return job;
  }
}

function rejectOnAbort(signal: AbortSignal, done: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true, signal: done });
  });
}
