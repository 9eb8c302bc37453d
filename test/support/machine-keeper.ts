// The test's end of a machine's keeper (machine-main.ts).
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BootOptions } from './machine-boot.ts';
import { makeCgroup } from './machine-cgroup.ts';
import type { KeeperOptions } from './machine-main.ts';

const MAIN = fileURLToPath(new URL('./machine-main.ts', import.meta.url));
let count = 0;

/** A machine that is assembled and waits for `boot`. */
export class Keeper implements AsyncDisposable {
  /** The machine's first process. */
  readonly init: number;
  readonly options: KeeperOptions;
  readonly #child: ChildProcess;
  readonly #said: () => string;

  constructor(init: number, options: KeeperOptions, child: ChildProcess, said: () => string) {
    this.init = init;
    this.options = options;
    this.#child = child;
    this.#said = said;
  }

  /** Where this machine sees the other's files. Its absolute links lead elsewhere: see machine-files.ts. */
  get root(): string {
    return `/proc/${this.init}/root`;
  }

  boot(): void {
    this.#child.stdin?.write('boot\n');
  }

  /** Takes the machine away. @throws Error when something of it is left. */
  async [Symbol.asyncDispose](): Promise<void> {
    await endOf(this.#child, this.#said);
  }
}

/** Starts a keeper and the assembly of its machine. @param netns below /run/netns; a new one when absent. */
export async function startKeeper(boot: Omit<BootOptions, 'state'>, netns: string | undefined): Promise<Keeper> {
  const state = await mkdtemp('/var/tmp/lazypull-machine-');
  const options = prepare(state, boot, netns);
  // In a session of its own: what ends the test from a terminal must not end the one that cleans up.
  const child = spawn(process.execPath, [MAIN, JSON.stringify(options)], { stdio: 'pipe', detached: true });
  let complaint = '';
  child.stderr.on('data', (data: Buffer) => (complaint += data.toString()));
  child.stdin.on('error', () => {});
  const said = (): string => complaint.slice(-4000);
  const first = await Promise.race([once(child.stdout, 'data'), once(child, 'exit').then(() => undefined)]);
  if (first === undefined) throw new Error(`the machine's keeper ended: ${said()}`);
  const { init } = JSON.parse(String(first[0])) as { init: number };
  return new Keeper(init, options, child, said);
}

function prepare(state: string, boot: Omit<BootOptions, 'state'>, netns: string | undefined): KeeperOptions {
  try {
    const cgroup = makeCgroup(basename(state));
    const device = `lpm${process.pid}x${count++}`;
    return { cgroup, device, boot: { ...boot, state }, ...(netns === undefined ? {} : { netns }) };
  } catch (error) {
    rmSync(state, { recursive: true });
    throw error;
  }
}

async function endOf(child: ChildProcess, said: () => string): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const exit = once(child, 'exit');
    child.stdin?.end();
    await exit;
  }
  if (child.exitCode !== 0) throw new Error(`the machine was not taken away: ${said()}`);
}
