// The snapshotters that a benchmark compares, each as a process with a socket: ours as it is installed (the built
// JavaScript), and the Go stargz snapshotter as its release is (script/setup --peers builds it by module version).
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { startDaemon } from '../support/daemon.ts';
import { findProgram } from '../support/needs.ts';
import { startStargzPeer, stargzPeerProgram } from '../support/peers/stargz.ts';

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

/** Why a peer can't take part; undefined when it can. */
export function missingPeer(name: PeerName): string | undefined {
  if (name === 'ours') return existsSync(BUILT_CLI) ? undefined : 'run `npm run build`';
  return findProgram(stargzPeerProgram) === undefined ? 'run `script/setup --peers`' : undefined;
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
  const config = `no_background_fetch = ${!background}\n`;
  const where = { dir, plainHttp: [plainHttpHost], ...(netns === undefined ? {} : { netns }) };
  const peer = await startStargzPeer({ ...where, config });
  return {
    socket: peer.socketPath,
    control: undefined,
    pids: async () => [peer.pid],
    stop: async () => await peer[Symbol.asyncDispose](),
  };
}
