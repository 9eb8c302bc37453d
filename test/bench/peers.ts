// The snapshotters that a benchmark compares, each as a process with a socket: ours as it is installed (the built
// JavaScript), and the Go stargz snapshotter as its release is (script/setup --peers builds it by module version).
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startDaemon } from '../support/daemon.ts';
import { unmountBelow } from '../support/mounts.ts';
import { findProgram, requireProgram } from '../support/needs.ts';

/** A running snapshotter. */
export interface Peer {
  readonly socket: string;
  /** Our control socket; undefined for others. */
  readonly control: string | undefined;
  /** Its processes. */
  pids(): Promise<readonly number[]>;
  stop(): Promise<void>;
}

export type PeerName = 'go' | 'ours';

export const BUILT_CLI: string =
  process.env['LAZYPULL_BUILT_CLI'] ?? fileURLToPath(new URL('../../build/src/cli/main.js', import.meta.url));
const GO_PROGRAM = 'containerd-stargz-grpc';

/** Why a peer can't take part; undefined when it can. */
export function missingPeer(name: PeerName): string | undefined {
  if (name === 'ours') return existsSync(BUILT_CLI) ? undefined : 'run `npm run build`';
  return findProgram(GO_PROGRAM) === undefined ? 'run `script/setup --peers`' : undefined;
}

export interface PeerOptions {
  readonly dir: string;
  readonly netns?: string;
  /** Registry without TLS. */
  readonly plainHttpHost: string;
  /** Whether the background fetch may run; a benchmark of demand reads turns it off. */
  readonly background: boolean;
}

export function startPeer(name: PeerName, options: PeerOptions): Promise<Peer> {
  return name === 'ours' ? startOurs(options) : startGo(options);
}

async function startOurs({ dir, netns, plainHttpHost, background }: PeerOptions): Promise<Peer> {
  const config = `log.level = "info"\nbackground_fill.enabled = ${background}\nregistry.plain_http_hosts = ["${plainHttpHost}"]`;
  const daemon = await startDaemon({ dir, main: BUILT_CLI, config, ...(netns === undefined ? {} : { netns }) });
  return {
    socket: daemon.socket,
    control: daemon.control,
    pids: async () => [daemon.pid, await daemon.servingPid()],
    stop: async () => void (await daemon.stop()),
  };
}

async function startGo({ dir, netns, plainHttpHost, background }: PeerOptions): Promise<Peer> {
  mkdirSync(dir, { recursive: true });
  const socket = join(dir, 'go.sock');
  const config = join(dir, 'config.toml');
  const mirror = `[[resolver.host."${plainHttpHost}".mirrors]]\nhost = "${plainHttpHost}"\ninsecure = true\n`;
  writeFileSync(config, `no_background_fetch = ${!background}\n${mirror}`);
  const args = ['-address', socket, '-config', config, '-root', join(dir, 'root')];
  const command = [requireProgram(GO_PROGRAM), ...args];
  if (netns !== undefined) command.unshift('nsenter', `--net=/run/netns/${netns}`);
  const log = openSync(join(dir, 'log'), 'a');
  const child = spawn(command[0]!, command.slice(1), { stdio: ['ignore', log, log] });
  closeSync(log);
  await untilSocket(child, socket, join(dir, 'log'));
  return {
    socket,
    control: undefined,
    pids: async () => [child.pid ?? 0],
    stop: async () => {
      const exit = once(child, 'exit');
      child.kill('SIGINT');
      await exit;
      await unmountBelow(dir);
    },
  };
}

async function untilSocket(child: ChildProcess, socket: string, log: string): Promise<void> {
  const until = Date.now() + 20_000;
  while (!existsSync(socket)) {
    if (child.exitCode !== null || Date.now() > until)
      throw new Error(`the peer does not start: ${readFileSync(log, 'utf8')}`);
    await sleep(20);
  }
}
