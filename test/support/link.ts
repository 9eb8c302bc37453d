// A real link for tests and benchmarks: two network namespaces with a TUN device each, and link-main.ts between them,
// which delays and paces. The client end plays the CI runner, the server end the registry.
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { requireProgram } from './needs.ts';
import { run, type RunOptions, type RunResult } from './run.ts';

/** What the line between the ends is like. Both directions have the same rate. */
export interface LinkOptions {
  readonly rttMs: number;
  readonly bitsPerSec: number;
}

/** A link that is up. Disposing takes it away with its namespaces; end the programs in them first. */
export interface Link extends AsyncDisposable {
  /** Names below /run/netns. */
  readonly clientNetns: string;
  readonly serverNetns: string;
  readonly clientAddress: string;
  readonly serverAddress: string;
  /** Runs a program at an end. */
  runAt(end: 'client' | 'server', program: string, args: readonly string[], options?: RunOptions): Promise<RunResult>;
}

const clientAddress = '10.77.0.1';
const serverAddress = '10.77.0.2';
let count = 0;

/** Use as `{ skip: needs(...linkNeeds) }`. */
export const linkNeeds: readonly string[] = ['root', 'tun', 'ip', 'nsenter'];

/** Makes a link. @throws Error when the machine has no /dev/net/tun, no right to it, or no network namespaces. */
export async function createLink(options: LinkOptions): Promise<Link> {
  const id = `lp${process.pid}x${count++}`;
  const clientNetns = `${id}-client`;
  const serverNetns = `${id}-server`;
  const ip = requireProgram('ip');
  const [clientTun, serverTun] = [`${id}c`, `${id}s`];
  const child = await startLine([clientTun, serverTun, String(options.rttMs), String(options.bitsPerSec)]);
  const dispose = async (): Promise<void> => {
    await end(child);
    for (const name of [clientNetns, serverNetns]) await run(ip, ['netns', 'delete', name], { check: false });
  };
  try {
    await bringUp(ip, clientNetns, clientTun, clientAddress);
    await bringUp(ip, serverNetns, serverTun, serverAddress);
  } catch (error) {
    await dispose();
    throw error;
  }
  return {
    clientNetns,
    serverNetns,
    clientAddress,
    serverAddress,
    runAt: (end, program, args, runOptions) => {
      const netns = end === 'client' ? clientNetns : serverNetns;
      return run('nsenter', [`--net=/run/netns/${netns}`, program, ...args], runOptions);
    },
    [Symbol.asyncDispose]: dispose,
  };
}

async function startLine(args: readonly string[]): Promise<ChildProcess> {
  const main = fileURLToPath(new URL('./link-main.ts', import.meta.url));
  const child = spawn(process.execPath, [main, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (data: Buffer) => (complaint += data.toString()));
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => {
      resolve();
    });
    child.once('exit', () => {
      reject(new Error(`the link's program ended: ${complaint.slice(-1000)}`));
    });
  });
  return child;
}

// The device is made outside and moved: its descriptor stays valid, and the program needs no setns.
async function bringUp(ip: string, netns: string, tun: string, address: string): Promise<void> {
  await run(ip, ['netns', 'add', netns]);
  await run(ip, ['link', 'set', tun, 'netns', netns]);
  const inside = async (...args: string[]): Promise<RunResult> => run(ip, ['-netns', netns, ...args]);
  await inside('link', 'set', 'lo', 'up');
  await inside('address', 'add', `${address}/30`, 'dev', tun);
  await inside('link', 'set', tun, 'mtu', '1500', 'txqueuelen', '10000', 'up');
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}
