// The serving process's side of the supervisor: what it inherits, and how it ends. It is crash-only. A thread that
// is blocked in read(2) on /dev/fuse makes process.exit() hang for ever, so every end is SIGKILL, planned or not.
import koffi from 'koffi';
import { FormatError } from '../errors.ts';
import type { Logger } from '../log.ts';
import { Env, type ToServing, type ToSupervisor } from './messages.ts';

/** The FUSE connection that the supervisor mounted. */
export interface AdoptedFuse {
  readonly fd: number;
  readonly mountpoint: string;
  /** The additional layer store's connection, which lives and dies with the other. */
  readonly store: { readonly fd: number; readonly mountpoint: string } | undefined;
  /** How many serving processes there were before this one. */
  readonly generation: number;
  /**
   * True: an earlier process served this connection, its mounts are alive and its unanswered requests can be had again.
   * False: the connection is new. Whatever is still mounted from an earlier one is dead and has to be unmounted.
   */
  readonly resend: boolean;
}

/** What the supervisor gives. */
export interface Inherited {
  /** undefined when there is no FUSE filesystem. */
  readonly fuse: AdoptedFuse | undefined;
  /** Descriptors of sockets that listen already, by their paths. */
  readonly sockets: ReadonlyMap<string, number>;
}

/**
 * Reads what the supervisor said in `env` and removes it, so that no program started later is misled.
 * @throws FormatError when the variables do not make sense.
 */
export function inherit(env: NodeJS.ProcessEnv = process.env): Inherited {
  const taken = Object.fromEntries(
    Object.values(Env).map((name) => {
      const value = env[name];
      delete env[name];
      return [name, value];
    }),
  );
  return { fuse: fuseOf(taken), sockets: socketsOf(taken[Env.SOCKETS] ?? '{}') };
}

function fuseOf(taken: Readonly<Record<string, string | undefined>>): AdoptedFuse | undefined {
  if (taken[Env.FUSE_FD] === undefined) return undefined;
  const generation = taken[Env.GENERATION] ?? '';
  if (!/^\d{1,9}$/.test(generation)) throw new FormatError(`${Env.GENERATION} is not a number`);
  return {
    ...connectionAt(taken, Env.FUSE_FD, Env.FUSE_MOUNT),
    store: taken[Env.STORE_FD] === undefined ? undefined : connectionAt(taken, Env.STORE_FD, Env.STORE_MOUNT),
    generation: Number(generation),
    resend: taken[Env.FUSE_RESEND] === '1',
  };
}

function socketsOf(text: string): ReadonlyMap<string, number> {
  const wrong = (): FormatError => new FormatError(`${Env.SOCKETS} is not a table of paths and descriptors`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw wrong();
  }
  if (typeof parsed !== 'object' || parsed === null) throw wrong();
  const sockets = new Map(Object.entries(parsed as Record<string, unknown>).map(([path, fd]) => [path, Number(fd)]));
  if ([...sockets.values()].some((fd) => !Number.isInteger(fd) || fd < 3)) throw wrong();
  return sockets;
}

function connectionAt(
  taken: Readonly<Record<string, string | undefined>>,
  fdName: string,
  mountName: string,
): { fd: number; mountpoint: string } {
  const fd = taken[fdName] ?? '';
  const mountpoint = taken[mountName] ?? '';
  if (!/^[1-9]\d{0,5}$/.test(fd)) throw new FormatError(`${fdName} is ${JSON.stringify(fd)}, want a descriptor`);
  if (!mountpoint.startsWith('/')) throw new FormatError(`${mountName} is not an absolute path`);
  return { fd: Number(fd), mountpoint };
}

/** What the supervisor may ask for. A rejection is logged; the supervisor goes on all the same. */
export interface ServingHandlers {
  flush(): Promise<void>;
  stop(): Promise<void>;
}

/** The way back to the supervisor; both do nothing in a process that has none. */
export interface SupervisorLink {
  /** Says that this process serves. */
  ready(): void;
  /** Asks for a planned restart. */
  restart(): void;
  /** Asks for the end of the daemon. */
  leave(): void;
}

/**
 * Listens to the supervisor, dies with it, and dies at once of any error that nobody handled: the next process starts
 * from what is on disk. Terminal signals are left to the supervisor.
 */
export function connectSupervisor(handlers: ServingHandlers, log: Logger): SupervisorLink {
  const dieOf = (what: string) => (error: unknown) => {
    log.error(what, { error, stack: error instanceof Error ? error.stack : undefined });
    dieNow();
  };
  process.on('uncaughtException', dieOf('an error that nobody handled ends this process'));
  process.on('unhandledRejection', dieOf('a rejection that nobody handled ends this process'));
  if (process.send === undefined) return { ready() {}, restart() {}, leave() {} };

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
  process.on('disconnect', dieNow);
  process.on('message', (message: ToServing) => {
    if (message.type === 'flush') void answer(handlers.flush(), 'flushed', log);
    else if (message.type === 'stop') void answer(handlers.stop(), 'stopped', log);
  });
  const sender = (type: 'ready' | 'restart' | 'leave') => () => send({ type });
  return { ready: sender('ready'), restart: sender('restart'), leave: sender('leave') };
}

/** Ends this process whatever its threads are doing. Nothing is flushed. */
export function dieNow(): never {
  process.kill(process.pid, 'SIGKILL');
  // The signal is there before kill(2) returns to user space; this only tells the type checker so.
  throw new Error('unreachable');
}

/** Ends this process with `status` whatever its threads are doing, which process.exit() can't. Nothing is flushed. */
export function exitNow(status: number): never {
  const exit = koffi.load(null).func('void _exit(int status)') as (status: number) => void;
  exit(status);
  throw new Error('unreachable');
}

async function answer(done: Promise<void>, type: 'flushed' | 'stopped', log: Logger): Promise<void> {
  try {
    await done;
  } catch (error) {
    log.error(`not everything could be ${type}`, { error });
  }
  send({ type });
}

function send(message: ToSupervisor): void {
  process.send?.(message);
}
