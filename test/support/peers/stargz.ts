// The Go stargz snapshotter (`script/setup --peers` builds it), with its default settings.
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { unmountBelow } from '../mounts.ts';
import { requireProgram } from '../needs.ts';

/** Its name for `needs()`. */
export const stargzPeerProgram = 'containerd-stargz-grpc';

/** Where it runs and whom it may speak to. */
export interface StargzPeerOptions {
  /** Folder of its root, socket, configuration and log. Absolute. */
  readonly dir: string;
  readonly netns?: string;
  /** Registries (`host:port`) that are spoken to in plain http, besides localhost. */
  readonly plainHttp?: readonly string[];
  /** More keys of its configuration, in TOML, before the tables. */
  readonly config?: string;
}

/** A running peer. Disposing ends it and unmounts what it mounted. */
export interface StargzPeer extends AsyncDisposable {
  readonly socketPath: string;
  /** Its process, for reading memory and CPU time. */
  readonly pid: number;
  log(): string;
}

/** Starts the peer and waits for its socket. @throws Error with its log when none appears. */
export async function startStargzPeer(options: StargzPeerOptions): Promise<StargzPeer> {
  const { dir, netns } = options;
  mkdirSync(dir, { recursive: true });
  const socketPath = join(dir, 'stargz.sock');
  const configPath = join(dir, 'config.toml');
  const hosts = (options.plainHttp ?? []).map(
    (host) => `[[resolver.host.${JSON.stringify(host)}.mirrors]]\nhost = ${JSON.stringify(host)}\ninsecure = true\n`,
  );
  writeFileSync(configPath, `${options.config ?? ''}\n${hosts.join('')}`);
  const args = ['--address', socketPath, '--root', join(dir, 'root'), '--config', configPath];
  const program = requireProgram(stargzPeerProgram);
  const [file, rest] =
    netns === undefined ? [program, args] : ['nsenter', [`--net=/run/netns/${netns}`, program, ...args]];
  const logPath = join(dir, 'stargz.log');
  const log = openSync(logPath, 'w');
  const child = spawn(file, rest, { stdio: ['ignore', log, log] });
  closeSync(log);
  const readLog = (): string => readFileSync(logPath, 'utf8');
  for (let tries = 0; !existsSync(socketPath); tries++) {
    if (child.exitCode !== null || tries > 500) throw new Error(`${stargzPeerProgram} does not start:\n${readLog()}`);
    await sleep(20);
  }
  return {
    socketPath,
    pid: child.pid ?? -1,
    log: readLog,
    [Symbol.asyncDispose]: async () => {
      await end(child);
      await unmountBelow(dir);
    },
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}
