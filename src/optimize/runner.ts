// Runs a workload with runc until something ends it. Runs in the recorder's own process and namespaces.
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { constants } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError, describeError } from '../errors.ts';
import { LineWatcher } from './line-watcher.ts';
import type { RecordJob, StopReason } from './record-job.ts';

/** How long a workload that handles the signal may take to end, before it is killed. */
const GRACE_MS = 5000;
const RETRY_MS = 200;
const SIGKILL = 9;
/** The end of runc's own log is enough to say what went wrong. */
const MAX_LOG_BYTES = 1 << 20;

/** What came of a run. */
export interface RunOutcome {
  readonly reason: StopReason;
  readonly status: number;
}

/** One workload, from its start to its end. */
export class Runner {
  readonly #job: RecordJob;
  readonly #bundle: string;
  readonly #onStop: (reason: StopReason) => void;
  readonly #stopped = Promise.withResolvers<StopReason>();

  /** @param bundle folder with `rootfs` mounted in it. `onStop` is called once, before anything is done to the workload. */
  constructor(job: RecordJob, bundle: string, onStop: (reason: StopReason) => void) {
    this.#job = job;
    this.#bundle = bundle;
    this.#onStop = onStop;
  }

  /** Ends the workload; the run then resolves with the reason `signal`. */
  stop(): void {
    this.#stopped.resolve('signal');
  }

  /**
   * Starts the workload, waits for its end or for what ends it, and removes the container.
   * @throws UserError when runc can't be started or can't start the workload.
   */
  async run(onStarted: () => void): Promise<RunOutcome> {
    const { spec, stop } = this.#job;
    await writeFile(join(this.#bundle, 'config.json'), spec, { mode: 0o600 });
    await mkdir(this.#state, { recursive: true, mode: 0o700 });
    const child = this.#spawn();
    const exited = ended(child);
    onStarted();
    using timer = new Timer(stop.periodMs, () => this.#stopped.resolve('period'));
    void timer;
    try {
      const reason = await Promise.race([this.#stopped.promise, exited.then((): StopReason => 'exit')]);
      this.#onStop(reason);
      if (reason !== 'exit') await this.#end(exited);
      const status = await exited;
      await this.#requireStarted(status);
      return { reason, status };
    } finally {
      await this.#runc('delete', '--force', this.#job.id).catch(() => {}); // the namespaces' end takes the rest
    }
  }

  get #state(): string {
    return join(this.#job.folder, 'runc');
  }

  get #pidFile(): string {
    return join(this.#job.folder, 'pid');
  }

  get #logFile(): string {
    return join(this.#job.folder, 'runc.log');
  }

  #spawn(): ChildProcess {
    const { runtime, id, interactive, terminal, stop } = this.#job;
    const log = ['--root', this.#state, '--log', this.#logFile, '--log-format', 'json'];
    const run = ['run', '--bundle', this.#bundle, '--pid-file', this.#pidFile, id];
    const stdin = interactive ? 'inherit' : 'ignore';
    const stdout = stop.line === undefined ? 'inherit' : 'pipe';
    // runc finds the terminal by a descriptor that is one; what the workload writes comes by stdout alone then.
    const child = spawn(runtime, [...log, ...run], { stdio: [stdin, stdout, terminal ? 'inherit' : stdout] });
    this.#watch(child.stdout, process.stdout);
    this.#watch(child.stderr, process.stderr);
    return child;
  }

  #watch(stream: Readable | null, out: NodeJS.WritableStream): void {
    const { line } = this.#job.stop;
    if (stream === null || line === undefined) return;
    const watcher = new LineWatcher(line, () => this.#stopped.resolve('line'));
    stream.on('data', (data: Buffer) => {
      out.write(data);
      watcher.push(data);
    });
  }

  /** SIGTERM, or what the image wants, if anybody listens; then SIGKILL. */
  async #end(exited: Promise<number>): Promise<void> {
    const { signal } = this.#job.stop;
    const pid = Number(await readFile(this.#pidFile, 'utf8').catch(() => ''));
    if (signal !== SIGKILL && catchesSignal(pid, signal)) {
      await this.#runc('kill', this.#job.id, `${signal}`).catch(() => {});
      await within(exited, GRACE_MS);
    }
    // Fails while the container is being made, and when it has ended.
    while (!(await within(exited, 0))) {
      await this.#runc('kill', this.#job.id, 'KILL').catch(() => {});
      await within(exited, RETRY_MS);
    }
  }

  async #runc(...args: string[]): Promise<void> {
    const child = spawn(this.#job.runtime, ['--root', this.#state, ...args], { stdio: 'ignore' });
    const status = await ended(child);
    if (status !== 0) throw new UserError(`${this.#job.runtime} ${args[0]}: status ${status}`);
  }

  /** runc's own failures have the status of a workload; its log tells them apart. */
  async #requireStarted(status: number): Promise<void> {
    if (status === 0) return;
    const log = await readFile(this.#logFile, 'utf8').catch(() => '');
    const message = lastError(log.slice(-MAX_LOG_BYTES));
    if (message === undefined) return;
    throw new UserError(
      `the workload could not be started: ${message}`,
      'Look at the command after "--", --entrypoint, --user, --cwd and --mount.',
    );
  }
}

/** A timer that may be none. */
class Timer implements Disposable {
  readonly #timer: NodeJS.Timeout | undefined;

  constructor(ms: number | undefined, callback: () => void) {
    this.#timer = ms === undefined ? undefined : setTimeout(callback, ms);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }
}

/** Status of a child, 128 + signal when one ended it. @throws UserError when it can't be started. */
async function ended(child: ChildProcess): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  child.once('error', (cause) =>
    reject(
      new UserError(`can't start runc: ${describeError(cause)}`, 'Install runc, or name it with --runtime.', { cause }),
    ),
  );
  child.once('close', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGKILL']));
  return promise;
}

/** Whether `event` comes within a time. */
async function within(event: Promise<unknown>, ms: number): Promise<boolean> {
  const limit = new AbortController();
  const late = sleep(ms, false, { signal: limit.signal }).catch(() => false);
  const came = await Promise.race([event.then(() => true), late]);
  limit.abort();
  return came;
}

/**
 * Whether a process does something about a signal. The first process of a container has no default actions: one that it
 * does not catch is lost, and waiting for it too.
 */
function catchesSignal(pid: number, signal: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    const mask = /^SigCgt:\s*([0-9a-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? '';
    // Hexadecimal, the last digit has signals 1 to 4.
    const digit = Number.parseInt(mask.at(-1 - Math.floor((signal - 1) / 4)) ?? '0', 16);
    return ((digit >> ((signal - 1) % 4)) & 1) === 1;
  } catch {
    return false;
  }
}

/** The message of the last line of runc's JSON log that is an error. */
function lastError(log: string): string | undefined {
  for (const line of log.trim().split('\n').toReversed()) {
    try {
      const { level, msg } = JSON.parse(line) as { level?: unknown; msg?: unknown };
      if ((level === 'error' || level === 'fatal') && typeof msg === 'string') return msg.slice(0, 1000);
    } catch {
      continue; // a line that was cut
    }
  }
  return undefined;
}
