// One serving process as the supervisor sees it: started with the FUSE descriptor, spoken to over IPC, and known to
// be dead even when the kernel can't finish it.
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ListeningSocket } from './listening-socket.ts';
import { Env, type ToServing, type ToSupervisor } from './messages.ts';
import type { FuseConnection } from './supervisor-mount.ts';

/** Descriptor numbers in the serving process: 0 to 2 are as usual, 3 is the IPC channel, then come those that it inherits. */
const FIRST_FD = 4;
/** How often to look whether a process is dead that the kernel does not report. */
const LOOK_MS = 1000;

/**
 * glibc keeps an arena for every thread and gives little back: buffers of compressed and inflated chunks come and go in
 * all of them. With these the daemon is half as large after a fill, and no slower. The user's own settings win.
 */
const MALLOC = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '65536', MALLOC_TRIM_THRESHOLD_: '65536' };

/** How a serving process ended. Both undefined: it could not be started, or the kernel can't finish it yet. */
export interface Death {
  readonly code?: number | undefined;
  readonly signal?: string | undefined;
  readonly error?: Error | undefined;
}

/** What to start. */
export interface ChildOptions {
  /** Program and arguments; the program is Node, since the process speaks Node's IPC. */
  readonly command: readonly string[];
  readonly generation: number;
  readonly connection: FuseConnection | undefined;
  /** The additional layer store's; never without `connection`. */
  readonly storeConnection: FuseConnection | undefined;
  readonly sockets: readonly ListeningSocket[];
  /** Whether an earlier process served the connections. */
  readonly adopted: boolean;
  readonly onMessage: (message: ToSupervisor) => void;
}

/** A serving process. */
export class ServingChild {
  readonly #process: ChildProcess;
  /** Resolves when it is dead. */
  readonly died: Promise<Death>;

  constructor(options: ChildOptions) {
    const [program = '', ...args] = options.command;
    const { connection, storeConnection, sockets } = options;
    const descriptors: number[] = [];
    /** @returns the number that a descriptor has in the serving process. */
    const inherit = ({ fd }: { readonly fd: number }): number => FIRST_FD - 1 + descriptors.push(fd);
    const inherited = {
      ...(connection === undefined
        ? {}
        : {
            [Env.FUSE_FD]: String(inherit(connection)),
            [Env.FUSE_MOUNT]: connection.mountpoint,
            [Env.FUSE_RESEND]: options.adopted ? '1' : '0',
          }),
      ...(storeConnection === undefined
        ? {}
        : { [Env.STORE_FD]: String(inherit(storeConnection)), [Env.STORE_MOUNT]: storeConnection.mountpoint }),
      [Env.SOCKETS]: JSON.stringify(Object.fromEntries(sockets.map((socket) => [socket.path, inherit(socket)]))),
    };
    this.#process = spawn(program, args, {
      // Its own session: a signal from the terminal reaches the supervisor only, which knows the order of things.
      detached: true,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc', ...descriptors],
      env: {
        ...MALLOC,
        ...process.env,
        [Env.GENERATION]: String(options.generation),
        ...inherited,
      },
    });
    this.#process.on('message', (message) => options.onMessage(message as ToSupervisor));
    this.died = Promise.race([this.#exited(), this.#stuck()]);
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Sends `message`; one that can't be sent is lost, as its receiver is. */
  tell(message: ToServing): void {
    if (this.#process.connected) this.#process.send(message, () => {});
  }

  /** Resolves when the process is dead. */
  async kill(): Promise<Death> {
    this.#process.kill('SIGKILL');
    return this.died;
  }

  async #exited(): Promise<Death> {
    const { promise, resolve } = Promise.withResolvers<Death>();
    this.#process.once('error', (error) => {
      if (this.#process.pid === undefined) resolve({ error });
    });
    this.#process.once('exit', (code, signal) => resolve({ code: code ?? undefined, signal: signal ?? undefined }));
    return promise;
  }

  /**
   * A killed process with a thread that waits for a FUSE reply (a mount(2) under way, say) is not finished by the kernel
   * before the reply is there, and only the next serving process can give it. So a process counts as dead as well when
   * its first thread is gone, or when it has a SIGKILL pending, on two looks in a row.
   */
  async #stuck(): Promise<Death> {
    for (let seen = 0; seen < 2;) {
      await sleep(LOOK_MS, undefined, { ref: false });
      if (this.#process.exitCode !== null || this.#process.signalCode !== null) break;
      seen = this.#process.pid !== undefined && isDying(this.#process.pid) ? seen + 1 : 0;
    }
    return {};
  }
}

/** Whether process `pid` has lost its first thread, or has to die of a SIGKILL that it can't act upon yet. */
function isDying(pid: number): boolean {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'latin1');
    if (/^State:\s+[ZX]/m.test(status)) return true;
    const pending = [...status.matchAll(/^(?:SigPnd|ShdPnd):\s+([0-9a-f]+)$/gm)].map((match) =>
      BigInt(`0x${match[1]}`),
    );
    return pending.some((mask) => ((mask >> 8n) & 1n) === 1n); // signal 9
  } catch {
    return false; // it is gone, and its exit will be reported
  }
}
