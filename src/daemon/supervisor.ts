// The supervisor: the process that `lazypull daemon` is. It owns the FUSE mount and the sockets and does nothing else, so that it has
// no reason to die; the serving process may, at any time, and the next one continues. Imports as little as it can.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../log.ts';
import { type ListeningSocket, openListeningSocket } from './listening-socket.ts';
import { EXIT_CONFIG, type ToSupervisor } from './messages.ts';
import { createNotifier, type Notifier } from './notify.ts';
import { Backoff } from './supervisor-backoff.ts';
import { type Death, ServingChild } from './supervisor-child.ts';
import { type FuseConnection, openConnection, removeMountpoint } from './supervisor-mount.ts';

/** How long the serving process may take to write its state down before a planned restart. */
const FLUSH_MS = 10_000;
/** How long it may take to unmount everything when it is stopped. */
const STOP_MS = 30_000;

/** What to supervise. */
export interface SupervisorOptions {
  /**
   * Program and arguments of the serving process. Asked for anew before each start: a planned restart runs the code
   * that is on disk then.
   */
  readonly command: () => readonly string[];
  /** Where to mount the FUSE filesystem; undefined for none (another transport, or no /dev/fuse). */
  readonly mountpoint: string | undefined;
  /** Where to mount the additional layer store; never without `mountpoint`. This folder stays when everything ends. */
  readonly storeMountpoint?: string | undefined;
  /** Unix sockets that listen as long as the supervisor lives, also while there is no serving process. */
  readonly sockets?: readonly string[];
  readonly log: Logger;
  /** False behaves as kernels before 6.9 do: a new connection for each serving process. */
  readonly resend?: boolean;
  readonly notifier?: Notifier;
}

/**
 * Supervises until SIGTERM or SIGINT. SIGHUP restarts the serving process without anybody noticing.
 * @returns the exit status for this process: 0, or that of a serving process which says that starting it is no use.
 * @throws UserError when the FUSE filesystem can't be mounted, or a socket is in use.
 */
export async function runSupervisor(options: SupervisorOptions): Promise<number> {
  return new Supervisor(options).run();
}

class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #log: Logger;
  readonly #notifier: Notifier;
  readonly #backoff = new Backoff();
  #connection: FuseConnection | undefined;
  #storeConnection: FuseConnection | undefined;
  readonly #sockets: ListeningSocket[] = [];
  #adopted = false;
  #child: ServingChild | undefined;
  #generation = 0;
  /** Whether the child that runs, or ran last, said that it serves; and whether any did. */
  #childReady = false;
  #wasReady = false;
  #planned = false;
  #stopping = false;
  /** Ends a pause between two serving processes. */
  #wake = new AbortController();
  #replies = new Map<ToSupervisor['type'], () => void>();

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#log = options.log;
    this.#notifier = options.notifier ?? createNotifier();
  }

  async run(): Promise<number> {
    const signals = { SIGTERM: () => this.#stop(), SIGINT: () => this.#stop(), SIGHUP: () => void this.#restart() };
    for (const [name, handler] of Object.entries(signals)) process.on(name, handler);
    const watchdog = this.#startWatchdog();
    try {
      for (const path of this.#options.sockets ?? []) this.#sockets.push(await openListeningSocket(path));
      await this.#connect();
      return await this.#supervise();
    } finally {
      clearInterval(watchdog);
      for (const [name, handler] of Object.entries(signals)) process.off(name, handler);
      for (const socket of this.#sockets) socket.close();
      await this.#disconnect();
    }
  }

  /** One serving process after the other. */
  async #supervise(): Promise<number> {
    while (!this.#stopping) {
      const death = await this.#runChild();
      if (this.#stopping) break;
      if (death.code === EXIT_CONFIG && !this.#wasReady) return EXIT_CONFIG;
      // Without RESEND the unanswered requests are lost: they fail now, with EIO, instead of hanging for ever.
      if (this.#connection?.resend === false) await this.#connect();
      if (this.#planned) this.#planned = false;
      else await this.#pause(death);
    }
    return 0;
  }

  async #runChild(): Promise<Death> {
    const child = new ServingChild({
      command: this.#options.command(),
      generation: this.#generation++,
      connection: this.#connection,
      storeConnection: this.#storeConnection,
      sockets: this.#sockets,
      adopted: this.#adopted,
      onMessage: (message) => this.#onMessage(message),
    });
    this.#child = child;
    this.#childReady = false;
    this.#adopted = this.#connection !== undefined;
    this.#log.debug('serving process started', { pid: child.pid, generation: this.#generation - 1 });
    const death = await child.died;
    this.#child = undefined;
    return death;
  }

  /** Reports an unexpected death, and waits when there were many. */
  async #pause(death: Death): Promise<void> {
    const pauseMs = this.#backoff.nextPauseMs(performance.now(), this.#childReady);
    this.#log.error('the serving process died and is started again', { ...death, pauseMs });
    this.#notifier.status(`serving process died, restarting${pauseMs > 0 ? ` in ${pauseMs / 1000} s` : ''}`);
    this.#wake = new AbortController();
    await sleep(pauseMs, undefined, { signal: this.#wake.signal }).catch(() => {});
  }

  #onMessage(message: ToSupervisor): void {
    if (message.type === 'ready') {
      this.#childReady = true;
      this.#wasReady = true;
      this.#notifier.ready();
      this.#notifier.status('serving');
    } else if (message.type === 'restart') void this.#restart();
    else if (message.type === 'leave') this.#stop();
    else this.#replies.get(message.type)?.();
  }

  /** SIGHUP: flush, kill, start what is on disk now. */
  async #restart(): Promise<void> {
    const child = this.#child;
    this.#wake.abort();
    if (child === undefined || this.#planned || this.#stopping) return;
    this.#planned = true;
    this.#notifier.reloading();
    this.#log.info('planned restart of the serving process', { pid: child.pid });
    child.tell({ type: 'flush' });
    await this.#reply(child, 'flushed', FLUSH_MS);
    await child.kill();
  }

  /** SIGTERM, SIGINT: the serving process unmounts and is killed, then the FUSE filesystem goes. A second signal does not wait. */
  #stop(): void {
    this.#wake.abort();
    const child = this.#child;
    if (this.#stopping) {
      void child?.kill();
      return;
    }
    this.#stopping = true;
    this.#notifier.stopping();
    if (child === undefined) return;
    child.tell({ type: 'stop' });
    void this.#reply(child, 'stopped', STOP_MS).then(() => child.kill());
  }

  /** Waits for an answer of `child`, for its death, or for `limitMs`. */
  async #reply(child: ServingChild, type: ToSupervisor['type'], limitMs: number): Promise<void> {
    const answered = Promise.withResolvers<'answered'>();
    this.#replies.set(type, () => answered.resolve('answered'));
    const limit = new AbortController();
    const late = sleep(limitMs, 'late' as const, { signal: limit.signal }).catch(() => 'answered' as const);
    const outcome = await Promise.race([answered.promise, child.died, late]);
    limit.abort();
    if (outcome === 'late') this.#log.warn(`no '${type}' from the serving process in time`, { limitMs });
  }

  async #connect(): Promise<void> {
    await this.#close();
    this.#adopted = false;
    const { mountpoint, storeMountpoint, resend = true } = this.#options;
    if (mountpoint === undefined) return;
    this.#connection = await openConnection(mountpoint, { resend });
    if (storeMountpoint !== undefined) {
      this.#storeConnection = await openConnection(storeMountpoint, { resend, writable: true });
    }
    if (!this.#connection.resend) this.#log.info('this kernel has no FUSE resend: a crash fails the reads under way');
  }

  async #disconnect(): Promise<void> {
    const mountpoint = this.#connection?.mountpoint;
    await this.#close();
    if (mountpoint !== undefined) removeMountpoint(mountpoint);
  }

  async #close(): Promise<void> {
    const connections = [this.#storeConnection, this.#connection];
    this.#storeConnection = undefined;
    this.#connection = undefined;
    for (const connection of connections) await connection?.close();
  }

  #startWatchdog(): NodeJS.Timeout | undefined {
    const { watchdogMs } = this.#notifier;
    return watchdogMs === undefined ? undefined : setInterval(() => this.#notifier.watchdog(), watchdogMs);
  }
}
